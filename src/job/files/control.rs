//! What steers the clearing of files: stop, rate, progress over all batches, and the time that each phase takes.

use std::time::Instant;

use super::batch::Outcome;
use crate::io::{Control, Halt};
use crate::job::Stop;
use crate::job::control::{Position, Teller};
use crate::journal::{FilesState, StoredPlan};
use crate::media::VerifyKind;
use crate::outcome::{BadRange, Event, Observer};

/// More bad ranges than this are counted and not listed.
const LISTED: usize = 1000;

/// See the module.
pub(super) struct FilesControl<'a> {
    stop: &'a Stop,
    observer: &'a dyn Observer,
    teller: Teller<'a>,
    max_rate: Option<u64>,
    /// Bytes of the batches before this one, all passes and the readback.
    before: u64,
    /// Passes, and the readback where there is one.
    sweeps: u64,
    reads: bool,
    fresh: Sums,
}

/// What one batch adds.
#[derive(Debug, Default)]
pub(super) struct Sums {
    milliseconds: u64,
    bad: Vec<BadRange>,
    reads: bool,
    sweeps: u64,
}

impl<'a> FilesControl<'a> {
    pub(super) fn new(stop: &'a Stop, observer: &'a dyn Observer, plan: &StoredPlan) -> Self {
        let reads = plan.verify != VerifyKind::None;
        let sweeps = plan.passes.len() as u64 + u64::from(reads);
        let expected = plan.files.as_ref().map_or(0, |files| files.expected_bytes);
        let position = Position { phase: "files".into(), before: 0, total: expected.saturating_mul(sweeps) };
        FilesControl {
            stop,
            observer,
            teller: Teller::new(observer, position),
            max_rate: plan.max_rate,
            before: 0,
            sweeps,
            reads,
            fresh: Sums::default(),
        }
    }

    /// A batch begins.
    pub(super) fn begin(&mut self) -> Instant {
        Instant::now()
    }

    /// The batch that began then has ended.
    pub(super) fn end<'o>(&mut self, begun: Instant, done: impl Iterator<Item = &'o Outcome> + Clone) {
        let bytes: u64 = done.clone().map(Outcome::block_bytes).sum();
        self.before = self.before.saturating_add(bytes.saturating_mul(self.sweeps));
        self.teller.tell(self.before);
        self.fresh.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        (self.fresh.reads, self.fresh.sweeps) = (self.reads, self.sweeps.max(1));
        self.fresh.bad = done.flat_map(|outcome| outcome.bad.iter().cloned()).collect();
    }

    /// What the last batch adds.
    pub(super) fn sums(&mut self) -> Sums {
        std::mem::take(&mut self.fresh)
    }
}

impl Sums {
    /// Adds times and bad ranges; a batch is not timed phase by phase, so its phases share its time.
    pub(super) fn add_to(self, files: &mut FilesState) {
        let share = self.milliseconds / self.sweeps.max(1);
        for (_, milliseconds) in &mut files.passes {
            *milliseconds = milliseconds.saturating_add(share);
        }
        if self.reads {
            files.read_milliseconds = files.read_milliseconds.saturating_add(share);
        }
        for bad in self.bad {
            if files.bad.len() < LISTED { files.bad.push(bad) } else { files.bad_left_out += 1 }
        }
    }
}

impl Control for FilesControl<'_> {
    fn stop(&mut self) -> bool {
        self.stop.cause().is_some()
    }

    fn max_rate(&self) -> Option<u64> {
        self.max_rate
    }

    fn progress(&mut self, watermark: u64) {
        self.teller.tell(self.before.saturating_add(watermark));
    }

    fn checkpoint_due(&mut self, _watermark: u64) -> bool {
        false
    }

    fn durable(&mut self, _watermark: u64) -> Result<(), Halt> {
        Ok(())
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.observer.on_event(Event::Bad { range });
        Ok(())
    }
}
