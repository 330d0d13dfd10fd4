//! Bad input of each kind: one clear message on what and what to do, the right exit code, and never a panic (the rig
//! fails any command that panics).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_possible_truncation)]

mod support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use radera::certificate::{Form, KeyStore, NoPin};
use serde_json::{Value, json};
use support::disk::{Disk, Image, Scratch};
use support::radera::{Ended, Issued, Radera, Running};
use support::{MIB, run};

/// Ended with `code` and one message on standard error: a line on what is off, which names `thing`, and one on what to do.
#[track_caller]
fn assert_told(ended: &Ended, code: i32, thing: &str) {
    assert_eq!(ended.code(), code, "{ended:?}");
    let lines: Vec<&str> = ended.stderr.lines().filter(|line| !line.trim().is_empty()).collect();
    let [what, todo] = lines[..] else { panic!("no clear message: {ended:?}") };
    assert!(what.starts_with("radera: ") && what.contains(thing), "{thing:?} is not named: {ended:?}");
    assert!(todo.trim_start().strip_prefix("to do: ").is_some_and(|words| !words.is_empty()), "{ended:?}");
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
    // 1: there is no such thing. 3: it is there and could be erased one day, and this version refuses to.
    let targets = [
        (missing.to_str().unwrap(), 1, "no such path"),
        (dangling.to_str().unwrap(), 1, "no such path"),
        ("/dev/nonesuch", 1, "no such path"),
        ("/dev/null", 1, "not a block device"),
    ];
    let out = radera.out.to_str().unwrap();
    for (target, code, why) in targets {
        let commands = [
            &["show", target][..],
            &["plan", target, "--method", "clear"],
            &["wipe", target, "--method", "clear", "--confirm", "x", "--out", out],
        ];
        for command in commands {
            let ended = radera.run_plain(command);
            assert_told(&ended, code, target);
            assert!(ended.stderr.contains(why), "{command:?}: {ended:?}");
        }
    }
    // Files are no devices: a confirmation by serial number is not theirs, and `show` has nothing to say of them.
    for target in [file.to_str().unwrap(), directory.to_str().unwrap()] {
        let shown = radera.run_plain(&["show", target]);
        assert_told(&shown, 3, target);
        let wiped = radera.run_plain(&["wipe", target, "--method", "clear", "--confirm", "x", "--out", out]);
        assert_eq!(wiped.code(), 2, "{wiped:?}");
        assert!(wiped.stderr.contains("--confirm"), "{wiped:?}");
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
    assert!(ended.stderr.starts_with("radera: ") && ended.stderr.contains("no-utf8-"), "{ended:?}");
    assert!(ended.stderr.lines().last().is_some_and(|line| line.starts_with("  to do: ")), "{ended:?}");
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
            assert!(ended.stderr.contains("is empty"), "{ended:?}");
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
        assert_told(&ended, 3, second);
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
    assert_eq!(ended.code(), 7, "a record without a signature proves nothing: {ended:?}");
    assert!(
        ended.stdout.contains("there is no signature file") && ended.stdout.contains("alone.json.p7s"),
        "{ended:?}"
    );
    let good = desk.record.path.to_str().unwrap();
    let ended = desk.radera.run_plain(&["certificate", "check", good, "--trust", missing.to_str().unwrap()]);
    assert_told(&ended, 1, "missing.json");
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

/// What a liar writes into a record: the member, and what it says now.
type Lie = (&'static str, Value);

fn lies() -> Vec<Lie> {
    let most = json!((1u64 << 53) - 1);
    let stream = |key: &str| json!({"algorithm": "aes-128-ctr", "counter": "big-endian-128(offset/16)", "key": key});
    let fixed = |hex: &str| {
        json!({"bytes_hex": hex, "bytes_written": MIB, "complete": true, "inverted": false, "milliseconds": 1, "number": 1,
            "pattern": "zeros", "stream": null})
    };
    let everything = json!({"bytes": most, "error": null, "first_byte": most, "kind": "unreadable", "pass": 0});
    let falling: Vec<Value> = (0..300_000u64)
        .rev()
        .map(|n| json!({"bytes": 1, "error": null, "first_byte": 3 * n, "kind": "mismatch", "pass": 0}))
        .collect();
    vec![
        ("/medium/size_bytes", most.clone()),
        ("/medium/logical_block_bytes", json!(0)),
        ("/medium/logical_block_bytes", json!(1u64 << 32)),
        ("/medium/serial", json!("another's")),
        ("/scope/bytes", most.clone()),
        ("/scope/bytes", json!(0)),
        ("/scope/first_byte", most.clone()),
        ("/scope/kind", json!("plain-file")),
        ("/passes", json!([])),
        ("/passes/0/stream/algorithm", json!("rot13")),
        ("/passes/0/stream", stream("")),
        ("/passes/0/stream", stream(&"g".repeat(32))),
        ("/passes/0/stream", stream(&"\u{e9}".repeat(16))),
        ("/passes/0/stream", Value::Null),
        ("/passes/0/bytes_hex", json!("00")),
        ("/passes/0", fixed("")),
        ("/passes/0", fixed("0")),
        ("/passes/0", fixed("\u{e9}")),
        ("/passes/0", fixed(&"5a".repeat(17))),
        ("/passes/0/bytes_written", json!(-1)),
        ("/passes/0/bytes_written", json!(1.5)),
        ("/passes/0/inverted", json!(true)),
        ("/passes/0/number", json!(u32::MAX)),
        ("/verification/kind", json!("none")),
        ("/verification/kind", json!("sampled")),
        ("/verification/seed", json!("\u{0}")),
        ("/exceptions", json!([everything, everything])),
        ("/status", json!("failed")),
        ("/status", json!("erased")),
        ("/exceptions", json!(falling)),
        ("/schema", json!("radera/sanitization-record/2")),
        ("/id", json!("../../etc/passwd")),
    ]
}

/// A liar who leaves the signature out, keeps the good one, or signs with the very key of the station.
#[test]
fn verify_with_a_hostile_record() {
    needs_root!();
    let desk = Desk::new();
    let before = desk.disk.image.digest();
    let signer = KeyStore::open(&desk.radera.state, &NoPin).unwrap().unwrap();
    let verify = |path: &Path| {
        let begun = Instant::now();
        let ended = desk.radera.run(&["verify", desk.disk.node(), "--record", path.to_str().unwrap()]);
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?} for 1 MiB: {ended:?}", begun.elapsed());
        ended
    };
    for (number, (member, lie)) in lies().into_iter().enumerate() {
        let mut record = desk.record.json.clone();
        *record.pointer_mut(member).unwrap() = lie.clone();
        // Not by radera's own canonical form, which refuses some of these numbers.
        let json = serde_json::to_vec(&record).unwrap();
        let said = format!("{member} = {:.200}", lie.to_string());

        let path = desk.forge(&format!("kept-{number}.json"), Some(&json), None);
        let kept = verify(&path);
        assert_eq!(kept.code(), 7, "{said}: {kept:?}");

        let signature = signer.sign(&json, Form::Detached, None).unwrap();
        let path = desk.forge(&format!("signed-{number}.json"), Some(&json), Some(&signature));
        let signed = verify(&path);
        assert_eq!(signed.code(), 7, "{said}, signed with the station's key: {signed:?}");

        std::fs::remove_file(desk.scratch.join(&format!("signed-{number}.json.p7s"))).unwrap();
        let alone = verify(&path);
        assert_eq!(alone.code(), 7, "{said}, unsigned: {alone:?}");
        if [3, 7].contains(&alone.code()) {
            assert!(alone.stderr.contains("to do: "), "{said}: {alone:?}");
        } else {
            assert!(alone.find("record_signature").is_some_and(|said| said.starts_with("missing")), "{alone:?}");
        }
    }
    for (name, content) in [("empty.json", &b""[..]), ("foreign.json", b"[1,2,3]"), ("no-utf8.json", &[0xff; 64])] {
        let path = desk.forge(name, Some(content), None);
        let ended = desk.radera.run_plain(&["verify", desk.disk.node(), "--record", path.to_str().unwrap()]);
        assert_told(&ended, 7, name);
    }
    let other = Disk::over(Image::filled(desk.scratch.join("another"), 2 * MIB));
    let good = desk.record.path.to_str().unwrap();
    let ended = desk.radera.run_plain(&["verify", other.node(), "--record", good]);
    assert_told(&ended, 3, other.node());
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
    assert_told(&ended, 1, "key.pem is damaged");
    let resumed = desk.radera.resume();
    assert_eq!(resumed.code(), 1, "an interrupted job can't be lost without a word: {resumed:?}");
    assert!(resumed.stderr.contains(".journal is damaged") && resumed.stderr.contains("to do: "), "{resumed:?}");
    assert_eq!(desk.disk.image.digest(), before);
}
