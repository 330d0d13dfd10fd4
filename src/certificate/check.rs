//! Does a record check out: signature, canonical form, schema, inner consistency, trust.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Form, Signature, Trust, cms, consistency, x509};
use crate::document::{CanonicalError, Record, canonical_bytes, parse};
use crate::outcome::Status;
use crate::problem::{ExitCode, Problem};

/// The largest document that is read, in bytes.
pub const JSON_LIMIT: u64 = 64 << 20;
/// The largest signature that is read, in bytes.
pub const SIGNATURE_LIMIT: u64 = 1 << 20;

/// What `--require` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Require {
    /// Status `sanitized`.
    Sanitized,
    /// A deletion certificate that is `complete`.
    Complete,
    /// A signer that is trusted.
    Trusted,
}

/// What was found.
#[derive(Debug)]
pub struct Checked {
    /// The record, where it parses and its signature holds.
    pub record: Option<Record>,
    /// 0, 7 or 8.
    pub exit_code: ExitCode,
    /// Fingerprint of the signer, where the signature holds.
    pub signer: Option<String>,
    /// Each thing that was looked at: what it is, whether it holds, and the finding in a sentence.
    pub findings: Vec<(String, bool, String)>,
}

impl Checked {
    fn find(&mut self, what: &str, finding: Result<String, String>) -> bool {
        let (holds, sentence) = match finding {
            Ok(sentence) => (true, sentence),
            Err(sentence) => (false, sentence),
        };
        self.findings.push((what.into(), holds, sentence));
        holds
    }
}

/// Checks the record at `json` with the signature beside it (`<json>.p7s`). Errors (exit 1) only where a file can't be read.
/// What fails keeps the later things from being looked at, since they stand on it.
pub fn check(json: &Path, trust: &Trust, require: &[Require]) -> Result<Checked, Problem> {
    let (bytes, signature) = read_signed(json)?;
    Ok(check_record(&bytes, signature.as_deref().ok_or(&*signature_path(json)), trust, require))
}

/// The bytes of the document at `json`, and those of the signature beside it, if there is one. Each at most one byte longer than it
/// may be: what is too long is told when it is checked.
///
/// # Errors
/// Kind `Error` where a file can't be read.
pub fn read_signed(json: &Path) -> Result<(Vec<u8>, Option<Vec<u8>>), Problem> {
    let bytes = read(json, JSON_LIMIT)?.ok_or_else(|| {
        Problem::error(format!("{} does not exist", json.display()), "Name the record's JSON file, <id>.json.")
    })?;
    Ok((bytes, read(&signature_path(json), SIGNATURE_LIMIT)?))
}

/// `<json>.p7s`.
pub fn signature_path(json: &Path) -> PathBuf {
    let mut path = json.as_os_str().to_owned();
    path.push(".p7s");
    path.into()
}

/// Up to one byte more than `limit` bytes of a file; `None` where there is none.
///
/// # Errors
/// Kind `Error` where it can't be read.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Problem> {
    let unreadable = |e: std::io::Error| {
        Problem::error(
            format!("can't read {}: {e}", path.display()),
            "Check the path and your rights to it, then check again.",
        )
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound) => return Ok(None),
        Err(e) => return Err(unreadable(e)),
    };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Some(bytes))
}

/// What the signature of a document of any kind says, where it holds for these very bytes. `signature`: its bytes, or where it should be.
///
/// # Errors
/// Why it does not hold.
pub fn signed(bytes: &[u8], signature: Result<&[u8], &Path>) -> Result<Signature, String> {
    match signature {
        Err(path) => Err(format!("there is no signature file {}", path.display())),
        Ok(p7s) if p7s.len() as u64 > SIGNATURE_LIMIT => Err("the signature file is larger than 1 MiB".into()),
        Ok(_) if bytes.len() as u64 > JSON_LIMIT => Err("the document is larger than 64 MiB".into()),
        Ok(p7s) => cms::verify(bytes, p7s, Form::Detached).map_err(|e| e.to_string()),
    }
}

