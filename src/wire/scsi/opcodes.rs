//! REPORT SUPPORTED OPERATION CODES: asked for one command, service action by service action. A drive that supports
//! SANITIZE for one service action may lack another.

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be16, byte, length16, length32};

/// A command that may be supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opcode {
    /// OPERATION CODE.
    pub code: u8,
    /// SERVICE ACTION, where the command has one.
    pub service_action: Option<u16>,
}

/// REPORT SUPPORTED OPERATION CODES, A3h with service action 0Ch (SPC-5, REPORT SUPPORTED OPERATION CODES command), for
/// one command: reporting options 001b without and 010b with a service action.
pub fn report_supported_opcode(opcode: Opcode) -> Command {
    const BYTES: usize = 64;
    let option = if opcode.service_action.is_some() { 2 } else { 1 };
    let [high, low] = length16(opcode.service_action.unwrap_or(0).into());
    let [a, b, c, d] = length32(BYTES);
    let cdb = [0xA3, 0x0C, option, opcode.code, high, low, a, b, c, d, 0, 0];
    Command::new("REPORT SUPPORTED OPERATION CODES", &cdb, Data::In(BYTES))
}

/// Whether a command is supported (SPC-5, One_command parameter data format, SUPPORT field).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Support {
    /// 000b: the drive can't tell now.
    Unknown,
    /// 001b.
    No,
    /// 011b: as the standard says; CDB USAGE DATA has a bit for each one that is evaluated.
    Standard {
        /// CDB USAGE DATA, as far as it was sent.
        usage: Vec<u8>,
    },
    /// 101b: in a way of the vendor's own.
    Vendor,
}

impl Support {
    /// Reads the answer for one command.
    pub fn parse(data: &[u8]) -> Result<Support, Malformed> {
        const ANSWER: &str = "REPORT SUPPORTED OPERATION CODES data";
        let support = byte(data, 1).ok_or(Malformed::short(ANSWER))? & 0x07;
        let size = usize::from(be16(data, 2).ok_or(Malformed::short(ANSWER))?);
        match support {
            0 => Ok(Support::Unknown),
            1 => Ok(Support::No),
            3 => {
                let sent = data.get(4..).unwrap_or_default();
                Ok(Support::Standard { usage: sent.get(..size).unwrap_or(sent).to_vec() })
            }
            5 => Ok(Support::Vendor),
            _ => Err(Malformed::new(ANSWER, "a reserved value of SUPPORT")),
        }
    }

    /// Whether the command is there as the standard says, and evaluates all of `mask` in byte `at` of its block.
    pub fn evaluates(&self, at: usize, mask: u8) -> bool {
        matches!(self, Support::Standard { usage } if usage.get(at).is_some_and(|bits| bits & mask == mask))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_command_is_asked_for_with_and_without_service_action() {
        let sanitize = report_supported_opcode(Opcode { code: 0x48, service_action: Some(3) });
        assert_eq!(sanitize.cdb(), [0xa3, 0x0c, 2, 0x48, 0, 3, 0, 0, 0, 64, 0, 0]);
        let unmap = report_supported_opcode(Opcode { code: 0x42, service_action: None });
        assert_eq!(unmap.cdb(), [0xa3, 0x0c, 1, 0x42, 0, 0, 0, 0, 0, 64, 0, 0]);
    }

    #[test]
    fn support_with_usage_bits() {
        // SANITIZE with IMMED and AUSE evaluated.
        let answer = [0, 3, 0, 10, 0x48, 0xBF, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0x07];
        let support = Support::parse(&answer).unwrap();
        assert!(support.evaluates(1, 0x80) && support.evaluates(1, 0x20) && !support.evaluates(1, 0x40));
        assert!(!support.evaluates(10, 0x01));
        for (value, expected) in [(0, Support::Unknown), (1, Support::No), (5, Support::Vendor)] {
            assert_eq!(Support::parse(&[0, value, 0, 0]), Ok(expected));
        }
        assert!(Support::parse(&[0, 2, 0, 0]).is_err() && Support::parse(&[0, 3, 0]).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(data in prop::collection::vec(any::<u8>(), 0..80), at in 0..90usize) {
            if let Ok(support) = Support::parse(&data) { let _ = support.evaluates(at, 1); }
        }
    }
}
