//! Where blocks are marked before an erase by the drive, and where they are only looked at: drawn by a seed that nobody knew before.
//!
//! The scope is cut into equal strata of whole logical blocks, at most 2,048 and of at least sixteen blocks each. In each, two blocks are
//! drawn: the first is overwritten with a mark, the second, the witness, only read. The first and the last block are marked as well.
//! The marks are the AES-128-CTR stream of the seed (see [`crate::pattern::StreamSpec`]) at the block's own offset, and the draws are that
//! stream's 64-bit little-endian words from byte 2^62 on, two a stratum. Of a drive with several devices each has its own seed: the
//! 16 bytes at 2^62 + 2^61 + 16 × number of the first one's stream; the device that was named is number 0.

use crate::pattern::{Filler, Pattern, StreamSpec};

const MOST_STRATA: u64 = 2048;
const FEWEST_BLOCKS: u64 = 16;
const DRAWS: u64 = 1 << 62;
const SEEDS: u64 = DRAWS + (1 << 61);

/// The places of one device, each the offset of a logical block in bytes, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Blocks that are marked.
    pub marked: Vec<u64>,
    /// Blocks that are compared with what they held before.
    pub witnesses: Vec<u64>,
    /// What the marked blocks are filled with.
    pub marks: Pattern,
}

impl Places {
    /// The places that `seed` draws on device `number` of a drive, for a scope of `scope_bytes` in blocks of `logical_block` bytes. `None` where
    /// that is no whole number of blocks above zero.
    pub fn draw(seed: [u8; 16], number: u32, scope_bytes: u64, logical_block: u32) -> Option<Places> {
        let block = u64::from(logical_block);
        let blocks = scope_bytes.checked_div(block).filter(|n| *n > 0 && scope_bytes.is_multiple_of(block))?;
        let marks = stream(device_seed(seed, number)?);
        let strata = (blocks / FEWEST_BLOCKS).clamp(1, MOST_STRATA);
        let mut words = vec![0; usize::try_from(strata * 16).ok()?];
        Filler::new(&marks)?.fill(DRAWS, &mut words);
        let mut marked = vec![0, (blocks - 1) * block];
        let mut witnesses = Vec::new();
        for (stratum, words) in (0..strata).zip(words.chunks_exact(16)) {
            let (from, to) = (whole(blocks, stratum, strata)?, whole(blocks, stratum + 1, strata)?);
            let (first, second) = words.split_at(8);
            let first = from + u64::from_le_bytes(first.try_into().ok()?) % (to - from);
            marked.push(first * block);
            if to - from > 1 {
                // One of the others, so that no witness is marked within its stratum.
                let second = from + u64::from_le_bytes(second.try_into().ok()?) % (to - from - 1);
                witnesses.push((second + u64::from(second >= first)) * block);
            }
        }
        marked.sort_unstable();
        marked.dedup();
        witnesses.retain(|at| marked.binary_search(at).is_err());
        Some(Places { marked, witnesses, marks })
    }

    /// How many.
    pub fn count(&self) -> u64 {
        (self.marked.len() + self.witnesses.len()) as u64
    }
}

fn stream(seed: [u8; 16]) -> Pattern {
    Pattern::Stream { spec: StreamSpec::aes_128_ctr(seed), inverted: false }
}

fn device_seed(seed: [u8; 16], number: u32) -> Option<[u8; 16]> {
    if number == 0 {
        return Some(seed);
    }
    let mut own = [0; 16];
    Filler::new(&stream(seed))?.fill(SEEDS + 16 * u64::from(number), &mut own);
    Some(own)
}

/// `blocks` × `part` / `parts`.
fn whole(blocks: u64, part: u64, parts: u64) -> Option<u64> {
    u64::try_from(u128::from(blocks) * u128::from(part) / u128::from(parts)).ok()
}

/// The largest share of the addressable blocks, in millionths, that could hold old data and yet have none of `places` blocks drawn among
/// them, with a probability above 1 − `confidence_percent` / 100: 1 − (1 − C)^(1 / places).
pub fn most_share_missed(places: u64, confidence_percent: u32) -> u64 {
    if places == 0 {
        return 1_000_000;
    }
    let doubt = 1.0 - f64::from(confidence_percent.min(99)) / 100.0;
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // Between 0 and a million; places stay far below 2^52.
    let share = ((1.0 - doubt.powf(1.0 / places as f64)) * 1e6).ceil() as u64;
    share
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_disk_has_2048_strata_with_a_mark_and_a_witness_each_and_both_ends_marked() {
        let places = Places::draw([7; 16], 0, 1 << 40, 512).unwrap();
        assert!((2048..=2050).contains(&places.marked.len()) && places.witnesses.len() == 2048);
        assert_eq!((places.marked[0], *places.marked.last().unwrap()), (0, (1 << 40) - 512));
        let stratum = (1 << 40) / 2048;
        for number in 0..2048 {
            let within = |at: &&u64| (number * stratum..(number + 1) * stratum).contains(*at);
            assert_eq!(places.witnesses.iter().filter(within).count(), 1);
            assert!(places.marked.iter().any(|at| within(&at)));
        }
    }

    #[test]
    fn another_seed_or_device_draws_other_places_and_marks() {
        let draw = |seed, number| Places::draw([seed; 16], number, 1 << 30, 4096).unwrap();
        assert_eq!(draw(1, 0), draw(1, 0));
        for other in [draw(2, 0), draw(1, 1), draw(1, 2)] {
            assert_ne!((&other.marked, &other.marks), (&draw(1, 0).marked, &draw(1, 0).marks));
        }
    }

    #[test]
    fn what_could_be_missed_falls_with_the_number_of_places() {
        // 1 - 0.01^(1/2048) = 0.2246 %.
        assert_eq!(most_share_missed(2048, 99), 2247);
        assert_eq!(most_share_missed(2048, 95), 1462);
        assert_eq!(most_share_missed(0, 99), 1_000_000);
    }

    proptest! {
        #[test]
        fn places_are_whole_blocks_inside_and_none_is_both(seed: [u8; 16], blocks in 1u64..100_000, log in 9u32..13, number in 0u32..4) {
            let block = 1u64 << log;
            let places = Places::draw(seed, number, blocks * block, 1 << log).unwrap();
            let all: Vec<u64> = places.marked.iter().chain(&places.witnesses).copied().collect();
            prop_assert!(all.iter().all(|at| at % block == 0 && at / block < blocks));
            let mut sorted = all.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), all.len());
            prop_assert!(places.count() <= blocks);
        }
    }
}
