//! Does a record check out: signature, canonical form, schema, inner consistency, trust.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Form, Signature, Trust, cms, consistency, x509};
use crate::document::{CanonicalError, Record, SignerEntry, canonical_bytes, parse};
use crate::outcome::Status;
use crate::problem::{ExitCode, Problem};
use crate::words::{Finding, Told};

/// The largest document that is read, in bytes.
pub const JSON_LIMIT: u64 = 64 << 20;
/// How far the clocks of one station may differ over time, in seconds.
const CLOCKS_DIFFER: u64 = 24 * 3600;
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

impl Require {
    /// Its topic among the findings.
    pub fn topic(self) -> &'static str {
        match self {
            Require::Sanitized => "requirement-sanitized",
            Require::Complete => "requirement-complete",
            Require::Trusted => "requirement-trusted",
        }
    }
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
    /// The signature, where the record is its signer's.
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
pub fn signed(bytes: &[u8], signature: Result<&[u8], &Path>) -> Result<Signature, Told> {
    match signature {
        Err(path) => Err(Told::new("signature-none").with("file", path.display())),
        Ok(p7s) if p7s.len() as u64 > SIGNATURE_LIMIT => Err(Told::new("signature-too-large")),
        Ok(_) if bytes.len() as u64 > JSON_LIMIT => Err(Told::new("document-too-large")),
        Ok(p7s) => cms::verify(bytes, p7s, Form::Detached).map_err(|e| e.told()),
    }
}

/// Checks the bytes of a record. `signature`: its bytes, or where it should be.
pub fn check_record(bytes: &[u8], signature: Result<&[u8], &Path>, trust: &Trust, require: &[Require]) -> Checked {
    let mut found = Checked {
        record: None,
        exit_code: ExitCode::NotAuthentic,
        signer: None,
        signature: None,
        findings: Vec::new(),
    };
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
    found.find("signature", Ok(holds(bytes, &signature)));
    found.signer = Some(signature.fingerprint.clone());
    let Some(record) = document(&mut found, bytes) else { return found };
    let mut authentic =
        found.find("consistency", consistent(&record)) && found.find("signer", signer(&record, &signature));
    if let Some((finding, decides)) = time_stamp(&record.signer, &signature, trust) {
        authentic &= finding.holds || !decides;
        found.findings.push(finding);
    }
    let status = record.status;
    found.record = Some(record);
    if authentic {
        judge(&mut found, status, &signature, trust, require);
        found.signature = Some(signature);
    }
    found
}

/// That a signature holds.
pub fn holds(bytes: &[u8], signature: &Signature) -> Told {
    Told::new("signature-holds").with("bytes", bytes.len()).with("key", &signature.fingerprint)
}

/// Canonical form, then schema.
fn document(found: &mut Checked, bytes: &[u8]) -> Option<Record> {
    let form = if is_canonical(bytes) { Ok(Told::new("canonical-is")) } else { Err(Told::new("canonical-not")) };
    if !found.find("canonical-form", form) {
        return None;
    }
    let misfit = |e: CanonicalError| Told::new("schema-misfit").with("why", e);
    let record = schema(bytes).and_then(|()| parse(bytes).map_err(misfit));
    let told = record.as_ref().map(|_| Told::new("schema-is").with("schema", Record::SCHEMA)).map_err(Clone::clone);
    found.find("schema", told);
    record.ok()
}

fn is_canonical(bytes: &[u8]) -> bool {
    let value: Option<Value> = serde_json::from_slice(bytes).ok();
    value.is_some_and(|value| canonical_bytes(&value).is_ok_and(|again| again == bytes))
}

fn schema(bytes: &[u8]) -> Result<(), Told> {
    let value: Value = serde_json::from_slice(bytes).map_err(|e| Told::new("schema-no-json").with("why", e))?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    match (text("schema"), text("kind")) {
        (Record::SCHEMA, Record::KIND) => Ok(()),
        (schema, _) if schema.starts_with("radera/") => {
            Err(Told::new("schema-unknown").with("schema", format!("{schema:?}")))
        }
        _ => Err(Told::new("schema-other")),
    }
}

