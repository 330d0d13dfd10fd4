//! Keys and records as files: private, whole or not there, never over one another, and found out before a wipe begins.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use radera::certificate::{Form, KeyStore, NoPin, Press, Reservation, Trust, check, verify_signature};
use radera::document::canonical_bytes;
use radera::problem::{ExitCode, Kind};

use super::support::*;

/// What a child of this test binary is to do, and where.
const CHILD: &str = "RADERA_TEST_CHILD";

/// What the children of one test sign, each with the key that it came by.
const SIGNED_BY_ALL: &[u8] = b"the same words";

fn child(role: &str, at: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "files::child_of_a_test", "--ignored", "--nocapture"]);
    command.env(CHILD, format!("{role}:{}", at.display())).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
#[ignore = "not a test: what the children of other tests run"]
fn child_of_a_test() {
    let Ok(order) = std::env::var(CHILD) else { return };
    let (role, at) = order.split_once(':').unwrap();
    let at = Path::new(at);
    match role {
        "key" => {
            let signer = KeyStore::open_or_create(&at.join("state"), &NoPin).unwrap();
            let signature = signer.sign(SIGNED_BY_ALL, Form::Detached, None).unwrap();
            std::fs::write(at.join("out").join(std::process::id().to_string()), signature).unwrap();
        }
        "issue" => {
            let press = Press::plain(KeyStore::open_or_create(&at.join("state"), &NoPin).unwrap());
            for number in 0u128.. {
                let mut record = record(&*press.signer);
                record.id = format!("{number:032x}");
                Reservation::make(&at.join("out"), &record.id).unwrap().issue(&record, &press).unwrap();
            }
        }
        other => panic!("{other}"),
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn pair(state: &Path) -> (PathBuf, PathBuf) {
    (state.join("keys/signing/key.pem"), state.join("keys/signing/certificate.pem"))
}

#[test]
fn the_key_is_made_once_and_is_private_to_its_owner() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("deep/state");
    assert!(KeyStore::open(&state, &NoPin).unwrap().is_none());
    assert!(!state.exists(), "looking makes nothing");
    let first = KeyStore::open_or_create(&state, &NoPin).unwrap().fingerprint();
    let (key, certificate) = pair(&state);
    for (path, expected) in
        [(state.join("keys"), 0o700), (state.join("keys/signing"), 0o700), (key, 0o600), (certificate.clone(), 0o600)]
    {
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
    assert_eq!(KeyStore::open_or_create(&state, &NoPin).unwrap().fingerprint(), first);
    // Without -nameopt, versions of openssl differ in the spaces around the equals sign.
    let mut openssl = Command::new("openssl");
    openssl.args(["x509", "-noout", "-text", "-nameopt", "RFC2253", "-in"]).arg(&certificate);
    let text = String::from_utf8(openssl.output().unwrap().stdout).unwrap();
    for part in ["CN=radera signing key ", "Digital Signature, Non Repudiation", "CA:FALSE", "prime256v1"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn of_processes_that_make_the_key_at_once_all_use_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (state, out) = (dir.path().join("state"), dir.path().join("out"));
    std::fs::create_dir(&out).unwrap();
    let children: Vec<_> = (0..6).map(|_| child("key", dir.path()).spawn().unwrap()).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let names: Vec<_> = std::fs::read_dir(state.join("keys")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["signing"], "and nothing is left of the others");
    let kept = KeyStore::open(&state, &NoPin).unwrap().unwrap().fingerprint();
    let signatures: Vec<_> = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(signatures.len(), 6);
    for path in signatures {
        let made_with =
            verify_signature(SIGNED_BY_ALL, &std::fs::read(&path).unwrap(), Form::Detached).unwrap().fingerprint;
        assert_eq!(made_with, kept, "a process signed with a key that was not kept");
    }
}

#[test]
fn a_key_that_others_can_read_or_that_is_damaged_is_refused_by_name() {
    let other = Desk::new();
    type Harm = fn(&Path, &Path, &Path);
    let harms: [(&str, &str, Harm); 8] = [
        ("key.pem", "mode 640", |key, _, _| set_mode(key, 0o640)),
        ("keys", "mode 755", |key, _, _| set_mode(key.parent().unwrap().parent().unwrap(), 0o755)),
        ("certificate.pem", "does not fit", |_, certificate, other| assert!(std::fs::copy(other, certificate).is_ok())),
        ("key.pem", "damaged", |key, _, _| std::fs::write(key, b"").unwrap()),
        ("key.pem", "damaged", |key, _, _| std::fs::write(key, [0xff; 300]).unwrap()),
        ("key.pem", "can't read", |key, _, _| std::fs::remove_file(key).unwrap()),
        ("certificate.pem", "damaged", |_, certificate, _| std::fs::write(certificate, b"hello").unwrap()),
        ("key.pem", "not a plain file", |key, _, _| {
            std::fs::remove_file(key).unwrap();
            std::os::unix::fs::symlink("/etc/passwd", key).unwrap();
        }),
    ];
    for (name, why, harm) in harms {
        let desk = Desk::new();
        let state = desk.dir.path().join("state");
        let (key, certificate) = pair(&state);
        harm(&key, &certificate, &other.certificate());
        let Err(problem) = KeyStore::open_or_create(&state, &NoPin) else { panic!("{name} {why}: accepted") };
        assert_eq!(problem.kind, Kind::Error);
        assert!(problem.what.contains(name) && problem.what.contains(why), "{problem:?}");
        assert!(!problem.todo.is_empty());
    }
}

#[test]
fn a_key_cut_off_at_any_length_is_refused() {
    let desk = Desk::new();
    let state = desk.dir.path().join("state");
    let (key, certificate) = pair(&state);
    for path in [key, certificate] {
        let good = std::fs::read(&path).unwrap();
        // The newline after the last line may be missing.
        for length in (0..good.len() - 1).step_by(3) {
            std::fs::write(&path, &good[..length]).unwrap();
            assert!(KeyStore::open_or_create(&state, &NoPin).is_err(), "{} of {length} bytes", path.display());
        }
        std::fs::write(&path, &good).unwrap();
    }
    assert_eq!(KeyStore::open_or_create(&state, &NoPin).unwrap().fingerprint(), desk.press.signer.fingerprint());
}

#[test]
fn a_state_directory_that_can_not_be_used_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"").unwrap();
    for state in [file.as_path(), &file.join("below"), Path::new("/proc/1/state")] {
        let Err(problem) = KeyStore::open_or_create(state, &NoPin) else { panic!("{}", state.display()) };
        assert_eq!(problem.kind, Kind::Error);
        assert!(problem.what.contains(state.to_str().unwrap()), "{problem:?}");
    }
}

fn openssl(at: &Path, arguments: &str) {
    let output = Command::new("openssl").current_dir(at).args(arguments.split(' ')).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// [`authorities`], and the directory below `at` that a station keeps its key in.
fn station_of_an_authority(at: &Path) -> PathBuf {
    authorities(at);
    let keys = at.join("state/keys/signing");
    std::fs::create_dir_all(&keys).unwrap();
    for directory in [keys.as_path(), keys.parent().unwrap()] {
        set_mode(directory, 0o700);
    }
    keys
}

/// A certificate for a web server is none for documents, whoever issued it.
#[test]
fn a_key_that_was_certified_for_something_else_signs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let keys = station_of_an_authority(dir.path());
    std::fs::copy(dir.path().join("key.pem"), keys.join("key.pem")).unwrap();
    set_mode(&keys.join("key.pem"), 0o600);
    for (purposes, good) in
        [("serverAuth", false), ("critical,clientAuth", false), ("serverAuth,emailProtection", true)]
    {
        std::fs::write(dir.path().join("purposes.cnf"), format!("extendedKeyUsage={purposes}\n")).unwrap();
        let issue = "x509 -req -in key.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile purposes.cnf";
        openssl(dir.path(), &format!("{issue} -out state/keys/signing/certificate.pem"));
        let opened = KeyStore::open(&dir.path().join("state"), &NoPin);
        assert_eq!(opened.is_ok(), good, "{purposes}");
        if let Err(problem) = opened {
            assert!(problem.what.contains("extKeyUsage"), "{problem:?}");
        }
    }
}

/// Two authorities of one name with different keys, an end certificate that is none, and a key that `ca` issued.
fn authorities(at: &Path) {
    let curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for name in ["ca", "false"] {
        openssl(at, &format!("req -x509 {curve} -keyout {name}.key -out {name}.pem -days 30 -subj /CN=Authority"));
    }
    let leaf = "-addext basicConstraints=critical,CA:FALSE";
    openssl(at, &format!("req -x509 -new -key ca.key -out leaf.pem -days 30 -subj /CN=Authority {leaf}"));
    openssl(at, &format!("req -new {curve} -keyout key.pem -out key.csr -subj /CN=Station"));
    openssl(at, "x509 -req -in key.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out certificate.pem");
}

#[test]
fn a_signer_is_trusted_by_the_authority_that_issued_its_certificate_and_by_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let keys = station_of_an_authority(dir.path());
    for name in ["key.pem", "certificate.pem"] {
        std::fs::copy(dir.path().join(name), keys.join(name)).unwrap();
        set_mode(&keys.join(name), 0o600);
    }
    let press = Press::plain(KeyStore::open(&dir.path().join("state"), &NoPin).unwrap().unwrap());
    let mut record = record(&*press.signer);
    // Issued a moment ago: the job can't have ended before.
    record.finished = now();
    record.sessions[0].finished = Some(record.finished.clone());
    let json = Reservation::make(dir.path(), &record.id).unwrap().issue(&record, &press).unwrap().json;
    let with = |name: &str| {
        let trust = Trust::load(dir.path().join(name).to_str().unwrap()).unwrap();
        summary(&check(&json, &trust, &[]).unwrap())
    };
    assert_eq!(with("ca.pem"), (ExitCode::Success, String::new()));
    assert!(openssl_verify(&json, &["-CAfile", dir.path().join("ca.pem").to_str().unwrap()]).status.success());
    for (name, why) in [("false.pem", "did not sign"), ("leaf.pem", "no certification authority")] {
        let (code, found) = with(name);
        assert_eq!(code, ExitCode::Untrusted);
        assert!(found.contains(why), "{found}");
    }
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_directory_that_can_not_take_records_is_found_before_anything_else() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let id = "0".repeat(32);
    for (directory, why) in [
        (dir.path().join("none"), "does not exist"),
        (file, "not a directory"),
        (PathBuf::from("/proc/1"), "can't write records"),
    ] {
        let problem = Reservation::make(&directory, &id).unwrap_err();
        assert_eq!(problem.kind, Kind::Error);
        assert!(problem.what.contains(why) && problem.what.contains(directory.to_str().unwrap()), "{problem:?}");
        assert!(problem.todo.contains("--out"));
    }
    for id in ["", "../0", &"G".repeat(32)] {
        assert!(Reservation::make(dir.path(), id).is_err());
    }
    assert_eq!(names(dir.path()), ["file"]);
}

