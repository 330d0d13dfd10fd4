//! What a simulated device is, and what an operation does to it.

use std::collections::VecDeque;
use std::io;

use super::{Cache, Fault};
use crate::io::Op;
use crate::media::ByteRange;
use crate::sys::errno;

pub(super) struct State {
    pub(super) content: Vec<u8>,
    pub(super) stable: Vec<u8>,
    /// Logical blocks written and not safe yet, in order.
    pub(super) unsafe_writes: VecDeque<(usize, Vec<u8>)>,
    pub(super) logical_block: usize,
    pub(super) cache: Cache,
    pub(super) coin: Coin,
    pub(super) faults: Vec<Fault>,
    pub(super) corrupt: Vec<(u64, u8)>,
    pub(super) dropped: Vec<ByteRange>,
    pub(super) failing_flushes: u32,
    pub(super) read_only: bool,
    pub(super) read_only_after: Option<u64>,
    pub(super) gone_after: Option<u64>,
    pub(super) gone: bool,
    pub(super) crash_after: Option<u64>,
    pub(super) short_every: Option<u64>,
    pub(super) written: u64,
    pub(super) moved: u64,
    pub(super) operations: u64,
    pub(super) flushes: u64,
    /// Counts crashes; a queue of an earlier power cycle is dead.
    pub(super) power_cycle: u64,
    pub(super) powered: bool,
    pub(super) log: Vec<(Op, u64, usize)>,
}

/// SplitMix64: small, seeded, good enough to shuffle tests.
pub(super) struct Coin(u64);

