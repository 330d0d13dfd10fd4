//! What `wipe --method clear` leaves behind, read from the raw image, and what a stranger can check with openssl alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use serde_json::Value;

use support::disk::{Disk, Image, Loop, Scratch, partition_table};
use support::ext4::Planted;
use support::radera::{Issued, Radera};
use support::random::Dice;
use support::{MIB, SECTOR, attempt, openssl};

/// Every byte of the image is what the record's last pass says.
fn assert_regenerates(record: &Issued, image: &Image) {
    let content = image.bytes();
    let expected = record.regenerate(0, content.len());
    if let Some(at) = (0..content.len()).find(|at| content[*at] != expected[*at]) {
        panic!("byte {at} of {} is {:#04x}, not what the record says", content.len(), content[at]);
    }
}

fn assert_sanitized(record: &Issued) {
    assert_eq!(record.verdict(), ("sanitized", "logical-overwrite"), "{}", record.json);
    assert_eq!(record.exceptions("write-failed"), []);
    assert_eq!(record.value("/exceptions").as_array().unwrap().len(), 0);
}

/// The published script, which knows nothing of radera, finds the same in record and raw image, and sees one changed byte.
fn assert_the_script_agrees(record: &Issued, fingerprint: &str, image: &Image) {
    let script = |offset: u64| {
        let (path, image) = (record.path.to_str().unwrap(), image.path().to_str().unwrap());
        let offset = offset.to_string();
        let words = ["docs/check-record.py", path, "--trust", fingerprint, "--image", image, "--offset", &offset];
        attempt("python3", &words)
    };
    let changed = image.size() / 2 + 777;
    for offset in [0, 12_345, image.size() / 2, image.size() - 4096] {
        let output = script(offset);
        assert!(output.status.success(), "offset {offset}: {}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.starts_with("sanitized, claim logical-overwrite") && said.contains("4096 bytes"), "{said}");
    }
    image.flip(changed);
    let output = script(image.size() / 2);
    image.flip(changed);
    assert!(!output.status.success(), "the script passed a block with a changed byte");
    assert!(String::from_utf8_lossy(&output.stderr).contains("not what the last pass wrote"), "{output:?}");
}

#[test]
fn a_wiped_ext4_disk_holds_no_marker_and_anyone_can_check_the_record() {
    needs_root!();
    let scratch = Scratch::with_room(600);
    let planted = Planted::make(&scratch, "disk", 256, 70);
    let device = Loop::attach(planted.image.path());
    let radera = Radera::in_scratch(&scratch);
    assert!(planted.markers() > 300_000, "the files must be readable in the raw image before");

    let wiped = radera.wipe(&[device.name()], &["--pattern", "random"]);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    let record = wiped.record();
    assert_eq!(planted.markers(), 0);
    assert_sanitized(&record);
    assert_eq!(record.number("/scope/bytes"), 256 * MIB);
    assert_eq!(record.number("/verification/bytes_read"), 256 * MIB);
    assert_eq!(record.last_pass()["bytes_written"], 256 * MIB);
    assert_eq!(record.last_pass()["inverted"], false);

    let mut dice = Dice::new();
    let mut offsets = vec![0, 256 * MIB - 4096];
    offsets.extend((0..20).map(|_| dice.below(256 * MIB / 4096) * 4096));
    for offset in offsets {
        let block = planted.image.read_at(offset, 4096);
        assert_eq!(record.regenerate(offset, 4096), block, "offset {offset}, seed {}", dice.seed);
    }

    let (fingerprint, pem) = radera.signing_certificate();
    assert_the_script_agrees(&record, &fingerprint, &planted.image);
    let (accepted, said) = openssl::accepts(&record.path, &record.signature(), &pem);
    assert!(accepted, "{said}");
    Image::copy_of(&record.path, scratch.join("changed.json")).flip(40);
    let (accepted, _) = openssl::accepts(&scratch.join("changed.json"), &record.signature(), &pem);
    assert!(!accepted, "openssl accepted a changed record");
}

#[test]
fn a_record_checks_out_for_those_who_know_the_key_and_not_after_one_changed_byte() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let radera = Radera::in_scratch(&scratch);
    let record = radera.wipe(&[disk.node()], &[]).record();
    let (fingerprint, pem) = radera.signing_certificate();
    assert_eq!(record.text("/signer/fingerprint"), fingerprint);
    assert_eq!(radera.check(&record.path, &[]).code(), 0);
    for requirement in ["sanitized", "trusted"] {
        assert_eq!(radera.check(&record.path, &["--require", requirement]).code(), 0, "{requirement}");
    }
    assert_eq!(radera.check(&record.path, &["--require", "complete"]).code(), 7, "a record is no deletion certificate");

    let stranger = Radera::named(&scratch, "stranger");
    assert_eq!(stranger.check(&record.path, &[]).code(), 8);
    assert_eq!(stranger.check(&record.path, &["--trust", &fingerprint]).code(), 0);
    assert_eq!(stranger.check(&record.path, &["--trust", pem.to_str().unwrap()]).code(), 0);
    let other = format!("sha256:{}", "0".repeat(64));
    assert_eq!(stranger.check(&record.path, &["--trust", &other]).code(), 8);

    let bytes = std::fs::read(&record.path).unwrap();
    let mut dice = Dice::new();
    for _ in 0..12 {
        let mut changed = bytes.clone();
        let at = dice.below(bytes.len() as u64) as usize;
        changed[at] ^= 1;
        std::fs::write(&record.path, &changed).unwrap();
        let checked = radera.check(&record.path, &[]);
        assert_eq!(checked.code(), 7, "byte {at}, seed {}: {checked:?}", dice.seed);
    }
    std::fs::write(&record.path, &bytes).unwrap();
    assert_eq!(radera.check(&record.path, &[]).code(), 0);
}

