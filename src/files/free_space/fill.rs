//! Files without names until nothing is free: reserved piece by piece, and written through an engine.

use std::fs::File;
use std::io;

use super::plain;
use crate::files::walk::random_name;
use crate::io::{Control, Engine, Halt, Shape, open_queue, write, write_steady};
use crate::media::ByteRange;
use crate::outcome::BadRange;
use crate::pattern::{Filler, Pattern};
use crate::problem::Problem;
use crate::sys::filling::{self, Room};

/// What is reserved at once while there is much: the others on the filesystem meet its end as late as possible.
const PIECE: u64 = 1 << 30;
/// Length of the name of a file where there are none without.
const NAME: usize = 26;

/// What is to be filled, and with what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// A directory of the filesystem, open for reading.
    pub directory: &'a File,
    /// Block of the filesystem in bytes: a power of two.
    pub block_bytes: u64,
    /// Logical block in bytes of the device below, for O_DIRECT; a divisor of `block_bytes`.
    pub logical_block_bytes: u32,
    /// The content. Anything but a random stream leaves free space untouched on a filesystem that compresses.
    pub pattern: &'a Pattern,
    /// No file is to be larger; `u64::MAX` for no limit but the filesystem's and RLIMIT_FSIZE.
    pub largest_file: u64,
    /// Forces an engine (tests).
    pub prefer: Option<Engine>,
}

/// Why the filling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Not one more block is to be had (ENOSPC).
    Full,
    /// A quota of this user or project is used up (EDQUOT): the filesystem has more.
    Quota,
    /// Not even one block may be written to a file (EFBIG).
    FileSize,
    /// [`Control::stop`] said so.
    Stopped,
}

/// A file without a name that holds what was free.
#[derive(Debug)]
pub struct FillFile {
    /// The file; dropping it frees its blocks again.
    pub file: File,
    /// Where in the pattern its first byte lies.
    pub stream_offset: u64,
    /// Bytes from its start that are blocks of it.
    pub bytes: u64,
}

/// What was filled.
#[derive(Debug)]
pub struct Filled {
    /// The files, all synced. To be mapped and read back before they are dropped.
    pub files: Vec<FillFile>,
    /// Bytes written.
    pub bytes: u64,
    /// Bytes of blocks that were set aside and then could not be written for want of room, for the filesystem's notes about them or on
    /// a thin device below: they hold what was there before.
    pub unwritten_bytes: u64,
    /// Why it ended.
    pub end: End,
    /// What the filesystem still counted as free at the end.
    pub left_bytes: u64,
    /// Whether everything went past the page cache.
    pub direct: bool,
}

/// Fills the filesystem with files that have no name, so that nothing stays behind however this process ends. Watermarks of
/// [`Control::progress`] count all bytes of all files.
///
/// # Errors
/// Failed: the filesystem's or device's answer; all that was taken is free again.
pub fn fill(request: &Request<'_>, control: &mut dyn Control) -> Result<Filled, Problem> {
    let failed = |e: io::Error| failed(&e.to_string());
    let filler = Filler::new(request.pattern).ok_or_else(|| super::fill::failed("the pattern can't be made"))?;
    let block = request.block_bytes;
    let logical = u64::from(request.logical_block_bytes);
    if !block.is_power_of_two() || logical == 0 || !block.is_multiple_of(logical) {
        return Err(super::fill::failed(&format!(
            "blocks of {block} bytes do not fit logical blocks of {logical} bytes"
        )));
    }
    let limit = request.largest_file.min(filling::largest_file().map_err(failed)?);
    let largest = (limit / block * block).min(i64::MAX as u64 / block * block);
    let mut filling =
        Filling { request, control, filler, files: Vec::new(), bytes: 0, unwritten: 0, direct: true, largest };
    let end = filling.run()?;
    let Filling { files, bytes, unwritten, direct, .. } = filling;
    let left_bytes = filling::left(request.directory).map_err(failed)?.bytes;
    Ok(Filled { files, bytes, unwritten_bytes: unwritten, end, left_bytes, direct })
}

