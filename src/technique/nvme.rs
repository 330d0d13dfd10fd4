//! NVMe Sanitize (NVM Express Base Specification 2.0 §5.24): the command, and log page 81h, which says how it went and of which command it
//! speaks.

use std::time::Duration;

use super::drive::{Erase, Start};
use super::exchange::of_nvme;
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
    let exchange = of_nvme(&command, &reply);
    let log = reply.map(|answer| match answer.status.is_success() {
        true => SanitizeLog::parse(&answer.data).map_err(|e| e.to_string()),
        false => Err(format!("the controller does not show its sanitize log: {}", answer.status)),
    });
    (exchange, log)
}

/// One sanitize.
pub struct Sanitize {
    command: Admin,
    started: Option<Exchange>,
    last: Option<Exchange>,
}

impl Sanitize {
    /// The sanitize that `technique` means; `None` for a technique of another kind. Failure mode is restricted: a subsystem that failed
    /// can't be used until another sanitize succeeds. Blocks are not deallocated afterwards, or reading them back would prove nothing.
    pub fn new(technique: TechniqueId, pattern: u32) -> Option<Self> {
        let action = match technique {
            TechniqueId::NvmeSanitizeBlock => SanitizeAction::BlockErase,
            TechniqueId::NvmeSanitizeCrypto => SanitizeAction::CryptoErase,
            TechniqueId::NvmeSanitizeOverwrite => SanitizeAction::Overwrite { pattern, passes: 1, invert: false },
            _ => return None,
        };
        let options = SanitizeOptions { unrestricted_exit: false, no_deallocate: true, verify_media: false };
        Some(Sanitize { command: sanitize(action, options)?, started: None, last: None })
    }
}

impl Erase for Sanitize {
    fn start(&mut self, transport: &mut dyn Transport) -> Start {
        let reply = transport.nvme(&self.command, PATIENCE);
        self.started = Some(of_nvme(&self.command, &reply));
        match reply {
            Reply::Answer(answer) if answer.status.is_success() => Start::Accepted,
            Reply::Answer(answer) => Start::Rejected { detail: answer.status.to_string() },
            Reply::NotSent { detail } => Start::Rejected { detail },
            Reply::Unknown { detail } => Start::Unknown { detail },
        }
    }

    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look> {
        let (exchange, log) = sanitize_log(transport);
        self.last = Some(exchange);
        let ours = self.command.cdw10();
        log.map(|log| match log {
            // It showed the log before the erase: one that it can't show now tells of no success.
            Err(detail) => Look::Failed { detail },
            Ok(log) => look(&log, ours),
        })
    }

    fn names_the_command(&self) -> bool {
        true
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.started.iter().chain(&self.last).cloned().collect()
    }
}

fn look(log: &SanitizeLog, ours: u32) -> Look {
    let is_ours = log.scdw10 == ours;
    match log.result {
        SanitizeResult::InProgress if is_ours => Look::Running { progress: Some(log.progress) },
        SanitizeResult::InProgress => Look::Succeeded { ours: Some(false), deallocated: false },
        SanitizeResult::Succeeded => Look::Succeeded { ours: Some(is_ours), deallocated: false },
        SanitizeResult::SucceededDeallocated => Look::Succeeded { ours: Some(is_ours), deallocated: true },
        SanitizeResult::Failed if is_ours => Look::Failed { detail: "the sanitize operation failed (SSTAT 3)".into() },
        // An older failure, while ours has not begun.
        SanitizeResult::Failed | SanitizeResult::Never => Look::Idle,
        SanitizeResult::Reserved(status) => {
            Look::Failed { detail: format!("a sanitize status that there is not ({status})") }
        }
    }
}
