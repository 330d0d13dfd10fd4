//! INQUIRY: what kind of device this is, and what it is called.

use super::{Command, Data};
use crate::wire::bytes::{bit, length16};
use crate::wire::{Malformed, printable};

/// INQUIRY, 12h (SPC-5, INQUIRY command), standard data.
pub fn inquiry() -> Command {
    Command::new("INQUIRY", &[0x12, 0, 0, 0, 96, 0], Data::In(96))
}

/// INQUIRY for the vital product data page `page`; up to `bytes` of it.
pub fn inquiry_vpd(page: u8, bytes: u16) -> Command {
    let [high, low] = length16(bytes.into());
    Command::new("INQUIRY (VPD)", &[0x12, 1, page, high, low, 0], Data::In(bytes.into()))
}

/// Standard INQUIRY data (SPC-5, Standard INQUIRY data).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Inquiry {
    /// PERIPHERAL QUALIFIER: 0 where a device is there.
    pub qualifier: u8,
    /// PERIPHERAL DEVICE TYPE: 00h block device, 05h optical, 0Dh enclosure, 14h host-managed zoned.
    pub device_type: u8,
    /// RMB: removable medium.
    pub removable: bool,
    /// VERSION: 05h SPC-3, 06h SPC-4, 07h SPC-5.
    pub version: u8,
    /// PROTECT: can be formatted with protection information.
    pub protect: bool,
    /// T10 VENDOR IDENTIFICATION; `ATA` behind a SAT layer.
    pub vendor: Option<String>,
    /// PRODUCT IDENTIFICATION.
    pub product: Option<String>,
    /// PRODUCT REVISION LEVEL.
    pub revision: Option<String>,
}

impl Inquiry {
    /// Reads the answer, 36 bytes at least.
    pub fn parse(data: &[u8]) -> Result<Inquiry, Malformed> {
        let head: &[u8; 36] = data.first_chunk().ok_or(Malformed::short("standard INQUIRY data"))?;
        Ok(Inquiry {
            qualifier: head[0] >> 5,
            device_type: head[0] & 0x1F,
            removable: bit(head[1], 7),
            version: head[2],
            protect: bit(head[5], 0),
            vendor: printable(&head[8..16]),
            product: printable(&head[16..32]),
            revision: printable(&head[32..36]),
        })
    }

    /// A direct access block device, host-managed zoned ones left out.
    pub fn is_block_device(&self) -> bool {
        self.qualifier == 0 && self.device_type == 0
    }

    /// Whether a SAT layer answers for an ATA device (SAT-4, Standard INQUIRY data).
    pub fn is_sat(&self) -> bool {
        self.vendor.as_deref() == Some("ATA")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sata_drive_behind_a_sat_layer() {
        assert_eq!(inquiry().cdb(), [0x12, 0, 0, 0, 96, 0]);
        assert_eq!(inquiry_vpd(0xB1, 0x0240).cdb(), [0x12, 1, 0xb1, 2, 0x40, 0]);
        let mut data = [0u8; 36];
        data[2] = 5;
        data[8..].copy_from_slice(b"ATA     ST8000VN004-2M21SC60");
        let found = Inquiry::parse(&data).unwrap();
        assert!(found.is_block_device() && found.is_sat() && !found.removable);
        assert_eq!(found.product.as_deref(), Some("ST8000VN004-2M21"));
        assert_eq!(found.revision.as_deref(), Some("SC60"));
        data[0] = 0x14;
        assert!(!Inquiry::parse(&data).unwrap().is_block_device());
        (data[0], data[1], data[5]) = (0x60, 0x80, 0x01);
        let absent = Inquiry::parse(&data).unwrap();
        assert_eq!((absent.qualifier, absent.device_type, absent.version), (3, 0, 5));
        assert!(!absent.is_block_device() && absent.removable && absent.protect);
        assert!(Inquiry::parse(&data[..35]).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(data in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(Inquiry::parse(&data).is_ok(), data.len() >= 36);
        }
    }
}
