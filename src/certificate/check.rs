//! Does a record check out: signature, canonical form, schema, inner consistency, trust.

use std::path::Path;

use crate::document::Record;
use crate::problem::{ExitCode, Problem};

/// Whose key counts.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Fingerprints (`sha256:…` or bare hexadecimal, colons and spaces ignored) that count.
    pub fingerprints: Vec<String>,
    /// DER of certificates that count, as the signer itself or as its issuer.
    pub certificates: Vec<Vec<u8>>,
}

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

/// Checks the record at `json` with the signature beside it (`<json>.p7s`). Errors (exit 1) only where a file can't be read.
pub fn check(_json: &Path, _trust: &Trust, _require: &[Require]) -> Result<Checked, Problem> {
    todo!()
}
