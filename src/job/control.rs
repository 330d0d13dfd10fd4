//! What steers a running phase: stop, rate, progress, checkpoints, bad ranges.

use std::time::{Duration, Instant};

use super::{Stop, clock};
use crate::io::{Control, Halt};
use crate::journal::{Entry, JobState, Journal};
use crate::outcome::{BadRange, Event, Evidence, Observer, Trouble};

/// How often watchers are told.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// The first checkpoint comes soon: from then on a later session can tell by content that it has the right medium.
const FIRST_CHECKPOINT: Duration = Duration::from_millis(250);
/// Shortest time between checkpoints, so that a flush is paid for at most this often …
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);
/// … and a flush that is slow is paid for more rarely, up to this.
const CHECKPOINT_AT_LEAST_EVERY: Duration = Duration::from_secs(60);
/// More bad ranges than this are counted and not listed.
const LISTED: usize = 1000;

/// Where in the whole job a phase stands, for the progress of the whole.
#[derive(Debug, Clone)]
pub(super) struct Position {
    /// `pass 1 of 3`, `verify`.
    pub phase: String,
    /// Bytes of the job before this phase's first.
    pub before: u64,
    /// Bytes of the whole job.
    pub total: u64,
}

/// Tells watchers how far the job is, not too often.
pub(super) struct Teller<'a> {
    observer: &'a dyn Observer,
    position: Position,
    begun: Instant,
    told: Option<Instant>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(observer: &'a dyn Observer, position: Position) -> Self {
        Teller { observer, position, begun: clock::now(), told: None }
    }

    pub(super) fn tell(&mut self, watermark: u64) {
        let now = clock::now();
        if self.told.is_some_and(|told| now - told < TELL_EVERY) {
            return;
        }
        self.told = Some(now);
        let milliseconds = (now - self.begun).as_millis().max(1);
        let rate = u128::from(watermark) * 1000 / milliseconds;
        let whole = |value: u128| u64::try_from(value).unwrap_or(u64::MAX);
        let done = self.position.before + watermark;
        let left = self.position.total.saturating_sub(done);
        self.observer.on_event(Event::Progress {
            phase: self.position.phase.clone(),
            bytes_done: done,
            bytes_total: self.position.total,
            bytes_per_second: whole(rate),
            milliseconds_left: (rate > 0).then(|| whole(u128::from(left) * 1000 / rate)),
        });
    }
}

/// Bad ranges found, with a cap on the list.
#[derive(Debug, Default)]
pub(super) struct BadList {
    pub listed: Vec<BadRange>,
    pub left_out: u64,
    bytes: u64,
}

impl BadList {
    /// Keeps one; an error when there is too much of it for the job to go on.
    fn add(&mut self, range: BadRange, scope: u64) -> Result<(), Halt> {
        self.bytes += range.bytes;
        let what = match range.kind {
            Trouble::WriteFailed => "could not be written",
            Trouble::Unreadable => "could not be read back",
            Trouble::Mismatch => "read back other than written",
        };
        if self.listed.len() < LISTED {
            self.listed.push(range);
        } else {
            self.left_out += 1;
            return Err(Halt::GaveUp(format!("more than {LISTED} ranges are bad; the last {what}")));
        }
        if self.bytes > Evidence::bad_limit(scope) {
            return Err(Halt::GaveUp(format!("too much of the target is bad ({} bytes); the last {what}", self.bytes)));
        }
        Ok(())
    }
}

/// Steers one overwrite pass.
pub(super) struct PassControl<'a> {
    stop: &'a Stop,
    teller: Teller<'a>,
    observer: &'a dyn Observer,
    journal: &'a mut Journal,
    state: &'a mut JobState,
    pass: u32,
    from_byte: u64,
    milliseconds_before: u64,
    begun: Instant,
    checkpoint: Instant,
    interval: Duration,
    flush_begun: Option<Instant>,
    bad: BadList,
    fresh: Vec<BadRange>,
}

