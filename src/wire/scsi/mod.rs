//! SCSI: command descriptor blocks, and what comes back as data and as sense.

mod blocks;
mod capacity;
mod inquiry;
mod log;
mod luns;
mod mode;
mod opcodes;
mod reserve;
mod sanitize;
mod security;
mod sense;
mod sense_names;
pub mod vpd;

pub use blocks::{SenseWanted, request_sense, synchronize_cache, test_unit_ready, write_same_16};
pub use capacity::{Capacity, read_capacity_16};
pub use inquiry::{Inquiry, inquiry, inquiry_vpd};
pub use log::{
    BackgroundScan, InformationalExceptions, LogPage, LogParameter, LogSubject, SolidState, Temperature, log_sense,
};
pub use luns::{luns, report_luns};
pub use mode::{ModePage, ModeSubject, mode_sense_10};
pub use opcodes::{Opcode, Support, report_supported_opcode};
pub use reserve::{Keys, Reservation, read_keys, read_reservation};
pub use sanitize::{SanitizeFlags, SanitizeKind, SanitizeOverwrite, exit_failure_mode, sanitize};
pub use security::{
    PROTOCOL_ATA_PASSWORD, SECURITY_INFORMATION, security_protocol_in, security_protocol_out, security_protocols,
};
pub use sense::{Sense, SenseFormat, SenseKey};

use super::Data;

/// One command: the block that a host adapter sends, and what moves with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Command {
    name: &'static str,
    cdb: Vec<u8>,
    data: Data,
}

impl Command {
    pub(in crate::wire) fn new(name: &'static str, cdb: &[u8], data: Data) -> Command {
        Command { name, cdb: cdb.to_vec(), data }
    }

    /// The command's name in its standard, for records and messages.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The command descriptor block: 6, 10, 12 or 16 bytes.
    pub fn cdb(&self) -> &[u8] {
        &self.cdb
    }

    /// What moves with it.
    pub fn data(&self) -> &Data {
        &self.data
    }
}
