//! Loss of power in the middle of an erase, of the drive alone and of the whole machine, and the sessions that go on.

use std::time::Duration;

use super::matrix::{PARTS, keep, left, said};
use super::rig::{Model, Place, all, clearance, live_in, plan};
use crate::drives::Fault;
use crate::job::close::settle;
use crate::job::prove::Found;
use crate::job::resume::go_on;
use crate::job::tests::rig::Recorder;
use crate::job::{Finished, Plan, Stop};
use crate::journal::tests::MemoryStore;
use crate::journal::{Entry, Journal, Store, replay};
use crate::media::TechniqueId;
use crate::modelled::Shared;
use crate::outcome::Status;
use crate::problem::{Kind, Problem};

/// A journal on the machine that loses power together with the drive.
#[derive(Clone)]
struct Cutting {
    inner: MemoryStore,
    drive: Shared,
}

impl Store for Cutting {
    fn name(&self) -> String {
        "cutting".into()
    }

    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.inner.append(bytes)
    }

    fn sync(&mut self) -> std::io::Result<()> {
        if self.drive.drive().is_there() { self.inner.sync() } else { Err(std::io::Error::other("no power")) }
    }

    fn read_all(&mut self) -> std::io::Result<Vec<u8>> {
        self.inner.read_all()
    }

    fn truncate(&mut self, bytes: u64) -> std::io::Result<()> {
        self.inner.truncate(bytes)
    }
}

/// A session on the drive that was found again.
pub(super) fn session(
    place: &Place,
    drive: &Shared,
    plan: &Plan,
    store: &MemoryStore,
    anew: bool,
) -> Result<Finished, Problem> {
    let (mut journal, entries) = Journal::reopen(Box::new(store.clone())).unwrap();
    let mut state = replay(entries).unwrap();
    settle(&place.station, &place.station.out, &mut journal, &mut state)?;
    let found = Found { medium: drive.examined(), same_attachment: !anew };
    let mut clearance = clearance(drive, plan)?;
    let observer = Recorder::default();
    go_on(&place.station, &mut journal, state, &mut clearance, &found, &observer, &Stop::new(), None)
}

