//! The queue over a simulated device.

use std::io;

use super::Device;
use crate::io::{Completion, Engine, Op, Queue, Slot};

struct Pending {
    slot: Slot,
    op: Op,
    offset: u64,
    bytes: usize,
    /// A write whose effect came before its completion.
    done: Option<io::Result<usize>>,
}

/// See the module above.
pub(super) struct SimulatedQueue {
    device: Device,
    power_cycle: u64,
    block_bytes: usize,
    buffers: Vec<Vec<u8>>,
    free: Vec<usize>,
    pending: Vec<Pending>,
}

impl SimulatedQueue {
    pub(super) fn new(device: Device, block_bytes: usize, depth: usize) -> Self {
        let power_cycle = device.state().power_cycle;
        SimulatedQueue {
            device,
            power_cycle,
            block_bytes,
            buffers: vec![vec![0; block_bytes]; depth],
            free: (0..depth).collect(),
            pending: Vec::new(),
        }
    }

    fn carry_out(&mut self, pending: &Pending) -> io::Result<usize> {
        let too_long = || io::Error::from_raw_os_error(crate::sys::errno::EINVAL);
        let buffer = self.buffers[pending.slot.0].get_mut(..pending.bytes).ok_or_else(too_long)?;
        let mut state = self.device.state();
        match pending.op {
            Op::Write => state.write(self.power_cycle, pending.offset, buffer),
            Op::Read => state.read(self.power_cycle, pending.offset, buffer),
        }
    }
}

impl Queue for SimulatedQueue {
    fn engine(&self) -> Engine {
        // It stands in for the plain one.
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
        let mut pending = Pending { slot, op, offset, bytes, done: None };
        let early = {
            let mut state = self.device.state();
            state.note(op, offset, bytes);
            op == Op::Write && state.coin().heads()
        };
        if early {
            pending.done = Some(self.carry_out(&pending));
        }
        self.pending.push(pending);
    }

    fn complete(&mut self) -> Option<Completion> {
        if self.pending.is_empty() {
            return None;
        }
        let which = self.device.state().coin().below(self.pending.len());
        let mut pending = self.pending.swap_remove(which);
        let result = match pending.done.take() {
            Some(result) => result,
            None => self.carry_out(&pending),
        };
        let Pending { slot, op, offset, bytes, .. } = pending;
        Some(Completion { slot, op, offset, asked: bytes, result })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.device.state().flush(self.power_cycle)
    }
}
