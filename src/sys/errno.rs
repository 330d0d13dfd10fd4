//! What the kernel's error numbers mean for a block operation.

use std::io;

pub use libc::{EAGAIN, EDQUOT, EFBIG, EINVAL, EIO, ENODATA, ENODEV, ENOSPC, EROFS, ETIMEDOUT};
use nix::errno::Errno;

/// What a failed block operation says of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The device is gone, or no longer lets us: no other block will fare better.
    Gone,
    /// The kernel was short of something for a moment; the same operation may succeed.
    Again,
    /// These blocks failed; others may be well.
    Blocks,
}

/// Sorts an error of a read, write or flush. What is not known counts as [`Meaning::Blocks`], so that it is told and the rest
/// of the device is still tried.
pub fn meaning(error: &io::Error) -> Meaning {
    match error.raw_os_error().map(Errno::from_raw) {
        Some(
            Errno::ENODEV
            | Errno::ENXIO
            | Errno::ENOMEDIUM
            | Errno::EMEDIUMTYPE
            | Errno::EROFS
            | Errno::EPERM
            | Errno::EACCES
            | Errno::EBADF
            | Errno::ESTALE
            | Errno::ENOTBLK
            | Errno::ESHUTDOWN
            | Errno::ENOTCONN,
        ) => Meaning::Gone,
        Some(Errno::EAGAIN | Errno::EINTR | Errno::ENOMEM | Errno::EBUSY) => Meaning::Again,
        _ => Meaning::Blocks,
    }
}

/// Whether an error of setting io_uring up says that it is not to be had here: no such system call, forbidden (seccomp, SELinux,
/// kernel.io_uring_disabled), out of locked memory, or too old.
pub fn is_unavailable(error: &io::Error) -> bool {
    let number = error.raw_os_error().map(Errno::from_raw);
    matches!(number, Some(Errno::ENOSYS | Errno::EPERM | Errno::EACCES | Errno::ENOMEM | Errno::EINVAL))
}

/// The error as it stands in records: `EIO (Input/output error)`.
pub fn describe(error: &io::Error) -> String {
    let Some(number) = error.raw_os_error() else { return error.to_string() };
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    match Errno::from_raw(number) {
        Errno::UnknownErrno => format!("error {number} ({text})"),
        errno => format!("{errno:?} ({text})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_named_as_in_errno_3() {
        assert_eq!(describe(&io::Error::from_raw_os_error(EIO)), "EIO (Input/output error)");
        assert_eq!(describe(&io::Error::from_raw_os_error(4095)), "error 4095 (Unknown error 4095)");
    }

    #[test]
    fn a_medium_that_is_gone_is_not_a_bad_block() {
        for (number, expected) in [
            (ENODEV, Meaning::Gone),
            (EROFS, Meaning::Gone),
            (EAGAIN, Meaning::Again),
            (EIO, Meaning::Blocks),
            (ENODATA, Meaning::Blocks),
            (ENOSPC, Meaning::Blocks),
            (ETIMEDOUT, Meaning::Blocks),
        ] {
            assert_eq!(meaning(&io::Error::from_raw_os_error(number)), expected, "{number}");
        }
    }
}
