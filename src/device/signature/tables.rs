//! Partition tables: GPT (UEFI 2.10 §5.3.2) and MBR (§5.2.1).

use super::Found;
use super::window::{Window, Windows, format_uuid};

pub(super) fn detect(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    let mut headers = vec![512, 4096];
    headers.extend([512, 4096].iter().filter_map(|block| w.size.checked_sub(*block)));
    for header in headers {
        if let Some(gpt) = w.at(header, 512)
            && gpt.is(0, b"EFI PART")
        {
            found.push(Found::new("gpt", guid(&gpt, 56)));
        }
    }
    if let Some(sector) = w.at(0, 512)
        && is_mbr(&sector)
    {
        found.push(Found::new("mbr", sector.le32(440).filter(|id| *id != 0).map(|id| format!("{id:08x}"))));
    }
}

/// A GUID's first three fields are little-endian (UEFI 2.10 appendix A).
fn guid(w: &Window, at: usize) -> Option<String> {
    let mut bytes: [u8; 16] = w.array(at)?;
    bytes.get_mut(0..4)?.reverse();
    bytes.get_mut(4..6)?.reverse();
    bytes.get_mut(6..8)?.reverse();
    format_uuid(bytes)
}

/// Boot sectors of filesystems end in 55 AA too; a table has four entries with a valid status, one of them used.
fn is_mbr(sector: &Window) -> bool {
    if !sector.is(510, &[0x55, 0xAA]) {
        return false;
    }
    let entries: Vec<[u8; 16]> = (0..4).filter_map(|i| sector.array(446 + 16 * i)).collect();
    entries.iter().all(|e| matches!(e[0], 0x00 | 0x80))
        && entries.iter().any(|e| e[4] != 0 && u32::from_le_bytes([e[12], e[13], e[14], e[15]]) != 0)
}
