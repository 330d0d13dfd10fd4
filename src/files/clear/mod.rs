//! Overwriting files in place, and reading their blocks back from the block device underneath.
//!
//! A batch goes through the streaming loop of `io` as one stretch of the block device: what is written at which place follows from the
//! offset on the device alone, so that the readback, and anyone later, needs no more than the pattern and the place. A queue
//! ([`write`]) turns the offset into a file and an offset in it, so that every block is written through its file, and never behind the
//! filesystem's back.

mod below;
mod relay;
mod release;
mod runs;
#[cfg(test)]
mod tests;
mod work;
mod write;

use std::collections::VecDeque;
use std::fs::File;

pub use below::Below;
use relay::Relay;
pub use release::{Remembered, Seen, release, remember};
use runs::Runs;
pub use work::Why;
use work::{Mode, Work};
use write::{Large, Small, sync};

use crate::files::Mapping;
use crate::io::{Control, Halt, InOrder, Queue, Shape, Summary, read};
use crate::media::ByteRange;
use crate::outcome::{BadRange, FileVerdict, Trouble};
use crate::pattern::{Filler, Pattern};
use crate::sys::errno;

/// From so many bytes on a file is written through an engine of its own.
const LARGE: u64 = 8 << 20;
/// The buffer that small files are written from.
const SMALL_BLOCK: usize = 256 << 10;

/// One file to be cleared, open for reading and writing.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The descriptor that everything goes through.
    pub file: &'a File,
    /// Its size in bytes. Writing blocks past its end has it grow.
    pub size_bytes: u64,
    /// It stays: its size is put back. Else it is about to be removed.
    pub keep: bool,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    /// How far it is proved. Layers below the filesystem are not judged here.
    pub verdict: FileVerdict,
    /// Why it is not `cleared-verified`.
    pub why: Option<Why>,
    /// The blocks that it had at the beginning.
    pub mapping: Mapping,
    /// Bytes that were written in the last pass that was begun.
    pub bytes_written: u64,
    /// Bytes that were read back.
    pub bytes_read: u64,
    /// Logical blocks that differ.
    pub mismatches: u64,
    /// Logical blocks that can't be read.
    pub unreadable: u64,
    /// The bad ranges, by offset on the device; not all of them where there are many.
    pub bad: Vec<BadRange>,
}

/// What is kept from batch to batch of one filesystem.
#[derive(Default)]
pub struct Tools {
    reader: Option<Result<Box<dyn Queue>, String>>,
}

impl Tools {
    /// The queue that reads the block device, opened once.
    pub(in crate::files) fn reader(&mut self, below: &dyn Below) -> Result<&mut dyn Queue, String> {
        let made = self.reader.get_or_insert_with(|| below.reader().map_err(|error| errno::describe(&error)));
        match made {
            Ok(queue) => Ok(queue.as_mut()),
            Err(text) => Err(text.clone()),
        }
    }
}

