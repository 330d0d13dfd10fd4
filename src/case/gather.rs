//! From bytes and signatures to facts. Whose key counts for what is settled here; what the facts are worth is not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use super::bundle::{Bundle, Paper, certificates, records};
use super::open::{self, Chain};
use crate::certificate::{Checked, Signature, Trust, check_record};
use crate::conformity::{
    Case, CaseStatus, CertificateFacts, Evidence, Level, Profile, RecordEnd, RecordFacts, Standing,
};
use crate::document::{Record, TrustedKeys};
use crate::media::Method;
use crate::outcome::{Claim, ScopeKind, Status};
use crate::problem::ExitCode;
use crate::words::Finding;

/// Who holds a key: the case's word for its own side.
const PROCESSOR: &str = "processor";

/// Whose signatures count, beside the keys that the case names.
#[derive(Debug, Clone, Default)]
pub struct Signers {
    /// Fingerprint of the installation's own key: for records.
    pub own: Option<String>,
    /// Those of the installation's former and other keys: for records, and for nobody else's word.
    pub former: Vec<String>,
    /// Given by a person: for records and for certificates.
    pub given: Trust,
}

impl From<&TrustedKeys> for Signers {
    fn from(keys: &TrustedKeys) -> Self {
        Signers {
            own: keys.own.clone(),
            former: keys.former.clone(),
            given: Trust { fingerprints: keys.given.clone(), ..Trust::default() },
        }
    }
}

/// Facts, and on whose signatures they stand.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The facts.
    pub evidence: Evidence,
    /// All signers that counted, by fingerprint; those behind sub-processors' certificates too.
    pub relied: BTreeMap<String, Signature>,
    /// Fingerprints of the signers that counted because a person said so.
    pub given: BTreeSet<String>,
}

/// The facts of a case. `outer`: who signs, or signed, the certificate that stands on them.
pub fn facts(case: &Case, bundle: &Bundle, signers: &Signers, outer: Option<&str>, chain: &Chain) -> Facts {
    let mut facts = Facts::default();
    facts.evidence.documents = bundle.documents.clone();
    facts.evidence.documents.retain(|_, digest| says_something(digest));
    let ours = ours(case, signers, outer);
    for file in records(case) {
        let trust = for_record(case, file, bundle, signers, &ours);
        let (found, signature) = record_facts(file, bundle.signed.get(file), &trust);
        facts.rely(&found.standing, signature, signers);
        facts.evidence.records.insert(file.to_string(), found);
    }
    for file in certificates(case) {
        let trust = Other { trust: for_certificate(case, file, bundle, signers), ours: &ours };
        let (found, signature, behind) = certificate_facts(file, bundle.signed.get(file), &trust, chain);
        if facts.rely(&found.standing, signature, signers) {
            facts.relied.extend(behind);
        }
        facts.evidence.certificates.insert(file.to_string(), found);
    }
    facts
}

impl Facts {
    fn rely(&mut self, standing: &Standing, signature: Option<Signature>, signers: &Signers) -> bool {
        let (Standing::Trusted(fingerprint), Some(signature)) = (standing, signature) else { return false };
        if signers.given.judge(&signature).0 {
            self.given.insert(fingerprint.clone());
        }
        self.relied.insert(fingerprint.clone(), signature);
        true
    }
}

/// SHA-256 of no bytes at all.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Whether a document of this digest can bear anything out: an empty one can't, nor one whose digest is none.
fn says_something(digest: &str) -> bool {
    let is_digest = digest.len() == 64 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_digest && digest != EMPTY
}

/// SHA-256 of the document `file`, if it was found and is not empty.
pub fn document<'a>(documents: &'a BTreeMap<String, String>, file: &str) -> Option<&'a String> {
    documents.get(file).filter(|digest| says_something(digest))
}

/// Fingerprints that the case names for `holder`, where the document that confirms them was found.
fn keys<'a>(case: &'a Case, holder: &'a str, bundle: &'a Bundle) -> impl Iterator<Item = String> + 'a {
    case.keys
        .iter()
        .filter(move |key| key.holder == holder && document(&bundle.documents, &key.document.file).is_some())
        .map(|key| key.fingerprint.clone())
}

/// A fingerprint as it is compared: its digits.
fn digits(fingerprint: &str) -> String {
    let bare = fingerprint.trim().to_ascii_lowercase();
    let bare = bare.strip_prefix("sha256:").unwrap_or(&bare);
    bare.chars().filter(char::is_ascii_hexdigit).collect()
}

