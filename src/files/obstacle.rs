//! Why the content of a file can't be overwritten so that it is proved.

use crate::sys::node::FileKind;

/// What stands in the way of proof for one file, or for every file of a filesystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Blocks are never overwritten in place (btrfs without nodatacow, f2fs, a log-structured filesystem).
    CopyOnWrite,
    /// Another file or a snapshot has the same blocks (FIEMAP_EXTENT_SHARED).
    Shared,
    /// Compressed or otherwise encoded blocks (FIEMAP_EXTENT_ENCODED).
    Encoded,
    /// File data goes through the journal as well (data=journal, or chattr +j).
    DataJournal,
    /// The content lies in the inode or in a block shared with others (FIEMAP_EXTENT_DATA_INLINE, FIEMAP_EXTENT_DATA_TAIL).
    Inline,
    /// The filesystem does not say where blocks lie, or its answer can't be translated to its block device.
    NoMapping(String),
    /// On the network, in another process (FUSE), or stacked on another filesystem: its name.
    Elsewhere(String),
    /// Only in memory (tmpfs, ramfs).
    InMemory,
    /// A filesystem that is not known here, by name.
    UnknownFilesystem(String),
    /// Mounted read-only.
    ReadOnly,
    /// The block device can't be read by this user: nothing can be verified.
    DeviceUnreadable(String),
    /// Blocks are not settled (FIEMAP_EXTENT_DELALLOC, FIEMAP_EXTENT_UNKNOWN) although the file was synced.
    Unsettled,
    /// It has this many names.
    HardLinks(u64),
    /// Open or mapped by another process, in words; or it could not be found out.
    InUse(String),
    /// chattr +i or +a.
    Immutable,
    /// Not a plain file.
    Special(FileKind),
    /// Encrypted by the filesystem (fscrypt) without its key, so that it can't be opened.
    Locked,
    /// May not be opened for writing: why.
    Denied(String),
}
