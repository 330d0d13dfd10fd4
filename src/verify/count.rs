//! Counts what the readback finds, on its way to the caller's control.

use crate::io::{Control, Halt};
use crate::outcome::{BadRange, Trouble};

/// Passes everything on to `inner`.
pub(super) struct Count<'a> {
    pub(super) inner: &'a mut dyn Control,
    pub(super) logical_block: u64,
    /// Logical blocks that differed.
    pub(super) mismatches: u64,
    /// Logical blocks that could not be read.
    pub(super) unreadable: u64,
    /// Size of a cell, where there are cells.
    pub(super) cell_bytes: Option<u64>,
    /// Numbers of the cells that could not be read whole, in order.
    pub(super) unread_cells: Vec<u64>,
    pub(super) watermark: u64,
}

impl Control for Count<'_> {
    fn stop(&mut self) -> bool {
        self.inner.stop()
    }

    fn pause(&mut self) -> bool {
        self.inner.pause()
    }

    fn max_rate(&self) -> Option<u64> {
        self.inner.max_rate()
    }

    fn progress(&mut self, watermark: u64) {
        self.watermark = watermark;
        self.inner.progress(watermark);
    }

    fn checkpoint_due(&mut self, watermark: u64) -> bool {
        self.inner.checkpoint_due(watermark)
    }

    fn durable(&mut self, watermark: u64) -> Result<(), Halt> {
        self.inner.durable(watermark)
    }

    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        let taken = self.inner.bad(range.clone());
        if matches!(taken, Err(Halt::Lost(_))) {
            // It is not the medium's, or can't be told to be: no finding, and in no list of exceptions.
            return taken;
        }
        let blocks = range.bytes.div_ceil(self.logical_block);
        if range.kind == Trouble::Mismatch {
            self.mismatches += blocks;
        } else {
            self.unreadable += blocks;
            if let Some(cell_bytes) = self.cell_bytes {
                let (first, last) = (range.first_byte / cell_bytes, range.range().end().saturating_sub(1) / cell_bytes);
                let new = self.unread_cells.last().map_or(first, |known| first.max(known + 1));
                self.unread_cells.extend(new..=last);
            }
        }
        taken
    }
}
