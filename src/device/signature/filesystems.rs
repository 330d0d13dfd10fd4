//! Filesystems and swap areas. Offsets are those of the kernel's own headers (`btrfs_tree.h`, `ext4.h`, `xfs_format.h`, `msdos_fs.h`,
//! `ntfs`'s and `exfat`'s boot sectors, `f2fs_fs.h`, `swap.h`).

use super::Found;
use super::window::Windows;

/// Offsets of the btrfs superblock and its copies (`btrfs_sb_offset`).
const BTRFS_COPIES: [u64; 3] = [64 << 10, 64 << 20, 256 << 30];

pub(super) fn detect(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    btrfs(w, found);
    ext(w, found);
    xfs(w, found);
    boot_sector(w, found);
    f2fs(w, found);
    swap(w, found);
}

fn btrfs(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    for copy in BTRFS_COPIES {
        if let Some(sb) = w.at(copy, 4096)
            && sb.is(64, b"_BHRfS_M")
        {
            found.push(Found::new("btrfs", sb.uuid(32)));
        }
    }
}

fn ext(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    // The log block size is checked too: two magic bytes alone are found by chance once in 65,536.
    if let Some(sb) = w.at(1024, 1024)
        && sb.le16(56) == Some(0xEF53)
        && sb.le32(24).is_some_and(|log| log <= 6)
    {
        found.push(Found::new("ext", sb.uuid(104)));
    }
}

fn xfs(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    if let Some(sb) = w.at(0, 512)
        && sb.is(0, b"XFSB")
    {
        found.push(Found::new("xfs", sb.uuid(32)));
    }
}

fn boot_sector(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    let Some(boot) = w.at(0, 512) else { return };
    let serial = |at| boot.le32(at).map(|s| format!("{:04X}-{:04X}", s >> 16, s & 0xFFFF));
    if boot.is(3, b"NTFS    ") {
        found.push(Found::new("ntfs", boot.le64(72).map(|s| format!("{s:016X}"))));
    } else if boot.is(3, b"EXFAT   ") {
        found.push(Found::new("exfat", serial(100)));
    } else if boot.is(510, &[0x55, 0xAA]) {
        if boot.is(82, b"FAT32   ") {
            found.push(Found::new("vfat", serial(67)));
        } else if [b"FAT16   ", b"FAT12   ", b"FAT     "].iter().any(|magic| boot.is(54, *magic)) {
            found.push(Found::new("vfat", serial(39)));
        }
    }
}

fn f2fs(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    for copy in [1024, 4096 + 1024] {
        if let Some(sb) = w.at(copy, 1024)
            && sb.le32(0) == Some(0xF2F5_2010)
        {
            found.push(Found::new("f2fs", sb.uuid(108)));
        }
    }
}

fn swap(w: &mut Windows<'_>, found: &mut Vec<Found>) {
    // The magic stands at the end of the first page, whatever a page was where the area was made.
    for page in [4096, 8192, 16384, 32768, 65536] {
        let Some(magic) = w.at(page - 10, 10) else { continue };
        if magic.is(0, b"SWAPSPACE2") {
            found.push(Found::new("swap", w.at(1024, 512).and_then(|header| header.uuid(12))));
        } else if magic.is(0, b"SWAP-SPACE") {
            found.push(Found::new("swap", None));
        }
    }
}
