//! Writing to files at offsets of the block device below them: many small ones in turn, or one large one through an engine.

use std::collections::VecDeque;
use std::io;

use super::below::Below;
use super::runs::Runs;
use super::work::{Mode, Work};
use crate::io::{Blocks, Completion, Engine, Op, Queue, Slot};
use crate::sys::errno::{self, Meaning};
use crate::sys::{open, settle};

/// Up to so many files are synced one by one; more of them by their filesystem, which costs one flush instead of one a file.
const SYNC_EACH: usize = 8;

fn not_ours() -> io::Error {
    io::Error::from_raw_os_error(errno::EINVAL)
}

/// An error that says that this one file can't be written any more, not that the device is gone (EPERM, EACCES: made immutable,
/// a swap file; ENOSPC, EDQUOT), becomes EIO for the stream; what it was is kept with the file.
fn of_the_file(work: &mut Work, error: io::Error) -> io::Error {
    let full = [errno::ENOSPC, errno::EDQUOT, errno::EFBIG].iter().any(|n| error.raw_os_error() == Some(*n));
    if full || open::cause(&error) == open::Cause::Denied {
        work.dead.get_or_insert_with(|| errno::describe(&error));
        return io::Error::from_raw_os_error(errno::EIO);
    }
    error
}

/// Makes these files durable. What failed is told to the file that it belongs to.
pub(super) fn sync<'w, 'a: 'w>(below: &dyn Below, works: impl Iterator<Item = &'w mut Work<'a>>) {
    let mut works: Vec<&mut Work> = works.collect();
    let together = works.len() > SYNC_EACH
        && works.first().is_some_and(|first| below.sync_all(first.subject.file).is_ok())
        // Some filesystems leave the device's cache as it is when they are synced as a whole.
        && works.last().is_some_and(|last| below.sync(last.subject.file).is_ok());
    for work in &mut works {
        if !together && let Err(error) = below.sync(work.subject.file) {
            work.sync_failed.get_or_insert_with(|| errno::describe(&error));
        }
        if work.mode == Mode::Buffered {
            // A refusal leaves our own bytes in the page cache: no harm.
            let _ = settle::drop_pages(work.subject.file);
        }
    }
}

/// The small files of a batch, by offset of the device.
pub(super) struct Small<'w, 'a> {
    pub(super) below: &'w dyn Below,
    pub(super) runs: &'w Runs,
    pub(super) works: &'w mut [Work<'a>],
}

impl Blocks for Small<'_, '_> {
    fn read(&mut self, _offset: u64, _buffer: &mut [u8]) -> io::Result<usize> {
        Err(not_ours())
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let (file, logical) = self.runs.locate(offset, bytes.len()).ok_or_else(not_ours)?;
        let work = self.works.get_mut(file).ok_or_else(not_ours)?;
        if work.dead.is_some() {
            return Err(io::Error::from_raw_os_error(errno::EIO));
        }
        if work.mode == Mode::Untried {
            work.go_direct(self.below).map_err(|error| of_the_file(work, error))?;
        }
        let mut result = self.below.write(work.subject.file, bytes, logical);
        if work.mode == Mode::Direct && work.accepted == 0 && is_invalid(&result) {
            self.below.set_direct(work.subject.file, false)?;
            work.mode = Mode::Buffered;
            result = self.below.write(work.subject.file, bytes, logical);
        }
        match result {
            Ok(moved) => {
                work.accepted += moved as u64;
                Ok(moved)
            }
            Err(error) => Err(of_the_file(work, error)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        sync(self.below, self.works.iter_mut().filter(|work| work.is_small() && work.accepted > 0));
        Ok(())
    }
}

fn is_invalid<T>(result: &io::Result<T>) -> bool {
    result.as_ref().is_err_and(|error| error.raw_os_error() == Some(errno::EINVAL))
}

/// One large file through its own engine, by offset of the device.
pub(super) struct Large<'w, 'a> {
    pub(super) inner: Box<dyn Queue>,
    pub(super) runs: &'w Runs,
    pub(super) work: &'w mut Work<'a>,
    /// The filesystem takes O_DIRECT at open and refuses it at the first write.
    pub(super) refused: bool,
    /// Operations that never went to the kernel.
    pub(super) unsent: VecDeque<Completion>,
}

impl Queue for Large<'_, '_> {
    fn engine(&self) -> Engine {
        self.inner.engine()
    }

    fn block_bytes(&self) -> usize {
        self.inner.block_bytes()
    }

    fn lease(&mut self) -> Option<Slot> {
        self.inner.lease()
    }

    fn buffer(&mut self, slot: &Slot) -> &mut [u8] {
        self.inner.buffer(slot)
    }

    fn give_back(&mut self, slot: Slot) {
        self.inner.give_back(slot);
    }

    fn submit(&mut self, slot: Slot, op: Op, offset: u64, bytes: usize) {
        match self.runs.locate(offset, bytes) {
            Some((_, logical)) if op == Op::Write && self.work.dead.is_none() => {
                self.inner.submit(slot, op, logical, bytes);
            }
            _ => {
                let result = Err(io::Error::from_raw_os_error(errno::EIO));
                self.unsent.push_back(Completion { slot, op, offset, asked: bytes, result });
            }
        }
    }

    fn complete(&mut self) -> Option<Completion> {
        if let Some(unsent) = self.unsent.pop_front() {
            return Some(unsent);
        }
        let mut completion = self.inner.complete()?;
        match completion.result {
            Ok(moved) => self.work.accepted += moved as u64,
            Err(_) if self.work.accepted == 0 && is_invalid(&completion.result) => {
                self.refused = true;
                completion.result = Err(io::Error::from_raw_os_error(errno::ENODEV));
            }
            Err(error) if errno::meaning(&error) != Meaning::Again => {
                completion.result = Err(of_the_file(self.work, error));
            }
            Err(_) => {}
        }
        Some(completion)
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Err(error) = self.inner.flush() {
            self.work.sync_failed.get_or_insert_with(|| errno::describe(&error));
        }
        Ok(())
    }
}
