//! What may be believed of an erase that the drive carries out by itself: our command accepted, seen running, ended by the drive's own
//! word. Pure: techniques translate what a drive answers into [`Look`]s, and this decides.
//!
//! ATA and SCSI do not tell *which* sanitize succeeded (ACS-5 §7.35, SBC-5 §5.34): there the chain from acceptance over running to
//! the end must not break. NVMe does (SCDW10 in log page 81h, NVM Express Base Specification 2.0 §5.16.1.24).

use std::time::Duration;

use crate::outcome::{Ending, Progress};

/// A status that has not moved on yet is given this long after the command was accepted.
const GRACE: Duration = Duration::from_secs(10);
/// No drive is called stalled sooner.
const SHORTEST_STALL: Duration = Duration::from_secs(30 * 60);
/// A drive is called stalled when it stands still for this many times its longest pause so far …
const STALL_PAUSES: u32 = 10;
/// … or, before it moved at all, for this many times its own estimate.
const STALL_ESTIMATES: u32 = 3;
/// One that runs and never tells how far it is gets this long.
const SILENT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Samples of the progress that are kept; more are thinned out.
const SAMPLES: usize = 256;

/// What one look at the drive showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// It is erasing; how far, in 65536ths, where it tells.
    Running {
        /// In 65536ths.
        progress: Option<u16>,
    },
    /// It reports a success.
    Succeeded {
        /// Whether it is our command's; `None` where drives of this kind do not tell.
        ours: Option<bool>,
        /// Whether the blocks were deallocated though that was not to be.
        deallocated: bool,
    },
    /// It reports a failure.
    Failed {
        /// In its words.
        detail: String,
    },
    /// It reports neither.
    Idle,
    /// The command itself, which is answered when it is done, was answered with success.
    Answered,
    /// The command itself was answered with an error that says that nothing was changed by it.
    Rejected {
        /// In its words.
        detail: String,
    },
    /// The command never reached it, as is known only now.
    NotSent {
        /// Why.
        detail: String,
    },
    /// It was reset or lost power since the look before; what it does now, the next look shows.
    Reset {
        /// In its words.
        detail: String,
    },
}

/// Follows one erase from the moment the drive accepted it.
#[derive(Debug)]
pub struct Watch {
    /// What the drive itself expects it to take.
    estimate: Option<Duration>,
    /// It reported a success before our command was sent.
    succeeded_before: bool,
    seen_running: bool,
    /// Seen running after the last reset.
    running_since_reset: bool,
    resets: Vec<String>,
    moved: Duration,
    furthest: Option<u16>,
    longest_pause: Duration,
    samples: Vec<Progress>,
    stride: u32,
    skipped: u32,
}

impl Watch {
    /// `succeeded_before`: what the drive reported right before the command was sent. `estimate`: its own, for this command.
    pub fn new(succeeded_before: bool, estimate: Option<Duration>) -> Self {
        Watch {
            estimate,
            succeeded_before,
            seen_running: false,
            running_since_reset: false,
            resets: Vec::new(),
            moved: Duration::ZERO,
            furthest: None,
            longest_pause: Duration::ZERO,
            samples: Vec::new(),
            stride: 1,
            skipped: 0,
        }
    }

    /// Takes up an erase that an earlier session had seen running.
    pub fn joining(estimate: Option<Duration>, resets: Vec<String>) -> Self {
        Watch { seen_running: true, resets, ..Watch::new(false, estimate) }
    }

    /// Whether it was seen running.
    pub fn seen_running(&self) -> bool {
        self.seen_running
    }

    /// Resets and losses of power since the command was accepted, in the drive's words.
    pub fn resets(&self) -> &[String] {
        &self.resets
    }

    /// The progress so far, thinned out.
    pub fn progress(&self) -> &[Progress] {
        &self.samples
    }

    /// Takes a look in, made `at` after the command was accepted. `Some`: it ended so; `None`: look again.
    pub fn look(&mut self, at: Duration, look: Look) -> Option<Ending> {
        match look {
            Look::Running { progress } => {
                (self.seen_running, self.running_since_reset) = (true, true);
                self.note(at, progress);
                self.is_stalled(at)
                    .then(|| Ending::Stalled { progress: self.furthest, seconds: (at - self.moved).as_secs() })
            }
            Look::Failed { detail } => Some(Ending::Failed { detail }),
            Look::Answered => Some(Ending::Answered),
            Look::Rejected { detail } => Some(Ending::Rejected { detail }),
            Look::NotSent { detail } => Some(Ending::NotSent { detail }),
            Look::Reset { detail } => {
                self.resets.push(detail);
                self.running_since_reset = false;
                None
            }
            Look::Succeeded { ours: Some(false), .. } => (at >= GRACE).then_some(Ending::Foreign),
            Look::Succeeded { ours, deallocated } => match self.succeeded(at, ours == Some(true))? {
                Ending::Succeeded | Ending::AtOnce if deallocated => Some(Ending::Deallocated),
                ending => Some(ending),
            },
            Look::Idle if self.seen_running => {
                Some(Ending::Failed { detail: "it stopped without reporting a success".into() })
            }
            Look::Idle => (at >= GRACE).then_some(Ending::NotRun),
        }
    }

