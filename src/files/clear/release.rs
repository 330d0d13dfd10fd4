//! Files that can't be proved to be overwritten in place: overwritten all the same where that makes sense, cut to nothing, and their
//! old blocks looked at, once the filesystem has been told to hand them to the device.

use std::fs::File;
use std::io;

use super::below::Below;
use super::relay::Relay;
use super::runs::Runs;
use super::{SMALL_BLOCK, Subject, Tools, filler};
use crate::files::Mapping;
use crate::io::{Control, Halt, read};
use crate::media::{ByteRange, RangeSet};
use crate::pattern::Pattern;
use crate::sys::buffer::Pool;
use crate::sys::{errno, extents, settle};

/// Digests kept of one batch, 16 bytes each. Of more blocks than that every second, third … is watched.
const MOST_BLOCKS: u64 = 1 << 20;
/// What is read and watched as one.
const BLOCK: u64 = 4096;

/// What the old blocks of some files held, as digests under a key that lives here alone.
pub struct Remembered {
    key: [u8; 32],
    /// Every how many blocks one is watched.
    stride: u64,
    files: usize,
    runs: Runs,
    /// By place on the device; only blocks that hold something, and that could be read.
    digests: Vec<(u64, [u8; 16])>,
    block: u64,
}

/// What became of the old blocks of one file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Blocks that held something before and were looked at again.
    pub watched: u64,
    /// Blocks that hold now what they held before.
    pub still: u64,
    /// Blocks that could not be read again.
    pub unreadable: u64,
    /// Not every block was watched, for there were too many.
    pub sampled: bool,
}

impl Seen {
    /// Whether something of the old content was seen, or a block could not be looked at.
    pub fn may_be_there(&self) -> bool {
        self.still > 0 || self.unreadable > 0
    }
}

/// The digest of a block; `None` where it is one byte repeated, which gives nothing away and may well be there again.
fn digest(key: &[u8; 32], data: &[u8]) -> Option<[u8; 16]> {
    let first = data.first()?;
    if data.iter().all(|byte| byte == first) {
        return None;
    }
    let whole = blake3::keyed_hash(key, data);
    whole.as_bytes().first_chunk::<16>().copied()
}

fn no_reader(text: String) -> Halt {
    Halt::GaveUp(format!("the block device can't be read: {text}"))
}

/// Reads the blocks of these files from the block device, before anything is done to them. `key` must be fresh and random.
///
/// # Errors
/// The device can't be read, or [`Control`] stopped it. Blocks that can't be read go to [`Control::bad`].
pub fn remember(
    files: &[Mapping],
    key: [u8; 32],
    below: &dyn Below,
    tools: &mut Tools,
    control: &mut dyn Control,
) -> Result<Remembered, Halt> {
    // What a file shares with one before it is watched with that one.
    let (runs, _) = Runs::of(files.iter().enumerate());
    let logical_block = u64::from(below.shape().logical_block_bytes);
    let aligned = runs.each().all(|range| range.first_byte.is_multiple_of(BLOCK) && range.bytes.is_multiple_of(BLOCK));
    let block = if aligned { BLOCK.max(logical_block) } else { logical_block.max(512) };
    let stride = (runs.merged().bytes() / block).div_ceil(MOST_BLOCKS).max(1);
    let mut remembered = Remembered { key, stride, files: files.len(), runs, digests: Vec::new(), block };
    remembered.digests = remembered.digests_of(&remembered.places(), below, tools, control)?;
    Ok(remembered)
}

impl Remembered {
    /// The watched blocks, in order.
    fn places(&self) -> RangeSet {
        let whole = self.runs.merged();
        if self.stride == 1 {
            return whole;
        }
        let blocks = whole.ranges().iter().flat_map(|range| {
            let step = usize::try_from(self.stride * self.block).unwrap_or(usize::MAX);
            (range.first_byte..range.end()).step_by(step)
        });
        blocks.map(|first| ByteRange::new(first, self.block)).collect()
    }

    fn digests_of(
        &self,
        places: &RangeSet,
        below: &dyn Below,
        tools: &mut Tools,
        control: &mut dyn Control,
    ) -> Result<Vec<(u64, [u8; 16])>, Halt> {
        let mut digests = Vec::new();
        if places.is_empty() {
            return Ok(digests);
        }
        let block = usize::try_from(self.block).unwrap_or(usize::MAX);
        let mut take = |offset: u64, data: &[u8]| {
            for (at, piece) in (offset..).step_by(block).zip(data.chunks(block)) {
                digests.extend(digest(&self.key, piece).map(|digest| (at, digest)));
            }
            true
        };
        let unit = u32::try_from(self.block).unwrap_or(u32::MAX);
        let mut each = places.ranges().iter().copied();
        read(tools.reader(below).map_err(no_reader)?, &mut each, unit, &mut take, control).1?;
        digests.sort_unstable();
        digests.dedup();
        Ok(digests)
    }

