//! The end of a session or job that nobody goes on with: its record, and a journal that says so.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::kept::Kept;
use super::resume::journals;
use super::run::issue_last;
use super::{Station, evidence, record};
use crate::certificate::{self, KeyStore, Reservation, Trust};
use crate::document::{self, Record, is_id};
use crate::journal::{Entry, FileStore, JobState, Journal, Store, parse_lines, replay};
use crate::media::Medium;
use crate::outcome::{End, Evidence, Verdict};
use crate::problem::{ExitCode, Kind, Problem};

/// What stands under `by` where a person gave a job up.
const OPERATOR: &str = "operator";
/// A look at a journal takes its lock for less than this …
const LOOK: Duration = Duration::from_millis(50);
/// … and this many looks are waited for.
const LOOKS: u32 = 40;

/// Closes every job that stands open on `medium`, since job `by` begins on it: `resume` must never go on with them. The records
/// that they still lacked: each goes to its own job's directory, or to the station's where that one can't be written.
pub(super) fn close_others(station: &Station, medium: &Medium, boot: &str, by: &str) -> Result<Vec<PathBuf>, Problem> {
    close_where(station, by, &|other| is_same(other, medium, boot))
}

/// The same for every job that stands open and that `concerns` it.
pub(super) fn close_where(
    station: &Station,
    by: &str,
    concerns: &dyn Fn(&JobState) -> bool,
) -> Result<Vec<PathBuf>, Problem> {
    let mut records = Vec::new();
    for path in journals(&station.state)? {
        // Looked at without its lock: most are of other media, and may be at work. `resume` refuses what can't be read.
        let Some(other) = std::fs::read(&path).ok().and_then(|bytes| replay(parse_lines(&bytes).ok()?).ok()) else {
            continue;
        };
        if other.job == by || other.abandoned_by.is_some() || other.is_over() || !concerns(&other) {
            continue;
        }
        let (mut journal, entries) = Journal::reopen(Box::new(patiently(&path)?))?;
        let mut other = replay(entries).map_err(|detail| unreadable(&path, &detail))?;
        let own = PathBuf::from(&other.plan.out);
        let issued = settle(station, &own, &mut journal, &mut other)
            .or_else(|_| settle(station, &station.out, &mut journal, &mut other))?;
        records.extend(issued);
        journal.append(&Entry::Abandoned { by: by.to_string() })?;
        super::files::run::forget(&station.state, &other.job);
    }
    Ok(records)
}

/// Opens a journal of a medium that we hold: another radera can but be looking at it.
fn patiently(path: &Path) -> Result<FileStore, Problem> {
    for _ in 0..LOOKS {
        match FileStore::open(path) {
            Err(locked) if locked.kind == Kind::Refused => std::thread::sleep(LOOK),
            other => return other,
        }
    }
    FileStore::open(path)
}

fn unreadable(path: &Path, detail: &str) -> Problem {
    Problem::error(
        format!("the journal {} is damaged: {detail}", path.display()),
        "Keep it for the audit, and wipe the medium again from the start.",
    )
}

fn is_same(other: &JobState, medium: &Medium, boot: &str) -> bool {
    let Some(last) = other.sessions.last() else { return false };
    let same_boot = !boot.is_empty() && last.boot == boot;
    let across_boots = medium.identity.is_individual() || !same_boot;
    last.identity.difference(&medium.identity, across_boots).is_none()
}

