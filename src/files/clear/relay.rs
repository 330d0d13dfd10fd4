//! One progress over many streams, and the bad ranges of each kept for the files that they belong to.

use crate::io::{Control, Halt};
use crate::outcome::BadRange;

/// Bad ranges kept of one stream. A medium that fails at more places is broken, and what is left out is still counted.
const MOST_BAD: usize = 4096;

/// Passes everything on to `inner`, but for checkpoints: a file is the smallest thing that a resume goes back to.
pub(super) struct Relay<'a> {
    inner: &'a mut dyn Control,
    /// Bytes of the streams before this one.
    base: u64,
    bad: Vec<BadRange>,
    /// Some were left out.
    overflowed: bool,
}

impl<'a> Relay<'a> {
    pub(super) fn new(inner: &'a mut dyn Control) -> Self {
        Relay { inner, base: 0, bad: Vec::new(), overflowed: false }
    }

    /// The stream ended, and `bytes` bytes were its work. Its bad ranges, and whether some are missing.
    pub(super) fn ended(&mut self, bytes: u64) -> (Vec<BadRange>, bool) {
        self.base += bytes;
        (std::mem::take(&mut self.bad), std::mem::take(&mut self.overflowed))
    }
}

impl Control for Relay<'_> {
    fn stop(&mut self) -> bool {
        self.inner.stop()
    }

    fn max_rate(&self) -> Option<u64> {
        self.inner.max_rate()
    }

    fn progress(&mut self, watermark: u64) {
        self.inner.progress(self.base + watermark);
    }

    fn checkpoint_due(&mut self, _watermark: u64) -> bool {
        false
    }

    fn durable(&mut self, _watermark: u64) -> Result<(), Halt> {
        Ok(())
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        if self.bad.len() < MOST_BAD {
            self.bad.push(range.clone());
        } else {
            self.overflowed = true;
        }
        self.inner.bad(range)
    }
}
