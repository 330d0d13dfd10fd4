//! Filling small filesystems on loop images: what was deleted is gone from the raw image, and nothing is left behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::*;
use crate::io::{Control, Halt};
use crate::outcome::BadRange;
use crate::pattern::{Pattern, StreamSpec};
use crate::sys::filling;

/// Stops after so many bytes.
#[derive(Default)]
struct Watcher {
    stop_at: Option<u64>,
    reached: u64,
}

impl Control for Watcher {
    fn stop(&mut self) -> bool {
        self.stop_at.is_some_and(|at| self.reached >= at)
    }
    fn max_rate(&self) -> Option<u64> {
        None
    }
    fn progress(&mut self, watermark: u64) {
        assert!(watermark >= self.reached, "{watermark} after {}", self.reached);
        self.reached = watermark;
    }
    fn checkpoint_due(&mut self, _: u64) -> bool {
        false
    }
    fn durable(&mut self, _: u64) -> Result<(), Halt> {
        Ok(())
    }
    fn bad(&mut self, _: BadRange) -> Result<(), Halt> {
        Ok(())
    }
}

fn run(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A filesystem on an image, mounted through a loop device that goes with the mount.
struct Disk {
    dir: tempfile::TempDir,
    mounted: bool,
}

impl Disk {
    /// `None`, and the test is skipped, where it can't be made here.
    fn new(kind: &str, mebibytes: u64, make: &[&str], options: &str) -> Option<Disk> {
        let mkfs = format!("mkfs.{kind}");
        if !crate::skip::root() || !crate::skip::programs(&[&mkfs, "mount", "umount"]) {
            return None;
        }
        let kernel = fs::read_to_string("/proc/filesystems").unwrap();
        if !kernel.lines().any(|line| line.ends_with(&format!("\t{kind}"))) {
            crate::skip::skip(&format!("the kernel has no {kind}"));
            return None;
        }
        // In memory where that can be: many tests share few spindles.
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let mut disk = Disk { dir, mounted: false };
        File::create(disk.image()).unwrap().set_len(mebibytes << 20).unwrap();
        fs::create_dir(disk.top()).unwrap();
        run(&mkfs, &[make, &[disk.image().to_str().unwrap()]].concat());
        let options = format!("loop{options}");
        run("mount", &["-o", &options, disk.image().to_str().unwrap(), disk.top().to_str().unwrap()]);
        disk.mounted = true;
        Some(disk)
    }

    fn image(&self) -> PathBuf {
        self.dir.path().join("image")
    }

    fn top(&self) -> PathBuf {
        self.dir.path().join("top")
    }

    fn unmount(&mut self) {
        // A ring that was dropped lets go of its file a moment later.
        for _ in 0..100 {
            let done = Command::new("umount").arg(self.top()).stderr(Stdio::null()).status().unwrap();
            if done.success() {
                self.mounted = false;
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{} can't be unmounted", self.top().display());
    }

    /// Sectors of the raw image that hold the marker.
    fn markers(&self) -> usize {
        let mut image = File::open(self.image()).unwrap();
        let mut buffer = vec![0; 1 << 20];
        let mut found = 0;
        loop {
            let got = image.read(&mut buffer).unwrap();
            if got == 0 {
                return found;
            }
            found += buffer[..got].chunks(512).filter(|sector| sector.starts_with(MARKER)).count();
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("-l").arg(self.top()).status();
        }
    }
}

const MARKER: &[u8; 32] = b"radera free space test marker 01";

/// Files with markers, large and small, deleted again.
fn leave_markers(top: &Path) {
    let mut sector = [b'.'; 512];
    sector[..32].copy_from_slice(MARKER);
    let write = |name: &str, sectors: usize| {
        let mut file = File::create(top.join(name)).unwrap();
        file.write_all(&sector.repeat(sectors)).unwrap();
    };
    write("large", 16_384);
    for i in 0..200 {
        write(&format!("small{i}"), 8);
    }
    filling::sync_filesystem(&File::open(top).unwrap()).unwrap();
    for entry in fs::read_dir(top).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    filling::sync_filesystem(&File::open(top).unwrap()).unwrap();
}

fn random() -> Pattern {
    Pattern::Stream { spec: StreamSpec::aes_128_ctr([7; 16]), inverted: false }
}

fn request<'a>(directory: &'a File, pattern: &'a Pattern) -> Request<'a> {
    Request {
        directory,
        block_bytes: std::os::unix::fs::MetadataExt::blksize(&directory.metadata().unwrap()),
        logical_block_bytes: 512,
        pattern,
        largest_file: u64::MAX,
        prefer: None,
    }
}

/// Markers survive a deletion and do not survive the filling; files are read back; nothing is left behind.
fn filled(mut disk: Disk, largest_file: u64, direct: bool, most_left: u64) {
    let top = disk.top();
    leave_markers(&top);
    assert!(disk.markers() > 10_000, "only {} markers before", disk.markers());
    let directory = File::open(&top).unwrap();
    let before = filling::left(&directory).unwrap();
    let names = fs::read_dir(&top).unwrap().count();
    let taken = slack(&directory, 3000, &mut || false).unwrap();
    assert!(taken.files > 500, "{taken:?}");
    assert_eq!(fs::read_dir(&top).unwrap().count(), names);
    let pattern = random();
    let mut control = Watcher::default();
    let filled = fill(&Request { largest_file, ..request(&directory, &pattern) }, &mut control).unwrap();
    assert_eq!((filled.end, filled.direct), (End::Full, direct));
    assert_eq!(filled.bytes, filled.files.iter().map(|f| f.bytes).sum::<u64>());
    assert_eq!(control.reached, filled.bytes);
    assert!(filled.left_bytes <= most_left, "{} of {} bytes are left", filled.left_bytes, before.bytes);
    if largest_file < before.bytes {
        assert!(filled.files.len() > 1 && filled.files.iter().all(|f| f.bytes <= largest_file));
    }
    let (left, unwritten) = (filled.left_bytes, filled.unwritten_bytes);
    let mut filler = crate::pattern::Filler::new(&pattern).unwrap();
    for part in &filled.files {
        let mut at = 0;
        let mut buffer = vec![0; 1 << 16];
        let plain = File::open(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&part.file))).unwrap();
        while at < part.bytes {
            let got = (&plain).read(&mut buffer).unwrap();
            let wanted = got.min(usize::try_from(part.bytes - at).unwrap());
            assert!(wanted > 0 && filler.matches(part.stream_offset + at, &buffer[..wanted]), "at {at}");
            at += wanted as u64;
        }
    }
    drop(filled);
    filling::sync_filesystem(&directory).unwrap();
    assert_eq!(fs::read_dir(&top).unwrap().count(), names);
    let after = filling::left(&directory).unwrap();
    assert!(after.bytes + (4 << 20) >= before.bytes, "{before:?} before, {after:?} after");
    drop(directory);
    disk.unmount();
    // What the filesystem keeps back is all that can hold them.
    let survivors = disk.markers() as u64 * 512;
    assert!(survivors <= left + unwritten, "{survivors} bytes of markers, {left} and {unwritten} out of reach");
}

#[test]
fn ext4_is_filled_to_its_last_block() {
    // With blocks for root alone.
    let Some(disk) = Disk::new("ext4", 64, &["-q", "-m", "10"], "") else { return };
    // It keeps a fiftieth for its own metadata (/sys/fs/ext4/*/reserved_clusters), 4096 blocks at most.
    filled(disk, u64::MAX, true, (64 << 20) / 50);
}

#[test]
fn ext4_is_filled_by_several_files_where_none_may_be_large() {
    let Some(disk) = Disk::new("ext4", 64, &["-q"], "") else { return };
    filled(disk, (7 << 20) + 1000, true, (64 << 20) / 50);
}

#[test]
fn xfs_is_filled_but_for_its_reserve() {
    let Some(disk) = Disk::new("xfs", 320, &["-q"], "") else { return };
    filled(disk, u64::MAX, true, 32 << 20);
}

#[test]
fn btrfs_is_filled_but_for_what_it_keeps() {
    let Some(disk) = Disk::new("btrfs", 128, &["-q", "-m", "single"], "") else { return };
    filled(disk, u64::MAX, true, 32 << 20);
}

#[test]
fn a_stop_is_heard_and_leaves_nothing() {
    let Some(disk) = Disk::new("ext4", 64, &["-q"], "") else { return };
    let directory = File::open(disk.top()).unwrap();
    let before = filling::left(&directory).unwrap();
    let names = fs::read_dir(disk.top()).unwrap().count();
    let pattern = random();
    let mut control = Watcher { stop_at: Some(8 << 20), reached: 0 };
    let filled = fill(&request(&directory, &pattern), &mut control).unwrap();
    assert_eq!(filled.end, End::Stopped);
    assert!((8 << 20..32 << 20).contains(&filled.bytes), "{}", filled.bytes);
    drop(filled);
    let mut asked = 0;
    let taken = slack(&directory, u64::MAX, &mut || {
        asked += 1;
        asked > 5
    });
    let taken = taken.unwrap();
    assert_eq!((taken.end, taken.files), (Some(End::Stopped), 5 * 64));
    filling::sync_filesystem(&directory).unwrap();
    let after = filling::left(&directory).unwrap();
    assert_eq!((after.inodes, fs::read_dir(disk.top()).unwrap().count()), (before.inodes, names));
    assert!(after.bytes + (1 << 20) >= before.bytes);
}

#[test]
fn every_free_inode_is_taken_and_given_back() {
    let Some(disk) = Disk::new("ext4", 32, &["-q", "-N", "2048"], "") else { return };
    let directory = File::open(disk.top()).unwrap();
    let before = filling::left(&directory).unwrap().inodes;
    let taken = slack(&directory, u64::MAX, &mut || false).unwrap();
    // One is that of their directory.
    assert_eq!(taken, Slack { files: before - 1, end: Some(End::Full), left_inodes: 0 });
    assert_eq!(filling::left(&directory).unwrap().inodes, before);
}

#[test]
fn a_quota_ends_the_filling_by_its_own_word() {
    let Some(disk) = Disk::new("btrfs", 128, &["-q", "-m", "single"], "") else { return };
    if !crate::skip::programs(&["btrfs"]) {
        return;
    }
    let (top, sub) = (disk.top(), disk.top().join("sub"));
    run("btrfs", &["quota", "enable", top.to_str().unwrap()]);
    run("btrfs", &["subvolume", "create", sub.to_str().unwrap()]);
    run("btrfs", &["qgroup", "limit", "16M", sub.to_str().unwrap()]);
    let directory = File::open(&sub).unwrap();
    let pattern = random();
    let filled = fill(&request(&directory, &pattern), &mut Watcher::default()).unwrap();
    assert_eq!(filled.end, End::Quota);
    assert!(filled.bytes > 0 && filled.bytes <= 16 << 20 && filled.left_bytes > 16 << 20, "{filled:?}");
}

#[test]
fn a_device_that_runs_out_below_the_filesystem_is_told() {
    if !crate::skip::root() || !crate::skip::programs(&["mount", "umount", "mkfs.ext4"]) {
        return;
    }
    // An image that promises more than the filesystem below it has: as a thin volume, or a failing drive.
    let outer = tempfile::tempdir_in("/var/tmp").unwrap();
    struct Mounted(PathBuf);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _ = Command::new("umount").args(["-l", self.0.to_str().unwrap()]).status();
        }
    }
    let (below, top) = (outer.path().join("below"), outer.path().join("top"));
    fs::create_dir(&below).unwrap();
    fs::create_dir(&top).unwrap();
    run("mount", &["-t", "tmpfs", "-o", "size=24M", "none", below.to_str().unwrap()]);
    let _below = Mounted(below.clone());
    let image = below.join("image");
    File::create(&image).unwrap().set_len(64 << 20).unwrap();
    run("mkfs.ext4", &["-q", image.to_str().unwrap()]);
    run("mount", &["-o", "loop", image.to_str().unwrap(), top.to_str().unwrap()]);
    let _top = Mounted(top.clone());
    let directory = OpenOptions::new().read(true).open(&top).unwrap();
    let pattern = random();
    match fill(&request(&directory, &pattern), &mut Watcher::default()) {
        Err(problem) => assert!(problem.what.contains("can't be filled"), "{problem}"),
        Ok(filled) => assert!(filled.unwritten_bytes > 16 << 20, "{filled:?}"),
    }
}
