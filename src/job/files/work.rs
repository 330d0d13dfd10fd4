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
use super::plan::elsewhere;
use super::refusals::{problem, trim_helps};
use super::residue;
use super::run::Place;
use super::{Options, Wanted};
use crate::device::Inventory;
use crate::files::Obstacle;
use crate::files::ground::{Ground, Removed, Settled};
use crate::files::walk::{self, Directory, Emptied, Found, Lookout, OpenHow, Opened, Root, Stat, Visit};
use crate::io::{Engine, Halt};
use crate::job::Stop;
use crate::journal::{Entry, FileId, FilesState, JobState, Journal};
use crate::outcome::{Certainty, End, Event, FileVerdict, FilesStep, Observer, Residue, ResidueKind};
use crate::problem::Problem;

/// Files that are cleared together …
const BATCH_FILES: usize = 128;
/// … and the bytes after which no more are added.
const BATCH_BYTES: u64 = 64 << 20;
/// Emptied directories that wait for their files to be removed.
const DIRECTORIES: usize = 128;
/// What a record says where the walk came to no good end.
const CHANGED: &str =
    "the tree changed while it was walked, or could not be read whole; the notes on the screen tell where";
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
    pub(super) how: OpenHow,
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
    /// Files that an earlier session counted and may not have removed, and that were not met again yet.
    counted: HashSet<FileId>,
    /// Files of the batch before this one: their removal need not be durable yet.
    before: Vec<FileId>,
    /// Directories that stay for a reason that is known.
    stay: HashSet<PathBuf>,
    /// A directory that is not empty, and nothing that was met explains it.
    unexplained: bool,
    told: u32,
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
            stay: HashSet::new(),
            unexplained: false,
            told: 0,
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
            // A record has no names: the note has.
            (None, Err(problem)) => {
                self.observer.on_event(Event::Note { text: problem.what });
                End::GaveUp { detail: CHANGED.into() }
            }
            (None, Ok(())) if self.unexplained => End::GaveUp { detail: CHANGED.into() },
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
        // What an earlier session counted and this one did not meet had been removed by then.
        self.files.found.removed += self.counted.len() as u64;
        self.counted.clear();
        let held = roots.first().map(Root::parent).map(|parent| parent.held());
        self.settle(held)
    }

    /// Which of the targets begins with this name.
    fn target(&self, found: &Found<'_>) -> Option<u32> {
        let at = |root: &Root| root.name() == found.name && Arc::ptr_eq(root.parent(), found.directory);
        let root = self.place.roots.iter().find(|root| at(root))?;
        self.place
            .numbers
            .iter()
            .zip(self.place.roots)
            .find(|(_, other)| std::ptr::eq(*other, root))
            .map(|(number, _)| *number)
    }

    fn stays(&mut self, path: &std::path::Path) {
        if let Some(parent) = path.parent() {
            self.stay.insert(parent.to_path_buf());
        }
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
        self.stays(found.path);
        let bytes = found.stat.size_bytes;
        let name = found.path.as_os_str().as_bytes();
        self.kept.add(name, bytes, FileVerdict::NotCleared, Vec::new())?;
        let files = &mut self.files;
        files.found.count += 1;
        files.found.bytes = files.found.bytes.saturating_add(bytes);
        files.found.verdicts.add(FileVerdict::NotCleared);
        files.found.leave(Residue { kind: ResidueKind::Content, certainty: Certainty::Certain, files: 1 });
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
            if let Some(target) = self.target(&found) {
                self.files.gone.push(target);
                self.keep_state()?;
            }
            match walk::remove_directory(&found) {
                Ok(Emptied::Removed) => {
                    self.files.names_removed = true;
                    self.files.found.directories_removed += 1;
                }
                Ok(Emptied::NotEmpty) => {
                    self.note(&format!("{} is not empty, and stays", path.display()));
                    // Something in it was never met: it was put there meanwhile, or the filesystem did not list it.
                    self.unexplained |= !self.stay.contains(path);
                    self.stays(path);
                }
                Err(problem) => {
                    self.note(&problem.what);
                    self.unexplained = true;
                    self.stays(path);
                }
            }
        }
        Ok(())
    }

    fn keep_state(&mut self) -> Result<(), Problem> {
        let entry = Entry::Files { state: self.files.clone() };
        self.journal.append(&entry).inspect_err(|problem| self.halt = Some(Halt::GaveUp(problem.what.clone())))
    }

    fn clear(&mut self, batch: Batch) -> Result<(), Problem> {
        let released: Vec<FileId> = batch.released().map(|opened| id(&opened.stat)).collect();
        if !released.is_empty() {
            self.files.released = released;
            self.keep_state()?;
        }
        let begun = self.control.begin();
        let (done, result) = self.clearing.clear(batch, self.place, &mut self.control);
        self.control.end(begun, done.iter().map(|item| &item.outcome));
        if let Some(Ok(bytes)) = self.clearing.settled.take().and_then(|settled| settled.trimmed) {
            self.files.trimmed = Some(self.files.trimmed.unwrap_or(0).saturating_add(bytes));
        }
        let keep = self.place.options.keep;
        let mut ids = Vec::new();
        for item in &done {
            if let Some(why) = &item.outcome.why {
                self.note(&format!("{}: {}: {why}", item.opened.path.display(), item.outcome.verdict.name()));
            }
            let id = id(&item.opened.stat);
            let left = item.outcome.verdict == FileVerdict::NotCleared;
            if left {
                self.stays(&item.opened.path);
            }
            let again = self.counted.remove(&id) && !left;
            if !again {
                let extents = item.outcome.extents.clone();
                let name = item.opened.path.as_os_str().as_bytes();
                self.kept.add(name, item.opened.stat.size_bytes, item.outcome.verdict, extents)?;
                item.outcome.count(item.opened.stat.size_bytes, &mut self.files);
                if item.attributes > 0 {
                    self.files.attributes = true;
                    let left = Residue { kind: ResidueKind::Xattrs, certainty: Certainty::Certain, files: 1 };
                    self.files.found.leave(left);
                }
            }
            if !left {
                ids.push(id);
                if let Some(target) = self.target(&found_of(&item.opened)).filter(|_| !keep) {
                    self.files.gone.push(target);
                }
            }
        }
        let sums = self.control.sums();
        sums.add_to(&mut self.files);
        self.files.manifest_bytes = self.kept.sync()?;
        self.files.pending = self.before.iter().chain(&ids).chain(&self.counted).copied().collect();
        self.before = ids;
        self.keep_state()?;
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
                    self.files.names_removed = true;
                    self.files.found.removed += 1;
                }
                Err(problem) => self.note(&problem.what),
            }
        }
    }

    /// What the filesystem is asked to do at the end, and what is left after it.
    pub(super) fn settle(&mut self, held: Option<&File>) -> Result<(), Problem> {
        let mut settled = Settled::NOTHING;
        let removed = Removed { names: self.files.names_removed, xattrs: self.files.attributes };
        if let Some(held) = held.filter(|_| removed.names) {
            settled = self.place.ground.settle(held, self.place.options.accept_trim);
            for failed in [settled.synced.clone().err(), settled.checkpointed.clone().err()].into_iter().flatten() {
                self.note(&failed);
            }
        }
        let obstacles = obstacles(&self.files.obstacles);
        let remains = self.place.ground.residue(removed, &obstacles, &settled);
        let files = &mut self.files;
        if settled.is_checkpointed() {
            files.found.steps.push(FilesStep::JournalCheckpointed);
        }
        let last = settled.trimmed.clone().and_then(Result::ok);
        let trimmed = files.trimmed.take().map_or(last, |before| Some(before.saturating_add(last.unwrap_or(0))));
        if let Some(bytes) = trimmed {
            files.found.steps.push(FilesStep::Trimmed { bytes });
            files.found.trimmed_bytes = files.found.trimmed_bytes.saturating_add(bytes);
        }
        residue::merge(&mut files.found, &remains);
        files.pending.clear();
        if let Some(Err(why)) = &settled.trimmed {
            self.note(why);
        }
        self.keep_state()?;
        self.same_ground(held)
    }

    /// What the plan found of the filesystem and the layers below must still hold: a snapshot taken meanwhile keeps what was overwritten after it.
    fn same_ground(&mut self, held: Option<&File>) -> Result<(), Problem> {
        let Some(held) = held else { return Ok(()) };
        let now =
            Inventory::read(self.place.roots_of_kernel.clone()).and_then(|inventory| Ground::of(&inventory, held))?;
        let then = self.place.ground;
        let same = (now.redirected.is_some(), &now.obstacles) == (then.redirected.is_some(), &then.obstacles);
        if !same {
            let why = "what lies below the filesystem, or how it is mounted, changed while the job ran";
            self.halt = Some(Halt::GaveUp(why.into()));
            return Err(Problem::failed(why, "Wipe it again."));
        }
        Ok(())
    }
}