#[test]
fn each_pattern_leaves_exactly_its_bytes() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let radera = Radera::in_scratch(&scratch);
    for (pattern, byte) in [("zeros", 0u8), ("ones", 0xff), ("0xa5", 0xa5), ("0x00", 0)] {
        let disk = Disk::filled(&scratch, pattern, 3 * MIB + SECTOR);
        let wiped = radera.wipe(&[disk.node()], &["--pattern", pattern]);
        assert_eq!(wiped.code(), 0, "{wiped:?}");
        assert!(disk.image.bytes().iter().all(|b| *b == byte), "{pattern}");
        assert_sanitized(&wiped.record());
        assert_regenerates(&wiped.record(), &disk.image);
    }
}

#[test]
fn each_scheme_ends_with_what_its_last_pass_says_and_claims_no_more_than_an_overwrite() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let radera = Radera::in_scratch(&scratch);
    let schemes = radera::pattern::Scheme::all();
    assert!(schemes.len() >= 10, "reference/standards names ten schemes");
    for scheme in schemes {
        let disk = Disk::filled(&scratch, scheme.name, MIB);
        let wiped = radera.wipe(&[disk.node()], &["--scheme", scheme.name]);
        assert_eq!(wiped.code(), 0, "{}: {wiped:?}", scheme.name);
        let record = wiped.record();
        assert_sanitized(&record);
        assert_eq!(record.text("/scheme"), scheme.name);
        let passes = record.value("/passes").as_array().unwrap();
        assert_eq!(passes.len(), scheme.passes.len(), "{}", scheme.name);
        assert!(passes.iter().all(|p| p["bytes_written"] == MIB && p["complete"] == true), "{}", record.json);
        assert_regenerates(&record, &disk.image);
        let path = disk.image.path().to_owned();
        drop(disk);
        std::fs::remove_file(path).unwrap();
    }
}

#[test]
fn random_keys_are_never_used_twice() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let radera = Radera::in_scratch(&scratch);
    let first = radera.wipe(&[disk.node()], &[]).record();
    let second = radera.wipe(&[disk.node()], &[]).record();
    assert_ne!(first.last_pass()["stream"]["key"], second.last_pass()["stream"]["key"]);
    assert_ne!(first.text("/id"), second.text("/id"));
    assert_ne!(first.text("/job"), second.text("/job"));
    assert_eq!(radera.records().len(), 2, "two runs with the same --out must not clash");
    assert_regenerates(&second, &disk.image);
    assert_eq!(radera.check(&first.path, &[]).code(), 0, "the older record is still authentic");
}

