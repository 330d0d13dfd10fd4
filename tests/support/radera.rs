//! The binary under test, run as a user would.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::disk::Scratch;

/// Longest that any single command may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// One station: a state directory, and where its records go.
pub struct Radera {
    pub state: PathBuf,
    pub out: PathBuf,
}

impl Radera {
    pub fn in_scratch(scratch: &Scratch) -> Self {
        Self::named(scratch, "station")
    }

    /// Another station, with a key of its own.
    pub fn named(scratch: &Scratch, name: &str) -> Self {
        Radera { state: scratch.join(&format!("{name}-state")), out: scratch.directory(&format!("{name}-records")) }
    }

    /// The command with `--json` and `--state`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radera"));
        command.arg("--json").arg("--state").arg(&self.state).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Running::start(self.command(arguments)).wait()
    }

    /// Runs it as a person would see it: no `--json`.
    pub fn run_plain(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_radera"));
        command.arg("--state").arg(&self.state).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running::start(command).wait()
    }

    /// The confirmation that `plan` says `wipe` will ask for.
    pub fn confirmation(&self, target: &str) -> String {
        let plan = self.run(&["plan", target, "--method", "clear"]);
        plan.find("confirm").unwrap_or_else(|| panic!("no `confirm` in plan's JSON: {plan:?}"))
    }

    /// The arguments of a confirmed `wipe --method clear` of `targets` with `more` options.
    pub fn wipe_arguments(&self, targets: &[&str], more: &[&str]) -> Vec<String> {
        let mut words = vec!["wipe".to_string()];
        words.extend(targets.iter().map(|t| t.to_string()));
        words.extend(["--method".into(), "clear".into(), "--out".into(), self.out.to_str().unwrap().into()]);
        for target in targets {
            words.extend(["--confirm".into(), self.confirmation(target)]);
        }
        words.extend(more.iter().map(|m| m.to_string()));
        words
    }

    /// Wipes `targets`, each confirmed by what `plan` says.
    pub fn wipe(&self, targets: &[&str], more: &[&str]) -> Ended {
        let words = self.wipe_arguments(targets, more);
        self.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Starts to wipe `target` and leaves it running.
    pub fn start_wipe(&self, target: &str, more: &[&str]) -> Running {
        let words = self.wipe_arguments(&[target], more);
        Running::start(self.command(&words.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    /// Goes on with every interrupted job.
    pub fn resume(&self) -> Ended {
        self.run(&["resume", "--out", self.out.to_str().unwrap()])
    }

    /// Every record in the output directory.
    pub fn records(&self) -> Vec<Issued> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&self.out)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        paths.sort();
        paths.into_iter().map(Issued::read).collect()
    }

    /// The fingerprint of the station's key, and its signing certificate as a PEM file.
    pub fn signing_certificate(&self) -> (String, PathBuf) {
        let shown = self.run_plain(&["key", "show"]);
        assert_eq!(shown.code(), 0, "{shown:?}");
        let at = shown.said().find("sha256:").map(|at| at + "sha256:".len());
        let at = at.unwrap_or_else(|| panic!("no fingerprint in `key show`: {shown:?}"));
        let digits: String = shown.said()[at..].chars().take_while(char::is_ascii_hexdigit).collect();
        assert_eq!(digits.len(), 64, "{shown:?}");
        let pem = self.run_plain(&["key", "show", "--pem"]);
        assert!(pem.stdout.contains("-----BEGIN CERTIFICATE-----"), "{pem:?}");
        let path = self.out.join("signing-certificate.pem");
        std::fs::write(&path, &pem.stdout).unwrap();
        (format!("sha256:{digits}"), path)
    }

    /// `certificate check FILE` with `more` options.
    pub fn check(&self, file: &Path, more: &[&str]) -> Ended {
        let mut words = vec!["certificate", "check", file.to_str().unwrap()];
        words.extend_from_slice(more);
        self.run(&words)
    }
}

/// A record as a stranger reads it.
#[derive(Debug, Clone)]
pub struct Issued {
    pub path: PathBuf,
    pub json: Value,
}

impl Issued {
    pub fn read(path: PathBuf) -> Self {
        let json = serde_json::from_slice(&std::fs::read(&path).unwrap())
            .unwrap_or_else(|e| panic!("{} is not JSON: {e}", path.display()));
        Issued { path, json }
    }

    pub fn signature(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".p7s");
        name.into()
    }

    pub fn text(&self, pointer: &str) -> &str {
        self.value(pointer).as_str().unwrap_or_else(|| panic!("{pointer} is no text: {}", self.json))
    }

    pub fn number(&self, pointer: &str) -> u64 {
        self.value(pointer).as_u64().unwrap_or_else(|| panic!("{pointer} is no number: {}", self.json))
    }

    pub fn value(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {}", self.json))
    }

    /// Status and claim.
    pub fn verdict(&self) -> (&str, &str) {
        (self.text("/status"), self.text("/claim"))
    }

    pub fn digest(&self) -> String {
        super::sha256_of(&self.path)
    }

    /// The last pass written.
    pub fn last_pass(&self) -> &Value {
        self.value("/passes").as_array().unwrap().last().expect("a pass")
    }

    /// What the last pass put at `offset` (a multiple of 16), regenerated without radera.
    pub fn regenerate(&self, offset: u64, bytes: usize) -> Vec<u8> {
        let pass = self.last_pass();
        let inverted = pass["inverted"].as_bool().expect("`inverted`");
        let content = match pass["stream"].as_object() {
            Some(stream) => {
                assert_eq!(stream["algorithm"], "aes-128-ctr");
                super::openssl::keystream(stream["key"].as_str().expect("`key`"), offset, bytes)
            }
            None => {
                let digits = pass["bytes_hex"].as_str().expect("`stream` or `bytes_hex`");
                let period: Vec<u8> =
                    (0..digits.len() / 2).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect();
                (offset..offset + bytes as u64).map(|at| period[(at % period.len() as u64) as usize]).collect()
            }
        };
        if inverted { content.iter().map(|b| !b).collect() } else { content }
    }

    /// The exceptions of one kind, neighbours merged: (first byte, bytes), in order.
    pub fn exceptions(&self, kind: &str) -> Vec<(u64, u64)> {
        let mut ranges: Vec<(u64, u64)> = self
            .value("/exceptions")
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| e["kind"] == kind)
            .map(|e| (e["first_byte"].as_u64().unwrap(), e["bytes"].as_u64().unwrap()))
            .collect();
        ranges.sort_unstable();
        ranges.dedup();
        let mut merged: Vec<(u64, u64)> = Vec::new();
        for (first, bytes) in ranges {
            match merged.last_mut() {
                Some((at, length)) if *at + *length >= first => *length = (first + bytes - *at).max(*length),
                _ => merged.push((first, bytes)),
            }
        }
        merged
    }
}

