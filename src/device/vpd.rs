//! SCSI Vital Product Data as the kernel caches it in sysfs. Pure; every field may be short or wrong.

use super::sysfs::printable;

/// Unit serial number from page 80h (SPC-4 §7.8.15).
pub(super) fn unit_serial(page: &[u8]) -> Option<String> {
    printable(body(page, 0x80)?)
}

/// The strongest name of the logical unit in page 83h (SPC-4 §7.8.6): NAA, EUI-64, SCSI name string, T10 vendor id.
pub(super) fn unit_name(page: &[u8]) -> Option<String> {
    let mut best: Option<(u8, String)> = None;
    let mut rest = body(page, 0x83)?;
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

/// Medium rotation rate from page B1h (SBC-4 §6.6.2): 0 not reported, 1 not rotating, above 400h revolutions a minute.
pub(super) fn rotation_rate(page: &[u8]) -> Option<u16> {
    body(page, 0xB1)?.first_chunk().map(|rate| u16::from_be_bytes(*rate))
}

/// What IDENTIFY DEVICE says of a SATA drive, from page 89h (SAT-3 §12.4.2): words 10–19, 23–26 and 27–46.
pub(super) struct AtaNames {
    pub serial: Option<String>,
    pub firmware: Option<String>,
    pub model: Option<String>,
}

/// See [`AtaNames`]; `None` where the page carries no IDENTIFY DEVICE data.
pub(super) fn ata_names(page: &[u8]) -> Option<AtaNames> {
    // The data starts 60 bytes into the page; byte 56 is the command that fetched it, ECh for IDENTIFY DEVICE.
    let body = body(page, 0x89)?;
    if body.get(56 - 4) != Some(&0xEC) {
        return None;
    }
    let identify = body.get(60 - 4..)?;
    let words = |first: usize, last: usize| {
        let bytes = identify.get(2 * first..2 * (last + 1))?;
        let swapped: Vec<u8> = bytes.chunks_exact(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        printable(&swapped)
    };
    Some(AtaNames { serial: words(10, 19), firmware: words(23, 26), model: words(27, 46) })
}

/// What follows the four bytes of the header, cut to the length that it tells.
fn body(page: &[u8], code: u8) -> Option<&[u8]> {
    let (&[_, found, high, low], rest) = page.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes([high, low])).min(rest.len());
    if found == code { rest.get(..length) } else { None }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_possible_truncation)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        page[56] = 0xEC;
        page[60 + 20..60 + 40].copy_from_slice(b"EZ0R1932            ");
        page[60 + 54..60 + 58].copy_from_slice(b"PTSO");
        let names = ata_names(&page).unwrap();
        assert_eq!((names.serial.as_deref(), names.model.as_deref()), (Some("ZER09123"), Some("TPOS")));
        page[56] = 0xA1;
        assert!(ata_names(&page).is_none());
    }

    proptest! {
        #[test]
        fn any_page_is_answered(mut page in prop::collection::vec(any::<u8>(), 0..600), code in prop::sample::select(vec![0x80u8, 0x83, 0x89, 0xB1])) {
            if page.len() > 1 { page[1] = code; }
            let _ = (unit_serial(&page), unit_name(&page), rotation_rate(&page), ata_names(&page));
        }
    }
}
