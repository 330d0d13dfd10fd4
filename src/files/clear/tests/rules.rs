//! Which verdict follows from what.

use std::os::unix::fs::MetadataExt;

use super::fake::{Fake, Faults, OLD, Watch, extent, random};
use crate::files::Mapping;
use crate::files::clear::{Below, Cleared, Why};
use crate::io::Halt;
use crate::media::ByteRange;
use crate::outcome::{FileVerdict, Trouble};
use crate::pattern::{Filler, Pattern};
use crate::sys::errno;

const LARGE: u64 = 9 << 20;

/// Whether the blocks of the file hold the pattern of their place on the device.
fn holds(fake: &Fake, number: usize, pattern: &Pattern) -> bool {
    let (mut filler, mut at, blocks) = (Filler::new(pattern).unwrap(), 0, fake.blocks(number));
    fake.files[number].mapping.extents.iter().all(|e| {
        let bytes = usize::try_from(e.bytes).unwrap();
        at += bytes;
        filler.matches(e.physical, &blocks[at - bytes..at])
    })
}

fn verdicts(files: &[Cleared]) -> Vec<FileVerdict> {
    files.iter().map(|file| file.verdict).collect()
}

/// Clears with one random pass, to be removed.
fn once(fake: &Fake) -> Vec<Cleared> {
    let (files, result) = fake.clear(false, &[random(1)], &mut Watch::default());
    assert_eq!(result, Ok(()));
    files
}

/// A small file in two pieces that lie the other way round on the device, one with a hole and blocks past its end, a large one
/// with an odd end, an empty one.
fn mixed() -> Fake {
    Fake::new(&[
        (6000, vec![extent(0, 80 << 20, 4096), extent(4096, 40 << 20, 4096)]),
        (70_000, vec![extent(0, 8192, 4096), extent(65_536, 12_288, 8192), extent(73_728, 90 << 20, 65_536)]),
        (LARGE - 100, vec![extent(0, 1 << 20, LARGE), extent(LARGE, 50 << 20, 1 << 20)]),
        (0, vec![]),
    ])
}

#[test]
fn every_block_is_overwritten_and_proved_and_nothing_else() {
    let fake = mixed();
    let (passes, mut control) = ([Pattern::zeros(), random(1)], Watch::default());
    let (files, result) = fake.clear(false, &passes, &mut control);
    assert_eq!((result, verdicts(&files)), (Ok(()), vec![FileVerdict::ClearedVerified; 4]));
    for (number, file) in files.iter().enumerate() {
        let bytes = fake.files[number].mapping.bytes();
        assert_eq!((file.bytes_written, file.bytes_read, file.why.clone()), (bytes, bytes, None));
        assert!(holds(&fake, number, &random(1)) && file.mapping == fake.files[number].mapping);
    }
    let total: u64 = files.iter().map(|file| file.mapping.bytes()).sum();
    assert_eq!(control.watermark, 3 * total, "two passes and a readback");
    let hole = fake.files[1].file.metadata().unwrap().blocks() * 512;
    assert!(hole < 70_000 + 65_536, "the hole is still one: {hole} bytes are in use");
}

#[test]
fn a_file_that_stays_has_its_size_again_and_one_that_does_not_need_not() {
    for keep in [true, false] {
        let fake = mixed();
        let (files, _) = fake.clear(keep, &[random(1)], &mut Watch::default());
        assert_eq!(verdicts(&files), [FileVerdict::ClearedVerified; 4]);
        for plain in fake.files.iter().filter(|plain| plain.size > 0) {
            assert_eq!(plain.file.metadata().unwrap().len() == plain.size, keep, "{} bytes, {keep}", plain.size);
        }
    }
}

#[test]
fn many_files_cost_one_flush_a_pass() {
    let fake = Fake::small(100);
    assert_eq!(verdicts(&once(&fake)), [FileVerdict::ClearedVerified; 100]);
    assert_eq!(*fake.synced.lock().unwrap(), (2, 2), "before the mapping, and after the pass");
    assert!((0..100).all(|number| holds(&fake, number, &random(1))));
}

#[test]
fn other_blocks_afterwards_are_no_proof() {
    let other =
        [vec![extent(0, 1 << 30, 4096)], vec![], vec![extent(0, (1 << 20) + 4096, 4096), extent(4096, 1 << 30, 4096)]];
    for extents in other {
        let mut fake = Fake::small(3);
        fake.faults.moves = Some((1, Mapping { extents }));
        let files = once(&fake);
        assert_eq!(
            verdicts(&files),
            [FileVerdict::ClearedVerified, FileVerdict::NotCleared, FileVerdict::ClearedVerified]
        );
        assert_eq!((files[1].why.clone(), files[1].bytes_read), (Some(Why::Moved), 0));
        assert_eq!(files[1].mapping.extents, [extent(0, (1 << 20) + 4096, 4096)], "the old blocks are told");
    }
    let mut fake = Fake::new(&[(0, vec![])]);
    fake.faults.moves = Some((0, Mapping { extents: vec![extent(0, 0, 4096)] }));
    assert_eq!(once(&fake)[0].why, Some(Why::Moved), "an empty file that was written to meanwhile");
    let mut fake = Fake::new(&[(8192, vec![extent(0, 0, 8192)])]);
    let cut = vec![extent(0, 0, 4096), extent(4096, 4096, 4096)];
    fake.faults.moves = Some((0, Mapping { extents: cut }));
    assert_eq!(once(&fake)[0].verdict, FileVerdict::ClearedVerified, "the same blocks, told in two pieces");
}

