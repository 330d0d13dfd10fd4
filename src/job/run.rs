//! The road from a clearance to a record.

use std::path::{Path, PathBuf};

use super::session::Session;
use super::station::boot_id;
use super::swap::{self, PlannedSwap};
use super::{Plan, Station, Stop, draw, prove, record};
use crate::certificate::Reservation;
use crate::device::Clearance;
use crate::io::Engine;
use crate::journal::{Entry, FileStore, JobState, Journal, Store, StoredErase, StoredPass, StoredPlan, replay};
use crate::outcome::{End, Event, Evidence, Observer, Status, Verdict};
use crate::problem::{ExitCode, Kind, Problem};

/// How one target ended.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Id of the job; `None` where it ended before the journal began.
    pub job: Option<String>,
    /// Status in the record; `None` where nothing was changed.
    pub status: Option<Status>,
    /// The target's exit code.
    pub exit_code: ExitCode,
    /// The record.
    pub record: Option<PathBuf>,
    /// Its verdict in words; empty where there is none.
    pub statement: String,
    /// What ended it before its time.
    pub problem: Option<Problem>,
    /// Records of earlier sessions and jobs on the medium that were killed, issued now.
    pub earlier: Vec<PathBuf>,
}

impl Finished {
    /// Ended by `problem` before anything was changed.
    pub fn before_any_change(problem: Problem) -> Self {
        Finished {
            job: None,
            status: None,
            exit_code: problem.kind.into(),
            record: None,
            statement: String::new(),
            problem: Some(problem),
            earlier: Vec::new(),
        }
    }

    pub(super) fn tell(self, observer: &dyn Observer) -> Self {
        if let Some(problem) = &self.problem {
            observer.on_event(Event::Error {
                what: problem.what.clone(),
                todo: problem.todo.clone(),
                exit_code: ExitCode::from(problem.kind) as u8,
            });
        }
        observer.on_event(Event::TargetFinished {
            status: self.status,
            exit_code: self.exit_code as u8,
            record: self.record.as_ref().map(|path| path.display().to_string()),
        });
        self
    }
}

/// Carries out `plan` on the medium that `clearance` holds: journal, passes, verification, record. Runs on the caller's
/// thread, one a target; events (`Started` to `TargetFinished`) go to `observer`. Never panics for what a device does.
pub fn wipe(station: &Station, plan: &Plan, clearance: Clearance, observer: &dyn Observer, stop: &Stop) -> Finished {
    let store = |job: &str| FileStore::create(&station.state, job).map(|store| Box::new(store) as Box<dyn Store>);
    wipe_with(station, plan, clearance, observer, stop, None, &store)
}

/// Makes the journal store of the job of that id.
pub(super) type MakeStore<'a> = dyn Fn(&str) -> Result<Box<dyn Store>, Problem> + 'a;

