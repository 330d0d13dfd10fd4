//! What every drive has, whatever commands it speaks: a medium, a clock, faults, power, a connection, and the erase that
//! runs or ran last. `machine` is what one may do with any of them.

mod machine;

pub use machine::Machine;

use super::clock::Clock;
use super::erase::{Origin, Plan, Running};
use super::faults::{Fault, Faults, Refusal};
use super::medium::Medium;
use super::state::Saved;
use std::ops::Range;

/// How the last sanitize ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was none, or the host left the failed state.
    Never,
    /// Success.
    Success,
    /// Success, deallocated in spite of the host's wish.
    Deallocated,
    /// Failure.
    Failed {
        /// The drive says that physical sectors were not sanitized.
        sectors_remain: bool,
        /// The host may leave the failed state without a success.
        unrestricted: bool,
    },
}

/// What status commands and logs tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// How the last sanitize ended.
    pub outcome: Outcome,
    /// Progress in 65536ths while one runs.
    pub progress: Option<u16>,
    /// The command word of the last one.
    pub word: u32,
    /// Whole passes done.
    pub passes: u64,
    /// Nothing was written since the last success.
    pub untouched: bool,
}

/// What became of an erase command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Accepted.
    Accepted,
    /// Refused.
    Refused(Refusal),
    /// No answer reached the host.
    Unanswered,
}

/// What every drive has.
pub struct Gear {
    /// The raw blocks.
    pub medium: Medium,
    /// The time it lives in.
    pub clock: Clock,
    /// What it does wrong.
    pub faults: Faults,
    /// Whether it has power.
    pub powered: bool,
    /// Whether the host reaches it.
    pub linked: bool,
    /// The erase that runs.
    pub running: Option<Running>,
    /// How the last sanitize ended.
    pub outcome: Outcome,
    /// The command word of the last sanitize.
    pub word: u32,
    /// Passes the last sanitize did.
    pub passes: u64,
    /// Nothing was written since the last successful sanitize.
    pub untouched: bool,
    /// A unit attention waits (06h/29h/00h).
    pub attention: bool,
    /// An erase ended; the command set has not yet drawn its conclusions.
    pub ended: Option<(Origin, bool)>,
    looks: u32,
    late: Option<(Report, u64)>,
    struck: Vec<String>,
}

impl Gear {
    /// A drive's gear, powered and connected.
    pub fn new(medium: Medium, clock: Clock) -> Self {
        Gear {
            medium,
            clock,
            faults: Faults::default(),
            powered: true,
            linked: true,
            running: None,
            outcome: Outcome::Never,
            word: 0,
            passes: 0,
            untouched: false,
            attention: false,
            ended: None,
            looks: 0,
            late: None,
            struck: Vec::new(),
        }
    }

    /// Whether a command reaches the drive and its answer the host. Work in the background is brought up to now first.
    pub fn reachable(&mut self) -> bool {
        self.tick();
        self.powered && self.linked
    }

    fn strike<T>(&mut self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let name = self.faults.find(|fault| pick(fault).map(|_| fault.to_string()));
        let struck = self.faults.strike(pick);
        self.struck.extend(name);
        struck
    }

    /// The erase begins, if no fault speaks against it. `visible`: blocks of namespace `space` that the host can address.
    pub fn begin(&mut self, mut plan: Plan, space: usize, visible: u64) -> Begun {
        if let Some(refusal) = self.faults.refusal() {
            return Begun::Refused(refusal);
        }
        let cut = self.strike(|fault| if let Fault::CutAtCommand { taken } = fault { Some(*taken) } else { None });
        self.linked &= cut.is_none();
        let answer = if cut.is_some() { Begun::Unanswered } else { Begun::Accepted };
        if cut == Some(false) || self.faults.has(&Fault::StaleSuccess) {
            return answer;
        }
        if let Some(seconds) = self.faults.find(|fault| match fault {
            Fault::LateReport { seconds } => Some(*seconds),
            _ => None,
        }) {
            self.late = Some((self.present(), self.clock.now() + seconds * 1000));
        }
        plan.skip.extend(self.skipped(space, visible));
        if self.faults.has(&Fault::InstantSuccess) {
            plan.milliseconds = 0;
        }
        if plan.origin == Origin::Sanitize {
            self.word = plan.word;
            self.outcome = Outcome::Never;
            self.passes = 0;
        }
        self.untouched = false;
        self.looks = 0;
        self.running = Some(Running::start(plan, self.clock.now()));
        self.tick();
        if self.powered { answer } else { Begun::Unanswered }
    }

