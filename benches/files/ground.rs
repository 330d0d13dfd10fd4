//! A filesystem that is made anew for each run, on one loop device.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::MIB;
use super::bed::{Bed, text};
use super::run::run;

/// Size of a small file.
const SMALL: usize = 4096;
/// Files in a directory.
const IN_EACH: u64 = 100;

/// How much is wiped.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub files: u64,
    pub bytes: u64,
}

impl Size {
    /// Bytes of the device: room for either, the filesystem's own tables and its journal.
    pub fn device(self) -> u64 {
        let content = (self.files * SMALL as u64).max(self.bytes);
        (content + content / 8 + self.files * 256 + 256 * MIB).next_multiple_of(MIB)
    }
}

/// The device, and where its filesystem is mounted.
pub struct Ground {
    pub bed: Bed,
    size: Size,
}

/// A mounted filesystem; unmounted on drop.
pub struct Mounted(PathBuf);

impl Mounted {
    /// A path on it.
    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Ok(at) = text(&self.0)
            && let Err(what) = run("umount", &[at])
        {
            eprintln!("left behind: {what}");
        }
    }
}

impl Ground {
    pub fn make(size: Size) -> Result<Self, String> {
        Ok(Ground { bed: Bed::make(size.device())?, size })
    }

    pub fn size(&self) -> Size {
        self.size
    }

    /// A new and empty ext4, mounted.
    fn mount(&self) -> Result<Mounted, String> {
        let node = self.bed.device.node()?;
        let inodes = (self.size.files + self.size.files / IN_EACH + 1000).to_string();
        run("mke2fs", &["-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0", "-N", &inodes, "-E", "nodiscard", node])?;
        let at = self.bed.directory("mnt")?;
        run("mount", &["-t", "ext4", node, text(&at)?])?;
        Ok(Mounted(at))
    }

    /// With the tree in it; the tree's path.
    pub fn tree(&self) -> Result<(Mounted, PathBuf), String> {
        let mounted = self.mount()?;
        let tree = mounted.at("tree");
        grow(&tree, self.size.files).map_err(|e| format!("{}: {e}", tree.display()))?;
        run("sync", &["--file-system", text(&tree)?])?;
        Ok((mounted, tree))
    }

    /// With the large file in it; its path.
    pub fn large(&self) -> Result<(Mounted, PathBuf), String> {
        let mounted = self.mount()?;
        let path = mounted.at("large");
        fill(&path, self.size.bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok((mounted, path))
    }
}

fn grow(tree: &Path, files: u64) -> std::io::Result<()> {
    let content = [0x5a; SMALL];
    for number in 0..files {
        let directory = tree.join(format!("directory-{}", number / IN_EACH));
        if number % IN_EACH == 0 {
            std::fs::create_dir_all(&directory)?;
        }
        std::fs::write(directory.join(format!("customer-{number}.json")), content)?;
    }
    Ok(())
}

fn fill(path: &Path, bytes: u64) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    let block = vec![0x5a; 1 << 20];
    for _ in 0..bytes / MIB {
        file.write_all(&block)?;
    }
    file.sync_all()
}
