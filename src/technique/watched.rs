//! A control that looks at the medium whenever a range turns out bad: a drive that was pulled out answers EIO before the
//! kernel takes its node away.

use crate::device::Clearance;
use crate::io::{Control, Halt};
use crate::outcome::BadRange;

/// Passes everything on to `inner`, but a bad range only after the medium was found to be still there and the same.
pub struct Watched<'a> {
    /// What steers the phase.
    pub inner: &'a mut dyn Control,
    /// What is held.
    pub clearance: &'a Clearance,
}

impl Control for Watched<'_> {
    fn stop(&mut self) -> bool {
        self.inner.stop()
    }

    fn max_rate(&self) -> Option<u64> {
        self.inner.max_rate()
    }

    fn progress(&mut self, watermark: u64) {
        self.inner.progress(watermark);
    }

    fn checkpoint_due(&mut self, watermark: u64) -> bool {
        self.inner.checkpoint_due(watermark)
    }

    fn durable(&mut self, watermark: u64) -> Result<(), Halt> {
        self.inner.durable(watermark)
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.clearance.recheck().map_err(Halt::Lost)?;
        self.inner.bad(range)
    }
}
