//! One job of radera's on one drive of the model, through the real kernel: a row of docs/peers.md, or any other by name.

use crate::drives::Fault;
use crate::support::disk::Scratch;
use crate::support::radera::{Issued, Radera};
use crate::vm::bay::{Bay, Plugged};
use crate::vm::image::Description;
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;

/// How long an erase takes, in seconds.
const SECONDS: u64 = 3;
/// Sectors that a drive shows of which a part is hidden.
const VISIBLE: u64 = 1500;
/// Kinds of drives, and by which techniques they are purged.
const KINDS: [(&str, &[&str]); 5] = [
    ("sata-hdd", &["ata-sanitize-overwrite"]),
    ("sata-ssd", &["ata-sanitize-block", "ata-sanitize-crypto", "ata-sanitize-overwrite"]),
    ("sas-hdd", &["scsi-sanitize-overwrite"]),
    ("sas-ssd", &["scsi-sanitize-block", "scsi-sanitize-crypto", "scsi-sanitize-overwrite"]),
    ("nvme", &["nvme-sanitize-block", "nvme-sanitize-crypto", "nvme-sanitize-overwrite", "nvme-format-crypto"]),
];
/// Techniques that are named, and refused on every drive.
const REFUSED: [&str; 3] = ["ata-secure-erase", "ata-secure-erase-enhanced", "nvme-format-user"];

/// One job on one drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    pub kind: &'a str,
    pub namespaces: u64,
    /// Sectors that the drive shows; the rest is hidden. 0: all.
    pub visible: u64,
    pub technique: &'a str,
    /// With spaces between them.
    pub faults: &'a str,
}

pub const fn cell<'a>(kind: &'a str, technique: &'a str, faults: &'a str) -> Cell<'a> {
    Cell { kind, namespaces: 1, visible: 0, technique, faults }
}

pub const fn hidden<'a>(kind: &'a str, technique: &'a str, faults: &'a str) -> Cell<'a> {
    Cell { visible: VISIBLE, ..cell(kind, technique, faults) }
}

pub const fn pair<'a>(technique: &'a str, faults: &'a str) -> Cell<'a> {
    Cell { namespaces: 2, ..cell("nvme", technique, faults) }
}

impl<'a> Cell<'a> {
    /// The cell of this name: drive, technique, faults. A drive is a kind, and `+hidden` (of SATA) or `+two` (namespaces).
    pub fn named(name: &'a str) -> Result<Cell<'a>, String> {
        let mut words = name.splitn(3, ' ');
        let (drive, technique) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let faults = words.next().unwrap_or_default().trim();
        let (kind, more) = drive.split_once('+').unwrap_or((drive, ""));
        let kinds = KINDS.map(|(kind, _)| kind).join(", ");
        if !KINDS.iter().any(|(known, _)| *known == kind) {
            return Err(format!("{kind:?} is no kind of drive; there are {kinds}"));
        }
        let known = || KINDS.iter().flat_map(|(_, techniques)| *techniques).chain(&REFUSED);
        if !known().any(|known| *known == technique) {
            let known: std::collections::BTreeSet<_> = known().copied().collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            return Err(format!("{technique:?} is no technique of a drive; there are {known}"));
        }
        if let Some(problem) = faults.split_whitespace().find_map(|fault| fault.parse::<Fault>().err()) {
            return Err(format!("{problem}; tests/drives/faults/text.rs has their words"));
        }
        match (kind, more) {
            (_, "") => Ok(cell(kind, technique, faults)),
            ("sata-hdd" | "sata-ssd", "hidden") => Ok(hidden(kind, technique, faults)),
            ("nvme", "two") => Ok(pair(technique, faults)),
            _ => Err(format!("{drive:?} is no drive; `+hidden` goes with SATA drives, `+two` with nvme")),
        }
    }

    /// By which [`Cell::named`] finds it.
    pub fn name(&self) -> String {
        let more = match (self.namespaces, self.visible) {
            (1, 0) => "",
            (1, _) => "+hidden",
            _ => "+two",
        };
        format!("{}{more} {} {}", self.kind, self.technique, self.faults).trim_end().into()
    }

    fn drive(&self, number: usize) -> Description {
        let letters: String = self.kind.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
        let mut drive = Description::new(self.kind, &format!("P{letters}{number:02}"), SECONDS);
        drive.namespaces = self.namespaces;
        drive.visible = self.visible;
        drive.faults = self.faults().collect();
        drive
    }

    fn faults(&self) -> impl Iterator<Item = Fault> {
        self.faults.split_whitespace().map(|fault| fault.parse().unwrap())
    }

    /// A person vouches for what these drives can't say of themselves.
    fn attested(&self) -> &'static str {
        if self.technique.ends_with("-crypto") { "--attest-encryption" } else { "" }
    }

