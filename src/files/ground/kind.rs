//! Filesystems by name.

/// What kind of filesystem files lie on, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum FsKind {
    Ext2,
    Ext3,
    Ext4,
    Xfs,
    Btrfs,
    F2fs,
    Vfat,
    Exfat,
    Ntfs3,
    /// tmpfs, ramfs: only in memory.
    Tmpfs,
    /// Stacked on other directories: overlayfs and its like.
    Overlay,
    /// In another process.
    Fuse,
    /// On another machine.
    Network,
    /// Any other.
    Other,
}

impl FsKind {
    /// The kind of the filesystem that mountinfo calls `name`.
    pub fn of(name: &str) -> FsKind {
        match name {
            "ext2" => FsKind::Ext2,
            "ext3" => FsKind::Ext3,
            "ext4" => FsKind::Ext4,
            "xfs" => FsKind::Xfs,
            "btrfs" => FsKind::Btrfs,
            "f2fs" => FsKind::F2fs,
            "vfat" | "msdos" => FsKind::Vfat,
            "exfat" => FsKind::Exfat,
            "ntfs3" => FsKind::Ntfs3,
            "tmpfs" | "ramfs" | "devtmpfs" | "hugetlbfs" => FsKind::Tmpfs,
            "overlay" | "aufs" | "ecryptfs" | "unionfs" => FsKind::Overlay,
            "nfs" | "nfs4" | "cifs" | "smb3" | "9p" | "virtiofs" | "ceph" | "afs" | "coda" | "vboxsf" | "orangefs"
            | "lustre" | "prl_fs" => FsKind::Network,
            _ if name == "fuse" || name == "fuseblk" || name.starts_with("fuse.") || name.starts_with("fuseblk.") => {
                FsKind::Fuse
            }
            _ => FsKind::Other,
        }
    }

    /// As in mountinfo; for a kind of many, what they have in common.
    pub fn name(self) -> &'static str {
        match self {
            FsKind::Ext2 => "ext2",
            FsKind::Ext3 => "ext3",
            FsKind::Ext4 => "ext4",
            FsKind::Xfs => "xfs",
            FsKind::Btrfs => "btrfs",
            FsKind::F2fs => "f2fs",
            FsKind::Vfat => "vfat",
            FsKind::Exfat => "exfat",
            FsKind::Ntfs3 => "ntfs3",
            FsKind::Tmpfs => "tmpfs",
            FsKind::Overlay => "overlay",
            FsKind::Fuse => "fuse",
            FsKind::Network => "network",
            FsKind::Other => "other",
        }
    }

    /// ext2, ext3 or ext4.
    pub fn is_ext(self) -> bool {
        matches!(self, FsKind::Ext2 | FsKind::Ext3 | FsKind::Ext4)
    }

    /// Whether it keeps its files on a block device of its own, in a way that is known here.
    pub fn has_blocks(self) -> bool {
        !matches!(self, FsKind::Tmpfs | FsKind::Overlay | FsKind::Fuse | FsKind::Network | FsKind::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::FsKind;

    #[test]
    fn names_lead_to_kinds_and_what_is_not_known_is_other() {
        for kind in ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "exfat", "ntfs3", "tmpfs", "overlay"] {
            assert_eq!(FsKind::of(kind).name(), kind);
        }
        assert_eq!(FsKind::of("fuse.sshfs"), FsKind::Fuse);
        assert_eq!(FsKind::of("fuseblk"), FsKind::Fuse);
        for unknown in ["fusectl", "zfs", "bcachefs", "ntfs", "", "ext5", "nilfs2"] {
            assert_eq!(FsKind::of(unknown), FsKind::Other, "{unknown}");
        }
    }
}
