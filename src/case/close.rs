//! Issues the deletion certificate, and signs one a second time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::attached::attach;
use super::bundle::{Bundle, annex_path, plain};
use super::gather::{Facts, Signers, facts};
use super::open::{self, Chain, Opened, day_of};
use super::page::{Issue, page};
use crate::certificate::{
    Form, Issuable, Issued, JSON_LIMIT, Press, Reservation, Signer, Trust, place, random, read_signed, sha256_text,
    signature_path,
};
use crate::conformity::{Case, Conformity, derive};
use crate::document::{Annex, AnnexEntry, DeletionCertificate, SignerEntry, ToolEntry, TrustedKeys, canonical_bytes};
use crate::problem::Problem;

impl Issuable for DeletionCertificate {
    const NAME: &str = "certificate";
    const AGAIN: &str = "The case file is as it was: see to it that the directory can be written to, then run `radera case close` again.";

    fn id(&self) -> &str {
        &self.id
    }

    fn signer(&self) -> &SignerEntry {
        &self.signer
    }

    fn signer_mut(&mut self) -> &mut SignerEntry {
        &mut self.signer
    }

    fn date(&self) -> &str {
        &self.issued
    }
}

/// A case with everything that it stands on, and what follows from it.
#[derive(Debug)]
pub struct Judged {
    /// The case, personal numbers masked.
    pub case: Case,
    /// What it stands on.
    pub bundle: Bundle,
    /// The facts in that.
    pub facts: Facts,
    /// Whose signatures counted.
    pub signers: Signers,
    /// When it was looked at; the day of it is that of the derivation.
    pub at: Timestamp,
    /// What follows.
    pub conformity: Conformity,
}

/// Looks at everything that `case` names in `directory`, as it is now. `documents`: digests of those that were found.
///
/// # Errors
/// Kind `Error` for a file that is there and can't be read, and for a case that is too large.
pub fn judge(
    case: Case,
    directory: &Path,
    documents: BTreeMap<String, String>,
    signers: Signers,
) -> Result<Judged, Problem> {
    open::within_limit(&case)
        .map_err(|why| Problem::error(format!("the case is too large: {why}"), "Split it into several cases."))?;
    let bundle = Bundle::gather(&case, directory, documents)?;
    let facts = facts(&case, &bundle, &signers, signers.own.as_deref(), &Chain::of_case(&case.id));
    let at = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_else(|_| Timestamp::now());
    let conformity = derive(&case, &facts.evidence, day_of(at));
    Ok(Judged { case, bundle, facts, signers, at, conformity })
}

/// A certificate that was issued.
#[derive(Debug)]
pub struct Closed {
    /// The first page.
    pub certificate: DeletionCertificate,
    /// Its files.
    pub issued: Issued,
    /// Where the annex is, if it was split off.
    pub annex: Option<PathBuf>,
    /// Where the PDF is, if one was to be made and could be.
    pub pdf: Option<PathBuf>,
}

