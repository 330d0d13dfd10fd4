//! Jobs that stand open: told, closed by a new wipe, given up by a person.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use serde_json::Value;

use super::support::{Loop, objects, radera, run};

const MIB: u64 = 1 << 20;

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The records in `directory`.
fn records(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect()
}

/// A wipe that runs for some seconds, and its job's id.
fn running(disk: &Loop) -> (Child, String) {
    let mut wipe = disk.wipe(&["--json", "--max-rate", "4M", "--confirm", &disk.confirmation()]);
    let mut child = wipe.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut events = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let job = events.find(|e| e["event"] == "started").unwrap()["job"].as_str().unwrap().to_string();
    assert!(events.any(|e| e["event"] == "progress"));
    // The pipe closes, and the wipe goes on.
    (child, job)
}

fn killed(disk: &Loop) -> String {
    let (mut child, job) = running(disk);
    child.kill().unwrap();
    child.wait().unwrap();
    job
}

fn resume(disk: &Loop, more: &[&str]) -> (i32, String, String) {
    run(radera(&disk.state()).arg("resume").args(more))
}

fn checks_out(record: &Path, disk: &Loop) {
    let (code, stdout, stderr) = run(radera(&disk.state()).args(["certificate", "check"]).arg(record));
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn a_new_wipe_closes_the_job_that_was_killed_and_issues_its_record() {
    if !super::skip::root() {
        return;
    }
    let disk = Loop::new(16 * MIB);
    let job = killed(&disk);
    assert_eq!(records(&disk.out()).len(), 0, "it was killed before it could issue one");
    let (code, stdout, stderr) = run(&mut disk.wipe(&["--json", "--confirm", &disk.confirmation()]));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_eq!(disk.markers(), 0);
    let of_killed: Vec<_> = records(&disk.out()).into_iter().filter(|path| json(path)["job"] == *job).collect();
    assert_eq!(of_killed.len(), 1);
    assert_eq!(json(&of_killed[0])["status"], "interrupted");
    checks_out(&of_killed[0], &disk);
    let told = objects(&stdout).pop().unwrap()["records"].clone();
    assert!(told.as_array().unwrap().contains(&of_killed[0].to_str().unwrap().into()), "{told}");
    let (code, stdout, _) = resume(&disk, &[]);
    assert!(code == 0 && stdout.contains("no interrupted jobs"), "{stdout}");
}

#[test]
fn a_job_that_can_not_go_on_is_given_up_once() {
    if !super::skip::root() {
        return;
    }
    let disk = Loop::new(16 * MIB);
    let job = killed(&disk);
    disk.detach();
    let before = fs::read(&disk.image).unwrap();
    let (code, stdout, stderr) = resume(&disk, &[]);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stderr.contains("not attached"), "{stderr}");
    let way_out = format!("radera resume --give-up {job}");
    assert!(stderr.contains(&way_out), "{stderr}");

    let (code, stdout, stderr) = resume(&disk, &["--json", "--give-up", &job]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let record = records(&disk.out()).pop().unwrap();
    assert_eq!((&json(&record)["job"], &json(&record)["status"]), (&job.as_str().into(), &"interrupted".into()));
    checks_out(&record, &disk);
    assert_eq!(objects(&stdout).pop().unwrap()["records"][0], record.to_str().unwrap());
    let (code, stdout, _) = resume(&disk, &[]);
    assert!(code == 0 && stdout.contains("no interrupted jobs"), "{stdout}");

    for nonsense in [job.as_str(), "0123456789abcdef0123456789abcdef", "../../etc/passwd", ""] {
        let (code, stdout, stderr) = resume(&disk, &["--give-up", nonsense]);
        assert_eq!(code, 1, "{nonsense}: {stdout}");
        assert!(stderr.contains("to do: "), "{stderr}");
    }
    assert!(fs::read(&disk.image).unwrap() == before, "the medium is left alone");
}

#[test]
fn a_journal_that_can_not_be_read_is_set_aside_and_kept() {
    let directory = tempfile::tempdir().unwrap();
    let (state, job) = (directory.path().join("state"), "0123456789abcdef".repeat(2));
    let journal = state.join("jobs").join(format!("{job}.journal"));
    fs::create_dir_all(journal.parent().unwrap()).unwrap();
    fs::write(&journal, "no journal\nat all\n").unwrap();
    let (code, _, stderr) = run(radera(&state).arg("resume"));
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains(&format!("--give-up {job}")), "{stderr}");
    let (code, stdout, stderr) = run(radera(&state).args(["resume", "--give-up", &job]));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_eq!(fs::read(journal.with_extension("journal.damaged")).unwrap(), b"no journal\nat all\n");
    assert_eq!(run(radera(&state).arg("resume")).0, 0);
}

#[test]
fn a_running_job_is_told_as_running_and_can_not_be_given_up() {
    if !super::skip::root() {
        return;
    }
    let disk = Loop::new(16 * MIB);
    let (mut child, job) = running(&disk);
    for arguments in [&["--give-up", &job][..], &[]] {
        let (code, stdout, stderr) = resume(&disk, arguments);
        assert_eq!(code, 3, "{stdout}{stderr}");
        assert!(stderr.contains("another radera is at work") && !stderr.contains("End process"), "{stderr}");
    }
    let (code, _, stderr) = run(&mut disk.wipe(&["--confirm", "anything"]));
    assert_eq!(code, 3, "{stderr}");
    let pid = format!("(pid {})", child.id());
    assert!(stderr.contains(&pid) && stderr.contains("Wait for that radera to end"), "{stderr}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(disk.markers(), 0);
}

#[test]
fn a_wipe_whose_output_is_lost_says_on_standard_error_what_became_of_it() {
    if !super::skip::root() {
        return;
    }
    for more in [&[][..], &["--json"]] {
        let disk = Loop::new(4 * MIB);
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut wipe = disk.wipe(&["--confirm", &disk.confirmation()]);
        let output = wipe.args(more).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        assert_eq!(disk.markers(), 0);
        let record = records(&disk.out()).pop().unwrap();
        assert!(stderr.contains("standard output can't be written"), "{stderr}");
        assert!(stderr.contains("sanitized, claim: ") && stderr.contains(record.to_str().unwrap()), "{stderr}");
    }
}
