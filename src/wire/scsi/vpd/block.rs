//! What the unit's blocks are like: pages B0h, B1h, B2h and B6h.

use super::{BLOCK_CHARACTERISTICS, BLOCK_LIMITS, LOGICAL_BLOCK_PROVISIONING, ZONED_CHARACTERISTICS, body};
use crate::wire::bytes::{be16, be32, be64, bit, byte};

/// Page B0h (SBC-4, Block Limits VPD page); lengths in logical blocks, 0 where there is no limit or none is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockLimits {
    /// WSNZ: WRITE SAME with a count of 0 is refused.
    pub write_same_not_zero: bool,
    /// MAXIMUM TRANSFER LENGTH.
    pub transfer: u32,
    /// MAXIMUM UNMAP LBA COUNT.
    pub unmap: u32,
    /// MAXIMUM WRITE SAME LENGTH.
    pub write_same: u64,
}

impl BlockLimits {
    /// Reads the page; `None` where it is another, or short. Before SBC-3 the page ends after byte 15: what is missing
    /// is 0.
    pub fn parse(page: &[u8]) -> Option<BlockLimits> {
        let body = body(page, BLOCK_LIMITS)?;
        Some(BlockLimits {
            write_same_not_zero: bit(byte(body, 0)?, 0),
            transfer: be32(body, 4)?,
            unmap: be32(body, 16).unwrap_or(0),
            write_same: be64(body, 32).unwrap_or(0),
        })
    }
}

/// What reads of a sanitized block do until it has been written (WABEREQ and WACEREQ, SBC-4, Block Device
/// Characteristics VPD page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AfterErase {
    /// 00b.
    NotSpecified,
    /// 01b: they succeed.
    Reads,
    /// 10b: they end with MEDIUM ERROR and a code other than WRITE AFTER SANITIZE REQUIRED.
    MediumError,
    /// 11b: they end with MEDIUM ERROR, WRITE AFTER SANITIZE REQUIRED.
    WriteRequired,
}

impl AfterErase {
    fn of(bits: u8) -> AfterErase {
        match bits & 3 {
            0 => AfterErase::NotSpecified,
            1 => AfterErase::Reads,
            2 => AfterErase::MediumError,
            _ => AfterErase::WriteRequired,
        }
    }

    /// Whether the drive says that blocks must be written before they read.
    pub fn needs_write(self) -> bool {
        matches!(self, AfterErase::MediumError | AfterErase::WriteRequired)
    }
}

/// Which zone model a block device reports (ZONED, SBC-4, Block Device Characteristics VPD page). Host-managed ones are
/// another device type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zoning {
    /// 00b.
    NotReported,
    /// 01b.
    HostAware,
    /// 10b.
    DeviceManaged,
    /// 11b.
    Reserved,
}

impl Zoning {
    pub(in crate::wire) fn of(bits: u16) -> Zoning {
        match bits & 3 {
            0 => Zoning::NotReported,
            1 => Zoning::HostAware,
            2 => Zoning::DeviceManaged,
            _ => Zoning::Reserved,
        }
    }
}

/// Page B1h (SBC-4, Block Device Characteristics VPD page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockCharacteristics {
    /// MEDIUM ROTATION RATE: 0 not reported, 1 not rotating, above 400h revolutions a minute.
    pub rotation_rate: u16,
    /// WABEREQ: after SANITIZE (BLOCK ERASE).
    pub after_block_erase: AfterErase,
    /// WACEREQ: after SANITIZE (CRYPTOGRAPHIC ERASE).
    pub after_cryptographic_erase: AfterErase,
    /// ZONED.
    pub zoning: Zoning,
}

impl BlockCharacteristics {
    /// Reads the page; `None` where it is another, or short. Pages of SBC-3 may end after the rotation rate: the rest
    /// is not specified.
    pub fn parse(page: &[u8]) -> Option<BlockCharacteristics> {
        let body = body(page, BLOCK_CHARACTERISTICS)?;
        let after = byte(body, 3).unwrap_or(0);
        Some(BlockCharacteristics {
            rotation_rate: be16(body, 0)?,
            after_block_erase: AfterErase::of(after >> 6),
            after_cryptographic_erase: AfterErase::of(after >> 4),
            zoning: Zoning::of(u16::from(byte(body, 4).unwrap_or(0) >> 4)),
        })
    }
}

/// How blocks get their space (PROVISIONING TYPE, SBC-4, Logical Block Provisioning VPD page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provisioning {
    /// 000b: fully, or not reported.
    FullOrUnknown,
    /// 001b.
    Resource,
    /// 010b: there may be fewer blocks behind it than addresses.
    Thin,
    /// Any other value.
    Other(u8),
}

/// Page B2h (SBC-4, Logical Block Provisioning VPD page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogicalBlockProvisioning {
    /// LBPU: UNMAP.
    pub unmap: bool,
    /// LBPWS: WRITE SAME (16) with UNMAP.
    pub write_same_16: bool,
    /// LBPWS10: WRITE SAME (10) with UNMAP.
    pub write_same_10: bool,
    /// LBPRZ xx1b: unmapped blocks read as zeros.
    pub reads_zeros: bool,
    /// PROVISIONING TYPE.
    pub provisioning: Provisioning,
}

