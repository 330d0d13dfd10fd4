//! An erase that the drive carries out by itself: started, watched to its end, never believed without evidence.

use std::time::Duration;

use super::watch::{Look, Watch};
use crate::device::{Reply, Transport};
use crate::outcome::{Ending, Exchange};

/// How often a drive is asked how far it is: soon at first, so that a quick one is seen running, and then rarely.
const LOOKS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// A drive that can't be reached is tried for this long: a controller reconnects, a bus is reset.
const UNREACHABLE: Duration = Duration::from_secs(120);

/// Time, and the wish to stop.
pub trait Pace {
    /// Since the erase was begun.
    fn now(&self) -> Duration;
    /// Waits; `Some`: the cause for which it was asked to stop meanwhile.
    fn wait(&mut self, duration: Duration) -> Option<String>;
}

/// What became of the command that starts the erase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The drive accepted it.
    Accepted,
    /// The drive, or the road to it, rejected it: nothing was changed by it.
    Rejected {
        /// In its words.
        detail: String,
    },
    /// Whether it arrived is not known; the drive's state tells, if it names the command.
    Unknown {
        /// What was lost.
        detail: String,
    },
}

/// One erase of one family of drives.
pub trait Erase {
    /// Sends the command that starts it.
    fn start(&mut self, transport: &mut dyn Transport) -> Start;
    /// Asks how it goes.
    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look>;
    /// Whether [`Look::Running`] tells that it is our command which runs.
    fn names_the_command(&self) -> bool;
    /// The commands that matter so far.
    fn exchanges(&self) -> Vec<Exchange>;
}

/// How an erase went.
#[derive(Debug)]
pub struct Run {
    /// The drive accepted our command, by its answer or because its log names it.
    pub accepted: bool,
    /// How it ended.
    pub ending: Ending,
    /// What was seen.
    pub watch: Watch,
}

/// Starts `erase` and watches it to its end. `told` hears of each look at a running one.
pub fn run(
    erase: &mut dyn Erase,
    transport: &mut dyn Transport,
    watch: Watch,
    pace: &mut dyn Pace,
    told: &mut dyn FnMut(Option<u16>),
) -> Run {
    match erase.start(transport) {
        Start::Rejected { detail } => Run { accepted: false, ending: Ending::Rejected { detail }, watch },
        Start::Accepted => follow(erase, transport, watch, pace, told, None),
        Start::Unknown { detail } => follow(erase, transport, watch, pace, told, Some(detail)),
    }
}

/// Watches an erase that was started, now or in an earlier session. `doubt`: why it is not known whether the command arrived.
pub fn follow(
    erase: &mut dyn Erase,
    transport: &mut dyn Transport,
    mut watch: Watch,
    pace: &mut dyn Pace,
    told: &mut dyn FnMut(Option<u16>),
    doubt: Option<String>,
) -> Run {
    let begun = pace.now();
    let (mut wait, mut reached) = (LOOKS.0, begun);
    let mut accepted = doubt.is_none();
    let ending = loop {
        let now = pace.now();
        let look = match erase.look(transport) {
            Reply::Answer(look) => {
                reached = now;
                look
            }
            Reply::NotSent { detail } | Reply::Unknown { detail } if now - reached >= UNREACHABLE => {
                break Ending::Unknown { detail };
            }
            Reply::NotSent { .. } | Reply::Unknown { .. } => match pace.wait(wait) {
                Some(cause) => break Ending::LeftRunning { cause },
                None => continue,
            },
        };
        if let Look::Running { progress } = &look {
            told(*progress);
        }
        // Without an answer to the command, only a drive that names what it runs can say that it got ours.
        accepted |= erase.names_the_command()
            && matches!(look, Look::Running { .. } | Look::Succeeded { ours: Some(true), .. });
        if let Some(ending) = watch.look(now - begun, look) {
            break match doubt {
                Some(detail) if !accepted => Ending::Unknown { detail },
                _ => ending,
            };
        }
        if let Some(cause) = pace.wait(wait) {
            break Ending::LeftRunning { cause };
        }
        wait = (wait * 2).min(LOOKS.1);
    };
    Run { accepted, ending, watch }
}
