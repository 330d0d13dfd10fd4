//! The seam through which firmware commands go: one typed command, and its answer or *outcome unknown*.

use std::fs::File;
use std::io;
use std::time::Duration;

use crate::sys;
use crate::sys::scsi::Data;
use crate::wire::{self, nvme, scsi};

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply<T> {
    /// The device answered.
    Answer(T),
    /// It never reached the device, so the device did nothing on its strength.
    NotSent {
        /// Why.
        detail: String,
    },
    /// It may have reached the device, and what the device did is not known.
    Unknown {
        /// What was lost.
        detail: String,
    },
}

impl<T> Reply<T> {
    /// The same with another answer.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        match self {
            Reply::Answer(answer) => Reply::Answer(change(answer)),
            Reply::NotSent { detail } => Reply::NotSent { detail },
            Reply::Unknown { detail } => Reply::Unknown { detail },
        }
    }
}

/// The answer to a SCSI command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScsiAnswer {
    /// STATUS (SAM-6): 00h GOOD, 02h CHECK CONDITION …
    pub status: u8,
    /// Sense data, as it came.
    pub sense: Vec<u8>,
    /// What the device sent.
    pub data: Vec<u8>,
}

/// The answer to an NVMe admin command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NvmeAnswer {
    /// The status field.
    pub status: nvme::Status,
    /// Dword 0 of the completion.
    pub dword0: u32,
    /// What the controller sent.
    pub data: Vec<u8>,
}

/// Sends commands to one device. Each call blocks until the device answers; `patience` is when the kernel gives it up and resets it.
pub trait Transport: Send {
    /// A SCSI command; ATA commands travel in ATA PASS-THROUGH.
    fn scsi(&mut self, command: &scsi::Command, patience: Duration) -> Reply<ScsiAnswer>;
    /// An NVMe admin command.
    fn nvme(&mut self, command: &nvme::Admin, patience: Duration) -> Reply<NvmeAnswer>;
}

/// The kernel's pass-through on a device node that is held.
pub(super) struct Kernel {
    file: File,
}

impl Kernel {
    pub(super) fn new(file: File) -> Self {
        Kernel { file }
    }
}

/// Errors with which the kernel refuses a command before it sends it.
fn refused(error: &io::Error) -> bool {
    use sys::open::{Cause, cause};
    matches!(cause(error), Cause::Denied | Cause::Invalid | Cause::Unsupported | Cause::Missing | Cause::Gone)
}

fn lost<T>(error: &io::Error) -> Reply<T> {
    let detail = error.to_string();
    if refused(error) { Reply::NotSent { detail } } else { Reply::Unknown { detail } }
}

/// A buffer for what moves, and the bytes that go out.
fn buffer(data: &wire::Data) -> Vec<u8> {
    match data {
        wire::Data::None => Vec::new(),
        wire::Data::In(bytes) => vec![0; *bytes],
        wire::Data::Out(bytes) => bytes.clone(),
    }
}

fn moved<'a>(data: &wire::Data, buffer: &'a mut [u8]) -> Data<'a> {
    match data {
        wire::Data::None => Data::None,
        wire::Data::In(_) => Data::In(buffer),
        wire::Data::Out(_) => Data::Out(buffer),
    }
}

impl Transport for Kernel {
    fn scsi(&mut self, command: &scsi::Command, patience: Duration) -> Reply<ScsiAnswer> {
        let mut bytes = buffer(command.data());
        let data = moved(command.data(), &mut bytes);
        match sys::scsi::execute(&self.file, command.cdb(), data, patience) {
            Err(error) => lost(&error),
            Ok(done) if done.was_never_sent() => {
                Reply::NotSent { detail: format!("host adapter status {:#04x}", done.host_status) }
            }
            Ok(done) if !done.is_an_answer() => Reply::Unknown {
                detail: format!(
                    "host adapter status {:#04x}, driver status {:#04x}",
                    done.host_status, done.driver_status
                ),
            },
            Ok(done) => {
                if matches!(command.data(), wire::Data::In(_)) {
                    bytes.truncate(done.transferred);
                } else {
                    bytes.clear();
                }
                Reply::Answer(ScsiAnswer { status: done.status, sense: done.sense, data: bytes })
            }
        }
    }

    fn nvme(&mut self, command: &nvme::Admin, patience: Duration) -> Reply<NvmeAnswer> {
        let mut bytes = buffer(command.data());
        let data = moved(command.data(), &mut bytes);
        let sent = sys::nvme::Command { opcode: command.opcode(), nsid: command.nsid(), dwords: command.dwords() };
        match sys::nvme::admin(&self.file, &sent, data, patience) {
            Err(error) => lost(&error),
            Ok(done) => {
                if !matches!(command.data(), wire::Data::In(_)) {
                    bytes.clear();
                }
                let status = nvme::Status::new(done.status);
                Reply::Answer(NvmeAnswer { status, dword0: done.dword0, data: bytes })
            }
        }
    }
}