#[test]
fn a_difference_or_a_block_that_can_not_be_read_is_told_of_its_file_alone() {
    let place = (1 << 20) + 4096 + 700;
    for (faults, why, kind) in [
        (Faults { flipped: Some(place), ..Faults::default() }, Why::Differs, Trouble::Mismatch),
        (
            Faults { unreadable: Some(ByteRange::new(place, 1)), ..Faults::default() },
            Why::Unreadable,
            Trouble::Unreadable,
        ),
    ] {
        let mut fake = Fake::small(3);
        fake.faults = faults;
        let files = once(&fake);
        assert_eq!(
            verdicts(&files),
            [FileVerdict::ClearedVerified, FileVerdict::NotCleared, FileVerdict::ClearedVerified]
        );
        assert_eq!(files[1].why, Some(why));
        assert_eq!((files[1].mismatches + files[1].unreadable, files[0].mismatches + files[2].unreadable), (1, 0));
        let bad: Vec<_> = files[1].bad.iter().map(|bad| (bad.kind, bad.first_byte, bad.bytes)).collect();
        assert_eq!(bad, [(kind, (1 << 20) + 4096 + 512, 512)]);
    }
}

#[test]
fn blocks_that_can_not_be_written_are_named_by_their_place_on_the_device() {
    for large in [false, true] {
        let bytes = if large { LARGE } else { 5 * 4096 };
        let mut fake = Fake::new(&[(bytes, vec![extent(0, 20 << 20, bytes)]), (4096, vec![extent(0, 0, 4096)])]);
        fake.faults.write = Some((0, bytes - 4096, errno::EIO));
        let files = once(&fake);
        assert_eq!(verdicts(&files), [FileVerdict::NotCleared, FileVerdict::ClearedVerified], "large: {large}");
        let bad: Vec<_> = files[0].bad.iter().map(|bad| (bad.kind, bad.first_byte, bad.bytes, bad.pass)).collect();
        assert_eq!(bad, [(Trouble::WriteFailed, (20 << 20) + bytes - 4096, 4096, 1)]);
        assert!(matches!(&files[0].why, Some(Why::Write(error)) if error.starts_with("EIO")), "{:?}", files[0].why);
        assert_eq!(files[0].bytes_written, bytes - 4096, "the rest was overwritten all the same");
    }
}

#[test]
fn no_room_and_no_leave_are_the_files_own_trouble() {
    for (large, number, name) in [
        (false, errno::ENOSPC, "ENOSPC"),
        (true, errno::ENOSPC, "ENOSPC"),
        (false, errno::EDQUOT, "EDQUOT"),
        (false, 1, "EPERM"),
    ] {
        let bytes = if large { LARGE } else { 3 * 4096 };
        let mut fake = Fake::new(&[(bytes, vec![extent(0, 20 << 20, bytes)]), (4096, vec![extent(0, 0, 4096)])]);
        fake.faults.write = Some((0, bytes / 3 * 2, number));
        let files = once(&fake);
        assert_eq!(verdicts(&files), [FileVerdict::NotCleared, FileVerdict::ClearedVerified], "{name}");
        assert!(matches!(&files[0].why, Some(Why::Write(error)) if error.starts_with(name)), "{:?}", files[0].why);
    }
    let mut fake = Fake::small(2);
    fake.faults.write = Some((0, 0, errno::EROFS));
    let (files, result) = fake.clear(false, &[random(1)], &mut Watch::default());
    assert!(matches!(result, Err(Halt::Lost(_))), "no file will fare better: {result:?}");
    assert_eq!((verdicts(&files), &files[1].why), (vec![FileVerdict::NotCleared; 2], &Some(Why::Ended)));
}

#[test]
fn what_can_not_be_made_durable_is_not_cleared_in_a_batch_of_any_size() {
    for count in [2, 40] {
        let mut fake = Fake::small(count);
        fake.faults.sync = Some(1);
        let files = once(&fake);
        assert!(matches!(&files[1].why, Some(Why::Flush(error)) if error.starts_with("EIO")), "{:?}", files[1].why);
        let well = files.iter().filter(|file| file.verdict == FileVerdict::ClearedVerified).count() as u64;
        assert_eq!(well, count - 1);
    }
}