    /// Whether it stands still for good, so that somebody must stop radera.
    fn stands_still(&self) -> bool {
        self.faults().any(|fault| matches!(fault, Fault::StallsAt { seconds: None, .. }))
    }

    /// Whether a drive of this kind without faults is purged so.
    fn purges(&self) -> bool {
        KINDS.iter().any(|(kind, techniques)| *kind == self.kind && techniques.contains(&self.technique))
    }

    fn columns(&self) -> String {
        let kind = match (self.namespaces, self.visible) {
            (1, 0) => self.kind.to_string(),
            (1, _) => format!("{}, part of it hidden", self.kind),
            (count, _) => format!("{}, {count} namespaces", self.kind),
        };
        format!("{kind} | {} | {}", self.technique, if self.faults.is_empty() { "none" } else { self.faults })
    }
}

/// What a person at the host may ask for.
pub fn menu() -> Vec<String> {
    let mut lines =
        vec!["RADERA_CELL='DRIVE TECHNIQUE [FAULT …]' runs any of these, whether it is in a table or not:".into()];
    lines.extend(KINDS.iter().map(|(kind, techniques)| format!("  {kind}: {}", techniques.join(", "))));
    lines.push("  drives also as sata-hdd+hidden, sata-ssd+hidden, nvme+two (namespaces)".into());
    lines.push(format!("  refused on every drive: {}", REFUSED.join(", ")));
    lines.push("  faults: tests/drives/faults/text.rs".into());
    lines
}

/// Has the guest's sysfs say that NVMe controllers are reached over PCIe. radera refuses to purge what it reaches over a network, since that
/// need not be a drive (`refused.rs` shows it); the rig has no other way to bring a controller to the kernel.
pub fn disguise(guest: &mut Guest, drives: &[Plugged]) {
    for drive in drives.iter().filter(|drive| drive.controller != drive.node) {
        let attribute = format!("/sys/class/nvme/{}/transport", drive.controller.trim_start_matches("/dev/"));
        guest.must(&format!(
            "echo pcie >/tmp/pcie; mount --bind /tmp/pcie $(readlink -f {attribute}); grep -qx pcie {attribute}"
        ));
    }
}

/// What became of one job.
pub struct Outcome {
    code: i32,
    status: String,
    claim: String,
    /// Exit code of `certificate check` on another machine.
    checked: Option<i32>,
    left: u64,
    /// Every marker that the drive had.
    all: u64,
    /// It was stopped while the drive stood still and radera went on watching it.
    stopped: bool,
    said: String,
}

impl Outcome {
    /// A row of docs/peers.md.
    pub fn row(&self, cell: &Cell) -> String {
        let left = if self.left == 0 { "nothing" } else { "data" };
        format!("| {} | {} | {} | {} | {left} |\n", cell.columns(), self.code, self.status, self.claim)
    }
}

/// The heads of such rows.
pub const HEADS: &str = "| Drive | Technique | Fault | Exit | Record | Claim | Left |\n|---|---|---|---|---|---|---|\n";

/// `radera wipe --method purge`, in the background; what it prints is in files. A state directory each: they run at the same time.
fn begin(cell: &Cell, drive: &Plugged) -> String {
    let Plugged { serial, node, .. } = drive;
    let (technique, attested) = (cell.technique, cell.attested());
    // Three looks in a row that show no progress, and it is still watching.
    let stop = format!(
        "for n in $(seq 150); do kill -0 $job || break; sleep 1
            grep '\"phase\":\"{technique}\"' {serial}.out | sed 's/.*\"bytes_done\":\\([0-9]*\\).*/\\1/' | tail -n 3 | uniq -c | grep -q '^ *3 [1-9]' || continue
            kill -0 $job && kill -INT $job && touch {serial}.stopped; break; done"
    );
    let stop = if cell.stands_still() { stop.as_str() } else { "" };
    format!(
        "(cd /tmp; mkdir -p {serial}; method='{node} --method purge --technique {technique} {attested}'
        radera --json --state /tmp/{serial}/state plan $method >{serial}.plan 2>{serial}.plan-err; echo $? >{serial}.plan-code
        confirm=$(sed -n 's/.*\"confirm\":\"\\([^\"]*\\)\".*/\\1/p' {serial}.plan | head -n 1)
        radera --json --state /tmp/{serial}/state wipe $method --out /tmp/{serial} --confirm \"${{confirm:-none}}\" \
        >{serial}.out 2>{serial}.err & job=$!
        {stop}
        wait $job; echo $? >{serial}.code) &\n"
    )
}

