//! The end of a session or job that nobody goes on with: its record, and a journal that says so.

use std::path::{Path, PathBuf};

use super::resume::journals;
use super::run::issue_last;
use super::{Station, evidence, record};
use crate::certificate::Reservation;
use crate::document::is_id;
use crate::journal::{Entry, FileStore, JobState, Journal, replay};
use crate::media::Medium;
use crate::outcome::End;
use crate::problem::Problem;

/// What stands under `by` where a person gave a job up.
const OPERATOR: &str = "operator";

/// Closes every job that stands open on `medium`, since job `by` begins on it: `resume` must never go on with them. A job
/// whose journal is locked is running, and then the medium is held as well. The records that they still lacked: each goes to its
/// own job's directory, or to the station's where that one can't be written.
pub(super) fn close_others(station: &Station, medium: &Medium, boot: &str, by: &str) -> Result<Vec<PathBuf>, Problem> {
    let mut records = Vec::new();
    for path in journals(&station.state)? {
        let Ok(store) = FileStore::open(&path) else { continue };
        let Ok((mut journal, entries)) = Journal::reopen(Box::new(store)) else { continue };
        let Ok(mut other) = replay(entries) else { continue };
        if other.job != by && other.abandoned_by.is_none() && !other.is_over() && is_same(&other, medium, boot) {
            let own = PathBuf::from(&other.plan.out);
            let issued = settle(station, &own, &mut journal, &mut other)
                .or_else(|_| settle(station, &station.out, &mut journal, &mut other))?;
            records.extend(issued);
            journal.append(&Entry::Abandoned { by: by.to_string() })?;
        }
    }
    Ok(records)
}

fn is_same(other: &JobState, medium: &Medium, boot: &str) -> bool {
    let Some(last) = other.sessions.last() else { return false };
    let same_boot = !boot.is_empty() && last.boot == boot;
    let across_boots = medium.identity.is_individual() || !same_boot;
    last.identity.difference(&medium.identity, across_boots).is_none()
}

/// Closes the job of that id as it stands: nobody will go on with it. Its last session gets the record that it lacked, in
/// `out` or else where the job's records go. A journal that can't be read is set aside as `<job>.journal.damaged`.
///
/// # Errors
/// No such job, one that is running, one that is closed already, or a record that can't be written.
pub fn give_up(station: &Station, out: Option<&Path>, job: &str) -> Result<Option<PathBuf>, Problem> {
    let path = FileStore::path(&station.state, job);
    if !is_id(job) || !path.exists() {
        return Err(Problem::error(
            format!("there is no job {job:?} in {}", station.state.display()),
            "`radera resume` lists the jobs that stand open; name their state directory with --state.",
        ));
    }
    let store = FileStore::open(&path)?;
    let opened = Journal::reopen(Box::new(store)).and_then(|(journal, entries)| {
        let damaged = |detail: String| Problem::error(detail, "Keep it for the audit.");
        replay(entries).map(|state| (journal, state)).map_err(damaged)
    });
    let Ok((mut journal, mut state)) = opened else {
        let aside = path.with_extension("journal.damaged");
        std::fs::rename(&path, &aside).map_err(|e| {
            Problem::error(format!("{} can't be set aside: {e}", path.display()), "Run as the owner of the journal.")
        })?;
        return Ok(None);
    };
    if state.abandoned_by.is_some() || (state.is_over() && !state.lacks_record()) {
        return Err(Problem::error(format!("the job {job} is closed already"), "There is nothing to give up."));
    }
    let own = PathBuf::from(&state.plan.out);
    let record = settle(station, out.unwrap_or(&own), &mut journal, &mut state)?;
    journal.append(&Entry::Abandoned { by: OPERATOR.into() })?;
    Ok(record)
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
    if last.concluded.is_none() {
        let evidence = evidence::of(state, None, End::Interrupted { cause: record::KILLED.into() }, 0);
        let entry = Entry::Concluded {
            finished: record::now_after(record::latest(state)),
            evidence: Box::new(evidence),
            engine: None,
        };
        journal.append(&entry)?;
        state.apply(entry).map_err(bug)?;
    }
    // The record may have been written just before the session was killed, and not noted.
    let json = out.join(format!("{id}.json"));
    if let Ok(bytes) = std::fs::read(&json)
        && crate::document::parse(&bytes).is_ok_and(|r| r.id == id && r.job == state.job)
    {
        let digest = super::station::sha256(&bytes);
        let entry = Entry::Issued { record: id, digest, path: json.display().to_string() };
        journal.append(&entry)?;
        state.apply(entry).map_err(bug)?;
        return Ok(Some(json));
    }
    let reservation = Reservation::make(out, &id)?;
    issue_last(station, journal, state, reservation).map(Some)
}