    fn succeeded(&self, at: Duration, is_ours: bool) -> Option<Ending> {
        if self.seen_running && (is_ours || self.resets.is_empty() || self.running_since_reset) {
            return Some(Ending::Succeeded);
        }
        if !self.resets.is_empty() && !is_ours {
            return Some(Ending::BrokenChain { resets: self.resets.clone() });
        }
        // An older success may still be shown where the drive has not begun yet.
        if self.succeeded_before && !is_ours {
            return (at >= GRACE).then_some(Ending::Stale);
        }
        Some(Ending::AtOnce)
    }

    fn note(&mut self, at: Duration, progress: Option<u16>) {
        let moves = progress != self.furthest || self.samples.is_empty();
        if moves {
            if !self.samples.is_empty() {
                self.longest_pause = self.longest_pause.max(at - self.moved);
            }
            (self.moved, self.furthest) = (at, progress);
        }
        self.skipped += 1;
        if moves && (self.skipped >= self.stride || self.samples.is_empty()) {
            self.skipped = 0;
            let milliseconds = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
            self.samples.push(Progress { milliseconds, progress: progress.unwrap_or(0) });
            if self.samples.len() > SAMPLES {
                let mut keep = false;
                self.samples.retain(|_| {
                    keep = !keep;
                    keep
                });
                self.stride = self.stride.saturating_mul(2);
            }
        }
    }

