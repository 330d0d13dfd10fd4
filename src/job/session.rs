//! One session of a job: the passes that are left, then the readback.

use super::control::{PassControl, Position, VerifyControl};
use super::{Stop, draw, evidence};
use crate::device::Clearance;
use crate::io::{Engine, Halt};
use crate::journal::{JobState, Journal, StoredPlan};
use crate::media::VerifyKind;
use crate::outcome::{End, Event, Evidence, Observer, VerificationEvidence};
use crate::pattern::Pattern;
use crate::technique::{Watched, overwrite};

/// What steers a session.
pub(super) struct Session<'a> {
    pub clearance: &'a mut Clearance,
    pub journal: &'a mut Journal,
    pub state: &'a mut JobState,
    pub observer: &'a dyn Observer,
    pub stop: &'a Stop,
    /// Forces an engine; `None`: probed.
    pub engine: Option<Engine>,
    /// Whether an erase by the drive may be started anew: the medium is known not to have been away, or carries the job's marks.
    pub may_begin_anew: bool,
}

/// What a session came to.
pub(super) struct Work {
    pub evidence: Evidence,
    pub engine: Option<Engine>,
}

impl Session<'_> {
    /// Writes from where `state` has reached to the end of the last pass, then reads back.
    pub(super) fn run(mut self) -> Work {
        if let Some(erase) = self.state.plan.erase.clone() {
            return self.erase(&erase);
        }
        let mut used = None;
        let mut bad_left_out = 0;
        let (verification, end) = match self.passes(&mut used) {
            Err(halt) => (None, self.end(halt)),
            Ok(()) => {
                let last = self.state.plan.passes.last().map(|pass| pass.pattern.clone());
                let (verification, end) = match last {
                    Some(pattern) => self.verification(pattern, &mut bad_left_out),
                    None => (None, Err(Halt::GaveUp("no pass was planned".into()))),
                };
                (verification, end.map_or_else(|halt| self.end(halt), |()| End::Completed))
            }
        };
        Work { evidence: evidence::of(self.state, verification, end, bad_left_out), engine: used }
    }

    pub(super) fn end(&self, halt: Halt) -> End {
        match halt {
            Halt::Stopped => End::Interrupted { cause: self.stop.cause().unwrap_or("stopped").to_string() },
            Halt::Lost(detail) => End::Lost { detail },
            Halt::GaveUp(detail) => End::GaveUp { detail },
        }
    }

    fn size(&self) -> u64 {
        self.state.plan.medium.identity.size_bytes
    }

    fn passes(&mut self, used: &mut Option<Engine>) -> Result<(), Halt> {
        let passes = self.state.plan.passes.clone();
        for pass in &passes {
            let (reached, byte) = self.state.reached;
            if pass.number < reached || (pass.number == reached && byte == self.size()) {
                continue;
            }
            if pass.number > reached {
                self.state.reached = (pass.number, 0);
            }
            let from_byte = self.state.reached.1;
            let position = Position {
                phase: format!("pass {} of {}", pass.number, passes.len()),
                before: (u64::from(pass.number) - 1) * self.size() + from_byte,
                total: total(&self.state.plan),
            };
            let mut control = PassControl::new(self.stop, self.observer, position, self.journal, self.state);
            let (summary, end) =
                overwrite::run_pass(self.clearance, pass.number, &pass.pattern, from_byte, self.engine, &mut control);
            if end.is_err() {
                control.keep_unsaved();
            }
            *used = Some(end?);
            self.observer.on_event(Event::Pass {
                number: pass.number,
                pattern: pass.pattern.name(),
                bytes: summary.bytes,
                milliseconds: summary.milliseconds,
            });
        }
        Ok(())
    }

    /// Reads back and holds what is read against `pattern`.
    pub(super) fn verification(
        &mut self,
        pattern: Pattern,
        left_out: &mut u64,
    ) -> (Option<VerificationEvidence>, Result<(), Halt>) {
        let plan = &self.state.plan;
        if plan.verify == VerifyKind::None {
            return (None, self.clearance.recheck().map_err(Halt::Lost));
        }
        if let Err(difference) = self.clearance.recheck() {
            return (None, Err(Halt::Lost(difference)));
        }
        let seed = match draw::key() {
            Ok(seed) => seed,
            Err(problem) => return (None, Err(Halt::GaveUp(problem.what))),
        };
        let size = self.size();
        let position = Position {
            phase: "verify".into(),
            before: sweeps(plan) * size,
            total: sweeps(plan) * size + readback_bytes(plan, seed),
        };
        let request = crate::verify::Request {
            kind: plan.verify,
            scope_bytes: size,
            logical_block_bytes: plan.medium.identity.logical_block_bytes,
            pattern,
            seed,
        };
        let mut queue = match self.clearance.queue(self.engine) {
            Ok(queue) => queue,
            Err(e) => return (None, Err(Halt::GaveUp(format!("no engine could be set up: {e}")))),
        };
        let mut control = VerifyControl::new(self.stop, self.observer, position, plan.max_rate, size);
        let (mut found, end) = {
            let mut watched = Watched { inner: &mut control, clearance: self.clearance };
            crate::verify::run(queue.as_mut(), &request, &mut watched)
        };
        *left_out = control.bad.left_out;
        self.state.bad.append(&mut control.bad.listed);
        if end.is_ok() {
            self.observer.on_event(Event::Verify {
                kind: found.kind.name().into(),
                bytes: found.bytes_read,
                milliseconds: found.milliseconds,
                mismatches: found.mismatches,
                unreadable: found.unreadable,
            });
        }
        let end = end.and_then(|()| self.clearance.recheck().map_err(Halt::Lost));
        // A readback that ends on another medium is none of this one.
        found.complete &= end.is_ok();
        (Some(found), end)
    }
}

/// Bytes that a job of this plan writes and reads.
pub(super) fn total(plan: &StoredPlan) -> u64 {
    if let Some(files) = &plan.files {
        let sweeps = plan.passes.len() as u64 + u64::from(plan.verify != VerifyKind::None);
        return files.expected_bytes.saturating_mul(sweeps);
    }
    let size = plan.medium.identity.size_bytes;
    // The seed that is drawn after the passes changes the sum by two blocks at most.
    size.saturating_mul(sweeps(plan)).saturating_add(readback_bytes(plan, [0; 16]))
}

/// How often it goes over the whole medium, before it reads back: by itself, or once in the drive's own count.
fn sweeps(plan: &StoredPlan) -> u64 {
    if plan.erase.is_some() { 1 } else { plan.passes.len() as u64 }
}

/// Bytes that its readback reads, sampled by `seed`.
fn readback_bytes(plan: &StoredPlan, seed: [u8; 16]) -> u64 {
    let identity = &plan.medium.identity;
    crate::verify::bytes_planned(plan.verify, identity.size_bytes, identity.logical_block_bytes, seed)
}
