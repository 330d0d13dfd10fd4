//! SECURITY PROTOCOL IN and OUT: the way to ATA security where a SAT layer has taken it over, and to TCG.

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be16, length32};

/// SECURITY PROTOCOL 00h: security protocol information (SPC-5, Security protocol information).
pub const SECURITY_INFORMATION: u8 = 0x00;
/// SECURITY PROTOCOL EFh: ATA device server password (SAT-4, ATA device server password security protocol).
pub const PROTOCOL_ATA_PASSWORD: u8 = 0xEF;

/// SECURITY PROTOCOL IN, A2h (SPC-5, SECURITY PROTOCOL IN command), lengths in bytes (INC_512 = 0).
pub fn security_protocol_in(protocol: u8, specific: u16, bytes: usize) -> Command {
    Command::new("SECURITY PROTOCOL IN", &cdb(0xA2, protocol, specific, bytes), Data::In(bytes))
}

/// SECURITY PROTOCOL OUT, B5h (SPC-5, SECURITY PROTOCOL OUT command), lengths in bytes (INC_512 = 0). An empty list
/// moves nothing.
pub fn security_protocol_out(protocol: u8, specific: u16, list: Vec<u8>) -> Command {
    let cdb = cdb(0xB5, protocol, specific, list.len());
    let data = if list.is_empty() { Data::None } else { Data::Out(list) };
    Command::new("SECURITY PROTOCOL OUT", &cdb, data)
}

fn cdb(code: u8, protocol: u8, specific: u16, bytes: usize) -> [u8; 12] {
    let [high, low] = specific.to_be_bytes();
    let [a, b, c, d] = length32(bytes);
    [code, protocol, high, low, 0, 0, a, b, c, d, 0, 0]
}

/// The protocols in the answer to SECURITY PROTOCOL IN with protocol 00h and specific 0000h (SPC-5, Supported security
/// protocols list). Errors: it is short, or lists more than was sent.
pub fn security_protocols(data: &[u8]) -> Result<Vec<u8>, Malformed> {
    const ANSWER: &str = "list of security protocols";
    let length = usize::from(be16(data, 6).ok_or(Malformed::short(ANSWER))?);
    let list = data.get(8..).and_then(|list| list.get(..length));
    list.map(<[u8]>::to_vec).ok_or(Malformed::new(ANSWER, "it lists more than it sent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_and_list() {
        let ask = security_protocol_in(SECURITY_INFORMATION, 0, 512);
        assert_eq!(ask.cdb(), [0xa2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
        let freeze = security_protocol_out(PROTOCOL_ATA_PASSWORD, 5, vec![]);
        assert_eq!((freeze.cdb(), freeze.data()), (&[0xb5, 0xef, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0][..], &Data::None));
        let answer = [0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0xef, 0x55];
        assert_eq!(security_protocols(&answer), Ok(vec![0, 1, 0xef]));
        assert!(security_protocols(&answer[..10]).is_err() && security_protocols(&[]).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(data in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = security_protocols(&data);
        }
    }
}
