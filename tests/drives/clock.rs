//! The time a drive lives in: moved by hand in tests, real in a guest program.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A handle on the time; clones share it.
#[derive(Clone, Debug)]
pub enum Clock {
    /// Milliseconds, moved with [`Clock::advance`] and [`Clock::wait`] only.
    Manual(Arc<AtomicU64>),
    /// The machine's own time since the drive was made, and milliseconds by which it was moved ahead of that.
    Real(Instant, Arc<AtomicU64>),
}

impl Clock {
    /// A clock that stands still until it is moved.
    pub fn manual() -> Self {
        Clock::Manual(Arc::new(AtomicU64::new(0)))
    }

    /// The machine's time.
    pub fn real() -> Self {
        Clock::Real(Instant::now(), Arc::default())
    }

    /// Milliseconds since the clock was made.
    pub fn now(&self) -> u64 {
        match self {
            Clock::Manual(time) => time.load(Ordering::SeqCst),
            Clock::Real(start, ahead) => start.elapsed().as_millis() as u64 + ahead.load(Ordering::SeqCst),
        }
    }

    /// Moves the clock ahead by `milliseconds`.
    pub fn advance(&self, milliseconds: u64) {
        let (Clock::Manual(time) | Clock::Real(_, time)) = self;
        time.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Lets `milliseconds` pass: a command that blocks for as long as its work takes.
    pub fn wait(&self, milliseconds: u64) {
        match self {
            Clock::Manual(_) => self.advance(milliseconds),
            Clock::Real(..) => std::thread::sleep(Duration::from_millis(milliseconds)),
        }
    }
}
