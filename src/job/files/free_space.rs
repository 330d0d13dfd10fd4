//! The free space of a filesystem: set aside in files without a name, which are then cleared like any others, and let go.

use std::fs::File;
use std::path::Path;

use super::batch::Outcome;
use super::plan::held_directory;
use super::work::Work;
use crate::files::clear::{self, Subject};
use crate::files::free_space::{self, End as Reached, Request};
use crate::files::ground::Removed;
use crate::io::Halt;
use crate::journal::Entry;
use crate::outcome::{Certainty, FileVerdict, FilesStep, Residue, ResidueKind};
use crate::problem::Problem;

/// Small files that are made to fill what large ones leave: inodes, ends of directories, content in inodes.
const SMALL_FILES: u64 = 100_000;

impl Work<'_> {
    /// Fills, clears what was filled, and gives it back.
    pub(super) fn free_space(&mut self, path: &Path) -> Result<(), Problem> {
        let directory = held_directory(path)?;
        let result = self.fill(path, &directory);
        if let Err(problem) = &result
            && self.halt.is_none()
            && self.stop.cause().is_none()
        {
            self.note(&problem.what);
            self.halt =
                Some(Halt::GaveUp("the free space could not be filled; the notes on the screen tell why".into()));
        }
        result
    }

    fn fill(&mut self, path: &Path, directory: &File) -> Result<(), Problem> {
        let ground = self.place.ground;
        let logical_block_bytes =
            ground.medium.as_ref().map_or(ground.block_bytes, |medium| medium.identity.logical_block_bytes);
        let Some(pattern) = self.clearing.passes.first().cloned() else {
            return Err(Problem::failed("no pass was planned", "Report this as a bug."));
        };
        let request = Request {
            directory,
            block_bytes: u64::from(ground.block_bytes),
            logical_block_bytes,
            pattern: &pattern,
            largest_file: u64::MAX,
            prefer: None,
        };
        let filled = free_space::fill(&request, &mut self.control)?;
        if filled.end == Reached::Stopped {
            return Err(self.stopped());
        }
        let begun = self.control.begin();
        let subjects: Vec<Subject<'_>> =
            filled.files.iter().map(|fill| Subject { file: &fill.file, size_bytes: fill.bytes, keep: true }).collect();
        let (passes, verify) = (self.clearing.passes.clone(), self.clearing.verify);
        let mut items = Vec::new();
        if ground.overwrites_in_place() {
            let (cleared, result) =
                clear::clear(&subjects, &passes, verify, ground, &mut self.clearing.tools, &mut self.control);
            if let Err(halt) = result {
                let stopped = self.stopped();
                self.halt = Some(halt);
                return Err(stopped);
            }
            for (fill, cleared) in filled.files.iter().zip(cleared) {
                if let Some(why) = &cleared.why {
                    self.note(&format!("a part of the free space: {}: {why}", cleared.verdict.name()));
                }
                items.push((fill.bytes, Outcome::of(cleared, ground.redirected.is_some())));
            }
        } else {
            // Overwriting what fills it would only move it.
            let unverified = || Outcome::released(FileVerdict::OverwrittenUnverified, None);
            items.extend(filled.files.iter().map(|fill| (fill.bytes, unverified())));
        }
        drop(subjects);
        self.control.end(begun, items.iter().map(|(_, outcome)| outcome));
        drop(filled.files);
        // What is appended from here on has room again.
        for (number, (bytes, outcome)) in items.iter().enumerate() {
            self.kept.add(format!("fill/{number}").as_bytes(), *bytes, outcome.verdict, outcome.extents.clone())?;
            outcome.count(*bytes, &mut self.files);
        }
        let sums = self.control.sums();
        sums.add_to(&mut self.files);
        self.files.manifest_bytes = self.kept.sync()?;
        let small = free_space::slack(directory, SMALL_FILES, &mut || self.stop.cause().is_some())?;
        if small.end == Some(Reached::Stopped) {
            return Err(self.stopped());
        }
        self.note(&format!("{} small files were made and removed, to fill inodes and directories", small.files));
        if self.place.options.slack {
            self.slack(path)?;
        }
        self.end_free_space(directory, filled.bytes, filled.left_bytes, filled.unwritten_bytes, filled.end)
    }

    /// The ends of live files.
    fn slack(&mut self, path: &Path) -> Result<(), Problem> {
        let ends = self.ends_of_files(path);
        if self.stop.cause().is_some() {
            return Err(self.stopped());
        }
        let ends = ends?;
        self.note(&format!(
            "the ends of {} files were looked at: {} bytes were overwritten, {} files could not be reached",
            ends.looked, ends.written, ends.left
        ));
        self.files.found.steps.push(FilesStep::SlackOverwritten { bytes: ends.written });
        if ends.past > 0 {
            self.note(&format!("{} bytes are set aside past the end of files, and stay as they are", ends.past));
        }
        if ends.left > 0 || ends.past > 0 {
            let left = Residue { kind: ResidueKind::FreeSpace, certainty: Certainty::Certain, files: 0 };
            self.files.found.leave(left);
        }
        Ok(())
    }

    fn stopped(&mut self) -> Problem {
        self.halt.get_or_insert(Halt::Stopped);
        Problem::failed("stopped", "Run `radera resume`.")
    }

    fn end_free_space(
        &mut self,
        directory: &File,
        bytes: u64,
        left: u64,
        unwritten: u64,
        reached: Reached,
    ) -> Result<(), Problem> {
        let ground = self.place.ground;
        let settled = ground.settle(directory, true);
        let found = &mut self.files.found;
        found.steps.push(FilesStep::FreeSpaceFilled { bytes });
        if settled.is_checkpointed() {
            found.steps.push(FilesStep::JournalCheckpointed);
        }
        if let Some(Ok(bytes)) = settled.trimmed.clone() {
            found.steps.push(FilesStep::Trimmed { bytes });
            found.trimmed_bytes = found.trimmed_bytes.saturating_add(bytes);
        }
        super::residue::merge(found, &ground.residue(Removed::default(), &[], &settled));
        // Earlier versions are what was overwritten just now.
        found.residue.retain(|known| known.kind != ResidueKind::OlderVersions);
        let known = |left: &Residue| left.kind == ResidueKind::FreeSpace && left.certainty == Certainty::Certain;
        let certain = unwritten > 0 || reached != Reached::Full || found.residue.iter().any(known);
        found.residue.retain(|left| left.kind != ResidueKind::FreeSpace);
        let certainty = if certain { Certainty::Certain } else { Certainty::Possible };
        found.leave(Residue { kind: ResidueKind::FreeSpace, certainty, files: 0 });
        let why = match reached {
            Reached::Quota => Some("a quota kept it from filling all of the free space"),
            Reached::FileSize => Some("a limit on the size of files kept it from filling all of the free space"),
            Reached::Full | Reached::Stopped => None,
        };
        if let Some(why) = why {
            self.note(why);
        }
        self.note(&format!("{left} bytes are kept by the filesystem for itself, and were not reached"));
        for failed in [settled.synced.err(), settled.checkpointed.err(), settled.trimmed.and_then(Result::err)]
            .into_iter()
            .flatten()
        {
            self.note(&failed);
        }
        let state = self.files.clone();
        self.journal.append(&Entry::Files { state })
    }
}