#[test]
fn a_reservation_takes_real_room_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let id = "0".repeat(32);
    let reservation = Reservation::make(&desk.out(), &id).unwrap();
    let held: u64 = names(&desk.out()).iter().map(|n| desk.out().join(n).metadata().unwrap().blocks() * 512).sum();
    assert!(held >= 1 << 20, "{held} bytes held");
    drop(reservation);
    assert!(names(&desk.out()).is_empty());

    // What a killed session left under the same id is taken over.
    std::mem::forget(Reservation::make(&desk.out(), &id).unwrap());
    assert_eq!(names(&desk.out()).len(), 2);
    drop(Reservation::make(&desk.out(), &id).unwrap());
    assert!(names(&desk.out()).is_empty());
}

#[test]
fn nothing_is_written_over_and_a_signature_left_alone_is_taken_up_again() {
    let desk = Desk::new();
    let record = record(&*desk.press.signer);
    let json = desk.issue(&record);
    let (bytes, signature) = (std::fs::read(&json).unwrap(), std::fs::read(signature_of(&json)).unwrap());
    assert!(Reservation::make(&desk.out(), &record.id).unwrap_err().what.contains("already"));

    // Killed after the signature and before the record.
    std::fs::remove_file(&json).unwrap();
    assert_eq!(desk.issue(&record), json);
    assert_eq!(std::fs::read(&json).unwrap(), bytes);
    assert_eq!(std::fs::read(signature_of(&json)).unwrap(), signature);
    assert_eq!(desk.checked(&json).0, ExitCode::Success);

    // Another's signature in its place is an error, and stays; so is a record that appears meanwhile.
    std::fs::remove_file(&json).unwrap();
    std::fs::write(signature_of(&json), b"another").unwrap();
    let issue = |r: Reservation| r.issue(&record, &desk.press).unwrap_err();
    let problem = issue(Reservation::make(&desk.out(), &record.id).unwrap());
    assert_eq!(problem.kind, Kind::Failed);
    assert!(problem.what.contains(".p7s") && problem.todo.contains("radera resume --out"), "{problem:?}");
    assert_eq!(names(&desk.out()).len(), 1);

    std::fs::remove_file(signature_of(&json)).unwrap();
    let reservation = Reservation::make(&desk.out(), &record.id).unwrap();
    std::fs::write(&json, b"meanwhile").unwrap();
    issue(reservation);
    assert_eq!(names(&desk.out()).len(), 1);
    assert_eq!(std::fs::read(&json).unwrap(), b"meanwhile");
}

