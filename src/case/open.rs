//! A deletion certificate, opened: signature, form, annex, and whether what it says follows from what is attached.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::attached::detach;
use super::bundle::{Bundle, certificates, records};
use super::differences::differences;
use super::gather::{Facts, Signers, facts};
use super::page::{Issue, page};
use crate::certificate::{JSON_LIMIT, Signature, date, holds, integers, named_signer, sha256_text, signed};
use crate::conformity::{Case, CaseStatus, Conformity, Finding as RowFinding, Profile, RowId, Standing, derive};
use crate::document::{Annex, CanonicalError, DeletionCertificate, is_digest, is_id, parse_as};
use crate::words::{Finding, Told};

/// How many certificates may stand one behind another.
const DEPTH: usize = 4;

/// The certificates on the way to one, outermost first.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    digests: Vec<String>,
    cases: Vec<String>,
}

impl Chain {
    /// Of a case that is looked at by itself.
    pub fn of_case(case: &str) -> Self {
        Chain { digests: Vec::new(), cases: vec![case.into()] }
    }

    /// One further in.
    ///
    /// # Errors
    /// Why it can't be followed: a certificate or a case comes again, or there are too many.
    fn with(&self, digest: &str, case: &str) -> Result<Self, String> {
        if self.digests.iter().any(|d| d == digest) || self.cases.iter().any(|c| c == case) {
            return Err("it stands behind itself: a certificate of the same case comes again in the chain".into());
        }
        if self.cases.len() > DEPTH {
            return Err(format!("more than {DEPTH} certificates stand one behind another"));
        }
        let mut chain = self.clone();
        chain.digests.push(digest.into());
        chain.cases.push(case.into());
        Ok(chain)
    }
}

/// A certificate whose signature and form hold.
#[derive(Debug)]
pub struct Opened {
    /// The first page.
    pub certificate: DeletionCertificate,
    /// Its signature.
    pub signature: Signature,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
}

/// Signature, canonical form, schema, names and dates, signer. Stops at the first that fails: the later stand on it.
///
/// Each finding goes to `findings`; `None` where the last of them fails.
pub fn open(bytes: &[u8], signature: Result<&[u8], &Path>, findings: &mut Vec<Finding>) -> Option<Opened> {
    let mut find = |topic, finding: Result<Told, Told>| {
        let holds = finding.is_ok();
        findings.push(Finding::of(topic, finding));
        holds
    };
    let signature = match signed(bytes, signature) {
        Ok(signature) => signature,
        Err(why) => {
            find("signature", Err(why));
            return None;
        }
    };
    find("signature", Ok(holds(bytes, &signature)));
    let certificate = match typed::<DeletionCertificate>(bytes) {
        Ok(certificate) => certificate,
        Err(Misfit::Form(why)) => {
            find("canonical-form", Err(why));
            return None;
        }
        Err(Misfit::Schema(why)) => {
            find("schema", Err(Told::new("schema-misfit").with("why", why)));
            return None;
        }
    };
    find("canonical-form", Ok(Told::new("canonical-is")));
    find("schema", Ok(Told::new("schema-is").with("schema", DeletionCertificate::SCHEMA)));
    let form = names(&certificate).map_err(|why| Told::new("names-wrong").with("why", why));
    if !find("names-and-dates", form.map(|()| Told::new("names-hold"))) {
        return None;
    }
    let signer = named_signer(&certificate.signer, &certificate.issued, &signature);
    if !find("signer", signer) {
        return None;
    }
    Some(Opened { certificate, signature, digest: sha256_text(bytes) })
}

enum Misfit {
    Form(Told),
    Schema(String),
}

/// A document in canonical form, of one schema. It is read as that schema at once: a large document of another shape is given up at its
/// first wrong byte.
fn typed<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, Misfit> {
    let document: T = match parse_as(bytes) {
        Ok(document) => document,
        Err(CanonicalError::NotCanonical) => return Err(Misfit::Form(Told::new("canonical-not"))),
        Err(CanonicalError::Json(e)) if e.is_syntax() || e.is_eof() => {
            return Err(Misfit::Form(Told::new("canonical-cut").with("why", e)));
        }
        Err(e) => return Err(Misfit::Schema(e.to_string())),
    };
    let value = serde_json::to_value(&document).map_err(|e| Misfit::Schema(e.to_string()))?;
    integers(&value).map_err(Misfit::Schema)?;
    Ok(document)
}

