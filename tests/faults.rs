//! Disks that fail: what could not be written or read stands in the record to the sector, and the exit code says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::time::Duration;

use support::disk::{Disk, Image, Mount, ReadOnly, Scratch};
use support::faulty::{Faults, FaultyDisk};
use support::radera::{Ended, Issued, Radera};
use support::{MIB, SECTOR, run};

const BYTES: u64 = 4 * MIB + 5 * SECTOR;

struct Bench {
    // Dropped in this order.
    disk: FaultyDisk,
    radera: Radera,
    _scratch: Scratch,
}

impl Bench {
    fn new(bytes: u64, faults: Faults) -> Self {
        let scratch = Scratch::with_room(32);
        let radera = Radera::in_scratch(&scratch);
        Bench { disk: FaultyDisk::make(&scratch, "faulty", bytes, faults), radera, _scratch: scratch }
    }

    fn wipe(&self, more: &[&str]) -> Ended {
        self.radera.wipe(&[self.disk.node()], more)
    }

    /// The record is authentic, and no more than that.
    fn assert_honest(&self, record: &Issued) {
        assert_eq!(self.radera.check(&record.path, &[]).code(), 0, "{}", record.json);
        assert_eq!(self.radera.check(&record.path, &["--require", "sanitized"]).code(), 7, "{}", record.json);
    }

    /// Every byte outside `ranges` is what the record says; inside nothing changed.
    fn assert_overwritten_but(&self, record: &Issued, ranges: &[(u64, u64)]) {
        let content = self.disk.content();
        let expected = record.regenerate(0, content.len());
        for at in 0..content.len() {
            let is_bad = ranges.iter().any(|(first, bytes)| (*first..first + bytes).contains(&(at as u64)));
            let wanted = if is_bad { Image::UNTOUCHED } else { expected[at] };
            assert_eq!(content[at], wanted, "byte {at} (bad range: {is_bad})");
        }
    }
}

/// First byte and length of a run of sectors.
fn sectors(first: u64, count: u64) -> (u64, u64) {
    (first * SECTOR, count * SECTOR)
}

fn ranges(bad: &[(u64, u64)]) -> Vec<std::ops::Range<u64>> {
    bad.iter().map(|(first, bytes)| *first..first + bytes).collect()
}

fn count_sectors(bad: &[(u64, u64)]) -> u64 {
    bad.iter().map(|(_, bytes)| bytes / SECTOR).sum()
}

#[test]
fn a_disk_without_faults_is_sanitized() {
    needs_root!();
    let bench = Bench::new(BYTES, Faults::default());
    let wiped = bench.wipe(&[]);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    assert_eq!(wiped.record().text("/status"), "sanitized");
    bench.assert_overwritten_but(&wiped.record(), &[]);
}

#[test]
fn sectors_that_cannot_be_written_stand_in_the_record_exactly() {
    needs_root!();
    let last = BYTES / SECTOR - 1;
    let bad = [sectors(0, 1), sectors(255, 2), sectors(1000, 1), sectors(1002, 1), sectors(3001, 40), sectors(last, 1)];
    let bench = Bench::new(BYTES, Faults { write_fails: ranges(&bad), ..Faults::default() });
    let wiped = bench.wipe(&[]);
    assert_eq!(wiped.code(), 4, "{wiped:?}");
    let record = wiped.record();
    assert_eq!(record.verdict(), ("sanitized-with-exceptions", "none"));
    assert_eq!(record.exceptions("write-failed"), bad);
    assert_eq!(record.exceptions("unreadable"), []);
    assert_eq!(record.exceptions("mismatch"), bad, "what could not be written reads back as it was");
    let unwritten = count_sectors(&bad) * SECTOR;
    assert_eq!(record.last_pass()["bytes_written"], BYTES - unwritten);
    bench.assert_overwritten_but(&record, &bad);
    bench.assert_honest(&record);
}

