//! Checks a document in whatever form it comes, record or deletion certificate, JSON or PDF; says what is proved by it, what is claimed in
//! it and by whom, and what is not settled.
#![forbid(unsafe_code)]

mod linked;
mod manifest;
mod pdf;
mod report;
mod summary;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::case::{self, Given};
use crate::certificate::{self, JSON_LIMIT, Require, Signature, Trust, read, signature_path};
use crate::document::{DeletionCertificate, Record};
use crate::problem::{ExitCode, Problem};
use crate::words::Finding;

pub use report::{report, verdict};
pub use summary::{Summary, summary};

/// The largest PDF that is read, in bytes: three documents of the largest size.
pub const PDF_LIMIT: u64 = 200 << 20;

/// What a document says, as far as it is its signer's.
#[derive(Debug)]
pub enum Says {
    /// Nothing: its signature or its form does not hold.
    Nothing,
    /// A sanitization record.
    Record(Box<Record>),
    /// A deletion certificate.
    Deletion(Box<case::Checked>),
}

/// What was found.
#[derive(Debug)]
pub struct Checked {
    /// The file.
    pub file: PathBuf,
    /// Whether it is a PDF.
    pub is_pdf: bool,
    /// What it says.
    pub says: Says,
    /// 0, 7 or 8.
    pub exit_code: ExitCode,
    /// The signature over the document, where it holds and is that of the signer that the document names.
    pub signature: Option<Signature>,
    /// Fingerprint of the signer, where the signature holds.
    pub signer: Option<String>,
    /// Whether the document's own time stamp is of an authority that is trusted.
    pub stamp_trusted: bool,
    /// Whether the pages were made again and came out the same.
    pub pages_agree: bool,
    /// Each thing that was looked at.
    pub findings: Vec<Finding>,
    /// The signed document and its signature, as they were checked.
    pub documents: Vec<(String, Vec<u8>)>,
}

impl Checked {
    /// Adds a finding; one that does not hold makes it 7.
    fn must(&mut self, finding: Finding) -> bool {
        let holds = finding.holds;
        if !holds {
            self.exit_code = ExitCode::NotAuthentic;
        }
        self.findings.push(finding);
        holds
    }
}

/// Checks the document in `file`: JSON with its signature beside it, or PDF.
///
/// # Errors
/// Kind `Error`, only where a file can't be read.
pub fn check(file: &Path, trust: &Trust, require: &[Require]) -> Result<Checked, Problem> {
    let bytes = read(file, PDF_LIMIT)?.ok_or_else(|| {
        Problem::error(format!("{} does not exist", file.display()), "Name the document's JSON or PDF file.")
    })?;
    if crate::pades::is_pdf(&bytes) {
        return pdf::check(file, &bytes, trust, require);
    }
    let signature = read(&signature_path(file), certificate::SIGNATURE_LIMIT)?;
    let annex = read(&case::annex_path(file), JSON_LIMIT)?;
    let given = Given { bytes: &bytes, signature: signature.as_deref(), annex: annex.as_deref(), path: file };
    let mut found = document(&given, trust, require)?;
    manifest::look(&mut found);
    linked::look(&mut found);
    Ok(found)
}

/// The signed document itself.
fn document(given: &Given<'_>, trust: &Trust, require: &[Require]) -> Result<Checked, Problem> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Checked {
        file: given.path.to_path_buf(),
        is_pdf: false,
        says: Says::Nothing,
        exit_code: ExitCode::NotAuthentic,
        signature: None,
        signer: None,
        stamp_trusted: false,
        pages_agree: false,
        findings: Vec::new(),
        documents: vec![(name(given.path), given.bytes.to_vec())],
    };
    if let Some(signature) = given.signature {
        found.documents.push((name(&signature_path(given.path)), signature.to_vec()));
    }
    if is_deletion(given.bytes) {
        let mut checked = case::check_given(given, trust, require)?;
        found.exit_code = checked.exit_code;
        found.findings = std::mem::take(&mut checked.findings);
        (found.signature, found.signer) = (checked.signature.take(), checked.signer.clone());
        if checked.certificate.is_some() {
            found.says = Says::Deletion(Box::new(checked));
        }
    } else {
        let path = signature_path(given.path);
        let checked = certificate::check_record(given.bytes, given.signature.ok_or(&*path), trust, require);
        found.exit_code = checked.exit_code;
        found.findings = checked.findings;
        (found.signature, found.signer) = (checked.signature, checked.signer);
        if let Some(record) = checked.record {
            found.says = Says::Record(Box::new(record));
        }
    }
    found.stamp_trusted = found.signature.as_ref().is_some_and(|signature| trust.time_of(signature).is_some());
    Ok(found)
}

/// What tells a document's kind.
#[derive(Deserialize)]
struct Head {
    schema: String,
    kind: String,
}

/// Whether a document calls itself a deletion certificate of the schema that is known here. Everything else takes the road of records, which
/// says what it is.
pub fn is_deletion(bytes: &[u8]) -> bool {
    let head = serde_json::from_slice::<Head>(bytes);
    head.is_ok_and(|h| h.schema == DeletionCertificate::SCHEMA && h.kind == DeletionCertificate::KIND)
}
