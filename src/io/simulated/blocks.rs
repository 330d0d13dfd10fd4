//! A queue over anything that reads and writes blocks, one after the other.

use std::collections::VecDeque;
use std::io;

use crate::io::{Completion, Engine, Op, Queue, Slot};

pub use crate::io::Blocks;

/// A queue of `depth` buffers of `block_bytes` bytes over `blocks`. Operations are carried out in order, when they are completed.
pub fn queue_over(blocks: impl Blocks + 'static, block_bytes: usize, depth: usize) -> Box<dyn Queue> {
    Box::new(InOrder {
        blocks,
        block_bytes,
        buffers: vec![vec![0; block_bytes]; depth],
        free: (0..depth).collect(),
        pending: VecDeque::new(),
    })
}

struct InOrder<B> {
    blocks: B,
    block_bytes: usize,
    buffers: Vec<Vec<u8>>,
    free: Vec<usize>,
    pending: VecDeque<(Slot, Op, u64, usize)>,
}

impl<B: Blocks> Queue for InOrder<B> {
    fn engine(&self) -> Engine {
        Engine::Sync
    }

    fn block_bytes(&self) -> usize {
        self.block_bytes
    }

    fn lease(&mut self) -> Option<Slot> {
        self.free.pop().map(Slot)
    }

    fn buffer(&mut self, slot: &Slot) -> &mut [u8] {
        &mut self.buffers[slot.0]
    }

    fn give_back(&mut self, slot: Slot) {
        self.free.push(slot.0);
    }

    fn submit(&mut self, slot: Slot, op: Op, offset: u64, bytes: usize) {
        self.pending.push_back((slot, op, offset, bytes));
    }

    fn complete(&mut self) -> Option<Completion> {
        let (slot, op, offset, asked) = self.pending.pop_front()?;
        let result = match self.buffers[slot.0].get_mut(..asked) {
            None => Err(io::Error::from_raw_os_error(crate::sys::errno::EINVAL)),
            Some(buffer) if op == Op::Read => self.blocks.read(offset, buffer),
            Some(buffer) => self.blocks.write(offset, buffer),
        };
        Some(Completion { slot, op, offset, asked, result })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.blocks.flush()
    }
}
