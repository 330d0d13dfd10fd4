//! Whether a descriptor bypasses the page cache.

use std::fs::File;
use std::io;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// Whether `file` was opened with O_DIRECT (fcntl(2), F_GETFL).
pub fn is_direct(file: &File) -> io::Result<bool> {
    let flags = fcntl(file, FcntlArg::F_GETFL)?;
    Ok(OFlag::from_bits_retain(flags).contains(OFlag::O_DIRECT))
}
