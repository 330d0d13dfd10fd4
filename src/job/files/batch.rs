//! Files that are cleared together, and what came of each.

use crate::files::Obstacle;
use crate::files::clear::{self, Cleared, Subject, Tools};
use crate::files::ground::Settled;
use crate::files::walk::Opened;
use crate::io::{Control, Halt};
use crate::journal::{FilesState, StoredPlan};
use crate::media::VerifyKind;
use crate::outcome::{BadRange, Certainty, FileVerdict, Residue, ResidueKind};
use crate::pattern::Pattern;

use super::run::Place;

/// Files that wait to be cleared.
#[derive(Default)]
pub(super) struct Batch {
    items: Vec<Waiting>,
    bytes: u64,
}

pub(super) struct Waiting {
    pub(super) opened: Opened,
    /// Why it can't be overwritten in place, and is to be released and trimmed; empty: it can.
    pub(super) release: Vec<Obstacle>,
}

impl Batch {
    /// Adds a file.
    pub(super) fn add(&mut self, opened: Opened, release: Vec<Obstacle>) {
        self.bytes = self.bytes.saturating_add(opened.stat.blocks_bytes);
        self.items.push(Waiting { opened, release });
    }

    /// Those that are to be released.
    pub(super) fn released(&self) -> impl Iterator<Item = &Opened> {
        self.items.iter().filter(|item| !item.release.is_empty()).map(|item| &item.opened)
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What came of a file.
pub(super) struct Outcome {
    pub verdict: FileVerdict,
    /// Why it is not `cleared-verified`, in words.
    pub why: Option<String>,
    /// Its blocks, which were to be overwritten: first byte on the device and length; of a file that is not cleared they may hold its content.
    pub extents: Vec<[u64; 2]>,
    /// Bytes of them that were, in each pass.
    pub bytes_written: u64,
    pub bytes_read: u64,
    pub mismatches: u64,
    pub unreadable: u64,
    pub bad: Vec<BadRange>,
}

/// A file, and what came of it.
pub(super) struct Item {
    pub opened: Opened,
    pub outcome: Outcome,
    /// Extended attributes with content.
    pub attributes: u64,
}

impl Item {
    pub(super) fn of(opened: Opened, outcome: Outcome) -> Self {
        // What can't be counted is not none.
        Item { attributes: opened.content_attributes().unwrap_or(1), opened, outcome }
    }
}

impl Item {
    /// A file that stays must not have been opened by anybody meanwhile; one that goes is asked for again when it is removed.
    fn if_alone(mut self, keep: bool) -> Self {
        if keep && self.opened.is_alone().is_err() {
            self.outcome.verdict = FileVerdict::NotCleared;
            self.outcome.why = Some("another process opened it while it was cleared".into());
        }
        self
    }
}

impl Outcome {
    /// By the engine's findings, and what lies below the filesystem.
    pub(super) fn of(cleared: Cleared, redirected: bool) -> Self {
        let mut verdict = cleared.verdict;
        let why = cleared.why.map(|why| why.to_string());
        if verdict == FileVerdict::ClearedVerified && redirected {
            // Why is said once, by the plan: it is the same for every file.
            verdict = FileVerdict::OverwrittenUnverified;
        }
        let extents = cleared.mapping.extents.iter().map(|e| [e.physical, e.bytes]).collect();
        let bytes_written = match verdict {
            FileVerdict::NotCleared => cleared.bytes_written,
            _ => cleared.mapping.bytes(),
        };
        Outcome {
            verdict,
            why,
            extents,
            bytes_written,
            bytes_read: cleared.bytes_read,
            mismatches: cleared.mismatches,
            unreadable: cleared.unreadable,
            bad: cleared.bad,
        }
    }

    /// Of a file that was released.
    pub(super) fn released(verdict: FileVerdict, why: Option<String>) -> Self {
        let (extents, bad) = (Vec::new(), Vec::new());
        Outcome { verdict, why, extents, bytes_written: 0, bytes_read: 0, mismatches: 0, unreadable: 0, bad }
    }

    /// Bytes of its blocks.
    pub(super) fn block_bytes(&self) -> u64 {
        self.extents.iter().map(|[_, bytes]| bytes).sum()
    }

    /// Adds a file of `size_bytes` bytes to what was done.
    pub(super) fn count(&self, size_bytes: u64, files: &mut FilesState) {
        let bytes = self.block_bytes();
        let found = &mut files.found;
        found.count += 1;
        found.bytes = found.bytes.saturating_add(size_bytes);
        found.verdicts.add(self.verdict);
        found.extents += self.extents.len() as u64;
        found.extent_bytes = found.extent_bytes.saturating_add(bytes);
        if self.verdict == FileVerdict::NotCleared {
            found.leave(Residue { kind: ResidueKind::Content, certainty: Certainty::Certain, files: 1 });
        }
        files.passes.iter_mut().for_each(|(written, _)| *written = written.saturating_add(self.bytes_written));
        files.bytes_read = files.bytes_read.saturating_add(self.bytes_read);
        files.mismatches += self.mismatches;
        files.unreadable += self.unreadable;
    }
}

/// How a job clears its files.
pub(super) struct Clearing {
    pub(super) passes: Vec<Pattern>,
    pub(super) verify: bool,
    pub(super) tools: Tools,
    /// What the filesystem was last asked to do for released files.
    pub(super) settled: Option<Settled>,
}

impl Clearing {
    pub(super) fn new(plan: &StoredPlan) -> Self {
        Clearing {
            passes: plan.passes.iter().map(|pass| pass.pattern.clone()).collect(),
            verify: plan.verify != VerifyKind::None,
            tools: Tools::default(),
            settled: None,
        }
    }

    /// Clears the files of a batch. With a halt those that were begun and not done are left out: they stay as they are, to be begun
    /// with again.
    pub(super) fn clear(
        &mut self,
        batch: Batch,
        place: &Place<'_>,
        control: &mut dyn Control,
    ) -> (Vec<Item>, Result<(), Halt>) {
        let (release, overwrite): (Vec<_>, Vec<_>) = batch.items.into_iter().partition(|item| !item.release.is_empty());
        let keep = place.options.keep;
        let overwrite: Vec<Opened> = overwrite.into_iter().map(|item| item.opened).collect();
        let subjects: Vec<Subject<'_>> = overwrite
            .iter()
            .map(|opened| Subject { file: &opened.file, size_bytes: opened.stat.size_bytes, keep })
            .collect();
        let (cleared, result) =
            clear::clear(&subjects, &self.passes, self.verify, place.ground, &mut self.tools, control);
        drop(subjects);
        let redirected = place.ground.redirected.is_some();
        let pairs = overwrite.into_iter().zip(cleared);
        let mut done: Vec<Item> = pairs
            .filter(|(_, cleared)| result.is_ok() || cleared.why != Some(clear::Why::Ended))
            .map(|(opened, cleared)| Item::of(opened, Outcome::of(cleared, redirected)).if_alone(keep))
            .collect();
        if let Err(halt) = result {
            return (done, Err(halt));
        }
        let (released, result) = self.release(release, place, control);
        done.extend(released);
        (done, result)
    }
}
