//! Is this the medium that an interrupted job was working on, and has nobody put it to use since? The operator confirmed what it
//! held then; anything else must be confirmed anew.

use std::cmp::Ordering;

use super::draw;
use crate::device::{Inventory, Roots, open_read_only};
use crate::io::{Op, Queue};
use crate::journal::JobState;
use crate::media::{ByteRange, Medium};
use crate::pattern::{Filler, Pattern, StreamSpec};
use crate::problem::Problem;

/// How many places are read when content must prove something.
const PROBES: u64 = 64;
/// Bytes at the start where partition tables and nearly all superblocks lie: always looked at.
const HEAD: u64 = 128 << 10;
/// Bytes of the head that are told apart.
const HEAD_PIECE: u64 = 4096;
/// Stands for the digest of a piece that could not be read.
const UNREADABLE: &str = "unreadable";
/// Bytes read at a place.
const PLACE: usize = 64 << 10;
/// Passes meet on a border of this many bytes.
const PIECE: usize = 512;

/// A medium found again.
pub(super) struct Found {
    /// As it is now.
    pub medium: Medium,
    /// Neither it nor the machine was away since: same boot, same disk sequence number.
    pub same_attachment: bool,
}

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

/// The attached medium that can be the job's, free or not; the error says what speaks against it.
pub(super) fn find(state: &JobState, inventory: &Inventory, boot: &str) -> Result<Found, Problem> {
    let was = &state.plan.medium;
    let last = state.sessions.last().map_or(&was.identity, |session| &session.identity);
    let alike: Vec<Medium> = inventory
        .media()?
        .into_iter()
        .filter(|m| m.node == was.node && last.difference(&m.identity, true).is_none())
        .collect();
    let same_boot = state.sessions.last().is_some_and(|s| !s.boot.is_empty() && s.boot == boot);
    let same_attachment =
        |m: &&Medium| same_boot && last.disk_sequence.is_some() && last.difference(&m.identity, false).is_none();
    if let Some(medium) = alike.iter().find(same_attachment) {
        return Ok(Found { medium: medium.clone(), same_attachment: true });
    }
    let found = |medium: &Medium| Ok(Found { medium: medium.clone(), same_attachment: false });
    match alike.as_slice() {
        [] => Err(Problem::error(
            format!("{}: the medium of job {} is not attached", last.path, state.job),
            match state.plan.erase {
                None => "Attach the same medium again, then run `radera resume`.",
                Some(_) => {
                    "Attach the same drive again, then run `radera resume`. One that is still erasing may show a size of 0 until it is \
                     done: wait, have its size read again (echo 1 > /sys/class/block/NAME/device/rescan), then run `radera resume`."
                }
            },
        )),
        [only] if only.identity.is_individual() => found(only),
        several => {
            let mut proven: Vec<&Medium> =
                several.iter().filter(|m| carries_stream(state, m, &inventory.roots)).collect();
            match (proven.pop(), proven.len().cmp(&0)) {
                (Some(medium), Ordering::Equal) => found(medium),
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
    let upto = written_upto(state, false);
    let Ok(mut held) = open_read_only(roots, medium) else { return false };
    let Ok(mut queue) = held.queue(None) else { return false };
    upto >= HEAD && holds(queue.as_mut(), state, upto) == Some(Proof::Stream)
}

/// Up to where every byte must be one that this job wrote; where power may have been lost, less what a cache may have lost.
pub(super) fn written_upto(state: &JobState, same_attachment: bool) -> u64 {
    let size = state.plan.medium.identity.size_bytes;
    let lost = if same_attachment { 0 } else { margin(size) };
    let (pass, durable) = state.reached;
    // From the second pass on all of the medium carries this pass or the one before.
    if pass > 1 { size.saturating_sub(lost) } else { durable.saturating_sub(lost) }
}

/// Whether nobody put the medium to use since the job stopped; the error says what speaks for it, or that nothing can be told.
pub(super) fn untouched(state: &JobState, found: &Found, queue: &mut dyn Queue) -> Result<(), String> {
    used_since(state, &found.medium)?;
    same_road(&state.plan.medium, &found.medium)?;
    partitions_untouched(state, queue)?;
    let upto = written_upto(state, found.same_attachment);
    let size = state.plan.medium.identity.size_bytes;
    if upto >= HEAD.min(size) {
        return match holds(queue, state, upto) {
            None => Err("what the job had written is not on it any more, or can't be told where it would show".into()),
            Some(Proof::Stream) => Ok(()),
            Some(Proof::Fixed) if found.same_attachment || found.medium.identity.wwn.is_some() => Ok(()),
            Some(Proof::Fixed) => Err("it was attached anew, and a fixed pattern does not tell it from another".into()),
        };
    }
    if !found.same_attachment {
        return Err("too little is known to have been written to tell it by, and it was away since".into());
    }
    match head_is(state, queue, size) {
        Some(Head::Begun) => Ok(()),
        // Whoever stopped it then may have thought better of it, and used the medium since.
        Some(Head::Old) => Err("nothing had been written yet".into()),
        _ => Err("its first blocks hold neither what they held before the job nor what the job wrote".into()),
    }
}

/// The claim was planned for one bus and the layers on it; another road to the medium may hide more.
pub(super) fn same_road(was: &Medium, now: &Medium) -> Result<(), String> {
    let kinds = |medium: &Medium| medium.layers.iter().map(|layer| layer.kind.clone()).collect::<Vec<_>>();
    if (was.bus, was.rotation) == (now.bus, now.rotation) && kinds(was) == kinds(now) {
        return Ok(());
    }
    Err("it is attached in another way than when it was confirmed, so another claim could follow".into())
}

/// A signature or a partition that was not there when it was confirmed. What can't be read counts as used. (`mbr` is left out: two
/// bytes of random data can look like one.)
pub(super) fn used_since(state: &JobState, found: &Medium) -> Result<(), String> {
    let was = &state.plan.medium;
    let Some(now) = &found.signatures else {
        // A drive with bad blocks there could not be read then either.
        return if was.signatures.is_none() { Ok(()) } else { Err("its content can't be read".into()) };
    };
    let then = was.signatures.as_deref().unwrap_or_default();
    if let Some(new) = now.iter().find(|s| s.kind != "mbr" && !then.contains(s)) {
        return Err(format!("it now holds {}, which it did not when it was confirmed", new.kind));
    }
    let known = |p: &crate::media::Partition| {
        was.partitions.iter().any(|q| (q.number, q.first_byte, q.size_bytes) == (p.number, p.first_byte, p.size_bytes))
    };
    match found.partitions.iter().find(|p| !known(p)) {
        Some(new) => Err(format!("it now has the partition {}, which it did not when it was confirmed", new.path)),
        None => Ok(()),
    }
}

/// Digests of the pieces of the head, to tell later whether they were changed. `None` where one can't be read.
pub(super) fn head(queue: &mut dyn Queue, size: u64) -> Option<Vec<String>> {
    pieces(0, size).map(|range| digest_of(queue, range)).collect()
}

/// The same of each partition, in order; [`UNREADABLE`] where a piece can't be read.
pub(super) fn partition_heads(queue: &mut dyn Queue, medium: &Medium) -> Vec<String> {
    let size = medium.identity.size_bytes;
    let all = medium.partitions.iter().flat_map(|p| pieces(p.first_byte, size));
    all.map(|range| digest_of(queue, range).unwrap_or_else(|| UNREADABLE.into())).collect()
}

fn digest_of(queue: &mut dyn Queue, range: ByteRange) -> Option<String> {
    let mut found = None;
    read(queue, range.first_byte, usize::try_from(range.bytes).ok()?, &mut |data| found = Some(digest(data)))?;
    found
}

fn digest(data: &[u8]) -> String {
    blake3::hash(data).to_hex()[..16].to_string()
}

/// The pieces of what begins at `first_byte`, on a medium of `size` bytes.
fn pieces(first_byte: u64, size: u64) -> impl Iterator<Item = ByteRange> {
    let end = HEAD.min(size.saturating_sub(first_byte));
    (0..end.div_ceil(HEAD_PIECE))
        .map(move |i| ByteRange::new(first_byte + i * HEAD_PIECE, HEAD_PIECE.min(end - i * HEAD_PIECE)))
}

/// What the head holds.
enum Head {
    /// Nothing but what it held before the job.
    Old,
    /// That, and bytes of the job.
    Begun,
    /// Something else.
    Foreign,
}

/// What a piece holds.
#[derive(PartialEq)]
enum Piece {
    Old,
    Ours,
    Foreign,
    Unreadable,
}

fn fillers(state: &JobState) -> Option<Vec<Filler>> {
    state.plan.passes.iter().map(|pass| Filler::new(&pass.pattern)).collect()
}

fn piece(queue: &mut dyn Queue, range: ByteRange, old: &str, fillers: &mut [Filler]) -> Piece {
    let mut found = Piece::Unreadable;
    let length = usize::try_from(range.bytes).unwrap_or(0);
    let _ = read(queue, range.first_byte, length, &mut |data| {
        found = match digest(data) == old {
            true => Piece::Old,
            false if fillers.iter_mut().any(|f| f.matches(range.first_byte, data)) => Piece::Ours,
            false => Piece::Foreign,
        };
    });
    found
}

/// What the head holds: `None` where it can't be told.
fn head_is(state: &JobState, queue: &mut dyn Queue, size: u64) -> Option<Head> {
    let (old, mut fillers) = (state.plan.head.as_ref()?, fillers(state)?);
    if old.len() != pieces(0, size).count() {
        return None;
    }
    let mut head = Head::Old;
    for (range, old) in pieces(0, size).zip(old) {
        match piece(queue, range, old, &mut fillers) {
            Piece::Old => {}
            Piece::Ours => head = Head::Begun,
            Piece::Foreign => return Some(Head::Foreign),
            Piece::Unreadable => return None,
        }
    }
    Some(head)
}

/// The kernel may still show the partitions that the job has already cut off at their table: none was put to use.
fn partitions_untouched(state: &JobState, queue: &mut dyn Queue) -> Result<(), String> {
    let was = &state.plan.medium;
    let mut fillers = fillers(state).ok_or("what was written can't be made again")?;
    let mut old = state.plan.partition_heads.iter();
    for partition in &was.partitions {
        for range in pieces(partition.first_byte, was.identity.size_bytes) {
            let old = old.next().ok_or("what its partitions held is not known")?;
            let found = piece(queue, range, old, &mut fillers);
            let same = matches!(found, Piece::Old | Piece::Ours) || (found == Piece::Unreadable && old == UNREADABLE);
            if !same {
                return Err(format!("{} holds other data than when it was confirmed", partition.path));
            }
        }
    }
    Ok(())
}

fn read(queue: &mut dyn Queue, offset: u64, length: usize, take: &mut dyn FnMut(&[u8])) -> Option<()> {
    let slot = queue.lease()?;
    queue.submit(slot, Op::Read, offset, length);
    let done = queue.complete()?;
    let whole = matches!(done.result, Ok(n) if n == length);
    if whole {
        take(queue.buffer(&done.slot).get(..length)?);
    }
    queue.give_back(done.slot);
    whole.then_some(())
}

/// What a look at the content showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Nothing but this job's bytes, and random streams among them: no other medium has these.
    Stream,
    /// Nothing but this job's bytes, all of them fixed patterns that others may write too.
    Fixed,
}

/// Looks at the head of the first `upto` bytes, their end, and random places spread over the rest; known bad ranges behind the
/// head are left out.
/// `None`: one of them holds what none of the job's passes wrote, or can't be read.
fn holds(queue: &mut dyn Queue, state: &JobState, upto: u64) -> Option<Proof> {
    let mut fillers = Vec::new();
    for pass in &state.plan.passes {
        fillers.push((matches!(pass.pattern, Pattern::Stream { .. }), Filler::new(&pass.pattern)?));
    }
    let mut proof = Proof::Fixed;
    for range in places(upto, queue.block_bytes().min(PLACE) as u64)? {
        if state.bad.iter().any(|b| b.range().intersects(range)) {
            // In the head it is where use would show: what can't be told there counts as used.
            if range.first_byte < HEAD {
                return None;
            }
            continue;
        }
        let mut ours = Some(false);
        // Where a pass was cut off inside a place, its two parts are of two passes.
        read(queue, range.first_byte, usize::try_from(range.bytes).ok()?, &mut |data| {
            let mut offset = range.first_byte;
            for piece in data.chunks(PIECE) {
                let by = fillers.iter_mut().find_map(|(stream, f)| f.matches(offset, piece).then_some(*stream));
                ours = ours.zip(by).map(|(before, stream)| before || stream);
                offset += piece.len() as u64;
            }
        })?;
        if ours? {
            proof = Proof::Stream;
        }
    }
    Some(proof)
}

/// The head, the end, and a random place in each of equal parts between.
fn places(upto: u64, length: u64) -> Option<Vec<ByteRange>> {
    let length = length.min(upto / PIECE as u64 * PIECE as u64);
    let blocks = upto.checked_div(length)?;
    let mut random = vec![0; 8 * usize::try_from(PROBES).ok()?];
    let key = draw::key().ok()?;
    Filler::new(&Pattern::Stream { spec: StreamSpec::aes_128_ctr(key), inverted: false })?.fill(0, &mut random);
    let mut chosen: Vec<u64> = (0..blocks.min(HEAD.div_ceil(length))).chain([blocks - 1]).collect();
    for (part, word) in (0..PROBES).zip(random.chunks_exact(8)) {
        let (from, to) = (blocks * part / PROBES, blocks * (part + 1) / PROBES);
        if to > from {
            chosen.push(from + u64::from_le_bytes(word.try_into().ok()?) % (to - from));
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    Some(chosen.into_iter().map(|block| ByteRange::new(block * length, length)).collect())
}
