//! SMART (ACS-4, SMART commands): the drive's own verdict, and the attributes, which no standard defines: their numbers
//! are what vendors agreed on.

use super::command::Command;
use super::registers::Registers;
use crate::wire::Malformed;
use crate::wire::bytes::array;

/// COMMAND.
const SMART: u8 = 0xB0;
/// LBA (23:8): the key; and what the drive puts there when a threshold is exceeded.
const KEY: u64 = 0xC2_4F00;
const HEALTHY: [Option<u8>; 2] = [Some(0x4F), Some(0xC2)];
const EXCEEDED: [Option<u8>; 2] = [Some(0xF4), Some(0x2C)];

/// SMART RETURN STATUS, feature DAh; read the registers with [`smart_status`].
pub fn smart_return_status() -> Command {
    Command::non_data("SMART RETURN STATUS", SMART, false).feature(0xDA).lba(KEY)
}

/// SMART READ DATA, feature D0h: 512 bytes; read with [`smart_attributes`].
pub fn smart_read_data() -> Command {
    Command::pio_in("SMART READ DATA", SMART, false, 1).feature(0xD0).lba(KEY)
}

/// What SMART RETURN STATUS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SmartStatus {
    /// LBA (23:8) is C24Fh.
    Healthy,
    /// LBA (23:8) is 2CF4h: the drive predicts that it will fail.
    ThresholdExceeded,
}

/// The verdict in the registers; `None` where the command failed, or they hold neither value.
pub fn smart_status(registers: &Registers) -> Option<SmartStatus> {
    let [_, mid, high, ..] = registers.lba;
    match [mid, high] {
        _ if registers.is_error() => None,
        HEALTHY => Some(SmartStatus::Healthy),
        EXCEEDED => Some(SmartStatus::ThresholdExceeded),
        _ => None,
    }
}

/// One attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// Its number; see [`attribute`].
    pub id: u8,
    /// Its normalized value; lower is worse.
    pub current: u8,
    /// The lowest it has been.
    pub worst: u8,
    /// Six bytes of the vendor's own, lowest first.
    pub raw: u64,
}

/// Numbers of attributes that count blocks or hours on most drives.
pub mod attribute {
    /// Reallocated sectors.
    pub const REALLOCATED_SECTORS: u8 = 5;
    /// Power-on hours.
    pub const POWER_ON_HOURS: u8 = 9;
    /// Temperature; the lowest byte of the raw value, in degrees Celsius.
    pub const TEMPERATURE: u8 = 194;
    /// Sectors that wait to be reallocated.
    pub const PENDING_SECTORS: u8 = 197;
    /// Sectors that could not be read in an offline scan.
    pub const OFFLINE_UNCORRECTABLE: u8 = 198;
    /// Sectors written by the host.
    pub const HOST_WRITES: u8 = 241;
}

/// The attributes in SMART READ DATA: 30 of 12 bytes from byte 2 on; number 0 marks a free place. Errors: it is short,
/// or its checksum (the sum of all 512 bytes) is not 0.
pub fn smart_attributes(data: &[u8]) -> Result<Vec<Attribute>, Malformed> {
    const ANSWER: &str = "SMART READ DATA";
    let data: &[u8; 512] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
    if data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) != 0 {
        return Err(Malformed::new(ANSWER, "a wrong checksum"));
    }
    if data[2..362].iter().all(|byte| *byte == 0) {
        return Err(Malformed::new(ANSWER, "no attributes"));
    }
    let entries = data[2..362].chunks_exact(12).filter_map(|entry| array::<12>(entry, 0));
    Ok(entries
        .filter(|[id, ..]| *id != 0)
        .map(|[id, _, _, current, worst, a, b, c, d, e, f, _]| Attribute {
            id,
            current,
            worst,
            raw: u64::from_le_bytes([a, b, c, d, e, f, 0, 0]),
        })
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::ata::{Layout, pass_through_12};
    use proptest::prelude::*;

    fn registers(status: u8, mid: Option<u8>, high: Option<u8>) -> Registers {
        let lba = [Some(0), mid, high, None, None, None];
        let (layout, error, device, count_low, count_high, log_index) = (Layout::Descriptor, 4, 0, 0, None, None);
        Registers { layout, error, status, device, count_low, count_high, lba, log_index }
    }

    #[test]
    fn the_verdict_needs_one_of_two_values() {
        let status = pass_through_12(&smart_return_status(), true).unwrap();
        assert_eq!(status.cdb(), [0xA1, 6, 0x20, 0xDA, 0, 0, 0x4F, 0xC2, 0, 0xB0, 0, 0]);
        assert_eq!(smart_status(&registers(0x50, Some(0x4F), Some(0xC2))), Some(SmartStatus::Healthy));
        assert_eq!(smart_status(&registers(0x50, Some(0xF4), Some(0x2C))), Some(SmartStatus::ThresholdExceeded));
        for (mid, high) in [(Some(0), Some(0)), (Some(0x4F), None), (Some(0xF4), Some(0xC2))] {
            assert_eq!(smart_status(&registers(0x50, mid, high)), None);
        }
        assert_eq!(smart_status(&registers(0x51, Some(0x4F), Some(0xC2))), None);
    }

    #[test]
    fn attributes_with_their_checksum() {
        let mut data = vec![0u8; 512];
        data[0] = 16;
        data[2..14].copy_from_slice(&[5, 0x33, 0, 100, 99, 0x10, 0x27, 0, 0, 0, 0, 0]);
        data[26..38].copy_from_slice(&[241, 0, 0, 100, 100, 0, 0, 0, 0, 0, 1, 0]);
        data[511] = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg();
        let found = smart_attributes(&data).unwrap();
        assert_eq!(found.len(), 2);
        let expected = Attribute { id: attribute::REALLOCATED_SECTORS, current: 100, worst: 99, raw: 10_000 };
        assert_eq!(found[0], expected);
        assert_eq!((found[1].id, found[1].raw), (attribute::HOST_WRITES, 1 << 40));
        let numbers = [attribute::POWER_ON_HOURS, attribute::TEMPERATURE, attribute::PENDING_SECTORS];
        assert_eq!((numbers, attribute::OFFLINE_UNCORRECTABLE), ([9, 194, 197], 198));
        data[100] ^= 1;
        assert_eq!(smart_attributes(&data).unwrap_err().why, "a wrong checksum");
        assert!(smart_attributes(&[0; 512]).is_err() && smart_attributes(&data[..511]).is_err());
        let read = pass_through_12(&smart_read_data(), false).unwrap();
        assert_eq!(read.cdb(), [0xA1, 8, 0x0E, 0xD0, 1, 0, 0x4F, 0xC2, 0, 0xB0, 0, 0]);
    }

    proptest! {
        #[test]
        fn any_data_is_read(mut data in prop::collection::vec(any::<u8>(), 512)) {
            data[511] = data[..511].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)).wrapping_neg();
            if let Ok(found) = smart_attributes(&data) { prop_assert!(found.len() <= 30); }
        }
    }
}
