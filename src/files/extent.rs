//! Where the bytes of a file lie on the block device of its filesystem.

use crate::media::ByteRange;

/// One run of blocks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Offset of the first byte in the file. May lie past its end (blocks set aside by fallocate(2)).
    pub logical: u64,
    /// Offset of the first byte on the filesystem's block device.
    pub physical: u64,
    /// Length in bytes.
    pub bytes: u64,
    /// Set aside and never written (FIEMAP_EXTENT_UNWRITTEN): it holds what was there before.
    pub unwritten: bool,
}

impl Extent {
    /// The blocks on the device.
    pub fn on_device(&self) -> ByteRange {
        ByteRange::new(self.physical, self.bytes)
    }
}

/// All blocks of one file, in order of `logical`, without overlaps, each a multiple of the filesystem's block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The runs.
    pub extents: Vec<Extent>,
}

impl Mapping {
    /// Bytes of all blocks.
    pub fn bytes(&self) -> u64 {
        self.extents.iter().map(|e| e.bytes).sum()
    }

    /// Whether both name the same blocks in the same order; extents may be cut differently, and written meanwhile.
    pub fn same_blocks(&self, other: &Mapping) -> bool {
        self.joined() == other.joined()
    }

    fn joined(&self) -> Vec<(u64, u64, u64)> {
        let mut runs: Vec<(u64, u64, u64)> = Vec::with_capacity(self.extents.len());
        for e in &self.extents {
            match runs.last_mut() {
                Some((logical, physical, bytes))
                    if *logical + *bytes == e.logical && *physical + *bytes == e.physical =>
                {
                    *bytes += e.bytes;
                }
                _ => runs.push((e.logical, e.physical, e.bytes)),
            }
        }
        runs
    }
}
