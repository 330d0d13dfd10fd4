//! The registers after an ATA command, out of the sense data of an ATA PASS-THROUGH.
//!
//! Four layouts are in the field. SAT has two: the ATA Status Return descriptor (type 09h) of descriptor-format sense,
//! and the fixed format with the registers in INFORMATION and COMMAND-SPECIFIC INFORMATION, bytes 3 to 11. Linux up to
//! 6.11 put them from byte 8 on in fixed format instead, past the additional sense code; and some bridges append the
//! descriptor to fixed format. Where none fits, nothing came back, and that is an outcome of its own: it is never read
//! as zeros.

use crate::wire::bytes::{array, bit, byte};
use crate::wire::scsi::Sense;

/// Type and length of the ATA Status Return sense data descriptor (SAT-4).
const DESCRIPTOR: (u8, u8) = (0x09, 0x0C);
/// STATUS bits (ACS-4, STATUS field).
const BSY: u32 = 7;
const DRDY: u32 = 6;
const DF: u32 = 5;
const DRQ: u32 = 3;
const ERR: u32 = 0;
/// ERROR bit 2, ABRT: command aborted.
const ABRT: u32 = 2;

/// Where the registers stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// ATA Status Return descriptor, sense 72h or 73h.
    Descriptor,
    /// The same descriptor behind 18 bytes of fixed-format sense.
    AppendedDescriptor,
    /// Fixed format as SAT has it: from byte 3.
    Fixed,
    /// Fixed format of Linux before 6.12: from byte 8.
    FixedShifted,
}

/// Why there are no registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NoRegisters {
    /// No sense data came, or none that SPC knows.
    #[error("no sense data came back")]
    NoSense,
    /// The SAT layer or bridge refused the command itself: the drive never saw it.
    #[error("the bridge or adapter refused ATA PASS-THROUGH")]
    Refused,
    /// There is sense, and no registers in it.
    #[error("the sense data carries no ATA registers")]
    NotInSense,
    /// There is a place for registers, and nothing in it.
    #[error("the ATA registers in the sense data are empty")]
    Empty,
    /// STATUS says that the others are not valid (BSY).
    #[error("the drive was busy when its registers were read")]
    Busy,
}

/// The registers after a command (ACS-4, normal and error outputs). What did not come back is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Registers {
    /// Where they stood.
    pub layout: Layout,
    /// ERROR; of meaning only where [`Registers::is_error`].
    pub error: u8,
    /// STATUS.
    pub status: u8,
    /// DEVICE.
    pub device: u8,
    /// COUNT (7:0).
    pub count_low: u8,
    /// COUNT (15:8), of a 48-bit command.
    pub count_high: Option<u8>,
    /// The bytes of LBA, the lowest first; of a 28-bit command the first three.
    pub lba: [Option<u8>; 6],
    /// Where the upper bytes can still be fetched: 1 to 15, one more than the parameter code in the ATA PASS-THROUGH Results log.
    pub log_index: Option<u8>,
}

impl Registers {
    /// Finds the registers in the sense data of an ATA PASS-THROUGH.
    pub fn parse(sense: &[u8]) -> Result<Registers, NoRegisters> {
        let parsed = Sense::parse(sense).map_err(|_| NoRegisters::NoSense)?;
        match byte(sense, 0).map(|code| code & 0x7F) {
            Some(0x72 | 0x73) => {
                if let Some(body) = descriptors(sense) {
                    return Registers::from_descriptor(body, Layout::Descriptor).believed();
                }
            }
            _ => {
                if let Some(found) = from_fixed(sense, &parsed) {
                    return found.believed();
                }
            }
        }
        Err(if is_refusal(&parsed) { NoRegisters::Refused } else { NoRegisters::NotInSense })
    }

    /// The registers in one parameter of the ATA PASS-THROUGH Results log page (SAT-4): `value` has the form of the
    /// descriptor.
    pub fn from_results_log(value: &[u8]) -> Result<Registers, NoRegisters> {
        let body: Option<[u8; 14]> = array(value, 0);
        let body = body.filter(|[kind, length, ..]| (*kind, *length) == DESCRIPTOR).ok_or(NoRegisters::NotInSense)?;
        Registers::from_descriptor(body, Layout::Descriptor).believed()
    }

