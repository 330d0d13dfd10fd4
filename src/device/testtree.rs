//! Faked `/sys`, `/proc` and `/dev` in a temporary directory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::inventory::{Inventory, Roots};
use super::probe::Probe;
use crate::media::{Medium, UseKind};
use crate::sys::block::LoopStatus;
use crate::sys::node::{FileKind, NodeStat};

/// A faked machine. A node is a plain file in `dev`; its kind and number stand in a file beside it, `dev/.number.NAME`.
pub struct FakeTree {
    dir: tempfile::TempDir,
}

/// The node's sidecar, else what is really there.
fn stat(path: &Path) -> io::Result<NodeStat> {
    let path = path.canonicalize()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match fs::read_to_string(path.with_file_name(format!(".number.{name}"))) {
        Ok(text) => {
            let fields: Vec<u32> = text.split(' ').skip(1).map(|n| n.parse().unwrap()).collect();
            let kind = if text.starts_with('b') { FileKind::Block } else { FileKind::Character };
            Ok(NodeStat { kind, number: (fields[0], fields[1]), device: 1, inode: 1, size_bytes: 0 })
        }
        Err(_) => crate::sys::node::stat(&path),
    }
}

fn open(path: &Path, number: (u32, u32)) -> io::Result<File> {
    let found = stat(path)?;
    if (found.kind, found.number) != (FileKind::Block, number) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    File::open(path)
}

fn no_loop_status(_: &File) -> io::Result<LoopStatus> {
    Err(io::ErrorKind::Unsupported.into())
}

const PROBE: Probe = Probe { stat, open, loop_status: no_loop_status };

impl FakeTree {
    /// A machine with no devices, one process (this one) and `/` on a tmpfs.
    pub fn new() -> Self {
        let tree = FakeTree { dir: tempfile::tempdir().unwrap() };
        for dir in ["sys/class/block", "sys/dev/block", "dev", "proc"] {
            fs::create_dir_all(tree.at(dir)).unwrap();
        }
        tree.process(4242, "radera", "mnt:[1]", "1 0 0:1 / / rw - tmpfs tmpfs rw\n");
        symlink("4242", tree.at("proc/self")).unwrap();
        tree.put("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
        tree
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn link(&self, path: &str, target: impl AsRef<Path>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// A whole disk of 1 MiB under `sys/devices/PARENT/block/NAME`; answers its directory, from the root of the tree.
    pub fn disk(&self, parent: &str, name: &str, number: &str) -> String {
        let dir = format!("sys/devices/{parent}/block/{name}");
        self.block(&dir, name, number, 2048);
        for (attribute, value) in [
            ("queue/logical_block_size", "512"),
            ("queue/physical_block_size", "4096"),
            ("queue/zoned", "none"),
            ("queue/max_sectors_kb", "512"),
            ("queue/optimal_io_size", "65536"),
            ("queue/rotational", "0"),
            ("diskseq", "7"),
            ("removable", "0"),
        ] {
            self.put(&format!("{dir}/{attribute}"), format!("{value}\n"));
        }
        dir
    }

    /// A partition of 256 KiB; `index` from 1.
    pub fn partition(&self, disk: &str, name: &str, number: &str, index: u64) -> String {
        let dir = format!("{disk}/{name}");
        self.block(&dir, name, number, 512);
        self.put(&format!("{dir}/partition"), format!("{index}\n"));
        self.put(&format!("{dir}/start"), format!("{}\n", index * 512));
        dir
    }

    fn block(&self, dir: &str, name: &str, number: &str, sectors: u64) {
        self.put(&format!("{dir}/dev"), format!("{number}\n"));
        self.put(&format!("{dir}/size"), format!("{sectors}\n"));
        self.put(&format!("{dir}/ro"), "0\n");
        fs::create_dir_all(self.at(&format!("{dir}/holders"))).unwrap();
        fs::create_dir_all(self.at(&format!("{dir}/slaves"))).unwrap();
        self.link(&format!("sys/class/block/{name}"), self.at(dir));
        self.link(&format!("sys/dev/block/{number}"), self.at(dir));
        self.node('b', name, number);
        File::create(self.at(&format!("dev/{name}"))).unwrap().set_len(sectors * 512).unwrap();
    }

    /// A device node, empty.
    pub fn node(&self, kind: char, name: &str, number: &str) {
        self.put(&format!("dev/{name}"), "");
        self.put(&format!("dev/.number.{name}"), format!("{kind} {}", number.replace(':', " ")));
    }

    /// Puts bytes on a device.
    pub fn write(&self, name: &str, offset: u64, bytes: &[u8]) {
        use std::os::unix::fs::FileExt;
        let file = fs::OpenOptions::new().write(true).open(self.at(&format!("dev/{name}"))).unwrap();
        file.write_all_at(bytes, offset).unwrap();
    }

    /// `holder` stands on `device`; both by directory.
    pub fn stack(&self, device: &str, holder: &str) {
        let name = |dir: &str| Path::new(dir).file_name().unwrap().to_string_lossy().into_owned();
        self.link(&format!("{device}/holders/{}", name(holder)), self.at(holder));
        self.link(&format!("{holder}/slaves/{}", name(device)), self.at(device));
    }

    pub fn process(&self, pid: u32, name: &str, namespace: &str, mountinfo: &str) {
        self.put(&format!("proc/{pid}/comm"), format!("{name}\n"));
        self.put(&format!("proc/{pid}/mountinfo"), mountinfo);
        self.put(&format!("proc/{pid}/maps"), "");
        self.link(&format!("proc/{pid}/ns/mnt"), namespace);
        self.link(&format!("proc/{pid}/root"), "/");
        fs::create_dir_all(self.at(&format!("proc/{pid}/fd"))).unwrap();
    }

    /// Replaces the mounts of our own namespace.
    pub fn mounts(&self, mountinfo: &str) {
        self.put("proc/4242/mountinfo", mountinfo);
    }

    pub fn roots(&self) -> Roots {
        Roots { sys: self.at("sys"), proc: self.at("proc"), dev: self.at("dev") }
    }

    pub fn inventory(&self) -> Inventory {
        Inventory::read_with(self.roots(), PROBE).unwrap()
    }

    pub fn medium(&self, name: &str) -> Medium {
        self.inventory().medium(&self.at("dev").join(name)).unwrap()
    }

    /// The holders of `name` that use it in the way `kind`.
    pub fn holders(&self, name: &str, kind: UseKind) -> Vec<String> {
        self.medium(name).uses.into_iter().filter(|u| u.kind == kind).map(|u| u.holder).collect()
    }
}
