//! io_uring as a [`super::Queue`].

use std::collections::VecDeque;
use std::fs::File;
use std::io;

use super::{Completion, Engine, Op, Queue, Slot};
use crate::sys::errno;
use crate::sys::uring::{Lease, Ring, Transfer};

/// A ring, and the leases behind the slots that are out.
pub(super) struct UringQueue {
    ring: Ring,
    leases: Vec<Option<Lease>>,
    /// Operations on slots that hold no lease.
    refused: VecDeque<Completion>,
}

impl UringQueue {
    pub(super) fn new(file: File, block_bytes: usize, depth: usize) -> io::Result<Self> {
        let ring = Ring::new(file, block_bytes, depth)?;
        Ok(UringQueue { leases: (0..ring.depth()).map(|_| None).collect(), ring, refused: VecDeque::new() })
    }

    fn keep(&mut self, lease: Lease) -> Slot {
        let number = lease.number();
        if let Some(place) = self.leases.get_mut(number) {
            *place = Some(lease);
        }
        Slot(number)
    }

    fn take(&mut self, slot: &Slot) -> Option<Lease> {
        self.leases.get_mut(slot.0)?.take()
    }
}

impl Queue for UringQueue {
    fn engine(&self) -> Engine {
        Engine::Uring
    }

    fn block_bytes(&self) -> usize {
        self.ring.block_bytes()
    }

    fn lease(&mut self) -> Option<Slot> {
        let lease = self.ring.lease()?;
        Some(self.keep(lease))
    }

    fn buffer(&mut self, slot: &Slot) -> &mut [u8] {
        match self.leases.get(slot.0) {
            Some(Some(lease)) => self.ring.buffer(lease),
            _ => &mut [],
        }
    }

    fn give_back(&mut self, slot: Slot) {
        if let Some(lease) = self.take(&slot) {
            self.ring.give_back(lease);
        }
    }

    fn submit(&mut self, slot: Slot, op: Op, offset: u64, bytes: usize) {
        let transfer = match op {
            Op::Write => Transfer::Write,
            Op::Read => Transfer::Read,
        };
        match self.take(&slot) {
            Some(lease) => self.ring.start(lease, transfer, offset, bytes),
            None => {
                let result = Err(io::Error::from_raw_os_error(errno::EINVAL));
                self.refused.push_back(Completion { slot, op, offset, asked: bytes, result });
            }
        }
    }

    fn complete(&mut self) -> Option<Completion> {
        if let Some(refused) = self.refused.pop_front() {
            return Some(refused);
        }
        let done = self.ring.wait()?;
        let op = match done.transfer {
            Transfer::Write => Op::Write,
            Transfer::Read => Op::Read,
        };
        let slot = self.keep(done.lease);
        Some(Completion { slot, op, offset: done.offset, asked: done.asked, result: done.result })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.ring.sync_data()
    }
}
