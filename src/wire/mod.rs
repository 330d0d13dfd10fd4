//! What drives are told and what they answer, byte by byte: ATA, SCSI and NVMe commands are built here, and their
//! answers read.
//!
//! Pure: bytes in, values out. Every reader is total: an answer that is short, empty or hostile is an error or a
//! `None`, never a panic. Field names are the standards'. They are cited by the title of the clause, since its number
//! changes with the edition: ACS-4 (INCITS 529), SAT-4 (INCITS 491), SPC-5 (INCITS 502), SBC-4 (INCITS 506), ZBC-2
//! (INCITS 550), and the NVM Express Base 2.0 and NVM Command Set 1.0 specifications, where nothing else is said.
#![forbid(unsafe_code)]

pub mod ata;
mod bytes;
pub mod nvme;
pub mod scsi;
mod text;

pub use text::{hex, printable};

/// What a command moves besides itself, seen from the host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Data {
    /// Nothing.
    None,
    /// Up to this many bytes from the drive.
    In(usize),
    /// These bytes to the drive.
    Out(Vec<u8>),
}

impl Data {
    /// Bytes moved at most.
    pub fn bytes(&self) -> usize {
        match self {
            Data::None => 0,
            Data::In(bytes) => *bytes,
            Data::Out(bytes) => bytes.len(),
        }
    }
}

/// An answer that is not what it should be: too short, of another kind, or at odds with itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{answer}: {why}")]
pub struct Malformed {
    /// Which answer.
    pub answer: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Malformed {
    pub(in crate::wire) fn new(answer: &'static str, why: &'static str) -> Malformed {
        Malformed { answer, why }
    }

    /// The drive sent less than the answer has at least.
    pub(in crate::wire) fn short(answer: &'static str) -> Malformed {
        Malformed { answer, why: "shorter than it may be" }
    }
}
