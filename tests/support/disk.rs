//! Scratch directories, images, loop devices and mounts, each with a guard that undoes it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::{MIB, attempt, run, wait_for};

/// A directory of the test's own. As root it is a tmpfs, so that hundreds of wipes cost no disk; without root it is a
/// plain directory.
pub struct Scratch {
    // Dropped in this order: first the mount, then the directory under it.
    mounted: Option<Mount>,
    directory: tempfile::TempDir,
}

impl Scratch {
    /// A plain directory, for tests that need no root.
    pub fn plain() -> Self {
        Scratch { mounted: None, directory: tempfile::Builder::new().prefix("radera-test-").tempdir().unwrap() }
    }

    /// A tmpfs with room for `mib` MiB of images (needs root).
    pub fn with_room(mib: u64) -> Self {
        let mut scratch = Self::plain();
        let options = format!("size={}m,mode=0700", mib + 32);
        scratch.mounted = Some(Mount::make("tmpfs", "radera-test", scratch.directory.path(), &options));
        scratch
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// A fresh directory in it.
    pub fn directory(&self, name: &str) -> PathBuf {
        let path = self.join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    }
}

/// A mount, undone on drop.
pub struct Mount {
    at: PathBuf,
}

impl Mount {
    pub fn make(kind: &str, source: &str, at: &Path, options: &str) -> Self {
        std::fs::create_dir_all(at).unwrap();
        run("mount", &["-t", kind, "-o", options, source, at.to_str().unwrap()]);
        Mount { at: at.to_owned() }
    }

    /// `from`, mounted a second time.
    pub fn bind(from: &Path, at: &Path) -> Self {
        std::fs::create_dir_all(at).unwrap();
        run("mount", &["--bind", from.to_str().unwrap(), at.to_str().unwrap()]);
        Mount { at: at.to_owned() }
    }

    pub fn path(&self) -> &Path {
        &self.at
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let at = self.at.to_str().unwrap();
        if !attempt("umount", &[at]).status.success() {
            let _ = attempt("umount", &["--lazy", at]);
        }
    }
}

/// An image file, filled with bytes that are not zero and that no pattern writes, so that a byte left alone shows.
pub struct Image {
    path: PathBuf,
}

impl Image {
    /// The byte that a fresh image is filled with.
    pub const UNTOUCHED: u8 = 0x5a;

    pub fn filled(path: PathBuf, bytes: u64) -> Self {
        let mut file = File::create_new(&path).unwrap();
        let block = vec![Self::UNTOUCHED; MIB as usize];
        let mut left = bytes;
        while left > 0 {
            let now = left.min(MIB);
            file.write_all(&block[..now as usize]).unwrap();
            left -= now;
        }
        Image { path }
    }

    /// All zeros, sparse.
    pub fn blank(path: PathBuf, bytes: u64) -> Self {
        File::create_new(&path).unwrap().set_len(bytes).unwrap();
        Image { path }
    }