    fn skipped(&self, space: usize, visible: u64) -> Vec<Range<u64>> {
        let layout = self.medium.layout();
        let own = layout.space(space);
        let mut skip = Vec::new();
        for fault in &self.faults.0 {
            match fault {
                Fault::SkipsSectors { first, count } => {
                    let start = layout.space(0).start + first;
                    skip.push(start..start + count);
                }
                Fault::SkipsHidden => skip.push(own.start + visible..own.end),
                Fault::SkipsSpare => skip.push(layout.spare()),
                Fault::SkipsRemapped => skip.push(layout.remapped()),
                Fault::SkipsOtherNamespaces => {
                    skip.extend((0..layout.spaces.len()).filter(|other| *other != space).map(|n| layout.space(n)));
                }
                _ => {}
            }
        }
        skip.retain(|range| range.start < range.end);
        skip
    }

    /// Brings background work up to now.
    pub fn tick(&mut self) {
        if !self.powered {
            return;
        }
        let Some(mut running) = self.running.take() else { return };
        let total = running.plan.milliseconds;
        let mut worked = running.worked(self.clock.now());
        for fault in &self.faults.0 {
            if let Fault::StallsAt { percent, seconds } = fault {
                let stop = total * u64::from(*percent) / 100;
                if worked > stop {
                    worked = seconds.map_or(stop, |seconds| stop.max(worked.saturating_sub(seconds * 1000)));
                }
            }
        }
        let mut share = (worked * 65536).checked_div(total).unwrap_or(65536).min(65536);
        let reached = |percent: u8| u64::from(percent.min(100)) * 65536 / 100 <= share;
        if self.strike(|fault| matches!(fault, Fault::ResetAt { percent } if reached(*percent)).then_some(())).is_some()
        {
            self.attention = true;
        }
        let fails = self.faults.find(|fault| match fault {
            Fault::FailsAt { percent, sectors_remain } if reached(*percent) => Some((*percent, *sectors_remain)),
            _ => None,
        });
        let power = self.strike(|fault| match fault {
            Fault::PowerCutAt { percent } if reached(*percent) && fails.is_none_or(|(at, _)| *percent <= at) => {
                Some(*percent)
            }
            _ => None,
        });
        if let Some(percent) = power.or(fails.map(|(percent, _)| percent)) {
            share = share.min(u64::from(percent.min(100)) * 65536 / 100);
        }
        let idle = self.faults.has(&Fault::Lies);
        let broken = running.work(&mut self.medium, share, idle).is_err();
        if power.is_some() {
            running.before = total * share / 65536;
            running.since = None;
            self.running = Some(running);
            self.powered = false;
        } else if broken || fails.is_some() {
            let sectors_remain = fails.is_some_and(|(_, remain)| remain);
            let unrestricted = running.plan.unrestricted;
            self.conclude(&running, Outcome::Failed { sectors_remain, unrestricted });
        } else if share == 65536 {
            let done = running.finish(&mut self.medium, idle).is_ok();
            let unrestricted = running.plan.unrestricted;
            let failed = Outcome::Failed { sectors_remain: false, unrestricted };
            self.conclude(&running, if done { Outcome::Success } else { failed });
        } else {
            self.running = Some(running);
        }
    }

    fn conclude(&mut self, running: &Running, outcome: Outcome) {
        let good = !matches!(outcome, Outcome::Failed { .. });
        self.ended = Some((running.plan.origin, good));
        if running.plan.origin == Origin::Sanitize {
            self.outcome = outcome;
            self.passes = running.passes_done();
            self.untouched = good;
        }
    }

    /// Waits until the erase has ended, for a command that blocks. `false`: it never will, the power went, or a reset
    /// took the command away while the erase goes on.
    pub fn block(&mut self) -> bool {
        // Eight times what it should take, and an hour: then the host has long given up.
        let whole = self.running.as_ref().map_or(0, |running| running.plan.milliseconds);
        let step = (whole / 128).max(1);
        let deadline = self.clock.now() + 8 * whole + 3_600_000;
        let attention = self.attention;
        while self.running.is_some() && self.powered && self.clock.now() < deadline {
            self.clock.wait(step);
            self.tick();
            if self.attention != attention {
                return false;
            }
        }
        self.running.is_none() && self.powered
    }

