//! Cuts the ranges into blocks, in order.

use super::Halt;
use crate::media::ByteRange;

/// See the module.
pub(super) struct Source<'a> {
    ranges: &'a mut dyn Iterator<Item = ByteRange>,
    logical_block: u64,
    /// What is left of the range that was drawn last.
    rest: ByteRange,
    exhausted: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(ranges: &'a mut dyn Iterator<Item = ByteRange>, logical_block: u64) -> Self {
        Source { ranges, logical_block, rest: ByteRange::new(0, 0), exhausted: false }
    }

    /// Whether there is no block left.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// The next block, of at most `most` bytes and within one range. Error: a range that is not made of logical blocks.
    pub(super) fn next(&mut self, most: u64) -> Result<Option<ByteRange>, Halt> {
        while self.rest.bytes == 0 {
            let Some(range) = self.ranges.next() else {
                self.exhausted = true;
                return Ok(None);
            };
            let aligned = [range.first_byte, range.bytes].iter().all(|n| n.is_multiple_of(self.logical_block));
            if !aligned || range.first_byte.checked_add(range.bytes).is_none() {
                return Err(Halt::GaveUp(format!(
                    "the range of {} bytes at byte {} is not made of logical blocks of {} bytes",
                    range.bytes, range.first_byte, self.logical_block
                )));
            }
            self.rest = range;
        }
        let block = ByteRange::new(self.rest.first_byte, self.rest.bytes.min(most));
        self.rest = ByteRange::new(block.end(), self.rest.bytes - block.bytes);
        Ok(Some(block))
    }
}
