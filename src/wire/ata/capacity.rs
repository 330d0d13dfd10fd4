//! What an ATA drive may hide: the Host Protected Area (ATA8-ACS), Device Configuration Overlay (ATA8-ACS) and the
//! Accessible Max Address (ACS-3 and later). Each setting can be changed once in a power cycle, so they are asked
//! before they are changed.

use super::command::Command;
use super::registers::Registers;
use crate::wire::Malformed;
use crate::wire::bytes::{le16, le64};

/// READ NATIVE MAX ADDRESS EXT (ATA8-ACS, HPA feature set).
const READ_NATIVE_MAX_ADDRESS_EXT: u8 = 0x27;
/// SET MAX ADDRESS EXT (ATA8-ACS, HPA feature set).
const SET_MAX_ADDRESS_EXT: u8 = 0x37;
/// ACCESSIBLE MAX ADDRESS CONFIGURATION (ACS-4).
const ACCESSIBLE_MAX_ADDRESS: u8 = 0x78;
/// DEVICE CONFIGURATION (ATA8-ACS, DCO feature set).
const DEVICE_CONFIGURATION: u8 = 0xB1;

/// READ NATIVE MAX ADDRESS EXT, 27h: the last address without the HPA; read the answer with [`native_max_address`].
pub fn read_native_max_address() -> Command {
    Command::non_data("READ NATIVE MAX ADDRESS EXT", READ_NATIVE_MAX_ADDRESS_EXT, true).lba_mode()
}

/// SET MAX ADDRESS EXT, 37h: `last` is the last address from now on. Must follow [`read_native_max_address`] at once.
/// `lasting` (COUNT bit 0): it outlives the power cycle.
pub fn set_max_address(last: u64, lasting: bool) -> Option<Command> {
    let command = Command::non_data("SET MAX ADDRESS EXT", SET_MAX_ADDRESS_EXT, true).lba_mode();
    is_address(last).then(|| command.count(lasting.into()).lba(last))
}

/// GET NATIVE MAX ADDRESS EXT, 78h with feature 0000h: the last address that the drive can be set to.
pub fn get_native_max_address() -> Command {
    Command::non_data("GET NATIVE MAX ADDRESS EXT", ACCESSIBLE_MAX_ADDRESS, true).lba_mode()
}

/// SET ACCESSIBLE MAX ADDRESS EXT, 78h with feature 0001h; it outlives the power cycle.
pub fn set_accessible_max_address(last: u64) -> Option<Command> {
    let command = Command::non_data("SET ACCESSIBLE MAX ADDRESS EXT", ACCESSIBLE_MAX_ADDRESS, true).lba_mode();
    is_address(last).then(|| command.feature(0x0001).lba(last))
}

/// FREEZE ACCESSIBLE MAX ADDRESS EXT, 78h with feature 0002h: no change until the next power cycle.
pub fn accessible_max_address_freeze() -> Command {
    Command::non_data("FREEZE ACCESSIBLE MAX ADDRESS EXT", ACCESSIBLE_MAX_ADDRESS, true).feature(0x0002).lba_mode()
}

/// The address in the registers after [`read_native_max_address`] or [`get_native_max_address`]; `None` where the
/// command failed, or an upper byte did not come back: a capacity is never guessed from what is left.
pub fn native_max_address(registers: &Registers) -> Option<u64> {
    if registers.is_error() { None } else { registers.lba() }
}

/// DEVICE CONFIGURATION IDENTIFY, B1h with feature C2h: 512 bytes, read with [`DeviceConfiguration::parse`].
pub fn dco_identify() -> Command {
    Command::pio_in("DEVICE CONFIGURATION IDENTIFY", DEVICE_CONFIGURATION, false, 1).feature(0xC2)
}

/// DEVICE CONFIGURATION RESTORE, B1h with feature C0h: the factory's settings. Refused while an HPA is set, or frozen.
pub fn dco_restore() -> Command {
    Command::non_data("DEVICE CONFIGURATION RESTORE", DEVICE_CONFIGURATION, false).feature(0xC0)
}

/// DEVICE CONFIGURATION FREEZE LOCK, B1h with feature C1h.
pub fn dco_freeze_lock() -> Command {
    Command::non_data("DEVICE CONFIGURATION FREEZE LOCK", DEVICE_CONFIGURATION, false).feature(0xC1)
}

fn is_address(lba: u64) -> bool {
    lba >> 48 == 0
}