    fn from_descriptor(body: [u8; 14], layout: Layout) -> Registers {
        let [_, _, flags, error, count_high, count_low, lba3, lba0, lba4, lba1, lba5, lba2, device, status] = body;
        let extend = bit(flags, 0);
        let upper = |byte: u8| extend.then_some(byte);
        Registers {
            layout,
            error,
            status,
            device,
            count_low,
            count_high: upper(count_high),
            lba: [Some(lba0), Some(lba1), Some(lba2), upper(lba3), upper(lba4), upper(lba5)],
            log_index: None,
        }
    }

    /// From the fixed formats: four registers, then flags and the lower LBA bytes. Of the upper bytes there is only
    /// whether they are zero.
    fn from_fields(
        layout: Layout,
        [error, status, device, count_low]: [u8; 4],
        flags: Option<u8>,
        lba: [Option<u8>; 3],
    ) -> Registers {
        let flags = flags.unwrap_or(0);
        let extend = bit(flags, 7);
        let zero_unless = |flag: u32| (extend && !bit(flags, flag)).then_some(0);
        let [lba0, lba1, lba2] = lba;
        let upper = zero_unless(5);
        Registers {
            layout,
            error,
            status,
            device,
            count_low,
            count_high: zero_unless(6),
            lba: [lba0, lba1, lba2, upper, upper, upper],
            log_index: Some(flags & 0x0F).filter(|index| *index != 0),
        }
    }

    fn believed(self) -> Result<Registers, NoRegisters> {
        match self.status {
            0 => Err(NoRegisters::Empty),
            status if bit(status, BSY) => Err(NoRegisters::Busy),
            _ => Ok(self),
        }
    }

    /// Whether the command ended with an error (ERR) or a device fault (DF).
    pub fn is_error(&self) -> bool {
        bit(self.status, ERR) || bit(self.status, DF)
    }

    /// Whether the command was aborted (ERR with ABRT): not supported, not allowed now, or failed.
    pub fn is_aborted(&self) -> bool {
        bit(self.status, ERR) && bit(self.error, ABRT)
    }

    /// Whether the drive is ready and waits for nothing.
    pub fn is_ready(&self) -> bool {
        bit(self.status, DRDY) && !bit(self.status, DRQ)
    }

    /// COUNT (15:0) of a 48-bit command; `None` where its upper byte did not come back.
    pub fn count(&self) -> Option<u16> {
        self.count_high.map(|high| u16::from_be_bytes([high, self.count_low]))
    }

    /// LBA (47:0) of a 48-bit command; `None` where any of it did not come back.
    pub fn lba(&self) -> Option<u64> {
        self.lba.iter().rev().try_fold(0, |lba, byte| byte.map(|byte| lba << 8 | u64::from(byte)))
    }

    /// LBA (15:0); `None` where it did not come back.
    pub fn lba_low(&self) -> Option<u16> {
        let [low, high, ..] = self.lba;
        low.zip(high).map(|(low, high)| u16::from_be_bytes([high, low]))
    }
}

fn descriptors(sense: &[u8]) -> Option<[u8; 14]> {
    // The length byte of the sense must cover it, so a descriptor that is cut is none.
    let length = usize::from(byte(sense, 7)?);
    let mut at = 8;
    while at < 8 + length {
        let (kind, bytes) = (byte(sense, at)?, byte(sense, at + 1)?);
        if (kind, bytes) == DESCRIPTOR {
            return array(sense, at);
        }
        at += 2 + usize::from(bytes);
    }
    None
}