/// Clears the files of `batch`, all of one filesystem: settles and maps them, overwrites every block of each with every pass, maps them
/// again, and where `verify` says so reads the blocks back from the block device and holds them against the last pass.
///
/// Patterns count from the first byte of the block device. [`Control::progress`] counts the bytes of all passes and of the readback;
/// checkpoints are never asked for. There is a [`Cleared`] for each file, in order. With a [`Halt`] those that were not done are
/// `not-cleared`, [`Why::Ended`]; everything in flight was waited for and flushed. A batch that halted can be cleared again.
pub fn clear(
    batch: &[Subject<'_>],
    passes: &[Pattern],
    verify: bool,
    below: &dyn Below,
    tools: &mut Tools,
    control: &mut dyn Control,
) -> (Vec<Cleared>, Result<(), Halt>) {
    let mut works: Vec<Work> = batch.iter().map(Work::new).collect();
    let result = run(&mut works, passes, verify, below, tools, &mut Relay::new(control));
    if result.is_err() {
        works.iter_mut().filter(|work| !work.verified).for_each(|work| work.fail(Why::Ended));
    }
    let block_bytes = u64::from(below.block_bytes());
    (works.into_iter().map(|work| work.end(below, block_bytes)).collect(), result)
}

fn run(
    works: &mut [Work<'_>],
    passes: &[Pattern],
    verify: bool,
    below: &dyn Below,
    tools: &mut Tools,
    relay: &mut Relay<'_>,
) -> Result<(), Halt> {
    let Some(last) = passes.last() else { return Err(Halt::GaveUp("no pass was asked for".into())) };
    let unit = prepare(works, below);
    for (number, pattern) in (1u32..).zip(passes) {
        let mut pass = Pass { number, filler: filler(pattern)?, unit, below };
        pass.run(works, relay)?;
    }
    for work in works.iter_mut().filter(|work| work.is_well()) {
        match below.map(work.subject.file) {
            Err(obstacle) => work.fail(Why::Obstacle(obstacle)),
            Ok(now) if !now.same_blocks(&work.mapping) => work.fail(Why::Moved),
            Ok(_) => work.overwritten = true,
        }
    }
    if !verify {
        works.iter_mut().filter(|work| work.has_blocks()).for_each(|work| work.fail(Why::NotAsked));
    }
    read_back(works, last, below, tools, relay)
}

fn filler(pattern: &Pattern) -> Result<Filler, Halt> {
    Filler::new(pattern).ok_or_else(|| Halt::GaveUp("the pattern can't be generated by this version".into()))
}

/// Settles and maps the files, and sorts out those whose blocks can't be told. Returns the unit in which blocks are written: the
/// filesystem's block, or the device's where the extents are not made of those (FAT).
fn prepare(works: &mut [Work<'_>], below: &dyn Below) -> u32 {
    sync(below, works.iter_mut());
    for work in works.iter_mut() {
        match (work.sync_failed.take(), below.map(work.subject.file)) {
            (Some(error), _) => work.fail(Why::NotSynced(error)),
            (None, Err(obstacle)) => work.fail(Why::Obstacle(obstacle)),
            (None, Ok(mapping)) => work.mapping = mapping,
        }
    }
    let logical_block = below.shape().logical_block_bytes;
    let usual = below.block_bytes().clamp(512, 64 << 10).max(logical_block);
    let usual = if usual.is_power_of_two() { usual } else { logical_block };
    let made_of = |work: &Work, unit: u32| odd(&work.mapping, u64::from(unit)).is_none();
    let unit = if works.iter().all(|work| made_of(work, usual)) { usual } else { logical_block };
    for work in works.iter_mut() {
        if let Some(text) = odd(&work.mapping, u64::from(unit)) {
            work.mapping = Mapping::default();
            work.fail(Why::OddMapping(text));
        }
        work.large = work.mapping.bytes() >= LARGE;
    }
    let (_, twice) = Runs::of(works.iter().map(|work| &work.mapping).enumerate());
    for file in twice {
        if let Some(work) = works.get_mut(file) {
            work.fail(Why::Twice);
        }
    }
    unit
}

/// What is impossible in a mapping, if anything.
fn odd(mapping: &Mapping, unit: u64) -> Option<String> {
    let mut end = 0;
    for e in &mapping.extents {
        let aligned = [e.logical, e.physical, e.bytes].iter().all(|n| n.is_multiple_of(unit.max(1)));
        let bounded = [e.logical, e.physical].iter().all(|n| n.checked_add(e.bytes).is_some_and(|end| end < 1 << 63));
        if unit == 0 || !aligned || !bounded || e.bytes == 0 || e.logical < end {
            return Some(format!(
                "{} bytes from byte {} of the file at byte {} of the device",
                e.bytes, e.logical, e.physical
            ));
        }
        end = e.logical + e.bytes;
    }
    None
}

struct Pass<'p> {
    number: u32,
    filler: Filler,
    unit: u32,
    below: &'p dyn Below,
}

impl Pass<'_> {
    /// Writes every file that is well, the small ones together.
    fn run(&mut self, works: &mut [Work<'_>], relay: &mut Relay<'_>) -> Result<(), Halt> {
        works.iter_mut().filter(|work| work.is_well()).for_each(|work| work.accepted = 0);
        for work in works.iter_mut().filter(|work| work.is_well() && work.large) {
            self.large(work, relay)?;
        }
        self.small(works, relay)
    }

    fn small(&mut self, works: &mut [Work<'_>], relay: &mut Relay<'_>) -> Result<(), Halt> {
        let wanted = |work: &Work| work.is_well() && work.is_small();
        let of =
            works.iter().enumerate().filter(|(_, work)| wanted(work)).map(|(number, work)| (number, &work.mapping));
        let (runs, _) = Runs::of(of);
        if runs.each().next().is_none() {
            return Ok(());
        }
        let blocks = Small { below: self.below, runs: &runs, works: &mut *works };
        let block = SMALL_BLOCK.max(usize::try_from(self.unit).unwrap_or(SMALL_BLOCK));
        let mut queue =
            InOrder::new(blocks, block, 1).map_err(|e| Halt::GaveUp(format!("no buffer could be had: {e}")))?;
        let (_, result) = self.stream(&mut queue, &runs, relay);
        self.account(works, &runs, relay);
        result
    }

    fn large(&mut self, work: &mut Work<'_>, relay: &mut Relay<'_>) -> Result<(), Halt> {
        if work.mode == Mode::Untried
            && let Err(error) = self.ready(work)
        {
            work.fail(Why::Write(errno::describe(&error)));
            return Ok(());
        }
        if work.mode == Mode::Buffered {
            work.large = false;
            return Ok(());
        }
        let shape = Shape { logical_block_bytes: self.unit, ..self.below.shape() };
        let inner = match self.below.writer(work.subject.file, shape) {
            Ok(inner) => inner,
            Err(error) => return Err(Halt::GaveUp(format!("no engine could be set up: {error}"))),
        };
        let (runs, _) = Runs::of(std::iter::once((0, &work.mapping)));
        let mut queue = Large { inner, runs: &runs, work, refused: false, unsent: VecDeque::new() };
        let (_, result) = self.stream(&mut queue, &runs, relay);
        if queue.refused {
            relay.ended(0);
            (work.mode, work.large, work.dead) = (Mode::Buffered, false, None);
            return self.below.set_direct(work.subject.file, false).map_err(|e| Halt::GaveUp(errno::describe(&e)));
        }
        self.account(std::slice::from_mut(work), &runs, relay);
        result
    }

    /// Past the page cache, and as long as its blocks: writes in parallel must not be what has it grow, or the filesystem might zero
    /// the rest of its last block after that was written.
    fn ready(&self, work: &mut Work<'_>) -> std::io::Result<()> {
        let file = work.subject.file;
        let end = work.end_of_blocks();
        if file.metadata()?.len() < end {
            file.set_len(end)?;
            work.grown = true;
            self.below.sync(file)?;
        }
        work.go_direct(self.below)
    }

    fn stream(&mut self, queue: &mut dyn Queue, runs: &Runs, relay: &mut Relay<'_>) -> (Summary, Result<(), Halt>) {
        let write = if self.filler.is_steady(self.unit) { crate::io::write_steady } else { crate::io::write };
        let mut fill = |offset: u64, buffer: &mut [u8]| self.filler.fill(offset, buffer);
        write(queue, &mut runs.each(), self.unit, self.number, &mut fill, relay)
    }

    /// Tells each file what became of it. `runs` name the files by their number in `works`.
    fn account(&self, works: &mut [Work<'_>], runs: &Runs, relay: &mut Relay<'_>) {
        let (bad, overflowed) = relay.ended(runs.merged().bytes());
        share(works, runs, bad, u64::from(self.below.shape().logical_block_bytes));
        for work in works {
            work.pass_ended();
            if overflowed && work.is_well() {
                work.fail(Why::Write("too many bad blocks to tell which files they belong to".into()));
            }
        }
    }
}

/// Gives each bad range to the file, or files, that it belongs to.
fn share(works: &mut [Work<'_>], runs: &Runs, bad: Vec<BadRange>, logical_block: u64) {
    for bad in bad {
        for (file, part) in runs.parts(bad.range()) {
            if let Some(work) = works.get_mut(file) {
                let ByteRange { first_byte, bytes } = part;
                work.note(BadRange { first_byte, bytes, ..bad.clone() }, logical_block);
            }
        }
    }
}

/// Reads the blocks of every file that is well, by place on the device, and holds them against `pattern`.
fn read_back(
    works: &mut [Work<'_>],
    pattern: &Pattern,
    below: &dyn Below,
    tools: &mut Tools,
    relay: &mut Relay<'_>,
) -> Result<(), Halt> {
    let well = works.iter().enumerate().filter(|(_, work)| work.is_well());
    let (runs, _) = Runs::of(well.map(|(number, work)| (number, &work.mapping)));
    let ranges = runs.merged();
    if !ranges.is_empty() {
        let reader = match tools.reader(below) {
            Ok(reader) => reader,
            Err(text) => {
                let blocks = works.iter_mut().filter(|work| work.has_blocks());
                blocks.for_each(|work| work.fail(Why::NoReader(text.clone())));
                return read_back(works, pattern, below, tools, relay);
            }
        };
        let mut filler = filler(pattern)?;
        let logical_block = below.shape().logical_block_bytes;
        let mut matches = |offset: u64, data: &[u8]| filler.matches(offset, data);
        let mut each = ranges.ranges().iter().copied();
        let (_, result) = read(reader, &mut each, logical_block, &mut matches, relay);
        let (bad, overflowed) = relay.ended(ranges.bytes());
        let unread = |work: &Work| -> u64 { work.unreadable * u64::from(logical_block) };
        let differs = bad.iter().any(|bad| bad.kind == Trouble::Mismatch);
        share(works, &runs, bad, u64::from(logical_block));
        result?;
        if overflowed {
            let why = if differs { Why::Differs } else { Why::Unreadable };
            works.iter_mut().filter(|work| work.has_blocks()).for_each(|work| work.fail(why.clone()));
        }
        for work in works.iter_mut().filter(|work| work.is_well()) {
            work.bytes_read = work.mapping.bytes().saturating_sub(unread(work));
        }
    }
    for work in works.iter_mut().filter(|work| work.is_well()) {
        match (work.mismatches, work.unreadable) {
            (0, 0) => work.verified = true,
            (0, _) => work.fail(Why::Unreadable),
            _ => work.fail(Why::Differs),
        }
    }
    Ok(())
}