impl Coin {
    pub(super) fn new(seed: u64) -> Self {
        Coin(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn heads(&mut self) -> bool {
        self.next() & 1 == 1
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }
}

/// As in the kernel, offsets are signed.
fn position(offset: u64) -> io::Result<usize> {
    i64::try_from(offset).ok().and_then(|at| usize::try_from(at).ok()).ok_or_else(|| error(errno::EINVAL))
}

fn error(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

impl State {
    pub(super) fn new(content: Vec<u8>, logical_block: usize) -> Self {
        State {
            stable: content.clone(),
            content,
            unsafe_writes: VecDeque::new(),
            logical_block,
            cache: Cache::WriteThrough,
            coin: Coin::new(1),
            faults: Vec::new(),
            corrupt: Vec::new(),
            dropped: Vec::new(),
            failing_flushes: 0,
            read_only: false,
            read_only_after: None,
            gone_after: None,
            gone: false,
            crash_after: None,
            short_every: None,
            written: 0,
            moved: 0,
            operations: 0,
            flushes: 0,
            power_cycle: 0,
            powered: true,
            log: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, op: Op, offset: u64, bytes: usize) {
        self.log.push((op, offset, bytes));
    }

    pub(super) fn coin(&mut self) -> &mut Coin {
        &mut self.coin
    }

    /// What every operation goes through first.
    fn enter(&mut self, power_cycle: u64) -> io::Result<()> {
        if !self.powered || self.gone || power_cycle != self.power_cycle {
            return Err(error(errno::ENODEV));
        }
        if self.crash_after.is_some_and(|at| self.operations >= at) {
            self.crash();
            return Err(error(errno::ENODEV));
        }
        if self.gone_after.is_some_and(|at| self.moved >= at) {
            self.gone = true;
            return Err(error(errno::ENODEV));
        }
        self.operations += 1;
        Ok(())
    }

    /// Bytes that this operation moves: all, or fewer where a short completion is due.
    fn moves(&mut self, bytes: usize) -> usize {
        let blocks = bytes / self.logical_block;
        match self.short_every {
            Some(n) if self.operations.is_multiple_of(n) && blocks > 1 => {
                (1 + self.coin.below(blocks - 1)) * self.logical_block
            }
            _ => bytes,
        }
    }

    /// The first fault that the operation meets, and counts it.
    fn meets(&mut self, op: Op, range: ByteRange) -> Option<Fault> {
        let met = self.faults.iter_mut().find(|f| f.op == op && f.times != Some(0) && f.range.intersects(range))?;
        met.times = met.times.map(|times| times - 1);
        Some(*met)
    }

    pub(super) fn write(&mut self, power_cycle: u64, offset: u64, data: &[u8]) -> io::Result<usize> {
        self.enter(power_cycle)?;
        if self.read_only || self.read_only_after.is_some_and(|at| self.written >= at) {
            self.read_only = true;
            return Err(error(errno::EROFS));
        }
        let at = position(offset)?;
        if [at, data.len()].iter().any(|n| !n.is_multiple_of(self.logical_block)) {
            return Err(error(errno::EINVAL));
        }
        if at >= self.content.len() && !data.is_empty() {
            return Err(error(errno::ENOSPC));
        }
        let room = data.len().min(self.content.len() - at);
        let bytes = self.moves(room);
        let fault = self.meets(Op::Write, ByteRange::new(offset, bytes as u64));
        // Blocks before the bad one may well have been written.
        let reach =
            fault.map_or(bytes, |fault| usize::try_from(fault.range.first_byte.saturating_sub(offset)).unwrap_or(0));
        let reach = reach.min(bytes) / self.logical_block * self.logical_block;
        for (number, block) in data[..reach].chunks(self.logical_block).enumerate() {
            self.write_block(at + number * self.logical_block, block);
        }
        if let Some(fault) = fault {
            return Err(error(fault.errno));
        }
        self.written += bytes as u64;
        self.moved += bytes as u64;
        Ok(bytes)
    }

    fn write_block(&mut self, at: usize, block: &[u8]) {
        let range = ByteRange::new(at as u64, block.len() as u64);
        if self.dropped.iter().any(|dropped| dropped.intersects(range)) {
            return;
        }
        let mut block = block.to_vec();
        for (offset, mask) in &self.corrupt {
            let within = offset.checked_sub(at as u64).and_then(|within| usize::try_from(within).ok());
            if let Some(byte) = within.and_then(|within| block.get_mut(within)) {
                *byte ^= mask;
            }
        }
        self.content[at..at + block.len()].copy_from_slice(&block);
        self.unsafe_writes.push_back((at, block));
        let kept = match self.cache {
            Cache::WriteThrough => 0,
            Cache::Volatile => usize::MAX,
            Cache::Unreported { bytes } => bytes / self.logical_block,
        };
        while self.unsafe_writes.len() > kept {
            self.settle();
        }
    }

    /// The oldest unsafe block reaches the medium.
    fn settle(&mut self) {
        if let Some((at, block)) = self.unsafe_writes.pop_front()
            && let Some(place) = self.stable.get_mut(at..at + block.len())
        {
            place.copy_from_slice(&block);
        }
    }

    pub(super) fn read(&mut self, power_cycle: u64, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.enter(power_cycle)?;
        let at = position(offset)?;
        if [at, buffer.len()].iter().any(|n| !n.is_multiple_of(self.logical_block)) {
            return Err(error(errno::EINVAL));
        }
        let room = buffer.len().min(self.content.len().saturating_sub(at));
        let bytes = self.moves(room);
        if let Some(fault) = self.meets(Op::Read, ByteRange::new(offset, bytes as u64)) {
            return Err(error(fault.errno));
        }
        if bytes > 0 {
            buffer[..bytes].copy_from_slice(&self.content[at..at + bytes]);
        }
        self.moved += bytes as u64;
        Ok(bytes)
    }

    pub(super) fn flush(&mut self, power_cycle: u64) -> io::Result<()> {
        self.enter(power_cycle)?;
        if self.failing_flushes > 0 {
            self.failing_flushes -= 1;
            return Err(error(errno::EIO));
        }
        if self.cache == Cache::Volatile {
            while !self.unsafe_writes.is_empty() {
                self.settle();
            }
        }
        self.flushes += 1;
        Ok(())
    }

    pub(super) fn crash(&mut self) {
        while !self.unsafe_writes.is_empty() {
            if self.coin.heads() {
                self.settle();
            } else {
                self.unsafe_writes.pop_front();
            }
        }
        self.content.clone_from(&self.stable);
        self.power_cycle += 1;
        self.powered = false;
        self.crash_after = None;
    }
}
