//! Attributes of a file beside its content: the flags of chattr(1) and the names of extended attributes (xattr(7)).
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;

mod raw {
    // FS_IOC_GETFLAGS and FS_IOC_SETFLAGS: numbered for a long, though an int is moved.
    nix::ioctl_read_bad!(get_flags, nix::request_code_read!(b'f', 1, size_of::<libc::c_long>()), libc::c_int);
    nix::ioctl_write_ptr_bad!(set_flags, nix::request_code_write!(b'f', 2, size_of::<libc::c_long>()), libc::c_int);
}

/// FS_IMMUTABLE_FL and FS_APPEND_FL (linux/fs.h): chattr +i, +a.
pub const IMMUTABLE_OR_APPEND: i32 = 0x10 | 0x20;

/// The flags of chattr(1) (FS_IOC_GETFLAGS); `None` where the filesystem has none.
pub fn flags(file: &File) -> io::Result<Option<i32>> {
    let mut flags = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one int to a live int.
    match unsafe { raw::get_flags(file.as_raw_fd(), &raw mut flags) } {
        Ok(_) => Ok(Some(flags)),
        Err(nix::errno::Errno::ENOTTY | nix::errno::Errno::EOPNOTSUPP | nix::errno::Errno::ENOSYS) => Ok(None),
        Err(errno) => Err(errno.into()),
    }
}

/// Sets the flags of chattr(1) (FS_IOC_SETFLAGS). Errors: EPERM without CAP_LINUX_IMMUTABLE.
pub fn set_flags(file: &File, flags: i32) -> io::Result<()> {
    // SAFETY: the descriptor is open for the call, and the kernel reads one int from a live int.
    unsafe { raw::set_flags(file.as_raw_fd(), &raw const flags) }?;
    Ok(())
}

/// The names of the extended attributes; empty where the filesystem has none.
pub fn xattr_names(file: &File) -> io::Result<Vec<OsString>> {
    // One call where there are few, which is the rule; XATTR_LIST_MAX is 64 KiB.
    let mut small = [0_u8; 512];
    match list(file, &mut small) {
        Err(error) if error.raw_os_error() == Some(libc::ERANGE) => {
            let mut large = vec![0_u8; 64 << 10];
            let got = list(file, &mut large)?;
            Ok(split(large.get(..got).unwrap_or_default()))
        }
        Err(error) if matches!(error.raw_os_error(), Some(libc::EOPNOTSUPP | libc::ENOSYS)) => Ok(Vec::new()),
        got => Ok(split(small.get(..got?).unwrap_or_default())),
    }
}

fn list(file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the kernel writes at most `buffer.len()` bytes to a live buffer of that length.
    let got = unsafe { libc::flistxattr(file.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len()) };
    usize::try_from(got).map_err(|_| io::Error::last_os_error())
}

fn split(list: &[u8]) -> Vec<OsString> {
    list.split(|b| *b == 0).filter(|n| !n.is_empty()).map(|n| OsStr::from_bytes(n).to_os_string()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_names_is_split_at_its_zeros() {
        assert_eq!(split(b""), Vec::<OsString>::new());
        assert_eq!(split(b"user.a\0security.selinux\0"), ["user.a", "security.selinux"]);
        let file = tempfile::tempfile().unwrap();
        assert!(xattr_names(&file).unwrap().iter().all(|n| !n.as_bytes().starts_with(b"user.")));
    }
}
