//! One session of an erase by the drive: blocks are marked, the command is sent and watched, and the marks are looked for again.

use std::time::{Duration, Instant};

use super::control::{Position, Teller, VerifyControl};
use super::session::{Session, Work, total};
use super::{Stop, clock, draw, evidence};
use crate::device::examine;
use crate::io::{Engine, Halt};
use crate::journal::{Entry, JobState, Journal, StoredErase, StoredPlan};
use crate::media::{TechniqueId, VerifyKind};
use crate::outcome::{
    CommandEvidence, End, Ending, Markers, Places, Progress, Readback, VerificationEvidence, Witnesses,
};
use crate::technique::drive::{self, Pace, Run, Told};
use crate::technique::watch::Watch;
use crate::verify::{MarkedPlaces, Seen};

/// A journal entry for each hundredth of the way, so that a session of days leaves few.
const HUNDREDTH: u16 = 655;
/// A stop is looked for this often while waiting.
const SLICE: Duration = Duration::from_millis(50);
/// What stands as the ending while a session is at work, for the case that it leaves no other word.
const CUT_OFF: &str = "the session was cut off";

/// What is known before the command is sent.
fn fresh(plan: &StoredPlan, stored: &StoredErase) -> CommandEvidence {
    CommandEvidence {
        technique: plan.technique,
        accepted: false,
        seen_running: false,
        ending: Ending::NotRun,
        resets: Vec::new(),
        estimate_seconds: stored.estimate_seconds,
        milliseconds: 0,
        progress: Vec::new(),
        exchanges: Vec::new(),
        seed: Some(stored.seed.clone()),
        markers: None,
        witnesses: None,
        expected: None,
        readback: Readback::Changed,
        encryption: stored.encryption.clone(),
        reached: stored.reached.clone(),
    }
}

/// The session's clock, and the wish to stop.
struct JobPace<'a> {
    begun: Instant,
    stop: &'a Stop,
}

impl Pace for JobPace<'_> {
    fn now(&self) -> Duration {
        clock::now() - self.begun
    }

    fn wait(&mut self, duration: Duration) -> Option<String> {
        let until = clock::now() + duration;
        loop {
            if let Some(cause) = self.stop.cause() {
                return Some(cause.to_string());
            }
            let left = until.saturating_duration_since(clock::now());
            if left.is_zero() {
                return None;
            }
            clock::sleep(left.min(SLICE));
        }
    }
}

/// Keeps what the technique tells while it runs: events for watchers, entries for a later session.
struct Keeper<'a> {
    journal: &'a mut Journal,
    state: &'a mut JobState,
    teller: Teller<'a>,
    command: CommandEvidence,
    begun: Instant,
    /// Milliseconds of earlier sessions.
    before: u64,
    kept: Option<u16>,
    size: u64,
}

impl Keeper<'_> {
    fn told(&mut self, told: Told) {
        self.command.accepted |= told == Told::Accepted;
        self.command.ending = Ending::LeftRunning { cause: CUT_OFF.into() };
        let elapsed = u64::try_from((clock::now() - self.begun).as_millis()).unwrap_or(u64::MAX);
        self.command.milliseconds = self.before.saturating_add(elapsed);
        if let Told::Running { progress } = told {
            let first = !self.command.seen_running;
            self.command.seen_running = true;
            let progress = progress.unwrap_or(0);
            self.teller.tell(u64::try_from(u128::from(self.size) * u128::from(progress) / 65536).unwrap_or(0));
            if !first && self.kept.is_some_and(|kept| progress.abs_diff(kept) < HUNDREDTH) {
                return;
            }
            self.kept = Some(progress);
            self.command.progress.push(Progress { milliseconds: self.command.milliseconds, progress });
        }
        // The drive can't be stopped, so a journal that takes no more is no reason to look away.
        let _ = keep(self.journal, self.state, true, &self.command);
    }
}

fn keep(journal: &mut Journal, state: &mut JobState, sent: bool, command: &CommandEvidence) -> Result<(), Halt> {
    let entry = Entry::Erase { sent, command: Box::new(command.clone()) };
    journal.append(&entry).map_err(|problem| Halt::GaveUp(problem.what))?;
    state.apply(entry).map_err(Halt::GaveUp)
}

