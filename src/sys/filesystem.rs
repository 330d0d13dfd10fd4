//! What a path's filesystem is.

use std::io;
use std::path::Path;

use nix::sys::statfs::{FsType, TMPFS_MAGIC, statfs};

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
