//! The road from a plan for files to a record.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::kept::Kept;
use super::names::{Names, Target};
use super::work::{Work, id};
use super::{FilesPlan, Options, Wanted, planned};
use crate::certificate::Reservation;
use crate::device::Roots;
use crate::document::ManifestSums;
use crate::files::ground::Ground;
use crate::files::walk::{Lookout, Root};
use crate::job::run::{Finished, conclude, started_event};
use crate::job::station::boot_id;
use crate::job::{Station, Stop, draw, record};
use crate::journal::{Entry, FileStore, JobState, Journal, StoredFiles, StoredPass, StoredPlan, replay};
use crate::outcome::{End, Evidence, Observer};
use crate::problem::Problem;

/// What a session works on.
pub(super) struct Place<'a> {
    pub ground: &'a Ground,
    pub roots: &'a [Root],
    /// The place of each on the command line.
    pub numbers: &'a [u32],
    /// Where `/proc` and `/sys` are.
    pub roots_of_kernel: Roots,
    pub wanted: &'a Wanted,
    pub options: Options,
}

/// Carries out `plan`: journal, walk, record. Runs on the caller's thread; events (`Started` to `TargetFinished`) go to `observer`.
pub fn wipe_files(station: &Station, plan: FilesPlan, observer: &dyn Observer, stop: &Stop) -> Finished {
    match begin(station, &plan) {
        Err(problem) => Finished::before_any_change(problem).tell(observer),
        Ok(begun) => {
            let numbers: Vec<u32> = (0..).take(plan.roots.len()).collect();
            let place = Place {
                ground: &plan.ground,
                roots: &plan.roots,
                numbers: &numbers,
                roots_of_kernel: station.roots.clone(),
                wanted: &plan.wanted,
                options: plan.options,
            };
            observer.on_event(started_event(&begun.state, false));
            session(station, begun, &place, observer, stop).tell(observer)
        }
    }
}

/// A job whose session is about to make its first change.
pub(super) struct Begun {
    pub journal: Journal,
    pub state: JobState,
    pub reservation: Reservation,
    pub kept: Kept,
}