impl Session<'_> {
    /// Carries the erase out, or joins one that an earlier session started.
    pub(super) fn erase(mut self, stored: &StoredErase) -> Work {
        let known = self.state.erase.clone();
        let mut command = known.as_ref().map_or_else(|| fresh(&self.state.plan, stored), |(_, c)| c.clone());
        let mut left_out = 0;
        let sent = known.is_some_and(|(sent, _)| sent);
        let mut found = None;
        let end = match self.phases(stored, sent, &mut command, &mut found, &mut left_out) {
            Ok(()) => End::Completed,
            Err(halt) => self.end(halt),
        };
        self.state.erase = Some((true, command));
        let mut evidence = evidence::of(self.state, found, end, left_out);
        // One that is still at it is not disturbed.
        let at_it = matches!(evidence.command.as_ref().map(|c| &c.ending), Some(Ending::LeftRunning { .. }));
        evidence.health.after = self.clearance.transport().filter(|_| !at_it).and_then(|mut transport| {
            examine(transport.as_mut(), &self.state.plan.medium).map(|capabilities| capabilities.health)
        });
        Work { evidence, engine: self.engine_used() }
    }

    fn engine_used(&mut self) -> Option<Engine> {
        self.clearance.queue(self.engine).ok().map(|queue| queue.engine())
    }

    fn phases(
        &mut self,
        stored: &StoredErase,
        sent: bool,
        command: &mut CommandEvidence,
        found: &mut Option<VerificationEvidence>,
        left_out: &mut u64,
    ) -> Result<(), Halt> {
        let mut places = self.places(stored)?;
        let joined = if sent { self.join(command)? } else { None };
        let run = match joined {
            Some(run) => run,
            None if sent && !self.may_begin_anew => {
                let why = "nothing ties what the drive did to this job's command, and it was away since: wipe it again, and confirm it anew";
                command.ending = Ending::BrokenChain { resets: vec!["not watched to its end".into()] };
                return Err(Halt::GaveUp(why.into()));
            }
            None => {
                *command = fresh(&self.state.plan, stored);
                // A session that is cut off from here on leaves nothing of the old chain behind.
                keep(self.journal, self.state, false, command)?;
                self.mark(&mut places, command)?;
                self.send(command)?
            }
        };
        command.accepted |= run.accepted;
        command.seen_running |= command.accepted && run.watch.seen_running();
        command.resets.extend_from_slice(run.watch.resets());
        command.ending = run.ending;
        // What was seen running is another's then.
        if matches!(command.ending, Ending::NotSent { .. } | Ending::Rejected { .. }) {
            (command.accepted, command.seen_running) = (false, false);
            command.progress.clear();
        }
        match &command.ending {
            Ending::LeftRunning { .. } => return Err(Halt::Stopped),
            // It was not sent any more.
            Ending::NotSent { .. } if self.stop.cause().is_some() => return Err(Halt::Stopped),
            Ending::Unknown { detail } => return Err(Halt::Lost(detail.clone())),
            Ending::Succeeded | Ending::AtOnce | Ending::Answered | Ending::Deallocated => {}
            _ => return Ok(()),
        }
        self.look_again(&places, command)?;
        self.read_back(command, found, left_out)
    }

    /// The places to mark, on every device that is held, the target first.
    fn places(&self, stored: &StoredErase) -> Result<Vec<MarkedPlaces>, Halt> {
        let none = || Halt::GaveUp("no places to mark can be drawn".into());
        let seed = u128::from_str_radix(&stored.seed, 16).map_err(|_| none())?.to_be_bytes();
        let media = std::iter::once(self.clearance.medium()).chain(self.clearance.siblings());
        (0..)
            .zip(media)
            .map(|(number, medium)| {
                let (size, block) = (medium.identity.size_bytes, medium.identity.logical_block_bytes);
                let places = Places::draw(seed, number, size, block).ok_or_else(none)?;
                Ok(MarkedPlaces::new(places, block))
            })
            .collect()
    }

    fn control(&self, phase: &str, before: u64) -> VerifyControl<'_> {
        let plan = &self.state.plan;
        let position = Position { phase: phase.into(), before, total: total(plan) };
        VerifyControl::new(self.stop, self.observer, position, plan.max_rate, plan.medium.identity.size_bytes)
    }

    fn mark(&mut self, places: &mut [MarkedPlaces], command: &mut CommandEvidence) -> Result<(), Halt> {
        self.clearance.recheck().map_err(Halt::Lost)?;
        let problem = |e: std::io::Error| Halt::GaveUp(format!("no engine could be set up: {e}"));
        let queues = self.clearance.queues(self.engine).map_err(problem)?;
        let mut markers = Markers { written: 0, gone: 0, survived: 0, unreadable: 0 };
        for ((_, mut queue), places) in queues.into_iter().zip(places) {
            let random = || draw::key().map_err(|problem| Halt::GaveUp(problem.what));
            let (first, second) = (random()?, random()?);
            let mut key = [0; 32];
            key.iter_mut().zip(first.into_iter().chain(second)).for_each(|(to, from)| *to = from);
            markers.written += places.prepare(queue.as_mut(), key, &mut self.control("mark", 0))?;
        }
        command.markers = Some(markers);
        Ok(())
    }

    /// Sends the command and watches it to its end. The journal says so before.
    fn send(&mut self, command: &mut CommandEvidence) -> Result<Run, Halt> {
        self.clearance.recheck().map_err(Halt::Lost)?;
        command.ending = Ending::Unknown { detail: CUT_OFF.into() };
        keep(self.journal, self.state, true, command)?;
        let estimate = command.estimate_seconds.map(Duration::from_secs);
        self.with_drive(command, |erase, transport, pace, told| drive::run(erase, transport, estimate, pace, told))
    }

    /// Takes up the erase of an earlier session. `None`: nothing ties what the drive shows to it, and a new one must be started.
    fn join(&mut self, command: &mut CommandEvidence) -> Result<Option<Run>, Halt> {
        let estimate = command.estimate_seconds.map(Duration::from_secs);
        let doubt = (!command.accepted).then(|| CUT_OFF.to_string());
        // What happened while nobody watched is not known: only a drive that is seen running again is at the same erase.
        let watch = Watch::new(true, estimate);
        let run = self.with_drive(command, |erase, transport, pace, told| {
            drive::follow(erase, transport, watch, pace, told, doubt)
        })?;
        Ok(match &run.ending {
            Ending::Unknown { detail } if detail == CUT_OFF => None,
            Ending::BrokenChain { .. } | Ending::Stale | Ending::NotRun | Ending::Foreign | Ending::AtOnce => None,
            // Of a format only the session that sent it is told how it ended.
            Ending::Failed { .. } if !run.watch.seen_running() || is_format(command.technique) => None,
            _ if !run.watch.seen_running()
                && !matches!(run.ending, Ending::LeftRunning { .. } | Ending::Unknown { .. }) =>
            {
                None
            }
            _ => Some(run),
        })
    }

    fn with_drive(
        &mut self,
        command: &mut CommandEvidence,
        work: impl FnOnce(
            &mut dyn drive::Erase,
            &mut dyn crate::device::Transport,
            &mut dyn Pace,
            &mut dyn FnMut(Told),
        ) -> Run,
    ) -> Result<Run, Halt> {
        let unreachable = || Halt::GaveUp("no commands can be sent to the drive".into());
        let mut transport = self.clearance.transport().ok_or_else(unreachable)?;
        let spare = self.clearance.transport();
        let plan = self.state.plan.clone();
        let mut erase = crate::technique::erase(plan.technique, &plan.medium, spare).ok_or_else(unreachable)?;
        let position = Position { phase: plan.technique.name().into(), before: 0, total: total(&plan) };
        let begun = clock::now();
        let mut keeper = Keeper {
            journal: self.journal,
            state: self.state,
            teller: Teller::new(self.observer, position),
            before: command.milliseconds,
            command: command.clone(),
            begun,
            kept: None,
            size: plan.medium.identity.size_bytes,
        };
        let mut pace = JobPace { begun, stop: self.stop };
        let run = work(erase.as_mut(), transport.as_mut(), &mut pace, &mut |told| keeper.told(told));
        let before = command.milliseconds;
        *command = keeper.command;
        command.milliseconds = before.saturating_add(u64::try_from(pace.now().as_millis()).unwrap_or(u64::MAX));
        command.exchanges.extend(erase.exchanges());
        Ok(run)
    }

    /// Looks for the marks, and compares the witnesses.
    fn look_again(&mut self, places: &[MarkedPlaces], command: &mut CommandEvidence) -> Result<(), Halt> {
        self.clearance.recheck().map_err(Halt::Lost)?;
        let problem = |e: std::io::Error| Halt::GaveUp(format!("no engine could be set up: {e}"));
        let queues = self.clearance.queues(self.engine).map_err(problem)?;
        let written = command.markers.as_ref().map_or(0, |markers| markers.written);
        let mut seen = Vec::new();
        for ((_, mut queue), places) in queues.into_iter().zip(places) {
            let size = self.state.plan.medium.identity.size_bytes;
            seen.push(places.look(queue.as_mut(), &mut self.control("look for marks", size))?);
        }
        self.clearance.recheck().map_err(Halt::Lost)?;
        command.markers = Some(of_written(sum(&seen), written));
        command.witnesses = witnesses(&seen);
        let uniform = seen.first().and_then(|s| s.uniform).filter(|byte| seen.iter().all(|s| s.uniform == Some(*byte)));
        let told = crate::technique::told_pattern(command.technique);
        let byte = told.as_ref().and_then(|bytes| bytes.first().copied());
        if byte.is_some() && seen.iter().skip(1).any(|other| other.uniform != byte) {
            command.ending = Ending::Failed {
                detail: "another device of the drive does not hold what the drive was told to write".into(),
            };
        }
        (command.readback, command.expected) = match (told, uniform) {
            _ if command.ending == Ending::Deallocated || self.must_write(command.technique) => {
                (Readback::ProvesNothing, None)
            }
            (Some(bytes), _) => (Readback::Pattern, Some(draw::hex(&bytes))),
            (None, Some(byte)) => (Readback::Uniform, Some(draw::hex(&[byte]))),
            (None, None) => (Readback::Changed, None),
        };
        Ok(())
    }

    /// Whether the drive gives no block out after this erase until it has been written (SBC-4, WABEREQ and WACEREQ).
    fn must_write(&self, technique: TechniqueId) -> bool {
        let Some(capabilities) = &self.state.plan.medium.capabilities else { return false };
        match technique {
            TechniqueId::ScsiSanitizeBlock => capabilities.sanitize.write_after_block,
            TechniqueId::ScsiSanitizeCrypto => capabilities.sanitize.write_after_crypto,
            _ => false,
        }
    }

    fn read_back(
        &mut self,
        command: &CommandEvidence,
        found: &mut Option<VerificationEvidence>,
        left_out: &mut u64,
    ) -> Result<(), Halt> {
        if self.must_write(command.technique) {
            return self.write_zeros();
        }
        if self.state.plan.verify == VerifyKind::None || command.readback == Readback::ProvesNothing {
            return Ok(());
        }
        let Some(pattern) = command.expected.as_deref().and_then(evidence::expected) else {
            *found = compared(command, &self.state.plan);
            return Ok(());
        };
        let (verification, end) = self.verification(pattern, left_out);
        // What was found stands also where it was given up: its exceptions do.
        *found = verification;
        end
    }

    /// So that the drive can be used again.
    fn write_zeros(&mut self) -> Result<(), Halt> {
        let identity = self.state.plan.medium.identity.clone();
        let problem = |e: std::io::Error| Halt::GaveUp(format!("no engine could be set up: {e}"));
        let mut queue = self.clearance.queue(self.engine).map_err(problem)?;
        let mut ranges = std::iter::once(crate::media::ByteRange::new(0, identity.size_bytes));
        let mut fill = |_: u64, buffer: &mut [u8]| buffer.fill(0);
        let mut control = self.control("write after erase", identity.size_bytes);
        crate::io::write_steady(queue.as_mut(), &mut ranges, identity.logical_block_bytes, 0, &mut fill, &mut control).1
    }
}

