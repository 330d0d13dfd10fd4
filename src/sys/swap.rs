//! swapon(2) and swapoff(2).
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// `SWAP_FLAG_PREFER`, and the priorities that go with it (`linux/swap.h`).
const PREFER: libc::c_int = 0x8000;
const HIGHEST: i32 = 0x7fff;

/// Starts swapping to the device at `path`, with this priority if it is not negative; negative ones are the kernel's own to give. Needs
/// CAP_SYS_ADMIN. Errors: as swapon(2); EBUSY where it is swapped to already.
pub fn on(path: &Path, priority: i32) -> io::Result<()> {
    let flags = if (0..=HIGHEST).contains(&priority) { PREFER | priority } else { 0 };
    let path = c_path(path)?;
    // SAFETY: the path is NUL-terminated and outlives the call.
    answered(unsafe { libc::swapon(path.as_ptr(), flags) })
}

/// Stops swapping to the device at `path`: what lies there is brought back into memory, which may take long. Needs CAP_SYS_ADMIN. Errors: as
/// swapoff(2); EINVAL where it is not swapped to, ENOMEM where memory does not take it (nothing is lost then).
pub fn off(path: &Path) -> io::Result<()> {
    let path = c_path(path)?;
    // SAFETY: the path is NUL-terminated and outlives the call.
    answered(unsafe { libc::swapoff(path.as_ptr()) })
}

fn c_path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| io::ErrorKind::InvalidInput.into())
}

fn answered(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_swapped_to_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(off(file.path()).is_err());
        assert!(on(file.path(), 1).is_err());
        assert!(off(Path::new("/no\0path")).is_err());
    }
}