fn from_fixed(sense: &[u8], parsed: &Sense) -> Option<Registers> {
    let appended: Option<[u8; 14]> = array(sense, 18);
    if let Some(body) = appended.filter(|[kind, length, ..]| (*kind, *length) == DESCRIPTOR)
        && byte(sense, 7).is_some_and(|length| length >= 24)
    {
        return Some(Registers::from_descriptor(body, Layout::AppendedDescriptor));
    }
    // ATA PASS-THROUGH INFORMATION AVAILABLE says it; so does INFORMATION that holds an ERROR and a STATUS that belong
    // together. A SAT layer that refuses the command has no registers to tell of.
    let refused = is_refusal(parsed);
    let valid = byte(sense, 0).is_some_and(|code| bit(code, 7));
    let low = |at: usize| [byte(sense, at), byte(sense, at + 1), byte(sense, at + 2)];
    let in_information: [u8; 4] = array(sense, 3)?;
    let shifted: Option<[u8; 4]> = array(sense, 8);
    // Information that is there and empty has no STATUS, so it says nothing; what stands from byte 8 on can then only be the older layout.
    if parsed.is(0x00, 0x1D)
        && !valid
        && in_information == [0; 4]
        && let Some(registers) = shifted.filter(is_success)
    {
        return Some(Registers::from_fields(Layout::FixedShifted, registers, byte(sense, 16), low(17)));
    }
    if parsed.is(0x00, 0x1D) || (valid && !refused && is_failure(in_information)) {
        return Some(Registers::from_fields(Layout::Fixed, in_information, byte(sense, 8), low(9)));
    }
    let shifted = shifted?;
    if !valid && !refused && in_information == [0; 4] && is_failure(shifted) {
        return Some(Registers::from_fields(Layout::FixedShifted, shifted, byte(sense, 16), low(17)));
    }
    None
}

/// INVALID COMMAND OPERATION CODE, INVALID FIELD IN CDB, LOGICAL UNIT NOT SUPPORTED, INVALID FIELD IN PARAMETER LIST: the SCSI
/// command was refused.
fn is_refusal(sense: &Sense) -> bool {
    sense.additional.is_some_and(|(asc, _)| matches!(asc, 0x20 | 0x24 | 0x25 | 0x26))
}

/// Whether ERROR and STATUS are such as a command that failed leaves: Linux sends fixed format for these alone.
fn is_failure([error, status, _, _]: [u8; 4]) -> bool {
    !bit(status, BSY) && ((bit(status, ERR) && error != 0) || bit(status, DF))
}

