//! What reads and writes at an offset, as a [`super::Queue`]: one operation at a time, in the order of submission.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::{Completion, Engine, Op, Queue, Slot};
use crate::sys::buffer::Pool;
use crate::sys::errno;

/// What answers reads and writes of whole logical blocks.
pub trait Blocks: Send {
    /// Reads into `buffer`; how many bytes came.
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes `bytes`; how many went.
    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize>;
    /// Makes everything written durable.
    fn flush(&mut self) -> io::Result<()>;
}

impl Blocks for File {
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_at(buffer, offset)
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.write_at(bytes, offset)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

struct Pending {
    slot: Slot,
    op: Op,
    offset: u64,
    bytes: usize,
}

/// Blocks and aligned buffers.
pub struct InOrder<B> {
    blocks: B,
    pool: Pool,
    free: Vec<usize>,
    pending: VecDeque<Pending>,
}

impl<B: Blocks> InOrder<B> {
    /// A queue of `depth` buffers of `block_bytes` bytes over `blocks`. Errors: as [`Pool::new`].
    pub fn new(blocks: B, block_bytes: usize, depth: usize) -> io::Result<Self> {
        let pool = Pool::new(block_bytes, depth)?;
        Ok(InOrder { blocks, pool, free: (0..depth).rev().collect(), pending: VecDeque::with_capacity(depth) })
    }

    /// What is read and written.
    pub fn into_inner(self) -> B {
        self.blocks
    }
}

impl<B: Blocks> Queue for InOrder<B> {
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
                    Op::Write => self.blocks.write(offset, buffer),
                    Op::Read => self.blocks.read(offset, buffer),
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
        self.blocks.flush()
    }
}
