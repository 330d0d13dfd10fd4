//! Who takes part: radera over a tree, a file and the device; shred and srm, one pass each.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::bed::{Bed, text};
use super::ground::Ground;
use super::run::{Ran, run, run_to};

const RADERA: &str = env!("CARGO_BIN_EXE_radera");
const SUCCESS: i32 = 0;
/// Done, with exceptions: not verified because asked so.
const UNVERIFIED: i32 = 4;

pub const TREE: &str = "radera wipe TREE";
pub const TREE_UNPROVED: &str = "radera wipe TREE --verify none";
pub const TREE_SHRED: &str = "find -type f, shred -n1 -u";
pub const TREE_SHRED_UNLINK: &str = "find -type f, shred -n1 --remove=unlink";
pub const TREE_SRM: &str = "srm -r -l -l";
pub const LARGE: &str = "radera wipe FILE";
pub const LARGE_SHRED: &str = "shred -n1 -u";
pub const LARGE_SRM: &str = "srm -l -l";
pub const DEVICE: &str = "radera wipe DEVICE (the engine)";

/// What is wiped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    Tree,
    Large,
    Device,
}

/// One contender.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    pub over: Over,
}

/// In the order in which they take turns.
pub const ROWS: &[Row] = &[
    Row { name: TREE, over: Over::Tree },
    Row { name: TREE_UNPROVED, over: Over::Tree },
    Row { name: TREE_SHRED, over: Over::Tree },
    Row { name: TREE_SHRED_UNLINK, over: Over::Tree },
    Row { name: TREE_SRM, over: Over::Tree },
    Row { name: LARGE, over: Over::Large },
    Row { name: LARGE_SHRED, over: Over::Large },
    Row { name: LARGE_SRM, over: Over::Large },
    Row { name: DEVICE, over: Over::Device },
];

/// What one run gave.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Seconds of the whole program.
    pub wall: f64,
    /// Processor seconds, user and system, of the program itself.
    pub processor: f64,
    /// 10^9 bytes a second while it wrote, by its own record; not a number for the others.
    pub writing: f64,
    /// The same for writing and verification together.
    pub whole: f64,
}

impl Figures {
    fn of(ran: &Ran) -> Self {
        let (wall, processor) = (ran.wall.as_secs_f64(), ran.processor.as_secs_f64());
        Figures { wall, processor, writing: f64::NAN, whole: f64::NAN }
    }
}

impl Row {
    pub fn is_ours(&self) -> bool {
        self.name.starts_with("radera")
    }

    /// One run over a fresh filesystem. What was to be wiped must be gone.
    pub fn once(&self, ground: &Ground, station: &Station) -> Result<Figures, String> {
        if self.over == Over::Device {
            return station.device(ground.bed.device.node()?, ground.bed.device.bytes());
        }
        let (_mounted, path) = if self.over == Over::Tree { ground.tree()? } else { ground.large()? };
        let name = text(&path)?;
        let figures = match self.name {
            TREE => station.wipe(name, "full", ground.size().files)?,
            TREE_UNPROVED => station.wipe(name, "none", ground.size().files)?,
            LARGE => station.wipe(name, "full", 1)?,
            TREE_SHRED => by_xargs(name, "shred -n1 -u")?,
            TREE_SHRED_UNLINK => by_xargs(name, "shred -n1 --remove=unlink")?,
            TREE_SRM => Figures::of(&run("srm", &["-r", "-l", "-l", name])?),
            LARGE_SHRED => Figures::of(&run("shred", &["-n1", "-u", name])?),
            LARGE_SRM => Figures::of(&run("srm", &["-l", "-l", name])?),
            _ => return Err(format!("no contender is called {}", self.name)),
        };
        // shred knows no directories: they are left to it, empty.
        let left = run("find", &[text(path.parent().unwrap_or(&path))?, "-xdev", "-type", "f"])?.stdout;
        if left.trim().is_empty() { Ok(figures) } else { Err(format!("{} left files behind", self.name)) }
    }
}