/// Checks the bytes of a record. `signature`: its bytes, or where it should be.
pub fn check_record(bytes: &[u8], signature: Result<&[u8], &Path>, trust: &Trust, require: &[Require]) -> Checked {
    let mut found = Checked { record: None, exit_code: ExitCode::NotAuthentic, signer: None, findings: Vec::new() };
    let signature = match signed(bytes, signature) {
        Ok(signature) => signature,
        Err(why) => {
            found.find("signature", Err(why));
            // Somebody who names the wrong file is told so, also where there is no signature to it.
            if let Err(why) = schema(bytes) {
                found.find("document", Err(why));
            }
            return found;
        }
    };
    found.find("signature", Ok(format!("holds for these {} bytes, made with {}", bytes.len(), signature.fingerprint)));
    found.signer = Some(signature.fingerprint.clone());
    let Some(record) = document(&mut found, bytes) else { return found };
    let authentic = found.find("consistency", consistent(&record)) && found.find("signer", signer(&record, &signature));
    let status = record.status;
    found.record = Some(record);
    if authentic {
        judge(&mut found, status, &signature, trust, require);
    }
    found
}

/// Canonical form, then schema.
fn document(found: &mut Checked, bytes: &[u8]) -> Option<Record> {
    if !found.find("canonical form", canonical(bytes).map(|_| "is RFC 8785".into())) {
        return None;
    }
    let record = schema(bytes).and_then(|()| parse(bytes).map_err(|e| e.to_string()));
    let sentence = record.as_ref().map(|_| format!("is {}", Record::SCHEMA)).map_err(Clone::clone);
    found.find("schema", sentence);
    record.ok()
}

/// The value of `bytes`, if they are its canonical form.
///
/// # Errors
/// That they are not.
fn canonical(bytes: &[u8]) -> Result<Value, String> {
    let value: Option<Value> = serde_json::from_slice(bytes).ok();
    value
        .filter(|value| canonical_bytes(value).is_ok_and(|again| again == bytes))
        .ok_or_else(|| CanonicalError::NotCanonical.to_string())
}

fn schema(bytes: &[u8]) -> Result<(), String> {
    let value: Value =
        serde_json::from_slice(bytes).map_err(|e| format!("it is no JSON, so no record of radera: {e}"))?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match (text("schema"), text("kind")) {
        (Record::SCHEMA, Record::KIND) => Ok(()),
        (schema, _) if schema.starts_with("radera/") => {
            Err(format!("this version does not know documents of the schema {schema:?} and their kind"))
        }
        _ => Err("it is JSON, but no record of radera".into()),
    }
}

fn consistent(record: &Record) -> Result<String, String> {
    match consistency::contradiction(record) {
        None if consistency::speaks_as_we_do(record) => {
            Ok("status, claim and every sentence follow from what the record says was found".into())
        }
        None => Ok(format!(
            "status and claim follow from what the record says was found; its sentences are those of version {:?}, and were not \
             derived again",
            record.tool.version
        )),
        Some(why) => Err(format!("the record contradicts itself: {why}")),
    }
}

/// The record names the certificate it is signed with, and that was valid when it was signed and when the job ended.
fn signer(record: &Record, signature: &Signature) -> Result<String, String> {
    named_signer("record", &record.signer.fingerprint, &record.finished, signature)
}

/// Whether a document names the certificate that it is signed with (`named`), and that was valid when it was signed and on the document's
/// `date`. `what`: a word for the document.
///
/// # Errors
/// Which of it does not hold.
pub fn named_signer(what: &str, named: &str, date: &str, signature: &Signature) -> Result<String, String> {
    if named != signature.fingerprint {
        return Err(format!(
            "the {what} is to be signed by {named}, and another key, {}, signed it",
            signature.fingerprint
        ));
    }
    let date = consistency::date(date)?;
    for at in signature.signing_time.into_iter().chain([u64::try_from(date).unwrap_or(0)]) {
        x509::valid_at(&signature.certificate, at)
            .map_err(|why| format!("the signing certificate was not valid then: {why}"))?;
    }
    Ok(format!("is the one that the {what} names, and its certificate was valid"))
}

fn judge(found: &mut Checked, status: Status, signature: &Signature, trust: &Trust, require: &[Require]) {
    let (trusted, why) = trust.judge(signature);
    found.find("trust", if trusted { Ok(why) } else { Err(why) });
    found.exit_code = if trusted { ExitCode::Success } else { ExitCode::Untrusted };
    for wanted in require {
        let (name, met) = match wanted {
            Require::Sanitized => ("sanitized", status == Status::Sanitized),
            // A sanitization record is no deletion certificate.
            Require::Complete => ("complete", false),
            Require::Trusted => ("trusted", trusted),
        };
        let sentence = if met {
            Ok("is met".into())
        } else {
            Err(format!(
                "is not met: this is a sanitization record with status {:?}, signer {}",
                status.name(),
                if trusted { "trusted" } else { "not trusted" }
            ))
        };
        if !found.find(&format!("requirement {name}"), sentence) {
            found.exit_code = ExitCode::NotAuthentic;
        }
    }
}
