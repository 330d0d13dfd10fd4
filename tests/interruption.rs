//! Stopped and killed at random moments, then resumed: nothing of the old content stays, and no record says too much.
//!
//! A failing test prints its seed; `RADERA_TEST_SEED=…` repeats its draws. `RADERA_CAMPAIGN=1` draws five times as many.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::time::Duration;

use support::disk::{Disk, Image, Loop, Scratch};
use support::ext4::Planted;
use support::radera::{Ended, Issued, Radera, Running};
use support::random::Dice;
use support::{MIB, SECTOR};

const DISK_MIB: u64 = 24;
const RATE: u64 = 16 * MIB;
/// Milliseconds that the write takes at that rate.
const WRITING: f64 = (DISK_MIB * MIB * 1000 / RATE) as f64;

/// 20 as the project demands; more in a long campaign.
fn moments() -> u32 {
    if std::env::var_os("RADERA_CAMPAIGN").is_some() { 100 } else { 20 }
}

/// How many sectors of `image` differ from `original`.
fn changed_sectors(image: &Image, original: &[u8]) -> usize {
    let now = image.bytes();
    now.chunks(SECTOR as usize).zip(original.chunks(SECTOR as usize)).filter(|(a, b)| a != b).count()
}

fn assert_claims_nothing(records: &[Issued], context: &str) {
    for record in records {
        assert_eq!(record.verdict(), ("interrupted", "none"), "{context}: {}", record.json);
    }
}

/// The one record that says `sanitized`, held against the disk and the records before it.
fn assert_finished(radera: &Radera, planted: &Planted, sessions: usize, context: &str) -> Issued {
    assert_eq!(planted.markers(), 0, "{context}: markers left");
    let records = radera.records();
    let job = records[0].text("/job");
    assert!(records.iter().all(|r| r.text("/job") == job), "{context}: one job, one id");
    let last: Vec<&Issued> = records.iter().filter(|r| r.text("/status") == "sanitized").collect();
    assert_eq!(last.len(), 1, "{context}: {records:?}");
    let last = last[0];
    assert_eq!(last.text("/claim"), "logical-overwrite", "{context}");
    let image = planted.image.bytes();
    assert!(image == last.regenerate(0, image.len()), "{context}: the image is not what the record says");
    assert_eq!(last.number("/verification/bytes_read"), DISK_MIB * MIB, "{context}: verified in one reading");
    assert_eq!(last.value("/sessions").as_array().unwrap().len(), sessions, "{context}: {}", last.json);
    assert_eq!(radera.check(&last.path, &["--require", "sanitized"]).code(), 0, "{context}");
    last.clone()
}

/// Each record but the first names the one before it.
fn assert_chained(records: &[Issued], last: &Issued, context: &str) {
    let digests: Vec<String> = records.iter().filter(|r| r.path != last.path).map(Issued::digest).collect();
    match last.value("/supersedes").as_str() {
        Some(before) => assert!(digests.iter().any(|d| d == before), "{context}: supersedes {before}, not one of ours"),
        None => assert_eq!(digests.len(), 0, "{context}: the last record names no other"),
    }
}

/// What one signal at one moment did.
struct Struck {
    ended: Ended,
    mid_write: bool,
    /// It came before the first write.
    untouched: bool,
}

fn strike(radera: &Radera, node: &str, image: &Image, original: &[u8], signal: &str, after: Duration) -> Struck {
    let mut running = radera.start_wipe(node, &["--max-rate", &RATE.to_string()]);
    running.wait_for_event("started");
    std::thread::sleep(after);
    running.signal(signal);
    let ended = running.wait();
    let changed = changed_sectors(image, original);
    // Random bytes equal the old ones in a sector once in 2^4096.
    let mid_write = changed > 0 && changed < original.len() / SECTOR as usize;
    Struck { ended, mid_write, untouched: changed == 0 }
}