/// Whether STATUS is such as a command that succeeded leaves: ready, not busy, no fault, no data wanted, no error.
fn is_success(&[_, status, _, _]: &[u8; 4]) -> bool {
    bit(status, DRDY) && ![BSY, DF, DRQ, ERR].into_iter().any(|flag| bit(status, flag))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As libata sends it for SANITIZE STATUS EXT while one runs: COUNT 4000h, LBA 0000_0000_8001h.
    const RUNNING: [u8; 22] = [0x72, 1, 0, 0x1d, 0, 0, 0, 14, 9, 12, 1, 0, 0x40, 0, 0, 0x01, 0, 0x80, 0, 0, 0x40, 0x50];

    #[test]
    fn the_descriptor_carries_all_of_them() {
        let found = Registers::parse(&RUNNING).unwrap();
        assert_eq!((found.layout, found.count(), found.lba()), (Layout::Descriptor, Some(0x4000), Some(0x8001)));
        assert_eq!((found.status, found.device, found.lba_low()), (0x50, 0x40, Some(0x8001)));
        assert!(found.is_ready() && !found.is_error() && !found.is_aborted());
        // EXTEND is 0: the upper bytes are not the command's.
        let mut short = RUNNING;
        short[10] = 0;
        let found = Registers::parse(&short).unwrap();
        assert_eq!((found.count(), found.lba(), found.lba_low()), (None, None, Some(0x8001)));
        // Behind another descriptor.
        let information = [0, 10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut second = RUNNING[..8].to_vec();
        second[7] = 26;
        second.extend(information);
        second.extend(&RUNNING[8..]);
        assert_eq!(Registers::parse(&second).unwrap().count(), Some(0x4000));
    }

    #[test]
    fn linux_before_6_12_starts_at_byte_8() {
        // SANITIZE DEVICE aborted, frozen: ERROR 04h, STATUS 41h, LBA (7:0) 03h; EXTEND in byte 16.
        let sense = [0x70, 0, 0x0b, 0, 0, 0, 0, 0x0a, 0x04, 0x41, 0x40, 0, 0, 0, 0, 0, 0x80, 3, 0, 0];
        let found = Registers::parse(&sense).unwrap();
        assert_eq!((found.layout, found.error, found.status), (Layout::FixedShifted, 4, 0x41));
        assert!(found.is_aborted());
        assert_eq!((found.lba(), found.count()), (Some(3), Some(0)));
        // /dev/sg cuts the sense where its length byte says: the lowest LBA byte is still there.
        let found = Registers::parse(&sense[..18]).unwrap();
        assert_eq!((found.lba[0], found.lba[1], found.lba()), (Some(3), None, None));
    }

    #[test]
    fn a_success_from_byte_8_is_read_only_where_byte_3_says_nothing() {
        let sense = [0x70, 0, 1, 0, 0, 0, 0, 0x0a, 0, 0x50, 0x40, 0x12, 0, 0x1d, 0, 0, 0x80, 1, 2, 3];
        let found = Registers::parse(&sense).unwrap();
        assert_eq!((found.layout, found.count(), found.lba()), (Layout::FixedShifted, Some(0x12), Some(0x03_0201)));
        // The upper byte of COUNT is there and not told.
        let mut upper = sense;
        upper[16] = 0xC0;
        assert_eq!(Registers::parse(&upper).unwrap().count(), None);
        // A STATUS from byte 3 on goes before.
        let mut both = sense;
        both[4] = 0x50;
        assert_eq!(Registers::parse(&both).unwrap().layout, Layout::Fixed);
        for status in [0, 0x10, 0x51, 0x58, 0x70, 0xD0] {
            let mut odd = sense;
            odd[9] = status;
            assert_eq!(Registers::parse(&odd), Err(NoRegisters::Empty), "{status:x}");
        }
    }

    #[test]
    fn linux_from_6_12_on_starts_at_byte_3() {
        let sense = [0xf0, 0, 0x0b, 0x04, 0x41, 0x40, 0, 0x0a, 0x80, 3, 0, 0, 0, 0, 0, 0, 0, 0];
        let found = Registers::parse(&sense).unwrap();
        assert_eq!((found.layout, found.error, found.status), (Layout::Fixed, 4, 0x41));
        assert_eq!((found.lba(), found.count(), found.is_aborted()), (Some(3), Some(0), true));
    }

    #[test]
    fn the_fixed_format_of_sat_knows_upper_bytes_only_as_zero() {
        let sense = [0x70, 0, 1, 0, 0x50, 0x40, 0, 0x0a, 0xC2, 0x01, 0x80, 0, 0, 0x1d, 0, 0, 0, 0];
        let found = Registers::parse(&sense).unwrap();
        assert_eq!((found.layout, found.count(), found.lba()), (Layout::Fixed, None, Some(0x8001)));
        assert_eq!(found.log_index, Some(2));
        let mut appended = sense.to_vec();
        appended[7] = 24;
        appended.extend(&RUNNING[8..]);
        let found = Registers::parse(&appended).unwrap();
        assert_eq!((found.layout, found.count()), (Layout::AppendedDescriptor, Some(0x4000)));
    }

    #[test]
    fn nothing_is_never_read_as_zeros() {
        let reason = |sense: &[u8]| Registers::parse(sense).unwrap_err();
        assert_eq!(reason(&[]), NoRegisters::NoSense);
        assert_eq!(reason(&[0; 32]), NoRegisters::NoSense);
        let mut empty = RUNNING;
        empty[10..].fill(0);
        assert_eq!(reason(&empty), NoRegisters::Empty);
        let mut busy = RUNNING;
        busy[21] = 0xD0;
        assert_eq!(reason(&busy), NoRegisters::Busy);
        assert_eq!(reason(&RUNNING[..21]), NoRegisters::NotInSense);
        assert_eq!(reason(&[0x72, 1, 0, 0x1d, 0, 0, 0, 0]), NoRegisters::NotInSense);
        assert_eq!(reason(&[0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0]), NoRegisters::Refused);
        assert_eq!(reason(&[0x72, 5, 0x24, 0, 0, 0, 0, 0]), NoRegisters::Refused);
        assert_eq!(reason(&[0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 0, 0, 0, 0, 0]), NoRegisters::NotInSense);
        // The address of a bad block is no register.
        assert_eq!(
            reason(&[0xf0, 0, 3, 0, 0x12, 0x34, 0x56, 10, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0]),
            NoRegisters::NotInSense
        );
    }

    #[test]
    fn the_results_log_has_the_descriptors_form() {
        assert_eq!(Registers::from_results_log(&RUNNING[8..]).unwrap().count(), Some(0x4000));
        assert!(Registers::from_results_log(&RUNNING[9..]).is_err());
        assert!(Registers::from_results_log(&RUNNING[8..21]).is_err());
    }

    #[test]
    fn a_refusal_tells_no_registers_whatever_its_information_is() {
        for asc in [0x20, 0x24, 0x25, 0x26] {
            let sat = [0xf0, 0, 5, 0x04, 0x41, 0, 0, 10, 0, 0, 0, 0, asc, 0, 0, 0, 0, 0];
            let shifted = [0x70, 0, 5, 0, 0, 0, 0, 10, 0x04, 0x41, 0, 0, asc, 0, 0, 0, 0, 0, 0, 0];
            assert_eq!(Registers::parse(&sat), Err(NoRegisters::Refused), "{asc:x}");
            assert_eq!(Registers::parse(&shifted), Err(NoRegisters::Refused), "{asc:x}");
        }
        // IDNF, which Linux reports as an address out of range.
        let out_of_range = [0xf0, 0, 5, 0x10, 0x51, 0, 0, 10, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0];
        assert!(Registers::parse(&out_of_range).is_ok_and(|found| found.is_error() && !found.is_aborted()));
        let mut waiting = RUNNING;
        for (status, ready) in [(0x50, true), (0x58, false), (0x10, false), (0x18, false)] {
            waiting[21] = status;
            assert_eq!(Registers::parse(&waiting).unwrap().is_ready(), ready);
        }
        // A device fault needs no ERROR; an error does.
        let fault = [0xf0, 0, 4, 0, 0x60, 0, 0, 10, 0, 0, 0, 0, 0x44, 0, 0, 0, 0, 0];
        assert!(Registers::parse(&fault).is_ok_and(|found| found.is_error()));
        let mut no_error = fault;
        no_error[4] = 0x51;
        assert_eq!(Registers::parse(&no_error), Err(NoRegisters::NotInSense));
    }

    #[test]
    fn what_stands_behind_the_sense_is_no_descriptor() {
        let mut sense = vec![0x70, 0, 1, 0, 0x50, 0x40, 0, 0x0a, 0xC0, 0x01, 0x80, 0, 0, 0x1d, 0, 0, 0, 0];
        sense.extend(&RUNNING[8..]);
        assert_eq!(Registers::parse(&sense).unwrap().layout, Layout::Fixed);
        sense[7] = 24;
        sense[18] = 8;
        assert_eq!(Registers::parse(&sense).unwrap().layout, Layout::Fixed);
        // The length byte of descriptor sense ends before it.
        let mut cut = RUNNING;
        cut[7] = 0;
        assert_eq!(Registers::parse(&cut), Err(NoRegisters::NotInSense));
    }

    #[test]
    fn flags_of_the_fixed_format_one_by_one() {
        let with = |flags: u8| {
            let sense = [0x70, 0, 1, 0, 0x50, 0x40, 7, 0x0a, flags, 1, 2, 3, 0, 0x1d, 0, 0, 0, 0];
            let found = Registers::parse(&sense).unwrap();
            (found.count(), found.lba(), found.log_index)
        };
        assert_eq!(with(0x80), (Some(7), Some(0x03_0201), None));
        assert_eq!(with(0xC0), (None, Some(0x03_0201), None));
        assert_eq!(with(0xA5), (Some(7), None, Some(5)));
        assert_eq!(with(0x00), (None, None, None));
    }

    proptest! {
        #[test]
        fn any_sense_is_read(
            mut sense in prop::collection::vec(any::<u8>(), 0..64),
            code in prop::sample::select(vec![0x70u8, 0xf0, 0x71, 0x72, 0x73]),
        ) {
            if let Some(first) = sense.first_mut() { *first = code; }
            if let Ok(found) = Registers::parse(&sense) {
                prop_assert!(found.status != 0 && found.status < 0x80);
                prop_assert_eq!(found.lba().is_some(), found.lba.iter().all(Option::is_some));
            }
        }
    }
}
