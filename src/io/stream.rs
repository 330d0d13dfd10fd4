//! The streaming loop: keeps a queue full, in order of offset, retries and bisects what fails.

use super::Queue;
use crate::media::ByteRange;
use crate::outcome::BadRange;

/// Why a stream ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halt {
    /// [`Control::stop`] said so; everything in flight was waited for.
    Stopped,
    /// The device is gone or turned read-only (ENODEV, ENXIO, EROFS, EPERM, EBADF …).
    Lost(String),
    /// [`Control`] gave up, or a flush failed.
    GaveUp(String),
}

/// What a stream did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Bytes that the device accepted or delivered.
    pub bytes: u64,
    /// Wall time in milliseconds, waits for the rate limit included.
    pub milliseconds: u64,
}

/// What the streaming loop asks of its caller, on the caller's thread.
pub trait Control {
    /// Stop now? Asked at least once a block.
    fn stop(&mut self) -> bool;
    /// Bytes per second allowed; `None`: no limit.
    fn max_rate(&self) -> Option<u64>;
    /// Every byte of the ranges below `watermark` (a count of bytes in order of the ranges) has been dealt with.
    fn progress(&mut self, watermark: u64);
    /// A checkpoint is due at this watermark? If so the loop flushes and calls [`Control::durable`].
    fn checkpoint_due(&mut self, watermark: u64) -> bool;
    /// Every byte below `watermark` has been dealt with, and a flush that began after that has succeeded.
    fn durable(&mut self, watermark: u64) -> Result<(), Halt>;
    /// A range, down to the logical block, could not be written or read, or differed. Called before the watermark passes it.
    fn bad(&mut self, range: BadRange) -> Result<(), Halt>;
}

/// Writes `fill`'s bytes over every byte of `ranges`, in order. A failed block is retried, then bisected down to
/// `logical_block` bytes; what remains goes to [`Control::bad`]. The last flush is made and must succeed.
pub fn write(
    _queue: &mut dyn Queue,
    _ranges: &mut dyn Iterator<Item = ByteRange>,
    _logical_block: u32,
    _pass: u32,
    _fill: &mut dyn FnMut(u64, &mut [u8]),
    _control: &mut dyn Control,
) -> (Summary, Result<(), Halt>) {
    todo!()
}

/// Reads every byte of `ranges`, in order, and holds it against `matches`; a block that differs is narrowed down to logical
/// blocks, one that can't be read is retried and bisected.
pub fn read(
    _queue: &mut dyn Queue,
    _ranges: &mut dyn Iterator<Item = ByteRange>,
    _logical_block: u32,
    _matches: &mut dyn FnMut(u64, &[u8]) -> bool,
    _control: &mut dyn Control,
) -> (Summary, Result<(), Halt>) {
    todo!()
}
