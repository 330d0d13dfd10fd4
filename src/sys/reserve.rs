//! Room on a filesystem, and names that replace nothing.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, FallocateFlags, RenameFlags, fallocate, renameat2};

/// Reserves the first `bytes` bytes of `file` (fallocate(2), mode 0). Where the filesystem has no fallocate, zeros are written
/// and synced instead.
///
/// # Errors
/// ENOSPC or EDQUOT where there is no room; whatever else the filesystem answers.
pub fn allocate(file: &mut File, bytes: u64) -> io::Result<()> {
    let length = i64::try_from(bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    loop {
        match fallocate(&*file, FallocateFlags::empty(), 0, length) {
            Ok(()) => return Ok(()),
            Err(Errno::EINTR) => {}
            Err(Errno::EOPNOTSUPP | Errno::ENOSYS) => return write_zeros(file, bytes),
            Err(errno) => return Err(errno.into()),
        }
    }
}

fn write_zeros(file: &mut File, bytes: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut io::Read::take(io::repeat(0), bytes), file)?;
    file.flush()?;
    file.sync_all()?;
    file.seek(SeekFrom::Start(0)).map(|_| ())
}

/// Renames `from` to `to` unless there is a `to` (renameat2(2), RENAME_NOREPLACE; link(2) and unlink(2) where the filesystem has
/// no such flag).
///
/// # Errors
/// `AlreadyExists` where there is a `to`; whatever else the filesystem answers.
pub fn rename_no_replace(from: &Path, to: &Path) -> io::Result<()> {
    match renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP) => link_then_unlink(from, to),
        Err(errno) => Err(errno.into()),
    }
}

/// Exchanges the two in one step (renameat2(2), RENAME_EXCHANGE).
///
/// # Errors
/// `NotFound` where one of them is missing; whatever else the filesystem answers, also that it can't.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    Ok(renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE)?)
}

fn link_then_unlink(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::hard_link(from, to)?;
    std::fs::remove_file(from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_renaming_replace_nothing() {
        for rename in [rename_no_replace, link_then_unlink] {
            let dir = tempfile::tempdir().unwrap();
            let (a, b, c) = (dir.path().join("a"), dir.path().join("b"), dir.path().join("c"));
            std::fs::write(&a, "a").unwrap();
            std::fs::write(&b, "b").unwrap();
            assert_eq!(rename(&a, &b).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read(&b).unwrap(), b"b");
            rename(&a, &c).unwrap();
            assert_eq!(std::fs::read(&c).unwrap(), b"a");
            assert!(!a.exists());
        }
    }

    #[test]
    fn both_ways_of_reserving_take_room() {
        use std::os::unix::fs::MetadataExt;
        for reserve in [allocate, write_zeros] {
            let mut file = tempfile::tempfile().unwrap();
            reserve(&mut file, 256 << 10).unwrap();
            let found = file.metadata().unwrap();
            assert_eq!(found.len(), 256 << 10);
            assert!(found.blocks() * 512 >= 256 << 10);
        }
    }
}
