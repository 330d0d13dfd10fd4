//! Is this the medium that an interrupted job was working on?

use std::cmp::Ordering;

use crate::device::{Inventory, Roots, open_read_only};
use crate::io::{Op, Queue};
use crate::journal::JobState;
use crate::media::{ByteRange, Medium};
use crate::pattern::{Filler, Pattern};
use crate::problem::Problem;

/// How many places are read when content must prove identity.
const PROBES: u64 = 64;
/// Least that must have been written for content to prove anything.
const LEAST: u64 = 1 << 20;
/// Passes meet on a border of this many bytes.
const PIECE: usize = 512;

/// How far before the last known durable byte a session begins again: what a drive's cache may have held without saying so.
pub(super) fn margin(size: u64) -> u64 {
    (size / 16).clamp(16 << 20, 1 << 30)
}

/// Where a session begins: `reached`, less the margin, on a block boundary, reaching back into the pass before if need be.
pub(super) fn restart(reached: (u32, u64), size: u64, logical_block: u64) -> (u32, u64) {
    let block = logical_block.max(4096);
    let (pass, durable) = reached;
    let back = margin(size);
    if durable >= back || pass <= 1 {
        let byte = durable.saturating_sub(back);
        return (pass.max(1), byte - byte % block);
    }
    let byte = size.saturating_sub(back - durable);
    (pass - 1, byte - byte % block)
}

/// The attached medium that is provably the job's, free or not; the error says what speaks against it.
pub(super) fn find(state: &JobState, inventory: &Inventory, boot: &str) -> Result<Medium, Problem> {
    let was = &state.plan.medium;
    let last = state.sessions.last().map_or(&was.identity, |session| &session.identity);
    let alike: Vec<Medium> = inventory
        .media()?
        .into_iter()
        .filter(|m| m.node == was.node && last.difference(&m.identity, true).is_none())
        .collect();
    let same_attachment = |m: &Medium| {
        state.sessions.last().is_some_and(|s| !s.boot.is_empty() && s.boot == boot)
            && last.disk_sequence.is_some()
            && last.difference(&m.identity, false).is_none()
    };
    let by_attachment = alike.iter().find(|m| same_attachment(m));
    if let Some(medium) = by_attachment {
        return Ok(medium.clone());
    }
    match alike.as_slice() {
        [] => Err(Problem::error(
            format!("{}: the medium of job {} is not attached", last.path, state.job),
            "Attach the same medium again, then run `radera resume`.",
        )),
        [only] if only.identity.is_individual() => Ok(only.clone()),
        several => {
            let mut proven: Vec<&Medium> =
                several.iter().filter(|m| carries_stream(state, m, &inventory.roots)).collect();
            match (proven.pop(), proven.len().cmp(&0)) {
                (Some(medium), Ordering::Equal) => Ok(medium.clone()),
                _ => Err(Problem::refused(
                    format!(
                        "{}: nothing proves that it is still the medium of job {} (it has no number of its own, was \
                         attached anew, and what was written is not found on it)",
                        last.path, state.job
                    ),
                    "If you are sure of the medium, wipe it again from the start with `radera wipe`.",
                )),
            }
        }
    }
}

/// Whether `medium` holds the job's random streams where they are known to have been written: only the job's own medium can.
fn carries_stream(state: &JobState, medium: &Medium, roots: &Roots) -> bool {
    let upto = written_upto(state);
    let Ok(mut held) = open_read_only(roots, medium) else { return false };
    let Ok(mut queue) = held.queue(None) else { return false };
    upto >= LEAST && holds(queue.as_mut(), state, upto) == Some(Proof::Stream)
}

/// Up to where every byte must be one that this job wrote, whatever a cache has lost.
pub(super) fn written_upto(state: &JobState) -> u64 {
    let size = state.plan.medium.identity.size_bytes;
    let (pass, durable) = state.reached;
    // From the second pass on all of the medium carries this pass or the one before, but for what a cache may have lost.
    if pass > 1 { size.saturating_sub(margin(size)) } else { durable.saturating_sub(margin(size)) }
}

/// What a look at the content showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing but this job's bytes, and random streams among them: no other medium has these.
    Stream,
    /// Nothing but this job's bytes, all of them fixed patterns that others may write too.
    Fixed,
}

/// Looks at places spread over the first `upto` bytes, known bad ranges left out. `None`: one of them holds what none of the
/// job's passes wrote, or can't be read.
pub(super) fn holds(queue: &mut dyn Queue, state: &JobState, upto: u64) -> Option<Proof> {
    let mut fillers = Vec::new();
    for pass in &state.plan.passes {
        fillers.push((matches!(pass.pattern, Pattern::Stream { .. }), Filler::new(&pass.pattern)?));
    }
    let length = queue.block_bytes().min(64 << 10);
    let blocks = upto / length as u64;
    let probes = PROBES.min(blocks);
    let mut proof = Proof::Fixed;
    for probe in 0..probes {
        let range = ByteRange::new((blocks - 1 - probe * blocks / probes) * length as u64, length as u64);
        if state.bad.iter().any(|b| b.range().intersects(range)) {
            continue;
        }
        let slot = queue.lease()?;
        queue.submit(slot, Op::Read, range.first_byte, length);
        let done = queue.complete()?;
        let data =
            if matches!(done.result, Ok(n) if n == length) { queue.buffer(&done.slot).get(..length) } else { None };
        // Where a pass was cut off inside this block, its two halves are of two passes.
        let found = data.and_then(|data| {
            let piece = |(at, piece): (usize, &[u8])| {
                let offset = range.first_byte + (at * PIECE) as u64;
                fillers.iter_mut().find_map(|(stream, filler)| filler.matches(offset, piece).then_some(*stream))
            };
            data.chunks(PIECE).enumerate().map(piece).collect::<Option<Vec<bool>>>()
        });
        queue.give_back(done.slot);
        if found?.contains(&true) {
            proof = Proof::Stream;
        }
    }
    Some(proof)
}

/// Whether somebody put the medium to use since: it carries a signature that it did not have when it was confirmed. What can't
/// be read counts as used. (`mbr` is left out: two bytes of random data can look like one.)
pub(super) fn used_since(state: &JobState, found: &Medium) -> Option<String> {
    let Some(now) = &found.signatures else { return Some("its content can't be read".into()) };
    let then = state.plan.medium.signatures.as_deref().unwrap_or_default();
    let new = now.iter().find(|s| s.kind != "mbr" && !then.contains(s))?;
    Some(format!("it now holds {}, which it did not when it was confirmed", new.kind))
}
