//! One JSON object a line, for scripts.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Origin, Sink};
use crate::cli::out::Out;
use crate::outcome::Event;
use crate::problem::ExitCode;

/// How often a target's progress is printed, at most.
const INTERVAL: Duration = Duration::from_millis(500);

/// Prints each event on standard output; progress at most twice a second a target.
pub struct Lines {
    out: Arc<Out>,
    last: Mutex<HashMap<usize, Instant>>,
}

impl Lines {
    /// Lines on `out`.
    pub fn new(out: Arc<Out>) -> Self {
        Lines { out, last: Mutex::default() }
    }

    fn is_due(&self, index: usize, now: Instant) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.get(&index).is_none_or(|then| now.duration_since(*then) >= INTERVAL);
        if due {
            last.insert(index, now);
        }
        due
    }
}

impl Sink for Lines {
    fn show(&self, origin: &Origin, event: &Event) {
        if matches!(event, Event::Progress { .. }) && !self.is_due(origin.index, origin.at) {
            return;
        }
        if let Event::Error { what, todo, .. } = event {
            self.out.note(&super::error_lines(origin.target, what, todo));
        }
        self.out.json(&value(origin, event));
    }

    fn say(&self, text: &str) {
        self.out.note(text);
    }
}

/// The object for `event`: its own keys, and `job` and `target`.
pub fn value(origin: &Origin, event: &Event) -> Value {
    let mut value = serde_json::to_value(event).unwrap_or_else(|_| json!({"event": "note"}));
    if let Some(object) = value.as_object_mut() {
        object.insert("job".into(), json!(origin.job));
        object.insert("target".into(), json!(origin.target));
    }
    value
}

/// The last object: exit code and records.
pub fn finished(code: ExitCode, records: &[PathBuf]) -> Value {
    let records: Vec<String> = records.iter().map(|p| p.display().to_string()).collect();
    json!({"event": "finished", "exit_code": code as u8, "records": records})
}
