//! What SCSI units share (SPC-5, SBC-4): sense data, the shape of an answer, block commands, vital product data, and the
//! native SAS drive (`sas`).

pub mod access;
pub mod cdb;
pub mod inquiry;
pub mod log;
pub mod mode;
pub mod opcodes;
pub mod sanitize;
pub mod sas;

use super::bytes::put;
use super::faults::Refusal;

/// GOOD.
pub const GOOD: u8 = 0x00;
/// CHECK CONDITION.
pub const CHECK: u8 = 0x02;
/// RESERVATION CONFLICT.
pub const CONFLICT: u8 = 0x18;

/// What the host gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScsiAnswer {
    /// Status, sense and data.
    Done {
        /// SAM status.
        status: u8,
        /// Empty with GOOD.
        sense: Vec<u8>,
        /// Data to the host.
        data: Vec<u8>,
    },
    /// Nothing: no power, no connection, or the command never ends.
    NoAnswer,
}

/// A logical unit.
pub trait Unit {
    /// Executes a CDB. `max_in`: the host's buffer.
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer;
}

/// Why a command did not end with GOOD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sense {
    /// Sense key.
    pub key: u8,
    /// Additional sense code.
    pub asc: u8,
    /// Its qualifier.
    pub ascq: u8,
    /// INFORMATION: for medium errors, the first bad address.
    pub information: Option<u64>,
    /// Sense-key specific progress in 65536ths.
    pub progress: Option<u16>,
}

/// INVALID COMMAND OPERATION CODE.
pub const INVALID_OPCODE: Sense = sense(0x05, 0x20, 0x00);
/// INVALID FIELD IN CDB.
pub const INVALID_FIELD: Sense = sense(0x05, 0x24, 0x00);
/// INVALID FIELD IN PARAMETER LIST.
pub const INVALID_PARAMETER: Sense = sense(0x05, 0x26, 0x00);
/// PARAMETER LIST LENGTH ERROR.
pub const LIST_LENGTH: Sense = sense(0x05, 0x1a, 0x00);
/// LOGICAL BLOCK ADDRESS OUT OF RANGE.
pub const OUT_OF_RANGE: Sense = sense(0x05, 0x21, 0x00);
/// POWER ON, RESET, OR BUS DEVICE RESET OCCURRED.
pub const RESET_OCCURRED: Sense = sense(0x06, 0x29, 0x00);
/// WRITE PROTECTED.
pub const WRITE_PROTECTED: Sense = sense(0x07, 0x27, 0x00);
/// ACCESS DENIED - NO ACCESS RIGHTS.
pub const NO_ACCESS: Sense = sense(0x07, 0x20, 0x02);
/// NO ADDITIONAL SENSE INFORMATION, aborted command.
pub const ABORTED: Sense = sense(0x0b, 0x00, 0x00);
/// SANITIZE COMMAND FAILED.
pub const SANITIZE_FAILED: Sense = sense(0x03, 0x31, 0x03);
/// FORMAT COMMAND FAILED.
pub const FORMAT_FAILED: Sense = sense(0x03, 0x31, 0x01);
/// MEDIUM FORMAT CORRUPTED.
pub const FORMAT_CORRUPT: Sense = sense(0x03, 0x31, 0x00);
/// WRITE AFTER SANITIZE REQUIRED.
pub const WRITE_REQUIRED: Sense = sense(0x03, 0x11, 0x15);
/// UNRECOVERED READ ERROR.
pub const READ_ERROR: Sense = sense(0x03, 0x11, 0x00);
/// WRITE ERROR.
pub const WRITE_ERROR: Sense = sense(0x03, 0x0c, 0x00);
/// INTERNAL TARGET FAILURE.
pub const TARGET_FAILURE: Sense = sense(0x04, 0x44, 0x00);
/// LOGICAL UNIT NOT READY, SANITIZE IN PROGRESS.
pub const SANITIZING: Sense = sense(0x02, 0x04, 0x1b);
/// LOGICAL UNIT NOT READY, FORMAT IN PROGRESS.
pub const FORMATTING: Sense = sense(0x02, 0x04, 0x04);

/// Sense data without more.
pub const fn sense(key: u8, asc: u8, ascq: u8) -> Sense {
    Sense { key, asc, ascq, information: None, progress: None }
}

impl Sense {
    /// With a progress indication.
    pub fn at(self, progress: u16) -> Self {
        Sense { progress: Some(progress), ..self }
    }

    /// With an address.
    pub fn about(self, information: u64) -> Self {
        Sense { information: Some(information), ..self }
    }

    /// Fixed format 70h (SPC-5 4.4.3): 18 bytes.
    pub fn fixed(&self) -> Vec<u8> {
        let mut raw = vec![0; 18];
        put(&mut raw, 0, &[0x70, 0, self.key]);
        put(&mut raw, 7, &[10]);
        put(&mut raw, 12, &[self.asc, self.ascq]);
        if let Some(Ok(information)) = self.information.map(u32::try_from) {
            put(&mut raw, 0, &[0xf0]);
            put(&mut raw, 3, &information.to_be_bytes());
        }
        if let Some(progress) = self.progress {
            put(&mut raw, 15, &[0x80]);
            put(&mut raw, 16, &progress.to_be_bytes());
        }
        raw
    }

    /// Descriptor format 72h (SPC-5 4.4.2), with Information (00h) and Sense Key Specific (02h) descriptors as needed.
    pub fn descriptor(&self) -> Vec<u8> {
        let mut raw = vec![0x72, self.key, self.asc, self.ascq, 0, 0, 0, 0];
        if let Some(information) = self.information {
            raw.extend([0x00, 0x0a, 0x80, 0x00]);
            raw.extend(information.to_be_bytes());
        }
        if let Some(progress) = self.progress {
            let [high, low] = progress.to_be_bytes();
            raw.extend([0x02, 0x06, 0x00, 0x00, 0x80, high, low, 0x00]);
        }
        let length = (raw.len() - 8) as u8;
        put(&mut raw, 7, &[length]);
        raw
    }

    /// How a refused erase is answered.
    pub fn refused(how: Refusal) -> Self {
        match how {
            Refusal::Abort => ABORTED,
            Refusal::InvalidOpcode => INVALID_OPCODE,
            Refusal::InvalidField => INVALID_FIELD,
        }
    }
}

/// What a command gives: data, or the reason why not; `Gone`: no answer at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// CHECK CONDITION.
    Check(Sense),
    /// No answer.
    Gone,
}

impl From<Sense> for Stop {
    fn from(sense: Sense) -> Self {
        Stop::Check(sense)
    }
}

/// Data, or why there is none.
pub type Outcome = Result<Vec<u8>, Stop>;

/// The answer for an outcome: data cut to the host's buffer, sense in fixed or descriptor format.
pub fn answer(outcome: Outcome, max_in: usize, descriptor: bool) -> ScsiAnswer {
    match outcome {
        Ok(mut data) => {
            data.truncate(max_in);
            ScsiAnswer::Done { status: GOOD, sense: Vec::new(), data }
        }
        Err(Stop::Check(sense)) => {
            let sense = if descriptor { sense.descriptor() } else { sense.fixed() };
            ScsiAnswer::Done { status: CHECK, sense, data: Vec::new() }
        }
        Err(Stop::Gone) => ScsiAnswer::NoAnswer,
    }
}
