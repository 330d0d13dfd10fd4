//! Identify Controller data (Base Specification 2.0, Identify Controller data structure).

use crate::wire::bytes::{bit, byte, le16, le32, le128};
use crate::wire::{Malformed, printable};

const ANSWER: &str = "Identify Controller data";

/// CNTRLTYPE, byte 111.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ControllerType {
    /// 0h: before 1.4, or hidden.
    NotReported,
    /// 1h.
    Io,
    /// 2h.
    Discovery,
    /// 3h: no namespaces of its own; sanitize works all the same.
    Administrative,
    /// Reserved values.
    Other(u8),
}

/// NODMMAS, bits 31:30 of SANICAP: whether media is modified after a sanitize that was told not to deallocate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoDeallocateModifies {
    /// 00b: not defined, as before 1.4.
    NotDefined,
    /// 01b: it is not.
    No,
    /// 10b: it is.
    Yes,
    /// 11b.
    Reserved,
}

/// SANICAP, bytes 331:328.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SanitizeCapabilities {
    /// Bit 0, CES.
    pub crypto_erase: bool,
    /// Bit 1, BES.
    pub block_erase: bool,
    /// Bit 2, OWS.
    pub overwrite: bool,
    /// Bit 3, VERS: the Media Verification state (TP 4152).
    pub verification: bool,
    /// Bit 29, NDI: the controller deallocates even where told not to.
    pub no_deallocate_inhibited: bool,
    /// Bits 31:30, NODMMAS.
    pub no_deallocate_modifies: NoDeallocateModifies,
}

impl SanitizeCapabilities {
    fn of(field: u32) -> SanitizeCapabilities {
        SanitizeCapabilities {
            crypto_erase: bit(field, 0),
            block_erase: bit(field, 1),
            overwrite: bit(field, 2),
            verification: bit(field, 3),
            no_deallocate_inhibited: bit(field, 29),
            no_deallocate_modifies: match field >> 30 {
                0 => NoDeallocateModifies::NotDefined,
                1 => NoDeallocateModifies::No,
                2 => NoDeallocateModifies::Yes,
                _ => NoDeallocateModifies::Reserved,
            },
        }
    }

    /// Whether there is any sanitize operation.
    pub fn any(&self) -> bool {
        self.crypto_erase || self.block_erase || self.overwrite
    }
}

/// What a controller says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Controller {
    /// SN, bytes 23:4.
    pub serial: Option<String>,
    /// MN, bytes 63:24.
    pub model: Option<String>,
    /// FR, bytes 71:64.
    pub firmware: Option<String>,
    /// CMIC bit 1, byte 76: the subsystem may have two or more controllers.
    pub many_controllers: bool,
    /// CNTLID, bytes 79:78.
    pub id: u16,
    /// VER, bytes 83:80: major in bits 31:16, minor in 15:8; 0 before 1.2.
    pub version: u32,
    /// CNTRLTYPE.
    pub kind: ControllerType,
    /// OACS bit 0, bytes 257:256: Security Send and Receive.
    pub security: bool,
    /// OACS bit 1: Format NVM.
    pub format: bool,
    /// OACS bit 3: namespace management and attachment.
    pub namespace_management: bool,
    /// TNVMCAP, bytes 295:280, in bytes; 0 where it is not reported.
    pub total_capacity: u128,
    /// UNVMCAP, bytes 311:296, in bytes: capacity that belongs to no namespace; 0 where it is not reported.
    pub unallocated_capacity: u128,
    /// SANICAP.
    pub sanitize: SanitizeCapabilities,
    /// NN, bytes 519:516: the largest namespace identifier.
    pub namespaces: u32,
    /// ONCS bit 2, bytes 521:520: Dataset Management.
    pub dataset_management: bool,
    /// ONCS bit 3: Write Zeroes.
    pub write_zeroes: bool,
    /// FNA bit 0, byte 524: Format changes the format of all namespaces.
    pub format_all: bool,
    /// FNA bit 1: secure erase in Format erases all namespaces.
    pub erase_all: bool,
    /// FNA bit 2: cryptographic erase in Format.
    pub crypto_in_format: bool,
    /// FNA bit 3: Format does not take NSID FFFFFFFFh.
    pub no_broadcast_format: bool,
    /// VWC bit 0, byte 525: there is a volatile write cache.
    pub write_cache: bool,
    /// SUBNQN, bytes 1023:768.
    pub subsystem: Option<String>,
}

impl Controller {
    /// Reads the data. Errors: it is shorter than 1024 bytes, or carries nothing but zeros.
    pub fn parse(data: &[u8]) -> Result<Controller, Malformed> {
        let data: &[u8; 1024] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
        if data.iter().all(|byte| *byte == 0) {
            return Err(Malformed::new(ANSWER, "nothing but zeros"));
        }
        Controller::fields(data).ok_or(Malformed::short(ANSWER))
    }

