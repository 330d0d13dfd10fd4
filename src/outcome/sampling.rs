//! A seeded tenth of the scope (NIST SP 800-88 Rev. 1 §4.7). The algorithm stands in docs/sampling.md, with a script that
//! repeats it without this program.
//!
//! The scope is cut into S equal subsections of 20 cells, a cell being a whole number of logical blocks. From each subsection 2 of
//! the 20 cells are drawn without replacement, so that every block in them is read with a probability of exactly 10 %. The first
//! and the last logical block, and the tail that does not fill a subsection, are read as well.
//!
//! *Size of a cell.* 1 MiB: on a disk that rotates, smaller cells cost as much as reading everything, since the way to the next
//! cell is then shorter than a seek. Smaller where 1 MiB would make fewer than 1,000 subsections (below 20 GB), larger where it
//! would make more than 100,000 (above 2 TB).
//!
//! *Draw.* The AES-128-CTR keystream of the seed (key = seed, counter block from 0, as in [`crate::pattern::StreamSpec`]) is read
//! byte by byte. A byte of 190 or more is skipped, which leaves 190 values that are equally likely; the next one below 190
//! numbers the pair of the next subsection, in the order (0,1), (0,2) … (0,19), (1,2) … (18,19).

use crate::media::ByteRange;
use crate::pattern::{Filler, Pattern, StreamSpec};

/// Cells in a subsection.
const CELLS: u64 = 20;
/// Pairs of them.
const PAIRS: u8 = 190;
const FEWEST_SUBSECTIONS: u64 = 1_000;
const MOST_SUBSECTIONS: u64 = 100_000;
const CELL_BYTES: u64 = 1 << 20;

/// The sampling plan: which ranges a seed draws.
#[derive(Debug, Clone)]
pub struct SamplingPlan {
    scope_bytes: u64,
    logical_block: u64,
    cell_bytes: u64,
    /// The number of the pair drawn from each subsection.
    draws: Vec<u8>,
}

impl SamplingPlan {
    /// The plan that `seed` draws for a scope of `scope_bytes` bytes. `None`: too small for 1,000 subsections of 20 logical blocks
    /// each, or not made of logical blocks.
    pub fn new(seed: [u8; 16], scope_bytes: u64, logical_block: u32) -> Option<SamplingPlan> {
        let logical_block = u64::from(logical_block);
        let blocks = scope_bytes.checked_div(logical_block)?;
        if !scope_bytes.is_multiple_of(logical_block) || blocks < FEWEST_SUBSECTIONS * CELLS {
            return None;
        }
        let usual = (CELL_BYTES / logical_block).clamp(1, blocks / (FEWEST_SUBSECTIONS * CELLS));
        let cell_blocks = usual.max(blocks.div_ceil(MOST_SUBSECTIONS * CELLS));
        let subsections = blocks / (cell_blocks * CELLS);
        let draws = draws(seed, usize::try_from(subsections).ok()?)?;
        Some(SamplingPlan { scope_bytes, logical_block, cell_bytes: cell_blocks * logical_block, draws })
    }

    /// The ranges to read, in order of offset; none overlap.
    pub fn ranges(&self) -> impl Iterator<Item = ByteRange> {
        self.pieces().map(|(range, _)| range)
    }

    /// Bytes in all ranges.
    pub fn bytes(&self) -> u64 {
        self.ranges().map(|range| range.bytes).sum()
    }

    /// Number of subsections, 1,000 to 100,000.
    pub fn subsections(&self) -> u64 {
        self.draws.len() as u64
    }

    /// Number of cells, of which a tenth is drawn.
    pub fn cells(&self) -> u64 {
        self.subsections() * CELLS
    }

    /// Number of cells drawn.
    pub fn cells_drawn(&self) -> u64 {
        self.subsections() * 2
    }

    /// Bytes in a cell.
    pub fn cell_bytes(&self) -> u64 {
        self.cell_bytes
    }

    /// Whether the cell of that number, from 0, is drawn.
    pub fn is_drawn(&self, cell: u64) -> bool {
        let draw = usize::try_from(cell / CELLS).ok().and_then(|subsection| self.draws.get(subsection));
        draw.is_some_and(|draw| pair(*draw).contains(&(cell % CELLS)))
    }

    /// How many drawn cells lie wholly within the first `watermark` bytes of the ranges.
    pub fn cells_within(&self, watermark: u64) -> impl Iterator<Item = u64> {
        let mut at = 0;
        self.pieces()
            .take_while(move |(range, _)| {
                at += range.bytes;
                at <= watermark
            })
            .filter_map(|(_, cell)| cell)
    }

    /// The ranges, and the number of the cell that each is.
    fn pieces(&self) -> impl Iterator<Item = (ByteRange, Option<u64>)> {
        let cells = (0u64..).zip(&self.draws).flat_map(|(subsection, draw)| {
            pair(*draw).map(|within| {
                let cell = subsection * CELLS + within;
                (ByteRange::new(cell * self.cell_bytes, self.cell_bytes), Some(cell))
            })
        });
        let sampled = self.cells() * self.cell_bytes;
        let extra = |needed: bool, first, bytes| needed.then_some((ByteRange::new(first, bytes), None));
        let first = extra(!self.is_drawn(0), 0, self.logical_block);
        let tail = extra(sampled < self.scope_bytes, sampled, self.scope_bytes - sampled);
        let last_is_read = tail.is_some() || self.is_drawn(self.cells() - 1);
        let last = extra(!last_is_read, self.scope_bytes - self.logical_block, self.logical_block);
        first.into_iter().chain(cells).chain(tail).chain(last)
    }
}

/// The pair of that number, in the order (0,1), (0,2) … (18,19).
fn pair(number: u8) -> [u64; 2] {
    let (mut first, mut rest) = (0, u64::from(number));
    while rest >= CELLS - 1 - first {
        rest -= CELLS - 1 - first;
        first += 1;
        if first >= CELLS - 1 {
            break;
        }
    }
    [first, first + 1 + rest]
}

fn draws(seed: [u8; 16], count: usize) -> Option<Vec<u8>> {
    let mut stream = Filler::new(&Pattern::Stream { spec: StreamSpec::aes_128_ctr(seed), inverted: false })?;
    let (mut drawn, mut bytes, mut offset) = (Vec::with_capacity(count), [0; 4096], 0);
    while drawn.len() < count {
        stream.fill(offset, &mut bytes);
        offset += bytes.len() as u64;
        drawn.extend(bytes.iter().filter(|byte| **byte < PAIRS).take(count - drawn.len()));
    }
    Some(drawn)
}

/// The most cells that could differ and yet, with a probability above 1 − `confidence_percent` / 100, have none of them drawn:
/// the largest D with 0.9^D > 1 − C. 28 at 95 %, 43 at 99 %, whatever the number of cells: a bad cell escapes with 0.9, and several
/// escape together most easily if they lie in different subsections, where their draws are independent.
pub fn most_cells_missed(confidence_percent: u32) -> u64 {
    let doubt = 1.0 - f64::from(confidence_percent.min(99)) / 100.0;
    let (mut cells, mut missed) = (0, 0.9);
    while missed > doubt {
        cells += 1;
        missed *= 0.9;
    }
    cells
}
