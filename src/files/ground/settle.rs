//! What a filesystem is asked to do after files were removed, so that less of them is left.

use std::fs::File;
use std::io;

use super::{FsKind, Ground};
use crate::media::ByteRange;
use crate::sys::errno::{ENODEV, describe};
use crate::sys::open::{Cause, cause};
use crate::sys::trim;

/// What was done, and what failed, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Everything in memory was written to the device (syncfs).
    pub synced: Result<(), String>,
    /// ext4's journal was written to its places and overwritten with zeros; `false` where there is no journal to do so with.
    pub checkpointed: Result<bool, String>,
    /// Bytes of free space that the device was told it may forget (FITRIM); `None` where it was not asked for. What the device does with
    /// that is its own affair: nothing of it is verified.
    pub trimmed: Option<Result<u64, String>>,
}

impl Settled {
    /// Nothing was done.
    pub const NOTHING: Settled = Settled { synced: Ok(()), checkpointed: Ok(false), trimmed: None };

    /// The journal holds nothing of what was there before.
    pub fn is_checkpointed(&self) -> bool {
        self.synced.is_ok() && matches!(self.checkpointed, Ok(true))
    }

    /// All free space was told of.
    pub fn is_trimmed(&self) -> bool {
        self.synced.is_ok() && matches!(self.trimmed, Some(Ok(_)))
    }
}

impl Ground {
    /// After files were removed: syncs the filesystem of `root`, empties ext4's journal and overwrites it with zeros, and, if `trim`, tells the device
    /// that all free space may be forgotten (live blocks are left out by the filesystem). Goes on where a step fails.
    pub fn settle(&self, root: &File, trim: bool) -> Settled {
        let whole = [ByteRange::new(0, u64::MAX)];
        self.settle_ranges(root, trim.then_some(whole.as_slice()))
    }

    /// As [`Ground::settle`], trimming within these ranges of the filesystem only: those of freed extents. btrfs can trim the whole alone, and then
    /// does.
    pub fn settle_ranges(&self, root: &File, ranges: Option<&[ByteRange]>) -> Settled {
        let whole = [ByteRange::new(0, u64::MAX)];
        let synced =
            trim::sync_filesystem(root).map_err(|e| format!("the filesystem could not be synced: {}", describe(&e)));
        let checkpointed = if self.kind.is_ext() { checkpoint(root) } else { Ok(false) };
        // FITRIM counts in the filesystem's own addresses, which are those of its device everywhere but on btrfs and f2fs.
        let own = matches!(self.kind, FsKind::Btrfs | FsKind::F2fs);
        let trimmed = ranges.map(|ranges| self.trim(root, if own { &whole } else { ranges }));
        let again = match trimmed {
            Some(_) => {
                trim::sync_filesystem(root).map_err(|e| format!("the filesystem could not be synced: {}", describe(&e)))
            }
            None => Ok(()),
        };
        Settled { synced: synced.and(again), checkpointed, trimmed }
    }

    fn trim(&self, root: &File, ranges: &[ByteRange]) -> Result<u64, String> {
        if !self.kind.has_blocks() {
            return Err(format!("{} has no free space on a device to trim", self.name));
        }
        let mut told: u64 = 0;
        for range in ranges {
            match trim::trim(root, range.first_byte, range.bytes) {
                Ok(bytes) => told = told.saturating_add(bytes),
                Err(e) if cause(&e) == Cause::Unsupported => {
                    return Err("the filesystem or its device can't trim".into());
                }
                Err(e) => return Err(format!("free space could not be trimmed: {}", describe(&e))),
            }
        }
        Ok(told)
    }
}

fn checkpoint(root: &File) -> Result<bool, String> {
    let failed = |e: &io::Error| format!("ext4's journal could not be overwritten: {}", describe(e));
    match trim::checkpoint_ext4(root) {
        Ok(()) => Ok(true),
        Err(e) if e.raw_os_error() == Some(ENODEV) => Ok(false),
        Err(e) if cause(&e) == Cause::Unsupported => {
            Err("this kernel can't overwrite ext4's journal (Linux 5.15 can)".into())
        }
        Err(e) if cause(&e) == Cause::Denied => Err("only root may have ext4's journal overwritten".into()),
        Err(e) => Err(failed(&e)),
    }
}