fn campaign(signal: &str, kills: bool, moments: u32) {
    let scratch = Scratch::with_room(5 * DISK_MIB);
    let template = Planted::make(&scratch, "template", DISK_MIB, 60);
    let original = template.image.bytes();
    let mut dice = Dice::new();
    let mut mid_write = 0;
    for number in 0..moments {
        let after = Duration::from_micros((dice.between(0.03, 0.85) * WRITING * 1000.0) as u64);
        let context = format!("SIG{signal} number {number} after {after:?}, seed {}", dice.seed);
        let name = format!("disk-{number}");
        let image = Image::copy_of(template.image.path(), scratch.join(&name));
        let planted = Planted { image, marker: template.marker.clone(), sectors: template.sectors };
        let device = Loop::attach(planted.image.path());
        let radera = Radera::named(&scratch, &name);

        let struck = strike(&radera, device.name(), &planted.image, &original, signal, after);
        mid_write += u32::from(struck.mid_write);
        if struck.ended.status.code() == Some(0) {
            assert_finished(&radera, &planted, 1, &context);
        } else if struck.untouched {
            // What was confirmed never began: it is not taken up again.
            assert_claims_nothing(&radera.records(), &context);
            assert_eq!(radera.resume().code(), 3, "{context}");
            assert_eq!(changed_sectors(&planted.image, &original), 0, "{context}");
        } else {
            let before = radera.records();
            assert_claims_nothing(&before, &context);
            if kills {
                assert_eq!(struck.ended.status.code(), None, "{context}: {:?}", struck.ended);
            } else {
                assert_eq!(struck.ended.code(), 6, "{context}: {:?}", struck.ended);
                assert_eq!(before.len(), 1, "{context}: an interruption issues its record");
                assert_eq!(before[0].path, struck.ended.record().path, "{context}");
                assert_eq!(radera.check(&before[0].path, &[]).code(), 0, "{context}: it is authentic");
                assert_eq!(radera.check(&before[0].path, &["--require", "sanitized"]).code(), 7, "{context}");
            }
            let resumed = radera.resume();
            assert_eq!(resumed.code(), 0, "{context}: {resumed:?}");
            let last = assert_finished(&radera, &planted, 2, &context);
            assert_chained(&radera.records(), &last, &context);
            let end = last.text("/sessions/0/end");
            assert_eq!(end, if kills { "killed" } else { "interrupted" }, "{context}");
            let again = radera.resume();
            assert_eq!(again.code(), 0, "{context}: nothing is left to resume: {again:?}");
            // A session that was killed gets its record from the one that goes on.
            assert_eq!(radera.records().len(), 2, "{context}");
            let interrupted = radera.records().into_iter().filter(|r| r.text("/status") == "interrupted").count();
            assert_eq!(interrupted, 1, "{context}");
        }
        drop(device);
        std::fs::remove_file(planted.image.path()).unwrap();
    }
    let missed = moments - mid_write;
    assert!(missed <= (moments / 10).max(1), "{missed} of {moments} missed the write, seed {}", dice.seed);
}

#[test]
fn sigint_at_random_moments() {
    needs_root!();
    campaign("INT", false, moments());
}

#[test]
fn sigterm_at_random_moments() {
    needs_root!();
    campaign("TERM", false, moments());
}

#[test]
fn sighup_at_random_moments() {
    needs_root!();
    campaign("HUP", false, moments() / 5);
}

#[test]
fn sigkill_at_random_moments() {
    needs_root!();
    campaign("KILL", true, moments());
}

/// Kills during verification as well: the resumed job reads everything again, since a verification is one uninterrupted
/// reading.
#[test]
fn stopped_in_verification() {
    needs_root!();
    let scratch = Scratch::with_room(4 * DISK_MIB);
    for (number, signal) in ["TERM", "KILL"].into_iter().enumerate() {
        let planted = Planted::make(&scratch, &format!("disk-{number}"), DISK_MIB, 60);
        let device = Loop::attach(planted.image.path());
        let radera = Radera::named(&scratch, &format!("station-{number}"));
        let mut running = radera.start_wipe(device.name(), &["--max-rate", &RATE.to_string()]);
        running.wait_for_event("pass");
        std::thread::sleep(Duration::from_millis(300));
        running.signal(signal);
        let ended = running.wait();
        assert_ne!(ended.status.code(), Some(0), "--max-rate holds for the readback too: {ended:?}");
        assert_eq!(planted.markers(), 0, "the pass had ended");
        assert_claims_nothing(&radera.records(), signal);
        let resumed = radera.resume();
        assert_eq!(resumed.code(), 0, "{resumed:?}");
        assert_finished(&radera, &planted, 2, signal);
        drop(device);
        std::fs::remove_file(planted.image.path()).unwrap();
    }
}

