//! An ext4 filesystem full of files in which every sector carries a marker.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::disk::{Image, Scratch};
use super::{MIB, SECTOR, run};

/// An image that holds ext4 and files, and what stands in every sector of those files.
pub struct Planted {
    pub image: Image,
    /// Unique to this image.
    pub marker: String,
    /// How many sectors were written with it.
    pub sectors: usize,
}

impl Planted {
    /// `mib` MiB, about `fill_percent` of it files. Made without mounting anything (`mke2fs -d`), so that no other test's
    /// mount namespace can hold it.
    pub fn make(scratch: &Scratch, name: &str, mib: u64, fill_percent: u64) -> Self {
        let path = scratch.join(name);
        let marker = unique_marker();
        let files = Tree::new(scratch, name);
        let sectors = files.fill(&marker, mib * MIB * fill_percent / 100);
        let image = Image::blank(path, mib * MIB);
        run("mke2fs", &["-q", "-F", "-t", "ext4", "-d", files.0.to_str().unwrap(), image.path().to_str().unwrap()]);
        let planted = Planted { image, marker, sectors };
        let found = planted.markers();
        assert!(found >= sectors, "planted {sectors} markers, but the raw image holds {found}");
        planted
    }

    /// Markers in the raw image now.
    pub fn markers(&self) -> usize {
        self.image.count(self.marker.as_bytes())
    }
}

/// The files before they go into the image; gone when dropped.
struct Tree(PathBuf);

impl Tree {
    fn new(scratch: &Scratch, name: &str) -> Self {
        Tree(scratch.directory(&format!("{name}-files")))
    }

    /// Writes at least `bytes` bytes in files of 4 MiB and less; how many sectors that is.
    fn fill(&self, marker: &str, bytes: u64) -> usize {
        let mut sectors = 0;
        let mut file_number = 0;
        while sectors * SECTOR < bytes {
            let in_this = (bytes / SECTOR - sectors).clamp(1, 4 * MIB / SECTOR);
            write_sectors(&self.0.join(format!("personal-data-{file_number}.txt")), marker, sectors, in_this);
            sectors += in_this;
            file_number += 1;
        }
        sectors as usize
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write_sectors(path: &Path, marker: &str, first: u64, count: u64) {
    let mut text = Vec::with_capacity((count * SECTOR) as usize);
    for sector in first..first + count {
        let line = format!("{marker} sector {sector:08} ");
        text.extend_from_slice(line.as_bytes());
        text.resize(text.len() + SECTOR as usize - line.len() - 1, b'.');
        text.push(b'\n');
    }
    std::fs::File::create_new(path).unwrap().write_all(&text).unwrap();
}

/// A marker that no other test, run or pattern has.
pub fn unique_marker() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    format!("RADERA-{now:032x}-{:08x}-{:04x}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