struct Filling<'a> {
    request: &'a Request<'a>,
    control: &'a mut dyn Control,
    filler: Filler,
    files: Vec<FillFile>,
    bytes: u64,
    unwritten: u64,
    direct: bool,
    largest: u64,
}

/// How far a reservation came.
enum Reserved {
    /// That many bytes more; there may be room for more.
    More(u64),
    /// That many bytes more, and then no block for this reason.
    Last(u64, Room),
}

impl Filling<'_> {
    fn run(&mut self) -> Result<End, Problem> {
        loop {
            if self.control.stop() {
                return Ok(End::Stopped);
            }
            let (end, bytes) = self.one_file()?;
            match end {
                // The file is as large as it may be: the next one.
                End::FileSize if bytes > 0 => {}
                end => return Ok(end),
            }
        }
    }

    /// Fills one file as far as it goes; why it ended, and its bytes.
    fn one_file(&mut self) -> Result<(End, u64), Problem> {
        let stream_offset = self.files.iter().map(|f| f.bytes).sum();
        let open = |direct| {
            let name = random_name(NAME)?;
            filling::nameless(self.request.directory, &name, direct)
        };
        let (file, direct) = match open(true) {
            Ok(file) => (file, true),
            Err(direct) => match open(false) {
                Ok(file) => (file, false),
                Err(error) => {
                    return match filling::room(&error) {
                        // No inode, or no block for it.
                        Room::Full => Ok((End::Full, 0)),
                        Room::Quota => Ok((End::Quota, 0)),
                        _ => Err(failed(&format!("no file can be made: {error} (with O_DIRECT: {direct})"))),
                    };
                }
            },
        };
        let mut at = 0;
        let mut end = None;
        while end.is_none() && direct {
            if self.control.stop() {
                end = Some(End::Stopped);
                break;
            }
            let more = match self.reserve(&file, at)? {
                Some(Reserved::More(more)) => more,
                Some(Reserved::Last(more, why)) => {
                    end = Some(match why {
                        Room::Quota => End::Quota,
                        Room::FileSize => End::FileSize,
                        _ => End::Full,
                    });
                    more
                }
                None => break,
            };
            if more > 0 && self.write(&file, at, more, stream_offset)? == End::Stopped {
                end = Some(End::Stopped);
            }
            at += more;
        }
        let end = match end {
            Some(end) => end,
            None => {
                // No O_DIRECT, or nothing can be reserved: through the page cache, synced.
                self.direct = false;
                let file = if direct { open(false).map_err(|e| failed(&e.to_string()))? } else { file };
                let (end, bytes) = plain::fill(
                    &file,
                    self.largest,
                    self.request.block_bytes,
                    &mut |offset, buffer| self.filler.fill(stream_offset + offset, buffer),
                    &mut Progress { control: self.control, before: self.bytes },
                )?;
                self.bytes += bytes;
                self.files.push(FillFile { file, stream_offset, bytes });
                return Ok((end, bytes));
            }
        };
        self.files.push(FillFile { file, stream_offset, bytes: at });
        Ok((end, at))
    }

    /// Sets the next blocks aside: a large piece, or, where that fails, as many as there are. `None`: that can't be done here.
    fn reserve(&self, file: &File, from: u64) -> Result<Option<Reserved>, Problem> {
        let block = self.request.block_bytes;
        let mut piece = PIECE.next_multiple_of(block);
        let mut got = 0;
        loop {
            // Past the largest file nothing is even tried: RLIMIT_FSIZE ends the process.
            let fits = self.largest.saturating_sub(from + got);
            let answer = if piece > fits { Err(Room::FileSize) } else { reserve(file, from + got, piece) };
            match answer {
                Ok(()) if got == 0 && piece >= PIECE => return Ok(Some(Reserved::More(piece))),
                Ok(()) => got += piece,
                Err(Room::Unsupported) if from == 0 && got == 0 => return Ok(None),
                Err(Room::Failed | Room::Unsupported) => {
                    return Err(failed("no blocks can be set aside (fallocate), and not for want of room"));
                }
                Err(why) if piece == block => return Ok(Some(Reserved::Last(got, why))),
                Err(_) => piece = (piece / 2).max(block),
            }
        }
    }

    /// Writes what was set aside; [`End::Stopped`] where that was asked for.
    fn write(&mut self, file: &File, from: u64, bytes: u64, stream_offset: u64) -> Result<End, Problem> {
        let logical = self.request.logical_block_bytes;
        let shape = Shape { logical_block_bytes: logical, max_io_bytes: 0, optimal_io_bytes: 0 };
        let clone = file.try_clone().map_err(|e| failed(&e.to_string()))?;
        let mut queue = open_queue(clone, shape, self.request.prefer).map_err(|e| failed(&e.to_string()))?;
        let filler = &mut self.filler;
        let steady = filler.is_steady(logical);
        let mut content = |offset: u64, buffer: &mut [u8]| filler.fill(stream_offset + offset, buffer);
        let mut watch = Watch { control: self.control, before: self.bytes, unwritten: 0, failure: None };
        let mut ranges = std::iter::once(ByteRange::new(from, bytes));
        let stream = if steady { write_steady } else { write };
        let (summary, result) = stream(&mut *queue, &mut ranges, logical, 1, &mut content, &mut watch);
        let Watch { unwritten, failure, .. } = watch;
        self.bytes += summary.bytes;
        self.unwritten += unwritten;
        match (failure, result) {
            (Some(why), _) | (None, Err(Halt::Lost(why) | Halt::GaveUp(why))) => Err(failed(&why)),
            (None, Err(Halt::Stopped)) => Ok(End::Stopped),
            (None, Ok(())) => Ok(End::Full),
        }
    }
}

