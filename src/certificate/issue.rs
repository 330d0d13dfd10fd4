//! Writes a record and its signature: room for them is reserved before the wipe starts.

use std::path::{Path, PathBuf};

use super::Signer;
use crate::document::Record;
use crate::problem::Problem;

/// Room for one record and its signature, held on the filesystem of the output directory from before the first change.
/// Dropped unused, it leaves nothing behind.
pub struct Reservation {}

/// What was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Path of the JSON.
    pub json: PathBuf,
    /// Path of the detached signature.
    pub signature: PathBuf,
    /// `sha256:` and the digest of the JSON's bytes.
    pub digest: String,
}

impl Reservation {
    /// Makes sure that `directory` exists, is writable and has room.
    pub fn make(_directory: &Path, _id: &str) -> Result<Self, Problem> {
        todo!()
    }

    /// Writes `<id>.json` and `<id>.json.p7s`: temporary file, fsync, rename (never over an existing file), directory fsync;
    /// the signature first, so that a record never stands without one.
    pub fn issue(self, _record: &Record, _signer: &dyn Signer) -> Result<Issued, Problem> {
        todo!()
    }
}
