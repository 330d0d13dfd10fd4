//! Entries of a directory that is held open: looked at, opened, renamed and unlinked by one name each, so that neither a symlink nor
//! a mount nor `..` can lead elsewhere (openat2(2), statx(2), renameat2(2), unlinkat(2)).
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::ffi::{CString, OsStr};
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, OpenHow, RenameFlags, ResolveFlag, openat2, renameat2};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, linkat, unlinkat};

use super::node::FileKind;

/// What an entry of a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Regular file.
    Regular,
    /// Directory.
    Directory,
    /// Symbolic link.
    Link,
    /// FIFO.
    Fifo,
    /// Socket.
    Socket,
    /// Block device node.
    Block,
    /// Character device node.
    Character,
    /// What this kernel calls otherwise.
    Unknown,
}

impl EntryKind {
    /// As [`FileKind`] has it; symlinks, FIFOs and sockets are `Other` there.
    pub fn file_kind(self) -> FileKind {
        match self {
            EntryKind::Regular => FileKind::Regular,
            EntryKind::Directory => FileKind::Directory,
            EntryKind::Block => FileKind::Block,
            EntryKind::Character => FileKind::Character,
            EntryKind::Link | EntryKind::Fifo | EntryKind::Socket | EntryKind::Unknown => FileKind::Other,
        }
    }

    /// The word for messages.
    pub fn name(self) -> &'static str {
        match self {
            EntryKind::Regular => "file",
            EntryKind::Directory => "directory",
            EntryKind::Link => "symbolic link",
            EntryKind::Fifo => "FIFO",
            EntryKind::Socket => "socket",
            EntryKind::Block => "block device",
            EntryKind::Character => "character device",
            EntryKind::Unknown => "file of an unknown kind",
        }
    }
}

/// What statx(2) says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Its kind.
    pub kind: EntryKind,
    /// Number of the device that holds it, as in `st_dev` (btrfs: of the subvolume).
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Number of names.
    pub nlink: u64,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Bytes of blocks that are set aside for it, as the filesystem counts them.
    pub blocks_bytes: u64,
    /// The mount it was reached through (STATX_MNT_ID, since Linux 5.8).
    pub mount: Option<u64>,
    /// chattr +i or +a, as far as the filesystem says so in statx (STATX_ATTR_IMMUTABLE, STATX_ATTR_APPEND).
    pub immutable: bool,
    /// The root of a mount (STATX_ATTR_MOUNT_ROOT); `None` where the kernel does not say.
    pub mount_root: Option<bool>,
    /// Permission bits.
    pub mode: u32,
    /// Numeric owner.
    pub owner: u32,
    /// When it was made, in seconds and nanoseconds (STATX_BTIME): tells it from a later file of the same inode number. (0, 0) where the
    /// filesystem does not keep it.
    pub born: (i64, u32),
}

impl Stat {
    /// Whether both are the same file of the same filesystem.
    pub fn is_same_file(&self, other: &Stat) -> bool {
        (self.device, self.inode, self.kind) == (other.device, other.inode, other.kind)
    }
}

