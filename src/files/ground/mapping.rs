//! From what the kernel tells of a file's extents to blocks on the block device.

use std::fs::File;

use super::btrfs::{Chunks, Single};
use crate::files::{Extent, Mapping, Obstacle};
use crate::media::ByteRange;
use crate::sys;
use crate::sys::extents::{Told, flag};

/// What the flags say against proof, each reason once. Extents past `end` that have no blocks yet say nothing.
pub(super) fn against(told: &[Told], end: u64) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = Vec::new();
    for extent in placed(told, end) {
        let has = |flags: u32| extent.flags & flags != 0;
        let reasons = [
            has(flag::SHARED).then_some(Obstacle::Shared),
            has(flag::ENCODED | flag::DATA_ENCRYPTED).then_some(Obstacle::Encoded),
            has(flag::DATA_INLINE | flag::DATA_TAIL | flag::NOT_ALIGNED).then_some(Obstacle::Inline),
            has(!flag::KNOWN)
                .then(|| Obstacle::NoMapping(format!("an extent has flags that are not known ({:#x})", extent.flags))),
        ];
        for reason in reasons.into_iter().flatten() {
            if !found.contains(&reason) {
                found.push(reason);
            }
        }
    }
    // What lies in the inode has no address of whole blocks, and is marked as encoded by some: the one reason says it.
    if found.contains(&Obstacle::Inline) && told.len() == 1 {
        found.retain(|o| *o != Obstacle::Encoded);
    }
    found
}

/// Without those past `end` that are only set aside in memory: they have no blocks.
fn placed(told: &[Told], end: u64) -> impl Iterator<Item = &Told> {
    told.iter().filter(move |e| e.bytes > 0 && !(e.flags & flag::DELALLOC != 0 && e.logical >= end))
}

/// The extents of a file whose content ends before `end` (a multiple of `block`), in the filesystem's own addresses. Errors: whatever
/// [`against`] finds, or blocks that are not settled.
pub(super) fn settled(told: &[Told], end: u64, block: u64) -> Result<Vec<Extent>, Obstacle> {
    if let Some(obstacle) = against(told, end).into_iter().next() {
        return Err(obstacle);
    }
    if placed(told, end).any(|e| e.flags & (flag::UNKNOWN | flag::DELALLOC) != 0) {
        return Err(Obstacle::Unsettled);
    }
    let mut extents: Vec<Extent> = Vec::with_capacity(told.len());
    for told in placed(told, end) {
        let unwritten = told.flags & flag::UNWRITTEN != 0;
        match extents.last_mut() {
            // Some cut an extent in the middle of a block where the written part ends.
            Some(last) if last.bytes % block != 0 && follows(last, told) => {
                last.bytes = last.bytes.saturating_add(told.bytes);
                last.unwritten &= unwritten;
            }
            _ => extents.push(Extent { logical: told.logical, physical: told.physical, bytes: told.bytes, unwritten }),
        }
    }
    let odd = |what: &str| Err(Obstacle::NoMapping(format!("the filesystem tells of {what}")));
    let mut before = 0;
    for extent in &mut extents {
        let Some(bytes) = extent.bytes.checked_next_multiple_of(block) else { return odd("an extent without end") };
        extent.bytes = bytes;
        if extent.logical % block != 0 || extent.physical % block != 0 || extent.logical < before {
            return odd("extents that are not whole blocks");
        }
        if extent.physical == 0 {
            return odd("file content at the very start of the device");
        }
        let ends = (extent.logical.checked_add(bytes), extent.physical.checked_add(bytes));
        let (Some(end), Some(_)) = ends else { return odd("an extent without end") };
        before = end;
    }
    Ok(extents)
}

fn follows(last: &Extent, told: &Told) -> bool {
    (last.logical.checked_add(last.bytes), last.physical.checked_add(last.bytes))
        == (Some(told.logical), Some(told.physical))
}

/// The same extents at their places on the device, where btrfs' addresses are logical ones.
pub(super) fn on_btrfs(extents: &[Extent], chunks: &Chunks, on: &Single) -> Result<Vec<Extent>, Obstacle> {
    let mut placed = Vec::with_capacity(extents.len());
    for extent in extents {
        let parts = chunks.translate(ByteRange::new(extent.physical, extent.bytes), on).map_err(Obstacle::NoMapping)?;
        let mut logical = extent.logical;
        for part in parts {
            placed.push(Extent { logical, physical: part.first_byte, bytes: part.bytes, unwritten: extent.unwritten });
            logical += part.bytes;
        }
    }
    Ok(placed)
}

