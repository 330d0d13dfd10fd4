//! Finds interrupted jobs and goes on with them.

use std::path::{Path, PathBuf};

use super::close::settle;
use super::files::resume as files;
use super::prove::Found;
use super::run::{conclude, open_session, started_event};
use super::session::Session;
use super::station::boot_id;
use super::{Finished, Station, Stop, authorize, draw, prove, swap};
use crate::certificate::Reservation;
use crate::device::{Clearance, Inventory};
use crate::io::Engine;
use crate::journal::{CaseLink, FileStore, JobState, Journal, parse_lines, replay};
use crate::media::Medium;
use crate::outcome::{Observer, Verdict};
use crate::problem::{Kind, Problem};

/// An interrupted job, and the medium it was found on again, if it was.
pub struct Resumable {
    /// Id of the job.
    pub job: String,
    /// Path of the target: where it is now, else where it was.
    pub path: PathBuf,
    /// Model, serial, size and how far it got, in words.
    pub description: String,
    /// `Err`: why it can't go on now (not attached, not provably the same medium, in use, journal damaged).
    pub ready: Result<(), Problem>,
    /// Where its records were to go.
    pub out: PathBuf,
    /// The case that they belong to.
    pub case: Option<CaseLink>,
    journal: PathBuf,
}

/// The interrupted jobs of the station's state directory; those on `targets` only, unless that is empty.
pub fn resumable(state: &Path, inventory: &Inventory, targets: &[PathBuf]) -> Result<Vec<Resumable>, Problem> {
    let mut wanted = Vec::new();
    for target in targets {
        // A target that is gone is looked for by the path it had.
        let named = || std::path::absolute(target).unwrap_or_else(|_| target.clone()).display().to_string();
        wanted.push(inventory.medium(target).map_or_else(|_| named(), |m| m.identity.path));
    }
    let boot = boot_id(&inventory.roots);
    let mut found = Vec::new();
    for path in journals(state)? {
        match look(state, &path, inventory, &boot) {
            Ok(Some(resumable)) => found.push(resumable),
            Ok(None) => {}
            Err(problem) => {
                let job = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
                found.push(Resumable {
                    path: path.clone(),
                    description: "a journal that can't be read".into(),
                    ready: Err(or_give_up(&job, problem)),
                    job,
                    out: PathBuf::new(),
                    case: None,
                    journal: path,
                })
            }
        }
    }
    found.retain(|r| wanted.is_empty() || wanted.iter().any(|w| Path::new(w) == r.path));
    Ok(found)
}

