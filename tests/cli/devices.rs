//! Jobs on loop devices that the test makes and removes. They need root; without it they say so and end.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::logind::{Bus, closes, is_open, logind};
use super::support::{Loop, objects, radera, run};

macro_rules! needs_root {
    () => {
        if !super::skip::root() {
            return;
        }
    };
}

const MIB: u64 = 1 << 20;

#[test]
fn a_wipe_tells_its_events_in_json_and_leaves_a_record_that_checks_out() {
    needs_root!();
    let disk = Loop::new(16 * MIB);
    let (code, stdout, stderr) = run(disk.wipe(&["--json", "--confirm", &disk.confirmation()]).env_remove("TERM"));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_eq!(disk.markers(), 0);
    let events = objects(&stdout);
    let node = disk.node.to_str().unwrap();
    let of = |name: &str| events.iter().filter(|e| e["event"] == name).cloned().collect::<Vec<_>>();
    for name in ["started", "pass", "verify", "target-finished"] {
        assert_eq!(of(name).len(), 1, "{name}: {stdout}");
        assert_eq!(of(name)[0]["target"], node);
        assert_eq!(of(name)[0]["job"], of("started")[0]["job"]);
    }
    assert!(of("started")[0]["job"].as_str().is_some_and(|job| !job.is_empty()));
    for name in ["pass", "verify"] {
        assert_eq!(of(name)[0]["bytes"], 16 * MIB);
        assert!(of(name)[0]["milliseconds"].is_u64());
    }
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["exit_code"]), (&"finished".into(), &0.into()));
    let record = last["records"][0].as_str().unwrap();
    assert_eq!(of("target-finished")[0]["record"], record);
    let (code, stdout, stderr) =
        run(radera(&disk.state()).args(["certificate", "check", "--require", "sanitized", record]));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.contains("this installation's own key"), "{stdout}");
    let stranger = disk.directory.path().join("elsewhere");
    let (code, stdout, _) = run(radera(&stranger).args(["certificate", "check", record]));
    assert_eq!(code, 8, "{stdout}");
    let (code, stdout, stderr) = run(radera(&stranger).arg("verify").arg(node).args(["--record", record]));
    assert_eq!(code, 0, "{stdout}{stderr}");
}

#[test]
fn without_the_right_confirmation_nothing_is_changed() {
    needs_root!();
    let disk = Loop::new(4 * MIB);
    let before = fs::read(&disk.image).unwrap();
    for more in [&["--confirm", "yes"][..], &[], &["--yes"]] {
        let (code, stdout, stderr) = run(disk.wipe(more).stdin(Stdio::null()));
        assert_eq!(code, 3, "{more:?}: {stdout}{stderr}");
        assert!(stderr.contains("to do: "), "{stderr}");
    }
    let nowhere = ["--out", "/no/such/directory", "--confirm", &disk.confirmation()];
    let mut wipe = radera(&disk.state());
    let (code, _, stderr) = run(wipe.arg("wipe").arg(&disk.node).args(["--method", "clear"]).args(nowhere));
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("/no/such/directory"), "{stderr}");
    assert!(fs::read(&disk.image).unwrap() == before);
}

#[test]
fn one_medium_named_twice_is_refused() {
    needs_root!();
    let disk = Loop::new(4 * MIB);
    let before = fs::read(&disk.image).unwrap();
    let link = disk.directory.path().join("by-another-name");
    std::os::unix::fs::symlink(&disk.node, &link).unwrap();
    let (code, _, stderr) = run(disk.wipe(&["--confirm", &disk.confirmation()]).arg(&link));
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("by-another-name") && stderr.contains("same bytes"), "{stderr}");
    assert!(fs::read(&disk.image).unwrap() == before);
}

#[test]
fn a_refused_target_does_not_stop_the_other() {
    needs_root!();
    let (free, held) = (Loop::new(4 * MIB), Loop::new(4 * MIB));
    let _open = fs::File::open(&held.node).unwrap();
    let mut wipe = free.wipe(&["--json", "--confirm", &free.confirmation()]);
    let (code, stdout, stderr) = run(wipe.arg(&held.node));
    assert_eq!(code, 3, "{stdout}{stderr}");
    assert_eq!(free.markers(), 0);
    assert!(held.markers() > 0);
    assert!(stderr.contains(held.node.to_str().unwrap()), "{stderr}");
    assert_eq!(objects(&stdout).last().unwrap()["records"].as_array().unwrap().len(), 1);
}

