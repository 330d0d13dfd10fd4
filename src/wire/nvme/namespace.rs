//! Identify Namespace data (NVM Command Set Specification 1.0, Identify Namespace data structure).

use super::identifiers::NamespaceIdentifiers;
use crate::wire::Malformed;
use crate::wire::bytes::{array, bit, byte, le32, le64, le128};

const ANSWER: &str = "Identify Namespace data";

/// One LBA format (LBAF0 to LBAF63).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LbaFormat {
    /// LBADS as a power of two: bytes of a logical block.
    pub data_bytes: u32,
    /// MS: bytes of metadata for each.
    pub metadata_bytes: u16,
}

/// What a controller says of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Namespace {
    /// NSZE, bytes 7:0: logical blocks.
    pub blocks: u64,
    /// NCAP, bytes 15:8: how many of them can hold data at one time.
    pub capacity_blocks: u64,
    /// NUSE, bytes 23:16: how many do.
    pub used_blocks: u64,
    /// NSFEAT bit 0, byte 24: thin provisioning.
    pub thin: bool,
    /// FLBAS, byte 26, bits 3:0, and 6:5 where there are more than 16 formats: number of the format in use.
    pub format: u8,
    /// FLBAS bit 4: metadata is at the end of each block (MSET of Format).
    pub metadata_in_block: bool,
    /// DPS bits 2:0, byte 29: type of protection information, 0 for none.
    pub protection: u8,
    /// DPS bit 3: it stands in the first bytes of the metadata (PIL of Format).
    pub protection_first: bool,
    /// NMIC bit 0, byte 30: may be attached to two or more controllers.
    pub shared: bool,
    /// FPI, byte 32: percent of a Format that remain; `None` where that is not reported.
    pub format_percent_left: Option<u8>,
    /// DLFEAT bits 2:0, byte 33: what deallocated blocks read as: 1 zeros, 2 FFh, 0 not reported.
    pub deallocated_reads: u8,
    /// NVMCAP, bytes 63:48, in bytes; 0 where it is not reported.
    pub capacity_bytes: u128,
    /// NSATTR bit 0, byte 99: write-protected.
    pub write_protected: bool,
    /// NGUID and EUI64, bytes 119:104 and 127:120.
    pub identifiers: NamespaceIdentifiers,
    /// The format in use.
    pub lba: LbaFormat,
}

impl Namespace {
    /// Reads the data. Errors: it is shorter than 384 bytes, the namespace is not active (all zeros), it uses a format
    /// beyond NLBAF, or one whose blocks are smaller than 512 bytes or larger than 2^31.
    pub fn parse(data: &[u8]) -> Result<Namespace, Malformed> {
        let data: &[u8; 384] = data.first_chunk().ok_or(Malformed::short(ANSWER))?;
        if data.iter().all(|byte| *byte == 0) {
            return Err(Malformed::new(ANSWER, "nothing but zeros: no active namespace"));
        }
        let short = Malformed::short(ANSWER);
        let (formats, in_use) = byte(data, 25).zip(byte(data, 26)).ok_or(short)?;
        // NLBAF counts from 0; NULBAF, byte 82, adds to it. Up to 16 formats, bits 6:5 of FLBAS are to be ignored.
        let formats = formats.saturating_add(byte(data, 82).ok_or(short)?);
        let upper = if formats > 15 { (in_use >> 5 & 0x03) << 4 } else { 0 };
        let format = upper | in_use & 0x0F;
        if format > formats || format > 63 {
            return Err(Malformed::new(ANSWER, "a format in use that it does not list"));
        }
        let lba = le32(data, 128 + 4 * usize::from(format)).ok_or(short)?;
        let [metadata_low, metadata_high, shift, _] = lba.to_le_bytes();
        if !(9..=31).contains(&shift) {
            return Err(Malformed::new(ANSWER, "a block size that can't be"));
        }
        let lba =
            LbaFormat { data_bytes: 1 << shift, metadata_bytes: u16::from_le_bytes([metadata_low, metadata_high]) };
        Namespace::fields(data, format, lba).ok_or(short)
    }

    fn fields(data: &[u8], format: u8, lba: LbaFormat) -> Option<Namespace> {
        let (dps, fpi) = (byte(data, 29)?, byte(data, 32)?);
        let identifiers = NamespaceIdentifiers {
            nguid: array(data, 104).filter(|id| *id != [0; 16]),
            eui64: array(data, 120).filter(|id| *id != [0; 8]),
            ..NamespaceIdentifiers::default()
        };
        Some(Namespace {
            blocks: le64(data, 0)?,
            capacity_blocks: le64(data, 8)?,
            used_blocks: le64(data, 16)?,
            thin: bit(byte(data, 24)?, 0),
            format,
            metadata_in_block: bit(byte(data, 26)?, 4),
            protection: dps & 0x07,
            protection_first: bit(dps, 3),
            shared: bit(byte(data, 30)?, 0),
            format_percent_left: bit(fpi, 7).then_some(fpi & 0x7F),
            deallocated_reads: byte(data, 33)? & 0x07,
            capacity_bytes: le128(data, 48)?,
            write_protected: bit(byte(data, 99)?, 0),
            identifiers,
            lba,
        })
    }