fn consistent(record: &Record) -> Result<Told, Told> {
    let version = format!("{:?}", record.tool.version);
    match consistency::contradiction(record) {
        None if consistency::speaks_as_we_do(record) => Ok(Told::new("consistency-follows")),
        None => Ok(Told::new("consistency-other-version").with("version", version)),
        Some(why) => Err(Told::new("consistency-contradiction").with("why", why)),
    }
}

/// The record names the certificate it is signed with, which was valid when it was signed, after the job had ended.
fn signer(record: &Record, signature: &Signature) -> Result<Told, Told> {
    named_signer(&record.signer, &record.finished, signature)
}

/// Whether a document names the certificate that it is signed with (`named`), which was valid when it was signed; and not before the
/// document's `date`.
///
/// # Errors
/// Which of it does not hold.
pub fn named_signer(named: &SignerEntry, date: &str, signature: &Signature) -> Result<Told, Told> {
    if named.fingerprint != signature.fingerprint {
        return Err(Told::new("signer-other").with("named", &named.fingerprint).with("key", &signature.fingerprint));
    }
    let told = named.kind.is_some() || named.name.is_some();
    if told && (named.kind != signature.kind || named.name != signature.name) {
        return Err(Told::new("signer-differs"));
    }
    let date = consistency::date(date).map_err(|why| Told::new("signer-date").with("why", why))?;
    if let Some(at) = signature.signing_time {
        x509::valid_at(&signature.certificate, at).map_err(|why| Told::new("signer-not-valid").with("why", why))?;
        // A job that ended may be put on paper later, with a key that did not exist then; never earlier.
        if u64::try_from(date).unwrap_or(0) > at.saturating_add(CLOCKS_DIFFER) {
            return Err(Told::new("signer-too-early").with("time", moment(at)));
        }
    }
    Ok(Told::new("signer-named"))
}

/// What there is to say of a signature's time stamp, and whether that decides: one that the document promises (`named`) may not be missing.
pub fn time_stamp(named: &SignerEntry, signature: &Signature, trust: &Trust) -> Option<(Finding, bool)> {
    match (&named.time_stamp, &signature.time_stamp) {
        (None, None) => None,
        (Some(url), None) => Some((Finding::of("time-stamp", Err(Told::new("stamp-missing").with("url", url))), true)),
        (_, Some(stamp)) => {
            let told = |code| Told::new(code).with("time", moment(stamp.time)).with("authority", &stamp.authority);
            let (trusted, _) = trust.judge_stamp(stamp);
            let told = if trusted { Ok(told("stamp-trusted")) } else { Err(told("stamp-untrusted")) };
            Some((Finding::of("time-stamp", told), false))
        }
    }
}

/// Seconds since 1970 as RFC 3339.
pub fn moment(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    at.map_or_else(|| seconds.to_string(), |at| at.to_string())
}

fn judge(found: &mut Checked, status: Status, signature: &Signature, trust: &Trust, require: &[Require]) {
    let (trusted, why) = trust.judge(signature);
    found.find("trust", if trusted { Ok(why) } else { Err(why) });
    found.exit_code = if trusted { ExitCode::Success } else { ExitCode::Untrusted };
    for wanted in require {
        let met = match wanted {
            Require::Sanitized => status == Status::Sanitized,
            // A sanitization record is no deletion certificate.
            Require::Complete => false,
            Require::Trusted => trusted,
        };
        let told = if met {
            Ok(Told::new("requirement-met"))
        } else {
            Err(Told::new("requirement-not-met-record")
                .with("status", format!("{:?}", status.name()))
                .with("trusted", if trusted { "yes" } else { "no" }))
        };
        if !found.find(wanted.topic(), told) {
            found.exit_code = ExitCode::NotAuthentic;
        }
    }
}
