//! Bad input of each kind: one clear message on what and what to do, the right exit code, and never a panic (the rig
//! fails any command that panics).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use support::disk::{Disk, Image, Scratch};
use support::radera::{Ended, Issued, Radera, Running};
use support::{MIB, run};

/// Ended with `code`, and told the user about `thing`.
fn assert_told(ended: &Ended, code: i32, thing: &str) {
    assert_eq!(ended.code(), code, "{ended:?}");
    assert!(ended.said().contains(thing), "{thing:?} is not named: {ended:?}");
    let lines = ended.stderr.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(lines <= 12, "{lines} lines are no clear message: {ended:?}");
}

fn a_station() -> (Scratch, Radera) {
    let scratch = Scratch::plain();
    let radera = Radera::in_scratch(&scratch);
    (scratch, radera)
}

#[test]
fn targets_that_are_no_block_device() {
    let (scratch, radera) = a_station();
    let file = scratch.join("a-file");
    std::fs::write(&file, "precious").unwrap();
    let directory = scratch.directory("a-directory");
    let dangling = scratch.join("dangling");
    std::os::unix::fs::symlink(scratch.join("nowhere"), &dangling).unwrap();
    let missing = scratch.join("missing");
    let targets =
        [&missing, &file, &directory, &dangling, &PathBuf::from("/dev/null"), &PathBuf::from("/dev/nonesuch")];
    for target in targets {
        let target = target.to_str().unwrap();
        for command in [&["show", target][..], &["plan", target, "--method", "clear"]] {
            let ended = radera.run_plain(command);
            assert!([1, 3].contains(&ended.code()), "{command:?}: {ended:?}");
            assert_told(&ended, ended.code(), target);
        }
        let out = radera.out.to_str().unwrap();
        let wiped = radera.run_plain(&["wipe", target, "--method", "clear", "--confirm", "x", "--out", out]);
        assert!([1, 3].contains(&wiped.code()), "{wiped:?}");
        assert_told(&wiped, wiped.code(), target);
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
    assert!(directory.exists());
    assert_eq!(radera.records().len(), 0);
}

#[test]
fn a_target_that_is_no_utf8() {
    let (scratch, radera) = a_station();
    let target = scratch.path().join(OsStr::from_bytes(b"no-utf8-\xff\n-name"));
    let mut command = radera.command(&["plan", "--method", "clear"]);
    command.arg(&target);
    let ended = Running::start(command).wait();
    assert_eq!(ended.code(), 1, "{ended:?}");
    assert!(ended.said().contains("no-utf8-"), "{ended:?}");
    ended.lines();
}

#[test]
fn an_empty_device() {
    needs_root!();
    let (_scratch, radera) = a_station();
    // A loop device that is attached to nothing has a size of 0. Another process may attach it in between: then look again.
    for _ in 0..5 {
        let node = run("losetup", &["-f"]);
        let ended = radera.run_plain(&["plan", &node, "--method", "clear"]);
        if run("losetup", &["-f"]) == node {
            assert_told(&ended, 1, &node);
            return;
        }
    }
    panic!("no loop device stayed free for long enough");
}

#[test]
fn words_that_are_off() {
    let (scratch, radera) = a_station();
    let target = scratch.join("missing");
    let target = target.to_str().unwrap();
    let cases: [(&[&str], &str); 14] = [
        (&["wipe", target], "--method"),
        (&["plan", target], "--method"),
        (&["wipe", "--method", "clear"], "TARGET"),
        (&["wipe", target, "--method", "destroy"], "destroy"),
        (&["wipe", target, "--method", "clear", "--scheme", "nonesuch"], "nonesuch"),
        (&["wipe", target, "--method", "clear", "--pattern", "0x1g"], "0x1g"),
        (&["wipe", target, "--method", "clear", "--pattern", "0x123"], "0x123"),
        (&["wipe", target, "--method", "clear", "--pattern", "zeros", "--scheme", "gutmann"], "--scheme"),
        (&["wipe", target, "--method", "clear", "--technique", "nonesuch"], "nonesuch"),
        (&["wipe", target, "--method", "clear", "--verify", "maybe"], "maybe"),
        (&["wipe", target, "--method", "clear", "--max-rate", "0"], "--max-rate"),
        (&["wipe", target, "--method", "clear", "--max-rate", "-1"], "-1"),
        (&["verify", target], "--record"),
        (&["nonesuch"], "nonesuch"),
    ];
    for (words, thing) in cases {
        assert_told(&radera.run_plain(words), 2, thing);
    }
    assert_eq!(radera.run_plain(&[]).code(), 2);
}

#[test]
fn help_and_version_are_no_error() {
    let (_scratch, radera) = a_station();
    for words in [&["--help"][..], &["--version"], &["wipe", "--help"], &["certificate", "check", "--help"]] {
        assert_eq!(radera.run_plain(words).code(), 0, "{words:?}");
    }
    let help = radera.run_plain(&["--help"]).stdout;
    assert!(["unrecoverable", "approved", "% erased"].iter().all(|word| !help.contains(word)));
}

#[test]
fn the_same_target_twice() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let radera = Radera::in_scratch(&scratch);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let link = scratch.join("link");
    std::os::unix::fs::symlink(disk.device.path(), &link).unwrap();
    let token = radera.confirmation(disk.node());
    let before = disk.image.digest();
    let out = radera.out.to_str().unwrap();
    for second in [disk.node(), link.to_str().unwrap()] {
        let ended = radera.run(&["wipe", disk.node(), second, "--method", "clear", "--confirm", &token, "--out", out]);
        assert!([2, 3].contains(&ended.code()), "{ended:?}");
        assert_eq!(disk.image.digest(), before);
    }
}

