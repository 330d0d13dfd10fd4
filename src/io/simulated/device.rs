//! The device behind the simulated queue.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::queue::SimulatedQueue;
use super::state::{Coin, State};
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

impl Device {
    /// A device of `bytes` bytes (rounded down to logical blocks) that holds [`OLD`], write-through, without faults.
    pub fn new(bytes: u64, logical_block: u32) -> Self {
        let logical_block = usize::try_from(logical_block.max(1)).unwrap_or(512);
        let bytes = usize::try_from(bytes).unwrap_or(0) / logical_block * logical_block;
        let content: Vec<u8> = OLD.iter().copied().cycle().take(bytes).collect();
        Device(Arc::new(Mutex::new(State::new(content, logical_block))))
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
        let old = self.state().content.get(usize::try_from(offset).unwrap_or(usize::MAX)).copied().unwrap_or(0);
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

    /// Bytes that were read and written.
    pub fn moved(&self) -> u64 {
        self.state().moved
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
