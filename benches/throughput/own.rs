//! radera itself, run as a user would; its rates are those of its own records.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::bed::{Bed, Loop, text};
use super::run::{Ran, run_to};
use super::sample::Sample;

const RADERA: &str = env!("CARGO_BIN_EXE_radera");
const SUCCESS: i32 = 0;
/// How a wipe ends that was told not to verify: done, with exceptions.
const UNVERIFIED: i32 = 4;

/// One installation: state, journals and records on a real disk, where syncing them costs what it costs.
pub struct Station {
    state: PathBuf,
    out: PathBuf,
}

/// A wipe that ended well.
pub struct Wiped {
    /// Rate of the pass alone.
    pub write: Sample,
    /// Rate of pass and verification together.
    pub job: Sample,
    /// The record.
    pub record: PathBuf,
}

impl Station {
    pub fn in_bed(bed: &Bed) -> Result<Self, String> {
        Ok(Station { state: bed.directory("state")?, out: bed.directory("records")? })
    }

    /// `wipe --method clear`, confirmed by what `plan` says.
    pub fn wipe(&self, device: &Loop, pattern: &str, verify: &str) -> Result<Wiped, String> {
        let node = device.node()?;
        let planned = self.radera(SUCCESS, &["plan", node, "--method", "clear"])?;
        let token = lines(&planned)?.iter().find_map(|line| find(line, "confirm")).unwrap_or_default();
        let out = text(&self.out)?;
        let words = ["wipe", node, "--method", "clear", "--pattern", pattern, "--verify", verify];
        let code = if verify == "none" { UNVERIFIED } else { SUCCESS };
        let ran = self.radera(code, &[&words[..], &["--confirm", &token, "--out", out]].concat())?;
        let finished = last(&ran, "finished")?;
        let record = PathBuf::from(finished["records"][0].as_str().unwrap_or_default());
        let json = std::fs::read(&record).map_err(|e| format!("the record {}: {e}", record.display()))?;
        let said: Value = serde_json::from_slice(&json).map_err(|e| format!("{}: {e}", record.display()))?;
        let (bytes, writing) = moved(&said["passes"][0], "bytes_written", device)?;
        let verification = &said["verification"];
        let reading = match verify {
            "none" => Duration::ZERO,
            _ if verification["status"] != "passed" => return Err(format!("not verified: {verification}")),
            _ => moved(verification, "bytes_read", device)?.1,
        };
        let write = Sample::of_phase(bytes, writing, &ran);
        Ok(Wiped { write, job: Sample::of_phase(bytes, writing + reading, &ran), record })
    }

    /// `verify --verify full` of what `record` says.
    pub fn verify(&self, device: &Loop, record: &Path) -> Result<Sample, String> {
        let ran = self.radera(SUCCESS, &["verify", device.node()?, "--record", text(record)?, "--verify", "full"])?;
        let finished = last(&ran, "finished")?;
        let verification = &finished["verification"];
        if verification["mismatches"] != 0 || verification["unreadable"] != 0 {
            return Err(format!("verified, and found other than written: {finished}"));
        }
        let (bytes, reading) = moved(verification, "bytes_read", device)?;
        Ok(Sample::of_phase(bytes, reading, &ran))
    }

    fn radera(&self, code: i32, words: &[&str]) -> Result<Ran, String> {
        run_to(code, RADERA, &[&["--json", "--state", text(&self.state)?], words].concat())
    }
}

/// Bytes and time of a phase; an error unless it went over the whole device.
fn moved(phase: &Value, key: &str, device: &Loop) -> Result<(u64, Duration), String> {
    match (phase[key].as_u64(), phase["milliseconds"].as_u64()) {
        (Some(bytes), Some(milliseconds)) if bytes == device.bytes() && milliseconds > 0 => {
            Ok((bytes, Duration::from_millis(milliseconds)))
        }
        _ => Err(format!("radera did not go over {} bytes: {phase}", device.bytes())),
    }
}

fn lines(ran: &Ran) -> Result<Vec<Value>, String> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).map_err(|e| format!("{e}: {line}"))).collect()
}

fn last(ran: &Ran, event: &str) -> Result<Value, String> {
    let found = lines(ran)?.pop().filter(|line| line["event"] == event);
    found.ok_or_else(|| format!("radera's last event is not `{event}`:\n{}", ran.stdout))
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