    /// The host looks at the progress; `false` if that look never comes back.
    pub fn look(&mut self) -> bool {
        if self.running.is_some() {
            self.looks += 1;
            let looks = self.looks;
            let cut = self.strike(|fault| matches!(fault, Fault::CutAtPoll(n) if *n == looks).then_some(()));
            self.linked &= cut.is_none();
        }
        self.linked
    }

    /// Progress in 65536ths of what runs, if it began as `origin`.
    pub fn progress(&self, origin: Origin) -> Option<u16> {
        let running = self.running.as_ref().filter(|running| running.plan.origin == origin)?;
        let share = running.done * 65536 / running.total().max(1);
        Some(share.min(65535) as u16)
    }

    fn present(&self) -> Report {
        let progress = self.progress(Origin::Sanitize);
        let passes = self.running.as_ref().filter(|_| progress.is_some()).map_or(self.passes, Running::passes_done);
        Report { outcome: self.outcome, progress, word: self.word, passes, untouched: self.untouched }
    }

    /// What the drive tells of its last sanitize, which a fault may date.
    pub fn report(&self) -> Report {
        match self.late {
            Some((report, until)) if self.clock.now() < until => report,
            _ => self.present(),
        }
    }

    /// Whether a sanitize truly runs.
    pub fn sanitizing(&self) -> bool {
        self.progress(Origin::Sanitize).is_some()
    }

    /// Whether the last sanitize failed and nothing has healed that yet.
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. }) && self.running.is_none()
    }

    /// The power goes. Work stands still where it is.
    pub fn power_off(&mut self) {
        self.tick();
        let now = self.clock.now();
        if let Some(running) = self.running.as_mut() {
            running.before = running.worked(now);
            running.since = None;
        }
        self.powered = false;
    }

    /// The power comes back: a sanitize goes on by itself; another erase is dropped where it stood.
    pub fn power_on(&mut self) {
        self.powered = true;
        self.linked = true;
        self.attention = true;
        self.ended = None;
        self.running = self.running.take().filter(|running| running.plan.origin == Origin::Sanitize);
        let now = self.clock.now();
        if let Some(running) = self.running.as_mut() {
            running.since = Some(now);
        }
    }

    /// Keeps what survives a power cut.
    pub fn save(&self, saved: &mut Saved) {
        self.medium.save(saved);
        let (code, remain, free) = match self.outcome {
            Outcome::Never => (0, false, false),
            Outcome::Success => (1, false, false),
            Outcome::Deallocated => (2, false, false),
            Outcome::Failed { sectors_remain, unrestricted } => (3, sectors_remain, unrestricted),
        };
        saved.set("outcome", code);
        saved.set("outcome-sectors-remain", remain);
        saved.set("outcome-unrestricted", free);
        saved.set("word", self.word);
        saved.set("passes", self.passes);
        saved.set("untouched", self.untouched);
        saved.set("struck", format!("{};", self.struck.join(";")));
        saved.set("erasing", self.running.is_some());
        if let Some(running) = &self.running {
            running.save(saved, self.clock.now());
        }
    }

    /// Takes back what survived; faults that struck once are struck out. The drive has power then, as after
    /// [`Gear::power_on`].
    ///
    /// # Errors
    /// What is missing or can't be read.
    pub fn load(&mut self, saved: &Saved) -> Result<(), String> {
        self.medium.load(saved)?;
        self.outcome = match saved.get::<u8>("outcome")? {
            0 => Outcome::Never,
            1 => Outcome::Success,
            2 => Outcome::Deallocated,
            3 => Outcome::Failed {
                sectors_remain: saved.get("outcome-sectors-remain")?,
                unrestricted: saved.get("outcome-unrestricted")?,
            },
            _ => return Err("saved outcome can't be read".to_owned()),
        };
        self.word = saved.get("word")?;
        self.passes = saved.get("passes")?;
        self.untouched = saved.get("untouched")?;
        self.struck = saved.word("struck")?.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        for name in &self.struck {
            if let Some(at) = self.faults.0.iter().position(|fault| fault.to_string() == *name) {
                self.faults.0.remove(at);
            }
        }
        self.running = if saved.get("erasing")? { Some(Running::load(saved)?) } else { None };
        self.power_on();
        Ok(())
    }
}
