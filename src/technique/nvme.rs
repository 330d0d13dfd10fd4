//! NVMe Sanitize (NVM Express Base Specification 2.0 §5.24): the command, and log page 81h, which says how it went and of which command it
//! speaks.

use std::time::Duration;

use super::answer::of_nvme;
use super::drive::{Before, Erase, Start};
use super::exchange;
use super::watch::Look;
use crate::device::{Reply, Transport};
use crate::media::TechniqueId;
use crate::outcome::Exchange;
use crate::wire::nvme::{
    Admin, LogId, SanitizeAction, SanitizeLog, SanitizeOptions, SanitizeResult, get_log_page, sanitize,
};

/// The kernel gives up an admin command that is not answered within this; a sanitize is answered when it has begun.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads log page 81h.
pub fn sanitize_log(transport: &mut dyn Transport) -> (Exchange, Reply<Result<SanitizeLog, String>>) {
    let command = get_log_page(LogId::SanitizeStatus);
    let reply = transport.nvme(&command, PATIENCE);
    let exchange = exchange::of_nvme(&command, &reply);
    let log = reply.map(|answer| match answer.status.is_success() {
        true => SanitizeLog::parse(&answer.data).map_err(|e| e.to_string()),
        false => Err(format!("the controller does not show its sanitize log: {}", answer.status)),
    });
    (exchange, log)
}

/// One sanitize.
pub struct Sanitize {
    command: Admin,
    /// Whether blocks are to stay allocated.
    keeps: bool,
    /// The log spoke of a command like ours before ours was sent: it can't name ours.
    alike_before: bool,
    /// Ours was seen running.
    ran: bool,
    before: Option<Exchange>,
    started: Option<Exchange>,
    last: Option<Exchange>,
}

impl Sanitize {
    /// The sanitize that `technique` means; `None` for a technique of another kind. Failure mode is restricted: a subsystem that failed
    /// can't be used until another sanitize succeeds. `keeps`: blocks are not to be deallocated afterwards, or reading them back would
    /// prove nothing; a controller that inhibits that (NDI) rejects the wish.
    pub fn new(technique: TechniqueId, pattern: u32, keeps: bool) -> Option<Self> {
        let action = match technique {
            TechniqueId::NvmeSanitizeBlock => SanitizeAction::BlockErase,
            TechniqueId::NvmeSanitizeCrypto => SanitizeAction::CryptoErase,
            TechniqueId::NvmeSanitizeOverwrite => SanitizeAction::Overwrite { pattern, passes: 1, invert: false },
            _ => return None,
        };
        let options = SanitizeOptions { unrestricted_exit: false, no_deallocate: keeps, verify_media: false };
        let command = sanitize(action, options)?;
        let (before, started, last) = (None, None, None);
        // Until the log before is read, what it shows may be an older one's: a later session never reads that.
        Some(Sanitize { command, keeps, alike_before: true, ran: false, before, started, last })
    }
}

impl Erase for Sanitize {
    fn before(&mut self, transport: &mut dyn Transport) -> Reply<Before> {
        let (exchange, log) = sanitize_log(transport);
        self.before = Some(exchange);
        log.map(|log| match log {
            Err(detail) => Before::Unreadable { detail },
            Ok(log) if log.result == SanitizeResult::InProgress => {
                Before::Obstacle { detail: "another sanitize runs".into() }
            }
            Ok(log) => {
                self.alike_before = log.is_of(&self.command) && log.result != SanitizeResult::Never;
                Before::Ready { succeeded: log.result != SanitizeResult::Never }
            }
        })
    }

    fn start(&mut self, transport: &mut dyn Transport) -> Start {
        let reply = transport.nvme(&self.command, PATIENCE);
        self.started = Some(exchange::of_nvme(&self.command, &reply));
        of_nvme(reply)
    }

    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look> {
        let (exchange, log) = sanitize_log(transport);
        self.last = Some(exchange);
        match log {
            Reply::Answer(Ok(log)) => Reply::Answer(self.read(&log)),
            // A log that it can't show now is no word on the erase.
            Reply::Answer(Err(detail)) | Reply::Unknown { detail } => Reply::Unknown { detail },
            Reply::NotSent { detail } => Reply::NotSent { detail },
        }
    }

    fn names_the_command(&self) -> bool {
        !self.alike_before || self.ran
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.before.iter().chain(&self.started).chain(&self.last).cloned().collect()
    }
}

impl Sanitize {
    fn read(&mut self, log: &SanitizeLog) -> Look {
        let is_alike = log.is_of(&self.command);
        let is_ours = is_alike.then_some(true).filter(|_| self.names_the_command());
        let ours = if is_alike { is_ours } else { Some(false) };
        match log.result {
            // None ran right before our command.
            SanitizeResult::InProgress if is_alike => {
                self.ran = true;
                Look::Running { progress: Some(log.progress) }
            }
            SanitizeResult::InProgress => Look::Succeeded { ours: Some(false), deallocated: false },
            SanitizeResult::Succeeded => Look::Succeeded { ours, deallocated: !self.keeps },
            SanitizeResult::SucceededDeallocated => Look::Succeeded { ours, deallocated: true },
            SanitizeResult::Failed if is_ours == Some(true) => {
                Look::Failed { detail: "the sanitize operation failed (SSTAT 3)".into() }
            }
            // An older failure, while ours has not begun.
            SanitizeResult::Failed | SanitizeResult::Never => Look::Idle,
            SanitizeResult::Reserved(status) => {
                Look::Failed { detail: format!("a sanitize status that there is not ({status})") }
            }
        }
    }
}
