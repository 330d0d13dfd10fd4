//! A disk that fails: a loop device over a FUSE file that answers with errors, lies, or dies, at exact sectors.

use std::ffi::OsStr;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyWrite, Request,
    WriteFlags,
};

use super::disk::{Image, Loop, Scratch};
use super::{SECTOR, attempt, wait_for};

const FILE: INodeNo = INodeNo(2);
const NAME: &str = "disk.img";
const NO_CACHE: Duration = Duration::ZERO;

/// What is wrong with the disk. Ranges are in bytes.
#[derive(Default, Clone)]
pub struct Faults {
    /// A write that touches one of these changes nothing and fails with EIO.
    pub write_fails: Vec<Range<u64>>,
    /// A read that touches one of these fails with EIO.
    pub read_fails: Vec<Range<u64>>,
    /// Bytes that read back inverted, once [`Faults::lies_after`] bytes were written.
    pub flips: Vec<u64>,
    /// Writes to these are acknowledged and not kept.
    pub drops: Vec<Range<u64>>,
    /// Fails everything with ENODEV once so many bytes were written.
    pub dies_after: Option<u64>,
    /// See `flips`.
    pub lies_after: u64,
}

struct State {
    content: Vec<u8>,
    faults: Faults,
    written: u64,
}

impl State {
    fn is_dead(&self) -> bool {
        self.faults.dies_after.is_some_and(|limit| self.written >= limit)
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<u8>, Errno> {
        let end = range.end.min(self.content.len() as u64);
        if range.start >= end {
            return Ok(Vec::new());
        }
        if self.is_dead() {
            return Err(Errno::ENODEV);
        }
        if touches(&self.faults.read_fails, &range) {
            return Err(Errno::EIO);
        }
        let mut bytes = self.content[range.start as usize..end as usize].to_vec();
        if self.written >= self.faults.lies_after {
            for at in self.faults.flips.iter().filter(|at| (range.start..end).contains(at)) {
                bytes[(at - range.start) as usize] ^= 0xff;
            }
        }
        Ok(bytes)
    }

    fn write(&mut self, first: u64, bytes: &[u8]) -> Result<(), Errno> {
        let range = first..first + bytes.len() as u64;
        if self.is_dead() {
            return Err(Errno::ENODEV);
        }
        if touches(&self.faults.write_fails, &range) || range.end > self.content.len() as u64 {
            return Err(Errno::EIO);
        }
        for (at, byte) in (first..).zip(bytes) {
            if !self.faults.drops.iter().any(|dropped| dropped.contains(&at)) {
                self.content[at as usize] = *byte;
            }
        }
        self.written += bytes.len() as u64;
        Ok(())
    }
}

fn touches(faults: &[Range<u64>], range: &Range<u64>) -> bool {
    faults.iter().any(|fault| fault.start < range.end && range.start < fault.end)
}

struct OneFile {
    state: Arc<Mutex<State>>,
}

impl OneFile {
    fn attributes(&self, inode: INodeNo) -> FileAttr {
        let is_file = inode == FILE;
        let size = if is_file { self.state.lock().unwrap().content.len() as u64 } else { 0 };
        FileAttr {
            ino: inode,
            size,
            blocks: size.div_ceil(SECTOR),
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if is_file { FileType::RegularFile } else { FileType::Directory },
            perm: if is_file { 0o600 } else { 0o700 },
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: 512,
            flags: 0,
        }
    }
}

impl Filesystem for OneFile {
    fn lookup(&self, _req: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        if parent == INodeNo::ROOT && name == NAME {
            reply.entry(&NO_CACHE, &self.attributes(FILE), Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _req: &Request, inode: INodeNo, _handle: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&NO_CACHE, &self.attributes(inode));
    }

    fn open(&self, _req: &Request, _inode: INodeNo, _flags: OpenFlags, reply: ReplyOpen) {
        // Past the page cache: what the loop device asks for is what arrives here.
        reply.opened(FileHandle(1), FopenFlags::FOPEN_DIRECT_IO);
    }

    fn read(
        &self,
        _req: &Request,
        _inode: INodeNo,
        _handle: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _lock: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.state.lock().unwrap().read(offset..offset + u64::from(size)) {
            Ok(bytes) => reply.data(&bytes),
            Err(error) => reply.error(error),
        }
    }

    fn write(
        &self,
        _req: &Request,
        _inode: INodeNo,
        _handle: FileHandle,
        offset: u64,
        data: &[u8],
        _write_flags: WriteFlags,
        _flags: OpenFlags,
        _lock: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.state.lock().unwrap().write(offset, data) {
            Ok(()) => reply.written(u32::try_from(data.len()).unwrap()),
            Err(error) => reply.error(error),
        }
    }

    fn flush(&self, _req: &Request, _inode: INodeNo, _handle: FileHandle, _lock: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _req: &Request, _inode: INodeNo, _handle: FileHandle, _datasync: bool, reply: ReplyEmpty) {
        if self.state.lock().unwrap().is_dead() { reply.error(Errno::ENODEV) } else { reply.ok() }
    }
}

/// A loop device over such a file.
pub struct FaultyDisk {
    // Dropped in this order: the loop device lets go of the file, then the filesystem goes.
    device: Option<Loop>,
    session: Option<BackgroundSession>,
    state: Arc<Mutex<State>>,
    mounted_at: std::path::PathBuf,
}

impl FaultyDisk {
    /// `bytes` bytes, each [`Image::UNTOUCHED`], with nothing wrong yet but `faults`.
    pub fn make(scratch: &Scratch, name: &str, bytes: u64, faults: Faults) -> Self {
        let mounted_at = scratch.directory(name);
        let content = vec![Image::UNTOUCHED; bytes as usize];
        let state = Arc::new(Mutex::new(State { content, faults, written: 0 }));
        let mut options = Config::default();
        options.mount_options = vec![MountOption::FSName("radera-test-faulty".into()), MountOption::RW];
        let session = fuser::spawn_mount(OneFile { state: state.clone() }, &mounted_at, &options)
            .expect("a FUSE mount (/dev/fuse, package fuse3)");
        let device = Some(Loop::with(&mounted_at.join(NAME), &["--direct-io=off"]));
        FaultyDisk { device, session: Some(session), state, mounted_at }
    }

    pub fn device(&self) -> &Loop {
        self.device.as_ref().unwrap()
    }

    pub fn node(&self) -> &str {
        self.device().name()
    }

    /// From now on.
    pub fn set_faults(&self, faults: Faults) {
        self.state.lock().unwrap().faults = faults;
    }

    /// Bytes of acknowledged writes, each write counted.
    pub fn written(&self) -> u64 {
        self.state.lock().unwrap().written
    }

    /// The raw content, past every fault.
    pub fn content(&self) -> Vec<u8> {
        self.state.lock().unwrap().content.clone()
    }
}

impl Drop for FaultyDisk {
    fn drop(&mut self) {
        let node = self.device.take().map(|device| device.path().to_owned());
        if let Some(name) = node.as_deref().and_then(|n| n.file_name()).and_then(OsStr::to_str) {
            let backing = format!("/sys/block/{name}/loop/backing_file");
            let ours = self.mounted_at.to_string_lossy().into_owned();
            let gone = || !std::fs::read_to_string(&backing).is_ok_and(|b| b.starts_with(&ours));
            if !std::thread::panicking() {
                wait_for("the loop device to let go", 10, gone);
            }
        }
        let _ = attempt("umount", &[self.mounted_at.to_str().unwrap()]);
        drop(self.session.take());
    }
}
