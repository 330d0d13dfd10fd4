//! What goes wrong before any medium is looked at.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use super::support::{objects, radera, run};

#[test]
fn files_that_radera_writes_to_or_can_not_read_back_are_refused_untouched() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(OsStr::from_bytes(b"name-\xff.txt"));
    fs::write(&file, "content").unwrap();
    for target in [file.as_path(), directory.path()] {
        let mut wipe = radera(&directory.path().join("state"));
        // The records are to go into the directory that is erased; of the file, purge is asked for.
        let out = directory.path().to_str().unwrap();
        let method = if target.is_dir() { "clear" } else { "purge" };
        let (code, _, stderr) = run(wipe.args(["wipe", "--method", method, "--yes", "--out", out]).arg(target));
        assert_eq!(code, 3, "{stderr}");
        assert!(stderr.contains("radera: ") && stderr.contains("to do: "), "{stderr}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"content");
    assert!(!directory.path().join("state").exists(), "a refusal leaves nothing behind");
}

#[test]
fn a_path_that_is_not_there_is_named_even_if_it_is_no_text() {
    let directory = tempfile::tempdir().unwrap();
    for command in ["plan", "wipe"] {
        let mut wipe = radera(&directory.path().join("state"));
        let target = OsStr::from_bytes(b"/no/such/\xff-device");
        let (code, stdout, stderr) = run(wipe.args(["--json", command, "--method", "clear"]).arg(target));
        assert_eq!(code, 1, "{stderr}");
        assert!(stderr.contains("/no/such/") && stderr.contains("to do: "), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        let objects = objects(&stdout);
        assert_eq!(objects[0]["event"], "error");
        if command == "wipe" {
            let last = objects.last().unwrap();
            assert_eq!((&last["event"], &last["exit_code"]), (&"finished".into(), &1.into()));
            assert_eq!(last["records"].as_array().unwrap().len(), 0);
        }
    }
}

#[test]
fn a_full_standard_output_is_an_error_and_a_closed_one_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let child =
        radera(directory.path()).args(["completions", "bash"]).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("standard output"), "{stderr}");

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let child =
        radera(directory.path()).args(["completions", "bash"]).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn the_key_is_made_once_and_is_private() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let show = || {
        let (code, stdout, stderr) = run(radera(&state).args(["--json", "key", "show"]));
        assert_eq!(code, 0, "{stderr}");
        objects(&stdout).iter().find(|o| o.get("fingerprint").is_some()).unwrap().clone()
    };
    let first = show();
    assert_eq!(first["fingerprint"].as_str().unwrap().len(), "sha256:".len() + 64);
    assert_eq!(show(), first);
    assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o777, 0o700);
    let (code, stdout, _) = run(radera(&state).args(["key", "show", "--pem"]));
    assert_eq!(code, 0);
    assert!(stdout.contains("-----BEGIN CERTIFICATE-----"), "{stdout}");
}

#[test]
fn resume_with_nothing_to_do_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let (code, stdout, stderr) = run(radera(&state).arg("resume"));
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("no interrupted jobs"), "{stdout}");
    let (code, stdout, stderr) = run(radera(&state).args(["--json", "resume", "/dev/no-such-device"]));
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("/dev/no-such-device"), "{stderr}");
    assert_eq!(objects(&stdout).last().unwrap()["exit_code"], 1);
    assert!(!state.exists());
}

#[test]
fn what_is_no_record_is_named_and_not_believed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("foreign.json");
    for (content, code) in [(&b"{\"a\": 1}"[..], 7), (b"\x00\xff\xfe", 7), (b"", 7)] {
        fs::write(&file, content).unwrap();
        for command in [["certificate", "show"], ["verify", "/dev/null"]] {
            let mut show = radera(directory.path());
            show.args(command);
            if command[0] == "verify" {
                show.arg("--record");
            }
            let (found, _, stderr) = run(show.arg(&file));
            assert_eq!(found, code, "{command:?} {content:?}: {stderr}");
            assert!(stderr.contains("foreign.json") && stderr.contains("to do: "), "{stderr}");
        }
    }
    let (code, _, stderr) = run(radera(directory.path()).args(["certificate", "show", "/no/such/record.json"]));
    assert_eq!(code, 1);
    assert!(stderr.contains("/no/such/record.json"), "{stderr}");
}

#[test]
fn a_key_that_another_user_owns_signs_nothing() {
    if !super::skip::root() {
        return;
    }
    for owned in ["keys", "keys/signing", "keys/signing/key.pem"] {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("state");
        assert_eq!(run(radera(&state).args(["key", "show"])).0, 0);
        std::os::unix::fs::chown(state.join(owned), Some(65534), None).unwrap();
        let (code, stdout, stderr) = run(radera(&state).args(["key", "show"]));
        assert_eq!(code, 1, "{owned}: {stdout}");
        assert!(stderr.contains(owned) && stderr.contains("belongs to user 65534"), "{stderr}");
    }
}
