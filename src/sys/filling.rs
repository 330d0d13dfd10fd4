//! Room of a filesystem, taken by files without a name (open(2) O_TMPFILE, fallocate(2), statfs(2), getrlimit(2)).

use std::ffi::OsStr;
use std::fs::File;
use std::io;

use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, OFlag, fallocate, openat};
use nix::sys::resource::{Resource, getrlimit};
use nix::sys::stat::{Mode, mkdirat};
use nix::sys::statvfs::fstatvfs;
use nix::unistd::{UnlinkatFlags, unlinkat};

/// A file without a name in the filesystem of `directory`, for reading and writing: O_TMPFILE, or, where that is not supported, one
/// that is created as `name` and unlinked at once. `direct`: O_DIRECT.
pub fn nameless(directory: &File, name: &OsStr, direct: bool) -> io::Result<File> {
    let mut flags = OFlag::O_RDWR | OFlag::O_CLOEXEC;
    flags.set(OFlag::O_DIRECT, direct);
    let owner = Mode::S_IRUSR | Mode::S_IWUSR;
    match openat(directory, ".", flags | OFlag::O_TMPFILE, owner) {
        Ok(file) => Ok(file.into()),
        Err(Errno::EOPNOTSUPP | Errno::EISDIR | Errno::ENOSYS | Errno::EINVAL) => {
            let create = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW;
            let file = openat(directory, name, flags | create, owner);
            // A filesystem that has no O_DIRECT says so when the file is there.
            let unlinked = unlinkat(directory, name, UnlinkatFlags::NoRemoveDir);
            let file = file?;
            unlinked?;
            Ok(file.into())
        }
        Err(errno) => Err(errno.into()),
    }
}

/// A new file `name` in `directory`, for writing (O_CREAT | O_EXCL | O_NOFOLLOW).
pub fn create(directory: &File, name: &OsStr) -> io::Result<File> {
    let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    Ok(openat(directory, name, flags, Mode::S_IRUSR | Mode::S_IWUSR)?.into())
}

/// A new directory `name` in `directory`, for its owner alone.
pub fn create_directory(directory: &File, name: &OsStr) -> io::Result<()> {
    Ok(mkdirat(directory, name, Mode::S_IRWXU)?)
}

/// Sets blocks aside for the bytes from `first_byte` on, which become part of the file (fallocate(2), mode 0).
pub fn reserve(file: &File, first_byte: u64, bytes: u64) -> io::Result<()> {
    let signed = |n: u64| i64::try_from(n).map_err(|_| io::Error::from_raw_os_error(libc::EFBIG));
    let (first_byte, bytes) = (signed(first_byte)?, signed(bytes)?);
    loop {
        match fallocate(file, FallocateFlags::empty(), first_byte, bytes) {
            Err(Errno::EINTR) => {}
            other => return Ok(other?),
        }
    }
}

/// Has the filesystem zero these bytes, without a change of the file's size (fallocate(2), FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE).
pub fn zero(file: &File, first_byte: u64, bytes: u64) -> io::Result<()> {
    let signed = |n: u64| i64::try_from(n).map_err(|_| io::Error::from_raw_os_error(libc::EFBIG));
    let flags = FallocateFlags::FALLOC_FL_ZERO_RANGE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
    Ok(fallocate(file, flags, signed(first_byte)?, signed(bytes)?)?)
}

/// What the error of writing or reserving says of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// ENOSPC: there is none.
    Full,
    /// EDQUOT: there is none for this user.
    Quota,
    /// EFBIG: the file can't grow further.
    FileSize,
    /// EOPNOTSUPP, ENOSYS: it can't be reserved here.
    Unsupported,
    /// Any other error.
    Failed,
}

/// Sorts an error of writing or reserving.
pub fn room(error: &io::Error) -> Room {
    match error.raw_os_error() {
        Some(libc::ENOSPC) => Room::Full,
        Some(libc::EDQUOT) => Room::Quota,
        Some(libc::EFBIG) => Room::FileSize,
        Some(libc::EOPNOTSUPP | libc::ENOSYS) => Room::Unsupported,
        _ => Room::Failed,
    }
}

/// What a filesystem says that it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Bytes of free blocks, reserves included (`f_bfree`).
    pub bytes: u64,
    /// Free inodes (`f_ffree`); 0 where they are made as needed and not counted.
    pub inodes: u64,
}

/// What the filesystem of `file` has left (statvfs(3)).
pub fn left(file: &File) -> io::Result<Left> {
    let answer = fstatvfs(file)?;
    let bytes = answer.blocks_free().saturating_mul(answer.fragment_size());
    Ok(Left { bytes, inodes: answer.files_free() })
}

/// The largest file that this process may write (RLIMIT_FSIZE); going past it would end it by SIGXFSZ.
pub fn largest_file() -> io::Result<u64> {
    Ok(getrlimit(Resource::RLIMIT_FSIZE)?.0)
}

/// Writes back everything of the filesystem of `file` (syncfs(2)).
pub fn sync_filesystem(file: &File) -> io::Result<()> {
    Ok(nix::unistd::syncfs(file)?)
}
