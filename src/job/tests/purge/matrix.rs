//! Fault × technique × model: the status that radera gives, beside the truth. docs/purge-matrix.md is made of it, and held against it.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::rig::{Model, Place, all, live_in, plan};
use crate::drives::{Fault, HostileIdentify, Refusal, SenseLayout, Truth};
use crate::journal::tests::MemoryStore;
use crate::media::TechniqueId;
use crate::modelled::{Drive, Shared};
use crate::outcome::Status;

const FILE: &str = "docs/purge-matrix.md";
/// Writes the file anew.
const WRITE: &str = "RADERA_WRITE_PURGE_MATRIX";

/// A fault, and what it is in words.
type Row = (&'static str, Option<Fault>);

/// Those that a host can see, or that it can be told of.
const SEEN: &[Row] = &[
    ("none", None),
    ("fails at 40 %", Some(Fault::FailsAt { percent: 40, sectors_remain: false })),
    ("fails at 99 %, sectors remain", Some(Fault::FailsAt { percent: 99, sectors_remain: true })),
    ("stands still at 40 % for ever", Some(Fault::StallsAt { percent: 40, seconds: None })),
    ("stands still at 40 % for 15 minutes", Some(Fault::StallsAt { percent: 40, seconds: Some(900) })),
    ("drops the command, shows an older success", Some(Fault::StaleSuccess)),
    ("its status is 3 s late", Some(Fault::LateReport { seconds: 3 })),
    ("its status is 15 s late", Some(Fault::LateReport { seconds: 15 })),
    ("says that it erased, and did not", Some(Fault::Lies)),
    ("leaves 200 addressable blocks", Some(Fault::SkipsSectors { first: 5000, count: 200 })),
    ("leaves the other namespaces", Some(Fault::SkipsOtherNamespaces)),
    ("aborts the command", Some(Fault::Refuses(Refusal::Abort))),
    ("does not know the command", Some(Fault::Refuses(Refusal::InvalidOpcode))),
    ("frozen, or write-protected", Some(Fault::Frozen)),
    ("locked", Some(Fault::Locked)),
    ("done when the command is answered", Some(Fault::InstantSuccess)),
    ("deallocates though told not to", Some(Fault::DeallocatedDespite)),
    ("connection lost at the command, not taken", Some(Fault::CutAtCommand { taken: false })),
    ("connection lost at the command, taken", Some(Fault::CutAtCommand { taken: true })),
    ("connection lost at the third look", Some(Fault::CutAtPoll(3))),
    ("power lost at 50 %, not given back", Some(Fault::PowerCutAt { percent: 50 })),
    ("reset at 50 %", Some(Fault::ResetAt { percent: 50 })),
    ("registers from byte 8 of fixed sense", Some(Fault::Sense(SenseLayout::FixedFromEight))),
    ("registers from byte 3 of fixed sense", Some(Fault::Sense(SenseLayout::FixedFromThree))),
    ("sense without registers", Some(Fault::Sense(SenseLayout::FixedBare))),
    ("no sense at all", Some(Fault::Sense(SenseLayout::Nothing))),
    ("registers with zeros for the count", Some(Fault::Sense(SenseLayout::CountZeroed))),
    ("200 blocks can't be read", Some(Fault::ReadError { first: 5000, count: 200 })),
    ("200 blocks can't be written", Some(Fault::WriteError { first: 5000, count: 200 })),
    ("refuses to tell what it hides", Some(Fault::HiddenUnreachable)),
    ("tells only ones of itself", Some(Fault::Identify(HostileIdentify::AllOnes))),
    ("tells only zeros of itself", Some(Fault::Identify(HostileIdentify::AllZeros))),
    ("a wrong checksum in what it tells of itself", Some(Fault::Identify(HostileIdentify::BadChecksum))),
    ("tells an absurd capacity", Some(Fault::Identify(HostileIdentify::AbsurdCapacity))),
];

/// Those after which the drive is back [`BACK_AFTER`] later, in the same session.
const BACK: &[Row] = &[
    ("connection lost at the command, not taken; back after 10 s", Some(Fault::CutAtCommand { taken: false })),
    ("connection lost at the command, taken; back after 10 s", Some(Fault::CutAtCommand { taken: true })),
    ("connection lost at the third look; back after 10 s", Some(Fault::CutAtPoll(3))),
    ("power lost at 50 %; back after 10 s", Some(Fault::PowerCutAt { percent: 50 })),
];
const BACK_AFTER: Duration = Duration::from_secs(10);

/// Those that radera can't see: where no command reads, behind a limit that it does not move, or below an encryption that a drive or a person
/// vouches for.
const UNSEEN: &[Row] = &[
    ("leaves what it hides from its host", Some(Fault::SkipsHidden)),
    ("leaves over-provisioned blocks", Some(Fault::SkipsSpare)),
    ("leaves remapped blocks", Some(Fault::SkipsRemapped)),
    ("did not encrypt when the data was written", Some(Fault::PlaintextBefore)),
];

/// Faults of the moment strike the erase, after the drive was asked what it can do.
fn is_of_the_moment(fault: &Fault) -> bool {
    use Fault::{CutAtCommand, CutAtPoll, PowerCutAt, ResetAt};
    matches!(fault, CutAtCommand { .. } | CutAtPoll(_) | PowerCutAt { .. } | ResetAt { .. })
}

/// What came of one job.
struct Cell {
    status: Option<Status>,
    truth: Truth,
    statement: String,
    /// What is wrong with the record, by radera's own check.
    record: Option<String>,
}

impl Cell {
    fn claims(&self) -> bool {
        matches!(self.status, Some(Status::Sanitized | Status::SanitizedWithExceptions))
    }

    fn text(&self) -> String {
        format!("{}; {}", said(self.status), left(&self.truth))
    }
}

/// A status in the table; `None`: there was no job.
pub(super) fn said(status: Option<Status>) -> &'static str {
    match status {
        None => "refused",
        Some(Status::Sanitized) => "**sanitized**",
        Some(Status::SanitizedWithExceptions) => "sanitized, with exceptions",
        Some(Status::Unverified) => "unverified",
        Some(Status::Interrupted) => "interrupted",
        Some(Status::Failed) => "failed",
    }
}

