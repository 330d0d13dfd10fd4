//! Plays a job to a front by a clock of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::ProgressDrawTarget;

use super::super::{Front, Sink, bars};
use super::MIB;
use super::screen::Screen;
use crate::outcome::{Event, Status};

/// A front and the time by which it is told.
pub struct Play {
    pub front: Front,
    pub now: Instant,
}

impl Play {
    pub fn over(sink: Arc<dyn Sink>, targets: &[&str]) -> Self {
        Play { front: Front::over(sink, targets.iter().map(ToString::to_string).collect()), now: Instant::now() }
    }

    /// Bars on `screen`.
    pub fn bars(screen: &Screen, targets: &[&str]) -> Self {
        let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let columns = screen.clone();
        let draw = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let bars = bars::Bars::on(draw, Arc::new(move || columns.columns()), &names);
        Self::over(Arc::new(bars), targets)
    }

    pub fn event(&self, index: usize, event: Event) {
        self.front.event_at(index, event, self.now);
    }

    pub fn wait(&mut self, milliseconds: u64) {
        self.now += Duration::from_millis(milliseconds);
    }

    pub fn started(&self, index: usize, bytes_total: u64) {
        self.event(index, started(bytes_total));
    }

    /// `milliseconds` of a phase at `mib` MiB/s from byte `from` of the job on, told five times a second to each target.
    pub fn phase(&mut self, targets: &[usize], phase: &str, from: u64, total: u64, mib: u64, milliseconds: u64) {
        for step in 0..=milliseconds / 200 {
            for index in targets {
                // The first piece is written at once.
                self.event(*index, progress(phase, from + 256 * 1024 + step * mib * MIB / 5, total));
            }
            self.wait(200);
        }
    }

    pub fn finished(&self, index: usize, status: Status, exit_code: u8) {
        self.event(index, Event::TargetFinished { status: Some(status), exit_code, record: None });
    }
}

pub fn started(bytes_total: u64) -> Event {
    Event::Started {
        job: "c0ffee".into(),
        method: "clear".into(),
        technique: "overwrite".into(),
        bytes_total,
        passes: 1,
        resumed: false,
    }
}

/// As the job tells it: with a rate and a time that stand on nothing.
pub fn progress(phase: &str, done: u64, total: u64) -> Event {
    Event::Progress {
        phase: phase.into(),
        bytes_done: done,
        bytes_total: total,
        bytes_per_second: 199 * MIB,
        milliseconds_left: Some(3),
    }
}
