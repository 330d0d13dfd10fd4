//! Who the unit is: pages 80h, 83h and 89h; and page B1h, whether it rotates.

use super::{ATA_INFORMATION, BLOCK_CHARACTERISTICS, DEVICE_IDENTIFICATION, UNIT_SERIAL_NUMBER, body};
use crate::wire::ata::Names;
use crate::wire::bytes::{be16, byte};
use crate::wire::{hex, printable};

/// Unit serial number from page 80h (SPC-5, Unit Serial Number VPD page).
pub fn unit_serial(page: &[u8]) -> Option<String> {
    printable(body(page, UNIT_SERIAL_NUMBER)?)
}

/// The strongest name of the logical unit in page 83h (SPC-5, Device Identification VPD page): NAA, EUI-64, SCSI name
/// string, T10 vendor id.
pub fn unit_name(page: &[u8]) -> Option<String> {
    let mut best: Option<(u8, String)> = None;
    let mut rest = body(page, DEVICE_IDENTIFICATION)?;
    while let Some((&[code_set, kind, _, length], after)) = rest.split_first_chunk() {
        let (designator, after) = after.split_at_checked(length.into())?;
        rest = after;
        let of_the_unit = kind & 0x30 == 0;
        if !of_the_unit || designator.iter().all(|b| *b == 0) {
            continue;
        }
        let named = match (kind & 0x0F, code_set & 0x0F) {
            (3, 1) => Some((0, format!("naa.{}", hex(designator)))),
            (2, 1) => Some((1, format!("eui.{}", hex(designator)))),
            (8, 3) => printable(designator).map(|name| (2, name)),
            (1, 2) => printable(designator).map(|name| (3, format!("t10.{name}"))),
            _ => None,
        };
        if let Some(named) = named
            && best.as_ref().is_none_or(|b| named.0 < b.0)
        {
            best = Some(named);
        }
    }
    best.map(|(_, name)| name)
}

/// Medium rotation rate from page B1h (SBC-4, Block Device Characteristics VPD page): 0 not reported, 1 not rotating,
/// above 400h revolutions a minute.
pub fn rotation_rate(page: &[u8]) -> Option<u16> {
    be16(body(page, BLOCK_CHARACTERISTICS)?, 0)
}

/// Page 89h, ATA Information (SAT-4, ATA Information VPD page): what a SAT layer read from the ATA device behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AtaInformation<'a> {
    body: &'a [u8],
}

impl<'a> AtaInformation<'a> {
    /// Reads the page; `None` where it is another, or too short to carry identify data.
    pub fn parse(page: &'a [u8]) -> Option<AtaInformation<'a>> {
        let body = body(page, ATA_INFORMATION)?;
        body.get(56..).map(|_| AtaInformation { body })
    }

    /// SAT VENDOR IDENTIFICATION: of the translation, not of the drive.
    pub fn layer_vendor(&self) -> Option<String> {
        printable(self.body.get(4..12)?)
    }

    /// SAT PRODUCT IDENTIFICATION.
    pub fn layer_product(&self) -> Option<String> {
        printable(self.body.get(12..28)?)
    }

    /// COMMAND CODE is ECh, IDENTIFY DEVICE: a disk, not an ATAPI device (A1h).
    pub fn is_disk(&self) -> bool {
        byte(self.body, 52) == Some(0xEC)
    }

    /// IDENTIFY DEVICE data as it was sent: 512 bytes, or fewer; `None` for another kind of device.
    pub fn identify(&self) -> Option<&'a [u8]> {
        if self.is_disk() { self.body.get(56..) } else { None }
    }

    /// The drive's own serial, firmware and model; `None` for another kind of device.
    pub fn names(&self) -> Option<Names> {
        self.identify().map(Names::parse)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_possible_truncation)]
mod tests {
    use super::*;

    #[test]
    fn the_units_own_naa_is_preferred_to_the_ports() {
        let port = [&[0x61, 0x93, 0, 8][..], &[0x50; 8]].concat();
        let t10 = [&[0x02, 0x01, 0, 4][..], b"ACME"].concat();
        let naa = [&[0x01, 0x03, 0, 8][..], &[0x50, 0, 0xc5, 0, 1, 2, 3, 4]].concat();
        let all = [port, t10, naa].concat();
        let page = [&[0, 0x83, 0, all.len() as u8][..], &all].concat();
        assert_eq!(unit_name(&page).unwrap(), "naa.5000c50001020304");
    }

    #[test]
    fn rates_and_serials() {
        assert_eq!(rotation_rate(&[0, 0xB1, 0, 60, 0x15, 0x18]), Some(5400));
        assert_eq!(rotation_rate(&[0, 0xB0, 0, 60, 0x15, 0x18]), None);
        assert_eq!(unit_serial(b"\0\x80\0\x08  AB12  ").as_deref(), Some("AB12"));
        assert_eq!(unit_serial(b"\0\x80\0\x04    "), None);
    }

    #[test]
    fn identify_words_are_swapped_back() {
        let mut page = vec![0; 572];
        page[1] = 0x89;
        page[2..4].copy_from_slice(&568u16.to_be_bytes());
        page[8..36].copy_from_slice(b"linux   libata          3.00");
        page[56] = 0xEC;
        page[60 + 20..60 + 40].copy_from_slice(b"EZ0R1932            ");
        page[60 + 54..60 + 58].copy_from_slice(b"PTSO");
        let ata = AtaInformation::parse(&page).unwrap();
        assert_eq!((ata.layer_vendor().as_deref(), ata.layer_product().as_deref()), (Some("linux"), Some("libata")));
        assert_eq!(ata.identify().unwrap().len(), 512);
        let names = ata.names().unwrap();
        assert_eq!((names.serial.as_deref(), names.model.as_deref()), (Some("ZER09123"), Some("TPOS")));
        page[56] = 0xA1;
        assert!(AtaInformation::parse(&page).unwrap().names().is_none());
        assert!(AtaInformation::parse(&page[..59]).is_none());
    }

    #[test]
    fn names_by_strength_whatever_their_order() {
        let t10 = [&[0x02, 0x01, 0, 4][..], b"ACME"].concat();
        let scsi = [&[0x03, 0x08, 0, 4][..], b"iqn1"].concat();
        let eui = [&[0x01, 0x02, 0, 8][..], &[0, 0x25, 0x38, 0, 0, 0, 0, 1]].concat();
        let naa = [&[0x01, 0x03, 0, 8][..], &[0x50, 0, 0xc5, 0, 1, 2, 3, 4]].concat();
        let order = [naa, eui, scsi, t10];
        let expected = ["naa.5000c50001020304", "eui.0025380000000001", "iqn1", "t10.ACME"];
        for strongest in 0..4 {
            let forward = order[strongest..].concat();
            let backward: Vec<u8> = order[strongest..].iter().rev().flatten().copied().collect();
            for all in [forward, backward] {
                let page = [&[0, 0x83, 0, all.len() as u8][..], &all].concat();
                assert_eq!(unit_name(&page).as_deref(), Some(expected[strongest]));
            }
        }
        // Zeros name nothing, nor does another code set than the kind has.
        assert_eq!(unit_name(&[0, 0x83, 0, 12, 1, 3, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(unit_name(&[0, 0x83, 0, 8, 2, 3, 0, 4, 1, 2, 3, 4]), None);
    }
}