#[test]
fn killed_again_and_again() {
    needs_root!();
    let scratch = Scratch::with_room(3 * DISK_MIB);
    let planted = Planted::make(&scratch, "disk", DISK_MIB, 60);
    let device = Loop::attach(planted.image.path());
    let radera = Radera::in_scratch(&scratch);
    let rate = RATE.to_string();
    let mut running = radera.start_wipe(device.name(), &["--max-rate", &rate]);
    for signal in ["KILL", "TERM", "KILL"] {
        running.wait_for_event("started");
        std::thread::sleep(Duration::from_millis(250));
        running.signal(signal);
        let ended = running.wait();
        assert_ne!(ended.status.code(), Some(0), "{ended:?}");
        assert!(planted.markers() > 0, "three quarters of a second are too short for the whole disk");
        assert_claims_nothing(&radera.records(), signal);
        running =
            Running::start(radera.command(&["resume", "--out", radera.out.to_str().unwrap(), "--max-rate", &rate]));
    }
    let resumed = running.wait();
    assert_eq!(resumed.code(), 0, "{resumed:?}");
    let last = assert_finished(&radera, &planted, 4, "killed again and again");
    assert_chained(&radera.records(), &last, "killed again and again");
}

#[test]
fn a_multi_pass_job_goes_on_in_its_pass() {
    needs_root!();
    let scheme = radera::pattern::Scheme::all().iter().find(|s| s.passes.len() >= 3).expect("a scheme of three passes");
    let scratch = Scratch::with_room(3 * DISK_MIB);
    let planted = Planted::make(&scratch, "disk", DISK_MIB, 60);
    let device = Loop::attach(planted.image.path());
    let radera = Radera::in_scratch(&scratch);
    let mut running =
        radera.start_wipe(device.name(), &["--scheme", scheme.name, "--max-rate", &(4 * RATE).to_string()]);
    running.wait_for_event("pass");
    std::thread::sleep(Duration::from_millis(100));
    running.signal("KILL");
    let _ = running.wait();
    let resumed = radera.resume();
    assert_eq!(resumed.code(), 0, "{resumed:?}");
    let last = assert_finished(&radera, &planted, 2, scheme.name);
    let passes = last.value("/passes").as_array().unwrap();
    assert_eq!(passes.len(), scheme.passes.len());
    for (number, pass) in (1u64..).zip(passes) {
        assert_eq!(pass["number"], number);
        assert_eq!(pass["bytes_written"], DISK_MIB * MIB, "each byte counted once: {pass}");
        assert_eq!(pass["complete"], true);
    }
    // It steps back by what a drive's cache may have held, here into the end of the pass before, and no further.
    let (pass, byte) = (last.value("/sessions/1/from_pass").as_u64(), last.value("/sessions/1/from_byte").as_u64());
    assert!(pass >= Some(2) || byte >= Some((DISK_MIB - 16) * MIB), "the first pass need not be done again: {byte:?}");
}

