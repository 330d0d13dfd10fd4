//! An erase that the drive carries out by itself: started, watched to its end, never believed without evidence.

use std::time::Duration;

use super::watch::{Look, Watch};
use crate::device::{Reply, Transport};
use crate::outcome::{Ending, Exchange};

/// How often a drive is asked how far it is: soon at first, so that a quick one is seen running, and then rarely.
const LOOKS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// How often one that can't be reached is tried at least.
const AGAIN: Duration = Duration::from_secs(1);
/// A drive that can't be reached is tried for this long: a controller reconnects, a bus is reset.
const UNREACHABLE: Duration = Duration::from_secs(120);

/// How often, and how long apart, a drive is asked for its state before it is sent anything.
const LOOKS_BEFORE: (u32, Duration) = (5, Duration::from_secs(1));

/// Time, and the wish to stop.
pub trait Pace {
    /// Since the erase was begun.
    fn now(&self) -> Duration;
    /// Waits; `Some`: the cause for which it was asked to stop meanwhile.
    fn wait(&mut self, duration: Duration) -> Option<String>;
}

/// How the drive stands before the command is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// Nothing speaks against it. A failed sanitize is no obstacle: another one is the way out.
    Ready {
        /// A success is shown, or may be, that can't be told from the one that our command leads to.
        succeeded: bool,
    },
    /// It is at another long command, or can't take ours as it stands.
    Obstacle {
        /// In words.
        detail: String,
    },
    /// It told something else first (a unit attention); ask again.
    Again {
        /// In its words.
        detail: String,
    },
    /// Its state can't be read, so the erase could not be followed either.
    Unreadable {
        /// Why.
        detail: String,
    },
}

/// What became of the command that starts the erase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The drive accepted it.
    Accepted,
    /// It was sent, and is answered only when it is done.
    Sent,
    /// The drive rejected it: nothing was begun.
    Rejected {
        /// In its words.
        detail: String,
    },
    /// It is frozen against this, and rejected it for that.
    Frozen,
    /// It never reached the drive.
    NotSent {
        /// Why.
        detail: String,
    },
    /// The drive answered, and the answer does not say whether it began; its state tells, if it names the command.
    Unclear {
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
    /// Asks how the drive stands before the command is sent.
    fn before(&mut self, transport: &mut dyn Transport) -> Reply<Before>;
    /// Sends the command that starts it.
    fn start(&mut self, transport: &mut dyn Transport) -> Start;
    /// Asks how it goes.
    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look>;
    /// Whether [`Look::Running`] tells that it is our command which runs.
    fn names_the_command(&self) -> bool;
    /// The commands that matter so far: the look before, the erase itself, the last look.
    fn exchanges(&self) -> Vec<Exchange>;
}

/// What is heard of an erase while it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The drive is known to have accepted our command.
    Accepted,
    /// It, accepted before, was seen running.
    Running {
        /// In 65536ths, where the drive tells.
        progress: Option<u16>,
    },
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

/// Looks at the drive, starts `erase` on it and watches it to its end. `estimate`: what the drive itself expects it to take. `told` hears
/// of the acceptance once, then of each look at a running one. Nothing is sent where the drive's state before can't be read, or speaks
/// against it.
pub fn run(
    erase: &mut dyn Erase,
    transport: &mut dyn Transport,
    estimate: Option<Duration>,
    pace: &mut dyn Pace,
    told: &mut dyn FnMut(Told),
) -> Run {
    let not_begun = |ending, watch| Run { accepted: false, ending, watch };
    let succeeded_before = match before(erase, transport, pace) {
        Ok(succeeded) => succeeded,
        Err(detail) => return not_begun(Ending::NotSent { detail }, Watch::new(false, estimate)),
    };
    let watch = Watch::new(succeeded_before, estimate);
    match erase.start(transport) {
        Start::Rejected { detail } => not_begun(Ending::Rejected { detail }, watch),
        Start::Frozen => not_begun(Ending::Frozen, watch),
        Start::NotSent { detail } => not_begun(Ending::NotSent { detail }, watch),
        Start::Accepted => {
            told(Told::Accepted);
            watched(erase, transport, watch, pace, told, Arrival::Known)
        }
        Start::Sent => watched(erase, transport, watch, pace, told, Arrival::Unanswered),
        Start::Unclear { detail } => watched(erase, transport, watch, pace, told, Arrival::Unclear(detail)),
        Start::Unknown { detail } => watched(erase, transport, watch, pace, told, Arrival::InDoubt(detail)),
    }
}

