//! SCSI SANITIZE (SBC-4, SANITIZE command) in its IMMED form, and REQUEST SENSE, which shows how far it is and whether it failed, but says
//! nothing of a success: that there is no failure any more is all.

use std::time::Duration;

use super::answer::of_scsi;
use super::drive::{Before, Erase, Start};
use super::exchange;
use super::watch::Look;
use crate::device::{Reply, Transport};
use crate::media::TechniqueId;
use crate::outcome::Exchange;
use crate::wire::scsi::{
    Command, SanitizeFlags, SanitizeKind, SanitizeOverwrite, Sense, SenseKey, SenseWanted, request_sense, sanitize,
};

/// With IMMED the command answers when it has begun.
const PATIENCE: Duration = Duration::from_secs(60);

/// What REQUEST SENSE tells; the error says why it does not.
pub fn sense(transport: &mut dyn Transport) -> (Exchange, Reply<Result<Sense, String>>) {
    let command = request_sense(SenseWanted::Fixed);
    let reply = transport.scsi(&command, PATIENCE);
    let exchange = exchange::of_scsi(&command, &reply);
    let sense = reply.map(|answer| {
        // A unit attention may come back as a check condition, with the sense beside the data.
        let bytes = if answer.status == 0 { &answer.data } else { &answer.sense };
        match Sense::parse(bytes) {
            Ok(sense) if answer.status != 0 && sense.key != SenseKey::UnitAttention => {
                Err(format!("REQUEST SENSE ended with status {:02X}h: {sense}", answer.status))
            }
            sense => sense.map_err(|e| e.to_string()),
        }
    });
    (exchange, sense)
}

/// One sanitize.
pub struct Sanitize {
    command: Command,
    before: Option<Exchange>,
    started: Option<Exchange>,
    last: Option<Exchange>,
    /// It was not ready, and was not seen running since.
    was_away: bool,
}

impl Sanitize {
    /// The sanitize that `technique` means; `None` for a technique of another kind. Failure mode is restricted: a unit that failed can't be
    /// used until another sanitize succeeds.
    pub fn new(technique: TechniqueId, pattern: u32, block_bytes: u32) -> Option<Self> {
        let kind = match technique {
            TechniqueId::ScsiSanitizeBlock => SanitizeKind::BlockErase,
            TechniqueId::ScsiSanitizeCrypto => SanitizeKind::CryptographicErase,
            TechniqueId::ScsiSanitizeOverwrite => {
                SanitizeKind::Overwrite(SanitizeOverwrite::new(1, false, &pattern.to_be_bytes(), block_bytes)?)
            }
            _ => return None,
        };
        let flags = SanitizeFlags { immediate: true, zone_no_reset: false, unrestricted_exit: false };
        Some(Sanitize { command: sanitize(&kind, flags), before: None, started: None, last: None, was_away: false })
    }
}

impl Erase for Sanitize {
    fn before(&mut self, transport: &mut dyn Transport) -> Reply<Before> {
        let (exchange, found) = sense(transport);
        self.before = Some(exchange);
        found.map(|sense| match sense {
            Err(detail) => Before::Unreadable { detail },
            Ok(sense) if sense.sanitize_in_progress() => Before::Obstacle { detail: "another sanitize runs".into() },
            Ok(sense) if sense.key == SenseKey::NotReady => {
                Before::Obstacle { detail: format!("the unit is not ready: {sense}") }
            }
            Ok(sense) if sense.key == SenseKey::UnitAttention => Before::Again { detail: sense.to_string() },
            // Idle and success look alike.
            Ok(_) => Before::Ready { succeeded: true },
        })
    }

    fn start(&mut self, transport: &mut dyn Transport) -> Start {
        let reply = transport.scsi(&self.command, PATIENCE);
        self.started = Some(exchange::of_scsi(&self.command, &reply));
        of_scsi(reply)
    }

    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look> {
        let (exchange, found) = sense(transport);
        self.last = Some(exchange);
        match found {
            Reply::NotSent { detail } => Reply::NotSent { detail },
            Reply::Unknown { detail } | Reply::Answer(Err(detail)) => Reply::Unknown { detail },
            // Told once, of something else: the next look shows the state.
            Reply::Answer(Ok(sense)) if sense.key == SenseKey::UnitAttention && !sense.was_reset() => {
                Reply::Unknown { detail: sense.to_string() }
            }
            // That it becomes ready shows that it was away, also where somebody else took its unit attention. It may go on for a while.
            Reply::Answer(Ok(sense)) if sense.key == SenseKey::NotReady && !speaks_of_sanitize(&sense) => {
                let detail = sense.to_string();
                match std::mem::replace(&mut self.was_away, true) {
                    false => Reply::Answer(Look::Reset { detail }),
                    true => Reply::Unknown { detail },
                }
            }
            Reply::Answer(Ok(sense)) => {
                self.was_away &= !sense.sanitize_in_progress();
                look(&sense)
            }
        }
    }

    fn names_the_command(&self) -> bool {
        false
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.before.iter().chain(&self.started).chain(&self.last).cloned().collect()
    }
}

fn speaks_of_sanitize(sense: &Sense) -> bool {
    sense.sanitize_in_progress() || sense.sanitize_failed()
}

/// While a sanitize runs, and after one that failed, REQUEST SENSE tells that before anything else (SBC-4, Sanitize operations). An error is
/// told once, and the next request finds none: so it counts when it is told.
fn look(sense: &Sense) -> Reply<Look> {
    Reply::Answer(if sense.sanitize_in_progress() {
        Look::Running { progress: sense.progress }
    } else if sense.sanitize_failed() {
        Look::Failed { detail: sense.to_string() }
    } else if sense.was_reset() {
        Look::Reset { detail: sense.to_string() }
    } else if tells_nothing(sense) {
        Look::Succeeded { ours: None, deallocated: false }
    } else if sense.deferred || is_error(sense.key) {
        Look::Failed { detail: format!("neither running nor ended: {sense}") }
    } else {
        // It is at something else: that is no word on the erase, and the next look may bring one.
        return Reply::Unknown { detail: format!("neither running nor ended: {sense}") };
    })
}

fn is_error(key: SenseKey) -> bool {
    use SenseKey::{IllegalRequest, NoSense, NotReady, RecoveredError, UnitAttention};
    !matches!(key, NoSense | RecoveredError | NotReady | IllegalRequest | UnitAttention)
}

/// Nothing runs and nothing waits to be told but, at most, a warning or a power condition, which a unit repeats on every request (SPC-5,
/// Informational Exceptions Control mode page, MRIE 6h, and Power conditions; 0Bh WARNING, 5Dh FAILURE PREDICTION THRESHOLD EXCEEDED, 5Eh LOW
/// POWER CONDITION ON).
fn tells_nothing(sense: &Sense) -> bool {
    sense.key == SenseKey::NoSense
        && !sense.deferred
        && matches!(sense.additional, Some((0x00, 0x00) | (0x0B | 0x5D | 0x5E, _)))
}
