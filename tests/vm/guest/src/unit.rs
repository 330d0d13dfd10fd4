//! What a drive model answers, whatever carries the question.

/// A SCSI logical unit.
pub trait Unit: Send {
    /// Answers one CDB. `data_out`: the bytes of the data-out buffer; for a command that reads they mean nothing. `max_in`: how
    /// many bytes of data-in the initiator takes.
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer;
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
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NvmeAnswer {
    /// Dword 0 of the completion; its status field without the phase bit (DNR is bit 14); data for the host.
    Done { dw0: u32, status: u16, data: Vec<u8> },
    /// The controller never answers.
    NoAnswer,
    /// It is kept until something happens (Asynchronous Event Request).
    Later,
}
