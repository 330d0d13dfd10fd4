//! ATA SANITIZE DEVICE (ACS-4, SANITIZE DEVICE commands): the command, and SANITIZE STATUS EXT, which says that the last one succeeded but not
//! which one that was.

use std::time::Duration;

use super::answer::of_ata;
use super::drive::{Before, Erase, Start};
use super::exchange::of_scsi;
use super::watch::Look;
use crate::device::{Reply, ScsiAnswer, Transport};
use crate::media::TechniqueId;
use crate::outcome::Exchange;
use crate::wire::ata::{
    Command, Layout, Registers, SanitizeAnswer, SanitizeOperation, pass_through_16, sanitize, sanitize_status,
};
use crate::wire::scsi::{self, Sense};

/// SANITIZE DEVICE answers when it has begun; only a drive that is lost takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The state of sanitizing, as SANITIZE STATUS EXT tells; the error says why it does not.
pub fn status(transport: &mut dyn Transport) -> (Exchange, Reply<Result<SanitizeAnswer, String>>) {
    let (exchange, reply) = send(transport, &sanitize_status(false));
    (exchange, reply.map(|answer| read(&answer)))
}

fn send(transport: &mut dyn Transport, command: &Command) -> (Exchange, Reply<ScsiAnswer>) {
    let carried: scsi::Command = pass_through_16(command, true);
    let reply = transport.scsi(&carried, PATIENCE);
    (of_scsi(&carried, &reply), reply)
}

fn read(answer: &ScsiAnswer) -> Result<SanitizeAnswer, String> {
    let registers = Registers::parse(&answer.sense).map_err(|e| e.to_string())?;
    SanitizeAnswer::read(&registers).map_err(|e| e.to_string())
}

fn loses_count(answer: &ScsiAnswer) -> bool {
    let layout = Registers::parse(&answer.sense).map(|registers| registers.layout);
    matches!(layout, Ok(Layout::Fixed | Layout::FixedShifted))
}

const RESET: &str = "power on, reset or bus device reset (29h)";

fn was_reset(answer: &ScsiAnswer) -> bool {
    Sense::parse(&answer.sense).is_ok_and(|sense| sense.was_reset())
}

/// One sanitize.
pub struct Sanitize {
    command: Command,
    before: Option<Exchange>,
    started: Option<Exchange>,
    last: Option<Exchange>,
}

impl Sanitize {
    /// The sanitize that `technique` means; `None` for a technique of another kind. Failure mode is restricted: a drive that failed can't
    /// be used until another sanitize succeeds.
    pub fn new(technique: TechniqueId, pattern: u32) -> Option<Self> {
        let operation = match technique {
            TechniqueId::AtaSanitizeBlock => SanitizeOperation::BlockErase,
            TechniqueId::AtaSanitizeCrypto => SanitizeOperation::CryptoScramble,
            TechniqueId::AtaSanitizeOverwrite => {
                SanitizeOperation::Overwrite { pattern, passes: 1, invert: false, definitive_ending: false }
            }
            _ => return None,
        };
        Some(Sanitize { command: sanitize(operation, false)?, before: None, started: None, last: None })
    }
}

impl Erase for Sanitize {
    fn before(&mut self, transport: &mut dyn Transport) -> Reply<Before> {
        let (exchange, reply) = send(transport, &sanitize_status(false));
        self.before = Some(exchange);
        reply.map(|answer| match read(&answer) {
            Ok(SanitizeAnswer::State(state)) if state.in_progress => {
                Before::Obstacle { detail: "another sanitize runs".into() }
            }
            // Idle, COUNT (15:8) is zero and could be read even so; running, it is lost.
            Ok(SanitizeAnswer::State(_)) if loses_count(&answer) => {
                Before::Unreadable { detail: "the adapter or bridge returns ATA registers without COUNT (15:8)".into() }
            }
            Ok(SanitizeAnswer::State(state)) => Before::Ready { succeeded: state.succeeded() },
            Ok(SanitizeAnswer::Aborted(reason)) if reason.means_failed() => Before::Ready { succeeded: false },
            Ok(SanitizeAnswer::Aborted(reason)) => {
                Before::Unreadable { detail: format!("SANITIZE STATUS EXT was aborted: {}", reason.name()) }
            }
            Err(_) if was_reset(&answer) => Before::Again { detail: RESET.into() },
            Err(detail) => Before::Unreadable { detail },
        })
    }

    fn start(&mut self, transport: &mut dyn Transport) -> Start {
        let (exchange, reply) = send(transport, &self.command);
        self.started = Some(exchange);
        of_ata(reply)
    }

    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look> {
        let (exchange, reply) = send(transport, &sanitize_status(false));
        self.last = Some(exchange);
        match reply {
            Reply::NotSent { detail } => Reply::NotSent { detail },
            Reply::Unknown { detail } => Reply::Unknown { detail },
            Reply::Answer(answer) => match read(&answer) {
                Ok(found) => look(found),
                Err(_) if was_reset(&answer) => Reply::Answer(Look::Reset { detail: RESET.into() }),
                // A state that can't be read is no state: neither running nor ended.
                Err(detail) => Reply::Unknown { detail },
            },
        }
    }

    fn names_the_command(&self) -> bool {
        false
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.before.iter().chain(&self.started).chain(&self.last).cloned().collect()
    }
}

fn look(answer: SanitizeAnswer) -> Reply<Look> {
    Reply::Answer(match answer {
        SanitizeAnswer::State(state) if state.in_progress => Look::Running { progress: state.progress },
        SanitizeAnswer::State(state) if state.succeeded() => Look::Succeeded { ours: None, deallocated: false },
        SanitizeAnswer::State(_) => Look::Idle,
        SanitizeAnswer::Aborted(reason) if reason.means_failed() => Look::Failed { detail: reason.name().into() },
        // The question itself was refused: that is no word on the erase.
        SanitizeAnswer::Aborted(reason) => {
            return Reply::Unknown { detail: format!("SANITIZE STATUS EXT was aborted: {}", reason.name()) };
        }
    })
}
