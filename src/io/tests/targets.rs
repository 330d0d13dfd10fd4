//! What the conformance suite runs on: a plain file, a loop device, a simulated device.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::io::simulated::Device;
use crate::io::{Engine, Queue, Shape, open_queue};
use crate::sys::direct;

/// Something that queues can be opened on.
pub(super) trait Target {
    fn queue(&self) -> Box<dyn Queue>;
    fn logical_block(&self) -> u32;
    /// What it holds, read another way than through the queue.
    fn content(&self) -> Vec<u8>;
    /// Whether the device has a size that no write changes, and refuses what is not aligned.
    fn is_device(&self) -> bool;
}

/// A size that is no multiple of any engine's block.
pub(super) const BYTES: u64 = (5 << 20) + 3 * 4096;

pub(super) struct Simulated(pub(super) Device);

impl Target for Simulated {
    fn queue(&self) -> Box<dyn Queue> {
        self.0.queue_of(32 << 10, 8)
    }

    fn logical_block(&self) -> u32 {
        self.0.logical_block()
    }

    fn content(&self) -> Vec<u8> {
        self.0.content()
    }

    fn is_device(&self) -> bool {
        true
    }
}

/// A plain file in a temporary directory, or a loop device on it.
pub(super) struct OnFile {
    path: PathBuf,
    loop_path: Option<PathBuf>,
    logical_block: u32,
    engine: Engine,
    _directory: tempfile::TempDir,
}

impl OnFile {
    pub(super) fn plain(engine: Engine) -> Self {
        // Beside the test program and not under TMPDIR: a tmpfs takes no O_DIRECT before Linux 6.6.
        let beside = std::env::current_exe().unwrap();
        let directory = tempfile::tempdir_in(beside.parent().unwrap()).unwrap();
        let path = directory.path().join("image");
        File::create(&path).unwrap().write_all(&vec![0x55; usize::try_from(BYTES).unwrap()]).unwrap();
        OnFile { path, loop_path: None, logical_block: 4096, engine, _directory: directory }
    }

    /// `None`, and says so, where this user may not attach loop devices.
    pub(super) fn on_loop(engine: Engine, logical_block: u32) -> Option<Self> {
        if !crate::skip::root() {
            return None;
        }
        let mut target = OnFile::plain(engine);
        let attach = Command::new("losetup")
            .args(["-f", "--show", "-b", &logical_block.to_string()])
            .arg(&target.path)
            .output()
            .expect("losetup is not installed");
        assert!(attach.status.success(), "no loop device: {}", String::from_utf8_lossy(&attach.stderr).trim());
        target.loop_path = Some(String::from_utf8(attach.stdout).unwrap().trim().into());
        target.logical_block = logical_block;
        Some(target)
    }

    pub(super) fn file(&self) -> File {
        let path = self.loop_path.as_ref().unwrap_or(&self.path);
        direct::open(path).unwrap_or_else(|error| panic!("{} with O_DIRECT: {error}", path.display()))
    }

    pub(super) fn shape(&self) -> Shape {
        Shape { logical_block_bytes: self.logical_block, max_io_bytes: 0, optimal_io_bytes: 0 }
    }
}

impl Drop for OnFile {
    fn drop(&mut self) {
        if let Some(path) = &self.loop_path {
            let detached = Command::new("losetup").arg("-d").arg(path).status();
            assert!(
                detached.is_ok_and(|status| status.success()) || std::thread::panicking(),
                "{path:?} stays attached"
            );
        }
    }
}

impl Target for OnFile {
    fn queue(&self) -> Box<dyn Queue> {
        let queue = open_queue(self.file(), self.shape(), Some(self.engine)).unwrap();
        assert_eq!(queue.engine(), self.engine);
        queue
    }

    fn logical_block(&self) -> u32 {
        self.logical_block
    }

    fn content(&self) -> Vec<u8> {
        std::fs::read(&self.path).unwrap()
    }

    fn is_device(&self) -> bool {
        self.loop_path.is_some()
    }
}