#[test]
fn short_writes_are_continued() {
    let mut fake = Fake::new(&[(50_000, vec![extent(0, 4096, 53_248)])]);
    fake.faults.short = true;
    let files = once(&fake);
    assert_eq!((files[0].verdict, files[0].bytes_written), (FileVerdict::ClearedVerified, 53_248));
    assert!(holds(&fake, 0, &random(1)));
}

#[test]
fn without_o_direct_the_whole_file_goes_through_the_page_cache() {
    for (no_direct, no_direct_writes) in [(true, false), (false, true)] {
        let mut fake = mixed();
        (fake.faults.no_direct, fake.faults.no_direct_writes) = (no_direct, no_direct_writes);
        let (files, result) = fake.clear(true, &[random(2), random(1)], &mut Watch::default());
        assert_eq!((result, verdicts(&files)), (Ok(()), vec![FileVerdict::ClearedVerified; 4]));
    }
}

#[test]
fn what_is_not_read_back_is_not_verified() {
    let mut fake = mixed();
    fake.faults.no_reader = true;
    let files = once(&fake);
    let unverified = FileVerdict::OverwrittenUnverified;
    assert_eq!(
        verdicts(&files),
        [unverified, unverified, unverified, FileVerdict::ClearedVerified],
        "the last is empty"
    );
    assert!(matches!(files[0].why, Some(Why::NoReader(_))));
    let mut control = Watch { unverified: true, ..Watch::default() };
    let (files, _) = mixed().clear(false, &[random(1)], &mut control);
    assert_eq!(verdicts(&files), [unverified, unverified, unverified, FileVerdict::ClearedVerified]);
    assert_eq!((files[0].why.clone(), files[0].bytes_read), (Some(Why::NotAsked), 0));
}

#[test]
fn a_stop_is_kept_and_nothing_more_is_claimed_than_was_done() {
    let total = mixed().files.iter().map(|plain| plain.mapping.bytes()).sum::<u64>();
    for stop_at in [0, 4096, total / 2, total - 1, total, total + 4096, 2 * total - 1] {
        let (fake, mut control) = (mixed(), Watch { stop_at: Some(stop_at), ..Watch::default() });
        let (files, result) = fake.clear(false, &[random(1)], &mut control);
        assert_eq!(result, Err(Halt::Stopped), "at {stop_at}");
        assert!(files.iter().all(|file| file.verdict == FileVerdict::NotCleared && file.why == Some(Why::Ended)));
        if stop_at == 0 {
            assert!(fake.blocks(0).iter().take(6000).all(|byte| *byte == OLD), "nothing was begun");
        }
        if stop_at >= total {
            assert!(holds(&fake, 2, &random(1)), "its blocks past the end are not given back");
        }
        let (files, result) = fake.clear(false, &[random(1)], &mut Watch::default());
        assert_eq!(
            (result, verdicts(&files)),
            (Ok(()), vec![FileVerdict::ClearedVerified; 4]),
            "again after {stop_at}"
        );
    }
}

#[test]
fn files_with_a_block_in_common_and_mappings_that_can_not_be_are_left_alone() {
    let fake = Fake::new(&[
        (8192, vec![extent(0, 8192, 8192)]),
        (4096, vec![extent(0, 12_288, 4096)]),
        (4096, vec![extent(0, 1000, 4096)]),
        (4096, vec![extent(0, u64::MAX - 4095, 4096)]),
    ]);
    let files = once(&fake);
    assert_eq!(files[0].verdict, FileVerdict::ClearedVerified);
    assert_eq!(files[1].why, Some(Why::Twice));
    for file in &files[2..4] {
        assert!(matches!(file.why, Some(Why::OddMapping(_))) && file.verdict == FileVerdict::NotCleared);
    }
    for number in 1..4 {
        assert!(fake.blocks(number).starts_with(&[OLD; 4096]), "file {number} was not written to");
    }
}

#[test]
fn blocks_of_sectors_only_are_written_by_the_sector() {
    let fake = Fake::new(&[(3000, vec![extent(0, 512 * 7, 4096)])]);
    assert_eq!((once(&fake)[0].verdict, fake.block_bytes()), (FileVerdict::ClearedVerified, 4096));
}

#[test]
fn no_pass_and_no_pattern_are_no_clearing() {
    let fake = Fake::small(1);
    for passes in [vec![], vec![Pattern::Fixed { bytes: vec![] }]] {
        let (files, result) = fake.clear(false, &passes, &mut Watch::default());
        assert!(matches!(result, Err(Halt::GaveUp(_))) && files[0].verdict == FileVerdict::NotCleared);
    }
    let (files, result) = fake.clear(false, &[random(1), Pattern::Fixed { bytes: vec![] }], &mut Watch::default());
    assert!(matches!(result, Err(Halt::GaveUp(_))) && files[0].verdict == FileVerdict::NotCleared);
}
