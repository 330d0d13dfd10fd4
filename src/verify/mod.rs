//! Readback: full or sampled. Reads through a queue, compares by regenerating, and says what that proves.
#![forbid(unsafe_code)]

mod full;
mod sampled;
mod statement;

pub use sampled::{Plan, UNREAD_BOUND_CONFIDENCE};
pub use statement::{statement, status_word};

use crate::io::{Control, Halt, Queue};
use crate::media::VerifyKind;
use crate::outcome::VerificationEvidence;
use crate::pattern::Pattern;

/// What to read and what to expect.
#[derive(Debug, Clone)]
pub struct Request {
    /// Full or sampled. A target too small for 1,000 subsections is read in full.
    pub kind: VerifyKind,
    /// Size of the scope in bytes; a multiple of the logical block.
    pub scope_bytes: u64,
    /// Logical block size in bytes.
    pub logical_block_bytes: u32,
    /// What the last pass wrote.
    pub pattern: Pattern,
    /// Seed of the sampling plan, drawn after the erase.
    pub seed: [u8; 16],
}

/// Reads and compares. The evidence stands also where it was halted (then `complete` is false). Mismatching and unreadable
/// ranges go to `control.bad` with pass 0; the counts here are logical blocks.
pub fn run(
    _queue: &mut dyn Queue,
    _request: &Request,
    _control: &mut dyn Control,
) -> (VerificationEvidence, Result<(), Halt>) {
    todo!()
}