fn names(c: &DeletionCertificate) -> Result<(), String> {
    let ensure = |holds: bool, otherwise: &str| if holds { Ok(()) } else { Err(otherwise.to_string()) };
    ensure(
        c.schema == DeletionCertificate::SCHEMA && c.kind == DeletionCertificate::KIND,
        "this version does not know its schema and kind",
    )?;
    ensure(is_id(&c.id), "its id is not 32 hexadecimal digits")?;
    ensure(is_digest(&c.signer.fingerprint), "the signer's fingerprint is no SHA-256 digest")?;
    ensure(is_digest(&c.annex.digest), "the digest of the annex is no SHA-256 digest")?;
    ensure(c.tool.digest == "unknown" || is_digest(&c.tool.digest), "the tool's digest is no SHA-256 digest")?;
    ensure(c.tool.name == "radera" && !c.tool.version.is_empty(), "the tool is not named")?;
    let earlier = c.supersedes.as_deref();
    ensure(earlier.is_none_or(is_digest), "the certificate that it replaces is not named by a SHA-256 digest")?;
    let issued = date(&c.issued)?;
    let day = day(issued).ok_or("the day of issue is none")?;
    ensure(day == c.as_of, "it was derived for another day than that of its issue")?;
    // A day's grace for clocks that differ.
    let tomorrow = day_of(Timestamp::now()).tomorrow().unwrap_or(Date::MAX);
    ensure(day <= tomorrow, "it is dated after today")?;
    Ok(())
}

fn day(seconds: i64) -> Option<Date> {
    Timestamp::from_second(seconds).ok().map(day_of)
}

/// The day of a moment, in UTC.
pub fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// The annex of a certificate: the one in it, or else `beside`.
///
/// # Errors
/// `None` where there is none at hand; or what is wrong with it.
pub fn annex(certificate: &DeletionCertificate, beside: Option<&[u8]>) -> Result<Annex, Option<String>> {
    let bad = |why: String| Some(why);
    let annex = match (&certificate.annex.document, beside) {
        (Some(annex), _) => {
            let bytes = crate::document::canonical_bytes(&**annex).map_err(|e| bad(e.to_string()))?;
            if sha256_text(&bytes) != certificate.annex.digest {
                return Err(bad("the annex in the certificate is not the one of the digest that it names".into()));
            }
            (**annex).clone()
        }
        (None, Some(bytes)) => {
            if bytes.len() as u64 > JSON_LIMIT {
                return Err(bad("the annex beside the certificate is larger than 64 MiB".into()));
            }
            if sha256_text(bytes) != certificate.annex.digest {
                return Err(bad(
                    "the annex beside the certificate is another's, or was changed: the digest differs".into()
                ));
            }
            typed(bytes).map_err(|misfit| match misfit {
                Misfit::Form(why) => bad(format!("the annex is {}", why.english())),
                Misfit::Schema(why) => bad(format!("the annex is of no schema that this version knows: {why}")),
            })?
        }
        (None, None) => return Err(None),
    };
    if annex.schema != Annex::SCHEMA || annex.id != certificate.id {
        return Err(bad("the annex is another certificate's, or of a schema that this version does not know".into()));
    }
    Ok(annex)
}

/// Whether a page by itself agrees: the rows are those of its profile, and its status is what they add up to.
///
/// # Errors
/// The first thing that does not.
pub fn rows_agree(page: &DeletionCertificate) -> Result<(), String> {
    let prefix = match page.profile {
        Profile::ContractEnd => "12-",
        Profile::Repair => "repair-",
        Profile::Disposal => "disposal-",
        Profile::AssignmentEnd => "assignment-",
    };
    let asked = RowId::ALL.into_iter().filter(|row| row.name().starts_with(prefix));
    if !page.conformity.iter().map(|row| row.row).eq(asked) {
        return Err("its rows are not those of its profile, each once and in order".into());
    }
    for row in &page.conformity {
        let agrees = match row.result {
            RowFinding::Fulfilled => row.reasons.is_empty() && !row.evidence.is_empty() && !row.bars_complete,
            RowFinding::NotApplicable => row.reasons.is_empty() && !row.bars_complete,
            // The notice is the controller's: with an instruction it bars nothing.
            RowFinding::NotFulfilled | RowFinding::Pending => row.bars_complete || row.row == RowId::WrittenNotice,
        };
        if !agrees {
            return Err(format!(
                "row {} contradicts itself: result, reasons, evidence, or what it bars",
                row.row.name()
            ));
        }
    }
    let complete = page.conformity.iter().all(|row| !row.bars_complete)
        && page.conformity.iter().any(|row| row.result == RowFinding::Fulfilled);
    if complete != (page.status == CaseStatus::Complete) {
        return Err("its status is not what its rows add up to".into());
    }
    Ok(())
}

/// The most items, sub-processors, acceptances, keys and named records of a case, together, that are looked through.
const MANY: usize = 5000;

/// Refuses a case of hostile size before anything is derived from it.
///
/// # Errors
/// How many there are.
pub fn within_limit(case: &Case) -> Result<(), String> {
    let of_items: usize = case.items.iter().filter_map(|item| item.erased.as_ref()).map(|e| e.records.len()).sum();
    let all =
        [case.items.len(), case.subprocessors.len(), case.acceptances.len(), case.keys.len(), case.unlisted.len()];
    let many = all.iter().sum::<usize>() + of_items;
    if many > MANY {
        return Err(format!(
            "its items, sub-processors, acceptances, keys and named records are {many}, more than the {MANY} that this version looks through"
        ));
    }
    Ok(())
}

