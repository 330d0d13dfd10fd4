//! Events: what a running job tells whoever watches. They may be lost; checkpoints may not.

use serde::Serialize;

use super::{BadRange, Status};

/// One event of one target; bars, plain lines and JSON lines are made of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Event {
    /// The first change is about to be made; the journal holds it.
    Started { job: String, method: String, technique: String, bytes_total: u64, passes: u32, resumed: bool },
    /// Somewhere within a phase. `bytes_total` is of the whole job: all passes and the verification.
    Progress { phase: String, bytes_done: u64, bytes_total: u64, bytes_per_second: u64, milliseconds_left: Option<u64> },
    /// A pass ended.
    Pass { number: u32, pattern: String, bytes: u64, milliseconds: u64 },
    /// Verification ended.
    Verify { kind: String, bytes: u64, milliseconds: u64, mismatches: u64, unreadable: u64 },
    /// A range could not be written or read.
    Bad { range: BadRange },
    /// Something that the user should know and that ends nothing.
    Note { text: String },
    /// The target ended, and its record, if any, was issued.
    TargetFinished { status: Option<Status>, exit_code: u8, record: Option<String> },
    /// What ended the target, and its exit code for that.
    Error { what: String, todo: String, exit_code: u8 },
}

/// Watches one target.
pub trait Observer: Sync {
    /// Called from the target's thread; must not block for long and can't fail.
    fn on_event(&self, event: Event);
}

/// Watches nothing.
pub struct Silent;

impl Observer for Silent {
    fn on_event(&self, _event: Event) {}
}
