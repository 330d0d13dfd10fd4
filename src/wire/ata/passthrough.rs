//! ATA PASS-THROUGH: an ATA command inside a SCSI one (SAT-4, ATA PASS-THROUGH (12) and (16) commands).

use super::command::{Command, Protocol};
use crate::wire::scsi;

/// ATA PASS-THROUGH (12). A USB bridge may take this one only; an optical drive takes it for BLANK.
const PASS_THROUGH_12: u8 = 0xA1;
/// ATA PASS-THROUGH (16).
const PASS_THROUGH_16: u8 = 0x85;
/// CK_COND: send the registers back as sense, on success too.
const CK_COND: u8 = 1 << 5;
/// T_DIR: from the device.
const T_DIR: u8 = 1 << 3;
/// BYTE_BLOCK: the length counts blocks, of 512 bytes since T_TYPE is 0.
const BYTE_BLOCK: u8 = 1 << 2;
/// T_LENGTH: the length is in the COUNT field.
const LENGTH_IN_COUNT: u8 = 2;

/// Which way data moves, seen from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// None does.
    None,
    /// From the drive.
    In,
    /// To the drive.
    Out,
}

impl Command {
    /// Which way its data moves.
    pub fn direction(&self) -> Direction {
        match self.data() {
            super::Data::None => Direction::None,
            super::Data::In(_) => Direction::In,
            super::Data::Out(_) => Direction::Out,
        }
    }

    fn protocol_field(&self) -> u8 {
        let number = match self.protocol {
            Protocol::NonData => 3,
            Protocol::PioIn => 4,
            Protocol::PioOut => 5,
            Protocol::Dma => 6,
        };
        number << 1
    }

    fn transfer_flags(&self) -> u8 {
        match self.direction() {
            Direction::None => 0,
            Direction::In => T_DIR | BYTE_BLOCK | LENGTH_IN_COUNT,
            Direction::Out => BYTE_BLOCK | LENGTH_IN_COUNT,
        }
    }
}

/// `command` in an ATA PASS-THROUGH (16). With `registers` they are asked for (CK_COND), success or not.
pub fn pass_through_16(command: &Command, registers: bool) -> scsi::Command {
    let flags = command.transfer_flags() | if registers { CK_COND } else { 0 };
    let [feature_high, feature] = command.feature.to_be_bytes();
    let [count_high, count] = command.count.to_be_bytes();
    let [_, _, lba5, lba4, lba3, lba2, lba1, lba0] = command.lba.to_be_bytes();
    let protocol = command.protocol_field() | u8::from(command.extended);
    // The upper bytes of FEATURE, COUNT and LBA belong to 48-bit commands only.
    let upper = |byte: u8| if command.extended { byte } else { 0 };
    let cdb = [
        PASS_THROUGH_16,
        protocol,
        flags,
        upper(feature_high),
        feature,
        upper(count_high),
        count,
        upper(lba3),
        lba0,
        upper(lba4),
        lba1,
        upper(lba5),
        lba2,
        command.device,
        command.code,
        0,
    ];
    scsi::Command::new(command.name, &cdb, command.data.clone())
}

/// `command` in an ATA PASS-THROUGH (12); `None` where it is of the 48-bit kind, which has no room in it.
pub fn pass_through_12(command: &Command, registers: bool) -> Option<scsi::Command> {
    if command.extended {
        return None;
    }
    let flags = command.transfer_flags() | if registers { CK_COND } else { 0 };
    let [_, feature] = command.feature.to_be_bytes();
    let [_, count] = command.count.to_be_bytes();
    let [.., lba2, lba1, lba0] = command.lba.to_be_bytes();
    let protocol = command.protocol_field();
    let cdb = [PASS_THROUGH_12, protocol, flags, feature, count, lba0, lba1, lba2, command.device, command.code, 0, 0];
    Some(scsi::Command::new(command.name, &cdb, command.data.clone()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wire::Data;

    #[test]
    fn every_register_has_its_place_in_the_sixteen_bytes() {
        let command =
            Command::non_data("TEST", 0xB4, true).feature(0x1122).count(0x3344).lba(0x0102_0304_0506).lba_mode();
        let scsi = pass_through_16(&command, true);
        let expected = [0x85, 0x07, 0x20, 0x11, 0x22, 0x33, 0x44, 3, 6, 2, 5, 1, 4, 0x40, 0xB4, 0];
        assert_eq!((scsi.cdb(), scsi.data(), scsi.name()), (&expected[..], &Data::None, "TEST"));
        assert_eq!(pass_through_12(&command, true), None);
    }

    #[test]
    fn and_in_the_twelve() {
        let command = Command::pio_in("IDENTIFY DEVICE", 0xEC, false, 1);
        let scsi = pass_through_12(&command, false).unwrap();
        assert_eq!(scsi.cdb(), [0xA1, 0x08, 0x0E, 0, 1, 0, 0, 0, 0, 0xEC, 0, 0]);
        assert_eq!(scsi.data(), &Data::In(512));
        let smart = Command::non_data("SMART", 0xB0, false).feature(0xDA).lba(0xC2_4F00);
        let smart = pass_through_12(&smart, true).unwrap();
        assert_eq!(smart.cdb(), [0xA1, 0x06, 0x20, 0xDA, 0, 0, 0x4F, 0xC2, 0, 0xB0, 0, 0]);
    }

    #[test]
    fn directions_and_protocols() {
        let identify = pass_through_16(&Command::pio_in("IDENTIFY DEVICE", 0xEC, false, 1), false);
        assert_eq!(identify.cdb(), [0x85, 8, 0x0E, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0]);
        let out = pass_through_16(&Command::pio_out("SECURITY UNLOCK", 0xF2, [7; 512]), true);
        assert_eq!((out.cdb()[1], out.cdb()[2], out.cdb()[6]), (0x0A, 0x26, 1));
        assert_eq!(out.data(), &Data::Out(vec![7; 512]));
        let dma = Command { protocol: Protocol::Dma, ..Command::pio_in("READ LOG DMA EXT", 0x47, true, 1) };
        assert_eq!(pass_through_16(&dma, false).cdb()[1], 0x0D);
        // A 28-bit command leaves no trace in the upper bytes.
        let stray = Command::non_data("TEST", 0, false).feature(0xFF00).count(0xFF00).lba(0xFFFF_FF00_0000);
        assert_eq!(pass_through_16(&stray, false).cdb()[2..13], [0; 11]);
    }
}