#[test]
fn sampled_reads_a_tenth_and_none_is_never_a_success() {
    needs_root!();
    let scratch = Scratch::with_room(128);
    let disk = Disk::filled(&scratch, "disk", 64 * MIB);
    let radera = Radera::in_scratch(&scratch);

    let sampled = radera.wipe(&[disk.node()], &["--verify", "sampled"]);
    assert_eq!(sampled.code(), 0, "{sampled:?}");
    let record = sampled.record();
    assert_sanitized(&record);
    assert_eq!(record.text("/verification/kind"), "sampled");
    let tenth = 64 * MIB / 10;
    let read = record.number("/verification/bytes_read");
    assert!((tenth..tenth + 2 * MIB).contains(&read), "{read} of {}", 64 * MIB);
    assert!(record.number("/verification/cells") >= 20_000);
    assert_eq!(record.text("/verification/seed").len(), 32);
    assert!(record.text("/verification/statement").contains("95 %"), "{}", record.text("/verification/statement"));
    assert_regenerates(&record, &disk.image);

    let none = radera.wipe(&[disk.node()], &["--verify", "none"]);
    assert_eq!(none.code(), 4, "{none:?}");
    let record = none.record();
    assert_eq!(record.verdict(), ("unverified", "none"));
    assert_eq!(record.number("/verification/bytes_read"), 0);
    assert_regenerates(&record, &disk.image);
    assert_eq!(radera.check(&record.path, &[]).code(), 0, "an honest record of an unverified job is authentic");
    assert_eq!(radera.check(&record.path, &["--require", "sanitized"]).code(), 7);
}

#[test]
fn a_partition_is_wiped_within_its_bounds_to_the_byte() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let image = Image::filled(scratch.join("disk"), 32 * MIB);
    let device = Loop::with(image.path(), &["-P"]);
    let (first, sectors) = (2051, 20_001);
    partition_table(&device, &format!("label: dos\nstart={first},size={sectors}\nstart=30000,size=8192\n"));
    let before = image.bytes();
    let radera = Radera::in_scratch(&scratch);
    let partition = device.partition(1);

    let wiped = radera.wipe(&[partition.to_str().unwrap()], &[]);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    let record = wiped.record();
    assert_sanitized(&record);
    assert_eq!(record.text("/scope/kind"), "partition");
    assert_eq!(record.number("/scope/first_byte"), first * SECTOR);
    assert_eq!(record.number("/scope/bytes"), sectors * SECTOR);
    assert_eq!(record.number("/medium/size_bytes"), 32 * MIB);

    let after = image.bytes();
    let (from, to) = ((first * SECTOR) as usize, ((first + sectors) * SECTOR) as usize);
    assert!(after[..from] == before[..from], "bytes before the partition were changed");
    assert!(after[to..] == before[to..], "bytes after the partition were changed");
    assert!(after[from..to] == record.regenerate(0, to - from)[..], "the partition is not what the record says");
}

#[test]
fn sizes_that_fit_no_block_are_wiped_to_the_last_byte() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let radera = Radera::in_scratch(&scratch);
    let sizes = [SECTOR, 2 * SECTOR, 7 * SECTOR, 128 * 1024 - SECTOR, 256 * 1024 + SECTOR, 10 * MIB + 3 * SECTOR];
    for bytes in sizes {
        let disk = Disk::filled(&scratch, &format!("disk-{bytes}"), bytes);
        let wiped = radera.wipe(&[disk.node()], &[]);
        assert_eq!(wiped.code(), 0, "{bytes} bytes: {wiped:?}");
        let record = wiped.record();
        assert_sanitized(&record);
        assert_eq!(record.number("/verification/bytes_read"), bytes);
        assert_regenerates(&record, &disk.image);
    }
}

#[test]
fn a_disk_with_4096_byte_sectors_is_wiped_to_the_last_byte() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let radera = Radera::in_scratch(&scratch);
    let image = Image::filled(scratch.join("disk"), 5 * MIB + 3 * 4096);
    let device = Loop::with(image.path(), &["-b", "4096"]);
    let wiped = radera.wipe(&[device.name()], &["--verify", "sampled"]);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    let record = wiped.record();
    assert_sanitized(&record);
    assert_eq!(record.number("/medium/logical_block_bytes"), 4096);
    assert_regenerates(&record, &image);
}

#[test]
fn eight_disks_at_once_each_get_their_own_record() {
    needs_root!();
    let scratch = Scratch::with_room(128);
    let disks: Vec<Disk> = (0..8).map(|n| Disk::filled(&scratch, &format!("disk-{n}"), (n + 1) * MIB)).collect();
    let radera = Radera::in_scratch(&scratch);
    let targets: Vec<&str> = disks.iter().map(Disk::node).collect();
    let wiped = radera.wipe(&targets, &[]);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    let records = wiped.records();
    assert_eq!(records.len(), 8);
    for disk in &disks {
        let record = records.iter().find(|r| r.text("/medium/path") == disk.node()).expect("a record for each disk");
        assert_sanitized(record);
        assert_regenerates(record, &disk.image);
        assert_eq!(radera.check(&record.path, &["--require", "sanitized"]).code(), 0);
    }
    let keys: std::collections::BTreeSet<String> =
        records.iter().map(|r| r.last_pass()["stream"]["key"].to_string()).collect();
    assert_eq!(keys.len(), 8, "each disk has a key of its own");
}

