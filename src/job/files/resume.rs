//! Goes on with a job on files that was interrupted.

use std::path::{Path, PathBuf};

use super::kept::Kept;
use super::names::{Names, Target};
use super::plan::held_directory;
use super::run::{Begun, Place, open_session, session};
use super::work::id;
use super::{Options, Wanted};
use crate::certificate::Reservation;
use crate::device::Inventory;
use crate::files::ground::Ground;
use crate::files::walk::Root;
use crate::job::run::{Finished, started_event};
use crate::job::{Station, Stop, draw};
use crate::journal::{Entry, FilesState, JobState, Journal, StoredFiles};
use crate::outcome::{FilesSubject, Observer};
use crate::problem::Problem;

/// What is left of the targets of a job, and the filesystem that they lie on.
pub(in crate::job) struct Left {
    ground: Ground,
    roots: Vec<Root>,
    numbers: Vec<u32>,
    wanted: Wanted,
}

/// The path that stands for the job: the first that was named, else its device.
pub(in crate::job) fn path(state_directory: &Path, state: &JobState) -> PathBuf {
    let named = Names::of(state_directory, &state.job).targets().ok();
    let first = named.and_then(|targets| targets.into_iter().next());
    first.map_or_else(|| state.plan.medium.identity.path.clone().into(), |target| target.path)
}

/// How far it got, in words.
pub(in crate::job) fn progress(state: &JobState) -> String {
    let done = state.files.as_ref().map_or(0, |files| files.found.count);
    let filesystem = state.plan.files.as_ref().map_or("", |files| &files.none_yet.filesystem);
    format!("files on {}, {filesystem}, {done} done", state.plan.medium.identity.path)
}

/// Finds what is left.
///
/// # Errors
/// Another filesystem is mounted there, or a target was put there anew since.
pub(in crate::job) fn find(state_directory: &Path, state: &JobState, inventory: &Inventory) -> Result<Left, Problem> {
    let targets = Names::of(state_directory, &state.job).targets()?;
    let subject = state.plan.files.as_ref().map_or(FilesSubject::Files, |files| files.none_yet.subject);
    let mut roots = Vec::new();
    let mut numbers = Vec::new();
    let gone = state.files.as_ref().map(|files| files.gone.as_slice()).unwrap_or_default();
    for (number, target) in (0..).zip(&targets) {
        let looked_at = std::fs::symlink_metadata(&target.path);
        if looked_at.is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
            if gone.contains(&number) {
                // Removed before the job was interrupted.
                continue;
            }
            return Err(Problem::refused(
                format!("{} is not there, and this job did not remove it", target.path.display()),
                "Put it back where it was, then run `radera resume`.",
            ));
        }
        if subject == FilesSubject::FreeSpace {
            continue;
        }
        let root = Root::open(&target.path)?;
        if id(root.stat()) != target.id {
            return Err(Problem::refused(
                format!("{} is not what was confirmed: it was put there since", target.path.display()),
                "If it may be erased all the same, run `radera wipe` and confirm it anew.",
            ));
        }
        roots.push(root);
        numbers.push(number);
    }
    let there = match (roots.first(), targets.first()) {
        (Some(root), _) => Ground::of(inventory, root.parent().held())?,
        (None, Some(target)) => Ground::of(inventory, &held_directory(&nearest(&target.path))?)?,
        (None, None) => {
            return Err(Problem::error(format!("job {} names nothing", state.job), "Close it with --give-up."));
        }
    };
    same_filesystem(state, &there)?;
    let wanted = match (subject, targets.first()) {
        (FilesSubject::FreeSpace, Some(Target { path, .. })) => Wanted::FreeSpace(path.clone()),
        _ => Wanted::Paths(targets.into_iter().map(|target| target.path).collect()),
    };
    if subject == FilesSubject::Files {
        mounted(&roots, &there)?;
    }
    Ok(Left { ground: there, roots, numbers, wanted })
}

/// Files lie where they lay: what stands in the way now must be looked at, and confirmed, anew.
fn mounted(roots: &[Root], ground: &Ground) -> Result<(), Problem> {
    let other = roots.iter().find(|root| root.device() != ground.device && ground.kind.name() != "btrfs");
    other.map_or(Ok(()), |root| {
        Err(Problem::refused(
            format!("{} lies on another filesystem now", root.path().display()),
            "Mount it as it was, then run `radera resume`.",
        ))
    })
}

/// The path itself, or the nearest directory above it that exists.
fn nearest(path: &Path) -> PathBuf {
    let exists = |path: &&Path| std::fs::symlink_metadata(path).is_ok();
    path.ancestors().find(exists).unwrap_or(Path::new("/")).to_path_buf()
}

fn same_filesystem(state: &JobState, now: &Ground) -> Result<(), Problem> {
    let was = &state.plan.medium.identity;
    let name = state.plan.files.as_ref().map_or("", |files| &files.none_yet.filesystem);
    let difference = match &now.medium {
        Some(medium) => was.difference(&medium.identity, true),
        None => (was.path != now.name).then(|| format!("{} is mounted there", now.name)),
    };
    let difference =
        difference.or_else(|| (name != now.name).then(|| format!("it is {} now, and was {name}", now.name)));
    difference.map_or(Ok(()), |difference| {
        Err(Problem::refused(
            format!("the filesystem of job {} is not there: {difference}", state.job),
            "Mount it where it was, then run `radera resume`.",
        ))
    })
}

fn options(files: &StoredFiles) -> Options {
    Options {
        keep: files.none_yet.kept,
        hardlinks: files.hardlinks,
        accept_trim: files.accept_trim,
        list_names: files.list_names,
        lift_attributes: files.lift_attributes,
        slack: files.slack,
    }
}

/// Goes on with it: what is left is walked again.
pub(in crate::job) fn go_on(
    station: &Station,
    mut journal: Journal,
    mut state: JobState,
    left: &Left,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Finished, Problem> {
    let files =
        state.plan.files.clone().ok_or_else(|| Problem::error("the job has no files", "Report this as a bug."))?;
    let options = options(&files);
    let again = options.keep || files.none_yet.subject == FilesSubject::FreeSpace;
    if again {
        // Nothing tells which of them are done: all are done again, and what was counted is forgotten.
        state.files = Some(Box::new(FilesState::new(&files, state.plan.passes.len())));
    }
    let length = state.files.as_ref().map_or(0, |files| files.manifest_bytes);
    if let Some(files) = state.files.clone().filter(|_| again) {
        // Before the list is cut: the journal must not say that there is more.
        journal.append(&Entry::Files { state: files })?;
    }
    let kept = Kept::reopen(&station.state, &state.job, options.list_names, length)?;
    let record = draw::id()?;
    let reservation = Reservation::make(&station.out, &record)?;
    let state = open_session(station, &mut journal, state, &record)?;
    observer.on_event(started_event(&state, true));
    let place = Place {
        ground: &left.ground,
        roots: &left.roots,
        numbers: &left.numbers,
        roots_of_kernel: station.roots.clone(),
        wanted: &left.wanted,
        options,
    };
    Ok(session(station, Begun { journal, state, reservation, kept }, &place, observer, stop))
}
