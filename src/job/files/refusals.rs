//! Why a file is not begun with, in two sentences: what stands in the way of proof, and the way out.

use std::path::Path;

use crate::files::Obstacle;
use crate::problem::Problem;
use crate::sys::node::FileKind;

/// Refusals that are told one by one; the rest is counted.
const TOLD: usize = 20;

/// Refusals of a tree, with a cap on the list.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    listed: Vec<Problem>,
    more: u64,
}

impl Refusals {
    /// Adds one.
    pub(super) fn add(&mut self, problem: Problem) {
        if self.listed.len() < TOLD { self.listed.push(problem) } else { self.more += 1 }
    }

    /// All of them; the last says how many were left out.
    pub(super) fn told(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let what = format!("{} more files can't be cleared with proof", self.more);
            self.listed.push(Problem::refused(what, "Mend the ones above first; the others are told then."));
        }
        self.listed
    }
}

/// Whether releasing and trimming (`--accept-trim`) is a way for such a file. Where another file or a snapshot keeps the same blocks it is
/// none: they hold the content.
pub(super) fn trim_helps(obstacle: &Obstacle) -> bool {
    match obstacle {
        Obstacle::CopyOnWrite
        | Obstacle::Encoded
        | Obstacle::DataJournal
        | Obstacle::Inline
        | Obstacle::NoMapping(_)
        | Obstacle::InMemory
        | Obstacle::Unsettled
        | Obstacle::DeviceUnreadable(_)
        | Obstacle::UnknownFilesystem(_) => true,
        Obstacle::Shared
        | Obstacle::Elsewhere(_)
        | Obstacle::ReadOnly
        | Obstacle::HardLinks(_)
        | Obstacle::InUse(_)
        | Obstacle::Immutable
        | Obstacle::Special(_)
        | Obstacle::Locked
        | Obstacle::Denied(_) => false,
    }
}

/// The refusal of the file at `path`.
pub(super) fn problem(path: &Path, obstacle: &Obstacle) -> Problem {
    const TRIM: &str = "To release its blocks and have them trimmed instead, which proves less (exit code 4), add --accept-trim; \
                        to be sure, copy what must be kept elsewhere and wipe the whole device.";
    let device = "Copy what must be kept elsewhere and wipe the whole device that holds it (`radera list` shows them).";
    let (what, todo) = match obstacle {
        Obstacle::CopyOnWrite => {
            ("its filesystem writes new blocks and keeps the old ones (copy-on-write)".into(), TRIM.into())
        }
        Obstacle::Shared => (
            "another file or a snapshot has the same blocks (reflink), and would keep the content".into(),
            "Delete the snapshots, and the copies that share its blocks, or wipe the whole device.".into(),
        ),
        Obstacle::Encoded => {
            ("its blocks are compressed or encoded, so that they are not overwritten in place".into(), TRIM.into())
        }
        Obstacle::DataJournal => (
            "its data goes through the filesystem's journal as well (data=journal), which keeps copies".into(),
            format!(
                "Mount it with data=ordered, or chattr -j the file, which does not undo what the journal holds. {TRIM}"
            ),
        ),
        Obstacle::Inline => ("its content lies in the inode, and copies of that in the journal".into(), TRIM.into()),
        Obstacle::NoMapping(why) => (format!("where its blocks lie on the device can't be told: {why}"), TRIM.into()),
        Obstacle::Elsewhere(name) => (
            format!("it lies on {name}, and what is below that can't be reached from here"),
            "Erase it on the machine or filesystem that holds the data.".into(),
        ),
        Obstacle::InMemory => (
            "it lies in memory (tmpfs), and its pages may have been written to swap".into(),
            format!("Add --accept-trim to overwrite and remove it, and wipe swap with --swap DEV. {device}"),
        ),
        Obstacle::UnknownFilesystem(name) => {
            (format!("what the filesystem {name} does with overwritten blocks is not known"), TRIM.into())
        }
        Obstacle::ReadOnly => {
            ("its filesystem is mounted read-only".into(), "Remount it: mount -o remount,rw MOUNT_POINT.".into())
        }
        Obstacle::DeviceUnreadable(why) => (
            format!("its block device can't be read to verify: {why}"),
            "Run as root, or add --verify none: then nothing is claimed (exit code 4).".into(),
        ),
        Obstacle::Unsettled => (
            "its blocks have no settled place yet".into(),
            "Wait until it is written (sync), then run the command again.".into(),
        ),
        Obstacle::HardLinks(names) => (
            format!("it has {names} names (hard links), and the others would lose their content too"),
            "If that is meant, add --hardlinks.".into(),
        ),
        Obstacle::InUse(who) => {
            (format!("it is in use: {who}"), "End what uses it, then run the command again.".into())
        }
        Obstacle::Immutable => (
            "it is protected against changes (chattr +i or +a)".into(),
            "Take that away (chattr -i -a FILE), or add --lift-attributes.".into(),
        ),
        Obstacle::Special(kind) => (
            format!("it is {}, and no plain file", kind_name(*kind)),
            "Name plain files and directories; delete the others with rm.".into(),
        ),
        Obstacle::Locked => ("it is encrypted by its filesystem, and the key is not there".into(), device.into()),
        Obstacle::Denied(why) => {
            (format!("it can't be opened for writing: {why}"), "Run as its owner or as root.".into())
        }
    };
    Problem::refused(format!("{}: {what}", path.display()), todo)
}

fn kind_name(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Block => "a block device node",
        FileKind::Character => "a character device node",
        FileKind::Regular => "a plain file",
        FileKind::Directory => "a directory",
        FileKind::Other => "a pipe, socket or link",
    }
}
