//! What is known of one file while it is cleared.

use std::fmt;
use std::io;

use super::below::Below;
use super::{Cleared, Subject};
use crate::files::{Mapping, Obstacle};
use crate::outcome::{BadRange, FileVerdict, Trouble};
use crate::sys::errno;

/// Why a file is not cleared and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The filesystem does not say where its blocks lie, before or after.
    Obstacle(Obstacle),
    /// What the filesystem says of its blocks can't be.
    OddMapping(String),
    /// Another file of the same batch has the same blocks.
    Twice,
    /// Its pages could not be written out before it was mapped.
    NotSynced(String),
    /// It could not be overwritten whole.
    Write(String),
    /// What was written could not be made durable.
    Flush(String),
    /// Afterwards it had other blocks: those from before may hold its content still.
    Moved,
    /// Blocks on the device hold something else than what was written.
    Differs,
    /// Blocks on the device can't be read.
    Unreadable,
    /// The block device can't be read at all.
    NoReader(String),
    /// No verification was asked for.
    NotAsked,
    /// Cleared, but its size could not be put back to what it was.
    Size(String),
    /// The work ended before this file was done.
    Ended,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Obstacle(obstacle) => write!(f, "where its blocks lie is not to be had ({obstacle:?})"),
            Why::OddMapping(text) => write!(f, "what the filesystem says of its blocks can't be: {text}"),
            Why::Twice => write!(f, "it has a block in common with another file"),
            Why::NotSynced(error) => write!(f, "its pages could not be written out: {error}"),
            Why::Write(error) => write!(f, "it could not be overwritten whole: {error}"),
            Why::Flush(error) => write!(f, "what was written could not be made durable: {error}"),
            Why::Moved => {
                write!(f, "it had other blocks after it was overwritten; those from before may hold its content")
            }
            Why::Differs => write!(f, "blocks on the device hold something else than what was written"),
            Why::Unreadable => write!(f, "blocks on the device can't be read back"),
            Why::NoReader(error) => write!(f, "the block device can't be read: {error}"),
            Why::NotAsked => write!(f, "no verification was asked for"),
            Why::Size(error) => write!(f, "its size could not be put back: {error}"),
            Why::Ended => write!(f, "the work ended before it was done"),
        }
    }
}

/// How a file is written. One way for the whole file: mixed, pages written late could come over blocks written past them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Untried,
    /// O_DIRECT.
    Direct,
    /// Through the page cache.
    Buffered,
}

/// Bad ranges kept a file; all are counted.
const MOST_BAD: usize = 256;

/// See the module.
pub(super) struct Work<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) mapping: Mapping,
    pub(super) large: bool,
    pub(super) mode: Mode,
    /// Bytes that the kernel took in this pass.
    pub(super) accepted: u64,
    /// Its size was raised to the end of its blocks.
    pub(super) grown: bool,
    /// It can't be written any more.
    pub(super) dead: Option<String>,
    pub(super) sync_failed: Option<String>,
    pub(super) mismatches: u64,
    pub(super) unreadable: u64,
    pub(super) bytes_read: u64,
    bad: Vec<BadRange>,
    why: Option<Why>,
    /// Every pass wrote it whole, and it had the same blocks afterwards.
    pub(super) overwritten: bool,
    pub(super) verified: bool,
}

impl<'a> Work<'a> {
    pub(super) fn new(subject: &'a Subject<'a>) -> Self {
        Work {
            subject,
            mapping: Mapping::default(),
            large: false,
            mode: Mode::Untried,
            accepted: 0,
            grown: false,
            dead: None,
            sync_failed: None,
            mismatches: 0,
            unreadable: 0,
            bytes_read: 0,
            bad: Vec::new(),
            why: None,
            overwritten: false,
            verified: false,
        }
    }

    /// Nothing speaks against it so far.
    pub(super) fn is_well(&self) -> bool {
        self.why.is_none()
    }

    pub(super) fn is_small(&self) -> bool {
        !self.large
    }

    pub(super) fn has_blocks(&self) -> bool {
        !self.mapping.extents.is_empty()
    }

    /// One past the last byte of its last block, in the file.
    pub(super) fn end_of_blocks(&self) -> u64 {
        self.mapping.extents.last().map_or(0, |e| e.logical + e.bytes)
    }

    /// The first reason stands.
    pub(super) fn fail(&mut self, why: Why) {
        self.why.get_or_insert(why);
    }

    /// O_DIRECT, or the page cache where the filesystem has none.
    pub(super) fn go_direct(&mut self, below: &dyn Below) -> io::Result<()> {
        self.mode = match below.set_direct(self.subject.file, true) {
            Ok(()) => Mode::Direct,
            Err(error) if error.raw_os_error() == Some(errno::EINVAL) => Mode::Buffered,
            Err(error) => return Err(error),
        };
        Ok(())
    }

    /// A range of it was not written, not read, or differs.
    pub(super) fn note(&mut self, bad: BadRange, logical_block: u64) {
        let blocks = bad.bytes.div_ceil(logical_block.max(1));
        match bad.kind {
            Trouble::Mismatch => self.mismatches += blocks,
            Trouble::Unreadable => self.unreadable += blocks,
            Trouble::WriteFailed => {
                let error = self.dead.clone().or_else(|| bad.error.clone()).unwrap_or_default();
                self.fail(Why::Write(error));
            }
        }
        if self.bad.len() < MOST_BAD {
            self.bad.push(bad);
        }
    }

    /// A pass is over.
    pub(super) fn pass_ended(&mut self) {
        if let Some(error) = self.sync_failed.take() {
            self.fail(Why::Flush(error));
        }
    }

    /// Puts the size back where writing past the end had it grow, unless that would free blocks that are not known to be
    /// overwritten.
    fn put_size_back(&mut self, below: &dyn Below, block_bytes: u64) {
        let done = self.why.is_none() || self.overwritten;
        let end = self.subject.size_bytes.next_multiple_of(block_bytes.max(1));
        let frees = self.end_of_blocks() > end;
        if (done && !self.subject.keep) || (!done && frees) {
            return;
        }
        let file = self.subject.file;
        let put = || {
            // Any other size is somebody else's doing.
            let ours = self.subject.size_bytes + 1..=self.end_of_blocks();
            if ours.contains(&file.metadata()?.len()) {
                file.set_len(self.subject.size_bytes)?;
                below.sync(file)?;
            }
            Ok(())
        };
        let result: io::Result<()> = put();
        if let Err(error) = result {
            let error = errno::describe(&error);
            self.fail(Why::Size(error));
        }
    }

    /// The end: leaves the descriptor as it was found, and judges.
    pub(super) fn end(mut self, below: &dyn Below, block_bytes: u64) -> Cleared {
        if self.mode == Mode::Direct {
            // A refusal changes nothing of what was done.
            let _ = below.set_direct(self.subject.file, false);
        }
        if self.accepted > 0 || self.grown {
            self.put_size_back(below, block_bytes);
        }
        let verdict = match &self.why {
            None if self.verified => FileVerdict::ClearedVerified,
            Some(Why::NotAsked | Why::NoReader(_) | Why::Size(_)) if self.overwritten => {
                FileVerdict::OverwrittenUnverified
            }
            _ => FileVerdict::NotCleared,
        };
        Cleared {
            verdict,
            why: self.why,
            bytes_written: self.accepted.min(self.mapping.bytes()),
            bytes_read: self.bytes_read,
            mismatches: self.mismatches,
            unreadable: self.unreadable,
            bad: self.bad,
            mapping: self.mapping,
        }
    }
}
