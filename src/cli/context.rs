//! What every command gets: the streams, how to print, and where state is kept.

use std::path::PathBuf;
use std::sync::Arc;

use super::out::Out;
use super::report;
use crate::problem::{ExitCode, Problem};

/// The surroundings of one command.
pub struct Context {
    /// The streams.
    pub out: Arc<Out>,
    /// `--json`.
    pub json: bool,
    /// `--state`.
    pub state: Option<PathBuf>,
    /// `--pin-file`.
    pub pin_file: Option<PathBuf>,
}

impl Context {
    /// Reports a problem on a target, or on none; its exit code.
    pub fn problem(&self, problem: &Problem, target: Option<&str>) -> ExitCode {
        report::report_on(&self.out, self.json, problem, target)
    }

    /// A sentence for people; nothing with `--json`.
    pub fn say(&self, text: &str) {
        if !self.json {
            self.out.line(text);
        }
    }

    /// A warning, on standard error: events on standard output belong to a job.
    pub fn warn(&self, text: &str) {
        self.out.note(&format!("radera: note: {text}"));
    }
}