    fn fields(data: &[u8]) -> Option<Controller> {
        let (oacs, oncs, fna) = (le16(data, 256)?, le16(data, 520)?, byte(data, 524)?);
        Some(Controller {
            serial: printable(data.get(4..24)?),
            model: printable(data.get(24..64)?),
            firmware: printable(data.get(64..72)?),
            many_controllers: bit(byte(data, 76)?, 1),
            id: le16(data, 78)?,
            version: le32(data, 80)?,
            kind: match byte(data, 111)? {
                0 => ControllerType::NotReported,
                1 => ControllerType::Io,
                2 => ControllerType::Discovery,
                3 => ControllerType::Administrative,
                other => ControllerType::Other(other),
            },
            security: bit(oacs, 0),
            format: bit(oacs, 1),
            namespace_management: bit(oacs, 3),
            total_capacity: le128(data, 280)?,
            unallocated_capacity: le128(data, 296)?,
            sanitize: SanitizeCapabilities::of(le32(data, 328)?),
            namespaces: le32(data, 516)?,
            dataset_management: bit(oncs, 2),
            write_zeroes: bit(oncs, 3),
            format_all: bit(fna, 0),
            erase_all: bit(fna, 1),
            crypto_in_format: bit(fna, 2),
            no_broadcast_format: bit(fna, 3),
            write_cache: bit(byte(data, 525)?, 0),
            subsystem: printable(data.get(768..1024)?),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_controller_of_1_4() {
        let mut data = vec![0u8; 4096];
        data[4..24].copy_from_slice(b"S4EVNX0R123456      ");
        data[24..40].copy_from_slice(b"EXAMPLE SSD 1TB ");
        data[64..72].copy_from_slice(b"2B2QEXM7");
        (data[76], data[78], data[82], data[81], data[111]) = (2, 4, 1, 4, 1);
        data[256..258].copy_from_slice(&0x0007u16.to_le_bytes());
        data[280..288].copy_from_slice(&1_000_204_886_016u64.to_le_bytes());
        data[328..332].copy_from_slice(&0xA000_0003u32.to_le_bytes());
        (data[516], data[520], data[524], data[525]) = (32, 0x0C, 0x05, 1);
        data[768..788].copy_from_slice(b"nqn.2014-08.example\0");
        let found = Controller::parse(&data).unwrap();
        assert_eq!(found.serial.as_deref(), Some("S4EVNX0R123456"));
        assert_eq!((found.model.as_deref(), found.firmware.as_deref()), (Some("EXAMPLE SSD 1TB"), Some("2B2QEXM7")));
        assert_eq!((found.id, found.version, found.kind), (4, 0x0001_0400, ControllerType::Io));
        assert!(found.many_controllers && found.security && found.format && !found.namespace_management);
        assert_eq!((found.total_capacity, found.unallocated_capacity), (1_000_204_886_016, 0));
        let sanitize = found.sanitize;
        assert!(sanitize.crypto_erase && sanitize.block_erase && !sanitize.overwrite && !sanitize.verification);
        assert!(sanitize.any() && sanitize.no_deallocate_inhibited);
        assert_eq!(sanitize.no_deallocate_modifies, NoDeallocateModifies::Yes);
        assert!(found.dataset_management && found.write_zeroes && found.write_cache);
        assert!(found.format_all && !found.erase_all && found.crypto_in_format && !found.no_broadcast_format);
        assert_eq!((found.namespaces, found.subsystem.as_deref()), (32, Some("nqn.2014-08.example")));
    }

    #[test]
    fn short_or_empty_data_is_refused() {
        assert!(Controller::parse(&[1; 1023]).is_err());
        assert_eq!(Controller::parse(&[0; 4096]).unwrap_err().why, "nothing but zeros");
    }

    /// A controller in which nothing but bit `number` of the field at `at` is set.
    fn with_bit(at: usize, number: usize) -> Controller {
        let mut data = vec![0u8; 1024];
        data[0] = 1;
        data[at + number / 8] = 1 << (number % 8);
        Controller::parse(&data).unwrap()
    }

    #[test]
    fn each_bit_says_one_thing() {
        let said = |found: &Controller| {
            let sanitize = found.sanitize;
            [
                found.many_controllers,
                found.security,
                found.format,
                found.namespace_management,
                found.dataset_management,
                found.write_zeroes,
                found.format_all,
                found.erase_all,
                found.crypto_in_format,
                found.no_broadcast_format,
                found.write_cache,
                sanitize.crypto_erase,
                sanitize.block_erase,
                sanitize.overwrite,
                sanitize.verification,
                sanitize.no_deallocate_inhibited,
            ]
        };
        let places = [
            (76, 1),
            (256, 0),
            (256, 1),
            (256, 3),
            (520, 2),
            (520, 3),
            (524, 0),
            (524, 1),
            (524, 2),
            (524, 3),
            (525, 0),
            (328, 0),
            (328, 1),
            (328, 2),
            (328, 3),
            (328, 29),
        ];
        for (which, (at, number)) in places.into_iter().enumerate() {
            let mut expected = [false; 16];
            expected[which] = true;
            let found = with_bit(at, number);
            assert_eq!(said(&found), expected, "byte {at}, bit {number}");
            assert_eq!(found.sanitize.any(), (11..14).contains(&which));
        }
        let modifies = [(30, NoDeallocateModifies::No), (31, NoDeallocateModifies::Yes)];
        for (number, expected) in modifies {
            assert_eq!(with_bit(328, number).sanitize.no_deallocate_modifies, expected);
        }
        assert_eq!(with_bit(328, 0).sanitize.no_deallocate_modifies, NoDeallocateModifies::NotDefined);
        assert_eq!(with_bit(296, 32).unallocated_capacity, 1 << 32);
    }

    #[test]
    fn kinds_of_controllers() {
        use ControllerType::{Administrative, Discovery, Io, NotReported, Other};
        for (value, kind) in [(0, NotReported), (1, Io), (2, Discovery), (3, Administrative), (4, Other(4))] {
            let mut data = vec![0u8; 1024];
            (data[0], data[111]) = (1, value);
            assert_eq!(Controller::parse(&data).unwrap().kind, kind);
        }
    }

    proptest! {
        #[test]
        fn any_data_is_read(data in prop::collection::vec(any::<u8>(), 1000..1100)) {
            prop_assert_eq!(Controller::parse(&data).is_ok(), data.len() >= 1024);
        }
    }
}
