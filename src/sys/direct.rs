//! Whether a descriptor bypasses the page cache.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// Whether `file` was opened with O_DIRECT (fcntl(2), F_GETFL).
pub fn is_direct(file: &File) -> io::Result<bool> {
    let flags = fcntl(file, FcntlArg::F_GETFL)?;
    Ok(OFlag::from_bits_retain(flags).contains(OFlag::O_DIRECT))
}

/// Opens `path` for reading and writing past the page cache (O_DIRECT): for plain files, tests and benches. Devices are opened
/// by `device::open_exclusive`.
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(OFlag::O_DIRECT.bits()).open(path)
}

/// Makes `file` bypass the page cache from now on, or not (fcntl(2), F_SETFL); holds for every descriptor of the same opening.
///
/// # Errors
/// EINVAL where the filesystem has no O_DIRECT.
pub fn set(file: &File, direct: bool) -> io::Result<()> {
    let mut flags = OFlag::from_bits_retain(fcntl(file, FcntlArg::F_GETFL)?);
    if flags.contains(OFlag::O_DIRECT) != direct {
        flags.set(OFlag::O_DIRECT, direct);
        fcntl(file, FcntlArg::F_SETFL(flags))?;
    }
    Ok(())
}
