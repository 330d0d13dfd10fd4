//! The road from a clearance to a record.

use std::path::PathBuf;

use super::{Plan, Station, Stop};
use crate::device::Clearance;
use crate::outcome::{Observer, Status};
use crate::problem::{ExitCode, Problem};

/// How one target ended.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Id of the job; `None` where it ended before the journal began.
    pub job: Option<String>,
    /// Status in the record; `None` where nothing was changed.
    pub status: Option<Status>,
    /// The target's exit code.
    pub exit_code: ExitCode,
    /// The record.
    pub record: Option<PathBuf>,
    /// Its verdict in words; empty where there is none.
    pub statement: String,
    /// What ended it before its time.
    pub problem: Option<Problem>,
}

/// Carries out `plan` on the medium that `clearance` holds: journal, passes, verification, record. Runs on the caller's
/// thread, one a target; events (`Started` to `TargetFinished`) go to `observer`. Never panics for what a device does.
pub fn wipe(
    _station: &Station,
    _plan: &Plan,
    _clearance: Clearance,
    _observer: &dyn Observer,
    _stop: &Stop,
) -> Finished {
    todo!()
}