fn begin(station: &Station, plan: &FilesPlan) -> Result<Begun, Problem> {
    let (job, record) = (draw::id()?, draw::id()?);
    let reservation = Reservation::make(&station.out, &record)?;
    let mut key = [0; 32];
    key[..16].copy_from_slice(&draw::key()?);
    key[16..].copy_from_slice(&draw::key()?);
    let targets = targets(plan);
    Names::of(&station.state, &job).keep(&key, &targets)?;
    let kept = Kept::create(&station.state, &job, key, plan.options.list_names)?;
    let mut journal = Journal::begin(Box::new(FileStore::create(&station.state, &job)?));
    let started = Entry::Started {
        job,
        plan: Box::new(stored(station, plan, targets.len())),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    journal.append(&started)?;
    let state = replay(vec![started])
        .map_err(|e| Problem::error(format!("the plan can't be kept: {e}"), "Report this as a bug."))?;
    let state = open_session(station, &mut journal, state, &record)?;
    close_others(station, &state.job, &targets)?;
    Ok(Begun { journal, state, reservation, kept })
}

/// Closes every job on files that stands open on one of these targets: `resume` must never go on with what was confirmed for something else.
fn close_others(station: &Station, by: &str, targets: &[Target]) -> Result<(), Problem> {
    let theirs = |state: &JobState| {
        let named = Names::of(&station.state, &state.job).targets().unwrap_or_default();
        state.plan.files.is_some() && named.iter().any(|other| targets.iter().any(|own| own.path == other.path))
    };
    crate::job::close::close_where(station, by, &theirs).map(|_| ())
}

/// Nothing of the job is to go on: the paths that were named and its own copy of the list are not kept any longer.
pub(in crate::job) fn forget(state: &Path, job: &str) {
    Names::of(state, job).forget_targets();
    Kept::remove(state, job);
}

fn targets(plan: &FilesPlan) -> Vec<Target> {
    let paths = match &plan.wanted {
        Wanted::Paths(paths) => paths.as_slice(),
        Wanted::FreeSpace(directory) => std::slice::from_ref(directory),
    };
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    // A directory whose free space is meant has no root: nothing of it is touched.
    let ids = plan.roots.iter().map(|root| id(root.stat())).chain(std::iter::repeat((0, 0, 0)));
    ids.zip(paths).map(|(id, path)| Target { id, path: absolute(path) }).collect()
}

fn stored(station: &Station, plan: &FilesPlan, targets: usize) -> StoredPlan {
    let out = std::path::absolute(&station.out).unwrap_or_else(|_| station.out.clone());
    StoredPlan {
        medium: plan.ground.medium.clone().unwrap_or_else(|| planned::no_medium(&plan.ground)),
        method: plan.method,
        technique: plan.technique,
        passes: plan
            .passes
            .iter()
            .map(|pass| StoredPass { number: pass.number, pattern: pass.pattern.clone() })
            .collect(),
        erase: None,
        files: Some(Box::new(StoredFiles {
            targets: u32::try_from(targets).unwrap_or(u32::MAX),
            none_yet: plan.none_yet.clone(),
            expected_bytes: plan.block_bytes,
            hardlinks: plan.options.hardlinks,
            accept_trim: plan.options.accept_trim,
            list_names: plan.options.list_names,
            lift_attributes: plan.options.lift_attributes,
            slack: plan.options.slack,
        })),
        swap: None,
        scheme: plan.scheme.clone(),
        verify: plan.verify,
        max_rate: plan.request.max_rate,
        operator: plan.request.operator.clone(),
        instruction: plan.request.instruction.clone(),
        property: plan.request.property.clone(),
        case: plan.request.case.clone(),
        head: None,
        partition_heads: Vec::new(),
        out: out.display().to_string(),
    }
}

/// Writes the session's first entry, synced. After this files may be changed.
pub(super) fn open_session(
    station: &Station,
    journal: &mut Journal,
    mut state: JobState,
    record: &str,
) -> Result<JobState, Problem> {
    let entry = Entry::Session {
        record: record.to_string(),
        started: record::now_after(record::latest(&state)),
        boot: boot_id(&station.roots),
        identity: state.plan.medium.identity.clone(),
        from_pass: 1,
        from_byte: 0,
    };
    journal.append(&entry)?;
    state
        .apply(entry)
        .map_err(|e| Problem::error(format!("the session can't be kept: {e}"), "Report this as a bug."))?;
    Ok(state)
}

/// Does the work that is left, and issues the record.
pub(super) fn session(
    station: &Station,
    begun: Begun,
    place: &Place<'_>,
    observer: &dyn Observer,
    stop: &Stop,
) -> Finished {
    let Begun { mut journal, mut state, reservation, mut kept } = begun;
    let lookout = Arc::new(Lookout::new(&station.roots.proc, &station.roots.sys));
    let (end, engine) = match state.files.take() {
        Some(files) => Work::new(place, lookout, &mut kept, &mut journal, &mut state, files, observer, stop).run(),
        None => (End::GaveUp { detail: "no files were planned".into() }, None),
    };
    let over = !matches!(end, End::Interrupted { .. } | End::Lost { .. });
    let (evidence, listed) = evidence(&station.out, &state, Some(kept), end);
    let job = state.job.clone();
    let finished = conclude(station, &mut journal, state, evidence, engine, reservation);
    if over && listed && finished.record.is_some() {
        forget(&station.state, &job);
    }
    finished
}

/// What was found out, its list of files put beside the record; and whether that stands there. A job that has come to its end without a list that can
/// be put there proves nothing: then it was given up.
pub(in crate::job) fn evidence(out: &Path, state: &JobState, kept: Option<Kept>, end: End) -> (Evidence, bool) {
    let record = state.sessions.last().map(|session| session.record.clone()).unwrap_or_default();
    let none = ManifestSums::default().extents_digest();
    let Some(kept) = kept else { return (planned::found(state, None, None, none, end), false) };
    let names = kept.names().ok().flatten();
    let digest = kept.sums().extents_digest();
    match kept.place(out, &record) {
        Ok(manifest) => (planned::found(state, Some(manifest), names, digest, end), true),
        Err(error) => {
            let detail = format!("the list of files could not be put beside the record: {error}");
            let end = if end == End::Completed { End::GaveUp { detail } } else { end };
            (planned::found(state, None, names, digest, end), false)
        }
    }
}
