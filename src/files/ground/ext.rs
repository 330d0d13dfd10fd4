//! ext2, ext3 and ext4: whether file data goes through the journal as well, and what the superblock says.

use crate::device::Roots;

/// Where the superblock lies, and how much of it is read.
const AT: usize = 1024;
/// Bytes to be read from the start of the device to have it.
pub(super) const HEAD: usize = 4096;

/// What the superblock says (`struct ext4_super_block`, fs/ext4/ext4.h).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Superblock {
    /// It has a journal, within or on a device of its own.
    pub journal: bool,
    /// Small files may lie in their inodes.
    pub inline_data: bool,
}

impl Superblock {
    /// The superblock in the first [`HEAD`] bytes of the device; `None` where there is none.
    pub fn parse(head: &[u8]) -> Option<Superblock> {
        let block = head.get(AT..AT + 1024)?;
        let u16_at = |at: usize| Some(u16::from_le_bytes(block.get(at..at + 2)?.try_into().ok()?));
        let u32_at = |at: usize| Some(u32::from_le_bytes(block.get(at..at + 4)?.try_into().ok()?));
        (u16_at(0x38)? == 0xef53).then_some(())?;
        // EXT4_FEATURE_COMPAT_HAS_JOURNAL, EXT4_FEATURE_INCOMPAT_INLINE_DATA
        Some(Superblock { journal: u32_at(0x5c)? & 0x4 != 0, inline_data: u32_at(0x60)? & 0x8000 != 0 })
    }
}

/// What happens to file data on the way to its blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataMode {
    /// Straight to their place: data=ordered or data=writeback, or no journal.
    InPlace,
    /// data=journal.
    Journalled,
    /// The mount does not say, and there is a journal.
    Unknown,
}

/// From the options in `/proc/fs/ext4/NAME/options` (which has all of them), those in mountinfo (which has those that differ from the
/// superblock's), and the superblock. The mode must be named, or there must be no journal: that mountinfo does not name it says nothing, since the default stands in the
/// superblock, where it can be changed while mounted.
pub(super) fn data_mode(all: Option<&str>, shown: &str, superblock: Option<Superblock>) -> DataMode {
    let named = |options: &str| {
        let mut modes = options.split([',', '\n']).filter_map(|option| option.trim().strip_prefix("data="));
        modes.next_back().map(|mode| match mode {
            "ordered" | "writeback" => DataMode::InPlace,
            "journal" => DataMode::Journalled,
            _ => DataMode::Unknown,
        })
    };
    match all.and_then(named).or_else(|| named(shown)) {
        Some(mode) => mode,
        None if superblock.is_some_and(|s| !s.journal) => DataMode::InPlace,
        // The kernel names the mode wherever there is a journal, "even if we didn't specify it" (fs/ext4/super.c, _ext4_show_options): a whole list
        // without it is that of a filesystem without one.
        None if superblock.is_none() && all.is_some_and(is_whole) => DataMode::InPlace,
        None => DataMode::Unknown,
    }
}

/// Whether these are all options, and not cut off: the ones that every ext4 has.
fn is_whole(options: &str) -> bool {
    let has = |name: &str| options.lines().any(|line| line.trim().starts_with(name));
    ["errors=", "commit=", "inode_readahead_blks=", "stripe="].into_iter().all(has)
}

/// All options of the mounted filesystem on the device that the kernel calls `name`.
pub(super) fn options(roots: &Roots, name: &str) -> Option<String> {
    std::fs::read_to_string(roots.proc.join("fs/ext4").join(name).join("options")).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_mode_must_be_named_unless_there_is_no_journal() {
        let with = Some(Superblock { journal: true, inline_data: false });
        let without = Some(Superblock { journal: false, inline_data: false });
        assert_eq!(data_mode(Some("rw\ndata=ordered\ninode_readahead_blks=32\n"), "rw", with), DataMode::InPlace);
        assert_eq!(data_mode(Some("rw\ndata=journal\n"), "rw", with), DataMode::Journalled);
        assert_eq!(data_mode(None, "rw,data=journal", without), DataMode::Journalled);
        assert_eq!(data_mode(None, "rw,data=writeback", None), DataMode::InPlace);
        assert_eq!(data_mode(Some("rw\n"), "rw", without), DataMode::InPlace);
        assert_eq!(data_mode(Some("rw\n"), "rw", with), DataMode::Unknown);
        assert_eq!(data_mode(None, "rw", None), DataMode::Unknown);
        assert_eq!(data_mode(None, "rw,data=new", with), DataMode::Unknown);
        assert_eq!(data_mode(None, "rw,nodata=ordered", with), DataMode::Unknown);
        let whole = "rw\nerrors=continue\ncommit=5\nstripe=0\ninode_readahead_blks=32\n";
        assert_eq!(data_mode(Some(whole), "", None), DataMode::InPlace);
        assert_eq!(data_mode(Some(&whole.replace("commit=5", "")), "", None), DataMode::Unknown);
        assert_eq!(data_mode(Some(whole), "", with), DataMode::Unknown);
        assert_eq!(data_mode(Some(&format!("{whole}data=journal\n")), "", None), DataMode::Journalled);
    }

    #[test]
    fn the_superblock_tells_of_journal_and_inline_data() {
        let mut head = vec![0; HEAD];
        assert_eq!(Superblock::parse(&head), None);
        head[AT + 0x38..][..2].copy_from_slice(&[0x53, 0xef]);
        assert_eq!(Superblock::parse(&head), Some(Superblock { journal: false, inline_data: false }));
        head[AT + 0x5c] = 4;
        head[AT + 0x61] = 0x80;
        assert_eq!(Superblock::parse(&head), Some(Superblock { journal: true, inline_data: true }));
        assert_eq!(Superblock::parse(&head[..1500]), None);
    }

    proptest! {
        #[test]
        fn no_head_makes_it_panic(head in proptest::collection::vec(any::<u8>(), 0..2100)) {
            let _ = Superblock::parse(&head);
        }
    }
}