fn end(guest: &mut Guest, bay: &Bay, drive: &Plugged, scratch: &Scratch) -> Outcome {
    let serial = &drive.serial;
    let code = guest.must(&format!("cat /tmp/{serial}.code")).trim().parse().unwrap();
    let said = guest.must(&format!("cd /tmp; cat {serial}.out {serial}.err; [ {code} != 3 ] || cat {serial}.plan"));
    assert!(!said.contains("panicked"), "{serial}: {said}");
    let stopped = guest.run(&format!("test -e /tmp/{serial}.stopped")).code() == 0;
    let (left, all) = (bay.truth(serial).total(), bay.all(serial));
    let (status, claim) = ("no record".into(), "-".into());
    let mut outcome = Outcome { code, status, claim, checked: None, left, all, stopped, said };
    let paths = guest.must(&format!("ls /tmp/{serial}/*.json 2>/dev/null; true"));
    let paths: Vec<&str> = paths.lines().collect();
    assert!(paths.len() < 2, "{serial}: one job, {paths:?}");
    if let [path] = paths.as_slice() {
        let record = bring(guest, path, scratch);
        outcome.status = record.text("/status").into();
        outcome.claim = record.text("/claim").into();
        assert_eq!(record.text("/medium/serial"), serial, "{}", record.json);
        let checked = Radera::in_scratch(scratch).check(&record.path, &[]);
        outcome.checked = Some(checked.code());
        outcome.said += &format!("\n{}\n{}", checked.said(), record.json);
    }
    outcome
}

fn bring(guest: &mut Guest, path: &str, scratch: &Scratch) -> Issued {
    let name = path.rsplit('/').next().unwrap_or(path);
    for (from, to) in [(path.to_string(), name.to_string()), (format!("{path}.p7s"), format!("{name}.p7s"))] {
        std::fs::write(scratch.join(&to), guest.get(&from)).unwrap();
    }
    Issued::read(scratch.join(name))
}

/// No drive is called sanitized on which something is left; a good one is; and what is said of the others has a record that holds.
fn judge(cell: &Cell, outcome: &Outcome) -> Option<String> {
    let sanitized = outcome.code == 0 || outcome.status.starts_with("sanitized");
    let interrupted = outcome.code == 6 || outcome.status == "interrupted";
    let agrees = matches!((outcome.code, outcome.status.as_str()), (0, "sanitized") | (4, "sanitized-with-exceptions"));
    let wrong = if sanitized && outcome.left > 0 {
        "said to be sanitized, and something is left"
    } else if sanitized && (!agrees || outcome.claim != "purge") {
        "exit code and record disagree"
    } else if cell.faults.is_empty() && cell.purges() && !sanitized {
        "a good drive, not sanitized"
    } else if !cell.purges() && (outcome.code != 3 || outcome.left < outcome.all) {
        "no technique for this drive, and not refused"
    } else if !sanitized && outcome.left == 0 && !matches!(outcome.code, 4 | 5) {
        "erased, and not said to have been changed"
    } else if outcome.status != "no record" && !matches!(outcome.checked, Some(0 | 8)) {
        "the record does not check out"
    } else if outcome.status == "no record" && outcome.code != 3 {
        "no record of a job that was not refused"
    } else if interrupted != outcome.stopped || interrupted != (outcome.code == 6 && outcome.status == "interrupted") {
        "interrupted and not said so, or said so and not interrupted"
    } else if cell.stands_still() && !outcome.stopped && outcome.code != 3 {
        "it stands still, and nobody was left to watch it"
    } else {
        return None;
    };
    Some(format!("{}: {wrong}: exit {}, {} left\n{}\n", cell.name(), outcome.code, outcome.left, outcome.said))
}

