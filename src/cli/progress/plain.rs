//! Plain lines on standard error, where it is no terminal: at most one every 10 seconds or 5 percent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Origin, Sink, headline, progress_text};
use crate::cli::human::percent;
use crate::cli::out::{Out, clean};
use crate::outcome::Event;

const INTERVAL: Duration = Duration::from_secs(10);
const STEP: u64 = 5;

/// Prints lines.
pub struct Lines {
    out: Arc<Out>,
    pace: Pace,
}

impl Lines {
    /// Lines on `out`'s standard error.
    pub fn new(out: Arc<Out>) -> Self {
        Lines { out, pace: Pace::default() }
    }
}

impl Sink for Lines {
    fn show(&self, origin: &Origin, event: &Event) {
        if let Some(line) = line(&self.pace, origin, event, Instant::now()) {
            self.out.note(&line);
        }
    }

    fn say(&self, text: &str) {
        self.out.note(text);
    }
}

/// The line for `event`, if one is due.
pub fn line(pace: &Pace, origin: &Origin, event: &Event, now: Instant) -> Option<String> {
    match event {
        Event::Progress { bytes_done, bytes_total, .. } => {
            let due = pace.is_due(origin.index, percent(*bytes_done, *bytes_total), now);
            due.then(|| progress_text(event).map(|text| format!("{}: {text}", clean(origin.target)))).flatten()
        }
        _ => headline(origin.target, event),
    }
}

/// When each target last had a line, and at what percent.
#[derive(Default)]
pub struct Pace(Mutex<HashMap<usize, (Instant, u64)>>);

impl Pace {
    fn is_due(&self, index: usize, percent: u64, now: Instant) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = match last.get(&index) {
            Some((then, at)) => now.duration_since(*then) >= INTERVAL || percent >= at + STEP || percent < *at,
            None => true,
        };
        if due {
            last.insert(index, (now, percent));
        }
        due
    }
}