#[test]
fn a_record_of_another_key_or_id_is_not_issued() {
    let (desk, other) = (Desk::new(), Desk::new());
    let record = record(&*desk.press.signer);
    let reservation = || Reservation::make(&desk.out(), &"f".repeat(32)).unwrap();
    assert!(reservation().issue(&record, &desk.press).is_err());
    let reservation = Reservation::make(&desk.out(), &record.id).unwrap();
    assert!(reservation.issue(&record, &other.press).is_err());
    assert!(names(&desk.out()).is_empty());
}

/// A filesystem of the given size, unmounted in the end.
struct Tiny(tempfile::TempDir);

impl Tiny {
    fn mount(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(dir.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Tiny(dir)),
            _ => {
                crate::skip::skip("mounting a tmpfs takes root");
                None
            }
        }
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_filesystem_is_found_when_room_is_reserved_and_room_once_reserved_is_kept() {
    let Some(tiny) = Tiny::mount("512k") else { return };
    let problem = Reservation::make(tiny.0.path(), &"0".repeat(32)).unwrap_err();
    assert_eq!(problem.kind, Kind::Error);
    assert!(problem.what.contains("no room") && problem.todo.contains("--out"), "{problem:?}");
    assert!(names(tiny.0.path()).is_empty());

    let Some(small) = Tiny::mount("2m") else { return };
    let desk = Desk::new();
    let record = record(&*desk.press.signer);
    let reservation = Reservation::make(small.0.path(), &record.id).unwrap();
    let mut filler = std::fs::File::create(small.0.path().join("filler")).unwrap();
    while filler.write(&[1; 4096]).is_ok_and(|n| n > 0) {}
    assert!(std::fs::write(small.0.path().join("more"), [1; 4096]).is_err(), "it is full now");
    let issued = reservation.issue(&record, &desk.press).unwrap();
    assert_eq!(desk.checked(&issued.json).0, ExitCode::Success);
}

#[test]
fn killed_at_any_moment_no_record_stands_without_its_signature() {
    let desk = Desk::new();
    let mut seen = 0;
    for round in 0..24u64 {
        let mut child = child("issue", desk.dir.path()).spawn().unwrap();
        // Once it has begun to issue, at another moment in each round.
        let deadline = Instant::now() + Duration::from_secs(30);
        while names(&desk.out()).iter().all(|name| !name.ends_with(".json")) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(round * 1_370));
        child.kill().unwrap();
        child.wait().unwrap();
        for name in names(&desk.out()) {
            if name.ends_with(".json") {
                let json = desk.out().join(&name);
                assert_eq!(desk.checked(&json), (ExitCode::Success, String::new()), "{name} in round {round}");
                seen += 1;
            }
            std::fs::remove_file(desk.out().join(&name)).unwrap();
        }
    }
    assert!(seen >= 24, "only {seen} records were issued");
}

#[test]
fn the_digest_of_what_was_issued_is_that_of_its_bytes() {
    let desk = Desk::new();
    let record = record(&*desk.press.signer);
    let issued = Reservation::make(&desk.out(), &record.id).unwrap().issue(&record, &desk.press).unwrap();
    let output = Command::new("sha256sum").arg(&issued.json).output().unwrap();
    let digest = String::from_utf8(output.stdout).unwrap();
    assert_eq!(issued.digest, format!("sha256:{}", digest.split(' ').next().unwrap()));
    assert_eq!(std::fs::read(&issued.json).unwrap(), canonical_bytes(&record).unwrap());
    assert_eq!(issued.signature, signature_of(&issued.json));
}
