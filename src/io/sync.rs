//! Synchronous O_DIRECT as a [`super::Queue`]: one pread or pwrite at a time, in the order of submission.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::{Completion, Engine, Op, Queue, Slot};
use crate::sys::buffer::Pool;
use crate::sys::errno;

struct Pending {
    slot: Slot,
    op: Op,
    offset: u64,
    bytes: usize,
}

/// A descriptor and its buffers.
pub(super) struct SyncQueue {
    file: File,
    pool: Pool,
    free: Vec<usize>,
    pending: VecDeque<Pending>,
}

impl SyncQueue {
    pub(super) fn new(file: File, block_bytes: usize, depth: usize) -> io::Result<Self> {
        let pool = Pool::new(block_bytes, depth)?;
        Ok(SyncQueue { file, pool, free: (0..depth).rev().collect(), pending: VecDeque::with_capacity(depth) })
    }
}

impl Queue for SyncQueue {
    fn engine(&self) -> Engine {
        Engine::Sync
    }

    fn block_bytes(&self) -> usize {
        self.pool.block_bytes()
    }

    fn lease(&mut self) -> Option<Slot> {
        self.free.pop().map(Slot)
    }

    fn buffer(&mut self, slot: &Slot) -> &mut [u8] {
        self.pool.buffer(slot.0)
    }

    fn give_back(&mut self, slot: Slot) {
        self.free.push(slot.0);
    }

    fn submit(&mut self, slot: Slot, op: Op, offset: u64, bytes: usize) {
        self.pending.push_back(Pending { slot, op, offset, bytes });
    }

    fn complete(&mut self) -> Option<Completion> {
        let Pending { slot, op, offset, bytes } = self.pending.pop_front()?;
        let result = match self.pool.buffer(slot.0).get_mut(..bytes) {
            None => Err(io::Error::from_raw_os_error(errno::EINVAL)),
            Some(buffer) => loop {
                let result = match op {
                    Op::Write => self.file.write_at(buffer, offset),
                    Op::Read => self.file.read_at(buffer, offset),
                };
                match result {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other,
                }
            },
        };
        Some(Completion { slot, op, offset, asked: bytes, result })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
}