/// Types `keys` at the prompt of a wipe that runs on a terminal of its own (script(1)); what was shown, and the exit code.
fn at_the_prompt(disk: &Loop, keys: &[u8]) -> (i32, String) {
    at_prompts(disk, &[], &[keys])
}

/// The same with more targets, and what is typed at each prompt.
fn at_prompts(disk: &Loop, more: &[&Loop], typed: &[&[u8]]) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_radera");
    // Where the shell stays between, its exit code at Ctrl-C is its own: 130 of dash, the child's of bash.
    let line = format!(
        "exec {program} --state {} wipe {} {} --method clear --pattern zeros --out {}",
        disk.state().display(),
        disk.node.display(),
        more.iter().map(|disk| disk.node.display().to_string()).collect::<Vec<_>>().join(" "),
        disk.out().display()
    );
    let mut terminal = Command::new("script")
        .args(["-q", "-e", "-c", &line, "/dev/null"])
        // script(1) takes the user's shell, which may be none that runs anything.
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = String::new();
    let mut screen = BufReader::new(terminal.stdout.take().unwrap());
    // script(1) ends its terminal's input with its own, so it stays open until the program has ended.
    let mut keyboard = terminal.stdin.take().unwrap();
    for (prompt, keys) in (1..).zip(typed) {
        while shown.matches("To go ahead").count() < prompt {
            if screen.read_line(&mut shown).unwrap() == 0 {
                panic!("no prompt: {shown}");
            }
        }
        keyboard.write_all(keys).unwrap();
        keyboard.flush().unwrap();
    }
    while screen.read_line(&mut shown).unwrap_or(0) > 0 {}
    drop(keyboard);
    (terminal.wait().unwrap().code().unwrap_or(-1), shown)
}

#[test]
fn a_terminal_is_asked_and_only_the_exact_text_goes_ahead() {
    needs_root!();
    let disk = Loop::new(4 * MIB);
    let before = fs::read(&disk.image).unwrap();
    for keys in [&b"yes\n"[..], b"\x03", b"\x04"] {
        let (code, shown) = at_the_prompt(&disk, keys);
        assert_eq!(code, 3, "{keys:?}: {shown}");
        assert!(shown.contains(disk.node.to_str().unwrap()) && shown.contains("4 MiB"), "{shown}");
    }
    assert!(fs::read(&disk.image).unwrap() == before);
    let (code, shown) = at_the_prompt(&disk, format!("{}\n", disk.confirmation()).as_bytes());
    assert_eq!(code, 0, "{shown}");
    assert_eq!(disk.markers(), 0);
}

#[test]
fn a_wrong_answer_for_one_medium_stops_all() {
    needs_root!();
    let (one, two) = (Loop::new(4 * MIB), Loop::new(4 * MIB));
    let before = [fs::read(&one.image).unwrap(), fs::read(&two.image).unwrap()];
    let right = format!("{}\n", one.confirmation());
    let (code, shown) = at_prompts(&one, &[&two], &[right.as_bytes(), b"nope\n"]);
    assert_eq!(code, 3, "{shown}");
    assert!(shown.contains("Nothing was changed"), "{shown}");
    assert!([fs::read(&one.image).unwrap(), fs::read(&two.image).unwrap()] == before);
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().unwrap();
    assert!(status.success());
}