#[test]
fn a_technique_that_the_medium_has_not() {
    needs_root!();
    let scratch = Scratch::with_room(16);
    let radera = Radera::in_scratch(&scratch);
    let disk = Disk::filled(&scratch, "disk", MIB);
    let before = disk.image.digest();
    let refused = radera.wipe(&[disk.node()], &["--technique", "nvme-sanitize-block"]);
    assert_told(&refused, 3, "nvme-sanitize-block");
    assert_eq!(disk.image.digest(), before);
}

/// Name, JSON and signature; `None` is the good one.
type Forgery<'a> = (&'a str, Option<&'a [u8]>, Option<&'a [u8]>);

/// A station with one good record, and a place for files made from it.
struct Desk {
    // Dropped in this order.
    record: Issued,
    disk: Disk,
    radera: Radera,
    scratch: Scratch,
}

impl Desk {
    fn new() -> Self {
        let scratch = Scratch::with_room(16);
        let radera = Radera::in_scratch(&scratch);
        let disk = Disk::filled(&scratch, "disk", MIB);
        let record = radera.wipe(&[disk.node()], &[]).record();
        assert_eq!(radera.check(&record.path, &[]).code(), 0);
        Desk { record, disk, radera, scratch }
    }

    /// A file beside a signature; `None` copies the good one.
    fn forge(&self, name: &str, json: Option<&[u8]>, signature: Option<&[u8]>) -> PathBuf {
        let path = self.scratch.join(name);
        let good_json = std::fs::read(&self.record.path).unwrap();
        let good_signature = std::fs::read(self.record.signature()).unwrap();
        std::fs::write(&path, json.unwrap_or(&good_json)).unwrap();
        std::fs::write(self.scratch.join(&format!("{name}.p7s")), signature.unwrap_or(&good_signature)).unwrap();
        path
    }
}

