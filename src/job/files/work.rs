//! The walk that clears: batch by batch, each into the list of files and the journal before anything of it is removed.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

use super::batch::{Batch, Clearing, Item};
use super::control::FilesControl;
use super::kept::Kept;
use super::refusals::{problem, trim_helps};
use super::residue;
use super::run::Place;
use super::{Options, Wanted};
use crate::files::Obstacle;
use crate::files::ground::{Removed, Settled};
use crate::files::walk::{self, Directory, Emptied, Found, Lookout, OpenHow, Root, Stat, Visit};
use crate::io::{Engine, Halt};
use crate::job::Stop;
use crate::journal::{Entry, FilesState, JobState, Journal};
use crate::outcome::{Certainty, End, Event, FileVerdict, FilesStep, Observer, Residue, ResidueKind};
use crate::problem::Problem;

/// Files that are cleared together …
const BATCH_FILES: usize = 128;
/// … and the bytes after which no more are added.
const BATCH_BYTES: u64 = 64 << 20;
/// Emptied directories that wait for their files to be removed.
const DIRECTORIES: usize = 128;
/// Notes that are told one by one.
const TOLD: u32 = 100;

/// A directory whose entries were all visited.
struct Emptying {
    directory: Arc<Directory>,
    name: OsString,
    path: PathBuf,
    stat: Stat,
}

/// See the module.
pub(super) struct Work<'a> {
    pub(super) place: &'a Place<'a>,
    how: OpenHow,
    pub(super) kept: &'a mut Kept,
    pub(super) journal: &'a mut Journal,
    state: &'a mut JobState,
    pub(super) files: Box<FilesState>,
    observer: &'a dyn Observer,
    pub(super) stop: &'a Stop,
    pub(super) clearing: Clearing,
    pub(super) control: FilesControl<'a>,
    batch: Batch,
    emptying: Vec<Emptying>,
    /// Inodes that an earlier session counted and may not have removed.
    counted: HashSet<u64>,
    /// Inodes of the batch before this one: their removal need not be durable yet.
    before: Vec<u64>,
    obstacles: Vec<Obstacle>,
    removed: Removed,
    told: u32,
    /// Bytes trimmed for released files.
    trimmed: Option<u64>,
    /// Why the walk was ended, where it was not by a problem of the walk's own.
    pub(super) halt: Option<Halt>,
}