/// The truth in the table.
pub(super) fn left(truth: &Truth) -> &'static str {
    match (truth.user + truth.hidden + truth.others, truth.spare + truth.remapped) {
        (0, 0) => "nothing left",
        (0, _) => "left out of reach",
        _ => "data left",
    }
}

/// Puts the last quarter of a SATA drive behind a limit of its kind.
fn hide(drive: &Shared) {
    if let Drive::Sata(sata) = &mut *drive.drive() {
        let shown = sata.drive.capacity.native() * 3 / 4;
        match sata.drive.traits.ama {
            true => sata.drive.capacity.hide_with_ama(shown),
            false => sata.drive.capacity.hide_with_hpa(shown),
        }
    }
}

/// Whether the row says something of the model: only ATA drives hide a part of what can be addressed.
fn fits(row: &Row, model: &Model) -> bool {
    row.1 != Some(Fault::SkipsHidden) || model.name.starts_with("SATA")
}

fn cell(place: &Place, model: &Model, technique: TechniqueId, fault: Option<&Fault>, back: Option<Duration>) -> Cell {
    let drive = Shared::new((model.make)());
    if fault == Some(&Fault::SkipsHidden) {
        hide(&drive);
    }
    let (early, late): (Vec<_>, Vec<_>) = fault.into_iter().partition(|fault| !is_of_the_moment(fault));
    early.into_iter().for_each(|fault| drive.inject(fault.clone()));
    let _time = live_in(&drive, back);
    let plan = plan(&drive, technique);
    late.into_iter().for_each(|fault| drive.inject(fault.clone()));
    if plan.technique.is_none() {
        let rung = plan.rungs.iter().find(|rung| rung.technique == technique).unwrap();
        return Cell { status: None, truth: drive.truth(), statement: rung.reason.clone(), record: None };
    }
    let finished = place.wipe_quietly(&drive, &plan, &MemoryStore::default());
    let record = place.fault_of(&finished);
    Cell { status: finished.status, truth: drive.truth(), statement: finished.statement, record }
}

/// A row, and when the drive is back.
type Timed<'a> = (&'a Row, Option<Duration>);