#[test]
fn purge_is_refused_where_no_technique_counts_as_purge() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let radera = Radera::in_scratch(&scratch);
    let token = radera.confirmation(disk.node());
    let before = disk.image.digest();
    let out = radera.out.to_str().unwrap();
    let refused = radera.run(&["wipe", disk.node(), "--method", "purge", "--confirm", &token, "--out", out]);
    assert_eq!(refused.code(), 3, "{refused:?}");
    assert!(refused.said().contains("purge"), "{refused:?}");
    assert_eq!(disk.image.digest(), before);
    assert_eq!(radera.records().len(), 0);
    assert_eq!(radera.run(&["plan", disk.node(), "--method", "purge"]).code(), 3);
}

#[test]
fn a_medium_can_be_held_against_its_record_later_on_another_machine() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let disk = Disk::filled(&scratch, "disk", 4 * MIB + SECTOR);
    let record = Radera::in_scratch(&scratch).wipe(&[disk.node()], &[]).record();
    let elsewhere = Radera::named(&scratch, "elsewhere");
    let verify = || elsewhere.run(&["verify", disk.node(), "--record", record.path.to_str().unwrap()]).code();
    let after_the_wipe = disk.image.digest();
    assert_eq!(verify(), 0);
    for offset in [0, 2 * MIB + 77, 4 * MIB + SECTOR - 1] {
        disk.image.flip(offset);
        assert_eq!(verify(), 5, "one changed byte at {offset}");
        disk.image.flip(offset);
    }
    assert_eq!(verify(), 0);
    assert_eq!(disk.image.digest(), after_the_wipe, "verify must not write");
}

#[test]
fn a_sampled_verification_can_be_repeated_with_its_seed_or_another() {
    needs_root!();
    let scratch = Scratch::with_room(64);
    let disk = Disk::filled(&scratch, "disk", 32 * MIB);
    let radera = Radera::in_scratch(&scratch);
    let record = radera.wipe(&[disk.node()], &["--verify", "sampled"]).record();
    let seed = record.text("/verification/seed").to_string();
    let verify = |more: &[&str]| {
        let mut words = vec!["verify", disk.node(), "--record", record.path.to_str().unwrap()];
        words.extend_from_slice(more);
        radera.run(&words)
    };
    for more in [&[][..], &["--seed", &seed]] {
        let verified = verify(more);
        assert_eq!(verified.code(), 0, "{verified:?}");
    }
    // A run of residue longer than 1.8/1000 of the capacity is hit by every plan.
    disk.image.write_at(17 * MIB + 5 * SECTOR, &vec![Image::UNTOUCHED; 32 * MIB as usize / 400]);
    assert_eq!(verify(&[]).code(), 5);
    assert_eq!(verify(&["--seed", &seed]).code(), 5);
}

/// Runs its arguments with io_uring_setup(2), number 425 everywhere, answered by ENOSYS, as old kernels and containers do.
const WITHOUT_IO_URING: &str = r"
import ctypes, os, struct, sys
program = ctypes.create_string_buffer(struct.pack('=' + 'HBBI' * 4,
    0x20, 0, 0, 0,            # load the system call's number
    0x15, 0, 1, 425,          # io_uring_setup?
    0x06, 0, 0, 0x50000 | 38, # ENOSYS
    0x06, 0, 0, 0x7fff0000))  # allowed
