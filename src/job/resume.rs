//! Finds interrupted jobs and goes on with them.

use std::path::PathBuf;

use super::{Finished, Station, Stop};
use crate::device::Inventory;
use crate::outcome::Observer;
use crate::problem::Problem;

/// An interrupted job, and the medium it was found on again, if it was.
pub struct Resumable {
    /// Id of the job.
    pub job: String,
    /// Path of the target: where it is now, else where it was.
    pub path: PathBuf,
    /// Model, serial, size and how far it got, in words.
    pub description: String,
    /// `Err`: why it can't go on now (not attached, not provably the same medium, in use, journal damaged).
    pub ready: Result<(), Problem>,
}

/// The interrupted jobs of the station's state directory; those on `targets` only, unless that is empty.
pub fn resumable(_station: &Station, _inventory: &Inventory, _targets: &[PathBuf]) -> Result<Vec<Resumable>, Problem> {
    todo!()
}

/// Goes on with one of them, on the caller's thread. A job whose work had ended but whose record was not written only gets its
/// record.
pub fn resume(
    _station: &Station,
    _inventory: &Inventory,
    _resumable: &Resumable,
    _max_rate: Option<u64>,
    _observer: &dyn Observer,
    _stop: &Stop,
) -> Finished {
    todo!()
}