/// The processor's own keys, whether or not their documents were found: they speak for nobody else.
fn ours(case: &Case, signers: &Signers, outer: Option<&str>) -> BTreeSet<String> {
    let named = case.keys.iter().filter(|key| key.holder == PROCESSOR).map(|key| key.fingerprint.as_str());
    let own = signers.own.iter().chain(&signers.former).map(String::as_str);
    named.chain(own).chain(outer).map(digits).collect()
}

/// Whose word counts for another than the processor.
struct Other<'a> {
    trust: Trust,
    ours: &'a BTreeSet<String>,
}

impl Other<'_> {
    /// Never the processor's own key, whoever names it, and as whichever certificate.
    fn counts(&self, signature: &Signature) -> bool {
        !self.ours.contains(&digits(&signature.fingerprint)) && self.trust.judge(signature).0
    }
}

/// Own key, given ones, the processor's, and of a medium that lies with a sub-processor alone also that one's.
fn for_record(case: &Case, file: &str, bundle: &Bundle, signers: &Signers, ours: &BTreeSet<String>) -> Trust {
    let mut trust = signers.given.clone();
    trust.fingerprints.extend(signers.own.iter().chain(&signers.former).cloned());
    trust.fingerprints.extend(keys(case, PROCESSOR, bundle));
    let named_by: Vec<_> = case
        .items
        .iter()
        .filter(|item| item.erased.as_ref().is_some_and(|erased| erased.records.iter().any(|r| r == file)))
        .collect();
    for sub in &case.subprocessors {
        let its = |item: &&crate::conformity::Item| {
            item.location.as_ref().is_some_and(|location| sub.locations.contains(location))
                || (!item.systems.is_empty() && item.systems.iter().all(|system| sub.systems.contains(system)))
        };
        if !named_by.is_empty() && named_by.iter().all(its) {
            trust.fingerprints.extend(keys(case, &sub.id, bundle).filter(|key| !ours.contains(&digits(key))));
        }
    }
    trust
}

/// Given keys, and those of the one sub-processor that names the certificate.
fn for_certificate(case: &Case, file: &str, bundle: &Bundle, signers: &Signers) -> Trust {
    let mut trust = signers.given.clone();
    let mut named_by = case.subprocessors.iter().filter(|sub| sub.certificate.as_deref() == Some(file));
    if let (Some(sub), None) = (named_by.next(), named_by.next()) {
        trust.fingerprints.extend(keys(case, &sub.id, bundle));
    }
    trust
}

fn record_facts(file: &str, paper: Option<&Paper>, trust: &Trust) -> (RecordFacts, Option<Signature>) {
    let Some(paper) = paper else { return (no_record(Standing::Absent, String::new()), None) };
    let json = match &paper.json {
        Ok(json) => json,
        Err(why) => return (no_record(Standing::NotAuthentic(why.clone()), paper.digest.clone()), None),
    };
    // The name alone: the same must be said of it wherever it lies.
    let expected = PathBuf::from(format!("{file}.p7s"));
    let signature = paper.signature.as_deref().ok_or(&*expected);
    let checked = check_record(json.as_bytes(), signature, trust, &[]);
    let signature = crate::certificate::signed(json.as_bytes(), signature).ok();
    let standing = standing(&checked);
    match checked.record {
        Some(record) if !matches!(standing, Standing::NotAuthentic(_)) => {
            (of_record(&record, standing, paper.digest.clone()), signature)
        }
        _ => (no_record(standing, paper.digest.clone()), None),
    }
}

fn standing(checked: &Checked) -> Standing {
    match (checked.exit_code, &checked.signer) {
        (ExitCode::Success, Some(signer)) => Standing::Trusted(signer.clone()),
        (ExitCode::Untrusted, Some(signer)) => Standing::Untrusted(signer.clone()),
        _ => {
            let failed = checked.findings.iter().filter(|finding| !finding.holds);
            let why: Vec<_> = failed.map(Finding::english).collect();
            Standing::NotAuthentic(why.join("; "))
        }
    }
}

