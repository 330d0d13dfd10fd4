//! What a path or descriptor leads to, asked so that a dead network filesystem can't hang the question.
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// Block device node.
    Block,
    /// Character device node.
    Character,
    /// Regular file.
    Regular,
    /// Directory.
    Directory,
    /// Anything else.
    Other,
}

/// What a path or descriptor leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeStat {
    /// Its kind.
    pub kind: FileKind,
    /// Major and minor number of the device it stands for; (0, 0) for what is no device node.
    pub number: (u32, u32),
    /// Number of the device that holds it, as in `st_dev`.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// Major and minor of a device number as in `st_dev`.
pub fn split_device(device: u64) -> (u32, u32) {
    (libc::major(device), libc::minor(device))
}

/// The effective user id of this process.
pub fn user() -> u32 {
    nix::unistd::geteuid().as_raw()
}

/// Whether this process has the superuser's effective user id.
pub fn is_superuser() -> bool {
    user() == 0
}

/// `path`, symlinks followed (statx with AT_STATX_DONT_SYNC and AT_NO_AUTOMOUNT). Errors: as stat(2).
pub fn stat(path: &Path) -> io::Result<NodeStat> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    statx(libc::AT_FDCWD, &path, 0)
}

/// An open file.
pub fn stat_file(file: &File) -> io::Result<NodeStat> {
    statx(file.as_raw_fd(), c"", libc::AT_EMPTY_PATH)
}

/// The mount by which `file` was opened, as mountinfo numbers it (statx(2), STATX_MNT_ID, since Linux 5.8); `None` where the kernel does
/// not say.
pub fn mount_id(file: &File) -> io::Result<Option<u64>> {
    let answer = ask(file.as_raw_fd(), c"", libc::AT_EMPTY_PATH, libc::STATX_MNT_ID)?;
    Ok((answer.stx_mask & libc::STATX_MNT_ID != 0).then_some(answer.stx_mnt_id))
}

/// Whether the filesystem compresses or encrypts the file (statx(2), STATX_ATTR_COMPRESSED, STATX_ATTR_ENCRYPTED).
pub fn is_encoded(file: &File) -> io::Result<bool> {
    let attributes = ask(file.as_raw_fd(), c"", libc::AT_EMPTY_PATH, libc::STATX_BASIC_STATS)?.stx_attributes;
    let encoded = libc::STATX_ATTR_COMPRESSED | libc::STATX_ATTR_ENCRYPTED;
    Ok(attributes & u64::try_from(encoded).unwrap_or(u64::MAX) != 0)
}

fn ask(
    directory: libc::c_int,
    path: &std::ffi::CStr,
    flags: libc::c_int,
    mask: libc::c_uint,
) -> io::Result<libc::statx> {
    let mut answer = MaybeUninit::<libc::statx>::zeroed();
    let flags = flags | libc::AT_STATX_DONT_SYNC | libc::AT_NO_AUTOMOUNT;
    // SAFETY: the path is NUL-terminated and outlives the call; the kernel writes at most one statx to a live one.
    let result = unsafe { libc::statx(directory, path.as_ptr(), flags, mask, answer.as_mut_ptr()) };
    if result != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: zeroed before the call, and every bit pattern of statx is valid.
    Ok(unsafe { answer.assume_init() })
}

fn statx(directory: libc::c_int, path: &std::ffi::CStr, flags: libc::c_int) -> io::Result<NodeStat> {
    let answer = ask(directory, path, flags, libc::STATX_BASIC_STATS)?;
    let kind = match u32::from(answer.stx_mode) & libc::S_IFMT {
        libc::S_IFBLK => FileKind::Block,
        libc::S_IFCHR => FileKind::Character,
        libc::S_IFREG => FileKind::Regular,
        libc::S_IFDIR => FileKind::Directory,
        _ => FileKind::Other,
    };
    let number = match kind {
        FileKind::Block | FileKind::Character => (answer.stx_rdev_major, answer.stx_rdev_minor),
        _ => (0, 0),
    };
    Ok(NodeStat {
        kind,
        number,
        device: libc::makedev(answer.stx_dev_major, answer.stx_dev_minor),
        inode: answer.stx_ino,
        size_bytes: answer.stx_size,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_numbers_are_told() {
        assert_eq!(stat(Path::new("/")).unwrap().kind, FileKind::Directory);
        let null = stat(Path::new("/dev/null")).unwrap();
        assert_eq!((null.kind, null.number), (FileKind::Character, (1, 3)));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"abc").unwrap();
        let by_path = stat(file.path()).unwrap();
        assert_eq!((by_path.kind, by_path.size_bytes), (FileKind::Regular, 3));
        assert_eq!(stat_file(file.as_file()).unwrap(), by_path);
        assert_eq!(stat(Path::new("/no such\0path")).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