    /// Reads the same blocks again, and tells of each file whether they hold what they held. Whoever calls has had the filesystem
    /// settle first (a checkpoint, FITRIM): what is still in flight would be told as still there.
    ///
    /// # Errors
    /// As [`remember`].
    pub fn look(&self, below: &dyn Below, tools: &mut Tools, control: &mut dyn Control) -> Result<Vec<Seen>, Halt> {
        let mut seen = vec![Seen { sampled: self.stride > 1, ..Seen::default() }; self.files];
        let watched = self.digests.iter().map(|(at, _)| ByteRange::new(*at, self.block));
        let mut relay = Relay::new(control);
        let now = self.digests_of(&watched.collect(), below, tools, &mut relay)?;
        let (bad, overflowed) = relay.ended(0);
        for (at, digest) in &self.digests {
            let Some(seen) = self.runs.at(*at).and_then(|run| seen.get_mut(run.file)) else { continue };
            seen.watched += 1;
            let is_bad = overflowed || bad.iter().any(|bad| bad.range().contains(ByteRange::new(*at, 1)));
            seen.unreadable += u64::from(is_bad);
            seen.still += u64::from(now.binary_search(&(*at, *digest)).is_ok());
        }
        Ok(seen)
    }
}

/// Writes `pattern` over the file through the page cache, where one is given, and makes it durable; then cuts it to nothing, and makes
/// that durable. With `mapping` the pattern counts from the first byte of the block device and reaches past the end of the file,
/// else it counts from the beginning of the file. Holes are left.
///
/// # Errors
/// [`Halt::Stopped`]: the file is as it was, or partly overwritten, never cut. The inner error: as pwrite(2), fsync(2), ftruncate(2);
/// where overwriting failed, nothing was cut.
pub fn release(
    subject: &Subject<'_>,
    mapping: Option<&Mapping>,
    pattern: Option<&Pattern>,
    below: &dyn Below,
    control: &mut dyn Control,
) -> Result<Result<u64, String>, Halt> {
    let mut written = 0;
    if let Some(pattern) = pattern {
        match overwrite(subject, mapping, pattern, below, control)? {
            Ok(bytes) => written = bytes,
            Err(error) => return Ok(Err(errno::describe(&error))),
        }
    }
    let cut = || {
        subject.file.set_len(0)?;
        subject.file.sync_all()
    };
    Ok(cut().map(|()| written).map_err(|error: io::Error| errno::describe(&error)))
}

fn overwrite(
    subject: &Subject<'_>,
    mapping: Option<&Mapping>,
    pattern: &Pattern,
    below: &dyn Below,
    control: &mut dyn Control,
) -> Result<io::Result<u64>, Halt> {
    let mut filler = filler(pattern)?;
    let runs: Vec<(u64, u64, u64)> = match mapping {
        Some(mapping) => mapping.extents.iter().map(|e| (e.logical, e.physical, e.bytes)).collect(),
        None => match extents::data(subject.file, subject.size_bytes) {
            Ok(parts) => parts.into_iter().map(|(at, bytes)| (at, at, bytes)).collect(),
            Err(error) => return Ok(Err(error)),
        },
    };
    let mut pool = Pool::new(SMALL_BLOCK, 1).map_err(|e| Halt::GaveUp(format!("no buffer could be had: {e}")))?;
    let mut written = 0;
    for (logical, place, bytes) in runs {
        let mut done = 0;
        while done < bytes {
            if control.stop() {
                return Err(Halt::Stopped);
            }
            let piece = usize::try_from(bytes - done).map_or(SMALL_BLOCK, |rest| rest.min(SMALL_BLOCK));
            let Some(buffer) = pool.buffer(0).get_mut(..piece) else { break };
            filler.fill(place + done, buffer);
            match below.write(subject.file, buffer, logical + done) {
                Ok(0) => return Ok(Err(io::Error::from(io::ErrorKind::WriteZero))),
                Ok(moved) => done += moved as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        written += done;
    }
    Ok(settle_down(subject.file).map(|()| written))
}

fn settle_down(file: &File) -> io::Result<()> {
    file.sync_all()?;
    settle::drop_pages(file)
}
