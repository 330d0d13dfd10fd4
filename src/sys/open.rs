//! Opening device nodes and files with the flags that each purpose needs.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};

/// For a look at a device: O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY. Holds nobody off.
pub fn for_probe(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

/// For sanitizing a block device: O_RDWR | O_EXCL | O_DIRECT | O_CLOEXEC | O_NOFOLLOW. EBUSY: somebody else holds it exclusively, a
/// mount, swap area or device on top among them.
pub fn exclusive_direct(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(libc::O_EXCL | libc::O_DIRECT | libc::O_NOFOLLOW).open(path)
}

/// For reading past the page cache: O_RDONLY | O_DIRECT | O_CLOEXEC | O_NOFOLLOW.
pub fn read_direct(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_DIRECT | libc::O_NOFOLLOW).open(path)
}

/// For keeping hold of a sibling without touching it: O_RDONLY | O_CLOEXEC | O_NOFOLLOW.
pub fn read_only(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW).open(path)
}

/// For a plain file that stands in for a device: O_RDWR | O_DIRECT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK. EINVAL: the filesystem has no O_DIRECT.
pub fn plain_direct(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_DIRECT | libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path)
}

/// For going on with a file of ours: O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK.
pub fn plain(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

/// For reading a file inside `directory`: O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY by openat2(2) with RESOLVE_BENEATH, so that neither
/// `..` nor a symlink leads out of it. EXDEV (`CrossesDevices`): one does.
pub fn beneath(directory: &Path, file: &Path) -> io::Result<File> {
    let directory = File::open(directory)?;
    let how = OpenHow::new()
        .flags(OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOCTTY)
        .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_MAGICLINKS);
    loop {
        match openat2(&directory, file, how) {
            Ok(opened) => return Ok(opened.into()),
            // A rename elsewhere in the tree raced with the look at `..`: openat2(2) says to try again.
            Err(nix::Error::EAGAIN | nix::Error::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What an error of open(2) or an ioctl means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// EBUSY: held exclusively.
    Busy,
    /// ENODEV, ENXIO, ENOMEDIUM: the device or its medium is gone.
    Gone,
    /// ENOENT, ESRCH: no such path or process.
    Missing,
    /// EACCES, EPERM.
    Denied,
    /// EROFS.
    ReadOnly,
    /// EINVAL.
    Invalid,
    /// ELOOP: a symlink where none may be.
    Symlink,
    /// ENOTTY, EOPNOTSUPP, ENOSYS: not something that can be asked of it.
    Unsupported,
    /// Any other.
    Other,
}

/// Sorts an error by what it means here.
pub fn cause(error: &io::Error) -> Cause {
    match error.raw_os_error() {
        Some(libc::EBUSY) => Cause::Busy,
        Some(libc::ENOTTY | libc::EOPNOTSUPP | libc::ENOSYS) => Cause::Unsupported,
        Some(libc::ENODEV | libc::ENXIO | libc::ENOMEDIUM) => Cause::Gone,
        Some(libc::ENOENT | libc::ESRCH | libc::ENOTDIR) => Cause::Missing,
        Some(libc::EACCES | libc::EPERM) => Cause::Denied,
        Some(libc::EROFS) => Cause::ReadOnly,
        Some(libc::EINVAL) => Cause::Invalid,
        Some(libc::ELOOP) => Cause::Symlink,
        _ => Cause::Other,
    }
}