    pub fn copy_of(other: &Path, path: PathBuf) -> Self {
        std::fs::copy(other, &path).unwrap();
        Image { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn size(&self) -> u64 {
        std::fs::metadata(&self.path).unwrap().len()
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }

    pub fn read_at(&self, offset: u64, bytes: usize) -> Vec<u8> {
        let mut buffer = vec![0; bytes];
        File::open(&self.path).unwrap().read_exact_at(&mut buffer, offset).unwrap();
        buffer
    }

    pub fn write_at(&self, offset: u64, bytes: &[u8]) {
        OpenOptions::new().write(true).open(&self.path).unwrap().write_all_at(bytes, offset).unwrap();
    }

    /// Inverts the bits of one byte.
    pub fn flip(&self, offset: u64) {
        let byte = self.read_at(offset, 1)[0];
        self.write_at(offset, &[!byte]);
    }

    /// How often `needle` stands in it, overlaps included, across every boundary.
    pub fn count(&self, needle: &[u8]) -> usize {
        count_in(File::open(&self.path).unwrap(), needle)
    }

    /// The digest of its content.
    pub fn digest(&self) -> String {
        super::sha256_of(&self.path)
    }
}

fn count_in(mut source: impl Read, needle: &[u8]) -> usize {
    let mut window = Vec::new();
    let mut block = vec![0; MIB as usize];
    let mut found = 0;
    loop {
        let bytes = source.read(&mut block).unwrap();
        if bytes == 0 {
            return found;
        }
        window.extend_from_slice(&block[..bytes]);
        let first = needle[0];
        let mut at = 0;
        while let Some(next) = window[at..].iter().position(|b| *b == first) {
            at += next;
            if window[at..].starts_with(needle) {
                found += 1;
            }
            at += 1;
        }
        let keep = window.len().min(needle.len() - 1);
        window.drain(..window.len() - keep);
    }
}

fn sequence_of(kernel_name: &str) -> Option<String> {
    std::fs::read_to_string(format!("/sys/block/{kernel_name}/diskseq")).ok()
}

/// A loop device over an image, detached on drop.
pub struct Loop {
    node: PathBuf,
    /// The kernel's disk sequence number, new at each attach: tells whether the node is still ours.
    sequence: String,
}

impl Loop {
    pub fn attach(backing: &Path) -> Self {
        Self::with(backing, &[])
    }

    /// With further options of losetup (`-P`, `-r`, `-b 4096`).
    pub fn with(backing: &Path, options: &[&str]) -> Self {
        let backing = backing.canonicalize().unwrap();
        let mut words = vec!["-f", "--show"];
        words.extend_from_slice(options);
        words.push(backing.to_str().unwrap());
        let node = run("losetup", &words);
        assert!(node.starts_with("/dev/loop"), "losetup answered {node:?}");
        Self::attached(node.into())
    }

    /// Attached at this very node; at another where a test that runs beside this one was faster.
    pub fn at(node: &Path, backing: &Path) -> Self {
        let backing = backing.canonicalize().unwrap();
        match attempt("losetup", &[node.to_str().unwrap(), backing.to_str().unwrap()]).status.success() {
            true => Self::attached(node.to_owned()),
            false => Self::attach(&backing),
        }
    }

    fn attached(node: PathBuf) -> Self {
        let mut device = Loop { node, sequence: String::new() };
        device.sequence = device.sequence_now().expect("diskseq in sysfs (Linux 5.15)");
        device
    }

    fn sequence_now(&self) -> Option<String> {
        sequence_of(self.kernel_name())
    }

    pub fn path(&self) -> &Path {
        &self.node
    }

    pub fn name(&self) -> &str {
        self.node.to_str().unwrap()
    }

    /// `loop7`
    pub fn kernel_name(&self) -> &str {
        self.node.file_name().unwrap().to_str().unwrap()
    }

    /// Detaches it and waits until the node is free: the kernel puts a detach off while anybody else has the node open. The
    /// node may be another's by then.
    pub fn detach(self) -> PathBuf {
        let (node, kernel_name, sequence) = (self.node.clone(), self.kernel_name().to_owned(), self.sequence.clone());
        drop(self);
        let backing = PathBuf::from(format!("/sys/block/{kernel_name}/loop/backing_file"));
        let ours = || backing.exists() && sequence_of(&kernel_name).is_some_and(|now| now == sequence);
        wait_for(&format!("{} to be detached", node.display()), 10, || !ours());
        node
    }

    pub fn partition(&self, number: u32) -> PathBuf {
        let path = PathBuf::from(format!("{}p{number}", self.name()));
        wait_for(&format!("{} to appear", path.display()), 5, || path.exists());
        path
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        if self.sequence_now().is_some_and(|now| now == self.sequence) {
            let _ = attempt("losetup", &["-d", self.name()]);
        }
    }
}

/// A device set read-only. The kernel keeps that flag on the node when the loop device is detached, and the next user of
/// the node would find it: so it is undone on drop.
pub struct ReadOnly(PathBuf);

impl ReadOnly {
    pub fn set(device: &Loop) -> Self {
        run("blockdev", &["--setro", device.name()]);
        ReadOnly(device.path().to_owned())
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        let _ = attempt("blockdev", &["--setrw", self.0.to_str().unwrap()]);
    }
}

/// A loop device and the image that it stands over.
pub struct Disk {
    // Dropped in this order.
    pub device: Loop,
    pub image: Image,
}

impl Disk {
    pub fn over(image: Image) -> Self {
        Disk { device: Loop::attach(image.path()), image }
    }

    /// A disk of `bytes` bytes, none of them zero.
    pub fn filled(scratch: &Scratch, name: &str, bytes: u64) -> Self {
        Self::over(Image::filled(scratch.join(name), bytes))
    }

    /// The device's node.
    pub fn node(&self) -> &str {
        self.device.name()
    }
}

/// Partitions a disk by a script of sfdisk's and makes the kernel show them.
pub fn partition_table(device: &Loop, script: &str) {
    use std::process::{Command, Stdio};
    let mut child = Command::new("sfdisk")
        .args(["--quiet", "--no-reread", "--wipe", "never", device.name()])
        .stdin(Stdio::piped())
        .spawn()
        .expect("sfdisk (package fdisk)");
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "sfdisk {}", device.name());
    run("partx", &["--update", device.name()]);
}