impl<'a> Work<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn new(
        place: &'a Place<'a>,
        lookout: Arc<Lookout>,
        kept: &'a mut Kept,
        journal: &'a mut Journal,
        state: &'a mut JobState,
        files: Box<FilesState>,
        observer: &'a dyn Observer,
        stop: &'a Stop,
    ) -> Self {
        let Options { hardlinks, lift_attributes, .. } = place.options;
        let counted = files.pending.iter().copied().collect();
        Work {
            how: OpenHow { lift_attributes, hardlinks, lookout },
            clearing: Clearing::new(&state.plan),
            control: FilesControl::new(stop, observer, &state.plan),
            place,
            kept,
            journal,
            state,
            files,
            observer,
            stop,
            batch: Batch::default(),
            emptying: Vec::new(),
            counted,
            before: Vec::new(),
            obstacles: Vec::new(),
            removed: Removed::default(),
            told: 0,
            trimmed: None,
            halt: None,
        }
    }

    /// Clears what is left of the targets.
    pub(super) fn run(mut self) -> (End, Option<Engine>) {
        let result = match self.place.wanted {
            Wanted::Paths(_) => self.trees(),
            Wanted::FreeSpace(directory) => self.free_space(directory),
        };
        let end = match (self.halt.take(), result) {
            (Some(Halt::Stopped), _) => End::Interrupted { cause: self.stop.cause().unwrap_or("stopped").to_string() },
            (Some(Halt::Lost(detail)), _) => End::Lost { detail },
            (Some(Halt::GaveUp(detail)), _) => End::GaveUp { detail },
            // The tree changed under the walk, or can't be read: what is left of it is not known.
            (None, Err(problem)) => End::GaveUp { detail: problem.what },
            (None, Ok(())) => End::Completed,
        };
        self.state.files = Some(self.files);
        (end, Some(Engine::Uring))
    }

    fn trees(&mut self) -> Result<(), Problem> {
        let roots: &[Root] = self.place.roots;
        for root in roots {
            walk::walk(root, self)?;
        }
        self.flush()?;
        let held = roots.first().map(Root::parent).map(|parent| parent.held());
        self.settle(held)
    }

    /// Told once each, up to a number: a tree can hold a million of the same.
    pub(super) fn note(&mut self, text: &str) {
        self.told += 1;
        match self.told {
            ..TOLD => self.observer.on_event(Event::Note { text: text.into() }),
            TOLD => self.observer.on_event(Event::Note { text: "more of this kind is not told one by one".into() }),
            _ => {}
        }
    }

    /// A file that is not begun with: it stays as it is, and is counted as not cleared.
    fn leave_uncleared(&mut self, found: &Found<'_>, why: &Problem) -> Result<(), Problem> {
        self.note(&why.what);
        let bytes = found.stat.size_bytes;
        if !self.counted.contains(&found.stat.inode) {
            let name = found.path.as_os_str().as_bytes();
            self.kept.add(name, bytes, FileVerdict::NotCleared, Vec::new())?;
            let files = &mut self.files;
            files.found.count += 1;
            files.found.bytes = files.found.bytes.saturating_add(bytes);
            files.found.verdicts.add(FileVerdict::NotCleared);
            files.found.leave(Residue { kind: ResidueKind::Content, certainty: Certainty::Certain, files: 1 });
        }
        Ok(())
    }

    /// Clears the files that wait, keeps what came of them, and removes them; then directories that are empty now.
    fn flush(&mut self) -> Result<(), Problem> {
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            self.clear(batch)?;
        }
        for waiting in std::mem::take(&mut self.emptying) {
            let Emptying { directory, name, path, stat } = &waiting;
            let found = Found { directory, name, path, stat: *stat };
            match walk::remove_directory(&found) {
                Ok(Emptied::Removed) => {
                    self.removed.names = true;
                    self.files.found.directories_removed += 1;
                }
                Ok(Emptied::NotEmpty) => self.note(&format!("{} is not empty, and stays", path.display())),
                Err(problem) => self.note(&problem.what),
            }
        }
        Ok(())
    }

    fn clear(&mut self, batch: Batch) -> Result<(), Problem> {
        let begun = self.control.begin();
        let (done, result) = self.clearing.clear(batch, self.place, &mut self.control);
        self.control.end(begun, done.iter().map(|item| &item.outcome));
        if let Some(Ok(bytes)) = self.clearing.settled.take().and_then(|settled| settled.trimmed) {
            self.trimmed = Some(self.trimmed.unwrap_or(0).saturating_add(bytes));
        }
        let (counted, keep) = (std::mem::take(&mut self.counted), self.place.options.keep);
        let mut inodes = Vec::new();
        for item in &done {
            if let Some(why) = &item.outcome.why {
                self.note(&format!("{}: {}: {why}", item.opened.path.display(), item.outcome.verdict.name()));
            }
            let again = counted.contains(&item.opened.stat.inode);
            if !again {
                let extents = item.outcome.extents.clone();
                let name = item.opened.path.as_os_str().as_bytes();
                self.kept.add(name, item.opened.stat.size_bytes, item.outcome.verdict, extents)?;
                item.outcome.count(item.opened.stat.size_bytes, &mut self.files);
                inodes.push(item.opened.stat.inode);
            }
            if item.attributes > 0 {
                self.removed.xattrs = true;
                self.files.found.leave(Residue { kind: ResidueKind::Xattrs, certainty: Certainty::Certain, files: 1 });
            }
        }
        self.counted = counted;
        let sums = self.control.sums();
        let manifest_bytes = self.kept.sync()?;
        let pending = self.before.iter().chain(&inodes).copied().collect();
        self.before = inodes;
        sums.add_to(&mut self.files);
        let files = &mut self.files;
        (files.manifest_bytes, files.pending) = (manifest_bytes, pending);
        let entry = Entry::Files { state: files.clone() };
        self.journal.append(&entry).inspect_err(|problem| self.halt = Some(Halt::GaveUp(problem.what.clone())))?;
        self.take_away(done, keep);
        if let Err(halt) = result {
            self.halt = Some(halt);
            return Err(Problem::failed("the walk was ended", "Run `radera resume`."));
        }
        Ok(())
    }

    fn take_away(&mut self, done: Vec<Item>, keep: bool) {
        let (stays, goes): (Vec<_>, Vec<_>) =
            done.into_iter().partition(|item| keep || item.outcome.verdict == FileVerdict::NotCleared);
        for item in stays {
            if let Err(problem) = item.opened.keep() {
                self.note(&problem.what);
            }
        }
        let goes: Vec<_> = goes.into_iter().map(|item| item.opened).collect();
        for (_, result) in walk::remove_all(goes) {
            match result {
                Ok(()) => {
                    self.removed.names = true;
                    self.files.found.removed += 1;
                }
                Err(problem) => self.note(&problem.what),
            }
        }
    }

    /// What the filesystem is asked to do at the end, and what is left after it.
    pub(super) fn settle(&mut self, held: Option<&File>) -> Result<(), Problem> {
        let mut settled = Settled::NOTHING;
        if let Some(held) = held.filter(|_| self.removed.names) {
            settled = self.place.ground.settle(held, self.place.options.accept_trim);
            for failed in [settled.synced.clone().err(), settled.checkpointed.clone().err()].into_iter().flatten() {
                self.note(&failed);
            }
        }
        let remains = self.place.ground.residue(self.removed, &self.obstacles, &settled);
        let files = &mut self.files;
        if settled.is_checkpointed() {
            files.found.steps.push(FilesStep::JournalCheckpointed);
        }
        let last = settled.trimmed.clone().and_then(Result::ok);
        if let Some(bytes) = self.trimmed.take().map_or(last, |before| Some(before.saturating_add(last.unwrap_or(0)))) {
            files.found.steps.push(FilesStep::Trimmed { bytes });
            files.found.trimmed_bytes = files.found.trimmed_bytes.saturating_add(bytes);
        }
        residue::merge(&mut files.found, &remains);
        files.pending.clear();
        let state = files.clone();
        if let Some(Err(why)) = &settled.trimmed {
            self.note(why);
        }
        self.journal.append(&Entry::Files { state })
    }
}