/// By which a file is known again.
pub(super) fn id(stat: &Stat) -> FileId {
    (stat.inode, stat.born.0, stat.born.1)
}

fn found_of(opened: &Opened) -> Found<'_> {
    Found { directory: &opened.directory, name: &opened.name, path: &opened.path, stat: opened.stat }
}

/// Obstacles that are kept in the journal, by name.
const NAMED: [(&str, Obstacle); 6] = [
    ("copy-on-write", Obstacle::CopyOnWrite),
    ("encoded", Obstacle::Encoded),
    ("data-journal", Obstacle::DataJournal),
    ("inline", Obstacle::Inline),
    ("in-memory", Obstacle::InMemory),
    ("unsettled", Obstacle::Unsettled),
];

fn obstacles(names: &[String]) -> Vec<Obstacle> {
    NAMED
        .iter()
        .filter(|(name, _)| names.iter().any(|known| known == name))
        .map(|(_, obstacle)| obstacle.clone())
        .collect()
}

impl Visit for Work<'_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        if self.stop.cause().is_some() {
            self.flush()?;
            self.halt.get_or_insert(Halt::Stopped);
            return Err(Problem::failed("stopped", "Run `radera resume`."));
        }
        if found.stat.nlink > 1 {
            // Another name of it may be among those that wait, and one file can't be held twice.
            self.flush()?;
        }
        if let Some(obstacle) = elsewhere(self.place.ground) {
            return self.leave_uncleared(found, &problem(found.path, obstacle));
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
        let known = id(&opened.stat);
        if obstacles.is_empty() && self.files.released.contains(&known) {
            // It was cut off before the job was interrupted, and shows nothing of what it was any more.
            obstacles.extend(self::obstacles(&self.files.obstacles));
        }
        for (name, _) in NAMED.iter().filter(|(_, obstacle)| obstacles.contains(obstacle)) {
            if !self.files.obstacles.iter().any(|known| known == name) {
                self.files.obstacles.push((*name).into());
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
                self.files.names_removed = true;
                self.files.found.links_removed += 1;
            }
            Err(problem) => {
                self.note(&problem.what);
                self.stays(found.path);
            }
        }
        Ok(())
    }

    fn special(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        self.files.found.left += 1;
        self.stays(found.path);
        self.note(&format!("{} is a {}, and is left alone", found.path.display(), found.stat.kind.name()));
        Ok(())
    }

    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        let why = format!(
            "another filesystem is mounted on {}: what lies there, and below it, is not touched",
            found.path.display()
        );
        self.leave_uncleared(found, &Problem::refused(why, "Unmount it."))
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
