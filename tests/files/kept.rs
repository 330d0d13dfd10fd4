//! `docs/files-peers.md`: what was found, kept under version control. Each cell says how much was found in any run so far; a run that finds
//! something else fails. `RADERA_WRITE_SNAPSHOTS=1` takes what it finds into the cell, which widens where luck decides.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::files::filesystems::Kind;
use crate::files::scenes::Scenario;
use crate::files::tools::Tool;

static ALONE: Mutex<()> = Mutex::new(());

/// Columns, besides the tools.
pub const RADERA: &str = "radera";
pub const ACCEPTED: &str = "radera --accept-trim";
const MISSING: &str = "not tried";

/// How many of so many survive, roughly: exact figures vary with what the allocator and the journal do.
fn class(survivors: usize, most: Option<usize>) -> String {
    match (survivors, most) {
        (0, _) => "0".into(),
        (all, Some(most)) if all == most => "all".into(),
        _ => "some".into(),
    }
}

/// One cell: how many survive, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    survivors: String,
    said: String,
}

impl Cell {
    pub fn new(survivors: usize, most: Option<usize>, said: &str) -> Self {
        Cell { survivors: class(survivors, most), said: said.into() }
    }

    /// Nothing was changed.
    pub fn refused() -> Self {
        Cell { survivors: "refused".into(), said: String::new() }
    }

    fn text(&self) -> String {
        if self.said.is_empty() { self.survivors.clone() } else { format!("{}; {}", self.survivors, self.said) }
    }

    fn parse(text: &str) -> Option<Self> {
        let (survivors, said) = text.split_once("; ").unwrap_or((text, ""));
        (text != MISSING).then(|| Cell { survivors: survivors.into(), said: said.into() })
    }

    /// Least and most of a cell: 0, 1 (some) or 2 (all).
    fn range(&self) -> Option<(u8, u8)> {
        match self.survivors.as_str() {
            "0" => Some((0, 0)),
            "some" => Some((1, 1)),
            "all" => Some((2, 2)),
            "some or all" => Some((1, 2)),
            "0 or some" => Some((0, 1)),
            "0 to all" => Some((0, 2)),
            _ => None,
        }
    }

    fn admits(&self, found: &Cell) -> bool {
        let inside = match (self.range(), found.range()) {
            // Whether some or all are left varies; whether any are does not.
            (Some((least, most)), Some((low, high))) => least.min(1) <= low.min(1) && high.min(1) <= most.min(1),
            _ => self.survivors == found.survivors,
        };
        inside && self.said == found.said
    }

    fn widened(&self, found: &Cell) -> Cell {
        let (Some(kept), Some(new), true) = (self.range(), found.range(), self.said == found.said) else {
            return found.clone();
        };
        let survivors = match (kept.0.min(new.0), kept.1.max(new.1)) {
            (0, 0) => "0",
            (1, 1) => "some",
            (2, 2) => "all",
            (1, 2) => "some or all",
            (0, 1) => "0 or some",
            _ => "0 to all",
        };
        Cell { survivors: survivors.into(), said: self.said.clone() }
    }
}

/// Where the allocator or the journal decides whether anything is left of what was freed: what one run finds says nothing of the next.
fn is_luck(kind: &str, row: &str) -> bool {
    let freed = [Scenario::Replaced, Scenario::Rewritten].iter().any(|scenario| scenario.row() == row);
    kind == Kind::Ext4Journal.name() || freed
}

/// Filesystem, row, column.
pub type Cells = BTreeMap<(String, String, String), Cell>;

pub fn key(kind: Kind, scenario: Scenario, column: &str) -> (String, String, String) {
    (kind.name().into(), scenario.row().into(), column.into())
}

fn columns() -> Vec<String> {
    let tools = Tool::ALL.iter().map(|tool| tool.name().to_string());
    tools.chain([RADERA.to_string(), ACCEPTED.to_string()]).collect()
}

fn path() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/docs/files-peers.md").into()
}

