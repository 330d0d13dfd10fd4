//! Byte ranges on a medium, and sets of them.

use serde::{Deserialize, Serialize};

/// A run of bytes, counted from the first byte of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ByteRange {
    /// Offset of the first byte.
    pub first_byte: u64,
    /// Length in bytes.
    pub bytes: u64,
}

impl ByteRange {
    /// The range of `bytes` bytes from `first_byte` on.
    pub fn new(first_byte: u64, bytes: u64) -> Self {
        ByteRange { first_byte, bytes }
    }

    /// One past the last byte; saturates at `u64::MAX`.
    pub fn end(self) -> u64 {
        self.first_byte.saturating_add(self.bytes)
    }

    /// Whether the two share at least one byte.
    pub fn intersects(self, other: ByteRange) -> bool {
        self.first_byte < other.end() && other.first_byte < self.end()
    }

    /// Whether every byte of `other` lies in this range.
    pub fn contains(self, other: ByteRange) -> bool {
        self.first_byte <= other.first_byte && other.end() <= self.end()
    }
}

/// A set of bytes kept as sorted ranges that neither touch nor overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RangeSet(Vec<ByteRange>);

impl RangeSet {
    /// The empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every byte of `range`, merging with neighbours.
    pub fn insert(&mut self, range: ByteRange) {
        if range.bytes == 0 {
            return;
        }
        let from = self.0.partition_point(|r| r.end() < range.first_byte);
        let to = self.0.partition_point(|r| r.first_byte <= range.end());
        let merged = self.0[from..to].iter().fold(range, |all, r| {
            let first = all.first_byte.min(r.first_byte);
            ByteRange::new(first, all.end().max(r.end()) - first)
        });
        self.0.splice(from..to, [merged]);
    }

    /// Whether every byte of `range` is in the set.
    pub fn covers(&self, range: ByteRange) -> bool {
        let at = self.0.partition_point(|r| r.end() <= range.first_byte);
        range.bytes == 0 || self.0.get(at).is_some_and(|r| r.contains(range))
    }

    /// Number of bytes in the set.
    pub fn bytes(&self) -> u64 {
        self.0.iter().map(|r| r.bytes).sum()
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> &[ByteRange] {
        &self.0
    }

    /// Whether the set has no byte.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<ByteRange> for RangeSet {
    fn from_iter<I: IntoIterator<Item = ByteRange>>(ranges: I) -> Self {
        let mut all: Vec<ByteRange> = ranges.into_iter().filter(|r| r.bytes > 0).collect();
        all.sort_unstable_by_key(|r| r.first_byte);
        let mut merged: Vec<ByteRange> = Vec::with_capacity(all.len());
        for range in all {
            match merged.last_mut() {
                Some(last) if range.first_byte <= last.end() => {
                    last.bytes = last.end().max(range.end()) - last.first_byte;
                }
                _ => merged.push(range),
            }
        }
        RangeSet(merged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_set_holds_exactly_the_bytes_put_in(ranges in prop::collection::vec((0u64..64, 0u64..12), 0..24)) {
            let set: RangeSet = ranges.iter().map(|&(f, n)| ByteRange::new(f, n)).collect();
            let mut one_by_one = RangeSet::new();
            ranges.iter().for_each(|&(f, n)| one_by_one.insert(ByteRange::new(f, n)));
            prop_assert_eq!(&set, &one_by_one);
            for byte in 0..80 {
                let expected = ranges.iter().any(|&(f, n)| (f..f + n).contains(&byte));
                prop_assert_eq!(set.covers(ByteRange::new(byte, 1)), expected);
            }
            for pair in set.ranges().windows(2) {
                prop_assert!(pair[0].end() < pair[1].first_byte);
            }
        }
    }
}