/// What the drive can be configured to at most (ATA8-ACS, DEVICE CONFIGURATION IDENTIFY data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceConfiguration {
    /// Words 3 to 6: the last address that the factory's settings allow.
    pub last_address: u64,
    /// Word 7: command and feature sets that can be switched off; 0 where none is reported.
    pub feature_sets: u16,
}

impl DeviceConfiguration {
    /// Reads the 512 bytes. Errors: they are short, the checksum of word 255 is wrong, or the address is beyond 48
    /// bits.
    pub fn parse(data: &[u8]) -> Result<DeviceConfiguration, Malformed> {
        const ANSWER: &str = "DEVICE CONFIGURATION IDENTIFY data";
        let data: &[u8; 512] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
        // Unlike that of IDENTIFY DEVICE, this checksum is mandatory.
        if data[510] != 0xA5 || data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) != 0 {
            return Err(Malformed::new(ANSWER, "a wrong checksum"));
        }
        let (last, sets) = le64(data, 6).zip(le16(data, 14)).ok_or(Malformed::short(ANSWER))?;
        if !is_address(last) {
            return Err(Malformed::new(ANSWER, "an address of more than 48 bits"));
        }
        Ok(DeviceConfiguration { last_address: last, feature_sets: sets })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::ata::{Layout, pass_through_12, pass_through_16};
    use proptest::prelude::*;

    #[test]
    fn commands() {
        let cdb = |command: &Command| pass_through_16(command, true).cdb().to_vec();
        assert_eq!(cdb(&read_native_max_address()), [0x85, 7, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x27, 0]);
        let set = set_max_address(0x0003_A381_2AAF, true).unwrap();
        assert_eq!(cdb(&set), [0x85, 7, 0x20, 0, 0, 0, 1, 0xa3, 0xaf, 3, 0x2a, 0, 0x81, 0x40, 0x37, 0]);
        assert_eq!(cdb(&set_max_address(1, false).unwrap())[6], 0);
        assert_eq!(cdb(&get_native_max_address()), [0x85, 7, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x78, 0]);
        assert_eq!(cdb(&set_accessible_max_address(5).unwrap())[4..9], [1, 0, 0, 0, 5]);
        assert_eq!(cdb(&accessible_max_address_freeze())[4], 2);
        assert_eq!((set_max_address(1 << 48, true), set_accessible_max_address(u64::MAX)), (None, None));
        let identify = pass_through_12(&dco_identify(), true).unwrap();
        assert_eq!(identify.cdb(), [0xA1, 0x08, 0x2E, 0xC2, 1, 0, 0, 0, 0, 0xB1, 0, 0]);
        assert_eq!(cdb(&dco_restore())[4], 0xC0);
        assert_eq!(cdb(&dco_freeze_lock())[4], 0xC1);
    }

    #[test]
    fn an_address_is_whole_or_none() {
        let mut registers = Registers {
            layout: Layout::Descriptor,
            error: 0,
            status: 0x50,
            device: 0x40,
            count_low: 0,
            count_high: Some(0),
            lba: [0xaf, 0x2a, 0x81, 0xa3, 3, 0].map(Some),
            log_index: None,
        };
        assert_eq!(native_max_address(&registers), Some(0x0003_A381_2AAF));
        registers.lba[4] = None;
        assert_eq!(native_max_address(&registers), None);
        registers.lba[4] = Some(3);
        (registers.status, registers.error) = (0x51, 4);
        assert_eq!(native_max_address(&registers), None);
    }

    fn configuration(last: u64) -> Vec<u8> {
        let mut data = vec![0u8; 512];
        data[6..14].copy_from_slice(&last.to_le_bytes());
        data[14..16].copy_from_slice(&0x0087u16.to_le_bytes());
        data[510] = 0xA5;
        let sum = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        data[511] = sum.wrapping_neg();
        data
    }

    #[test]
    fn a_configuration_with_its_checksum() {
        let mut data = configuration(0x3A38_12AF);
        let expected = DeviceConfiguration { last_address: 0x3A38_12AF, feature_sets: 0x0087 };
        assert_eq!(DeviceConfiguration::parse(&data), Ok(expected));
        assert!(DeviceConfiguration::parse(&configuration(1 << 48)).is_err());
        data[0] ^= 1;
        assert_eq!(DeviceConfiguration::parse(&data).unwrap_err().why, "a wrong checksum");
        assert!(DeviceConfiguration::parse(&data[..511]).is_err());
        assert!(DeviceConfiguration::parse(&[0; 512]).is_err());
    }

    proptest! {
        #[test]
        fn any_configuration_is_read(data in prop::collection::vec(any::<u8>(), 500..520)) {
            let _ = DeviceConfiguration::parse(&data);
        }
    }
}