    /// Bytes of user data, where the number fits.
    pub fn bytes(&self) -> Option<u64> {
        self.blocks.checked_mul(self.lba.data_bytes.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_possible_truncation)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A namespace of 1000 blocks, with these numbers of formats (from 0) and FLBAS; format n has metadata of n bytes
    /// and 4096 bytes of data.
    pub fn data(formats: u8, flbas: u8) -> Vec<u8> {
        let mut data = vec![0u8; 4096];
        data[0..8].copy_from_slice(&1000u64.to_le_bytes());
        data[8..16].copy_from_slice(&900u64.to_le_bytes());
        data[16..24].copy_from_slice(&800u64.to_le_bytes());
        (data[25], data[26]) = (formats, flbas);
        for format in 0..64 {
            let at = 128 + 4 * format;
            data[at..at + 4].copy_from_slice(&[format as u8, 0, 12, 0]);
        }
        data
    }

    #[test]
    fn every_field_in_its_place() {
        let mut data = data(2, 0x12);
        (data[24], data[29], data[30], data[32], data[33]) = (1, 0x09, 1, 0x80 | 40, 0x09);
        data[48] = 7;
        data[99] = 1;
        data[104..120].fill(0xAB);
        let found = Namespace::parse(&data).unwrap();
        assert_eq!((found.blocks, found.capacity_blocks, found.used_blocks), (1000, 900, 800));
        assert_eq!((found.format, found.metadata_in_block), (2, true));
        assert_eq!(found.lba, LbaFormat { data_bytes: 4096, metadata_bytes: 2 });
        assert_eq!((found.protection, found.protection_first), (1, true));
        assert!(found.thin && found.shared && found.write_protected);
        assert_eq!((found.format_percent_left, found.deallocated_reads, found.capacity_bytes), (Some(40), 1, 7));
        assert_eq!((found.identifiers.nguid, found.identifiers.eui64), (Some([0xAB; 16]), None));
        assert_eq!(found.bytes(), Some(4_096_000));
    }

    #[test]
    fn the_upper_bits_count_only_with_more_than_sixteen_formats() {
        assert_eq!(Namespace::parse(&data(63, 0x6F)).unwrap().format, 63);
        assert_eq!(Namespace::parse(&data(20, 0x23)).unwrap().format, 19);
        assert_eq!(Namespace::parse(&data(15, 0x23)).unwrap().format, 3);
        assert!(Namespace::parse(&data(20, 0x25)).is_err());
        let mut unique = data(15, 0x23);
        unique[82] = 4;
        assert_eq!(Namespace::parse(&unique).unwrap().format, 19);
        assert!(Namespace::parse(&data(0, 1)).is_err());
    }

    #[test]
    fn what_is_no_namespace_is_refused() {
        assert_eq!(Namespace::parse(&[0; 4096]).unwrap_err().why, "nothing but zeros: no active namespace");
        assert!(Namespace::parse(&data(0, 0)[..383]).is_err());
        for shift in [0, 8, 32, 255] {
            let mut data = data(0, 0);
            data[130] = shift;
            assert!(Namespace::parse(&data).is_err(), "{shift}");
        }
    }

    #[test]
    fn each_bit_says_one_thing() {
        let with = |at: usize, value: u8| {
            let mut data = data(2, 0);
            data[at] = value;
            let found = Namespace::parse(&data).unwrap();
            let flags = [found.thin, found.metadata_in_block, found.shared, found.write_protected];
            (flags, found.protection, found.protection_first, found.format_percent_left, found.deallocated_reads)
        };
        let none = [false; 4];
        assert_eq!(with(24, 0xFE), (none, 0, false, None, 0));
        assert_eq!(with(24, 1), ([true, false, false, false], 0, false, None, 0));
        assert_eq!(with(26, 0x10), ([false, true, false, false], 0, false, None, 0));
        assert_eq!(with(30, 1), ([false, false, true, false], 0, false, None, 0));
        assert_eq!(with(99, 1), ([false, false, false, true], 0, false, None, 0));
        assert_eq!(with(29, 0x08), (none, 0, true, None, 0));
        assert_eq!(with(29, 0xF7), (none, 7, false, None, 0));
        assert_eq!(with(32, 0x7F), (none, 0, false, None, 0));
        assert_eq!(with(32, 0x80), (none, 0, false, Some(0), 0));
        assert_eq!(with(33, 0xFA), (none, 0, false, None, 2));
    }

    proptest! {
        #[test]
        fn any_data_is_read(mut data in prop::collection::vec(any::<u8>(), 370..400), shift in 7..34u8) {
            for format in 0..60 { data[130 + 4 * format] = shift; }
            if let Ok(found) = Namespace::parse(&data) {
                prop_assert!(found.format < 64 && found.lba.data_bytes >= 512);
                let _ = found.bytes();
            }
        }
    }
}
