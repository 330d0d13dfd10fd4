//! What a path's filesystem is.

use std::fs::File;
use std::io;
use std::path::Path;

use nix::sys::statfs::{EXT4_SUPER_MAGIC, FsType, TMPFS_MAGIC, XFS_SUPER_MAGIC, fstatfs, statfs};
use nix::sys::statvfs::{FsFlags, fstatvfs};

/// `RAMFS_MAGIC` (linux/magic.h).
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);

/// Whether `path` lies on tmpfs or ramfs, and so is gone after a power loss (statfs(2)).
pub fn is_in_memory(path: &Path) -> io::Result<bool> {
    let kind = statfs(path)?.filesystem_type();
    Ok(kind == TMPFS_MAGIC || kind == RAMFS_MAGIC)
}

/// Free bytes of the filesystem that holds `path`, those kept for root included where this user may have them (statvfs(3)).
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let found = nix::sys::statvfs::statvfs(path)?;
    let blocks = if nix::unistd::geteuid().is_root() { found.blocks_free() } else { found.blocks_available() };
    Ok(blocks.saturating_mul(found.fragment_size()))
}

/// A filesystem that is known by its magic number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Magic {
    /// ext2, ext3 or ext4.
    Ext,
    /// xfs.
    Xfs,
    /// tmpfs or ramfs.
    Memory,
    /// Any other, by number.
    Other(u64),
}

/// What holds the open `file` (statfs(2)).
pub fn magic(file: &File) -> io::Result<Magic> {
    let kind = fstatfs(file)?.filesystem_type();
    Ok(match kind {
        EXT4_SUPER_MAGIC => Magic::Ext,
        XFS_SUPER_MAGIC => Magic::Xfs,
        TMPFS_MAGIC | RAMFS_MAGIC => Magic::Memory,
        #[allow(clippy::cast_sign_loss, reason = "a bit pattern")]
        FsType(other) => Magic::Other(other as u64),
    })
}

/// What statvfs(3) says of the filesystem of the open `file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The mount or the filesystem is read-only.
    pub read_only: bool,
    /// Bytes of the unit in which space is given out (FAT and exFAT: the cluster).
    pub unit_bytes: u64,
}

/// What holds the open `file` (statvfs(3)).
pub fn holding(file: &File) -> io::Result<Holding> {
    let stat = fstatvfs(file)?;
    Ok(Holding { read_only: stat.flags().contains(FsFlags::ST_RDONLY), unit_bytes: stat.block_size() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn proc_is_not_in_memory_and_a_missing_path_is_an_error() {
        assert!(!is_in_memory(Path::new("/proc")).unwrap());
        assert!(is_in_memory(Path::new("/no/such/path")).is_err());
    }

    #[test]
    fn shared_memory_is_in_memory() {
        let shm = Path::new("/dev/shm");
        if std::fs::read_to_string("/proc/self/mounts").unwrap().contains("/dev/shm tmpfs") {
            assert!(is_in_memory(shm).unwrap());
        }
    }
}