/// The entry `name` of `directory`, a symlink itself, never what it leads to. Errors: as statx(2).
pub fn stat_at(directory: &File, name: &OsStr) -> io::Result<Stat> {
    let name = CString::new(name.as_bytes()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    statx(directory.as_raw_fd(), &name, libc::AT_SYMLINK_NOFOLLOW)
}

/// What a descriptor holds, one of O_PATH too.
pub fn stat_of(file: &File) -> io::Result<Stat> {
    statx(file.as_raw_fd(), c"", libc::AT_EMPTY_PATH)
}

fn statx(directory: libc::c_int, name: &std::ffi::CStr, flags: libc::c_int) -> io::Result<Stat> {
    let mut answer = MaybeUninit::<libc::statx>::zeroed();
    let flags = flags | libc::AT_STATX_DONT_SYNC | libc::AT_NO_AUTOMOUNT;
    let mask = libc::STATX_BASIC_STATS | libc::STATX_MNT_ID | libc::STATX_BTIME;
    // SAFETY: the name is NUL-terminated and outlives the call; the kernel writes at most one statx to a live one.
    let result = unsafe { libc::statx(directory, name.as_ptr(), flags, mask, answer.as_mut_ptr()) };
    if result != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: zeroed before the call, and every bit pattern of statx is valid.
    let answer = unsafe { answer.assume_init() };
    let attribute = |bit: libc::c_int| {
        let bit = u64::from(bit.unsigned_abs());
        (answer.stx_attributes_mask & bit != 0).then_some(answer.stx_attributes & bit != 0)
    };
    Ok(Stat {
        kind: kind(u32::from(answer.stx_mode)),
        device: libc::makedev(answer.stx_dev_major, answer.stx_dev_minor),
        inode: answer.stx_ino,
        nlink: u64::from(answer.stx_nlink),
        size_bytes: answer.stx_size,
        blocks_bytes: answer.stx_blocks.saturating_mul(512),
        mount: (answer.stx_mask & libc::STATX_MNT_ID != 0).then_some(answer.stx_mnt_id),
        immutable: attribute(libc::STATX_ATTR_IMMUTABLE) == Some(true)
            || attribute(libc::STATX_ATTR_APPEND) == Some(true),
        mount_root: attribute(libc::STATX_ATTR_MOUNT_ROOT),
        mode: u32::from(answer.stx_mode) & 0o7777,
        owner: answer.stx_uid,
        born: match answer.stx_mask & libc::STATX_BTIME {
            0 => (0, 0),
            _ => (answer.stx_btime.tv_sec, answer.stx_btime.tv_nsec),
        },
    })
}

fn kind(mode: u32) -> EntryKind {
    match mode & libc::S_IFMT {
        libc::S_IFREG => EntryKind::Regular,
        libc::S_IFDIR => EntryKind::Directory,
        libc::S_IFLNK => EntryKind::Link,
        libc::S_IFIFO => EntryKind::Fifo,
        libc::S_IFSOCK => EntryKind::Socket,
        libc::S_IFBLK => EntryKind::Block,
        libc::S_IFCHR => EntryKind::Character,
        _ => EntryKind::Unknown,
    }
}

/// A directory by its path, symlinks followed: for reading where that is permitted, else O_PATH, which is enough to reach what is in it.
pub fn open_start(path: &Path) -> io::Result<File> {
    let open = |flags: OFlag| {
        let flags = flags | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        nix::fcntl::open(path, flags, Mode::empty()).map(File::from)
    };
    match open(OFlag::O_RDONLY) {
        Err(Errno::EACCES) => Ok(open(OFlag::O_PATH)?),
        other => Ok(other?),
    }
}

/// The directory `name` in `directory`, for reading: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, and by RESOLVE_BENEATH, NO_SYMLINKS,
/// NO_MAGICLINKS and NO_XDEV nothing else. Errors: ELOOP or ENOTDIR where it is no directory (any more), EXDEV where something is mounted there.
pub fn open_directory(directory: &File, name: &OsStr) -> io::Result<File> {
    inside(directory, name, OFlag::O_RDONLY | OFlag::O_DIRECTORY, ResolveFlag::RESOLVE_BENEATH)
}

/// The directory that holds `directory`, over no mount's edge (EXDEV).
pub fn open_parent(directory: &File) -> io::Result<File> {
    inside(directory, OsStr::new(".."), OFlag::O_RDONLY | OFlag::O_DIRECTORY, ResolveFlag::empty())
}

/// A hold on the entry `name` of `directory`, whatever it is, without opening it (O_PATH). A symlink gives the link itself.
pub fn open_handle(directory: &File, name: &OsStr) -> io::Result<File> {
    let flags = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    Ok(nix::fcntl::openat(directory, name, flags, Mode::empty())?.into())
}

/// The file `name` in `directory`, for reading and writing: O_RDWR | O_NOFOLLOW | O_NONBLOCK, as [`open_directory`] by no other way.
/// Errors: ETXTBSY for a program that runs and an active swap file, EWOULDBLOCK where another process has a lease on it.
pub fn open_file(directory: &File, name: &OsStr) -> io::Result<File> {
    inside(directory, name, OFlag::O_RDWR | OFlag::O_NONBLOCK, ResolveFlag::RESOLVE_BENEATH)
}

/// As [`open_file`], for reading, which is enough to lift its attributes.
pub fn open_file_read_only(directory: &File, name: &OsStr) -> io::Result<File> {
    inside(directory, name, OFlag::O_RDONLY | OFlag::O_NONBLOCK, ResolveFlag::RESOLVE_BENEATH)
}

/// How often an open is tried again that raced with a rename or mount elsewhere (openat2(2), EAGAIN).
const TRIES: u32 = 10_000;

fn inside(directory: &File, name: &OsStr, flags: OFlag, more: ResolveFlag) -> io::Result<File> {
    let resolve = ResolveFlag::RESOLVE_NO_SYMLINKS | ResolveFlag::RESOLVE_NO_MAGICLINKS | ResolveFlag::RESOLVE_NO_XDEV;
    let flags = flags | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC | OFlag::O_NOCTTY;
    let how = OpenHow::new().flags(flags).resolve(resolve | more);
    let mut tries = 0;
    loop {
        match openat2(directory, name, how) {
            Ok(opened) => return Ok(opened.into()),
            Err(Errno::EINTR) => {}
            // A file under another's lease says so at once; only a lookup that climbs can be told to come again.
            Err(Errno::EAGAIN) if more.is_empty() && tries < TRIES => tries += 1,
            Err(errno) => return Err(errno.into()),
        }
    }
}

/// How a rename within a directory went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renamed {
    /// It has the new name.
    Done,
    /// The new name is taken; nothing was changed.
    Taken,
    /// This filesystem can't rename without replacing what may be there; nothing was changed.
    Unsupported,
}

/// Renames within `directory`, replacing nothing (RENAME_NOREPLACE; where that is not supported link and unlink, for what is no directory).
pub fn rename(directory: &File, from: &OsStr, to: &OsStr) -> io::Result<Renamed> {
    match renameat2(directory, from, directory, to, RenameFlags::RENAME_NOREPLACE) {
        Ok(()) => Ok(Renamed::Done),
        Err(Errno::EEXIST) => Ok(Renamed::Taken),
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP) => relink(directory, from, to),
        Err(errno) => Err(errno.into()),
    }
}

