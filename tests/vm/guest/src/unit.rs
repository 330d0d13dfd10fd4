//! What a drive model answers, whatever carries the question.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often a drive gets time of its own.
pub const TICK: Duration = Duration::from_millis(100);

/// A drive whose thread panicked answers as well as it can.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A SCSI logical unit.
pub trait Unit: Send {
    /// Answers one CDB. `data_out`: the bytes of the data-out buffer; for a command that reads they mean nothing. `max_in`: how
    /// many bytes of data-in the initiator takes.
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer;

    /// Does what the drive does by itself; called a few times a second.
    fn tick(&mut self) {}
}

/// How a CDB ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScsiAnswer {
    /// `status` of SAM-5 §5.3; sense data where it is CHECK CONDITION (02h); data-in.
    Done { status: u8, sense: Vec<u8>, data: Vec<u8> },
    /// The drive never answers.
    NoAnswer,
}

/// An NVMe controller with its namespaces.
pub trait Controller: Send {
    /// Answers one command of the admin queue.
    fn admin(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer;
    /// Answers one command of an I/O queue.
    fn io(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer;

    /// Does what the controller does by itself; called a few times a second.
    fn tick(&mut self) {}

    /// Dword 0 of an asynchronous event that has happened.
    fn take_event(&mut self) -> Option<u32> {
        None
    }

    /// The host resets the controller.
    fn reset(&mut self) {}
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NvmeAnswer {
    /// Dword 0 of the completion; status code type and code (SCT << 8 | SC); Do Not Retry; data for the host.
    Done { dw0: u32, status: u16, dnr: bool, data: Vec<u8> },
    /// The controller never answers.
    NoAnswer,
    /// The connection breaks.
    Cut,
    /// It is kept until something happens: an Asynchronous Event Request, answered by [`Controller::take_event`].
    Later,
}
