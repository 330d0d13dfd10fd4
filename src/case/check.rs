//! Does a deletion certificate check out: signature, form, annex, whether all it says follows, whose keys, and what lies beside it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

use super::bundle::{annex_path, plain};
use super::close::concurrence_suffix;
use super::open::{self, Again, Chain, Opened};
use crate::certificate::{
    JSON_LIMIT, Require, SIGNATURE_LIMIT, Signature, Trust, read_signed, signature_path, signed, time_stamp,
};
use crate::conformity::CaseStatus;
use crate::document::{Annex, DeletionCertificate};
use crate::problem::{ExitCode, Problem};
use crate::words::{Finding, Told};

/// The largest document beside a certificate that is read, in bytes.
const DOCUMENT_LIMIT: u64 = 1 << 30;

/// What was found.
#[derive(Debug)]
pub struct Checked {
    /// The first page, where its signature and form hold.
    pub certificate: Option<DeletionCertificate>,
    /// The annex, where it is at hand and is the certificate's.
    pub annex: Option<Annex>,
    /// Whether everything it says was derived again, and came out the same.
    pub derived_again: bool,
    /// 0, 7 or 8.
    pub exit_code: ExitCode,
    /// Fingerprint of the signer, where the signature holds.
    pub signer: Option<String>,
    /// The signature, where the certificate is its signer's.
    pub signature: Option<Signature>,
    /// Each thing that was looked at.
    pub findings: Vec<Finding>,
}

impl Checked {
    fn find(&mut self, topic: &'static str, finding: Result<Told, Told>) -> bool {
        let holds = finding.is_ok();
        self.findings.push(Finding::of(topic, finding));
        holds
    }

    /// The same; what does not hold makes it 7.
    fn must(&mut self, topic: &'static str, finding: Result<Told, Told>) -> bool {
        let holds = self.find(topic, finding);
        if !holds {
            self.exit_code = ExitCode::NotAuthentic;
        }
        holds
    }
}

/// Checks the certificate at `json` with the signature, annex, second signatures and documents beside it.
///
/// # Errors
/// Kind `Error`, only where a file can't be read.
pub fn check(json: &Path, trust: &Trust, require: &[Require]) -> Result<Checked, Problem> {
    let (bytes, signature) = read_signed(json)?;
    let annex = plain(&annex_path(json), JSON_LIMIT)?;
    let given = Given { bytes: &bytes, signature: signature.as_deref(), annex: annex.as_deref(), path: json };
    check_given(&given, trust, require)
}

/// A certificate, from a file of its own or out of a PDF.
#[derive(Debug)]
pub struct Given<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Those of its signature.
    pub signature: Option<&'a [u8]>,
    /// Those of an annex that was split off.
    pub annex: Option<&'a [u8]>,
    /// Where it lies, or would lie: second signatures and documents are looked for beside it.
    pub path: &'a Path,
}

/// The same for bytes that were read already.
///
/// # Errors
/// Kind `Error`, only where a file beside it can't be read.
pub fn check_given(given: &Given<'_>, trust: &Trust, require: &[Require]) -> Result<Checked, Problem> {
    let (bytes, json) = (given.bytes, given.path);
    let mut found = Checked {
        certificate: None,
        annex: None,
        derived_again: false,
        exit_code: ExitCode::Success,
        signer: None,
        signature: None,
        findings: Vec::new(),
    };
    let path = signature_path(json);
    let opened = open::open(bytes, given.signature.ok_or(&*path), &mut found.findings);
    if found.findings.iter().any(|finding| !finding.holds) {
        found.exit_code = ExitCode::NotAuthentic;
    }
    let Some(opened) = opened else {
        found.signer = signed(bytes, given.signature.ok_or(&*path)).ok().map(|s| s.fingerprint);
        return Ok(found);
    };
    found.signer = Some(opened.signature.fingerprint.clone());
    if let Some((finding, decides)) = time_stamp(&opened.certificate.signer, &opened.signature, trust) {
        if decides && !finding.holds {
            found.exit_code = ExitCode::NotAuthentic;
        }
        found.findings.push(finding);
    }
    let again = derived(&mut found, &opened, given);
    concurrences(&mut found, &opened, bytes, json, trust)?;
    let mut relied = again.map(|again| again.facts.relied).unwrap_or_default();
    relied.remove(&opened.signature.fingerprint);
    judge(&mut found, &opened, &relied, trust, require);
    found.certificate = Some(opened.certificate);
    found.signature = Some(opened.signature);
    Ok(found)
}

/// The annex, and what follows from it.
fn derived(found: &mut Checked, opened: &Opened, given: &Given<'_>) -> Option<Again> {
    let json = given.path;
    let annex = match open::annex(&opened.certificate, given.annex) {
        Ok(annex) => annex,
        Err(None) => {
            found.find(
                "conformity",
                Err(Told::new("annex-missing")
                    .with("file", annex_path(json).file_name().unwrap_or_default().display())),
            );
            let rows = open::rows_agree(&opened.certificate);
            found.must(
                "rows",
                rows.map(|()| Told::new("rows-agree")).map_err(|why| Told::new("rows-wrong").with("why", why)),
            );
            return None;
        }
        Err(Some(why)) => {
            found.must("annex", Err(Told::new("annex-wrong").with("why", why)));
            return None;
        }
    };
    found.find("annex", Ok(Told::new("annex-is")));
    let again = match open::derive_again(opened, &annex, &Chain::default()) {
        Ok(again) => again,
        Err(why) => {
            found.must("conformity", Err(Told::new("conformity-impossible").with("why", why)));
            found.annex = Some(annex);
            return None;
        }
    };
    for difference in &again.differences {
        found.must("conformity", Err(Told::new("conformity-difference").with("why", difference)));
    }
    if again.differences.is_empty() {
        found.derived_again = true;
        let rows = again.conformity.rows.len();
        found.find(
            "conformity",
            Ok(Told::new("conformity-follows").with("day", opened.certificate.as_of).with("rows", rows)),
        );
    }
    let version = &opened.certificate.tool.version;
    if version != env!("CARGO_PKG_VERSION") {
        // Decides nothing, and a reader has to see it.
        found.find("sentences", Err(Told::new("sentences-other-version").with("version", format!("{version:?}"))));
    }
    documents(found, &annex, json);
    found.annex = Some(annex);
    Some(again)
}

