//! What each loop device stands on.

use std::path::{Path, PathBuf};

use super::Roots;
use super::identity::backing_path;
use super::probe::Probe;
use super::procfs::relocate;
use super::sysfs;
use super::tree::{Block, Number, Tree};
use crate::media::ByteRange;
use crate::sys::node::{FileKind, split_device};

/// What one loop device stands on.
#[derive(Debug, Clone)]
pub(super) struct LoopBacking {
    /// The loop device.
    pub number: Number,
    /// Its backing file as the kernel shows it.
    pub path: PathBuf,
    /// Filesystem and inode of the backing file.
    pub file: Option<(u64, u64)>,
    /// The block device that the backing file is, where it is one.
    pub device: Option<Number>,
    /// The part of the file that it shows.
    pub range: ByteRange,
}

impl LoopBacking {
    /// Whether both show a byte of the same file or device.
    pub fn overlaps(&self, other: &LoopBacking) -> bool {
        let same_file = self.file.is_some() && self.file == other.file;
        let same_device = self.device.is_some() && self.device == other.device;
        // Where a file can't be looked at, its path is all there is.
        let same_path = (self.file.is_none() || other.file.is_none()) && self.path == other.path;
        (same_file || same_device || same_path) && self.range.intersects(other.range)
    }

    /// Whether it may show a device that can't be told: its node is not here, nor is what it shows found by its path. (A file that is
    /// not found lies on a filesystem, and that is mounted.)
    pub fn is_unresolved(&self, dev: &Path) -> bool {
        self.file.is_none() && (self.path.starts_with("/dev") || self.path.starts_with(dev))
    }

    /// The device of the filesystem that holds the backing file.
    pub fn filesystem(&self) -> Option<Number> {
        self.file.map(|(device, _)| split_device(device))
    }
}

/// Every loop device that has a backing file.
pub(super) fn loops(roots: &Roots, probe: Probe, tree: &Tree) -> Vec<LoopBacking> {
    let whole = tree.all().filter(|b| b.partition.is_none());
    whole.filter_map(|block| Some(read(roots, probe, block, backing_path(&block.dir)?))).collect()
}

fn read(roots: &Roots, probe: Probe, block: &Block, path: PathBuf) -> LoopBacking {
    let first_byte = sysfs::number(&block.dir.join("loop/offset")).unwrap_or(0);
    let range = ByteRange::new(first_byte, block.size_bytes.max(1));
    let open = (probe.open)(&block.node(&roots.dev), block.number).ok();
    let status = open.and_then(|file| (probe.loop_status)(&file).ok());
    if let Some(status) = status {
        let device = (status.backing_device != 0).then(|| split_device(status.backing_device));
        return LoopBacking { number: block.number, path, file: Some((status.device, status.inode)), device, range };
    }
    let stat = (probe.stat)(&relocate(Path::new(&path), &roots.dev)).ok();
    let device = stat.filter(|s| s.kind == FileKind::Block).map(|s| s.number);
    LoopBacking { number: block.number, path, file: stat.map(|s| (s.device, s.inode)), device, range }
}