/// The machine's own disk: a record that the journal does not know of came after the power had gone.
fn forget_unsaved_records(place: &Place, store: &MemoryStore) {
    let known: Vec<String> = store
        .entries()
        .into_iter()
        .filter_map(|entry| if let Entry::Issued { record, .. } = entry { Some(record) } else { None })
        .collect();
    for entry in std::fs::read_dir(&place.station.out).unwrap() {
        let path = entry.unwrap().path();
        if !known.iter().any(|record| path.to_string_lossy().contains(record.as_str())) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

fn is_format(technique: TechniqueId) -> bool {
    matches!(technique, TechniqueId::NvmeFormatUser | TechniqueId::NvmeFormatCrypto)
}

/// What the session said that was cut, what the resumed one said (or that it refused), and what was left then.
type Moment = (&'static str, &'static str, &'static str);

/// Cuts the power at `percent`, gives it back, and goes on until the job has ended.
fn survives(model: &Model, technique: TechniqueId, percent: u8, whole_machine: bool) -> Result<Moment, String> {
    let place = Place::new();
    let drive = Shared::new((model.make)());
    let _time = live_in(&drive, None);
    let cell = format!("{} {} cut at {percent}%, whole machine {whole_machine}", model.name, technique.name());
    let plan = plan(&drive, technique);
    let ensure = |holds: bool, what: &dyn std::fmt::Debug| {
        if holds { Ok(()) } else { Err(format!("{cell}: {what:?}")) }
    };
    let rung = plan.rungs.iter().find(|rung| rung.technique == technique);
    ensure(plan.technique == Some(technique), &rung)?;
    drive.inject(Fault::PowerCutAt { percent });
    let mut store = MemoryStore::default();
    let first = match whole_machine {
        true => place.wipe_quietly(&drive, &plan, &Cutting { inner: store.clone(), drive: drive.clone() }),
        false => place.wipe_quietly(&drive, &plan, &store),
    };
    ensure(first.status != Some(Status::Sanitized), &first)?;
    drive.recover();
    if whole_machine {
        drive.attach_anew();
        store = store.after_power_loss();
        forget_unsaved_records(&place, &store);
    }
    let last = match session(&place, &drive, &plan, &store, whole_machine) {
        Ok(last) => last,
        // A format does not go on by itself, and what it had not reached still holds its marks: as if somebody had written the others.
        Err(problem) if is_format(technique) && problem.kind == Kind::Refused => {
            return Ok((said(first.status), said(None), left(&drive.truth())));
        }
        Err(problem) => return Err(format!("{cell}: {problem:?}")),
    };
    // What was read before went with the session, and without it nothing shows that a changed key reached every block.
    let uncompared = technique.name().ends_with("crypto") && last.status == Some(Status::Unverified);
    // Of a drive that was away, nothing but itself tells whose command it runs: ATA and SCSI do not, and a format leaves no trace.
    let untied = whole_machine
        && (percent == 0 && !technique.name().starts_with("nvme-sanitize") || is_format(technique))
        && last.status == Some(Status::Failed)
        && last.statement.contains("confirm it anew");
    ensure(untied || uncompared || last.status == Some(Status::Sanitized), &last)?;
    let fault = place.fault_of(&last);
    ensure(fault.is_none(), &fault)?;
    let truth = drive.truth();
    let moment = (said(first.status), said(last.status), left(&truth));
    if untied {
        return Ok(moment);
    }
    let must = if technique == TechniqueId::NvmeFormatUser { truth.user + truth.others } else { truth.total() };
    ensure(must == 0, &truth).map(|()| moment)
}

const HEAD: &str = "\
Percent of the erase at which the power went; then what the session said that was cut, what the one said that `radera resume` began, and what a
laboratory would find after that.
";
const DRIVE_ALONE: &str = "\
The drive loses its power and gets it back; the machine goes on and radera's first session gives up.
";
const WHOLE_MACHINE: &str = "\
The machine starts anew; what it had not written to its own disk is gone, and the drive was away.
";

/// Moments that came out alike, together.
fn grouped(moments: &[(u8, Moment)]) -> String {
    let mut groups: Vec<(u8, u8, Moment)> = Vec::new();
    for (percent, moment) in moments {
        match groups.last_mut() {
            Some((_, to, of)) if of == moment => *to = *percent,
            _ => groups.push((*percent, *percent, *moment)),
        }
    }
    let cells = groups.iter().map(|(from, to, (first, last, left))| {
        let at = if from == to { format!("{from} %") } else { format!("{from} to {to} %") };
        format!("{at}: {first}, then {last}; {left}")
    });
    cells.collect::<Vec<_>>().join("<br>")
}

/// Every model and technique at twenty moments.
fn at_twenty_moments(whole_machine: bool) {
    let mut wrong = Vec::new();
    let (part, what) = if whole_machine { (2, WHOLE_MACHINE) } else { (1, DRIVE_ALONE) };
    let mut text = format!("{}\n\n{what}{HEAD}\n| Model | Technique | |\n|---|---|---|\n", PARTS[part]);
    for model in all() {
        for &technique in &model.techniques {
            let mut moments = Vec::new();
            for percent in (0..100).step_by(5) {
                match survives(&model, technique, percent, whole_machine) {
                    Ok(moment) => moments.push((percent, moment)),
                    Err(what) => wrong.push(what),
                }
            }
            text += &format!("| {} | `{}` | {} |\n", model.name, technique.name(), grouped(&moments));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    keep(part, &text);
}

#[test]
fn a_drive_that_lost_power_is_gone_on_with() {
    at_twenty_moments(false);
}

#[test]
fn a_machine_that_lost_power_goes_on_when_it_is_back() {
    at_twenty_moments(true);
}

#[test]
fn power_that_comes_back_by_itself_is_seen_through_in_one_session() {
    let place = Place::new();
    let mut wrong = Vec::new();
    for model in all() {
        for &technique in model.techniques.iter().filter(|technique| !technique.name().contains("format")) {
            let drive = Shared::new((model.make)());
            let _time = live_in(&drive, Some(Duration::from_secs(10)));
            let plan = plan(&drive, technique);
            if plan.technique.is_none() {
                let rung = plan.rungs.iter().find(|rung| rung.technique == technique);
                wrong.push(format!("{} {rung:?}", model.name));
                continue;
            }
            drive.inject(Fault::PowerCutAt { percent: 50 });
            let finished = place.wipe_quietly(&drive, &plan, &MemoryStore::default());
            if finished.status != Some(Status::Sanitized) || drive.truth().total() > 0 {
                wrong.push(format!("{} {technique:?}: {finished:?}, {:?}", model.name, drive.truth()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