/// Documents that lie beside the certificate under the names that the case gives them. One that differs may just have changed since,
/// so that it is told and decides nothing.
fn documents(found: &mut Checked, annex: &Annex, json: &Path) {
    let directory = json.parent().unwrap_or(Path::new(""));
    let mut absent = 0;
    for (file, digest) in &annex.documents {
        let path = Path::new(file);
        // The names are a stranger's: they may not lead elsewhere.
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            absent += 1;
            continue;
        }
        match digest_of(&directory.join(path)) {
            None => absent += 1,
            Some(Ok(is)) if is == *digest => {
                found.find("document", Ok(Told::new("document-same").with("file", file)));
            }
            Some(Ok(_)) => {
                found.find("document", Err(Told::new("document-differs").with("file", file)));
            }
            Some(Err(why)) => {
                found.find("document", Err(Told::new("document-unread").with("file", file).with("why", why)));
            }
        }
    }
    if absent > 0 {
        found.find(
            "documents",
            Ok(Told::new("documents-absent").with("absent", absent).with("all", annex.documents.len())),
        );
    }
}

fn digest_of(path: &Path) -> Option<Result<String, String>> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let hash = || -> Result<String, String> {
        let mut file = File::open(path).map_err(|e| e.to_string())?.take(DOCUMENT_LIMIT + 1);
        let mut hash = Sha256::new();
        let bytes = std::io::copy(&mut file, &mut hash).map_err(|e| e.to_string())?;
        if bytes > DOCUMENT_LIMIT {
            return Err("it is larger than 1 GiB".into());
        }
        Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
    };
    Some(hash())
}

/// Second signatures over the same bytes. Each must hold; whose key it is, is told, and decides nothing.
fn concurrences(found: &mut Checked, opened: &Opened, bytes: &[u8], json: &Path, trust: &Trust) -> Result<(), Problem> {
    let directory = json.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = json.file_name().map(|name| name.to_string_lossy().into_owned()) else { return Ok(()) };
    let start = format!("{name}.concur-");
    // A directory that can't be listed has been read from by name: then there is nothing to tell of.
    let mut names: Vec<String> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|other| other.starts_with(&start) && other.ends_with(".p7s"))
        .collect();
    names.sort();
    for other in names {
        let path = directory.join(&other);
        let signature = plain(&path, SIGNATURE_LIMIT)?;
        let finding = match signed(bytes, signature.as_deref().ok_or(&*path)) {
            Err(why) => Err(Told::new("concurrence-wrong").with("file", &other).with("why", why.english())),
            Ok(second) if second.fingerprint == opened.signature.fingerprint => {
                Err(Told::new("concurrence-same-key").with("file", &other))
            }
            Ok(second) if other != format!("{name}.{}", concurrence_suffix(&second.fingerprint)) => {
                Err(Told::new("concurrence-misnamed").with("file", &other).with("key", &second.fingerprint))
            }
            Ok(second) => {
                let whose = match trust.judge(&second) {
                    (true, why) => why,
                    (false, _) => Told::new("concurrence-unknown"),
                };
                Ok(Told::new("concurrence-holds").with("key", &second.fingerprint).with("whose", whose.english()))
            }
        };
        found.must("concurrence", finding);
    }
    Ok(())
}

fn judge(
    found: &mut Checked,
    opened: &Opened,
    relied: &BTreeMap<String, Signature>,
    trust: &Trust,
    require: &[Require],
) {
    let (mut trusted, why) = trust.judge(&opened.signature);
    found.find("trust", if trusted { Ok(why) } else { Err(why) });
    for signature in relied.values() {
        let (holds, why) = trust.judge(signature);
        trusted &= holds;
        let relied_on = Told::new("trust-relied-on").with("why", why.english()).with("signer", &signature.fingerprint);
        found.find("trust", if holds { Ok(relied_on) } else { Err(relied_on) });
    }
    if found.exit_code == ExitCode::Success && !trusted {
        found.exit_code = ExitCode::Untrusted;
    }
    let authentic = found.exit_code != ExitCode::NotAuthentic;
    let status = opened.certificate.status;
    for wanted in require {
        let (met, otherwise) = match wanted {
            Require::Sanitized => (false, "requirement-is-certificate"),
            Require::Complete => (
                status == CaseStatus::Complete && authentic && found.derived_again,
                match (status, found.derived_again) {
                    (CaseStatus::Incomplete, _) => "requirement-incomplete",
                    (CaseStatus::Complete, false) => "requirement-not-derived",
                    (CaseStatus::Complete, true) => "requirement-not-authentic",
                },
            ),
            Require::Trusted => (trusted, "requirement-untrusted"),
        };
        found.must(wanted.topic(), if met { Ok(Told::new("requirement-met")) } else { Err(Told::new(otherwise)) });
    }
}
