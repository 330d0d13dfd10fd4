//! The tree of block devices: which there are, what stands above and below each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::sysfs;
use crate::problem::Problem;

/// Major and minor number.
pub(super) type Number = (u32, u32);

/// One block device in sysfs.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// The kernel's name.
    pub name: String,
    /// Its directory in sysfs, symlinks resolved.
    pub dir: PathBuf,
    /// Its device number.
    pub number: Number,
    /// Its partition number, for a partition.
    pub partition: Option<u32>,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Offset on its disk in bytes; 0 for a whole disk.
    pub first_byte: u64,
}

impl Block {
    /// The device whose directory is `dir`; `None` where the directory is gone or hidden (a path of an NVMe multipath device).
    /// Errors say what can't be read.
    pub fn read(dir: &Path) -> Result<Option<Block>, String> {
        let Ok(dir) = dir.canonicalize() else { return Ok(None) };
        if sysfs::flag(&dir.join("hidden")) == Some(true) {
            return Ok(None);
        }
        let read = || {
            // The kernel counts in units of 512 bytes here, whatever the logical block.
            let bytes = |attribute| sysfs::number(&dir.join(attribute)).and_then(|n: u64| n.checked_mul(512));
            let partition = match sysfs::bytes(&dir.join("partition")).ok()? {
                None => None,
                Some(text) => Some(crate::wire::printable(&text)?.parse().ok()?),
            };
            Some(Block {
                name: sysfs::name(&dir),
                number: sysfs::device_number(&dir.join("dev"))?,
                size_bytes: bytes("size")?,
                first_byte: if partition.is_some() { bytes("start")? } else { 0 },
                partition,
                dir: dir.clone(),
            })
        };
        match read() {
            Some(block) => Ok(Some(block)),
            None if !dir.exists() => Ok(None),
            None => Err(format!("{} lacks a readable dev, size, partition or start", dir.display())),
        }
    }

    /// The directory of the whole disk: its own, or that of the disk it is a partition of.
    pub fn disk_dir(&self) -> &Path {
        match self.partition {
            Some(_) => self.dir.parent().unwrap_or(&self.dir),
            None => &self.dir,
        }
    }

    /// Device node, as udev and devtmpfs name it: `!` in the kernel's name stands for `/`.
    pub fn node(&self, dev: &Path) -> PathBuf {
        dev.join(self.name.replace('!', "/"))
    }
}

/// All block devices.
#[derive(Debug, Default)]
pub(super) struct Tree {
    blocks: BTreeMap<Number, Block>,
    /// What could not be read: any device may be part of it.
    pub unreadable: Vec<String>,
}

impl Tree {
    /// Reads `/sys/class/block`. Errors: the directory can't be read.
    pub fn read(sys: &Path) -> Result<Tree, Problem> {
        let class = sys.join("class/block");
        let listing = std::fs::read_dir(&class).map_err(|e| {
            Problem::error(format!("{} can't be read: {e}", class.display()), "Mount sysfs: mount -t sysfs sysfs /sys.")
        })?;
        let mut tree = Tree::default();
        for entry in listing {
            match entry.map_err(|e| e.to_string()).and_then(|e| Block::read(&e.path())) {
                Ok(Some(block)) => {
                    tree.blocks.insert(block.number, block);
                }
                Ok(None) => {}
                Err(what) => tree.unreadable.push(what),
            }
        }
        Ok(tree)
    }

    pub fn get(&self, number: Number) -> Option<&Block> {
        self.blocks.get(&number)
    }

    pub fn all(&self) -> impl Iterator<Item = &Block> {
        self.blocks.values()
    }

    pub fn by_name(&self, name: &str) -> Option<&Block> {
        self.all().find(|b| b.name == name)
    }

    /// The disk that `block` is a partition of.
    pub fn disk_of(&self, block: &Block) -> Option<&Block> {
        block.partition.and_then(|_| self.all().find(|b| b.dir == block.disk_dir()))
    }

    /// The partitions of `disk`, by offset.
    pub fn partitions_of(&self, disk: &Block) -> Vec<&Block> {
        let mut partitions: Vec<_> =
            self.all().filter(|b| b.partition.is_some() && b.dir.parent() == Some(&disk.dir)).collect();
        partitions.sort_by_key(|p| (p.first_byte, p.partition));
        partitions
    }

    /// Devices listed in `holders` or `slaves` of `block`. Errors: the list can't be read, or names what is not there.
    pub fn linked(&self, block: &Block, list: &str) -> Result<Vec<&Block>, String> {
        let dir = block.dir.join(list);
        let entries = sysfs::entries(&dir).map_err(|e| format!("{} can't be read: {e}", dir.display()))?;
        let find = |entry: &PathBuf| {
            let name = sysfs::name(entry);
            self.by_name(&name).ok_or_else(|| format!("{} names {name}, which can't be read", dir.display()))
        };
        entries.iter().map(find).collect()
    }

    /// Whole disks in natural order (sda, sdb, …, sdaa; loop2 before loop10), each followed by its partitions.
    pub fn in_order(&self) -> Vec<&Block> {
        let mut order: Vec<&Block> = self.all().collect();
        order.sort_by_cached_key(|b| (natural(&sysfs::name(b.disk_dir())), b.partition));
        order
    }
}

/// Sort key: by driver (the first two letters), then letters by length and alphabet, numbers by value.
fn natural(name: &str) -> Vec<(String, usize, String, u64)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (letters, after) = rest.split_at(word);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        let driver = letters.chars().take(2).collect();
        key.push((driver, letters.len(), letters.to_string(), number.parse().unwrap_or(0)));
        rest = after;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn names_sort_as_people_count() {
        let mut names = ["sdaa", "loop10", "sdb", "loop2", "nvme1n1", "sda", "nvme0n1"];
        names.sort_by_key(|n| natural(n));
        assert_eq!(names, ["loop2", "loop10", "nvme0n1", "nvme1n1", "sda", "sdb", "sdaa"]);
    }
}
