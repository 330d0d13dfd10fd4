//! The device behind the simulated queue.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::queue::SimulatedQueue;
use crate::io::{Op, Queue};
use crate::media::ByteRange;
use crate::sys::errno;

/// What a new device holds, repeated.
pub const OLD: &[u8; 8] = b"OLD DATA";

/// What a device does with a write before it is on the medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Completed is durable.
    WriteThrough,
    /// Completed may be lost at a crash, flushed may not.
    Volatile,
    /// Reports no cache: flush does nothing and succeeds, and of the last `bytes` bytes written any may be lost.
    Unreported {
        /// Size of the cache in bytes.
        bytes: usize,
    },
}

/// An error on a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Reads or writes.
    pub op: Op,
    /// Operations that touch one of these bytes fail.
    pub range: ByteRange,
    /// With this error number.
    pub errno: i32,
    /// How often; `None`: always.
    pub times: Option<u32>,
}

impl Fault {
    /// EIO for ever.
    pub fn permanent(op: Op, first_byte: u64, bytes: u64) -> Self {
        Fault { op, range: ByteRange::new(first_byte, bytes), errno: errno::EIO, times: None }
    }
}

/// A handle on a device; clones share it.
#[derive(Clone)]
pub struct Device(Arc<Mutex<State>>);

pub(super) struct State {
    content: Vec<u8>,
    stable: Vec<u8>,
    /// Logical blocks written and not safe yet, in order.
    unsafe_writes: VecDeque<(usize, Vec<u8>)>,
    logical_block: usize,
    cache: Cache,
    coin: Coin,
    pub(super) faults: Vec<Fault>,
    corrupt: Vec<(u64, u8)>,
    dropped: Vec<ByteRange>,
    failing_flushes: u32,
    read_only: bool,
    read_only_after: Option<u64>,
    gone_after: Option<u64>,
    gone: bool,
    crash_after: Option<u64>,
    short_every: Option<u64>,
    written: u64,
    moved: u64,
    operations: u64,
    flushes: u64,
    /// Counts crashes; a queue of an earlier power cycle is dead.
    power_cycle: u64,
    powered: bool,
    log: Vec<(Op, u64, usize)>,
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

impl Device {
    /// A device of `bytes` bytes (rounded down to logical blocks) that holds [`OLD`], write-through, without faults.
    pub fn new(bytes: u64, logical_block: u32) -> Self {
        let logical_block = usize::try_from(logical_block.max(1)).unwrap_or(512);
        let bytes = usize::try_from(bytes).unwrap_or(0) / logical_block * logical_block;
        let content: Vec<u8> = OLD.iter().copied().cycle().take(bytes).collect();
        Device(Arc::new(Mutex::new(State {
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
        })))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A queue of 8 buffers of 16 logical blocks.
    pub fn queue(&self) -> Box<dyn Queue> {
        let block = self.state().logical_block * 16;
        self.queue_of(block, 8)
    }

    /// A queue of `depth` buffers of `block_bytes` bytes.
    pub fn queue_of(&self, block_bytes: usize, depth: usize) -> Box<dyn Queue> {
        Box::new(SimulatedQueue::new(self.clone(), block_bytes, depth))
    }

    /// Sets the cache.
    #[must_use]
    pub fn with_cache(self, cache: Cache) -> Self {
        self.state().cache = cache;
        self
    }

    /// Sets the seed of completion order and of what a crash spares.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        self.state().coin = Coin::new(seed);
        self
    }

    /// Size in bytes now.
    pub fn bytes(&self) -> u64 {
        self.state().content.len() as u64
    }

    /// Logical block in bytes.
    pub fn logical_block(&self) -> u32 {
        u32::try_from(self.state().logical_block).unwrap_or(0)
    }

    /// What a reader sees.
    pub fn content(&self) -> Vec<u8> {
        self.state().content.clone()
    }

    /// What is on the medium for certain: what a reader would see after the worst crash.
    pub fn stable(&self) -> Vec<u8> {
        self.state().stable.clone()
    }

