//! Golden headers made by the tools themselves (tests/data/signatures), and layouts built by hand where no tool could be run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{detect, detect_sets};

const UUID: &str = "11111111-2222-3333-4444-555555555555";

/// A device that is zero but for a few windows.
#[derive(Clone, Default)]
struct Sparse {
    size: u64,
    windows: BTreeMap<u64, Vec<u8>>,
}

impl Sparse {
    fn golden(name: &str) -> Self {
        let path = format!("{}/tests/data/signatures/{name}.hex", env!("CARGO_MANIFEST_DIR"));
        let mut sparse = Sparse::default();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let (first, second) = line.split_once(' ').unwrap();
            match first {
                "size" => sparse.size = second.parse().unwrap(),
                offset => sparse.put(offset.parse().unwrap(), &unhex(second)),
            }
        }
        sparse
    }

    fn put(&mut self, offset: u64, bytes: &[u8]) {
        self.windows.insert(offset, bytes.to_vec());
    }

    fn read(&self, offset: u64, bytes: usize) -> Option<Vec<u8>> {
        assert!(offset + bytes as u64 <= self.size, "read beyond the end");
        let mut all = vec![0; bytes];
        for (at, window) in &self.windows {
            for (i, byte) in window.iter().enumerate() {
                if let Some(into) = (at + i as u64).checked_sub(offset).and_then(|n| all.get_mut(n as usize)) {
                    *into = *byte;
                }
            }
        }
        Some(all)
    }

    fn found(&self) -> Vec<(String, Option<String>)> {
        detect(&mut |o, n| self.read(o, n), self.size).into_iter().map(|s| (s.kind, s.uuid)).collect()
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn some(kind: &str, uuid: &str) -> (String, Option<String>) {
    (kind.into(), Some(uuid.into()))
}

#[test]
fn what_the_tools_made_is_found_with_its_uuid_and_nothing_else() {
    for (name, kind, uuid) in [
        ("btrfs", "btrfs", UUID),
        ("ext", "ext", UUID),
        ("xfs", "xfs", UUID),
        ("vfat32", "vfat", "1234-ABCD"),
        ("vfat16", "vfat", "1234-ABCD"),
        ("swap", "swap", UUID),
        ("ntfs", "ntfs", NTFS),
        ("exfat", "exfat", EXFAT),
        ("f2fs", "f2fs", UUID),
        ("luks1", "luks", UUID),
        ("luks2", "luks", UUID),
        ("mbr", "mbr", "1234abcd"),
        ("bcache", "bcache", BCACHE),
        ("lvm", "lvm2-member", LVM),
    ] {
        assert_eq!(Sparse::golden(name).found(), [some(kind, uuid)], "{name}");
    }
    // A GPT has a protective MBR before it.
    assert_eq!(Sparse::golden("gpt").found(), [some("gpt", UUID), ("mbr".into(), None)]);
}

const NTFS: &str = "56E30F006F88F209";
const EXFAT: &str = "6FAA-23BD";
const BCACHE: &str = "3fc13e52-5dd8-4d1e-853b-e611c51d1142";
const BCACHE_SET: &str = "3a058afd-cab8-4166-9794-10a9eefcb95c";
const LVM: &str = "aKWrDB-uTJe-1HfV-0Pni-V9Pe-u73b-n2hQ0F";
const LVM_GROUP: &str = "YQzZPQVHe20ZcbyO1brBY9UQhsPlqRAc";

#[test]
fn copies_are_found_when_the_first_is_gone() {
    for (name, first, kind) in
        [("btrfs", 65536, "btrfs"), ("luks2", 0, "luks"), ("f2fs", 1024, "f2fs"), ("gpt", 512, "gpt")]
    {
        let mut sparse = Sparse::golden(name);
        sparse.windows.remove(&first).unwrap();
        assert!(sparse.found().contains(&some(kind, UUID)), "{name}");
        sparse.windows.clear();
        assert_eq!(sparse.found(), [], "{name}");
    }
}

#[test]
fn sets_are_told_from_members() {
    let set = |name: &str| {
        let sparse = Sparse::golden(name);
        detect_sets(&mut |o, n| sparse.read(o, n), sparse.size).remove(0).set
    };
    assert_eq!(set("lvm").as_deref(), Some(LVM_GROUP));
    assert_eq!(set("bcache").as_deref(), Some(BCACHE_SET));
    assert_eq!(set("luks2").as_deref(), Some(UUID));
}

/// Layout: linux/raid/md_p.h.
#[test]
fn md_superblocks_of_every_version() {
    let version_1 = |offset: u64| {
        let mut sparse = Sparse { size: 10 << 20, ..Sparse::default() };
        sparse.put(offset, &0xa92b_4efcu32.to_le_bytes());
        sparse.put(offset + 4, &1u32.to_le_bytes());
        sparse.put(offset + 16, &unhex(&UUID.replace('-', "")));
        sparse
    };
    for offset in [0, 4096, (10 << 20) - 8192] {
        assert_eq!(version_1(offset).found(), [some("md-member", UUID)], "{offset}");
    }
    assert_eq!(version_1(8192).found(), []);
    for big_endian in [false, true] {
        let word = |n: u32| if big_endian { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut sparse = Sparse { size: (10 << 20) + 4096, ..Sparse::default() };
        let at = (10 << 20) - 65536;
        sparse.put(at, &[word(0xa92b_4efc), word(0), word(90)].concat());
        let uuid = unhex(&UUID.replace('-', ""));
        sparse.put(at + 20, &uuid[..4]);
        sparse.put(at + 52, &uuid[4..]);
        assert_eq!(sparse.found(), [some("md-member", UUID)]);
    }
}

/// Layout: *ZFS On-Disk Specification* §1.2 and §1.3.
#[test]
fn each_zfs_label_and_a_lone_uberblock() {
    let size: u64 = (10 << 20) + 100 * 512;
    let usable = size / (256 << 10) * (256 << 10);
    for label in [0, 256 << 10, usable - (512 << 10), usable - (256 << 10)] {
        let mut sparse = Sparse { size, ..Sparse::default() };
        sparse.put(label + (16 << 10), &[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(sparse.found(), [("zfs-member".into(), None)], "{label}");
        let pair = [&b"\0\0\0\x09pool_guid\0\0\0"[..], &[0, 0, 0, 8, 0, 0, 0, 1], &42u64.to_be_bytes()].concat();
        sparse.put(label + (16 << 10) + 32, &pair);
        assert_eq!(sparse.found(), [some("zfs-member", "42")], "{label}");
        for magic in [0x00ba_b10cu64.to_le_bytes(), 0x00ba_b10cu64.to_be_bytes()] {
            let mut sparse = Sparse { size, ..Sparse::default() };
            sparse.put(label + (128 << 10) + 5 * 1024, &magic);
            assert_eq!(sparse.found(), [("zfs-member".into(), None)], "{label}");
        }
    }
}

#[test]
fn unreadable_windows_hold_nothing_and_others_are_still_found() {
    let sparse = Sparse::golden("btrfs");
    let mut read = |offset, bytes| if offset < 1 << 20 { None } else { sparse.read(offset, bytes) };
    assert_eq!(detect(&mut read, sparse.size)[0].kind, "btrfs");
    assert_eq!(detect(&mut |_, _| None, u64::MAX), []);
    assert_eq!(detect(&mut |_, _| Some(vec![0; 3]), 1 << 30), []);
}

const GOLDEN: [&str; 15] = [
    "btrfs", "ext", "xfs", "vfat32", "vfat16", "swap", "ntfs", "exfat", "f2fs", "luks1", "luks2", "gpt", "mbr",
    "bcache", "lvm",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn any_bytes_and_sizes_are_answered(content in prop::collection::vec(any::<u8>(), 1..4096), size: u64, small in 0u64..4 << 20) {
        for size in [size, small] {
            let mut beyond = false;
            let mut read = |offset: u64, bytes: usize| {
                beyond |= offset.checked_add(bytes as u64).is_none_or(|end| end > size);
                Some((0..bytes).map(|i| content[(offset as usize).wrapping_add(i) % content.len()]).collect())
            };
            let _ = detect(&mut read, size);
            prop_assert!(!beyond);
        }
    }

    #[test]
    fn damaged_headers_are_answered(name in prop::sample::select(&GOLDEN[..]), damage in prop::collection::vec((0usize..1536, any::<u8>()), 1..24)) {
        let mut sparse = Sparse::golden(name);
        for window in sparse.windows.values_mut() {
            for (at, byte) in &damage {
                if let Some(b) = window.get_mut(*at) {
                    *b = *byte;
                }
            }
        }
        let _ = sparse.found();
    }
}