/// How many run at the same time in one machine. Each looks at every drive and every process of its machine, so many at once cost
/// more than another boot.
const BATCH: usize = 6;

/// Runs them; their rows, and what is wrong with them. `None` where there is no machine.
#[track_caller]
pub fn run(cells: &[Cell]) -> Option<(String, Vec<String>)> {
    let rig = Rig::get()?;
    let (mut rows, mut wrong) = (String::new(), Vec::new());
    for (number, batch) in cells.chunks(BATCH).enumerate() {
        for (row, problem) in together(rig, batch, number * BATCH) {
            rows += &row;
            wrong.extend(problem);
        }
    }
    Some((rows, wrong))
}

/// At the same time, in one machine; `first` is the number of the first.
fn together(rig: &Rig, cells: &[Cell], first: usize) -> Vec<(String, Option<String>)> {
    let scratch = Scratch::plain();
    let drives = (first..).zip(cells).map(|(number, cell)| cell.drive(number)).collect();
    let bay = Bay::new(&scratch, "BAY", drives);
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    disguise(&mut guest, &drives);
    let jobs: String = cells.iter().zip(&drives).map(|(cell, drive)| begin(cell, drive)).collect();
    guest.must(&format!("{jobs}wait"));
    let judged = |(cell, drive): (&Cell, &Plugged)| {
        let outcome = end(&mut guest, &bay, drive, &scratch);
        (outcome.row(cell), judge(cell, &outcome))
    };
    let judged = cells.iter().zip(&drives).map(judged).collect();
    guest.power_off();
    judged
}

/// A row that says what is not so is found out, whichever rule of [`judge`] it is.
#[test]
fn what_is_said_wrongly_of_a_drive_is_found_out() {
    let good = cell("sata-ssd", "ata-sanitize-block", "");
    let lying = cell("sata-ssd", "ata-sanitize-block", "lies");
    let still = cell("sata-ssd", "ata-sanitize-block", "stalls-at:40");
    let other = cell("sata-hdd", "ata-sanitize-block", "");
    let outcome = |code, status: &str, claim: &str, left, stopped| Outcome {
        code,
        status: status.into(),
        claim: claim.into(),
        checked: (status != "no record").then_some(8),
        left,
        all: 2336,
        stopped,
        said: String::new(),
    };
    let right = [
        (good, outcome(0, "sanitized", "purge", 0, false)),
        (lying, outcome(5, "failed", "none", 2336, false)),
        (still, outcome(6, "interrupted", "none", 1401, true)),
        (other, outcome(3, "no record", "-", 2336, false)),
    ];
    let wrong = [
        (good, outcome(5, "failed", "none", 0, false), "a good drive"),
        (good, outcome(0, "failed", "purge", 0, false), "disagree"),
        (lying, outcome(0, "sanitized", "purge", 2336, false), "something is left"),
        (lying, outcome(5, "sanitized", "purge", 0, false), "disagree"),
        (lying, outcome(0, "sanitized", "clear", 0, false), "disagree"),
        (lying, outcome(3, "no record", "-", 0, false), "not said to have been changed"),
        (lying, outcome(1, "no record", "-", 2336, false), "no record of a job"),
        (lying, outcome(6, "interrupted", "none", 2336, false), "not interrupted"),
        (lying, Outcome { checked: Some(7), ..outcome(5, "failed", "none", 2336, false) }, "check out"),
        (still, outcome(5, "failed", "none", 1401, true), "interrupted"),
        (still, outcome(5, "failed", "none", 1401, false), "nobody was left"),
        (still, outcome(5, "interrupted", "none", 1401, true), "interrupted"),
        (other, outcome(3, "no record", "-", 2000, false), "not refused"),
        (other, outcome(5, "failed", "none", 2336, false), "not refused"),
    ];
    for (cell, outcome) in right {
        assert_eq!(judge(&cell, &outcome), None);
    }
    for (cell, outcome, why) in wrong {
        let found = judge(&cell, &outcome);
        assert!(found.as_ref().is_some_and(|found| found.contains(why)), "{why}: {found:?}, {}", outcome.row(&cell));
    }
}
