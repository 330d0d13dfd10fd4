//! The rate limit: when the next block may begin, and how large it may be.

use std::time::{Duration, Instant};

/// The longest sleep, so that a request to stop is seen soon.
pub(super) const NAP: Duration = Duration::from_millis(50);

/// Spreads blocks evenly over time.
pub(super) struct Pace {
    next: Instant,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Pace { next: now }
    }

    /// How long to wait before the next block; zero: begin it now.
    pub(super) fn wait(&self, rate: Option<u64>, now: Instant) -> Duration {
        if rate.is_none() { Duration::ZERO } else { self.next.saturating_duration_since(now) }
    }

    /// A block of `bytes` bytes begins now. Time that the device stalled is made up for one nap at most: a limit that lets a
    /// burst through after each stall is none.
    pub(super) fn begun(&mut self, rate: Option<u64>, bytes: u64, now: Instant) {
        let earliest = now.checked_sub(NAP).unwrap_or(now);
        let base = self.next.max(earliest);
        let nanos = match rate {
            Some(rate) => u128::from(bytes) * 1_000_000_000 / u128::from(rate.max(1)),
            None => 0,
        };
        self.next = base + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
    }

    /// The largest block that keeps the stream smooth: a twentieth of a second's worth, in multiples of 4 KiB and of the
    /// logical block, and at least one of them.
    pub(super) fn block_bytes(rate: Option<u64>, block_bytes: u64, logical_block: u64) -> u64 {
        let unit = logical_block.max(4096).min(block_bytes);
        let wanted = rate.map_or(block_bytes, |rate| (rate / 20).min(block_bytes));
        let whole = wanted / unit * unit;
        (whole.max(unit)) / logical_block * logical_block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_limit_shrinks_the_blocks_and_no_limit_does_not() {
        assert_eq!(Pace::block_bytes(None, 256 << 10, 512), 256 << 10);
        assert_eq!(Pace::block_bytes(Some(1 << 20), 256 << 10, 512), 48 << 10);
        assert_eq!(Pace::block_bytes(Some(1), 256 << 10, 512), 4096);
        assert_eq!(Pace::block_bytes(Some(1), 256 << 10, 8192), 8192);
        assert_eq!(Pace::block_bytes(Some(u64::MAX), 256 << 10, 512), 256 << 10);
        assert_eq!(Pace::block_bytes(Some(1), 2048, 512), 2048);
    }

    #[test]
    fn the_limit_holds_on_average_and_after_a_stall() {
        let start = Instant::now();
        let (rate, block) = (Some(1_000_000), 50_000);
        let mut pace = Pace::new(start);
        let (mut now, mut sent) = (start, 0u64);
        while now < start + Duration::from_secs(2) {
            now += pace.wait(rate, now);
            pace.begun(rate, block, now);
            sent += block;
        }
        assert!((1_950_000..=2_100_000).contains(&sent), "{sent} bytes in 2 s");

        now += Duration::from_secs(60);
        let (after_stall, mut burst) = (now, 0u64);
        while now < after_stall + Duration::from_secs(1) {
            now += pace.wait(rate, now);
            pace.begun(rate, block, now);
            burst += block;
        }
        assert!(burst <= 1_150_000, "{burst} bytes in the second after a stall");
    }
}
