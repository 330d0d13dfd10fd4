//! What stands in the way for one file.

use std::fs::File;

use super::{FsKind, Ground, mapping};
use crate::files::{Mapping, Obstacle};
use crate::sys::extents::{self, Told, attribute};
use crate::sys::open::{Cause, cause};

impl Ground {
    /// What stands in the way of proof for this one file, all reasons, those of every file here included. Writes and syncs nothing, so it
    /// is as of what the kernel knows now: content that is still only in memory has no place yet, and that is no obstacle here. [`Ground::map`] looks at
    /// the same flags again after a sync, before the first byte is overwritten, and its word counts.
    pub fn obstacles_of(&self, file: &File) -> Vec<Obstacle> {
        let mut all = self.obstacles.clone();
        let mut add = |obstacle: Obstacle| {
            if !all.contains(&obstacle) {
                all.push(obstacle);
            }
        };
        let size = match file.metadata() {
            Ok(metadata) => metadata.len(),
            Err(e) => {
                add(Obstacle::Denied(format!("it can't be looked at: {e}")));
                return all;
            }
        };
        self.attributes(file, size, &mut add);
        if self.maps() {
            match self.told(file, true) {
                Ok(told) => mapping::against(&told, self.rounded(size)).into_iter().for_each(&mut add),
                Err(obstacle) => add(obstacle),
            }
        }
        all
    }

    fn attributes(&self, file: &File, size: u64, add: &mut dyn FnMut(Obstacle)) {
        let attributes = match extents::attributes(file) {
            Ok(attributes) => attributes,
            Err(e) => {
                add(Obstacle::Denied(format!("its attributes can't be read: {e}")));
                return;
            }
        };
        let has = |flag: u32| attributes.is_some_and(|a| a & flag != 0);
        if has(attribute::IMMUTABLE | attribute::APPEND_ONLY) {
            add(Obstacle::Immutable);
        }
        if has(attribute::VERITY) {
            add(Obstacle::Denied("it is sealed by fs-verity".into()));
        }
        // btrfs has +c as a wish; what is compressed there is told extent by extent.
        let compressed = has(attribute::COMPRESSED) && self.kind != FsKind::Btrfs;
        if compressed || has(attribute::ENCRYPTED) {
            add(Obstacle::Encoded);
        }
        if self.kind.is_ext() {
            if has(attribute::DATA_JOURNAL) {
                add(Obstacle::DataJournal);
            }
            if has(attribute::INLINE_DATA) && size > 0 {
                add(Obstacle::Inline);
            }
            if attributes.is_none() {
                add(Obstacle::DataJournal);
            }
        }
        // The mount option nodatacow does not count: files made before it are still copied on write. The file's own attribute decides.
        if self.kind == FsKind::Btrfs && !has(attribute::NO_COPY_ON_WRITE) {
            add(Obstacle::CopyOnWrite);
        }
        if matches!(self.kind, FsKind::Ntfs3) {
            match crate::sys::node::is_encoded(file) {
                Ok(false) => {}
                Ok(true) => add(Obstacle::Encoded),
                Err(e) => add(Obstacle::Denied(format!("its attributes can't be read: {e}"))),
            }
        }
        if self.kind == FsKind::Xfs
            && let Some(obstacle) = realtime(file)
        {
            add(obstacle);
        }
    }

    /// Where its blocks are on [`Ground::node`], those past its end included. To be called after the file was synced; syncs nothing itself. Errors: the
    /// first reason why that can't be said: unsettled, inline, shared, encoded, on another device or profile, beyond the device.
    pub fn map(&self, file: &File) -> Result<Mapping, Obstacle> {
        let without = |o: &&Obstacle| {
            matches!(
                o,
                Obstacle::NoMapping(_) | Obstacle::Elsewhere(_) | Obstacle::InMemory | Obstacle::UnknownFilesystem(_)
            )
        };
        if let Some(obstacle) = self.obstacles.iter().find(without) {
            return Err(obstacle.clone());
        }
        let Some(medium) = &self.medium else {
            return Err(Obstacle::NoMapping("its block device is not known".into()));
        };
        if self.kind == FsKind::Xfs
            && let Some(obstacle) = realtime(file)
        {
            return Err(obstacle);
        }
        let size = file.metadata().map_err(|e| Obstacle::Denied(format!("it can't be looked at: {e}")))?.len();
        let told = self.told(file, false)?;
        let mut extents = mapping::settled(&told, self.rounded(size), u64::from(self.block_bytes))?;
        if let Some(single) = &self.btrfs {
            let chunks = super::btrfs::Chunks::read(file).map_err(Obstacle::NoMapping)?;
            extents = mapping::on_btrfs(&extents, &chunks, single)?;
        }
        mapping::within(extents, medium.identity.size_bytes)
    }

    /// Whether its files can have a mapping at all.
    fn maps(&self) -> bool {
        self.kind.has_blocks() && self.medium.is_some()
    }

    fn rounded(&self, size: u64) -> u64 {
        size.checked_next_multiple_of(u64::from(self.block_bytes.max(1))).unwrap_or(u64::MAX)
    }

    /// `in_brief`: where blocks must be asked for one by one, only whether they can be.
    fn told(&self, file: &File, in_brief: bool) -> Result<Vec<Told>, Obstacle> {
        match extents::fiemap(file) {
            Ok(told) => Ok(told),
            Err(e) if cause(&e) == Cause::Unsupported && matches!(self.kind, FsKind::Vfat | FsKind::Exfat) => {
                match in_brief {
                    true => mapping::may_ask(file).map(|()| Vec::new()),
                    false => mapping::by_clusters(file, u64::from(self.block_bytes)),
                }
            }
            Err(e) => Err(Obstacle::NoMapping(format!("{} does not say where its blocks lie: {e}", self.name))),
        }
    }
}

fn realtime(file: &File) -> Option<Obstacle> {
    match extents::extended_flags(file) {
        Ok(Some(flags)) if flags & extents::XFLAG_REALTIME == 0 => None,
        Ok(Some(_)) => Some(Obstacle::NoMapping("its content lies on the realtime device of xfs".into())),
        Ok(None) => Some(Obstacle::NoMapping("xfs does not say on which of its devices its content lies".into())),
        Err(e) => Some(Obstacle::NoMapping(format!("xfs does not say on which of its devices its content lies: {e}"))),
    }
}
