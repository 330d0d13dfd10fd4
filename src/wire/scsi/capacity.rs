//! READ CAPACITY (16).

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be32, be64, bit, byte};

/// READ CAPACITY (16), 9Eh with service action 10h (SBC-4, READ CAPACITY (16) command).
pub fn read_capacity_16() -> Command {
    Command::new("READ CAPACITY (16)", &[0x9E, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0], Data::In(32))
}

/// What a logical unit holds (SBC-4, READ CAPACITY (16) parameter data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capacity {
    /// Number of logical blocks.
    pub blocks: u64,
    /// Logical block length in bytes, without protection information.
    pub block_bytes: u32,
    /// Logical blocks in a physical one.
    pub blocks_per_physical: u32,
    /// PROT_EN: formatted with protection information.
    pub protected: bool,
    /// LBPME: blocks can be unmapped.
    pub thin: bool,
    /// LBPRZ: unmapped blocks read as zeros.
    pub unmapped_read_zeros: bool,
}

impl Capacity {
    /// Reads the answer. Errors: it is short, its last address leaves no room for a number of blocks, or its block
    /// length is 0.
    pub fn parse(data: &[u8]) -> Result<Capacity, Malformed> {
        const ANSWER: &str = "READ CAPACITY (16) data";
        let short = || Malformed::short(ANSWER);
        let last = be64(data, 0).ok_or_else(short)?;
        let block_bytes = be32(data, 8).ok_or_else(short)?;
        let (protection, exponent) = (byte(data, 12).ok_or_else(short)?, byte(data, 13).ok_or_else(short)?);
        let provisioning = byte(data, 14).ok_or_else(short)?;
        let blocks = last.checked_add(1).ok_or(Malformed::new(ANSWER, "the last address is the largest there is"))?;
        if block_bytes == 0 {
            return Err(Malformed::new(ANSWER, "a block length of 0"));
        }
        Ok(Capacity {
            blocks,
            block_bytes,
            blocks_per_physical: 1 << (exponent & 0x0F),
            protected: bit(protection, 0),
            thin: bit(provisioning, 7),
            unmapped_read_zeros: bit(provisioning, 6),
        })
    }

    /// Bytes, where the number fits.
    pub fn bytes(&self) -> Option<u64> {
        self.blocks.checked_mul(self.block_bytes.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_512e_drive_of_eight_terabytes() {
        assert_eq!(read_capacity_16().cdb(), [0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0]);
        assert_eq!(read_capacity_16().data(), &Data::In(32));
        let mut data = [0; 32];
        data[..8].copy_from_slice(&15_628_053_167u64.to_be_bytes());
        data[8..12].copy_from_slice(&512u32.to_be_bytes());
        (data[12], data[13], data[14]) = (1, 3, 0xC0);
        let capacity = Capacity::parse(&data).unwrap();
        assert_eq!((capacity.bytes(), capacity.blocks_per_physical), (Some(8_001_563_222_016), 8));
        assert!(capacity.protected && capacity.thin && capacity.unmapped_read_zeros);
        (data[12], data[14]) = (0x0E, 0x3F);
        let plain = Capacity::parse(&data).unwrap();
        assert!(!plain.protected && !plain.thin && !plain.unmapped_read_zeros);
        data[14] = 0x80;
        assert!(Capacity::parse(&data).is_ok_and(|found| found.thin && !found.unmapped_read_zeros));
    }

    #[test]
    fn nonsense_is_refused() {
        let mut data = [0xff; 32];
        assert_eq!(Capacity::parse(&data).unwrap_err().why, "the last address is the largest there is");
        data[7] = 0;
        data[8..12].fill(0);
        assert_eq!(Capacity::parse(&data).unwrap_err().why, "a block length of 0");
        assert!(Capacity::parse(&data[..14]).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(data in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(capacity) = Capacity::parse(&data) {
                prop_assert!(capacity.blocks > 0 && capacity.block_bytes > 0);
                let _ = capacity.bytes();
            }
        }
    }
}