impl<'a> PassControl<'a> {
    /// Steers the pass that `state` has reached, from the byte that it has reached.
    pub(super) fn new(
        stop: &'a Stop,
        observer: &'a dyn Observer,
        position: Position,
        journal: &'a mut Journal,
        state: &'a mut JobState,
    ) -> Self {
        let (pass, from_byte) = state.reached;
        let milliseconds_before = state.milliseconds.get(pass as usize - 1).copied().unwrap_or(0);
        let bytes = state.bad.iter().filter(|b| b.pass == pass).map(|b| b.bytes).sum();
        PassControl {
            stop,
            teller: Teller::new(observer, position),
            observer,
            journal,
            state,
            pass,
            from_byte,
            milliseconds_before,
            begun: clock::now(),
            checkpoint: clock::now(),
            interval: FIRST_CHECKPOINT,
            flush_begun: None,
            bad: BadList { bytes, ..BadList::default() },
            fresh: Vec::new(),
        }
    }
}

impl PassControl<'_> {
    /// Adds the bad ranges that no checkpoint holds yet to what is known, for the record of a pass that was cut short.
    pub(super) fn keep_unsaved(&mut self) {
        self.state.bad.append(&mut self.fresh);
    }
}

impl Control for PassControl<'_> {
    fn stop(&mut self) -> bool {
        self.stop.cause().is_some()
    }

    fn max_rate(&self) -> Option<u64> {
        self.state.plan.max_rate
    }

    fn progress(&mut self, watermark: u64) {
        self.teller.tell(watermark);
    }

    fn checkpoint_due(&mut self, _watermark: u64) -> bool {
        let due = clock::now() - self.checkpoint >= self.interval;
        if due {
            self.flush_begun = Some(clock::now());
        }
        due
    }

    fn durable(&mut self, watermark: u64) -> Result<(), Halt> {
        if let Some(begun) = self.flush_begun.take() {
            // A flush may cost one fiftieth of the time.
            self.interval = ((clock::now() - begun) * 50).clamp(CHECKPOINT_EVERY, CHECKPOINT_AT_LEAST_EVERY);
        }
        self.checkpoint = clock::now();
        let durable = self.from_byte + watermark;
        let (done, ahead) = std::mem::take(&mut self.fresh).into_iter().partition(|bad| bad.range().end() <= durable);
        self.fresh = ahead;
        let milliseconds =
            self.milliseconds_before + u64::try_from((clock::now() - self.begun).as_millis()).unwrap_or(u64::MAX);
        let entry = Entry::Checkpoint { pass: self.pass, durable, milliseconds, bad: done };
        self.journal.append(&entry).map_err(|problem| Halt::GaveUp(problem.what))?;
        self.state.apply(entry).map_err(Halt::GaveUp)
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.observer.on_event(Event::Bad { range: range.clone() });
        self.fresh.push(range.clone());
        self.bad.add(range, self.state.plan.medium.identity.size_bytes)
    }
}

/// Steers a verification; it can't be resumed, so it keeps nothing in the journal.
pub(super) struct VerifyControl<'a> {
    stop: &'a Stop,
    teller: Teller<'a>,
    observer: &'a dyn Observer,
    max_rate: Option<u64>,
    scope: u64,
    /// What was found.
    pub bad: BadList,
}

impl<'a> VerifyControl<'a> {
    pub(super) fn new(
        stop: &'a Stop,
        observer: &'a dyn Observer,
        position: Position,
        max_rate: Option<u64>,
        scope: u64,
    ) -> Self {
        VerifyControl {
            stop,
            teller: Teller::new(observer, position),
            observer,
            max_rate,
            scope,
            bad: BadList::default(),
        }
    }
}

impl Control for VerifyControl<'_> {
    fn stop(&mut self) -> bool {
        self.stop.cause().is_some()
    }

    fn max_rate(&self) -> Option<u64> {
        self.max_rate
    }

    fn progress(&mut self, watermark: u64) {
        self.teller.tell(watermark);
    }

    fn checkpoint_due(&mut self, _watermark: u64) -> bool {
        false
    }

    fn durable(&mut self, _watermark: u64) -> Result<(), Halt> {
        Ok(())
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.observer.on_event(Event::Bad { range: range.clone() });
        self.bad.add(range, self.scope)
    }
}
