//! How fast a phase goes and how long the rest takes, once there is enough to tell by.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::outcome::Event;

/// A phase begins with a burst into empty queues; less than this of it says nothing.
const EVIDENCE: Duration = Duration::from_secs(1);
/// The rate is the mean of this long, so that it is steady enough to be read.
const WINDOW: Duration = Duration::from_secs(15);

/// The rate of the phase that a target is in.
#[derive(Debug, Default)]
pub struct Rate {
    phase: String,
    /// When how many bytes of the job were done; the oldest is the last from before the window.
    samples: VecDeque<(Instant, u64)>,
}

impl Rate {
    /// `event` with the rate and the time left that it and those before it show. A rate of 0 and no time left: not known yet.
    /// Other events come back as they are.
    pub fn judge(&mut self, event: Event, at: Instant) -> Event {
        let Event::Progress { phase, bytes_done, bytes_total, .. } = event else { return event };
        let rate = self.rate(&phase, bytes_done, at);
        // Where there is more than was foreseen, nobody knows how much.
        let left = bytes_total.checked_sub(bytes_done).map(|left| u128::from(left) * 1000);
        let milliseconds_left =
            left.and_then(|left| left.checked_div(u128::from(rate))).map(|ms| u64::try_from(ms).unwrap_or(u64::MAX));
        let bytes_total = bytes_total.max(bytes_done);
        Event::Progress { phase, bytes_done, bytes_total, bytes_per_second: rate, milliseconds_left }
    }

    fn rate(&mut self, phase: &str, done: u64, at: Instant) -> u64 {
        if self.phase != phase || self.samples.back().is_some_and(|(_, before)| *before > done) {
            self.phase = phase.to_string();
            self.samples.clear();
        }
        self.samples.push_back((at, done));
        let old = |sample: &(Instant, u64)| at.duration_since(sample.0) >= WINDOW;
        while self.samples.get(1).is_some_and(old) {
            self.samples.pop_front();
        }
        let (since, before) = self.samples.front().copied().unwrap_or((at, done));
        let time = at.duration_since(since);
        if time < EVIDENCE {
            return 0;
        }
        let rate = u128::from(done - before) * 1000 / time.as_millis().max(1);
        u64::try_from(rate).unwrap_or(u64::MAX)
    }
}