/// Closes the job of that id as it stands: nobody will go on with it. Its last session gets the record that it lacked, in
/// `out` or else where the job's records go. A journal that is damaged is set aside as `<job>.journal.damaged`. The record, if one
/// was issued, and the exit code that says what became of the medium: 5, unless the job was over and only lacked its record.
///
/// # Errors
/// No such job, one that is running, one that is closed already, a journal that can't be read, or a record that can't be written.
pub fn give_up(station: &Station, out: Option<&Path>, job: &str) -> Result<(Option<PathBuf>, ExitCode), Problem> {
    let path = FileStore::path(&station.state, job);
    if !is_id(job) || !path.exists() {
        return Err(Problem::error(
            format!("there is no job {job:?} in {}", station.state.display()),
            "`radera resume` lists the jobs that stand open; name their state directory with --state.",
        ));
    }
    let mut store = FileStore::open(&path)?;
    let cant = |what: &str, e: std::io::Error| {
        Problem::error(
            format!("the journal {} can't be {what}: {e}", path.display()),
            "Check the disk that holds --state.",
        )
    };
    let bytes = store.read_all().map_err(|e| cant("read", e))?;
    if parse_lines(&bytes).and_then(replay).is_err() {
        std::fs::rename(&path, path.with_extension("journal.damaged")).map_err(|e| cant("set aside", e))?;
        return Ok((None, ExitCode::Failed));
    }
    let (mut journal, entries) = Journal::reopen(Box::new(store))?;
    let mut state = replay(entries).map_err(|detail| unreadable(&path, &detail))?;
    if state.abandoned_by.is_some() || (state.is_over() && !state.lacks_record()) {
        return Err(Problem::error(format!("the job {job} is closed already"), "There is nothing to give up."));
    }
    let own = PathBuf::from(&state.plan.out);
    let record = settle(station, out.unwrap_or(&own), &mut journal, &mut state)?;
    if state.is_over() {
        let concluded = state.sessions.last().and_then(|s| s.concluded.as_ref());
        return Ok((record, concluded.map_or(ExitCode::Failed, |(_, evidence)| Verdict::of(evidence).exit_code)));
    }
    journal.append(&Entry::Abandoned { by: OPERATOR.into() })?;
    super::files::run::forget(&station.state, job);
    Ok((record, ExitCode::Failed))
}

/// Sees to it that the last session has an end and a record: one that was killed gets both now.
pub(super) fn settle(
    station: &Station,
    out: &Path,
    journal: &mut Journal,
    state: &mut JobState,
) -> Result<Option<PathBuf>, Problem> {
    let bug = |e: String| Problem::error(format!("the journal can't go on: {e}"), "Report this as a bug.");
    let Some(last) = state.sessions.last() else { return Ok(None) };
    if last.issued.is_some() {
        return Ok(None);
    }
    let id = last.record.clone();
    // The record may have been written just before the session was killed, or the journal could take no more.
    let json = out.join(format!("{id}.json"));
    let written = written(station, &json).filter(|(_, record)| record.id == id && record.job == state.job);
    if last.concluded.is_none() {
        let found = written.as_ref().and_then(|(_, record)| {
            let engine = record.sessions.last().and_then(|session| session.engine.clone());
            Some((record.finished.clone(), document::evidence(record).ok()?, engine))
        });
        let (finished, evidence, engine) = match found {
            Some(found) => found,
            None => {
                let end = End::Interrupted { cause: record::KILLED.into() };
                (record::now_after(record::latest(state)), killed(station, out, state, end)?, None)
            }
        };
        let entry = Entry::Concluded { finished, evidence: Box::new(evidence), engine };
        journal.append(&entry)?;
        state.apply(entry).map_err(bug)?;
    }
    if let Some((digest, _)) = written {
        let entry = Entry::Issued { record: id, digest, path: json.display().to_string() };
        journal.append(&entry)?;
        state.apply(entry).map_err(bug)?;
        return Ok(Some(json));
    }
    let reservation = Reservation::make(out, &id)?;
    issue_last(station, journal, state, reservation).map(Some)
}

/// What a session that was killed leaves behind.
fn killed(station: &Station, out: &Path, state: &JobState, end: End) -> Result<Evidence, Problem> {
    let Some(files) = &state.files else { return Ok(evidence::of(state, None, end, 0)) };
    let lists = state.plan.files.as_ref().is_some_and(|plan| plan.list_names);
    // A list or a key that is lost must not keep the job open for ever: the record then names no list.
    let kept = Kept::reopen(&station.state, &state.job, lists, files.manifest_bytes).ok();
    Ok(super::files::run::evidence(out, state, kept, end).0)
}

/// The record at `json` and its digest, if a key that this station has or had signed it.
fn written(station: &Station, json: &Path) -> Option<(String, Record)> {
    let mut own_keys = KeyStore::own_fingerprints(&station.state);
    own_keys.push(station.press.signer.fingerprint());
    let trust = Trust { own_keys, ..Trust::default() };
    let checked = certificate::check(json, &trust, &[]).ok()?;
    let bytes = std::fs::read(json).ok()?;
    (checked.exit_code == ExitCode::Success).then_some((super::station::sha256(&bytes), checked.record?))
}