fn is_format(technique: TechniqueId) -> bool {
    matches!(technique, TechniqueId::NvmeFormatCrypto | TechniqueId::NvmeFormatUser)
}

fn sum(seen: &[Seen]) -> Markers {
    let mut all = Markers { written: 0, gone: 0, survived: 0, unreadable: 0 };
    for one in seen {
        all.written += one.markers.written;
        all.gone += one.markers.gone;
        all.survived += one.markers.survived;
        all.unreadable += one.markers.unreadable;
    }
    all
}

/// Marks that an earlier session could not write are not told apart from those that it did: as many fewer are called gone.
fn of_written(found: Markers, written: u64) -> Markers {
    let never = found.written.saturating_sub(written);
    let unread = never.saturating_sub(found.gone).min(found.unreadable);
    Markers { written, gone: found.gone.saturating_sub(never), unreadable: found.unreadable - unread, ..found }
}

/// `None` where one of the devices lacks what its witnesses held before.
fn witnesses(seen: &[Seen]) -> Option<Witnesses> {
    let mut all = Witnesses { read: 0, blank: 0, changed: 0, same: 0, unreadable: 0 };
    for one in seen {
        let one = one.witnesses.as_ref()?;
        all.read += one.read;
        all.blank += one.blank;
        all.changed += one.changed;
        all.same += one.same;
        all.unreadable += one.unreadable;
    }
    Some(all)
}

/// The readback where nothing is known of what the drive leaves: a sample of blocks compared with what they held before.
fn compared(command: &CommandEvidence, plan: &StoredPlan) -> Option<VerificationEvidence> {
    let block = u64::from(plan.medium.identity.logical_block_bytes);
    let markers = command.markers.as_ref()?;
    let (same, changed, unreadable) =
        command.witnesses.as_ref().map_or((0, 0, 0), |w| (w.same, w.changed, w.unreadable));
    let read = markers.gone + markers.survived + same + changed;
    Some(VerificationEvidence {
        kind: VerifyKind::Sampled,
        complete: true,
        bytes_planned: (read + markers.unreadable + unreadable) * block,
        bytes_read: read * block,
        mismatches: markers.survived + same,
        unreadable: markers.unreadable + unreadable,
        seed: plan.erase.as_ref().map(|stored| stored.seed.clone()),
        cells: Some((read + markers.unreadable + unreadable, read)),
        milliseconds: 0,
    })
}