/// A process that is killed saves nothing on its way: it goes on from what it had put on record at intervals.
#[test]
fn a_killed_pass_goes_on_from_its_last_checkpoint() {
    needs_root!();
    const BYTES: u64 = 64 * MIB;
    let scratch = Scratch::with_room(80);
    let radera = Radera::in_scratch(&scratch);
    let disk = Disk::filled(&scratch, "disk", BYTES);
    let mut running = radera.start_wipe(disk.node(), &["--max-rate", &(8 * MIB).to_string()]);
    let done = running.wait_for_progress(34 * MIB);
    running.signal("KILL");
    assert_eq!(running.wait().status.code(), None, "it was killed");
    assert_eq!(disk.image.read_at(BYTES - SECTOR, 1), [Image::UNTOUCHED], "in the first pass, {done} bytes done");

    let rate = (256 * MIB).to_string();
    let resumed = radera.run(&["resume", "--out", radera.out.to_str().unwrap(), "--max-rate", &rate]);
    assert_eq!(resumed.code(), 0, "{resumed:?}");
    let records = radera.records();
    let last = records.iter().find(|r| r.text("/status") == "sanitized").expect("a record of the whole job");
    assert_eq!(last.text("/sessions/0/end"), "killed");
    assert_eq!(last.number("/sessions/1/from_pass"), 1);
    let from = last.number("/sessions/1/from_byte");
    assert!(from > 0, "it began anew, though {done} bytes were done");
    assert!(from <= done, "{from}: what nobody saw written can't be skipped");
    assert!(disk.image.bytes() == last.regenerate(0, BYTES as usize));
}

#[test]
fn resume_leaves_another_disk_at_the_same_node_alone() {
    needs_root!();
    let scratch = Scratch::with_room(80);
    let radera = Radera::in_scratch(&scratch);
    let disk = Disk::filled(&scratch, "disk", 16 * MIB);
    let mut running = radera.start_wipe(disk.node(), &["--max-rate", "8388608"]);
    running.wait_for_event("started");
    std::thread::sleep(Duration::from_millis(300));
    running.signal("KILL");
    let _ = running.wait();

    let other = Image::filled(scratch.join("other"), 16 * MIB);
    let node = disk.device.detach();
    let _replaced = Loop::at(&node, other.path());
    let before = other.digest();
    let resumed = radera.resume();
    assert_ne!(resumed.code(), 0, "{resumed:?}");
    assert_eq!(other.digest(), before, "resume wrote to another disk");
    assert!(!radera.records().iter().any(|r| r.text("/status") == "sanitized"));
}

/// It has no serial number, another disk sequence number and, mostly, another node: only what was written can tell it.
#[test]
fn a_disk_attached_anew_is_told_by_what_was_written() {
    needs_root!();
    const BYTES: u64 = 40 * MIB;
    let scratch = Scratch::with_room(140);
    let radera = Radera::in_scratch(&scratch);
    let disk = Disk::filled(&scratch, "disk", BYTES);
    let twin = Disk::filled(&scratch, "twin", BYTES);
    let mut running = radera.start_wipe(disk.node(), &["--max-rate", &(32 * MIB).to_string()]);
    // More than it steps back by, which is what a drive's cache may have held.
    running.wait_for_progress(24 * MIB);
    running.signal("TERM");
    assert_eq!(running.wait().code(), 6);

    let Disk { image, device } = disk;
    let node = device.detach();
    // Its node goes to another disk, and it comes back at another one.
    let other = Image::filled(scratch.join("other"), BYTES);
    let _taken = Loop::at(&node, other.path());
    let again = Loop::attach(image.path());

    let before = (twin.image.digest(), other.digest());
    let resumed = radera.resume();
    assert_eq!(resumed.code(), 0, "{resumed:?}");
    assert_eq!((twin.image.digest(), other.digest()), before, "resume wrote to another disk");
    let records = radera.records();
    let last = records.iter().find(|r| r.text("/status") == "sanitized").expect("a record of the whole job");
    assert_eq!(last.text("/medium/path"), again.name());
    assert!(image.bytes() == last.regenerate(0, BYTES as usize));
    assert!(last.number("/sessions/1/from_byte") > 0, "it went on and did not begin anew");
}

#[test]
fn nothing_to_resume_is_no_error() {
    needs_root!();
    let scratch = Scratch::with_room(8);
    let radera = Radera::in_scratch(&scratch);
    assert_eq!(radera.resume().code(), 0);
}