#[test]
fn sectors_that_cannot_be_read_back_are_unreadable_and_never_clean() {
    needs_root!();
    let bad = [sectors(777, 1), sectors(2000, 3), sectors(5000, 130)];
    let bench = Bench::new(BYTES, Faults { read_fails: ranges(&bad), ..Faults::default() });
    let wiped = bench.wipe(&[]);
    assert_eq!(wiped.code(), 4, "{wiped:?}");
    let record = wiped.record();
    assert_eq!(record.verdict(), ("sanitized-with-exceptions", "none"));
    assert_eq!(record.exceptions("unreadable"), bad);
    assert_eq!(record.exceptions("write-failed"), []);
    assert_eq!(record.number("/verification/unreadable"), count_sectors(&bad));
    assert_eq!(record.number("/verification/mismatches"), 0);
    assert_eq!(record.number("/verification/bytes_read"), BYTES - count_sectors(&bad) * SECTOR);
    bench.assert_overwritten_but(&record, &[]);
    bench.assert_honest(&record);
}

#[test]
fn one_byte_that_reads_back_otherwise_fails_the_job() {
    needs_root!();
    for at in [0, 2 * MIB + 100, BYTES - 1] {
        let bench = Bench::new(BYTES, Faults { flips: vec![at], lies_after: BYTES, ..Faults::default() });
        let wiped = bench.wipe(&[]);
        assert_eq!(wiped.code(), 5, "byte {at}: {wiped:?}");
        let record = wiped.record();
        assert_eq!(record.verdict(), ("failed", "none"));
        assert_eq!(record.exceptions("mismatch"), [sectors(at / SECTOR, 1)]);
        assert_eq!(record.number("/verification/mismatches"), 1);
        bench.assert_honest(&record);
    }
}

#[test]
fn writes_that_are_acknowledged_and_not_kept_fail_the_job() {
    needs_root!();
    let dropped = sectors(4000, 2);
    let bench = Bench::new(BYTES, Faults { drops: ranges(&[dropped]), ..Faults::default() });
    let wiped = bench.wipe(&[]);
    assert_eq!(wiped.code(), 5, "{wiped:?}");
    let record = wiped.record();
    assert_eq!(record.verdict(), ("failed", "none"));
    assert_eq!(record.exceptions("mismatch"), [dropped]);
    bench.assert_honest(&record);
}

#[test]
fn a_disk_that_dies_midway_fails_with_a_record() {
    needs_root!();
    let bench = Bench::new(16 * MIB, Faults { dies_after: Some(8 * MIB), ..Faults::default() });
    let wiped = bench.wipe(&[]);
    assert_eq!(wiped.code(), 5, "{wiped:?}");
    let record = wiped.record();
    assert_eq!(record.verdict(), ("failed", "none"));
    bench.assert_honest(&record);
    assert!(bench.disk.content()[12 * MIB as usize..].iter().all(|b| *b == Image::UNTOUCHED));
}

/// While `radera` writes, `change` is done to the device; the target must fail, with a record.
fn assert_fails_when<Undo>(change: impl FnOnce(&Disk) -> Undo) {
    let scratch = Scratch::with_room(64);
    let disk = Disk::filled(&scratch, "disk", 24 * MIB);
    let radera = Radera::in_scratch(&scratch);
    let mut running = radera.start_wipe(disk.node(), &["--max-rate", "12582912"]);
    running.wait_for_event("started");
    std::thread::sleep(Duration::from_millis(400));
    let _undo = change(&disk);
    let ended = running.wait();
    assert_eq!(ended.code(), 5, "{ended:?}");
    let record = ended.record();
    assert_eq!(record.verdict(), ("failed", "none"), "{}", record.json);
    assert_eq!(radera.check(&record.path, &[]).code(), 0);
}

#[test]
fn a_disk_that_shrinks_midway_fails() {
    needs_root!();
    assert_fails_when(|disk| {
        std::fs::OpenOptions::new().write(true).open(disk.image.path()).unwrap().set_len(4 * MIB).unwrap();
        run("losetup", &["--set-capacity", disk.node()]);
    });
}

#[test]
fn a_disk_that_turns_read_only_midway_fails() {
    needs_root!();
    assert_fails_when(|disk| ReadOnly::set(&disk.device));
}