/// Issues the certificate of a case into `out`, the annex in a file of its own if `split`.
///
/// # Errors
/// What keeps it from being issued; then nothing was written.
pub fn close(
    judged: &Judged,
    out: &Path,
    split: bool,
    supersedes: Option<String>,
    press: &Press,
) -> Result<Closed, Problem> {
    let id = random::<16>()
        .map(|bytes| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
        .map_err(|why| Problem::error(why, "Check that getrandom(2) is allowed here."))?;
    let annex = Annex {
        schema: Annex::SCHEMA.into(),
        id: id.clone(),
        case: judged.case.clone(),
        conformity: judged.conformity.clone(),
        trusted: TrustedKeys {
            own: judged.signers.own.clone(),
            former: judged
                .signers
                .former
                .iter()
                .filter(|key| judged.facts.relied.contains_key(*key))
                .cloned()
                .collect(),
            given: judged.facts.given.iter().cloned().collect(),
        },
        evidence: attach(&judged.bundle),
        documents: judged.bundle.documents.clone(),
    };
    let not_written =
        |why: String| Problem::error(format!("the certificate can't be issued: {why}"), "Report this as a bug.");
    let annex_bytes = canonical_bytes(&annex).map_err(|e| not_written(e.to_string()))?;
    let entry = AnnexEntry { digest: sha256_text(&annex_bytes), document: (!split).then(|| Box::new(annex.clone())) };
    let issue = Issue {
        id: id.clone(),
        supersedes,
        tool: tool(),
        signer: press.entry(),
        as_of: day_of(judged.at),
        issued: judged.at.to_string(),
        annex: entry,
    };
    let certificate = page(&annex, &judged.conformity, issue);
    let bytes = canonical_bytes(&certificate).map_err(|e| not_written(e.to_string()))?;
    let largest = bytes.len().max(annex_bytes.len()) as u64;
    if largest > JSON_LIMIT {
        return Err(Problem::error(
            format!("the certificate would be larger than {} MiB, with all that is attached", JSON_LIMIT >> 20),
            "Close the case in parts: give some of the records a case of their own.",
        ));
    }
    // It must read back as what it is before it can be anybody's.
    let again = open::annex(&certificate, Some(&annex_bytes)).map_err(|why| not_written(why.unwrap_or_default()))?;
    if again != annex {
        return Err(not_written("its annex reads back as another".into()));
    }
    let reservation = Reservation::with_room(out, &id, bytes.len() as u64)?;
    let placed = match split {
        true => Some(place(out, &format!("{id}.annex.json"), &annex_bytes)?),
        false => None,
    };
    let issued = reservation.issue(&certificate, press)?;
    let annex = placed.map(crate::certificate::Placed::keep);
    let pdf = press.print(&issued);
    Ok(Closed { certificate, issued, annex, pdf })
}

/// The program that runs.
fn tool() -> ToolEntry {
    let digest = std::fs::read("/proc/self/exe").map_or_else(|_| "unknown".into(), |bytes| sha256_text(&bytes));
    ToolEntry { name: "radera".into(), version: env!("CARGO_PKG_VERSION").into(), digest }
}

/// The earlier certificate of a case, once it is sure that a new one may replace it: its digest.
///
/// # Errors
/// Kind `NotAuthentic` where it does not check out or nobody says whose it is; `Error` where it is of another case or younger.
pub fn superseded(path: &Path, case: &str, now: Timestamp, trust: &Trust) -> Result<String, Problem> {
    let opened = earlier(path, case, trust, Again::IfSameVersion, "Name an earlier certificate of this case.")?;
    // The checks saw to it that it is a date.
    let issued: Timestamp = opened.certificate.issued.parse().unwrap_or(Timestamp::MAX);
    if issued > now {
        return Err(Problem::error(
            format!("{} was issued on {}, which is later than now", path.display(), opened.certificate.issued),
            "Check the clock: a certificate can only replace an earlier one.",
        ));
    }
    Ok(opened.digest)
}

/// Signs the certificate at `path` a second time: the path of the new signature, which covers the same bytes.
///
/// # Errors
/// Kind `NotAuthentic` where the certificate does not check out, `Error` where it is of another case, was signed with the same key, or the
/// signature can't be written or is there already.
pub fn concur(path: &Path, case: &str, trust: &Trust, signer: &dyn Signer) -> Result<PathBuf, Problem> {
    let todo = "Name the certificate (JSON) that is to be signed a second time.";
    let opened = earlier(path, case, trust, Again::Always, todo)?;
    let fingerprint = signer.fingerprint();
    if opened.signature.fingerprint == fingerprint {
        return Err(Problem::refused(
            format!("{} was signed with this installation's own key already", path.display()),
            "A second signature is another person's: run it at another installation, or with another --state DIR.",
        ));
    }
    let (bytes, _) = read_signed(path)?;
    let signature = signer.sign(&bytes, Form::Detached, None)?;
    let holds = crate::certificate::verify_signature(&bytes, &signature, Form::Detached)
        .is_ok_and(|s| s.fingerprint == fingerprint);
    if !holds || sha256_text(&bytes) != opened.digest {
        return Err(Problem::error(
            format!("{} changed while it was signed", path.display()),
            "See to it that nobody writes to it, then try again.",
        ));
    }
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(Problem::error(format!("{} has no name in UTF-8", path.display()), "Give it the name <id>.json."));
    };
    place(directory, &format!("{name}.{}", concurrence_suffix(&fingerprint)), &signature)
        .map(crate::certificate::Placed::keep)
}

/// What the name of a second signature ends with.
pub fn concurrence_suffix(fingerprint: &str) -> String {
    let digits = fingerprint.trim_start_matches("sha256:");
    format!("concur-{}.p7s", digits.get(..16).unwrap_or(digits))
}

/// Whether what it says must follow again before it is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Always,
    /// Another version may judge otherwise, and what it issued could never be replaced.
    IfSameVersion,
}

/// A certificate of `case` that checks out.
fn earlier(path: &Path, case: &str, trust: &Trust, again: Again, todo: &str) -> Result<Opened, Problem> {
    let (bytes, signature) = read_signed(path)?;
    let wrong = |why: String| Problem::not_authentic(format!("{}: {why}", path.display()), todo);
    let mut findings = Vec::new();
    let beside = signature_path(path);
    let Some(opened) = open::open(&bytes, signature.as_deref().ok_or(&*beside), &mut findings) else {
        return Err(wrong(open::first_failed(&findings)));
    };
    if opened.certificate.case != case {
        return Err(Problem::error(
            format!("{} is of another case, {}", path.display(), opened.certificate.case),
            todo.to_string(),
        ));
    }
    let same_version = opened.certificate.tool.version == env!("CARGO_PKG_VERSION");
    if again == Again::Always || same_version {
        let annex =
            open::annex(&opened.certificate, plain(&annex_path(path), JSON_LIMIT)?.as_deref()).map_err(|why| {
                wrong(why.unwrap_or_else(|| "its annex is not beside it, so that it can't be derived again".into()))
            })?;
        let derived = open::derive_again(&opened, &annex, &Chain::default()).map_err(wrong)?;
        if let Some(first) = derived.differences.first() {
            return Err(wrong(format!("it says more or other than follows from what is attached: {first}")));
        }
    }
    let (trusted, why) = trust.judge(&opened.signature);
    if !trusted {
        return Err(Problem::new(
            crate::problem::Kind::Untrusted,
            format!("{}: {}", path.display(), why.english()),
            todo,
        ));
    }
    Ok(opened)
}
