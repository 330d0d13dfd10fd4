//! How many blocks there are of which kind, and what is counted on them.

use std::ops::Range;

/// How many blocks there are of which kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Addressable blocks, one entry a namespace; SATA and SCSI drives have one.
    pub spaces: Vec<u64>,
    /// Over-provisioned blocks, which hold stale copies.
    pub spare: u64,
    /// Blocks taken out of use after errors, with the data they held.
    pub remapped: u64,
}

impl Layout {
    /// Every physical block, as one stretch.
    pub fn everything(&self) -> Vec<Range<u64>> {
        std::iter::once(0..self.blocks()).collect()
    }

    /// All blocks.
    pub fn blocks(&self) -> u64 {
        self.spaces.iter().sum::<u64>() + self.spare + self.remapped
    }

    /// The physical blocks of a namespace.
    pub fn space(&self, index: usize) -> Range<u64> {
        let start = self.spaces.iter().take(index).sum();
        start..start + self.spaces.get(index).copied().unwrap_or(0)
    }

    /// The over-provisioned blocks.
    pub fn spare(&self) -> Range<u64> {
        let start = self.spaces.iter().sum();
        start..start + self.spare
    }

    /// The blocks taken out of use.
    pub fn remapped(&self) -> Range<u64> {
        let start = self.spare().end;
        start..start + self.remapped
    }
}

/// What a block holds, to one who has the whole drive in the laboratory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its first marker.
    Marker,
    /// Something else that was written.
    Data,
    /// What an erase put there.
    Erased,
    /// No longer mapped, and its content erased or not by any later step.
    Deallocated,
    /// Stored under a key that is gone.
    Undecryptable,
}

/// What reading an unmapped block gives (ACS-4 7.5.3: DRAT, RZAT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmapped {
    /// Zeros, always.
    Zeros,
    /// The same bytes each time, but not zeros.
    Ones,
    /// Whatever the flash still holds.
    Old,
}

/// Markers that survive, by where they lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Blocks that the host can address (in the first, or named, namespace).
    pub user: u64,
    /// Addressable in principle, but behind HPA, DCO or accessible max address.
    pub hidden: u64,
    /// Over-provisioned blocks.
    pub spare: u64,
    /// Remapped blocks.
    pub remapped: u64,
    /// Other namespaces.
    pub others: u64,
}

impl Truth {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.user + self.hidden + self.spare + self.remapped + self.others
    }
}