/// All within a device of this size.
pub(super) fn within(extents: Vec<Extent>, device_bytes: u64) -> Result<Mapping, Obstacle> {
    let fits = |e: &Extent| e.physical.checked_add(e.bytes).is_some_and(|end| end <= device_bytes);
    match extents.iter().all(fits) {
        true => Ok(Mapping { extents }),
        false => Err(Obstacle::NoMapping("the filesystem tells of blocks beyond the end of its device".into())),
    }
}

/// Whether FIBMAP is answered at all.
pub(super) fn may_ask(file: &File) -> Result<(), Obstacle> {
    sys::extents::block_of(file, 0).map(|_| ()).map_err(failed)
}

fn failed(e: std::io::Error) -> Obstacle {
    match sys::open::cause(&e) {
        sys::open::Cause::Denied => Obstacle::NoMapping("only root may ask where its blocks lie (FIBMAP)".into()),
        _ => Obstacle::NoMapping(format!("the filesystem does not say where its blocks lie: {e}")),
    }
}

/// The extents of a file on FAT or exFAT, asked for cluster by cluster (FIBMAP): its first and its last block, and all of it must be found
/// that the file occupies by its inode. A file of 4 GiB with clusters of 4 KiB costs two million calls, about a second.
pub(super) fn by_clusters(file: &File, block: u64) -> Result<Vec<Told>, Obstacle> {
    let cluster = sys::filesystem::holding(file).map_err(failed)?.unit_bytes;
    if block == 0 || cluster == 0 || cluster % block != 0 {
        return Err(Obstacle::NoMapping("the filesystem's clusters are not whole blocks".into()));
    }
    let metadata = file.metadata().map_err(failed)?;
    let allocated = std::os::unix::fs::MetadataExt::blocks(&metadata).saturating_mul(512);
    let blocks = cluster / block;
    let mut told: Vec<Told> = Vec::new();
    let mut found: u64 = 0;
    let most = allocated.max(metadata.len()).div_ceil(cluster);
    for number in 0..most {
        let first_block = number.saturating_mul(blocks);
        let first = sys::extents::block_of(file, first_block).map_err(failed)?;
        if first == 0 {
            continue;
        }
        let last = sys::extents::block_of(file, first_block + blocks - 1).map_err(failed)?;
        // The last cluster may be told of up to the end of the content only.
        let is_whole = last == first + blocks - 1 || (last == 0 && number + 1 == most);
        let places = (first_block.checked_mul(block), first.checked_mul(block));
        let (true, (Some(logical), Some(physical))) = (is_whole, places) else {
            return Err(Obstacle::NoMapping("the filesystem's clusters are not in one piece".into()));
        };
        found = found.saturating_add(cluster);
        match told.last_mut() {
            Some(before) if (before.logical + before.bytes, before.physical + before.bytes) == (logical, physical) => {
                before.bytes += cluster;
            }
            _ => told.push(Told { logical, physical, bytes: cluster, flags: 0 }),
        }
    }
    if found < allocated {
        let what = format!("{} of its bytes on the device can't be found", allocated - found);
        return Err(Obstacle::NoMapping(what));
    }
    Ok(told)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const K: u64 = 4096;

    fn told(logical: u64, physical: u64, bytes: u64, flags: u32) -> Told {
        Told { logical, physical, bytes, flags }
    }

    #[test]
    fn each_flag_is_a_reason_and_a_preflight_does_not_mind_what_is_not_written_yet() {
        let of = |flags| against(&[told(0, K, K, flags)], K);
        assert_eq!(of(flag::LAST | flag::UNWRITTEN | flag::MERGED), []);
        assert_eq!(of(flag::DELALLOC | flag::UNKNOWN), []);
        assert_eq!(of(flag::SHARED), [Obstacle::Shared]);
        assert_eq!(of(flag::ENCODED | flag::SHARED), [Obstacle::Shared, Obstacle::Encoded]);
        assert_eq!(of(flag::DATA_ENCRYPTED), [Obstacle::Encoded]);
        assert_eq!(of(flag::DATA_INLINE | flag::NOT_ALIGNED), [Obstacle::Inline]);
        assert_eq!(of(flag::DATA_TAIL), [Obstacle::Inline]);
        assert!(matches!(of(0x4000)[..], [Obstacle::NoMapping(_)]));
    }

    #[test]
    fn what_is_not_settled_is_an_error_but_past_the_end_it_has_no_blocks() {
        for unsettled in [flag::DELALLOC, flag::UNKNOWN, flag::DELALLOC | flag::UNKNOWN] {
            assert_eq!(settled(&[told(0, K, K, unsettled)], K, K), Err(Obstacle::Unsettled));
        }
        assert_eq!(settled(&[told(K, 0, K, flag::DELALLOC | flag::UNKNOWN)], K, K), Ok(vec![]));
        assert_eq!(settled(&[told(K, K, K, flag::UNKNOWN)], K, K), Err(Obstacle::Unsettled));
        let past = settled(&[told(0, K, K, 0), told(K, 9 * K, K, flag::UNWRITTEN)], K, K).unwrap();
        assert_eq!(past.len(), 2);
        assert!(past[1].unwritten && !past[0].unwritten);
    }

    #[test]
    fn blocks_are_whole_or_the_mapping_is_refused() {
        // Cut where the written part ends, in the middle of a block.
        let cut = [told(0, K, 100, 0), told(100, K + 100, 2 * K - 100, flag::UNWRITTEN)];
        let whole = Extent { logical: 0, physical: K, bytes: 2 * K, unwritten: false };
        assert_eq!(settled(&cut, K, K), Ok(vec![whole]));
        assert_eq!(settled(&cut[..1], K, K), Ok(vec![Extent { bytes: K, ..whole }]));
        for odd in [told(1, K, K, 0), told(0, K + 1, K, 0), told(0, 0, K, 0), told(0, u64::MAX - K + 1, K, 0)] {
            assert!(matches!(settled(&[odd], K, K), Err(Obstacle::NoMapping(_))), "{odd:?}");
        }
        let overlap = [told(0, K, 100, 0), told(200, 5 * K, K, 0)];
        assert!(settled(&overlap, K, K).is_err());
        assert!(within(vec![whole], 3 * K).is_ok() && within(vec![whole], 3 * K - 1).is_err());
    }

    struct Unmount(std::path::PathBuf);

    impl Drop for Unmount {
        fn drop(&mut self) {
            let _ = std::process::Command::new("umount").arg(&self.0).status();
        }
    }

    /// FIBMAP is asked of ext2, which has FIEMAP too to hold it against.
    #[test]
    fn asked_block_by_block_it_is_what_fiemap_tells() {
        if !crate::skip::root() || !crate::skip::programs(&["mkfs.ext2", "mount", "umount"]) {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let image = dir.path().join("image");
        File::create(&image).unwrap().set_len(16 << 20).unwrap();
        let run = |program: &str, arguments: &[&std::ffi::OsStr]| {
            assert!(std::process::Command::new(program).args(arguments).status().unwrap().success(), "{program}");
        };
        run("mkfs.ext2", &["-q".as_ref(), "-F".as_ref(), image.as_ref()]);
        let at = dir.path().join("at");
        std::fs::create_dir(&at).unwrap();
        run("mount", &["-o".as_ref(), "loop".as_ref(), image.as_ref(), at.as_ref()]);
        let _unmount = Unmount(at.clone());
        let file = File::options().create_new(true).read(true).write(true).open(at.join("file")).unwrap();
        for piece in 0..9 {
            std::os::unix::fs::FileExt::write_all_at(&file, &[7; 5000], piece * 40_000).unwrap();
        }
        file.sync_all().unwrap();
        let block = u64::from(sys::extents::block_bytes(&file).unwrap());
        let size = file.metadata().unwrap().len().next_multiple_of(block);
        let asked = by_clusters(&file, block);
        // Blocks that only say where blocks are count as allocated here, as they do not on FAT.
        assert!(matches!(&asked, Err(Obstacle::NoMapping(what)) if what.contains("can't be found")), "{asked:?}");
        let small = File::options().create_new(true).read(true).write(true).open(at.join("small")).unwrap();
        for piece in [0, 5] {
            std::os::unix::fs::FileExt::write_all_at(&small, &[8; 100], piece * block).unwrap();
        }
        small.sync_all().unwrap();
        let whole = |told: Vec<Told>| Mapping { extents: settled(&told, size, block).unwrap() };
        let asked = whole(by_clusters(&small, block).unwrap());
        assert_eq!(asked.bytes(), 2 * block);
        assert!(asked.same_blocks(&whole(sys::extents::fiemap(&small).unwrap())));
        assert_eq!(may_ask(&small), Ok(()));
    }

    proptest! {
        #[test]
        fn whatever_is_told_extents_are_whole_ordered_and_placed(
            all in proptest::collection::vec((0u64..20, 0u64..20, 0u64..6, 0u32..0x8000), 0..6),
            unit in prop::sample::select(vec![1u64, 512, 4096, u64::MAX / 16]),
            end in any::<u64>(),
        ) {
            let told: Vec<_> = all.iter().map(|(l, p, b, f)| {
                told(l.saturating_mul(unit), p.saturating_mul(unit), b.saturating_mul(unit), f & 0x1800)
            }).collect();
            if let Ok(extents) = settled(&told, end, K) {
                for pair in extents.windows(2) {
                    prop_assert!(pair[0].logical + pair[0].bytes <= pair[1].logical);
                }
                for e in extents {
                    prop_assert!(e.bytes > 0 && e.bytes % K == 0 && e.physical % K == 0 && e.physical > 0);
                }
            }
        }
    }
}