#[test]
fn records_and_signatures_that_are_none() {
    needs_root!();
    let desk = Desk::new();
    let json = std::fs::read(&desk.record.path).unwrap();
    let signature = std::fs::read(desk.record.signature()).unwrap();
    let pretty = serde_json::to_vec_pretty(&desk.record.json).unwrap();
    let mut trailing = json.clone();
    trailing.push(b'\n');
    let mut twice = signature.clone();
    twice.extend_from_slice(&signature);
    let mut turned = signature.clone();
    *turned.last_mut().unwrap() ^= 1;
    let deep = "[".repeat(200_000).into_bytes();
    let cases: [Forgery; 13] = [
        ("foreign.json", Some(b"{\"hello\":\"world\"}"), None),
        ("no-json.json", Some(b"%PDF-1.7"), None),
        ("empty.json", Some(b""), None),
        ("binary.json", Some(&[0xff, 0x00, 0xfe]), None),
        ("deep.json", Some(&deep), None),
        ("pretty.json", Some(&pretty), None),
        ("trailing.json", Some(&trailing), None),
        ("truncated.json", Some(&json[..json.len() / 2]), None),
        ("truncated-signature.json", None, Some(&signature[..signature.len() / 2])),
        ("empty-signature.json", None, Some(b"")),
        ("doubled-signature.json", None, Some(&twice)),
        ("turned-signature.json", None, Some(&turned)),
        ("signature-of-text.json", None, Some(b"-----BEGIN PKCS7-----")),
    ];
    for (name, json, signature) in cases {
        let path = desk.forge(name, json, signature);
        let plain = desk.radera.run_plain(&["certificate", "check", path.to_str().unwrap()]);
        assert_eq!(plain.code(), 7, "{name}: {plain:?}");
        assert!(plain.said().contains(name), "{name}: {plain:?}");
        assert_eq!(desk.radera.check(&path, &[]).code(), 7, "{name}");
    }
    for length in 0..signature.len() {
        if length % 97 == 0 {
            let path = desk.forge("cut.json", None, Some(&signature[..length]));
            assert_eq!(desk.radera.check(&path, &[]).code(), 7, "signature cut to {length} bytes");
        }
    }
}

#[test]
fn a_signature_by_another_key() {
    needs_root!();
    let desk = Desk::new();
    let other = Radera::named(&desk.scratch, "other");
    let disk = Disk::filled(&desk.scratch, "other-disk", MIB);
    let theirs = other.wipe(&[disk.node()], &[]).record();
    let their_signature = std::fs::read(theirs.signature()).unwrap();
    let path = desk.forge("swapped.json", None, Some(&their_signature));
    assert_eq!(desk.radera.check(&path, &[]).code(), 7);

    // Another key's valid signature over our very bytes: the record names its signer, so it does not check out either.
    let key = desk.scratch.join("forger.pem");
    let certificate = desk.scratch.join("forger.crt");
    let signature = desk.scratch.join("forged.json.p7s");
    let path = desk.forge("forged.json", None, None);
    run(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-subj",
            "/CN=forger",
            "-days",
            "30",
            "-keyout",
            key.to_str().unwrap(),
            "-out",
            certificate.to_str().unwrap(),
        ],
    );
    run(
        "openssl",
        &[
            "cms",
            "-sign",
            "-binary",
            "-outform",
            "DER",
            "-in",
            path.to_str().unwrap(),
            "-signer",
            certificate.to_str().unwrap(),
            "-inkey",
            key.to_str().unwrap(),
            "-out",
            signature.to_str().unwrap(),
        ],
    );
    assert_eq!(desk.radera.check(&path, &[]).code(), 7);
    assert_eq!(desk.radera.check(&path, &["--trust", certificate.to_str().unwrap()]).code(), 7);
}

#[test]
fn files_that_cannot_be_read_are_no_verdict() {
    needs_root!();
    let desk = Desk::new();
    let missing = desk.scratch.join("missing.json");
    assert_told(&desk.radera.run_plain(&["certificate", "check", missing.to_str().unwrap()]), 1, "missing.json");
    let alone = desk.forge("alone.json", None, None);
    std::fs::remove_file(desk.scratch.join("alone.json.p7s")).unwrap();
    let ended = desk.radera.run_plain(&["certificate", "check", alone.to_str().unwrap()]);
    assert!([1, 7].contains(&ended.code()), "a record without a signature proves nothing: {ended:?}");
    assert_told(&ended, ended.code(), "alone.json");
    let good = desk.record.path.to_str().unwrap();
    let ended = desk.radera.run_plain(&["certificate", "check", good, "--trust", missing.to_str().unwrap()]);
    assert_ne!(ended.code(), 0, "{ended:?}");
}