fn table(place: &Place, model: &Model, rows: &[Timed<'_>], wrong: &mut String, unseen: bool) -> String {
    let names: Vec<_> = model.techniques.iter().map(|technique| format!("`{}`", technique.name())).collect();
    let mut table =
        format!("\n### {}\n\n| Fault | {} |\n|---|{}\n", model.name, names.join(" | "), "---|".repeat(names.len()));
    for ((words, fault), back) in rows {
        let mut line = format!("| {words} |");
        for &technique in &model.techniques {
            let cell = cell(place, model, technique, fault.as_ref(), *back);
            println!("{:<22}{:<24}{words:<44}{}: {}", model.name, technique.name(), cell.text(), cell.statement);
            // A user data erase of Format claims Clear: what can be addressed.
            let must = match technique {
                TechniqueId::NvmeFormatUser => cell.truth.user + cell.truth.others,
                _ => cell.truth.total(),
            };
            if cell.claims() && must > 0 && !unseen {
                let _ = writeln!(wrong, "{} {}: {words}: claimed, and {:?}", model.name, technique.name(), cell.truth);
            }
            if !cell.claims() && !explains(&cell.statement) {
                let _ =
                    writeln!(wrong, "{} {}: {words}: no reason: {:?}", model.name, technique.name(), cell.statement);
            }
            if let Some(record) = &cell.record {
                let _ = writeln!(wrong, "{} {}: {words}: its record: {record}", model.name, technique.name());
            }
            if cell.claims() && must > 0 && unseen && !cell.statement.contains("the drive's own report") {
                let _ = writeln!(wrong, "{} {}: {words}: does not say whose word it is", model.name, technique.name());
            }
            let hides = match fault {
                Some(Fault::HiddenUnreachable) if model.name.starts_with("SATA") => {
                    Some("Whether the drive hides more")
                }
                Some(Fault::SkipsHidden) => Some("from its host: they could not be read back"),
                _ => None,
            };
            if cell.claims() && hides.is_some_and(|words| !cell.statement.contains(words)) {
                let _ = writeln!(wrong, "{} {}: {words}: says nothing of it", model.name, technique.name());
            }
            if fault.is_none() && cell.status != Some(Status::Sanitized) {
                let _ = writeln!(wrong, "{} {}: works, and {}", model.name, technique.name(), cell.statement);
            }
            let _ = write!(line, " {} |", cell.text());
        }
        table += &line;
        table.push('\n');
    }
    table
}

/// Whether a reason stands between the status and what follows from it for everybody.
fn explains(statement: &str) -> bool {
    let tails = [" The target is not sanitized", " Nothing is claimed"];
    let end = tails.iter().filter_map(|tail| statement.find(tail)).min().unwrap_or(statement.len());
    let statuses = ["Failed: ", "Not verified: ", "Interrupted: "];
    let whole = &statement[..end];
    let reason = statuses.iter().find_map(|status| whole.strip_prefix(status)).unwrap_or(whole);
    reason.split_whitespace().count() >= 5
}

const HEAD: &str = "\
# What radera says, and what is true: erases by the drive

Made by a test that wipes drive models with radera's own code, in process; see [testing.md](testing.md). Each cell has the status of the record
and, behind the semicolon, what a laboratory would find on the model's raw medium. Markers fill every block of a model before: addressable ones of all
namespaces, hidden, over-provisioned and remapped ones. `nothing left`: no marker anywhere. `left out of reach`: only where no command of
a host reads. `refused`: nothing was sent. The models are made of software; no drive was tried.

The rule that the test holds for the first part: `sanitized`, with exceptions or without, stands only beside `nothing left`; for `nvme-format-user`, which claims no more than Clear, beside no marker
in what can be addressed. Every other cell has a reason.

## Faults that can be seen
";

const APART: &str = "
## Faults that radera can't see

No command reads over-provisioned or remapped blocks; radera does not move the limits behind which a drive hides blocks (HPA, DCO, AMA); and whether
data was encrypted from the start is the drive's word or a person's. A drive that
does not do there what its standard demands is believed. Every statement of an erase by the drive says whose word it rests on, and how many bytes the
drive hides.
";

#[test]
fn no_status_claims_more_than_is_true() {
    let place = Place::new();
    let mut wrong = String::new();
    let mut text = HEAD.to_string();
    for model in all() {
        let rows = SEEN.iter().map(|row| (row, None)).chain(BACK.iter().map(|row| (row, Some(BACK_AFTER))));
        text += &table(&place, &model, &rows.collect::<Vec<_>>(), &mut wrong, false);
    }
    text += APART;
    for model in all() {
        text += &table(
            &place,
            &model,
            &UNSEEN.iter().filter(|row| fits(row, &model)).map(|row| (row, None)).collect::<Vec<_>>(),
            &mut wrong,
            true,
        );
    }
    assert!(wrong.is_empty(), "{wrong}");
    keep(0, &text);
}

/// Each part of the file begins with its line.
pub(super) const PARTS: [&str; 3] = [
    "# What radera says, and what is true: erases by the drive",
    "## Power of the drive lost at twenty moments",
    "## Power of the whole machine lost at twenty moments",
];

/// Holds part `number` of the file against `text`, or writes it anew.
pub(super) fn keep(number: usize, text: &str) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _alone = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let whole = std::fs::read_to_string(&path).unwrap_or_default();
    // Where the part begins, or the next one that there is.
    let at =
        |part: usize| PARTS[part..].iter().find_map(|line| whole.find(&format!("{line}\n"))).unwrap_or(whole.len());
    let (begin, end) = (at(number), at(number + 1));
    let text = format!("{}\n", text.trim());
    if std::env::var_os(WRITE).is_some() {
        let after = whole.get(end..).filter(|after| !after.is_empty());
        let parts = [whole[..begin].trim(), text.trim(), after.unwrap_or_default().trim()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        std::fs::write(path, parts.join("\n\n") + "\n").unwrap();
        return;
    }
    let kept = whole[begin..end].trim();
    for (kept, now) in kept.lines().zip(text.lines()) {
        assert_eq!(kept, now, "{FILE} differs; look at it, then write it anew with {WRITE}=1");
    }
    assert_eq!(kept.lines().count(), text.lines().count(), "{FILE}: write it anew with {WRITE}=1");
}
