//! Vital product data (SPC-5, SBC-4, ZBC-2, SAT-4: Vital product data): the pages that INQUIRY answers with, and that
//! the kernel keeps in sysfs.

mod block;
mod identity;

pub use block::{
    AfterErase, BlockCharacteristics, BlockLimits, LogicalBlockProvisioning, Provisioning, ZonedCharacteristics, Zoning,
};
pub use identity::{AtaInformation, rotation_rate, unit_name, unit_serial};

use crate::wire::bytes::be16;

/// 00h Supported VPD Pages VPD page (SPC-5).
pub const SUPPORTED_PAGES: u8 = 0x00;
/// 80h Unit Serial Number VPD page (SPC-5).
pub const UNIT_SERIAL_NUMBER: u8 = 0x80;
/// 83h Device Identification VPD page (SPC-5).
pub const DEVICE_IDENTIFICATION: u8 = 0x83;
/// 89h ATA Information VPD page (SAT-4).
pub const ATA_INFORMATION: u8 = 0x89;
/// B0h Block Limits VPD page (SBC-4).
pub const BLOCK_LIMITS: u8 = 0xB0;
/// B1h Block Device Characteristics VPD page (SBC-4).
pub const BLOCK_CHARACTERISTICS: u8 = 0xB1;
/// B2h Logical Block Provisioning VPD page (SBC-4).
pub const LOGICAL_BLOCK_PROVISIONING: u8 = 0xB2;
/// B6h Zoned Block Device Characteristics VPD page (ZBC-2).
pub const ZONED_CHARACTERISTICS: u8 = 0xB6;

/// The page codes in page 00h; `None` where it is no such page.
pub fn supported_pages(page: &[u8]) -> Option<Vec<u8>> {
    body(page, SUPPORTED_PAGES).map(<[u8]>::to_vec)
}

/// What follows the four bytes of the header, cut to the length that it tells; `None` where it is another page.
fn body(page: &[u8], code: u8) -> Option<&[u8]> {
    let length = usize::from(be16(page, 2)?);
    let (head, rest) = page.split_at_checked(4)?;
    (head.get(1) == Some(&code)).then(|| rest.get(..length).unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_list_of_pages() {
        assert_eq!(supported_pages(&[0, 0, 0, 3, 0, 0x80, 0x83, 0xB1]), Some(vec![0, 0x80, 0x83]));
        assert_eq!(supported_pages(&[0, 0, 0, 9, 0, 0x80]), Some(vec![0, 0x80]));
        assert_eq!((supported_pages(&[0, 0x80, 0, 0]), supported_pages(&[0, 0, 0])), (None, None));
    }

    proptest! {
        #[test]
        fn any_page_is_answered(
            mut page in prop::collection::vec(any::<u8>(), 0..600),
            code in prop::sample::select(vec![0u8, 0x80, 0x83, 0x89, 0xB0, 0xB1, 0xB2, 0xB6]),
        ) {
            if page.len() > 1 { page[1] = code; }
            let _ = (supported_pages(&page), unit_serial(&page), unit_name(&page), rotation_rate(&page));
            let _ = (BlockLimits::parse(&page), BlockCharacteristics::parse(&page));
            let _ = (LogicalBlockProvisioning::parse(&page), ZonedCharacteristics::parse(&page));
            if let Some(ata) = AtaInformation::parse(&page) {
                let _ = (ata.is_disk(), ata.names());
            }
        }
    }
}