#[test]
fn the_worst_of_several_records_decides() {
    needs_root!();
    let desk = Desk::new();
    let bad = desk.forge("bad.json", Some(b"{}"), None);
    let good = desk.record.path.to_str().unwrap();
    for files in [[good, bad.to_str().unwrap()], [bad.to_str().unwrap(), good]] {
        assert_eq!(desk.radera.run(&["certificate", "check", files[0], files[1]]).code(), 7);
    }
}

#[test]
fn verify_with_a_hostile_record() {
    needs_root!();
    let desk = Desk::new();
    let before = desk.disk.image.digest();
    let text = std::fs::read_to_string(&desk.record.path).unwrap();
    let edits: [(&str, &str, &str); 7] = [
        ("size.json", "\"size_bytes\":1048576", "\"size_bytes\":9007199254740991"),
        ("scope.json", "\"bytes\":1048576", "\"bytes\":9007199254740991"),
        ("first.json", "\"first_byte\":0", "\"first_byte\":9007199254740991"),
        ("block.json", "\"logical_block_bytes\":512", "\"logical_block_bytes\":0"),
        ("algorithm.json", "aes-128-ctr", "rot13"),
        ("schema.json", "radera/sanitization-record/1", "radera/sanitization-record/2"),
        ("negative.json", "\"bytes_written\":1048576", "\"bytes_written\":-1"),
    ];
    for (name, from, to) in edits {
        assert!(text.contains(from), "{from} is not in the record: {text}");
        let path = desk.forge(name, Some(text.replace(from, to).as_bytes()), None);
        let ended = desk.radera.run(&["verify", desk.disk.node(), "--record", path.to_str().unwrap()]);
        assert!([1, 3, 7].contains(&ended.code()), "{name}: {ended:?}");
    }
    for (name, content) in [("empty.json", &b""[..]), ("foreign.json", b"[1,2,3]"), ("no-utf8.json", &[0xff; 64])] {
        let path = desk.forge(name, Some(content), None);
        let ended = desk.radera.run(&["verify", desk.disk.node(), "--record", path.to_str().unwrap()]);
        assert!([1, 7].contains(&ended.code()), "{name}: {ended:?}");
    }
    let other = Disk::over(Image::filled(desk.scratch.join("another"), 2 * MIB));
    let good = desk.record.path.to_str().unwrap();
    let ended = desk.radera.run(&["verify", other.node(), "--record", good]);
    assert_eq!(ended.code(), 3, "another medium than the record's: {ended:?}");
    assert_eq!(desk.disk.image.digest(), before);
}

#[test]
fn a_damaged_key_or_journal_is_told_and_nothing_is_changed() {
    needs_root!();
    let desk = Desk::new();
    let mut interrupted = desk.radera.start_wipe(desk.disk.node(), &["--max-rate", "262144"]);
    interrupted.wait_for_event("started");
    interrupted.signal("KILL");
    let _ = interrupted.wait();
    let before = desk.disk.image.digest();
    let mut folders = vec![desk.radera.state.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { std::fs::write(&path, b"\xff\x00 not what it was").unwrap() }
        }
    }
    let ended = desk.radera.wipe(&[desk.disk.node()], &[]);
    assert!([1, 3].contains(&ended.code()), "{ended:?}");
    let resumed = desk.radera.resume();
    assert_ne!(resumed.code(), 0, "an interrupted job can't be lost without a word: {resumed:?}");
    assert_eq!(desk.disk.image.digest(), before);
}