/// Whether a success is shown before our command; the error says why it is not sent.
fn before(erase: &mut dyn Erase, transport: &mut dyn Transport, pace: &mut dyn Pace) -> Result<bool, String> {
    let mut why = String::new();
    for look in 0..LOOKS_BEFORE.0 {
        if look > 0
            && let Some(cause) = pace.wait(LOOKS_BEFORE.1)
        {
            return Err(format!("stopped by {cause} before the command was sent"));
        }
        why = match erase.before(transport) {
            Reply::Answer(Before::Ready { succeeded }) => return Ok(succeeded),
            Reply::Answer(Before::Obstacle { detail }) => return Err(detail),
            Reply::Answer(Before::Unreadable { detail }) => {
                return Err(format!("the drive's state can't be read, so the erase could not be followed: {detail}"));
            }
            Reply::Answer(Before::Again { detail }) | Reply::NotSent { detail } | Reply::Unknown { detail } => detail,
        };
    }
    Err(format!("the drive's state can't be read: {why}"))
}

/// Watches an erase that an earlier session started. `doubt`: why it is not known whether the command arrived; `None` where it is.
pub fn follow(
    erase: &mut dyn Erase,
    transport: &mut dyn Transport,
    watch: Watch,
    pace: &mut dyn Pace,
    told: &mut dyn FnMut(Told),
    doubt: Option<String>,
) -> Run {
    let arrival = doubt.map_or(Arrival::Known, Arrival::InDoubt);
    watched(erase, transport, watch, pace, told, arrival)
}

/// What is known of the command's arrival.
enum Arrival {
    /// Accepted.
    Known,
    /// Sent, and its answer is the end.
    Unanswered,
    /// Why it is not known.
    InDoubt(String),
    /// Answered so that it is not known whether it began.
    Unclear(String),
}

fn watched(
    erase: &mut dyn Erase,
    transport: &mut dyn Transport,
    mut watch: Watch,
    pace: &mut dyn Pace,
    told: &mut dyn FnMut(Told),
    arrival: Arrival,
) -> Run {
    let begun = pace.now();
    let (mut wait, mut reached) = (LOOKS.0, begun);
    let mut accepted = matches!(arrival, Arrival::Known);
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
            Reply::NotSent { .. } | Reply::Unknown { .. } => match pace.wait(wait.min(AGAIN)) {
                Some(cause) => break Ending::LeftRunning { cause },
                None => continue,
            },
        };
        // Only one that is seen running after it was reset is known to be the same one.
        if matches!(look, Look::Reset { .. }) {
            wait = LOOKS.0;
        }
        // Without an answer to the command, only a drive that names what it runs can say that it got ours.
        let names_it = erase.names_the_command()
            && matches!(look, Look::Running { .. } | Look::Succeeded { ours: Some(true), .. });
        if !accepted && (names_it || look == Look::Answered) {
            accepted = true;
            told(Told::Accepted);
        }
        // What runs without our command being known to have arrived is not told: a later session would take it for ours.
        if let (true, Look::Running { progress }) = (accepted, &look) {
            told(Told::Running { progress: *progress });
        }
        if let Some(ending) = watch.look(now - begun, look) {
            break match arrival {
                Arrival::InDoubt(detail) if !accepted => Ending::Unknown { detail },
                Arrival::Unclear(detail) if !accepted => Ending::Unclear { detail },
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