impl Visit for Work<'_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        if self.stop.cause().is_some() {
            self.flush()?;
            self.halt.get_or_insert(Halt::Stopped);
            return Err(Problem::failed("stopped", "Run `radera resume`."));
        }
        let opened = match walk::open(found, &self.how) {
            Ok(opened) => opened,
            Err(obstacle) => return self.leave_uncleared(found, &problem(found.path, &obstacle)),
        };
        let mut obstacles = self.place.ground.obstacles_of(&opened.file);
        let unread = |obstacle: &Obstacle| matches!(obstacle, Obstacle::DeviceUnreadable(_));
        obstacles.retain(|obstacle| !unread(obstacle));
        let way = |obstacle: &Obstacle| self.place.options.accept_trim && trim_helps(obstacle);
        if let Some(obstacle) = obstacles.iter().find(|obstacle| !way(obstacle) && **obstacle != Obstacle::Immutable) {
            let why = problem(found.path, obstacle);
            let _ = opened.keep();
            return self.leave_uncleared(found, &why);
        }
        for obstacle in &obstacles {
            if !self.obstacles.contains(obstacle) {
                self.obstacles.push(obstacle.clone());
            }
        }
        self.batch.add(opened, obstacles);
        if self.batch.len() >= BATCH_FILES || self.batch.bytes() >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn link(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        if self.place.options.keep {
            return Ok(());
        }
        match walk::remove_link(found) {
            Ok(()) => {
                self.removed.names = true;
                self.files.found.removed += 1;
            }
            Err(problem) => self.note(&problem.what),
        }
        Ok(())
    }

    fn special(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.files.found.left += 1;
        self.note(&format!("{} is a {}, and is left alone", found.path.display(), found.stat.kind.name()));
        Ok(())
    }

    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.files.found.left += 1;
        self.note(&format!("another filesystem is mounted on {}: it is left alone", found.path.display()));
        Ok(())
    }

    fn leave(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        if self.place.options.keep {
            return Ok(());
        }
        let Found { directory, name, path, stat } = *found;
        let (directory, name, path) = (Arc::clone(directory), name.to_os_string(), path.to_path_buf());
        self.emptying.push(Emptying { directory, name, path, stat });
        if self.emptying.len() >= DIRECTORIES {
            self.flush()?;
        }
        Ok(())
    }
}
