//! Making what was written to files durable, and reading it anew.

use std::fs::File;
use std::io;

use nix::errno::Errno;
use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};

/// Makes everything written to the filesystem of `file` durable (syncfs(2)).
///
/// # Errors
/// What writing back said for any file of that filesystem since `file` was opened (Linux 5.8); EIO, ENOSPC, EDQUOT.
pub fn filesystem(file: &File) -> io::Result<()> {
    Ok(nix::unistd::syncfs(file)?)
}

/// Lets go of the pages of `file` that are written back (posix_fadvise(2), POSIX_FADV_DONTNEED), so that the next read asks the
/// filesystem.
///
/// # Errors
/// EBADF, ESPIPE: nothing that has pages.
pub fn drop_pages(file: &File) -> io::Result<()> {
    loop {
        match posix_fadvise(file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED) {
            Err(Errno::EINTR) => {}
            other => return Ok(other?),
        }
    }
}
