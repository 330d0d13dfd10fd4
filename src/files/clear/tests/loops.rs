//! Files of real filesystems on loop images: what was in them is looked for in the whole raw image.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fake::{Watch, extent, random};
use crate::files::clear::{Below, Subject, Tools, clear};
use crate::files::{Mapping, Obstacle};
use crate::io::{Queue, Shape, open_queue};
use crate::outcome::FileVerdict;
use crate::skip;
use crate::sys::open;

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A filesystem on a loop device over an image; gone on drop, whatever failed.
struct Mounted {
    directory: tempfile::TempDir,
    device: String,
}

impl Mounted {
    fn new(megabytes: u64, make: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let image = directory.path().join("image");
        File::create(&image).unwrap().set_len(megabytes << 20).unwrap();
        run(make[0], &[&make[1..], &[image.to_str().unwrap()]].concat());
        let device = run("losetup", &["--find", "--show", image.to_str().unwrap()]);
        let mounted = Mounted { directory, device };
        std::fs::create_dir(mounted.root()).unwrap();
        run("mount", &[&mounted.device, mounted.root().to_str().unwrap()]);
        mounted
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("mnt")
    }

    /// Offset of each place in the raw image, by the letter and number of the marker there.
    fn markers(&self) -> Vec<(u64, [u8; 12])> {
        let mut image = File::open(self.directory.path().join("image")).unwrap();
        let (mut found, mut chunk, mut at) = (Vec::new(), vec![0; 1 << 20], 0);
        while let Ok(read) = image.read(&mut chunk) {
            if read == 0 {
                break;
            }
            for (number, sector) in chunk[..read].chunks(512).enumerate() {
                if sector.starts_with(b"MARKER") {
                    found.push((at + number as u64 * 512, sector[..12].try_into().unwrap()));
                }
            }
            at += read as u64;
        }
        found
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.root()).output();
        let _ = Command::new("losetup").args(["--detach", &self.device]).output();
    }
}

/// `MARKER`, then letter and number, then filling, in 512 bytes each.
fn content(letter: u8, sectors: u64) -> Vec<u8> {
    (0..sectors)
        .flat_map(|n| format!("MARKER{}{n:05}", char::from(letter)).into_bytes().into_iter().chain([b'.'; 500]))
        .collect()
}

/// Where the blocks lie by filefrag(8); on btrfs, whose answer is no place on the device, by looking for the markers.
struct Tried<'a> {
    mounted: &'a Mounted,
    paths: Vec<PathBuf>,
    /// From the raw image, where the filesystem's own answer counts from elsewhere.
    shift: u64,
}

impl Below for Tried<'_> {
    fn map(&self, file: &File) -> Result<Mapping, Obstacle> {
        use std::os::unix::fs::MetadataExt;
        let inode = file.metadata().unwrap().ino();
        let path = self.paths.iter().find(|path| path.metadata().unwrap().ino() == inode).unwrap();
        let text = run("filefrag", &["-s", "-v", "-b512", path.to_str().unwrap()]);
        let mut mapping = Mapping::default();
        for line in text.lines().filter(|line| line.contains("..") && line.trim_start().starts_with(char::is_numeric)) {
            let numbers: Vec<u64> = line
                .split(|c: char| !c.is_ascii_digit())
                .filter(|n| !n.is_empty())
                .map(|n| n.parse().unwrap())
                .collect();
            let [_, first, _, place, _, length, ..] = numbers[..] else { panic!("{line}") };
            let mut e = extent(first * 512, place * 512 + self.shift, length * 512);
            e.unwritten = line.contains("unwritten");
            mapping.extents.push(e);
        }
        Ok(mapping)
    }

    fn reader(&self) -> io::Result<Box<dyn Queue>> {
        open_queue(open::read_direct(Path::new(&self.mounted.device))?, self.shape(), None)
    }

    fn shape(&self) -> Shape {
        Shape { logical_block_bytes: 512, max_io_bytes: 0, optimal_io_bytes: 0 }
    }

    fn block_bytes(&self) -> u32 {
        4096
    }
}