/// A command that ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The exit code; a command that a signal killed has none, and fails the test.
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| panic!("killed by a signal: {self:?}"))
    }

    pub fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// Each line of standard output; every one must be a JSON object.
    pub fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| {
                let value: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("not JSON ({e}): {line}"));
                assert!(value.is_object(), "not a JSON object: {line}");
                value
            })
            .collect()
    }

    pub fn events(&self, name: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["event"] == name).collect()
    }

    /// The text under `key`, at any depth of any line.
    pub fn find(&self, key: &str) -> Option<String> {
        self.lines().iter().find_map(|line| find(line, key))
    }

    /// The records that the last event names.
    pub fn records(&self) -> Vec<Issued> {
        let lines = self.lines();
        let last = lines.last().unwrap_or_else(|| panic!("nothing on standard output: {self:?}"));
        assert_eq!(last["event"], "finished", "{self:?}");
        assert_eq!(last["exit_code"].as_i64(), self.status.code().map(i64::from), "{self:?}");
        let paths = last["records"].as_array().unwrap_or_else(|| panic!("no `records`: {last}"));
        paths.iter().map(|path| Issued::read(path.as_str().unwrap().into())).collect()
    }

    /// The only record that the last event names.
    pub fn record(&self) -> Issued {
        let mut records = self.records();
        assert_eq!(records.len(), 1, "{self:?}");
        records.remove(0)
    }
}

fn find(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::Object(map) => match map.get(key).and_then(Value::as_str) {
            Some(text) => Some(text.to_string()),
            None => map.values().find_map(|inner| find(inner, key)),
        },
        Value::Array(list) => list.iter().find_map(|inner| find(inner, key)),
        _ => None,
    }
}

/// A command that runs; killed on drop.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    seen: String,
    errors: Option<JoinHandle<String>>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("radera starts");
        let stdout = child.stdout.take().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
                line.clear();
            }
        });
        let errors = std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Running { child, lines, seen: String::new(), errors: Some(errors) }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until a line of standard output is an event of that name.
    pub fn wait_for_event(&mut self, name: &str) {
        self.wait_until(&format!("event {name}"), |event| event["event"] == name);
    }

    /// Waits until so many bytes of the job are done; how many are.
    pub fn wait_for_progress(&mut self, bytes: u64) -> u64 {
        let done = |event: &Value| event["bytes_done"].as_u64().filter(|done| *done >= bytes);
        let wanted = |event: &Value| event["event"] == "progress" && done(event).is_some();
        let event = self.wait_until(&format!("progress to {bytes} bytes"), wanted);
        done(&event).unwrap()
    }

    /// Waits for a line of standard output that is such an event.
    fn wait_until(&mut self, what: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.seen.push_str(&line);
            if let Ok(event) = serde_json::from_str(&line)
                && wanted(&event)
            {
                return event;
            }
        }
        let _ = self.child.kill();
        let stderr = self.errors.take().and_then(|e| e.join().ok()).unwrap_or_default();
        panic!("no {what}; it said:\n{}\n{stderr}", self.seen);
    }

    /// Sends a signal by name: `INT`, `TERM`, `HUP`, `KILL`.
    pub fn signal(&self, name: &str) {
        // It may have ended already: the caller looks at how it ended.
        let _ = super::attempt("kill", &[&format!("-{name}"), &self.pid().to_string()]);
    }

    /// Waits for its end. A panic of the program fails the test, as does a command that hangs.
    pub fn wait(mut self) -> Ended {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > end {
                let _ = self.child.kill();
                panic!("radera hangs: not ended after {PATIENCE:?}; it said:\n{}", self.seen);
            }
            match self.lines.recv_timeout(Duration::from_millis(2)) {
                Ok(line) => self.seen.push_str(&line),
                Err(_) => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(5)) {
            self.seen.push_str(&line);
        }
        let stderr = self.errors.take().unwrap().join().unwrap();
        assert!(!stderr.contains("panicked"), "radera panicked:\n{stderr}");
        Ended { status, stdout: std::mem::take(&mut self.seen), stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
