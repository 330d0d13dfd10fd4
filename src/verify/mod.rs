//! Readback: full or sampled. Reads through a queue, compares by regenerating, and says what that proves.
#![forbid(unsafe_code)]

mod count;
mod full;
mod places;
#[cfg(test)]
mod tests;

use count::Count;
pub use places::{MarkedPlaces, Seen};

use crate::io::{self, Control, Halt, Queue};
use crate::media::{ByteRange, VerifyKind};
use crate::outcome::{SamplingPlan, VerificationEvidence};
use crate::pattern::{Filler, Pattern};

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

/// Bytes that a readback of this kind reads; all of them where the scope is too small for a sample.
pub fn bytes_planned(kind: VerifyKind, scope_bytes: u64, logical_block_bytes: u32, seed: [u8; 16]) -> u64 {
    match kind {
        VerifyKind::Full => scope_bytes,
        VerifyKind::Sampled => {
            SamplingPlan::new(seed, scope_bytes, logical_block_bytes).map_or(scope_bytes, |plan| plan.bytes())
        }
        VerifyKind::None => 0,
    }
}

/// Reads and compares. The evidence stands also where it was halted (then `complete` is false). Mismatching and unreadable
/// ranges go to `control.bad` with pass 0; the counts here are logical blocks. [`Halt::GaveUp`] before the first read: nothing to
/// read, or a pattern that this version can't regenerate.
pub fn run(
    queue: &mut dyn Queue,
    request: &Request,
    control: &mut dyn Control,
) -> (VerificationEvidence, Result<(), Halt>) {
    let plan = match request.kind {
        VerifyKind::Sampled => SamplingPlan::new(request.seed, request.scope_bytes, request.logical_block_bytes),
        VerifyKind::Full | VerifyKind::None => None,
    };
    let mut evidence = VerificationEvidence {
        kind: if plan.is_some() { VerifyKind::Sampled } else { VerifyKind::Full },
        complete: false,
        bytes_planned: plan.as_ref().map_or(request.scope_bytes, SamplingPlan::bytes),
        bytes_read: 0,
        mismatches: 0,
        unreadable: 0,
        seed: plan.is_some().then(|| request.seed.iter().map(|byte| format!("{byte:02x}")).collect()),
        cells: plan.as_ref().map(|plan| (plan.cells(), 0)),
        milliseconds: 0,
    };
    let refused = |why: &str| Err(Halt::GaveUp(why.into()));
    let Some(mut filler) = Filler::new(&request.pattern) else {
        return (evidence, refused("this version can't regenerate the pattern that was written"));
    };
    if request.kind == VerifyKind::None || request.scope_bytes == 0 {
        return (evidence, refused("there is nothing to read back"));
    }
    let mut count = Count {
        inner: control,
        logical_block: u64::from(request.logical_block_bytes.max(1)),
        mismatches: 0,
        unreadable: 0,
        cell_bytes: plan.as_ref().map(SamplingPlan::cell_bytes),
        unread_cells: Vec::new(),
        watermark: 0,
    };
    let mut ranges: Box<dyn Iterator<Item = ByteRange>> = match &plan {
        Some(plan) => Box::new(plan.ranges()),
        None => Box::new(full::ranges(request.scope_bytes)),
    };
    let mut matches = |offset, data: &[u8]| filler.matches(offset, data);
    let (summary, result) = io::read(queue, &mut *ranges, request.logical_block_bytes, &mut matches, &mut count);
    evidence.complete = result.is_ok() && count.watermark == evidence.bytes_planned;
    evidence.bytes_read = summary.bytes;
    evidence.milliseconds = summary.milliseconds;
    evidence.mismatches = count.mismatches;
    evidence.unreadable = count.unreadable;
    if let Some(plan) = &plan {
        let whole = |cell: &u64| count.unread_cells.binary_search(cell).is_err();
        evidence.cells = Some((plan.cells(), plan.cells_within(count.watermark).filter(whole).count() as u64));
    }
    (evidence, result)
}