fn relink(directory: &File, from: &OsStr, to: &OsStr) -> io::Result<Renamed> {
    match linkat(directory, from, directory, to, AtFlags::empty()) {
        Ok(()) => {}
        Err(Errno::EEXIST) => return Ok(Renamed::Taken),
        Err(Errno::EPERM | Errno::EOPNOTSUPP | Errno::ENOSYS | Errno::EMLINK | Errno::EINVAL) => {
            return Ok(Renamed::Unsupported);
        }
        Err(errno) => return Err(errno.into()),
    }
    unlinkat(directory, from, UnlinkatFlags::NoRemoveDir)?;
    Ok(Renamed::Done)
}

/// Takes away the name of what is no directory (EISDIR, EPERM where it is one).
pub fn unlink(directory: &File, name: &OsStr) -> io::Result<()> {
    Ok(unlinkat(directory, name, UnlinkatFlags::NoRemoveDir)?)
}

/// Removes an empty directory.
pub fn remove_directory(directory: &File, name: &OsStr) -> io::Result<()> {
    Ok(unlinkat(directory, name, UnlinkatFlags::RemoveDir)?)
}

/// Whether the error says that a directory still has entries (rmdir(2): ENOTEMPTY, EEXIST), or that something is mounted on or in it (EBUSY).
pub fn is_not_empty(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOTEMPTY | libc::EEXIST | libc::EBUSY))
}

/// What a failed open of an entry says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// ENOENT: it is gone.
    Gone,
    /// ELOOP, ENOTDIR, EISDIR, ENXIO: it is something else than it was.
    Replaced,
    /// EXDEV: something is mounted there.
    Mounted,
    /// EACCES, EPERM.
    Denied,
    /// EROFS.
    ReadOnly,
    /// ETXTBSY: a program that runs, or an active swap file.
    Executing,
    /// EWOULDBLOCK: another process has a lease on it.
    Leased,
    /// ENOKEY: encrypted, and the key is not there.
    Locked,
    /// ENOSYS: the kernel has no openat2.
    TooOld,
    /// Any other.
    Other,
}

/// Sorts the error of an open.
pub fn barred(error: &io::Error) -> Barred {
    match error.raw_os_error() {
        Some(libc::ENOENT) => Barred::Gone,
        Some(libc::ELOOP | libc::ENOTDIR | libc::EISDIR | libc::ENXIO | libc::ENODEV) => Barred::Replaced,
        Some(libc::EXDEV) => Barred::Mounted,
        Some(libc::EACCES | libc::EPERM) => Barred::Denied,
        Some(libc::EROFS) => Barred::ReadOnly,
        Some(libc::ETXTBSY) => Barred::Executing,
        Some(libc::EWOULDBLOCK) => Barred::Leased,
        Some(libc::ENOKEY) => Barred::Locked,
        Some(libc::ENOSYS) => Barred::TooOld,
        _ => Barred::Other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn nothing_is_reached_through_a_symlink_or_upwards() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("real")).unwrap();
        std::fs::write(dir.path().join("file"), b"x").unwrap();
        symlink("real", dir.path().join("to_directory")).unwrap();
        symlink("file", dir.path().join("to_file")).unwrap();
        let held = open_start(dir.path()).unwrap();
        assert!(open_directory(&held, OsStr::new("real")).is_ok());
        let barred_at = |result: io::Result<File>| barred(&result.unwrap_err());
        assert_eq!(barred_at(open_directory(&held, OsStr::new("to_directory"))), Barred::Replaced);
        assert_eq!(barred_at(open_file(&held, OsStr::new("to_file"))), Barred::Replaced);
        assert_eq!(barred_at(open_directory(&held, OsStr::new(".."))), Barred::Mounted);
        assert_eq!(barred_at(open_file(&held, OsStr::new("/etc/hostname"))), Barred::Mounted);
        assert_eq!(stat_at(&held, OsStr::new("to_file")).unwrap().kind, EntryKind::Link);
        assert_eq!(stat_of(&open_handle(&held, OsStr::new("to_file")).unwrap()).unwrap().kind, EntryKind::Link);
    }

    #[test]
    fn both_ways_of_renaming_replace_nothing() {
        for rename in [rename, relink] {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("a"), b"a").unwrap();
            std::fs::write(dir.path().join("b"), b"b").unwrap();
            let held = open_start(dir.path()).unwrap();
            assert_eq!(rename(&held, OsStr::new("a"), OsStr::new("b")).unwrap(), Renamed::Taken);
            assert_eq!(rename(&held, OsStr::new("a"), OsStr::new("c")).unwrap(), Renamed::Done);
            assert_eq!(std::fs::read(dir.path().join("b")).unwrap(), b"b");
            assert_eq!(std::fs::read(dir.path().join("c")).unwrap(), b"a");
            assert!(!dir.path().join("a").exists());
        }
    }
}