fn no_record(standing: Standing, digest: String) -> RecordFacts {
    RecordFacts {
        standing,
        digest,
        id: String::new(),
        job: String::new(),
        case: None,
        supersedes: None,
        end: RecordEnd::Other,
        level: Level::None,
        method: Level::None,
        whole_medium: false,
        of_files: false,
        serial: None,
        property: None,
        flash: None,
        hidden_absent: false,
        technique: String::new(),
        tool: String::new(),
        version: String::new(),
        operator: None,
        started: Timestamp::UNIX_EPOCH,
        finished: Timestamp::UNIX_EPOCH,
    }
}

fn of_record(record: &Record, standing: Standing, digest: String) -> RecordFacts {
    // The checks saw to it that both are dates.
    let date = |text: &str| text.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    RecordFacts {
        standing,
        digest,
        id: record.id.clone(),
        job: record.job.clone(),
        case: record.case.clone(),
        supersedes: record.supersedes.clone(),
        end: match record.status {
            Status::Sanitized => RecordEnd::Sanitized,
            Status::SanitizedWithExceptions => RecordEnd::WithExceptions,
            Status::Unverified | Status::Failed | Status::Interrupted => RecordEnd::Other,
        },
        level: level(record),
        method: match record.method {
            Method::Clear => Level::Clear,
            Method::Purge => Level::Purge,
        },
        whole_medium: record.scope.kind == ScopeKind::WholeMedium,
        of_files: record.files.is_some(),
        serial: record.medium.serial.clone(),
        property: record.property.clone(),
        flash: match record.medium.rotation.as_str() {
            "flash" => Some(true),
            "rotational" => Some(false),
            _ => None,
        },
        // What lies below a layer was not looked at.
        hidden_absent: record.medium.layers.is_empty() && record.hidden_areas.nothing_hidden(),
        technique: record.technique.name().into(),
        tool: record.tool.name.clone(),
        version: record.tool.version.clone(),
        operator: record.operator.clone(),
        started: date(&record.started),
        finished: date(&record.finished),
    }
}

/// What the record claims of the whole medium.
fn level(record: &Record) -> Level {
    match record.claim {
        // Of the medium that they lie on, nothing is claimed.
        _ if record.files.is_some() => Level::None,
        Claim::Purge => Level::Purge,
        Claim::Clear => Level::Clear,
        Claim::LogicalOverwrite => Level::Logical,
        Claim::PartialClear | Claim::None => Level::None,
    }
}

type OfCertificate = (CertificateFacts, Option<Signature>, BTreeMap<String, Signature>);

fn certificate_facts(file: &str, paper: Option<&Paper>, trust: &Other, chain: &Chain) -> OfCertificate {
    let nothing = |standing: Standing, digest: &str| {
        let facts = CertificateFacts {
            standing,
            digest: digest.into(),
            status: CaseStatus::Incomplete,
            profile: Profile::ContractEnd,
            case: String::new(),
            number: String::new(),
            instruction: None,
            date: Date::ZERO,
        };
        (facts, None, BTreeMap::new())
    };
    let Some(paper) = paper else { return nothing(Standing::Absent, "") };
    let not_authentic = |why: String| nothing(Standing::NotAuthentic(why), &paper.digest);
    let json = match &paper.json {
        Ok(json) => json,
        Err(why) => return not_authentic(why.clone()),
    };
    let expected = PathBuf::from(format!("{file}.p7s"));
    let signature = paper.signature.as_deref().ok_or(&*expected);
    match open::relied_on(json.as_bytes(), signature, paper.annex.as_deref().map(str::as_bytes), chain) {
        Err(why) => not_authentic(why),
        Ok(opened) => {
            let fingerprint = opened.signature.fingerprint.clone();
            let trusted = trust.counts(&opened.signature);
            let certificate = opened.certificate;
            let facts = CertificateFacts {
                standing: if trusted { Standing::Trusted(fingerprint) } else { Standing::Untrusted(fingerprint) },
                digest: paper.digest.clone(),
                status: certificate.status,
                profile: certificate.profile,
                case: certificate.case,
                number: certificate.processor.number,
                instruction: certificate.instruction.and_then(|instruction| instruction.sha256),
                date: certificate.as_of,
            };
            (facts, Some(opened.signature), opened.relied)
        }
    }
}

/// Whose signatures count for the case's own side: records, and certificates of the case itself.
pub fn own_side(case: &Case, bundle: &Bundle, signers: &Signers) -> Trust {
    let mut trust = signers.given.clone();
    trust.own_keys = signers.own.iter().chain(&signers.former).cloned().collect();
    trust.fingerprints.extend(keys(case, PROCESSOR, bundle));
    trust
}