#[test]
fn every_stop_signal_interrupts_cleanly_and_resume_goes_on() {
    needs_root!();
    for name in ["INT", "TERM", "HUP"] {
        let disk = Loop::new(16 * MIB);
        let mut wipe = disk.wipe(&["--json", "--max-rate", "4M", "--confirm", &disk.confirmation()]);
        let mut child = wipe.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("\"started\"")));
        std::thread::sleep(Duration::from_millis(500));
        signal(&child, name);
        // A second one is no kill.
        signal(&child, name);
        let last = lines.map(Result::unwrap).last().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(6), "{name}: {last}");
        assert_eq!(objects(&last)[0]["exit_code"], 6);
        assert!(disk.markers() > 0, "{name}: it was stopped in the middle");
        let mut resume = radera(&disk.state());
        let (code, stdout, stderr) = run(resume.args(["--json", "resume"]).arg(&disk.node));
        assert_eq!(code, 0, "{name}: {stdout}{stderr}");
        assert_eq!(disk.markers(), 0);
        assert_eq!(objects(&stdout).last().unwrap()["records"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_wipe_goes_on_when_nobody_listens() {
    needs_root!();
    let disk = Loop::new(4 * MIB);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let more = ["--json", "--confirm", &disk.confirmation()];
    let status = disk.wipe(&more).stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert_eq!(disk.markers(), 0);
}

fn entries(directory: &Path) -> Vec<String> {
    fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn loops_over(directory: &Path) -> String {
    let list = Command::new("losetup").args(["--list", "--noheadings", "--output", "BACK-FILE"]).output().unwrap();
    let all = String::from_utf8_lossy(&list.stdout).into_owned();
    all.lines().filter(|l| l.contains(directory.to_str().unwrap())).collect()
}

/// No loop device stands over a file there. The kernel puts a detach off while anybody else has the node open, as the losetup
/// of another test does for a moment.
fn assert_detached(directory: &Path) {
    let begun = Instant::now();
    while !loops_over(directory).is_empty() && begun.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(loops_over(directory), "");
}

#[test]
fn the_demo_holds_and_leaves_nothing() {
    let place = tempfile::tempdir_in("/var/tmp").unwrap();
    let state = place.path().join("not-used");
    let (code, stdout, stderr) = run(radera(&state).arg("demo").env("TMPDIR", place.path()));
    assert_eq!(code, 0, "{stdout}{stderr}");
    for part in ["Found the planted text 20001 times", "Found the planted text 0 times", "the check rejects it"] {
        assert!(stdout.contains(part), "{part}: {stdout}");
    }
    // Root can always attach one, so a plain file in its place is a failure.
    let on_a_loop = stdout.contains("/dev/loop") && !stdout.contains("plain file");
    assert_eq!(on_a_loop, super::skip::is_root(), "{stdout}");
    assert_eq!(entries(place.path()), Vec::<String>::new());
    assert_detached(place.path());
}

#[test]
fn the_demo_works_without_root_and_says_how() {
    needs_root!();
    let place = tempfile::tempdir_in("/var/tmp").unwrap();
    let program = place.path().join("radera");
    fs::copy(env!("CARGO_BIN_EXE_radera"), &program).unwrap();
    let home = place.path().join("home");
    fs::create_dir(&home).unwrap();
    for path in [place.path(), &home] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        fs::set_permissions(path, mode).unwrap();
    }
    let kept = home.join("kept");
    let mut demo = Command::new(&program);
    demo.env("TMPDIR", &home).env("HOME", &home).current_dir(&home).uid(65534).gid(65534).args(["demo", "--keep"]);
    let (code, stdout, stderr) = run(demo.arg(&kept));
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.contains("plain file"), "{stdout}");
    assert!(stdout.contains("claim logical-overwrite"), "{stdout}");
    assert!(kept.join("disk.img").exists() && !entries(&kept.join("records")).is_empty());
    assert_eq!(entries(&home), ["kept"]);
}

#[test]
fn a_stopped_demo_cleans_up() {
    let place = tempfile::tempdir_in("/var/tmp").unwrap();
    let mut demo = radera(&place.path().join("not-used"));
    let mut child =
        demo.arg("demo").env("TMPDIR", place.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while entries(place.path()).is_empty() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(6));
    assert_eq!(entries(place.path()), Vec::<String>::new());
    assert_detached(place.path());
}

#[test]
fn sleep_and_shutdown_are_held_off_while_it_runs_and_no_longer() {
    if !super::skip::root() || !super::skip::programs(&["dbus-daemon"]) {
        return;
    }
    let bus = Bus::start();
    let (mut held, lock) = std::io::pipe().unwrap();
    let logind = logind(bus.address.clone(), Duration::ZERO, lock);
    let disk = Loop::new(16 * MIB);
    let mut wipe = disk.wipe(&["--json", "--max-rate", "4M", "--confirm", &disk.confirmation()]);
    let mut child =
        wipe.env("DBUS_SYSTEM_BUS_ADDRESS", &bus.address).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("\"started\"")));
    assert_eq!(logind.join().unwrap(), ["shutdown:sleep:idle", "radera", "erasing media", "block"]);
    assert!(is_open(&mut held), "held while it runs");
    signal(&child, "TERM");
    lines.for_each(drop);
    assert_eq!(child.wait().unwrap().code(), Some(6));
    assert!(closes(&mut held), "let go at the end");
}
