//! What a case stands on, as bytes: the files beside it, or those attached to a certificate. Both give the same facts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::certificate::{JSON_LIMIT, SIGNATURE_LIMIT, read, sha256_text, signature_path};
use crate::conformity::Case;
use crate::problem::Problem;

/// The most bytes of signed documents that are attached to one certificate.
pub const ATTACHED_LIMIT: u64 = 40 << 20;

/// Everything that a case can stand on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// SHA-256 (64 hexadecimal digits) of each document that was found, by its file name.
    pub documents: BTreeMap<String, String>,
    /// The records and certificates that were found, by file name.
    pub signed: BTreeMap<String, Paper>,
}

/// A signed document as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its text, or why there is none that could be attached.
    pub json: Result<String, String>,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
    /// The signature beside it.
    pub signature: Option<Vec<u8>>,
    /// The annex beside it.
    pub annex: Option<String>,
}

/// The records that a case names, of its items and of unlisted media.
pub fn records(case: &Case) -> BTreeSet<&str> {
    let of_items = case.items.iter().filter_map(|item| item.erased.as_ref()).flat_map(|erased| &erased.records);
    of_items.chain(&case.unlisted).map(String::as_str).collect()
}

/// The certificates that a case names.
pub fn certificates(case: &Case) -> BTreeSet<&str> {
    case.subprocessors.iter().filter_map(|sub| sub.certificate.as_deref()).collect()
}

impl Bundle {
    /// Reads what `case` names from `directory`. `documents`: the digests of those that were found and are the ones that it names.
    ///
    /// # Errors
    /// Kind `Error` for a file that is there and can't be read.
    pub fn gather(case: &Case, directory: &Path, documents: BTreeMap<String, String>) -> Result<Self, Problem> {
        let mut bundle = Bundle { documents, ..Bundle::default() };
        let mut room = ATTACHED_LIMIT;
        let certificates = certificates(case);
        for file in records(case).union(&certificates) {
            if let Some(paper) = Paper::read(&directory.join(file), certificates.contains(file), &mut room)? {
                bundle.signed.insert((*file).to_string(), paper);
            }
        }
        Ok(bundle)
    }
}

impl Paper {
    fn read(path: &Path, may_be_split: bool, room: &mut u64) -> Result<Option<Self>, Problem> {
        let Some(json) = plain(path, JSON_LIMIT)? else { return Ok(None) };
        let digest = sha256_text(&json);
        let signature = plain(&signature_path(path), SIGNATURE_LIMIT)?;
        let mut annex = None;
        if may_be_split {
            annex = plain(&annex_path(path), JSON_LIMIT)?.and_then(|bytes| String::from_utf8(bytes).ok());
        }
        let bytes = json.len() as u64
            + signature.as_ref().map_or(0, |s| s.len() as u64)
            + annex.as_ref().map_or(0, |a| a.len() as u64);
        let Some(left) = room.checked_sub(bytes) else {
            let why = format!("the documents of the case are larger than {} MiB together", ATTACHED_LIMIT >> 20);
            return Ok(Some(Paper { json: Err(why), digest, signature: None, annex: None }));
        };
        *room = left;
        let json = String::from_utf8(json).map_err(|_| "it is no text in UTF-8".to_string());
        Ok(Some(Paper { json, digest, signature, annex }))
    }
}

/// Where the annex of the certificate at `json` is, if it was split off: `<id>.annex.json` beside `<id>.json`.
pub fn annex_path(json: &Path) -> std::path::PathBuf {
    json.with_extension("annex.json")
}

/// The bytes of a plain file; `None` where there is none. Anything else that stands there (a pipe would never end) is an error.
pub fn plain(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Problem> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            return Err(Problem::error(
                format!("{} is not a plain file", path.display()),
                "Put the document itself there, or name another file.",
            ));
        }
        _ => {}
    }
    read(path, limit)
}
