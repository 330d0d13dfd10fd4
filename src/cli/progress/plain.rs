//! Plain lines on standard error, where it is no terminal that bars can be drawn on: one at the start of each phase, one at its end
//! with its mean rate, and in between one every 10 seconds if five percent more are done, else every minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Origin, Sink, headline};
use crate::cli::human::{bytes, duration, percent};
use crate::cli::out::{Out, clean};
use crate::outcome::Event;

const SHORTEST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(60);
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
        if let Some(line) = line(&self.pace, origin, event) {
            self.out.note(&line);
        }
    }

    fn say(&self, text: &str) {
        self.out.note(text);
    }
}

/// The line for `event`, if one is due.
pub fn line(pace: &Pace, origin: &Origin, event: &Event) -> Option<String> {
    let target = clean(origin.target);
    let Event::Progress { phase, bytes_done, bytes_total, bytes_per_second, milliseconds_left } = event else {
        return headline(origin.target, event);
    };
    let share = percent(*bytes_done, *bytes_total);
    Some(match pace.due(origin, phase, share)? {
        Due::Start => format!("{target}: {phase} begins"),
        Due::Middle => {
            let (done, all) = (bytes(*bytes_done), bytes(*bytes_total));
            let left = milliseconds_left.map(|ms| format!(", {} left", duration(ms))).unwrap_or_default();
            let rate = Some(*bytes_per_second).filter(|rate| *rate > 0).map(|rate| format!(", {}/s", bytes(rate)));
            format!("{target}: {share} % in all ({done} of {all}), {phase}{}{left}", rate.unwrap_or_default())
        }
    })
}

enum Due {
    Start,
    Middle,
}

#[derive(Debug)]
struct Last {
    phase: String,
    at: Instant,
    percent: u64,
}

/// When each target last had a line, and at what percent of which phase.
#[derive(Debug, Default)]
pub struct Pace(Mutex<HashMap<usize, Last>>);

impl Pace {
    fn due(&self, origin: &Origin, phase: &str, percent: u64) -> Option<Due> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = match last.get(&origin.index).filter(|last| last.phase == phase) {
            None => Due::Start,
            Some(last) => {
                let time = origin.at.duration_since(last.at);
                let moved = percent >= last.percent.saturating_add(STEP);
                (time >= LONGEST || time >= SHORTEST && moved).then_some(Due::Middle)?
            }
        };
        last.insert(origin.index, Last { phase: phase.to_string(), at: origin.at, percent });
        Some(due)
    }
}