fn reserve(file: &File, from: u64, bytes: u64) -> Result<(), Room> {
    filling::reserve(file, from, bytes).map_err(|e| filling::room(&e))
}

/// Passes the streaming loop's questions on, with the bytes that were written before.
struct Watch<'a> {
    control: &'a mut dyn Control,
    before: u64,
    unwritten: u64,
    failure: Option<String>,
}

impl Control for Watch<'_> {
    fn stop(&mut self) -> bool {
        self.control.stop()
    }
    fn max_rate(&self) -> Option<u64> {
        self.control.max_rate()
    }
    fn progress(&mut self, watermark: u64) {
        self.control.progress(self.before + watermark);
    }
    fn checkpoint_due(&mut self, _: u64) -> bool {
        false
    }
    fn durable(&mut self, _: u64) -> Result<(), Halt> {
        Ok(())
    }
    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        let why = range.error.clone().unwrap_or_default();
        // Blocks are there; what is wanting is room for what the filesystem notes about them.
        if why.starts_with("ENOSPC") || why.starts_with("EDQUOT") {
            self.unwritten += range.bytes;
            return Ok(());
        }
        let text = format!("{} bytes can't be written: {why}", range.bytes);
        self.failure.get_or_insert_with(|| text.clone());
        self.control.bad(range)?;
        Err(Halt::GaveUp(text))
    }
}

/// What the plain way asks and tells.
pub(super) struct Progress<'a> {
    control: &'a mut dyn Control,
    before: u64,
}

impl Progress<'_> {
    pub fn stop(&mut self) -> bool {
        self.control.stop()
    }
    pub fn told(&mut self, bytes: u64) {
        self.control.progress(self.before + bytes);
    }
    pub fn max_rate(&self) -> Option<u64> {
        self.control.max_rate()
    }
}

pub(super) fn failed(why: &str) -> Problem {
    Problem::failed(
        format!("the free space can't be filled: {why}"),
        "What was taken is free again. Look at the filesystem and its device (dmesg), and try again.",
    )
}