fn by_xargs(tree: &str, command: &str) -> Result<Figures, String> {
    let script = format!("find \"$1\" -type f -print0 | xargs -0 {command}");
    Ok(Figures::of(&run("sh", &["-c", &script, "sh", tree])?))
}

/// One installation: state, journals and records on a real disk, where syncing them costs what it costs.
pub struct Station {
    state: PathBuf,
    out: PathBuf,
}

impl Station {
    pub fn in_bed(bed: &Bed) -> Result<Self, String> {
        Ok(Station { state: bed.directory("state")?, out: bed.directory("records")? })
    }

    fn wipe(&self, path: &str, verify: &str, files: u64) -> Result<Figures, String> {
        let words = ["wipe", path, "--method", "clear", "--yes", "--verify", verify, "--out", text(&self.out)?];
        let code = if verify == "none" { UNVERIFIED } else { SUCCESS };
        let ran = self.radera(code, &words)?;
        let record = record(&ran)?;
        let wanted = if verify == "none" { "overwritten-unverified" } else { "cleared-verified" };
        if record["files"]["verdicts"][wanted].as_u64() != Some(files) {
            return Err(format!("not {files} files {wanted}: {}", record["files"]));
        }
        Ok(with_rates(&ran, &record))
    }

    fn device(&self, node: &str, bytes: u64) -> Result<Figures, String> {
        let planned = self.radera(SUCCESS, &["plan", node, "--method", "clear"])?;
        let token = lines(&planned)?.iter().find_map(|line| find(line, "confirm")).unwrap_or_default();
        let words = ["wipe", node, "--method", "clear", "--confirm", &token, "--out", text(&self.out)?];
        let ran = self.radera(SUCCESS, &words)?;
        let record = record(&ran)?;
        if record["passes"][0]["bytes_written"].as_u64() != Some(bytes) {
            return Err(format!("radera did not go over {bytes} bytes: {}", record["passes"]));
        }
        Ok(with_rates(&ran, &record))
    }

    fn radera(&self, code: i32, words: &[&str]) -> Result<Ran, String> {
        run_to(code, RADERA, &[&["--json", "--state", text(&self.state)?], words].concat())
    }
}

/// The only record that the last event names.
fn record(ran: &Ran) -> Result<Value, String> {
    let last = lines(ran)?.pop().filter(|line| line["event"] == "finished");
    let last = last.ok_or_else(|| format!("radera's last event is not `finished`:\n{}", ran.stdout))?;
    let path = Path::new(last["records"][0].as_str().unwrap_or_default());
    let json = std::fs::read(path).map_err(|e| format!("the record {}: {e}", path.display()))?;
    serde_json::from_slice(&json).map_err(|e| format!("{}: {e}", path.display()))
}

/// Rates by the record's own times, as for devices.
fn with_rates(ran: &Ran, record: &Value) -> Figures {
    let phase = |of: &Value, key: &str| {
        let time = of["milliseconds"].as_u64().map(Duration::from_millis);
        (of[key].as_u64().unwrap_or(0) as f64 / 1e9, time.map_or(f64::NAN, |time| time.as_secs_f64()))
    };
    let (bytes, writing) = phase(&record["passes"][0], "bytes_written");
    let (_, reading) = phase(&record["verification"], "bytes_read");
    Figures { writing: bytes / writing, whole: bytes / (writing + reading), ..Figures::of(ran) }
}

fn lines(ran: &Ran) -> Result<Vec<Value>, String> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).map_err(|e| format!("{e}: {line}"))).collect()
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

/// The others, as Debian calls them.
pub fn versions() -> String {
    let version =
        |package| run("dpkg-query", &["--show", "--showformat=${Package} ${Version}", package]).map(|ran| ran.stdout);
    let found: Vec<String> =
        ["coreutils", "secure-delete"].into_iter().filter_map(|package| version(package).ok()).collect();
    found.join(", ")
}