/// As [`wipe`], with a journal store of the caller's.
pub(super) fn wipe_with(
    station: &Station,
    plan: &Plan,
    mut clearance: Clearance,
    observer: &dyn Observer,
    stop: &Stop,
    engine: Option<Engine>,
    store: &MakeStore<'_>,
) -> Finished {
    let size = plan.medium.identity.size_bytes;
    let mut queue = clearance.queue(engine).ok();
    let head = queue.as_mut().and_then(|queue| prove::head(queue.as_mut(), size));
    let partition_heads = queue.as_mut().map(|queue| prove::partition_heads(queue.as_mut(), &plan.medium));
    drop(queue);
    let begin = || -> Result<(Journal, JobState, Reservation, Vec<PathBuf>), Problem> {
        let (job, record) = (draw::id()?, draw::id()?);
        let started_job = job.clone();
        let reservation = Reservation::make(&station.out, &record)?;
        let mut journal = Journal::begin(store(&job)?);
        let started = Entry::Started {
            job,
            plan: Box::new(stored(plan, &station.out, head, partition_heads.unwrap_or_default())?),
            version: env!("CARGO_PKG_VERSION").into(),
        };
        journal.append(&started)?;
        let state = replay(vec![started])
            .map_err(|e| Problem::error(format!("the plan can't be kept: {e}"), "Report this as a bug."))?;
        let state = open_session(station, &mut journal, state, &clearance, &record)?;
        // Only now: if this fails, one of the two jobs stands open, and never neither.
        let boot = boot_id(&station.roots);
        match super::close::close_others(station, clearance.medium(), &boot, &started_job) {
            Ok(earlier) => Ok((journal, state, reservation, earlier)),
            Err(problem) => {
                // The operator is told that nothing was changed: `resume` must not begin it after all.
                let _ = journal.append(&Entry::Abandoned { by: started_job });
                Err(problem)
            }
        }
    };
    let (mut journal, mut state, reservation, earlier) = match begin() {
        Ok(begun) => begun,
        Err(problem) => {
            drop(clearance);
            swap::undo(plan, observer);
            return Finished::before_any_change(problem).tell(observer);
        }
    };
    observer.on_event(started_event(&state, false));
    let session = Session {
        clearance: &mut clearance,
        journal: &mut journal,
        state: &mut state,
        observer,
        stop,
        engine,
        may_begin_anew: true,
    };
    let work = session.run();
    let swap = state.plan.swap.clone();
    swap::make_anew(&mut clearance, swap.as_ref(), &work.evidence, engine, observer);
    let finished = conclude(station, &mut journal, state, work.evidence, work.engine, reservation);
    let identity = clearance.medium().identity.clone();
    drop(clearance);
    let back = swap::take_back(&station.roots, &identity, swap.as_ref(), finished.status, observer);
    let exit_code = finished.exit_code.worst(back);
    Finished { earlier, exit_code, ..finished }.tell(observer)
}

fn stored(
    plan: &Plan,
    out: &Path,
    head: Option<Vec<String>>,
    partition_heads: Vec<String>,
) -> Result<StoredPlan, Problem> {
    let technique =
        plan.technique.ok_or_else(|| Problem::refused("no technique was taken", "Run `radera plan` to see why."))?;
    let out = std::path::absolute(out).unwrap_or_else(|_| out.to_path_buf());
    Ok(StoredPlan {
        medium: plan.medium.clone(),
        method: plan.method,
        technique,
        passes: plan
            .passes
            .iter()
            .map(|pass| StoredPass { number: pass.number, pattern: pass.pattern.clone() })
            .collect(),
        files: None,
        erase: match &plan.erase {
            None => None,
            Some(erase) => Some(StoredErase {
                seed: draw::id()?,
                encryption: erase.encryption.clone(),
                estimate_seconds: erase.estimate_seconds,
                siblings: plan.siblings.clone(),
                reached: erase.reached.clone(),
            }),
        },
        swap: plan.swap.as_ref().map(PlannedSwap::stored),
        scheme: plan.scheme.clone(),
        verify: plan.verify,
        max_rate: plan.request.max_rate,
        operator: plan.request.operator.clone(),
        instruction: plan.request.instruction.clone(),
        property: plan.request.property.clone(),
        case: plan.request.case.clone(),
        head,
        partition_heads,
        out: out.display().to_string(),
    })
}

/// Writes the session's first entry, synced, and checks the identity a last time. After this the medium may be changed.
pub(super) fn open_session(
    station: &Station,
    journal: &mut Journal,
    mut state: JobState,
    clearance: &Clearance,
    record: &str,
) -> Result<JobState, Problem> {
    let path = &clearance.medium().identity.path;
    clearance.recheck().map_err(|difference| super::authorize::changed(path, &difference))?;
    let entry = Entry::Session {
        record: record.to_string(),
        started: record::now_after(record::latest(&state)),
        boot: boot_id(&station.roots),
        identity: clearance.medium().identity.clone(),
        from_pass: state.reached.0,
        from_byte: state.reached.1,
    };
    journal.append(&entry)?;
    state
        .apply(entry)
        .map_err(|e| Problem::error(format!("the session can't be kept: {e}"), "Report this as a bug."))?;
    Ok(state)
}