#[test]
fn of_eight_disks_at_once_one_fails_and_seven_do_not_notice() {
    needs_root!();
    let scratch = Scratch::with_room(128);
    let radera = Radera::in_scratch(&scratch);
    let good: Vec<Disk> = (0..7).map(|n| Disk::filled(&scratch, &format!("disk-{n}"), 8 * MIB)).collect();
    let faults = Faults { dies_after: Some(4 * MIB), ..Faults::default() };
    let failing = FaultyDisk::make(&scratch, "faulty", 8 * MIB, faults);
    let mut targets: Vec<&str> = good.iter().map(Disk::node).collect();
    targets.insert(3, failing.node());

    let wiped = radera.wipe(&targets, &[]);
    assert_eq!(wiped.code(), 5, "the worst decides: {wiped:?}");
    let records = wiped.records();
    assert_eq!(records.len(), 8);
    for disk in &good {
        let record = records.iter().find(|r| r.text("/medium/path") == disk.node()).unwrap();
        assert_eq!(record.verdict(), ("sanitized", "logical-overwrite"));
        assert_eq!(disk.image.bytes(), record.regenerate(0, 8 * MIB as usize));
    }
    let record = records.iter().find(|r| r.text("/medium/path") == failing.node()).unwrap();
    assert_eq!(record.verdict(), ("failed", "none"));
    let errors = wiped.events("error");
    assert!(!errors.is_empty() && errors.iter().all(|e| e["exit_code"] == 5), "{errors:?}");
    let codes: Vec<_> = wiped.events("target-finished").iter().map(|e| e["exit_code"].as_u64().unwrap()).collect();
    assert_eq!(codes.iter().filter(|c| **c == 0).count(), 7);
    assert_eq!(codes.iter().filter(|c| **c == 5).count(), 1);
}

/// `wipe` with `out` must end before it changes anything, name the directory and leave no record.
fn assert_found_before(out: &std::path::Path, scratch: &Scratch) {
    let disk = Disk::filled(scratch, "disk", 4 * MIB);
    let radera = Radera { out: out.to_owned(), ..Radera::in_scratch(scratch) };
    let before = disk.image.digest();
    let ended = radera.wipe(&[disk.node()], &[]);
    assert_eq!(ended.code(), 1, "{ended:?}");
    assert!(ended.said().contains(out.to_str().unwrap()), "{ended:?}");
    assert_eq!(disk.image.digest(), before, "the disk was changed though its record can't be kept");
    let resumed = Radera::in_scratch(scratch).resume();
    assert_eq!(resumed.code(), 0, "a job that never began leaves nothing to resume: {resumed:?}");
    assert_eq!(disk.image.digest(), before);
}

#[test]
fn a_full_output_directory_is_found_before_anything_is_changed() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let full = Mount::make("tmpfs", "radera-test", &scratch.join("full"), "size=64k");
    // Room for not one page more.
    let filled = std::process::Command::new("dd")
        .args(["if=/dev/zero", &format!("of={}", full.path().join("ballast").display()), "bs=4k", "status=none"])
        .status()
        .unwrap();
    assert!(!filled.success(), "dd must run into the end of the filesystem");
    assert_found_before(full.path(), &scratch);
}

#[test]
fn a_read_only_output_directory_is_found_before_anything_is_changed() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let read_only = Mount::make("tmpfs", "radera-test", &scratch.join("read-only"), "size=64k,ro");
    assert_found_before(read_only.path(), &scratch);
}

#[test]
fn a_missing_output_directory_is_found_before_anything_is_changed() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    assert_found_before(&scratch.join("missing"), &scratch);
}

#[test]
fn an_output_directory_that_is_a_file_is_found_before_anything_is_changed() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let file = scratch.join("file");
    std::fs::write(&file, "not a directory").unwrap();
    assert_found_before(&file, &scratch);
}

#[test]
fn a_state_directory_that_cannot_be_written_is_found_before_anything_is_changed() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = Disk::filled(&scratch, "disk", 4 * MIB);
    let good = Radera::in_scratch(&scratch);
    let words = good.wipe_arguments(&[disk.node()], &[]);
    let read_only = Mount::make("tmpfs", "radera-test", &scratch.join("read-only"), "size=64k,ro");
    let radera = Radera { state: read_only.path().join("state"), out: good.out.clone() };
    let before = disk.image.digest();
    let ended = radera.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ended.code(), 1, "{ended:?}");
    assert_eq!(disk.image.digest(), before);
    assert_eq!(good.records().len(), 0);
}
