//! A control that remembers what it was told.

use std::time::Instant;

use crate::io::simulated::Device;
use crate::io::{Control, Halt};
use crate::outcome::BadRange;

/// See the module.
#[derive(Default)]
pub(super) struct Recorder {
    pub(super) bad: Vec<BadRange>,
    pub(super) watermarks: Vec<u64>,
    pub(super) durable: Vec<u64>,
    /// Checkpoint every so many bytes.
    pub(super) every: Option<u64>,
    /// Stop when the watermark reaches this.
    pub(super) stop_at: Option<u64>,
    /// Stop at this time.
    pub(super) stop_time: Option<Instant>,
    pub(super) rate: Option<u64>,
    /// Give up at this many bad ranges.
    pub(super) give_up_at: Option<usize>,
    /// Refuse every checkpoint.
    pub(super) refuse_durable: bool,
    /// With every progress: every byte below the watermark is no longer what it was, unless it stands among the bad ranges.
    pub(super) truth: Option<Device>,
}

impl Recorder {
    pub(super) fn watermark(&self) -> u64 {
        self.watermarks.last().copied().unwrap_or(0)
    }
}

impl Control for Recorder {
    fn stop(&mut self) -> bool {
        self.stop_at.is_some_and(|at| self.watermark() >= at) || self.stop_time.is_some_and(|at| Instant::now() >= at)
    }

    fn max_rate(&self) -> Option<u64> {
        self.rate
    }

    fn progress(&mut self, watermark: u64) {
        assert!(watermark > self.watermark(), "the watermark only rises");
        if let Some(device) = &self.truth {
            let content = device.content();
            let from = usize::try_from(self.watermark()).unwrap();
            for (byte, at) in content[from..usize::try_from(watermark).unwrap()].iter().zip(self.watermark()..) {
                let told = || self.bad.iter().any(|b| (b.first_byte..b.range().end()).contains(&at));
                assert!(*byte == super::expected(at) || told(), "byte {at} is below watermark {watermark}");
            }
        }
        self.watermarks.push(watermark);
    }

    fn checkpoint_due(&mut self, watermark: u64) -> bool {
        self.every.is_some_and(|every| watermark - self.durable.last().copied().unwrap_or(0) >= every)
    }

    fn durable(&mut self, watermark: u64) -> Result<(), Halt> {
        if self.refuse_durable {
            return Err(Halt::GaveUp("no checkpoint".into()));
        }
        self.durable.push(watermark);
        Ok(())
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.bad.push(range);
        if self.give_up_at == Some(self.bad.len()) { Err(Halt::GaveUp("enough".into())) } else { Ok(()) }
    }
}
