//! Progress on screen: bars, plain lines and JSON lines, all made from the same events.

mod bars;
mod json;
mod plain;
mod rate;
mod row;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::context::Context;
use super::out::clean;
use super::report;
use crate::job::Finished;
use crate::outcome::{Event, Observer};
use crate::problem::Problem;

pub use json::finished;

/// What is known of a target when one of its events is shown.
pub struct Origin<'a> {
    /// Its place on the command line, from 0.
    pub index: usize,
    /// Its path as it was named.
    pub target: &'a str,
    /// The id of its job, once started.
    pub job: Option<&'a str>,
    /// When the event came.
    pub at: Instant,
}

/// One way to show events. Called from several threads.
pub trait Sink: Send + Sync {
    /// Shows one event of one target.
    fn show(&self, origin: &Origin, event: &Event);
    /// Shows a line that belongs to no target.
    fn say(&self, text: &str);
    /// Nothing more will come.
    fn close(&self) {}
}

#[derive(Default)]
struct Seen {
    job: Option<String>,
    rate: rate::Rate,
    errors: Vec<String>,
    ended: bool,
}

/// The front of every target's progress.
pub struct Front {
    sink: Arc<dyn Sink>,
    targets: Vec<(String, Mutex<Seen>)>,
}

impl Front {
    /// JSON lines with `--json`, else bars on a terminal, else plain lines.
    pub fn new(context: &Context, targets: Vec<String>) -> Self {
        let names: Vec<String> = targets.iter().map(|t| clean(t)).collect();
        let sink: Arc<dyn Sink> = if context.json {
            Arc::new(json::Lines::new(Arc::clone(&context.out)))
        } else {
            match bars::Bars::on_terminal(&names) {
                Some(bars) => Arc::new(bars),
                None => Arc::new(plain::Lines::new(Arc::clone(&context.out))),
            }
        };
        Self::over(sink, targets)
    }

    fn over(sink: Arc<dyn Sink>, targets: Vec<String>) -> Self {
        Front { sink, targets: targets.into_iter().map(|t| (t, Mutex::default())).collect() }
    }

    /// The target at `index` as it was named.
    pub fn name(&self, index: usize) -> &str {
        self.targets.get(index).map_or("", |(name, _)| name)
    }

    /// The observer of the target at `index`.
    pub fn target(&self, index: usize) -> impl Observer + '_ {
        TargetFront { front: self, index }
    }

    /// Shows a line that belongs to no target.
    pub fn say(&self) -> super::signals::Say {
        let sink = Arc::clone(&self.sink);
        Arc::new(move |text| sink.say(text))
    }

    /// Shows what the job's own events left out of how it ended.
    pub fn ended(&self, index: usize, finished: &Finished) {
        let Some((_, seen)) = self.targets.get(index) else { return };
        let (told, ended) = {
            let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            (finished.problem.as_ref().is_none_or(|p| seen.errors.contains(&p.what)), seen.ended)
        };
        if let (false, Some(problem)) = (told, &finished.problem) {
            self.event(
                index,
                Event::Error {
                    what: problem.what.clone(),
                    todo: problem.todo.clone(),
                    exit_code: crate::problem::ExitCode::from(problem.kind) as u8,
                },
            );
        }
        if !ended {
            let record = finished.record.as_ref().map(|p: &PathBuf| p.display().to_string());
            let exit_code = finished.exit_code as u8;
            self.event(index, Event::TargetFinished { status: finished.status, exit_code, record });
        }
    }

    /// Nothing more will come: leaves the screen to plain output.
    pub fn close(&self) {
        self.sink.close();
    }

    fn event(&self, index: usize, event: Event) {
        self.event_at(index, event, Instant::now());
    }

    fn event_at(&self, index: usize, event: Event, at: Instant) {
        let Some((target, seen)) = self.targets.get(index) else { return };
        let (event, job) = {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            let event = seen.rate.judge(event, at);
            match &event {
                Event::Started { job, .. } => seen.job = Some(job.clone()),
                Event::Error { what, .. } => seen.errors.push(what.clone()),
                Event::TargetFinished { .. } => seen.ended = true,
                _ => {}
            }
            (event, seen.job.clone())
        };
        self.sink.show(&Origin { index, target, job: job.as_deref(), at }, &event);
    }
}

struct TargetFront<'a> {
    front: &'a Front,
    index: usize,
}

impl Observer for TargetFront<'_> {
    fn on_event(&self, event: Event) {
        self.front.event(self.index, event);
    }
}

/// The two lines of an error event.
fn error_lines(target: &str, what: &str, todo: &str) -> String {
    // The problem names its target, as a rule; where it does not, the line does.
    let what = if what.contains(target) { what.to_string() } else { format!("{target}: {what}") };
    report::lines(&Problem::error(what, todo))
}

/// One line for an event that people should see whatever shows progress; `None` for the others.
fn headline(target: &str, event: &Event) -> Option<String> {
    use super::human::{bytes, duration, exact_bytes};
    let target = clean(target);
    Some(match event {
        Event::Started { technique, bytes_total, passes, resumed, .. } => {
            let verb = if *resumed { "resumed" } else { "started" };
            format!("{target}: {verb}: {technique}, passes: {passes}, {} to write and read", bytes(*bytes_total))
        }
        Event::Pass { number, pattern, bytes: count, milliseconds } => {
            let time = duration(*milliseconds);
            let mean = mean_rate(*count, *milliseconds);
            format!("{target}: pass {number} ({pattern}): {} written in {time}{mean}", exact_bytes(*count))
        }
        Event::Verify { kind, bytes: count, milliseconds, mismatches, unreadable } => format!(
            "{target}: {kind} verification: {} read in {}{}; blocks that differ: {mismatches}, unreadable: {unreadable}",
            exact_bytes(*count),
            duration(*milliseconds),
            mean_rate(*count, *milliseconds)
        ),
        Event::Bad { range } => {
            let what = match range.kind {
                crate::outcome::Trouble::WriteFailed => "could not be written",
                crate::outcome::Trouble::Unreadable => "could not be read back",
                crate::outcome::Trouble::Mismatch => "read back differently",
            };
            let error = range.error.as_deref().map(|e| format!(": {e}")).unwrap_or_default();
            format!("{target}: {} bytes from byte {} on {what}{error}", range.bytes, range.first_byte)
        }
        Event::Note { text } => format!("{target}: note: {text}"),
        Event::Error { what, todo, .. } => error_lines(&target, what, todo),
        Event::Progress { .. } | Event::TargetFinished { .. } => return None,
    })
}

/// `, 128 MiB/s`; nothing where the time is too short to be told.
fn mean_rate(count: u64, milliseconds: u64) -> String {
    if milliseconds < 100 {
        return String::new();
    }
    let rate = u128::from(count) * 1000 / u128::from(milliseconds);
    format!(", {}/s", super::human::bytes(u64::try_from(rate).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests;