class Filter(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('program', ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(38, 1, 0, 0, 0)
if libc.prctl(22, 2, ctypes.byref(Filter(4, ctypes.addressof(program))), 0, 0) != 0:
    sys.exit('no seccomp: ' + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
";

#[test]
fn a_kernel_without_io_uring_gets_the_plain_engine_and_never_the_page_cache() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let radera = Radera::in_scratch(&scratch);
    for (without, engine) in [(false, "io_uring"), (true, "sync")] {
        let disk = Disk::filled(&scratch, engine, 5 * MIB + 3 * SECTOR);
        let arguments = radera.wipe_arguments(&[disk.node()], &[]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let plain = radera.command(&arguments);
        let output = if without {
            let mut wrapped = std::process::Command::new("python3");
            wrapped.args(["-c", WITHOUT_IO_URING]).arg(plain.get_program()).args(plain.get_args());
            wrapped.output().unwrap()
        } else {
            radera.command(&arguments).output().unwrap()
        };
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let records = radera.records();
        let record =
            records.iter().find(|r| r.text("/medium/path") == disk.node() && r.text("/sessions/0/engine") == engine);
        let record = record.unwrap_or_else(|| panic!("no record of {engine}: {records:?}"));
        assert_eq!(record.verdict(), ("sanitized", "logical-overwrite"));
        assert!(disk.image.bytes() == record.regenerate(0, disk.image.size() as usize));
    }
}

#[test]
fn wipe_tells_what_it_does_in_events() {
    needs_root!();
    let scratch = Scratch::with_room(32);
    let disk = Disk::filled(&scratch, "disk", 8 * MIB);
    let radera = Radera::in_scratch(&scratch);
    let wiped = radera.wipe(&[disk.node()], &["--max-rate", "16777216"]);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    let record = wiped.record();
    for event in wiped.lines() {
        if event["event"] == "finished" {
            continue;
        }
        assert_eq!(event["target"], disk.node(), "{event}");
        assert_eq!(event["job"], record.text("/job"), "{event}");
    }
    let passes = record.value("/passes").as_array().unwrap().len();
    assert_eq!(wiped.events("started").len(), 1);
    assert_eq!(wiped.events("pass").len(), passes);
    for pass in wiped.events("pass") {
        assert_eq!(pass["bytes"], 8 * MIB);
        assert!(pass["milliseconds"].is_u64());
    }
    let progress = wiped.events("progress");
    assert!(!progress.is_empty());
    let done: Vec<u64> = progress.iter().map(|p| p["bytes_done"].as_u64().unwrap()).collect();
    assert!(done.is_sorted(), "{done:?}");
    for p in &progress {
        assert!(p["bytes_done"].as_u64() <= p["bytes_total"].as_u64(), "{p}");
        assert!(p["bytes_per_second"].is_u64() && p.get("milliseconds_left").is_some(), "{p}");
    }
    assert_eq!(wiped.events("verify").len(), 1);
    assert_eq!(wiped.events("verify")[0]["bytes"], 8 * MIB);
    let finished = wiped.events("target-finished");
    assert_eq!(finished.len(), 1);
    assert_eq!(finished[0]["status"], "sanitized");
    assert_eq!(finished[0]["exit_code"], 0);
    assert_eq!(finished[0]["record"], record.path.to_str().unwrap());
    let written: u64 =
        record.value("/passes").as_array().unwrap().iter().map(|p| p["milliseconds"].as_u64().unwrap()).sum();
    assert!(written >= 400 * passes as u64, "--max-rate was not kept: {written} ms");
}

#[test]
fn every_command_speaks_json_a_line_an_object() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let radera = Radera::in_scratch(&scratch);
    let record = radera.wipe(&[disk.node()], &[]).record();
    let file = record.path.to_str().unwrap();
    let commands: [&[&str]; 8] = [
        &["list"],
        &["show", disk.node()],
        &["plan", disk.node(), "--method", "clear"],
        &["verify", disk.node(), "--record", file],
        &["resume", "--out", radera.out.to_str().unwrap()],
        &["certificate", "check", file],
        &["certificate", "show", file],
        &["key", "show"],
    ];
    for words in commands {
        let ended = radera.run(words);
        assert_eq!(ended.code(), 0, "{words:?}: {ended:?}");
        let lines: Vec<Value> = ended.lines();
        assert!(!lines.is_empty() || words[0] == "resume", "{words:?} said nothing");
    }
    let listed = radera.run(&["list"]);
    assert!(listed.stdout.contains(disk.node()), "{listed:?}");
}

#[test]
fn keys_and_state_are_private() {
    use std::os::unix::fs::PermissionsExt;
    needs_root!();
    let scratch = Scratch::with_room(16);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let radera = Radera::in_scratch(&scratch);
    assert_eq!(radera.wipe(&[disk.node()], &[]).code(), 0);
    let mut folders = vec![radera.state.clone()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = std::fs::symlink_metadata(&path).unwrap();
            if metadata.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = std::fs::read(&path).unwrap();
            let public = text.starts_with(b"-----BEGIN CERTIFICATE");
            assert!(public || metadata.permissions().mode() & 0o077 == 0, "{} can be read by others", path.display());
        }
    }
    assert!(files > 0, "the key must be somewhere in the state directory");
    assert_eq!(std::fs::metadata(&radera.state).unwrap().permissions().mode() & 0o077, 0);
}