    /// By its own history: a fixed time would call slow drives dead and wait for dead ones.
    fn is_stalled(&self, at: Duration) -> bool {
        let patience = match (self.longest_pause, self.estimate) {
            // One that does not tell how far it is can't be seen standing still.
            _ if self.furthest.is_none() => {
                self.estimate.unwrap_or_default().saturating_mul(STALL_ESTIMATES).max(SILENT)
            }
            (Duration::ZERO, Some(estimate)) => estimate.saturating_mul(STALL_ESTIMATES),
            (pause, _) => pause.saturating_mul(STALL_PAUSES),
        };
        at - self.moved > patience.max(SHORTEST_STALL)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn running(progress: u16) -> Look {
        Look::Running { progress: Some(progress) }
    }

    fn success(ours: Option<bool>) -> Look {
        Look::Succeeded { ours, deallocated: false }
    }

    /// Looks a second apart; how it ended, and that no look after the end was needed.
    fn told(succeeded_before: bool, looks: &[Look]) -> Option<Ending> {
        let mut watch = Watch::new(succeeded_before, None);
        let last = looks.len() - 1;
        let mut ending = None;
        for (at, look) in (0..).zip(looks) {
            ending = watch.look(seconds(at as u64), look.clone());
            assert!(ending.is_none() || at == last, "ended early: {ending:?}");
        }
        ending
    }

    #[test]
    fn the_whole_chain_is_a_success_whatever_was_before() {
        for before in [false, true] {
            for ours in [None, Some(true)] {
                let looks = [running(0), running(30_000), success(ours)];
                assert_eq!(told(before, &looks), Some(Ending::Succeeded));
            }
        }
    }

    #[test]
    fn a_success_that_was_never_seen_running_is_not_the_same() {
        assert_eq!(told(false, &[success(None)]), Some(Ending::AtOnce));
        assert_eq!(told(true, &[success(Some(true))]), Some(Ending::AtOnce), "the log names our command");
    }

    #[test]
    fn an_old_success_is_waited_out_and_then_called_that() {
        let mut watch = Watch::new(true, None);
        for at in 0..10 {
            assert_eq!(watch.look(seconds(at), success(None)), None, "it may not have begun yet");
        }
        assert_eq!(watch.look(seconds(10), success(None)), Some(Ending::Stale));
        let mut watch = Watch::new(true, None);
        assert_eq!(watch.look(seconds(0), success(None)), None);
        assert_eq!(watch.look(seconds(1), running(1)), None);
        assert_eq!(watch.look(seconds(2), success(None)), Some(Ending::Succeeded));
    }

    #[test]
    fn the_success_of_another_command_is_none_of_ours() {
        let mut watch = Watch::new(true, None);
        assert_eq!(watch.look(seconds(1), success(Some(false))), None);
        assert_eq!(watch.look(seconds(11), success(Some(false))), Some(Ending::Foreign));
        // Even after it was seen running: somebody else's command came in between.
        let mut watch = Watch::new(false, None);
        assert_eq!(watch.look(seconds(1), running(9)), None);
        assert_eq!(watch.look(seconds(20), success(Some(false))), Some(Ending::Foreign));
    }

    #[test]
    fn failures_and_silence_are_never_a_success() {
        let failed = Look::Failed { detail: "sanitize failed".into() };
        assert!(matches!(told(false, &[running(1), failed.clone()]), Some(Ending::Failed { .. })));
        assert!(matches!(told(false, &[failed]), Some(Ending::Failed { .. })));
        assert!(
            matches!(told(false, &[running(1), Look::Idle]), Some(Ending::Failed { .. })),
            "stopped without a word"
        );
        let mut watch = Watch::new(false, None);
        assert_eq!(watch.look(seconds(1), Look::Idle), None);
        assert_eq!(watch.look(seconds(10), Look::Idle), Some(Ending::NotRun));
        let deallocated = Look::Succeeded { ours: Some(true), deallocated: true };
        assert_eq!(told(false, &[running(1), deallocated]), Some(Ending::Deallocated));
    }

    #[test]
    fn a_reset_breaks_the_chain_where_the_drive_does_not_name_the_command() {
        let reset = || Look::Reset { detail: "power on, reset, or bus device reset (06h/29h/00h)".into() };
        assert!(matches!(told(false, &[running(1), reset(), success(None)]), Some(Ending::BrokenChain { .. })));
        assert!(matches!(told(false, &[reset(), success(None)]), Some(Ending::BrokenChain { .. })));
        // A sanitize survives a loss of power: seen running again, it is the same one.
        assert_eq!(told(false, &[running(1), reset(), running(2), success(None)]), Some(Ending::Succeeded));
        assert_eq!(told(false, &[running(1), reset(), success(Some(true))]), Some(Ending::Succeeded));
        assert_eq!(told(false, &[reset(), success(Some(true))]), Some(Ending::AtOnce));
    }

    #[test]
    fn standing_still_is_judged_by_the_drives_own_pace() {
        // It moves once in ten minutes: half an hour without is nothing, a hundred minutes and more is.
        let mut watch = Watch::new(false, None);
        for step in 0..6 {
            assert_eq!(watch.look(10 * MINUTE * step, running(u16::try_from(step).unwrap() * 1000)), None);
        }
        assert_eq!(watch.look(50 * MINUTE + 100 * MINUTE, running(5000)), None);
        let stalled = watch.look(50 * MINUTE + 101 * MINUTE, running(5000));
        assert_eq!(stalled, Some(Ending::Stalled { progress: Some(5000), seconds: 101 * 60 }));
        // A quick one is not called stalled before half an hour.
        let mut watch = Watch::new(false, None);
        (0..60).for_each(|at| assert_eq!(watch.look(seconds(at), running(u16::try_from(at).unwrap() * 100)), None));
        assert_eq!(watch.look(29 * MINUTE, running(5900)), None);
        assert!(watch.look(31 * MINUTE + seconds(60), running(5900)).is_some());
        // One that never moves has three times its own estimate.
        let mut watch = Watch::new(false, Some(60 * MINUTE));
        assert_eq!(watch.look(Duration::ZERO, running(0)), None);
        assert_eq!(watch.look(180 * MINUTE, running(0)), None);
        assert!(watch.look(181 * MINUTE, running(0)).is_some());
    }

    #[test]
    fn a_session_that_joins_takes_the_others_word_that_it_ran() {
        let mut watch = Watch::joining(None, Vec::new());
        assert_eq!(watch.look(seconds(1), success(None)), Some(Ending::Succeeded));
        let mut watch = Watch::joining(None, vec!["power was lost".into()]);
        assert!(matches!(watch.look(seconds(1), success(None)), Some(Ending::BrokenChain { .. })));
    }

    #[test]
    fn days_of_progress_are_kept_in_little_room() {
        let mut watch = Watch::new(false, None);
        for at in 0..u16::MAX {
            assert_eq!(watch.look(seconds(u64::from(at)), running(at)), None);
        }
        let kept = watch.progress();
        assert!(kept.len() <= SAMPLES && kept.len() > SAMPLES / 4, "{}", kept.len());
        assert!(kept.windows(2).all(|pair| pair[0].milliseconds < pair[1].milliseconds));
        assert!(kept.last().unwrap().progress > u16::MAX - 2000 && kept[0].progress == 0);
    }
}
