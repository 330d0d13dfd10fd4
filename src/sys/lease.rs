//! A lease on a file: the kernel's word that nobody else has it open, in any namespace, and that nobody gets it without our
//! being told (fcntl(2), F_SETLEASE).
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// `F_SETSIG` (asm-generic/fcntl.h).
const F_SETSIG: libc::c_int = 10;

/// What the kernel answered to the wish for a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// Held until `file` is closed or it is broken ([`is_held`]).
    Held,
    /// Another descriptor of the file is open, or a mapping or loop device stands on it (EAGAIN).
    InUse,
    /// This filesystem has no leases, or they are not for this user (EINVAL, ENOLCK, EOPNOTSUPP, EACCES, EPERM): nothing is known.
    Unsupported,
}

/// Asks for an exclusive lease (F_WRLCK) on `file`, which must be the only descriptor of it. Who opens the file from now on waits for
/// /proc/sys/fs/lease-break-time seconds, and the signal about it is SIGURG, which does nothing (F_SETSIG): the default, SIGIO, would
/// end this process.
pub fn take(file: &File) -> io::Result<Lease> {
    let descriptor = file.as_raw_fd();
    // SAFETY: the descriptor is open for the call; the argument is a number.
    if unsafe { libc::fcntl(descriptor, F_SETSIG, libc::SIGURG) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: as above.
    if unsafe { libc::fcntl(descriptor, libc::F_SETLEASE, libc::F_WRLCK) } == 0 {
        return Ok(Lease::Held);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::EAGAIN) => Ok(Lease::InUse),
        Some(libc::EINVAL | libc::ENOLCK | libc::EOPNOTSUPP | libc::EACCES | libc::EPERM) => Ok(Lease::Unsupported),
        _ => Err(error),
    }
}

/// Whether the lease is still whole. `false`: another process asked to open the file, and waits, or has it by now.
pub fn is_held(file: &File) -> io::Result<bool> {
    // SAFETY: the descriptor is open for the call; the command takes no argument.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETLEASE) } {
        -1 => Err(io::Error::last_os_error()),
        kind => Ok(kind == libc::F_WRLCK),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    fn file() -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(4096).unwrap();
        file
    }

    fn alone(file: tempfile::NamedTempFile) -> (tempfile::TempPath, File) {
        let path = file.into_temp_path();
        let alone = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        (path, alone)
    }

    #[test]
    fn who_else_has_the_file_open_keeps_the_lease_away() {
        let (path, file) = alone(file());
        let other = File::open(&path).unwrap();
        assert_eq!(take(&file).unwrap(), Lease::InUse);
        drop(other);
        assert_eq!(take(&file).unwrap(), Lease::Held);
        assert!(is_held(&file).unwrap());
    }

    #[test]
    fn a_lease_that_is_asked_for_is_told_and_ends_nobody() {
        let (path, file) = alone(file());
        assert_eq!(take(&file).unwrap(), Lease::Held);
        let other = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&path);
        assert_eq!(other.unwrap_err().raw_os_error(), Some(libc::EWOULDBLOCK));
        assert!(!is_held(&file).unwrap());
    }
}
