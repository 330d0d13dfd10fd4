//! What a block device stands on, level by level: facts, for whoever has to judge what an overwrite reaches.

use std::io;
use std::path::PathBuf;

use super::inventory::Inventory;
use super::tree::{Block, Number};
use super::{layers, sysfs};
use crate::media::{Layer, Medium};
use crate::sys;

/// One whole device below a block device, itself included.
#[derive(Debug)]
pub struct Level {
    /// Its node.
    pub node: PathBuf,
    /// What stands between it and a medium by its own nature, as in [`Medium::layers`]; empty for a drive driven natively.
    pub layers: Vec<Layer>,
    /// The kinds of its device-mapper targets, where it is such a device. Errors: they could not be asked for.
    pub targets: Option<io::Result<Vec<String>>>,
    /// `raid1`, `linear` …, for md; `unknown` where the kernel does not say.
    pub md_level: Option<String>,
    /// The file behind it, for a loop device over one.
    pub backing: Option<BackingFile>,
}

/// The file behind a loop device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackingFile {
    /// As the kernel shows it; it may have been renamed or replaced since.
    pub path: PathBuf,
    /// `st_dev` and inode by the loop device's word; `None` where it could not be asked.
    pub file: Option<(u64, u64)>,
}

impl Inventory {
    /// The block device with this number (major, minor), as [`Inventory::medium`]; `None` where the kernel knows of none.
    pub fn medium_numbered(&self, number: (u32, u32)) -> Option<Medium> {
        let block = self.tree.get(number)?;
        Some(self.describe(block, &block.node(&self.roots.dev)))
    }

    /// The number of the block device that a path leads to, symlinks followed.
    pub fn number_of(&self, path: &std::path::Path) -> Option<(u32, u32)> {
        self.resolve(path)
    }

    /// Every whole device that the block device `number` stands on, itself (for a partition: its disk) first. A loop device over a file is
    /// the last one on its branch: what the file's filesystem stands on is not looked at. Errors: something in between can't be found out.
    pub fn levels(&self, number: (u32, u32)) -> Result<Vec<Level>, String> {
        let control = self.roots.dev.join("mapper/control");
        self.levels_with(number, &|number| sys::mapper::targets(&control, number))
    }

    pub(super) fn levels_with(
        &self,
        number: Number,
        targets: &dyn Fn(Number) -> io::Result<Vec<String>>,
    ) -> Result<Vec<Level>, String> {
        let unknown = |(major, minor): Number| format!("the kernel does not know device {major}:{minor}");
        let mut levels: Vec<Level> = Vec::new();
        let mut seen: Vec<Number> = Vec::new();
        let mut queue = vec![self.tree.get(number).ok_or_else(|| unknown(number))?];
        while let Some(block) = queue.pop() {
            let disk = match block.partition {
                Some(_) => self.tree.disk_of(block).ok_or("the disk of a partition can't be found")?,
                None => block,
            };
            if seen.contains(&disk.number) {
                continue;
            }
            seen.push(disk.number);
            let slaves = self.tree.linked(disk, "slaves")?;
            let (level, below) = self.level(disk, targets)?;
            if (level.targets.is_some() || level.md_level.is_some()) && slaves.is_empty() {
                return Err(format!("nothing is known of what {} stands on", level.node.display()));
            }
            levels.push(level);
            queue.extend(slaves);
            if let Some(number) = below {
                queue.push(self.tree.get(number).ok_or_else(|| unknown(number))?);
            }
        }
        Ok(levels)
    }

    /// The level of one whole device, and the block device that it shows, for a loop device over one.
    fn level(
        &self,
        disk: &Block,
        targets: &dyn Fn(Number) -> io::Result<Vec<String>>,
    ) -> Result<(Level, Option<Number>), String> {
        let shown = self.loops.iter().find(|l| l.number == disk.number);
        if disk.name.starts_with("loop") && shown.is_none() {
            return Err(format!("the backing file of {} can't be found out", disk.name));
        }
        let is_md = disk.dir.join("md").exists();
        let md_level = is_md.then(|| sysfs::text(&disk.dir.join("md/level")).unwrap_or_else(|| "unknown".into()));
        let level = Level {
            node: disk.node(&self.roots.dev),
            layers: layers::own(&disk.dir, ""),
            targets: disk.name.starts_with("dm-").then(|| targets(disk.number)),
            md_level,
            backing: shown.filter(|l| l.device.is_none()).map(|l| BackingFile { path: l.path.clone(), file: l.file }),
        };
        Ok((level, shown.and_then(|l| l.device)))
    }
}

#[cfg(test)]
#[path = "tests/levels.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
