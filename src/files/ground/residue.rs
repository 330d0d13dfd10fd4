//! What a filesystem keeps of files that were removed from it.

use std::path::Path;

use super::{FsKind, Ground, Settled};
use crate::device::Roots;
use crate::files::Obstacle;
use crate::media::Rotation;

/// What is left, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Leftover {
    Names,
    Xattrs,
    Journal,
    Snapshots,
    SharedExtents,
    OlderVersions,
    Swap,
    FlashRemaps,
    InlineData,
    LowerLayers,
    FreeSpace,
}

/// Something that is left, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remains {
    /// What.
    pub kind: Leftover,
    /// Certain rather than possible.
    pub certain: bool,
    /// Where, in words.
    pub detail: String,
}

/// What is known of the files that were removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// At least one name was removed.
    pub names: bool,
    /// At least one had extended attributes with content.
    pub xattrs: bool,
}

impl Ground {
    /// What stays of files with these obstacles, as this filesystem is and after what `settled` did, each kind once: certain before possible.
    pub fn residue(&self, removed: Removed, obstacles: &[Obstacle], settled: &Settled) -> Vec<Remains> {
        let mut all = Vec::new();
        let mut say = |kind, certain, detail: &str| all.push(Remains { kind, certain, detail: detail.into() });
        let (checkpointed, trimmed) = (settled.is_checkpointed(), settled.is_trimmed());
        let is_disk = self.kind.has_blocks();
        let has = |obstacle: &Obstacle| obstacles.contains(obstacle);
        if is_disk {
            self.names(removed, checkpointed, trimmed, &mut say);
            if has(&Obstacle::DataJournal) {
                say(Leftover::Journal, !checkpointed, "file data went through the journal");
            }
            if has(&Obstacle::Inline) {
                let journal = self.kind.is_ext() && !checkpointed;
                say(Leftover::InlineData, journal || !self.kind.is_ext(), "content lay among metadata");
            }
            if has(&Obstacle::CopyOnWrite) || has(&Obstacle::Encoded) {
                say(Leftover::FreeSpace, !trimmed, "blocks that held content were freed, not overwritten");
            }
            if self.kind == FsKind::Btrfs && has(&Obstacle::CopyOnWrite) {
                say(Leftover::Snapshots, false, "snapshots keep what was in them");
            }
            say(Leftover::OlderVersions, false, "blocks of earlier versions and of temporary copies were freed before");
            if self.medium.as_ref().is_none_or(|m| m.rotation != Rotation::Rotational) {
                say(Leftover::FlashRemaps, false, "flash keeps old blocks where no address reaches them");
            }
        } else if self.kind != FsKind::Tmpfs {
            let detail = format!("what {} keeps elsewhere is not known here", self.name);
            say(Leftover::LowerLayers, false, &detail);
        }
        if has(&Obstacle::Shared) {
            say(Leftover::SharedExtents, true, "another file or a snapshot has the same blocks");
        }
        if let Some(layer) = &self.redirected {
            say(Leftover::LowerLayers, false, layer);
        }
        if swaps(&self.roots) {
            say(Leftover::Swap, false, "memory that held content may have been swapped out");
        }
        all.sort_by_key(|r| (!r.certain, r.kind));
        all
    }

    fn names(&self, removed: Removed, checkpointed: bool, trimmed: bool, say: &mut dyn FnMut(Leftover, bool, &str)) {
        // Measured: ext4's are gone after a checkpoint, btrfs' after a trim; xfs' log keeps them, ntfs3's too.
        let certain = match self.kind {
            FsKind::Ext2 | FsKind::Vfat | FsKind::Exfat => false,
            FsKind::Ext3 | FsKind::Ext4 => !checkpointed,
            FsKind::Btrfs => !trimmed,
            _ => true,
        };
        if removed.names {
            say(Leftover::Names, certain, "journal, log and freed directory blocks keep names");
        }
        if removed.xattrs {
            // Measured: they are left in inodes and in leaves of btrfs after a checkpoint and a trim.
            say(Leftover::Xattrs, true, "extended attributes lay among metadata, which is not overwritten");
        }
    }
}

/// Whether this machine swaps, or that can't be found out.
fn swaps(roots: &Roots) -> bool {
    match std::fs::read(roots.proc.join(Path::new("swaps"))) {
        Ok(text) => crate::device::parse_swaps(&text).map_or(true, |areas| !areas.is_empty()),
        Err(e) => e.kind() != std::io::ErrorKind::NotFound,
    }
}