/// What follows from an annex.
#[derive(Debug)]
pub struct Again {
    /// Each thing in which the paper and what follows differ.
    pub differences: Vec<String>,
    /// The facts that it was derived from.
    pub facts: Facts,
    /// What follows.
    pub conformity: Conformity,
}

/// Derives everything that a certificate says from its annex alone, for the day of its issue and with the signers that its issuer counted.
///
/// # Errors
/// An annex that can't be looked through.
pub fn derive_again(opened: &Opened, annex: &Annex, chain: &Chain) -> Result<Again, String> {
    let certificate = &opened.certificate;
    let chain = chain.with(&opened.digest, &certificate.case)?;
    within_limit(&annex.case)?;
    let bundle = detach(annex)?;
    named_only(annex, &bundle)?;
    // Who signed it is read from the signature: the annex could name another.
    let outer = Some(opened.signature.fingerprint.as_str());
    let facts = facts(&annex.case, &bundle, &Signers::from(&annex.trusted), outer, &chain);
    let conformity = derive(&annex.case, &facts.evidence, certificate.as_of);
    let issue = Issue {
        id: certificate.id.clone(),
        supersedes: certificate.supersedes.clone(),
        tool: certificate.tool.clone(),
        signer: certificate.signer.clone(),
        as_of: certificate.as_of,
        issued: certificate.issued.clone(),
        annex: certificate.annex.clone(),
    };
    let same_words = certificate.tool.version == env!("CARGO_PKG_VERSION");
    let mut found = differences("the annex", &annex.conformity, &conformity, same_words);
    found.extend(differences("the page", certificate, &page(annex, &conformity, issue), same_words));
    if annex.trusted.own.as_ref().is_some_and(|own| *own != certificate.signer.fingerprint) {
        found.push("the key that is called the issuer's own is not the one that signed".into());
    }
    Ok(Again { differences: found, facts, conformity })
}

/// Nothing is attached that the case does not name, and the documents are those that it names.
fn named_only(annex: &Annex, bundle: &Bundle) -> Result<(), String> {
    let (records, certificates) = (records(&annex.case), certificates(&annex.case));
    let case = serde_json::to_value(&annex.case).map_err(|e| e.to_string())?;
    other_documents(&case, annex)?;
    let stray =
        bundle.signed.keys().find(|file| !records.contains(file.as_str()) && !certificates.contains(file.as_str()));
    stray.map_or(Ok(()), |file| Err(format!("{file} is attached, and the case does not name it")))
}

/// A document whose digest the case gives is the one of that digest.
fn other_documents(value: &serde_json::Value, annex: &Annex) -> Result<(), String> {
    let text = |key: &str| value.get(key).and_then(serde_json::Value::as_str);
    if let (Some(file), Some(given)) = (text("file"), text("sha256"))
        && let Some(found) = annex.documents.get(file).filter(|found| !given.is_empty() && *found != given)
    {
        return Err(format!(
            "the case names {file} by the digest {given}, and the document that was found has {found}"
        ));
    }
    match value {
        serde_json::Value::Array(all) => all.iter().try_for_each(|one| other_documents(one, annex)),
        serde_json::Value::Object(map) => map.values().try_for_each(|one| other_documents(one, annex)),
        _ => Ok(()),
    }
}

/// A sub-processor's certificate that says nothing but what follows.
#[derive(Debug)]
pub struct ReliedOn {
    /// The first page.
    pub certificate: DeletionCertificate,
    /// Its signature.
    pub signature: Signature,
    /// The signers behind it.
    pub relied: BTreeMap<String, Signature>,
}

/// Opens a certificate that a case leans on, and derives it again.
///
/// # Errors
/// Why it can't be relied on.
pub fn relied_on(
    bytes: &[u8],
    signature: Result<&[u8], &Path>,
    beside: Option<&[u8]>,
    chain: &Chain,
) -> Result<ReliedOn, String> {
    let mut findings = Vec::new();
    let Some(opened) = open(bytes, signature, &mut findings) else {
        return Err(first_failed(&findings));
    };
    let annex = annex(&opened.certificate, beside).map_err(|why| {
        why.unwrap_or_else(|| "its annex is not at hand, so that what it says can't be derived again".into())
    })?;
    let again = derive_again(&opened, &annex, chain)?;
    match again.differences.as_slice() {
        [] => Ok(ReliedOn { certificate: opened.certificate, signature: opened.signature, relied: again.facts.relied }),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(", and {} more differences", rest.len()) };
            Err(format!(
                "it says more or other than follows from what is attached: {first}{more}{}",
                behind(&again.facts)
            ))
        }
    }
}

/// The first finding that does not hold, in English.
pub fn first_failed(findings: &[Finding]) -> String {
    findings.iter().find(|finding| !finding.holds).map(Finding::english).unwrap_or_default()
}

/// What is wrong with the certificates behind one.
fn behind(facts: &Facts) -> String {
    let wrong = facts.evidence.certificates.iter().filter_map(|(file, facts)| match &facts.standing {
        Standing::NotAuthentic(why) => Some(format!("; behind it {file}: {why}")),
        _ => None,
    });
    wrong.collect()
}
