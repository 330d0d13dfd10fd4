//! Does a deletion certificate check out: signature, form, annex, whether all it says follows, whose keys, and what lies beside it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path};

use sha2::{Digest, Sha256};

use super::bundle::{annex_path, plain};
use super::close::concurrence_suffix;
use super::open::{self, Again, Chain, Opened};
use crate::certificate::{JSON_LIMIT, Require, SIGNATURE_LIMIT, Signature, Trust, read_signed, signature_path, signed};
use crate::conformity::CaseStatus;
use crate::document::{Annex, DeletionCertificate};
use crate::problem::{ExitCode, Problem};

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
    /// Each thing that was looked at: what it is, whether it holds, and the finding in a sentence.
    pub findings: Vec<(String, bool, String)>,
}

impl Checked {
    fn find(&mut self, what: &str, finding: Result<String, String>) -> bool {
        let holds = finding.is_ok();
        let (Ok(sentence) | Err(sentence)) = finding;
        self.findings.push((what.into(), holds, sentence));
        holds
    }

    /// The same; what does not hold makes it 7.
    fn must(&mut self, what: &str, finding: Result<String, String>) -> bool {
        let holds = self.find(what, finding);
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
    let mut found = Checked {
        certificate: None,
        annex: None,
        derived_again: false,
        exit_code: ExitCode::Success,
        signer: None,
        findings: Vec::new(),
    };
    let path = signature_path(json);
    let mut findings = Vec::new();
    let opened = open::open(&bytes, signature.as_deref().ok_or(&*path), &mut findings);
    for (what, finding) in findings {
        found.must(what, finding);
    }
    let Some(opened) = opened else {
        found.signer = signed(&bytes, signature.as_deref().ok_or(&*path)).ok().map(|s| s.fingerprint);
        return Ok(found);
    };
    found.signer = Some(opened.signature.fingerprint.clone());
    let again = derived(&mut found, &opened, json)?;
    concurrences(&mut found, &opened, &bytes, json, trust)?;
    let mut relied = again.map(|again| again.facts.relied).unwrap_or_default();
    relied.remove(&opened.signature.fingerprint);
    judge(&mut found, &opened, &relied, trust, require);
    found.certificate = Some(opened.certificate);
    Ok(found)
}

/// The annex, and what follows from it.
fn derived(found: &mut Checked, opened: &Opened, json: &Path) -> Result<Option<Again>, Problem> {
    let beside = plain(&annex_path(json), JSON_LIMIT)?;
    let annex = match open::annex(&opened.certificate, beside.as_deref()) {
        Ok(annex) => annex,
        Err(None) => {
            found.find(
                "conformity",
                Err(format!(
                    "could not be derived again: the annex is not at hand. Put {} beside the certificate; until then its rows are \
                     the issuer's word",
                    annex_path(json).file_name().unwrap_or_default().display()
                )),
            );
            found.must("rows", open::rows_agree(&opened.certificate));
            return Ok(None);
        }
        Err(Some(why)) => {
            found.must("annex", Err(why));
            return Ok(None);
        }
    };
    found.find("annex", Ok("is the one that the certificate names".into()));
    let again = match open::derive_again(opened, &annex, &Chain::default()) {
        Ok(again) => again,
        Err(why) => {
            found.must("conformity", Err(format!("can't be derived again: {why}")));
            found.annex = Some(annex);
            return Ok(None);
        }
    };
    for difference in &again.differences {
        found.must("conformity", Err(difference.clone()));
    }
    if again.differences.is_empty() {
        found.derived_again = true;
        let rows = again.conformity.rows.len();
        found.find(
            "conformity",
            Ok(format!(
                "was derived again from the annex for {}: all {rows} rows, every item and the status come out the same",
                opened.certificate.as_of
            )),
        );
    }
    let version = &opened.certificate.tool.version;
    if version != env!("CARGO_PKG_VERSION") {
        // Decides nothing, and a reader has to see it.
        let why =
            format!("are those of version {version:?}, and were not compared; the rows and results beside them count");
        found.find("sentences", Err(why));
    }
    documents(found, &annex, json);
    found.annex = Some(annex);
    Ok(Some(again))
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
                found.find("document", Ok(format!("{file} is the one that the certificate was made from")));
            }
            Some(Ok(_)) => {
                found.find(
                    "document",
                    Err(format!("{file}, which lies here, is not the one that the certificate was made from")),
                );
            }
            Some(Err(why)) => {
                found.find("document", Err(format!("{file} could not be looked at: {why}")));
            }
        }
    }
    if absent > 0 {
        found.find(
            "documents",
            Ok(format!("{absent} of {} do not lie beside it, and were not looked at", annex.documents.len())),
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
        let finding = signed(bytes, signature.as_deref().ok_or(&*path)).and_then(|second| {
            if second.fingerprint == opened.signature.fingerprint {
                return Err(format!("{other} was made with the same key as the first"));
            }
            if other != format!("{name}.{}", concurrence_suffix(&second.fingerprint)) {
                return Err(format!("{other} is not named after the key that made it, {}", second.fingerprint));
            }
            let whose = match trust.judge(&second) {
                (true, why) => why,
                (false, _) => "nothing says whose key it is".into(),
            };
            Ok(format!("{} signed the same bytes; {whose}", second.fingerprint))
        });
        found.must("concurrence", finding.map_err(|why| format!("{other}: {why}")));
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
        let relied_on = "the certificate stands on documents of this signer";
        found.find("trust", if holds { Ok(format!("{why}; {relied_on}")) } else { Err(format!("{why}; {relied_on}")) });
    }
    if found.exit_code == ExitCode::Success && !trusted {
        found.exit_code = ExitCode::Untrusted;
    }
    let authentic = found.exit_code != ExitCode::NotAuthentic;
    let status = opened.certificate.status;
    for wanted in require {
        let (name, met, why) = match wanted {
            Require::Sanitized => {
                ("sanitized", false, "this is a deletion certificate, not a sanitization record".into())
            }
            Require::Complete => (
                "complete",
                status == CaseStatus::Complete && authentic && found.derived_again,
                match (status, found.derived_again) {
                    (CaseStatus::Incomplete, _) => "its status is incomplete".into(),
                    (CaseStatus::Complete, false) => "that it is complete was not derived again".to_string(),
                    (CaseStatus::Complete, true) => "it does not check out".into(),
                },
            ),
            Require::Trusted => ("trusted", trusted, "not every signer is trusted".into()),
        };
        found.must(
            &format!("requirement {name}"),
            if met { Ok("is met".into()) } else { Err(format!("is not met: {why}")) },
        );
    }
}
