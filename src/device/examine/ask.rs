//! One question after the other, and what was not answered.

use std::fmt::Display;
use std::time::Duration;

use crate::device::transport::{NvmeAnswer, Reply, ScsiAnswer, Transport};
use crate::wire::ata::{self, NoRegisters, Registers, pass_through_16};
use crate::wire::scsi::{self, Sense, SenseKey};
use crate::wire::{Data, nvme};

/// These questions need no medium that moves: a drive that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(15);
/// A drive reports a reset to the next command, whatever that is: the question is put again.
const ATTENTIONS: usize = 3;
/// GOOD (SAM-6, Status codes).
const GOOD: u8 = 0x00;
/// CHECK CONDITION.
const CHECK: u8 = 0x02;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// Not asked, since the connection was lost before.
    NotAsked,
    /// The drive, or what stands before it, refuses the command.
    Refused(String),
    /// Anything else.
    Failed(String),
}

/// Asks, and keeps what was not answered.
pub(super) struct Asker<'a> {
    transport: &'a mut dyn Transport,
    lost: bool,
    not_asked: Vec<String>,
    unanswered: Vec<String>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(transport: &'a mut dyn Transport) -> Self {
        Asker { transport, lost: false, not_asked: Vec::new(), unanswered: Vec::new() }
    }

    /// Writes down that `what` is unknown.
    pub(super) fn note(&mut self, what: &str, why: impl Display) {
        self.unanswered.push(format!("{what}: {why}"));
    }

    /// Writes down why `what` was not answered.
    pub(super) fn missed(&mut self, what: &str, why: &Unanswered) {
        match why {
            Unanswered::NotAsked => self.not_asked.push(what.into()),
            Unanswered::Refused(why) | Unanswered::Failed(why) => self.note(what, why),
        }
    }

    /// All that was not answered.
    pub(super) fn finish(mut self) -> Vec<String> {
        if !self.not_asked.is_empty() {
            let after = format!("not asked after the connection was lost: {}", self.not_asked.join(", "));
            self.unanswered.push(after);
        }
        self.unanswered
    }

    /// The answer to a SCSI command, whatever its status.
    fn scsi(&mut self, command: &scsi::Command) -> Result<ScsiAnswer, Unanswered> {
        for _ in 0..ATTENTIONS {
            if self.lost {
                return Err(Unanswered::NotAsked);
            }
            match self.transport.scsi(command, PATIENCE) {
                Reply::Answer(answer) if is_attention(&answer) => {}
                Reply::Answer(answer) => return Ok(answer),
                Reply::NotSent { detail } => {
                    return Err(Unanswered::Failed(format!("it could not be asked: {detail}")));
                }
                Reply::Unknown { detail } => return Err(self.lose(&detail)),
            }
        }
        Err(Unanswered::Failed("it reports a reset again and again".into()))
    }

    fn lose(&mut self, detail: &str) -> Unanswered {
        self.lost = true;
        Unanswered::Failed(format!("no answer: {detail}"))
    }

    /// The data of a SCSI command.
    pub(super) fn data(&mut self, command: &scsi::Command) -> Result<Vec<u8>, Unanswered> {
        let answer = self.scsi(command)?;
        if answer.status == GOOD {
            return Ok(answer.data);
        }
        Err(match Sense::parse(&answer.sense) {
            Ok(sense) if sense.key == SenseKey::IllegalRequest => Unanswered::Refused(sense.to_string()),
            Ok(sense) => Unanswered::Failed(sense.to_string()),
            Err(_) => Unanswered::Failed(format!("status {:02X}h", answer.status)),
        })
    }

    /// The data of a SCSI command, read; `None`, and a line, where there is no answer or it can't be read.
    pub(super) fn read<T, E: Display>(
        &mut self,
        what: &str,
        command: &scsi::Command,
        read: impl FnOnce(&[u8]) -> Result<T, E>,
    ) -> Option<T> {
        let data = self.data(command).map_err(|why| self.missed(what, &why)).ok()?;
        read(&data).map_err(|why| self.note(what, why)).ok()
    }

    /// The data of an ATA command. An abort is a refusal.
    pub(super) fn ata_data(&mut self, command: &ata::Command) -> Result<Vec<u8>, Unanswered> {
        let answer = self.scsi(&pass_through_16(command, false))?;
        if answer.status == GOOD {
            return Ok(answer.data);
        }
        Err(match Registers::parse(&answer.sense) {
            Ok(registers) if registers.is_aborted() => Unanswered::Refused("the drive aborts the command".into()),
            Err(NoRegisters::Refused) => Unanswered::Refused(words(&answer)),
            _ => Unanswered::Failed(words(&answer)),
        })
    }

    /// The data of an ATA command, read as [`Asker::read`] does.
    pub(super) fn read_ata<T, E: Display>(
        &mut self,
        what: &str,
        command: &ata::Command,
        read: impl FnOnce(&[u8]) -> Result<T, E>,
    ) -> Option<T> {
        let data = self.ata_data(command).map_err(|why| self.missed(what, &why)).ok()?;
        debug_assert!(matches!(command.data(), Data::In(_)));
        read(&data).map_err(|why| self.note(what, why)).ok()
    }

    /// The registers after an ATA command that moves nothing, aborted or not.
    pub(super) fn registers(&mut self, command: &ata::Command) -> Result<Registers, Unanswered> {
        let answer = self.scsi(&pass_through_16(command, true))?;
        Registers::parse(&answer.sense).map_err(|why| match why {
            NoRegisters::Refused => Unanswered::Refused(words(&answer)),
            why => Unanswered::Failed(why.to_string()),
        })
    }

    /// The data of an NVMe admin command.
    pub(super) fn nvme(&mut self, command: &nvme::Admin) -> Result<Vec<u8>, Unanswered> {
        if self.lost {
            return Err(Unanswered::NotAsked);
        }
        match self.transport.nvme(command, PATIENCE) {
            Reply::Answer(NvmeAnswer { status, data, .. }) if status.is_success() => Ok(data),
            Reply::Answer(answer) => Err(Unanswered::Refused(answer.status.to_string())),
            Reply::NotSent { detail } => Err(Unanswered::Failed(format!("it could not be asked: {detail}"))),
            Reply::Unknown { detail } => Err(self.lose(&detail)),
        }
    }

    /// The data of an NVMe admin command, read as [`Asker::read`] does.
    pub(super) fn read_nvme<T, E: Display>(
        &mut self,
        what: &str,
        command: &nvme::Admin,
        read: impl FnOnce(&[u8]) -> Result<T, E>,
    ) -> Option<T> {
        let data = self.nvme(command).map_err(|why| self.missed(what, &why)).ok()?;
        read(&data).map_err(|why| self.note(what, why)).ok()
    }
}

fn is_attention(answer: &ScsiAnswer) -> bool {
    answer.status == CHECK && Sense::parse(&answer.sense).is_ok_and(|sense| sense.key == SenseKey::UnitAttention)
}

fn words(answer: &ScsiAnswer) -> String {
    Sense::parse(&answer.sense).map_or_else(|_| format!("status {:02X}h", answer.status), |sense| sense.to_string())
}