pub(super) fn journals(state: &Path) -> Result<Vec<PathBuf>, Problem> {
    let directory = FileStore::directory(state);
    let unreadable = |e: std::io::Error| {
        Problem::error(
            format!("the journals in {} can't be read: {e}", directory.display()),
            "Run as the user who started the job, with the same --state.",
        )
    };
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(unreadable(e)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|e| e == "journal") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads a journal without locking it: a job that is running is found out when it is opened.
fn look(directory: &Path, path: &Path, inventory: &Inventory, boot: &str) -> Result<Option<Resumable>, Problem> {
    let damaged = |detail: String| {
        Problem::error(
            format!("the journal {} is damaged: {detail}", path.display()),
            "Keep it for the audit, and wipe the medium again from the start.",
        )
    };
    let bytes = std::fs::read(path).map_err(|e| {
        Problem::error(format!("the journal {} can't be read: {e}", path.display()), "Run as its owner.")
    })?;
    let entries = parse_lines(&bytes).map_err(damaged)?;
    if entries.is_empty() {
        // Killed before it wrote a byte of its first entry: nothing was changed.
        let nothing = || damaged("it has no whole entry; nothing was changed if it was cut while it was made".into());
        return if bytes.is_empty() { Ok(None) } else { Err(nothing()) };
    }
    let state = replay(entries).map_err(damaged)?;
    if state.sessions.is_empty() || state.abandoned_by.is_some() || (state.is_over() && !state.lacks_record()) {
        return Ok(None);
    }
    if state.plan.files.is_some() {
        let found = if state.is_over() { Ok(()) } else { files::find(directory, &state, inventory).map(|_| ()) };
        return Ok(Some(Resumable {
            path: files::path(directory, &state),
            description: files::progress(&state),
            ready: found.map_err(|problem| or_give_up(&state.job, problem)),
            out: state.plan.out.clone().into(),
            case: state.plan.case.clone(),
            journal: path.to_path_buf(),
            job: state.job,
        }));
    }
    let identity = &state.plan.medium.identity;
    let mut description = format!(
        "{}, serial {}, {} bytes, {}",
        identity.model.as_deref().unwrap_or("unknown model"),
        identity.serial.as_ref().map_or("unknown", |s| s.value.as_str()),
        identity.size_bytes,
        progress(&state)
    );
    let (path_now, ready) = if state.is_over() {
        (identity.path.clone(), Ok(()))
    } else {
        match prove::find(&state, inventory, boot) {
            Ok(Found { medium, .. }) => {
                if state.plan.erase.is_none() {
                    let block = u64::from(medium.identity.logical_block_bytes);
                    let (pass, byte) = prove::restart(state.reached, medium.identity.size_bytes, block);
                    description += &format!("; goes on from byte {byte} of pass {pass}");
                }
                let ready = medium.uses.first().map_or(Ok(()), |u| Err(super::refusals::in_use(&medium, u)));
                (medium.identity.path, ready.map_err(|problem| is_running(path, problem)))
            }
            Err(problem) => (identity.path.clone(), Err(or_give_up(&state.job, problem))),
        }
    };
    Ok(Some(Resumable {
        job: state.job.clone(),
        path: path_now.into(),
        description,
        ready,
        out: state.plan.out.clone().into(),
        case: state.plan.case.clone(),
        journal: path.to_path_buf(),
    }))
}

/// How far it got, in words.
fn progress(state: &JobState) -> String {
    let (Some(_), technique) = (&state.plan.erase, state.plan.technique.name()) else {
        return format!("reached byte {} of pass {} of {}", state.reached.1, state.reached.0, state.plan.passes.len());
    };
    match &state.erase {
        Some((true, command)) => match command.progress.last() {
            Some(last) => format!("{technique} was seen {} percent done", u32::from(last.progress) * 100 / 65536),
            None => format!("{technique} was sent, and not seen running"),
        },
        _ => format!("{technique} was not sent yet"),
    }
}

/// The other devices of the drive as they are now: node names change when it is attached anew.
fn found_again(inventory: &Inventory, medium: &Medium, siblings: &[Medium]) -> Result<Vec<Medium>, Problem> {
    let attached = medium.siblings.iter().flatten();
    let media = attached.map(|s| inventory.medium(Path::new(&s.path))).collect::<Result<Vec<_>, _>>()?;
    let find = |was: &Medium| {
        let found =
            media.iter().find(|now| now.node == was.node && was.identity.difference(&now.identity, true).is_none());
        found.cloned().ok_or_else(|| {
            Problem::error(
                format!("{} of the same drive, which the erase reaches as well, is not attached", was.identity.path),
                "Attach the whole drive again, then run `radera resume`.",
            )
        })
    };
    siblings.iter().map(find).collect()
}

/// Where its own radera is what holds the medium, that is what to say.
fn is_running(journal: &Path, in_use: Problem) -> Problem {
    match FileStore::open(journal) {
        Err(locked) if locked.kind == Kind::Refused => locked,
        _ => in_use,
    }
}

fn or_give_up(job: &str, problem: Problem) -> Problem {
    let todo = format!("{} To close the job as it stands: radera resume --give-up {job}", problem.todo);
    Problem { todo, ..problem }
}

/// Goes on with one of them, on the caller's thread; records go to `station.out`. A job whose work had ended but whose record was
/// not written only gets its record.
pub fn resume(
    station: &Station,
    inventory: &Inventory,
    resumable: &Resumable,
    max_rate: Option<u64>,
    observer: &dyn Observer,
    stop: &Stop,
) -> Finished {
    let mut earlier = Vec::new();
    let mut finished = match resume_inner(station, inventory, resumable, max_rate, observer, stop, &mut earlier) {
        Ok(finished) => finished,
        Err(problem) => Finished { job: Some(resumable.job.clone()), ..Finished::before_any_change(problem) },
    };
    earlier.retain(|path| finished.record.as_ref() != Some(path));
    finished.earlier = earlier;
    finished.tell(observer)
}

fn resume_inner(
    station: &Station,
    inventory: &Inventory,
    resumable: &Resumable,
    max_rate: Option<u64>,
    observer: &dyn Observer,
    stop: &Stop,
    earlier: &mut Vec<PathBuf>,
) -> Result<Finished, Problem> {
    resumable.ready.clone()?;
    // The lock on the journal keeps a second radera away from here on.
    let (mut journal, entries) = Journal::reopen(Box::new(FileStore::open(&resumable.journal)?))?;
    let mut state = replay(entries).map_err(|detail| {
        Problem::error(
            format!("the journal {} is damaged: {detail}", resumable.journal.display()),
            "Keep it for the audit, and wipe the medium again from the start.",
        )
    })?;
    let over = state.is_over();
    let settled = settle(station, &station.out, &mut journal, &mut state).map_err(|problem| match over {
        true => Problem {
            what: format!("job {} is done, and its record not issued: {}", state.job, problem.what),
            ..problem
        },
        false => problem,
    })?;
    earlier.extend(settled.clone());
    if state.is_over() {
        let finished = finished_before(&state, settled);
        let last = state.sessions.last().map_or(&state.plan.medium.identity, |session| &session.identity);
        let back = swap::take_back(&station.roots, last, state.plan.swap.as_ref(), finished.status, observer);
        return Ok(Finished { exit_code: finished.exit_code.worst(back), ..finished });
    }
    if state.plan.files.is_some() {
        let left = files::find(&station.state, &state, inventory)?;
        state.plan.max_rate = max_rate.or(state.plan.max_rate);
        return files::go_on(station, journal, state, &left, observer, stop);
    }
    let found = prove::find(&state, inventory, &boot_id(&station.roots))?;
    if max_rate.is_some() {
        state.plan.max_rate = max_rate;
    }
    let siblings =
        state.plan.erase.as_ref().map(|erase| found_again(inventory, &found.medium, &erase.siblings)).transpose()?;
    let siblings = siblings.unwrap_or_default();
    let mut clearance = authorize::take(station, &refreshed(&state, &found.medium), &siblings, state.plan.technique)?;
    let swap = state.plan.swap.clone();
    let finished = go_on(station, &mut journal, state, &mut clearance, &found, observer, stop, None)?;
    drop(clearance);
    let back = swap::take_back(&station.roots, &found.medium.identity, swap.as_ref(), finished.status, observer);
    Ok(Finished { exit_code: finished.exit_code.worst(back), ..finished })
}

/// Goes on with a job whose medium is held: checks that nobody put it to use since, steps back by a margin, and runs a session.
#[allow(clippy::too_many_arguments)]
pub(super) fn go_on(
    station: &Station,
    journal: &mut Journal,
    mut state: JobState,
    clearance: &mut Clearance,
    found: &Found,
    observer: &dyn Observer,
    stop: &Stop,
    engine: Option<Engine>,
) -> Result<Finished, Problem> {
    let may_begin_anew = unchanged_since(&state, found, clearance)?;
    if state.plan.erase.is_none() {
        let identity = &found.medium.identity;
        let logical_block = u64::from(identity.logical_block_bytes);
        let (pass, byte) = prove::restart(state.reached, identity.size_bytes, logical_block);
        state.rewind(pass, byte);
    }
    let record = draw::id()?;
    let reservation = Reservation::make(&station.out, &record)?;
    state = open_session(station, journal, state, clearance, &record)?;
    observer.on_event(started_event(&state, true));
    let session =
        Session { clearance: &mut *clearance, journal, state: &mut state, observer, stop, engine, may_begin_anew };
    let work = session.run();
    swap::make_anew(clearance, state.plan.swap.as_ref(), &work.evidence, engine, observer);
    Ok(conclude(station, journal, state, work.evidence, work.engine, reservation))
}

/// The confirmation that the operator gave is for what the medium held then. If it was put to use since, it must be given anew.
/// `true`: it also carries what the job left, or was not away.
fn unchanged_since(state: &JobState, found: &Found, clearance: &mut Clearance) -> Result<bool, Problem> {
    let used = |why: String| {
        Problem::refused(
            format!("{}: job {} can't go on with it: {why}", found.medium.identity.path, state.job),
            "If it may be erased all the same, run `radera wipe` and confirm it anew.",
        )
    };
    if state.plan.erase.is_some() {
        return super::prove_erase::untouched(state, found, clearance).map_err(used);
    }
    let mut queue = clearance
        .queue(None)
        .map_err(|e| Problem::error(format!("no engine could be set up: {e}"), "Check that O_DIRECT works here."))?;
    prove::untouched(state, found, queue.as_mut()).map_err(used)?;
    Ok(true)
}

/// The medium as confirmed, with the identity and the partitions it has now: node names and the disk sequence number change when
/// it is attached anew, and its partitions go with its partition table.
fn refreshed(state: &JobState, found: &Medium) -> Medium {
    Medium { identity: found.identity.clone(), partitions: found.partitions.clone(), ..state.plan.medium.clone() }
}

fn finished_before(state: &JobState, record: Option<PathBuf>) -> Finished {
    let verdict = state.sessions.last().and_then(|s| s.concluded.as_ref()).map(|(_, evidence)| Verdict::of(evidence));
    match verdict {
        Some(verdict) => Finished {
            job: Some(state.job.clone()),
            status: Some(verdict.status),
            exit_code: verdict.exit_code,
            record,
            statement: verdict.statement,
            problem: None,
            earlier: Vec::new(),
        },
        None => Finished::before_any_change(Problem::new(
            Kind::Error,
            format!("job {} has nothing to go on with", state.job),
            "Run `radera wipe` to start again.",
        )),
    }
}