fn every_marker_is_gone(name: &str, megabytes: u64, make: &[&str]) {
    if !skip::root() || !skip::programs(&["filefrag", "losetup", "fallocate", make[0]]) {
        return;
    }
    let mounted = Mounted::new(megabytes, make);
    let root = mounted.root();
    if name == "btrfs" {
        run("chattr", &["+C", root.to_str().unwrap()]);
    }
    // Stale content behind what is set aside and never written: freed blocks of a file before.
    let stale = root.join("stale");
    std::fs::write(&stale, content(b'S', 512)).unwrap();
    run("sync", &["-f", stale.to_str().unwrap()]);
    let sizes = [(b'A', 1u64, 300u64), (b'B', 24, 12_288), (b'L', 18 << 10, (9 << 20) - 77), (b'P', 100, 51_200)];
    let mut paths = Vec::new();
    for (letter, sectors, size) in sizes {
        let path = root.join(char::from(letter).to_string());
        std::fs::write(&path, content(letter, sectors)).unwrap();
        File::options().write(true).open(&path).unwrap().set_len(size).unwrap();
        paths.push(path);
    }
    for n in 0..20 {
        let path = root.join(format!("small{n}"));
        std::fs::write(&path, content(b'T', 8)).unwrap();
        paths.push(path);
    }
    let sparse = root.join("sparse");
    let file = File::create_new(&sparse).unwrap();
    file.write_all_at(&content(b'H', 8), 1 << 20).unwrap();
    drop(file);
    paths.push(sparse.clone());
    run("sync", &["-f", root.to_str().unwrap()]);
    std::fs::remove_file(&stale).unwrap();
    run("sync", &["-f", root.to_str().unwrap()]);
    run("fallocate", &["--keep-size", "--offset", "65536", "--length", "1048576", root.join("P").to_str().unwrap()]);
    run("sync", &["-f", root.to_str().unwrap()]);

    let mut tried = Tried { mounted: &mounted, paths: paths.clone(), shift: 0 };
    let before = mounted.markers();
    let count = |letter: u8| before.iter().filter(|(_, marker)| marker[6] == letter).count();
    assert!(count(b'L') > 18_000 && count(b'B') == 24 && count(b'T') == 160, "{name}: planted");
    let open = |path: &PathBuf| File::options().read(true).write(true).open(path).unwrap();
    if name == "btrfs" {
        let first = before.iter().find(|(_, marker)| marker == b"MARKERL00000").unwrap().0;
        tried.shift = first.wrapping_sub(tried.map(&open(&paths[2])).unwrap().extents[0].physical);
    }
    let files: Vec<File> = paths.iter().map(open).collect();
    let mappings: Vec<Mapping> = files.iter().map(|file| tried.map(file).unwrap()).collect();
    assert!(mappings[3].extents.iter().any(|e| e.unwritten && e.logical >= 65_536), "{name}: {:?}", mappings[3]);
    let keep = 1;
    let subjects: Vec<Subject> = files
        .iter()
        .enumerate()
        .map(|(number, file)| Subject { file, size_bytes: file.metadata().unwrap().len(), keep: number == keep })
        .collect();
    // Pages of the old content are in the cache: who reads the file afterwards must not see them.
    std::fs::read(&paths[keep]).unwrap();
    let (cleared, result) = clear(&subjects, &[random(5)], true, &tried, &mut Tools::default(), &mut Watch::default());
    assert_eq!(result, Ok(()));
    for (path, file) in paths.iter().zip(&cleared) {
        assert_eq!((file.verdict, &file.why), (FileVerdict::ClearedVerified, &None), "{name}: {path:?}");
        assert_eq!(file.bytes_read, file.mapping.bytes());
    }
    let seen = std::fs::read(&paths[keep]).unwrap();
    assert!(seen.len() == 12_288 && !seen.chunks(512).any(|sector| sector.starts_with(b"MARKER")), "{name}: pages");
    let blocks = std::os::unix::fs::MetadataExt::blocks(&sparse.metadata().unwrap()) * 512;
    assert!(blocks < 1 << 20, "{name}: the hole of the sparse file is still one");
    drop(subjects);
    drop(files);
    run("umount", &[root.to_str().unwrap()]);
    let inside =
        |at: u64| mappings.iter().flat_map(|m| &m.extents).any(|e| (e.physical..e.physical + e.bytes).contains(&at));
    let after = mounted.markers();
    assert!(!after.iter().any(|(at, _)| inside(*at)), "{name}: no marker in any block of the files");
    let ours: Vec<_> = after.iter().filter(|(_, marker)| marker[6] != b'S').collect();
    assert!(ours.is_empty(), "{name}: {} markers survived, such as {:?}", ours.len(), ours[0]);
}

#[test]
fn nothing_survives_on_ext4() {
    every_marker_is_gone("ext4", 64, &["mkfs.ext4", "-q", "-F"]);
}

#[test]
fn nothing_survives_on_xfs() {
    every_marker_is_gone("xfs", 320, &["mkfs.xfs", "-q", "-f"]);
}

#[test]
fn nothing_survives_on_btrfs_without_copy_on_write() {
    every_marker_is_gone("btrfs", 128, &["mkfs.btrfs", "-q", "-f", "-m", "single", "-d", "single"]);
}
