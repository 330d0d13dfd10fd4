//! PERSISTENT RESERVE IN: whether another host has laid its hand on the unit.

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be32, be64, byte, length16};

const BYTES: usize = 4 << 10;

/// PERSISTENT RESERVE IN, 5Eh, service action 00h READ KEYS (SPC-5, PERSISTENT RESERVE IN command).
pub fn read_keys() -> Command {
    command("PERSISTENT RESERVE IN (READ KEYS)", 0x00)
}

/// PERSISTENT RESERVE IN, 5Eh, service action 01h READ RESERVATION (SPC-5, PERSISTENT RESERVE IN command).
pub fn read_reservation() -> Command {
    command("PERSISTENT RESERVE IN (READ RESERVATION)", 0x01)
}

fn command(name: &'static str, service_action: u8) -> Command {
    let [high, low] = length16(BYTES);
    Command::new(name, &[0x5E, service_action, 0, 0, 0, 0, 0, high, low, 0], Data::In(BYTES))
}

/// The registered keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Keys {
    /// PRGENERATION: counts the changes.
    pub generation: u32,
    /// Every key that was sent.
    pub keys: Vec<u64>,
    /// There are more than were sent.
    pub more: bool,
}

impl Keys {
    /// Reads the answer to [`read_keys`].
    pub fn parse(data: &[u8]) -> Result<Keys, Malformed> {
        let (generation, length) = head(data, "READ KEYS data")?;
        let sent = data.get(8..).unwrap_or_default();
        let list = sent.get(..length).unwrap_or(sent);
        let keys = list.chunks_exact(8).filter_map(|key| be64(key, 0)).collect();
        Ok(Keys { generation, keys, more: length > sent.len() })
    }
}

/// A reservation that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reservation {
    /// RESERVATION KEY.
    pub key: u64,
    /// TYPE: 1 write exclusive, 3 exclusive access, 5 and 6 registrants only, 7 and 8 all registrants.
    pub kind: u8,
}

impl Reservation {
    /// Reads the answer to [`read_reservation`]; `None` where there is no reservation.
    pub fn parse(data: &[u8]) -> Result<Option<Reservation>, Malformed> {
        const ANSWER: &str = "READ RESERVATION data";
        let (_, length) = head(data, ANSWER)?;
        if length == 0 {
            return Ok(None);
        }
        let (key, kind) = be64(data, 8).zip(byte(data, 21)).ok_or(Malformed::short(ANSWER))?;
        Ok(Some(Reservation { key, kind: kind & 0x0F }))
    }
}

fn head(data: &[u8], answer: &'static str) -> Result<(u32, usize), Malformed> {
    let (generation, length) = be32(data, 0).zip(be32(data, 4)).ok_or(Malformed::short(answer))?;
    Ok((generation, usize::try_from(length).unwrap_or(usize::MAX)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_and_a_reservation() {
        assert_eq!(read_keys().cdb(), [0x5e, 0, 0, 0, 0, 0, 0, 0x10, 0, 0]);
        assert_eq!(read_reservation().cdb()[1], 1);
        let mut data = vec![0, 0, 0, 7, 0, 0, 0, 16];
        data.extend(0xABu64.to_be_bytes());
        let keys = Keys::parse(&data).unwrap();
        assert_eq!(keys, Keys { generation: 7, keys: vec![0xab], more: true });
        data.extend([0, 0, 0, 0, 0, 0x05, 0, 0]);
        assert_eq!(Reservation::parse(&data), Ok(Some(Reservation { key: 0xab, kind: 5 })));
        assert!(Reservation::parse(&data[..20]).is_err());
        assert_eq!(Reservation::parse(&[0; 8]), Ok(None));
        assert!(Keys::parse(&[0; 7]).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(data in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = (Keys::parse(&data), Reservation::parse(&data));
        }
    }
}
