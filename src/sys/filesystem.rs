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