pub(super) fn started_event(state: &JobState, resumed: bool) -> Event {
    Event::Started {
        job: state.job.clone(),
        method: state.plan.method.name().into(),
        technique: state.plan.technique.name().into(),
        bytes_total: super::session::total(&state.plan),
        passes: u32::try_from(state.plan.passes.len()).unwrap_or(u32::MAX),
        resumed,
    }
}

/// Derives the verdict, keeps it in the journal, issues the record.
pub(super) fn conclude(
    station: &Station,
    journal: &mut Journal,
    mut state: JobState,
    evidence: Evidence,
    engine: Option<Engine>,
    reservation: Reservation,
) -> Finished {
    let verdict = Verdict::of(&evidence);
    let path = state.plan.medium.identity.path.clone();
    let mut finished = Finished {
        job: Some(state.job.clone()),
        status: Some(verdict.status),
        exit_code: verdict.exit_code,
        record: None,
        statement: verdict.statement.clone(),
        problem: problem_of(&path, &verdict, &evidence.end),
        earlier: Vec::new(),
    };
    // The medium was changed, and nothing is left to show for it: whatever was done can't be proved.
    let unrecorded = |finished: Finished, problem: Problem| Finished {
        status: Some(Status::Failed),
        exit_code: finished.exit_code.worst(ExitCode::Failed),
        statement: format!("No record could be issued, so nothing can be shown: {}", problem.what),
        problem: Some(Problem { kind: Kind::Failed, ..problem }),
        ..finished
    };
    let entry = Entry::Concluded {
        finished: record::now_after(record::latest(&state)),
        evidence: Box::new(evidence),
        engine: engine.map(|engine| engine.name().to_string()),
    };
    // Room for the record is kept elsewhere: it is issued even if the journal can take no more.
    let kept = journal.append(&entry);
    let issued = state
        .apply(entry)
        .map_err(|e| Problem::failed(format!("{path}: {e}"), "Report this as a bug."))
        .and_then(|()| issue_last(station, journal, &mut state, reservation));
    finished.problem = finished.problem.or(kept.err());
    match issued {
        Ok(json) => {
            finished.record = Some(json);
            finished
        }
        Err(problem) => unrecorded(finished, problem),
    }
}

/// Issues the record of the last session, and keeps that in the journal.
pub(super) fn issue_last(
    station: &Station,
    journal: &mut Journal,
    state: &mut JobState,
    reservation: Reservation,
) -> Result<PathBuf, Problem> {
    let index = state.sessions.len().saturating_sub(1);
    let record = record::build(station, state, index)?;
    let issued = reservation.issue(&record, &station.press)?;
    let path = issued.json.display().to_string();
    let entry = Entry::Issued { record: record.id, digest: issued.digest.clone(), path };
    // If this is lost, `resume` finds the record by its name.
    let _ = journal.append(&entry);
    let _ = state.apply(entry);
    station.press.print(&issued);
    Ok(issued.json)
}

/// What to tell the user of a target that did not end well.
fn problem_of(path: &str, verdict: &Verdict, end: &End) -> Option<Problem> {
    let (kind, todo) = match (verdict.status, end) {
        (Status::Sanitized | Status::SanitizedWithExceptions | Status::Unverified, _) => return None,
        (Status::Failed, End::Lost { .. }) => {
            (Kind::Failed, "Treat it as still holding data. Attach it again and run `radera resume`, or destroy it.")
        }
        (Status::Failed, _) => (Kind::Failed, "Treat it as still holding data: wipe it again, or destroy it."),
        (Status::Interrupted, _) => (Kind::Interrupted, "Run `radera resume` to go on."),
    };
    Some(Problem::new(kind, format!("{path}: {}", verdict.statement), todo))
}
