//! The blocks that were begun and are not all dealt with, in order: watermark and bad ranges follow from it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{Control, Halt};
use crate::media::ByteRange;
use crate::outcome::{BadRange, Trouble};

/// Blocks (of [`Queue::block_bytes`](super::Queue::block_bytes) at most) that may be open at once, from the first that is not
/// dealt with on. So far apart may two writes lie that reach a device in the wrong order, and by so much, beside the size of
/// its cache, does a resume go back on a device that reports no cache.
pub const WINDOW_BLOCKS: usize = 32;
/// How long a bad range may grow over block borders before it is told.
const HOLD: Duration = Duration::from_secs(1);

struct Block {
    range: ByteRange,
    /// Bytes that are neither good nor bad yet.
    open: u64,
    bad: Vec<BadRange>,
}

/// A bad range that reaches to the end of what was dealt with, and so may go on in the next block.
struct HeldBad {
    range: BadRange,
    /// The watermark before the first block that it lies in.
    from: u64,
    since: Instant,
}

/// See the module.
pub(super) struct Window {
    blocks: VecDeque<Block>,
    /// Number of the first block in `blocks`.
    first: u64,
    /// Bytes of all blocks that are dealt with, held ones included.
    reached: u64,
    /// Bytes among them that are neither unwritten nor unread.
    moved: u64,
    held: Option<HeldBad>,
}

impl Window {
    pub(super) fn new() -> Self {
        Window { blocks: VecDeque::with_capacity(WINDOW_BLOCKS), first: 0, reached: 0, moved: 0, held: None }
    }

    /// Whether another block may begin.
    pub(super) fn has_room(&self) -> bool {
        self.blocks.len() < WINDOW_BLOCKS
    }

    /// Whether every block that was begun is dealt with.
    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Every byte below it has been dealt with, and its bad ranges told.
    pub(super) fn watermark(&self) -> u64 {
        self.held.as_ref().map_or(self.reached, |held| held.from)
    }

    /// Bytes written or read, among those that are dealt with.
    pub(super) fn moved(&self) -> u64 {
        self.moved
    }

    /// Begins the next block; returns its number.
    pub(super) fn begin(&mut self, range: ByteRange) -> u64 {
        self.blocks.push_back(Block { range, open: range.bytes, bad: Vec::new() });
        self.first + self.blocks.len() as u64 - 1
    }

    fn block(&mut self, number: u64) -> Option<&mut Block> {
        self.blocks.get_mut(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// `bytes` bytes of a block were written or read.
    pub(super) fn done(&mut self, number: u64, bytes: u64) {
        if let Some(block) = self.block(number) {
            block.open = block.open.saturating_sub(bytes);
        }
    }

    /// A range of a block that was not written, not read, or differs. Does not count as done.
    pub(super) fn bad(&mut self, number: u64, bad: BadRange) {
        if let Some(block) = self.block(number) {
            match block.bad.last_mut() {
                Some(last) if continues(last, &bad) => last.bytes += bad.bytes,
                _ => block.bad.push(bad),
            }
        }
    }

    /// Takes what is dealt with off the front; tells the bad ranges in it. On an error from `control` the watermark stays
    /// before the range.
    pub(super) fn advance(&mut self, control: &mut dyn Control) -> Result<(), Halt> {
        while self.blocks.front().is_some_and(|block| block.open == 0) {
            let Some(mut block) = self.blocks.pop_front() else { break };
            self.first += 1;
            let from = self.reached;
            block.bad.sort_by_key(|bad| bad.first_byte);
            let mut lost = 0;
            for bad in block.bad {
                lost += if bad.kind == Trouble::Mismatch { 0 } else { bad.bytes };
                match &mut self.held {
                    Some(held) if continues(&held.range, &bad) => held.range.bytes += bad.bytes,
                    _ => {
                        self.tell(control)?;
                        self.held = Some(HeldBad { range: bad, from, since: Instant::now() });
                    }
                }
            }
            self.reached += block.range.bytes;
            self.moved += block.range.bytes - lost;
            let may_go_on =
                |held: &HeldBad| held.range.range().end() == block.range.end() && held.since.elapsed() < HOLD;
            if !self.held.as_ref().is_some_and(may_go_on) {
                self.tell(control)?;
            }
        }
        Ok(())
    }

    /// Tells the bad range that is held, if any.
    pub(super) fn tell(&mut self, control: &mut dyn Control) -> Result<(), Halt> {
        if let Some(held) = &self.held {
            control.bad(held.range.clone())?;
            self.held = None;
        }
        Ok(())
    }
}

/// Whether `next` is the same trouble right behind `last`.
fn continues(last: &BadRange, next: &BadRange) -> bool {
    last.range().end() == next.first_byte
        && last.kind == next.kind
        && last.pass == next.pass
        && last.error == next.error
}