    /// Replaces bytes, in the cache and on the medium.
    pub fn set(&self, offset: u64, bytes: &[u8]) {
        let state = &mut *self.state();
        let at = usize::try_from(offset).unwrap_or(usize::MAX);
        for image in [&mut state.content, &mut state.stable] {
            if let Some(place) = at.checked_add(bytes.len()).and_then(|end| image.get_mut(at..end)) {
                place.copy_from_slice(bytes);
            }
        }
    }

    /// Flips bits of a byte that is on the medium now.
    pub fn flip(&self, offset: u64, mask: u8) {
        let old = self.content().get(usize::try_from(offset).unwrap_or(usize::MAX)).copied().unwrap_or(0);
        self.set(offset, &[old ^ mask]);
    }

    /// Flips bits of this byte in every later write.
    pub fn corrupt(&self, offset: u64, mask: u8) {
        self.state().corrupt.push((offset, mask));
    }

    /// Later writes to this range succeed and change nothing.
    pub fn drop_writes(&self, range: ByteRange) {
        self.state().dropped.push(range);
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Takes every fault by range away.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// The next `times` flushes fail with EIO.
    pub fn fail_flushes(&self, times: u32) {
        self.state().failing_flushes = times;
    }

    /// Every operation answers ENODEV, for ever.
    pub fn vanish(&self) {
        self.state().gone = true;
    }

    /// Vanishes once `bytes` more bytes were read or written.
    pub fn vanish_after(&self, bytes: u64) {
        let state = &mut *self.state();
        state.gone_after = Some(state.moved + bytes);
    }

    /// Comes back after it vanished.
    pub fn reappear(&self) {
        let state = &mut *self.state();
        (state.gone, state.gone_after) = (false, None);
    }

    /// Writes answer EROFS from now on.
    pub fn turn_read_only(&self) {
        self.state().read_only = true;
    }

    /// Turns read-only once `bytes` more bytes were written.
    pub fn turn_read_only_after(&self, bytes: u64) {
        let state = &mut *self.state();
        state.read_only_after = Some(state.written + bytes);
    }

    /// Shrinks to `bytes` bytes: reads behind come back empty, writes answer ENOSPC.
    pub fn shrink(&self, bytes: u64) {
        let state = &mut *self.state();
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        state.content.truncate(bytes);
        state.stable.truncate(bytes);
    }

    /// Every `n`th read or write moves only a part, in whole logical blocks, of what was asked for.
    pub fn short_every(&self, n: u64) {
        self.state().short_every = Some(n.max(1));
    }

    /// Crashes now; see the module.
    pub fn crash(&self) {
        self.state().crash();
    }

    /// Crashes once `operations` more reads, writes and flushes were answered.
    pub fn crash_after(&self, operations: u64) {
        let state = &mut *self.state();
        state.crash_after = Some(state.operations + operations);
    }

    /// Ends a crash. Queues from before stay dead.
    pub fn power_on(&self) {
        let state = &mut *self.state();
        state.powered = true;
        state.crash_after = None;
    }

    /// Whether a new queue would work: it did not crash and did not vanish.
    pub fn is_there(&self) -> bool {
        let state = self.state();
        state.powered && !state.gone
    }

    /// Whether writes answer EROFS.
    pub fn is_read_only(&self) -> bool {
        self.state().read_only
    }

    /// Flushes that succeeded.
    pub fn flushes(&self) -> u64 {
        self.state().flushes
    }

    /// Every read and write that was submitted, in order: what, offset, bytes.
    pub fn log(&self) -> Vec<(Op, u64, usize)> {
        self.state().log.clone()
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
    pub(super) fn power_cycle(&self) -> u64 {
        self.power_cycle
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
        if at % self.logical_block != 0 || data.len() % self.logical_block != 0 {
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
        if let Some((at, block)) = self.unsafe_writes.pop_front() {
            if let Some(place) = self.stable.get_mut(at..at + block.len()) {
                place.copy_from_slice(&block);
            }
        }
    }

    pub(super) fn read(&mut self, power_cycle: u64, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.enter(power_cycle)?;
        let at = position(offset)?;
        if at % self.logical_block != 0 || buffer.len() % self.logical_block != 0 {
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

    fn crash(&mut self) {
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