impl LogicalBlockProvisioning {
    /// Reads the page; `None` where it is another, or short.
    pub fn parse(page: &[u8]) -> Option<LogicalBlockProvisioning> {
        let body = body(page, LOGICAL_BLOCK_PROVISIONING)?;
        let flags = byte(body, 1)?;
        Some(LogicalBlockProvisioning {
            unmap: bit(flags, 7),
            write_same_16: bit(flags, 6),
            write_same_10: bit(flags, 5),
            reads_zeros: bit(flags, 2),
            provisioning: match byte(body, 2)? & 0x07 {
                0 => Provisioning::FullOrUnknown,
                1 => Provisioning::Resource,
                2 => Provisioning::Thin,
                other => Provisioning::Other(other),
            },
        })
    }
}

/// Page B6h (ZBC-2, Zoned Block Device Characteristics VPD page): that the device has it means that it has zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ZonedCharacteristics {
    /// URSWRZ: sequential zones read without restriction.
    pub unrestricted_reads: bool,
    /// MAXIMUM NUMBER OF OPEN SEQUENTIAL WRITE REQUIRED ZONES; FFFFFFFFh: no limit, and `None` where it was not sent.
    pub most_open_zones: Option<u32>,
}

impl ZonedCharacteristics {
    /// Reads the page; `None` where it is another, or short.
    pub fn parse(page: &[u8]) -> Option<ZonedCharacteristics> {
        let body = body(page, ZONED_CHARACTERISTICS)?;
        Some(ZonedCharacteristics { unrestricted_reads: bit(byte(body, 0)?, 0), most_open_zones: be32(body, 12) })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn limits_old_and_new() {
        let mut page = vec![0; 64];
        (page[1], page[3], page[4]) = (0xB0, 60, 1);
        page[8..12].copy_from_slice(&0x4000u32.to_be_bytes());
        page[20..24].copy_from_slice(&0xFFFF_FFFFu32.to_be_bytes());
        page[36..44].copy_from_slice(&0x1234u64.to_be_bytes());
        let limits = BlockLimits::parse(&page).unwrap();
        assert_eq!((limits.transfer, limits.unmap, limits.write_same), (0x4000, u32::MAX, 0x1234));
        assert!(limits.write_same_not_zero);
        page[3] = 12;
        assert_eq!(BlockLimits::parse(&page).unwrap().write_same, 0);
        page[3] = 6;
        assert_eq!(BlockLimits::parse(&page), None);
    }

    #[test]
    fn what_an_erase_asks_for_afterwards() {
        let mut page = vec![0; 64];
        (page[1], page[3], page[5], page[7], page[8]) = (0xB1, 60, 1, 0xD0, 0x10);
        let found = BlockCharacteristics::parse(&page).unwrap();
        assert_eq!(found.after_block_erase, AfterErase::WriteRequired);
        assert_eq!(found.after_cryptographic_erase, AfterErase::Reads);
        assert_eq!((found.rotation_rate, found.zoning), (1, Zoning::HostAware));
        page[7] = 0x80;
        let found = BlockCharacteristics::parse(&page).unwrap();
        assert!(found.after_block_erase.needs_write() && !found.after_cryptographic_erase.needs_write());
        assert_eq!(BlockCharacteristics::parse(&page[..6]).unwrap().after_block_erase, AfterErase::NotSpecified);
    }

    #[test]
    fn provisioning_and_zones() {
        let thin = LogicalBlockProvisioning::parse(&[0, 0xB2, 0, 4, 0, 0xC4, 0x02, 0]).unwrap();
        assert!(thin.unmap && thin.write_same_16 && !thin.write_same_10 && thin.reads_zeros);
        assert_eq!(thin.provisioning, Provisioning::Thin);
        assert_eq!(LogicalBlockProvisioning::parse(&[0, 0xB2, 0, 2, 0, 0xC4]), None);
        for number in 0..8 {
            let found = LogicalBlockProvisioning::parse(&[0, 0xB2, 0, 4, 0, 1 << number, 1, 0]).unwrap();
            let flags = [found.unmap, found.write_same_16, found.write_same_10, found.reads_zeros];
            assert_eq!(flags, [7, 6, 5, 2].map(|place| place == number));
            assert_eq!(found.provisioning, Provisioning::Resource);
        }
        let zoning = [Zoning::NotReported, Zoning::HostAware, Zoning::DeviceManaged, Zoning::Reserved];
        let after = [AfterErase::NotSpecified, AfterErase::Reads, AfterErase::MediumError, AfterErase::WriteRequired];
        for value in 0..4u8 {
            let page = [0, 0xB1, 0, 5, 0, 1, 0, value << 6 | (3 - value) << 4 | 0x0F, value << 4 | 0x0F];
            let found = BlockCharacteristics::parse(&page).unwrap();
            let at = usize::from(value);
            assert_eq!((found.zoning, found.after_block_erase), (zoning[at], after[at]));
            assert_eq!(found.after_cryptographic_erase, after[3 - at]);
        }
        let mut page = vec![0; 64];
        (page[1], page[3], page[4], page[19]) = (0xB6, 60, 1, 128);
        let zoned = ZonedCharacteristics::parse(&page).unwrap();
        assert_eq!(zoned, ZonedCharacteristics { unrestricted_reads: true, most_open_zones: Some(128) });
    }
}