fn read() -> Cells {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    let mut cells = Cells::new();
    let mut filesystem = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            filesystem = name.into();
        }
        let Some(row) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else { continue };
        let words: Vec<&str> = row.split(" | ").collect();
        for (column, word) in columns().into_iter().zip(&words[1..]) {
            if let Some(cell) = Cell::parse(word) {
                cells.insert((filesystem.clone(), words[0].into(), column), cell);
            }
        }
    }
    cells
}

const HEAD: &str = "# What is left of a file, by tool and filesystem

Each row is a file on a loop image of the filesystem. Sectors of 512 bytes, each with random bytes of its own, are written and synced; the tool runs on
the mounted filesystem; then the raw image is searched. A cell says how many of the row's sectors are **still in the image**: `0`, `all` of
them, or `some`. Where runs differed, because the allocator or the journal decides, it says between what (`0 or some`, `0 to all`). An exit code other than 0
stands beside it; for radera the verdict does, too.
*refused*: exit code 3, and the file is as it was, byte for byte.

Only in the first two rows and in *reflink copy* is it the file's own content that is counted. Stale data past the end counts as far as its blocks were given to the file. *Earlier version* counts blocks that the
filesystem had freed before the tool ran: no tool that is given a file can reach them, so the question is whether it says so.

";

/// What follows the versions on their line.
const AFTER_VERSIONS: &str = ", each without further options. ";

fn render(cells: &Cells, versions: &str) -> String {
    let mut text = HEAD.to_string();
    text += &format!("{versions}{AFTER_VERSIONS}");
    text += "None of them said a word of filesystem, journal, copy-on-write, snapshots, reflinks or attributes in any cell.\n\n";
    text += "`tests/files/table.rs` makes and holds these tables; `RADERA_WRITE_SNAPSHOTS=1 cargo test --test files table` writes them anew.\n";
    for kind in Kind::ALL {
        text += &format!(
            "\n## {}\n\n| | {} |\n|{}\n",
            kind.name(),
            columns().join(" | "),
            "---|".repeat(columns().len() + 1)
        );
        for scenario in Scenario::ALL {
            if scenario == Scenario::Reflinked && !kind.has_reflinks() {
                continue;
            }
            let cell = |column: &String| {
                cells.get(&key(kind, scenario, column)).map_or_else(|| MISSING.to_string(), Cell::text)
            };
            let row: Vec<String> = columns().iter().map(cell).collect();
            text += &format!("| {} | {} |\n", scenario.row(), row.join(" | "));
        }
    }
    text
}

/// Holds what was found against what is kept, or keeps it.
#[track_caller]
pub fn compare(found: &Cells) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let versions: Vec<String> = Tool::ALL.iter().map(|tool| tool.version()).collect();
    let versions = versions.join(", ");
    let mut kept = read();
    if std::env::var_os("RADERA_WRITE_SNAPSHOTS").is_some() {
        for (key, cell) in found {
            let cell = kept.get(key).map_or_else(|| cell.clone(), |before| before.widened(cell));
            kept.insert(key.clone(), cell);
        }
        std::fs::write(path(), render(&kept, &versions)).unwrap();
    }
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    // Those with which the tables were written; an update that changes nothing is no difference.
    let of_then = text.lines().find_map(|line| Some(line.split_once(AFTER_VERSIONS)?.0)).unwrap_or_default();
    let differs = |key: &(String, String, String), cell: &Cell| match kept.get(key) {
        Some(before) if before.admits(cell) => None,
        Some(before)
            if is_luck(&key.0, &key.1)
                && before.said == cell.said
                && before.range().is_some()
                && cell.range().is_some() =>
        {
            None
        }
        before => Some(format!("{key:?}: kept {}, found {}", before.map_or(MISSING.into(), Cell::text), cell.text())),
    };
    let different: Vec<String> = found.iter().filter_map(|(key, cell)| differs(key, cell)).collect();
    assert!(
        different.is_empty(),
        "docs/files-peers.md is not what was found; RADERA_WRITE_SNAPSHOTS=1 takes it in, look at the difference before you keep it:\n{}",
        different.join("\n")
    );
    assert!(
        text == render(&kept, of_then),
        "docs/files-peers.md has other words than the test; RADERA_WRITE_SNAPSHOTS=1 writes it anew (here are {versions})"
    );
}
