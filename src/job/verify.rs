//! Reads a medium again and holds it against its record, on this machine or another.

use std::path::Path;

use super::Stop;
use crate::device::Inventory;
use crate::document::Record;
use crate::media::VerifyKind;
use crate::outcome::{BadRange, Observer, VerificationEvidence};
use crate::problem::{ExitCode, Problem};

/// What the second reading found.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The findings.
    pub evidence: VerificationEvidence,
    /// Bad ranges.
    pub bad: Vec<BadRange>,
    /// The honest sentence.
    pub statement: String,
    /// 0: as the record says; 4: as the record says, but for unreadable blocks or exceptions that the record lists; 5: differs;
    /// 6: interrupted.
    pub exit_code: ExitCode,
}

/// Reads the medium at `path` again. It must be the record's medium by serial, WWN and size (a difference refuses). `kind`:
/// `None` repeats the record's. `seed`: `None` draws another.
pub fn verify_again(
    _inventory: &Inventory,
    _path: &Path,
    _record: &Record,
    _kind: Option<VerifyKind>,
    _seed: Option<[u8; 16]>,
    _observer: &dyn Observer,
    _stop: &Stop,
) -> Result<Verified, Problem> {
    todo!()
}
