//! What the streaming loop asks of its caller, and what it answers.

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
    /// Bytes below the last watermark that the device accepted or delivered, each counted once.
    pub bytes: u64,
    /// Wall time in milliseconds, waits for the rate limit included.
    pub milliseconds: u64,
}

/// What the streaming loop asks of its caller, on the caller's thread.
pub trait Control {
    /// Stop now? Asked at least once a block.
    fn stop(&mut self) -> bool;
    /// Begin nothing new for now? Asked at least once a block; what is in flight is waited for, and then this is asked again, with
    /// [`Control::stop`], every few hundredths of a second.
    fn pause(&mut self) -> bool {
        false
    }
    /// Bytes per second allowed; `None`: no limit.
    fn max_rate(&self) -> Option<u64>;
    /// Every byte of the ranges below `watermark` (a count of bytes in order of the ranges) has been dealt with.
    fn progress(&mut self, watermark: u64);
    /// A checkpoint is due at this watermark? If so the loop flushes and calls [`Control::durable`]. Asked by [`write`](super::write()) alone.
    fn checkpoint_due(&mut self, watermark: u64) -> bool;
    /// Every byte below `watermark` has been dealt with, and a flush that began after that has succeeded.
    fn durable(&mut self, watermark: u64) -> Result<(), Halt>;
    /// A range, down to the logical block, could not be written or read, or differed. Called before the watermark passes it,
    /// in order of the ranges; neighbours with the same trouble and error come as one, up to a second's worth.
    fn bad(&mut self, range: BadRange) -> Result<(), Halt>;
}
