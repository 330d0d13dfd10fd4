//! Members of sets: ZFS, LVM2, md, LUKS, bcache. Layouts: OpenZFS *ZFS On-Disk Specification* §1.2, LVM2 `lib/format_text/layout.h`,
//! `linux/raid/md_p.h`, the LUKS1 and LUKS2 on-disk format specifications, `linux/bcache.h`.

use super::Found;
use super::window::{Window, Windows};

pub(super) fn detect(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    zfs(w, found);
    lvm(w, found);
    md(w, found);
    luks(w, found);
    bcache(w, found);
}

/// Four labels of 256 KiB, two at each end; each holds a name-value list at 16 KiB and a ring of uberblocks at 128 KiB.
fn zfs(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    const LABEL: u64 = 256 << 10;
    let usable = w.size / LABEL * LABEL;
    let ends = [usable.checked_sub(2 * LABEL), usable.checked_sub(LABEL)];
    let mut labels: Vec<u64> = [Some(0), Some(LABEL)].into_iter().chain(ends).flatten().collect();
    labels.sort_unstable();
    labels.dedup();
    for label in labels {
        // XDR encoding, either byte order of the writer, version 0, unique names.
        let list = w.at(label + (16 << 10), 16 << 10).filter(|list| {
            list.is(0, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) || list.is(0, &[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        });
        if let Some(list) = list {
            found.push(Found::new("zfs-member", pool_guid(list.all()).map(|guid| guid.to_string())));
            continue;
        }
        let Some(ring) = w.at(label + (128 << 10), 128 << 10) else { continue };
        const UBERBLOCK: u64 = 0x00ba_b10c;
        let written = |at: usize| ring.le64(at) == Some(UBERBLOCK) || ring.le64(at) == Some(UBERBLOCK.swap_bytes());
        if (0..128).any(|slot| written(slot * 1024)) {
            found.push(Found::new("zfs-member", None));
        }
    }
}

/// The value after the name `pool_guid`: type 8 (uint64), one element, big-endian.
fn pool_guid(list: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"\0\0\0\x09pool_guid\0\0\0\0\0\0\x08\0\0\0\x01";
    let at = list.windows(NAME.len()).position(|w| w == NAME)? + NAME.len();
    list.get(at..at + 8)?.try_into().ok().map(u64::from_be_bytes)
}

/// A label in one of the first four sectors.
fn lvm(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    for sector in 0..4 {
        let Some(label) = w.at(sector * 512, 512) else { continue };
        if !label.is(0, b"LABELONE") || !label.is(24, b"LVM2 001") {
            continue;
        }
        let header = label.le32(20).and_then(|at| usize::try_from(at).ok());
        let uuid = header.and_then(|at| label.text(at, 32)).map(|id| hyphenate(&id));
        let set = header.and_then(|at| volume_group(w, &label, at));
        let mut member = Found::new("lvm2-member", uuid);
        member.set = set;
        found.push(member);
    }
}

/// The volume group's id, 32 characters, from the text metadata that the label points to.
fn volume_group(w: &mut Windows<'_>, label: &Window, header: usize) -> Option<String> {
    let mut at = header.checked_add(40)?;
    let mut lists_ended = 0;
    // The list of data areas, then that of metadata areas; each ends with a zero entry.
    while lists_ended < 2 {
        let (offset, bytes) = (label.le64(at)?, label.le64(at + 8)?);
        at += 16;
        if offset == 0 {
            lists_ended += 1;
        } else if lists_ended == 1
            && let Some(id) = metadata_area(w, offset, bytes)
        {
            return Some(id);
        }
    }
    None
}

fn metadata_area(w: &mut Windows<'_>, area: u64, area_bytes: u64) -> Option<String> {
    let header = w.at(area, 512)?;
    if !header.is(4, b" LVM2 x[5A%r0N*>") {
        return None;
    }
    let (text, bytes) = (header.le64(40)?, header.le64(48)?);
    if text == 0 || text >= area_bytes {
        return None;
    }
    // The group's own id stands in the first lines; the text may wrap round at the end of the area, but not within them
    // unless it starts in the last sector: then both ends are read.
    let first = bytes.min(1024).min(area_bytes - text);
    let mut start = w.at(area.checked_add(text)?, usize::try_from(first).ok()?)?.all().to_vec();
    if first < bytes.min(1024) {
        start.extend_from_slice(w.at(area.checked_add(512)?, 512)?.all());
    }
    let start = String::from_utf8_lossy(&start).into_owned();
    let id = start.split_once("id = \"")?.1.split_once('"')?.0.replace('-', "");
    (id.len() == 32 && id.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(id)
}

/// LVM shows an id as 6-4-4-4-4-4-6.
fn hyphenate(id: &str) -> String {
    let mut text = String::new();
    for (i, c) in id.chars().enumerate() {
        if matches!(i, 6 | 10 | 14 | 18 | 22 | 26) {
            text.push('-');
        }
        text.push(c);
    }
    text
}

fn md(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    const MAGIC: u32 = 0xa92b_4efc;
    // 1.0: at least 8 KiB from the end, on a 4 KiB boundary; 1.1 at the start; 1.2 at 4 KiB.
    let near_end = (w.size / 512).checked_sub(16).map(|sector| (sector & !7) * 512);
    for superblock in near_end.into_iter().chain([0, 4096]) {
        if let Some(sb) = w.at(superblock, 256)
            && sb.le32(0) == Some(MAGIC)
            && sb.le32(4) == Some(1)
        {
            found.push(Found::new("md-member", sb.uuid(16)));
        }
    }
    // 0.90: the last whole 64 KiB, in the byte order of the machine that wrote it.
    let Some(superblock) = (w.size & !0xFFFF).checked_sub(64 << 10) else { return };
    if let Some(sb) = w.at(superblock, 4096)
        && (sb.le32(0) == Some(MAGIC) && sb.le32(4) == Some(0) || sb.be32(0) == Some(MAGIC) && sb.be32(4) == Some(0))
    {
        let words = [sb.array::<4>(20), sb.array(52), sb.array(56), sb.array(60)];
        let bytes: Vec<u8> = words.into_iter().flatten().flatten().collect();
        found.push(Found::new("md-member", bytes.try_into().ok().and_then(super::window::format_uuid)));
    }
}

fn luks(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    let mut header = |at: u64, magic: &[u8], versions: &[u8]| {
        if let Some(h) = w.at(at, 512)
            && h.is(0, magic)
            && h.is(6, &[0])
            && h.bytes(7, 1).is_some_and(|v| versions.contains(&v[0]))
        {
            found.push(Found::new("luks", h.text(168, 40).map(|uuid| uuid.to_ascii_lowercase())));
        }
    };
    header(0, b"LUKS\xba\xbe", &[1, 2]);
    // The second LUKS2 header stands after the first, whose size is one of these (LUKS2 specification §2.2).
    for at in (14..=22).map(|power| 1u64 << power) {
        header(at, b"SKUL\xba\xbe", &[2]);
    }
}

fn bcache(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    const MAGIC: [u8; 16] =
        [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];
    if let Some(sb) = w.at(4096, 512)
        && sb.is(24, &MAGIC)
    {
        let mut member = Found::new("bcache", sb.uuid(40));
        member.set = sb.uuid(56);
        found.push(member);
    }
}
