//! SIGINT, SIGTERM and SIGHUP: before anything is changed they end the program with 3; after that they ask every target's
//! thread to stop cleanly, and never kill.

use std::sync::{Arc, Mutex, PoisonError};

use super::out::Out;
use crate::job::Stop;
use crate::problem::{ExitCode, Problem};
use crate::sys::signal;

/// What can be done after a job was stopped.
pub const RESUME: &str = "`radera resume` can go on";

/// Prints a line without disturbing what is on screen.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

enum Phase {
    /// Nothing was changed: looking, planning, asking.
    Asking { json: bool },
    /// Something may have been changed.
    Running { stop: Stop, say: Say, after: &'static str },
}

/// The watch over the signals.
pub struct Signals(Arc<Mutex<Phase>>);

impl Signals {
    /// Blocks the signals and starts the thread that receives them. Call it before any other thread starts.
    pub fn watch(out: &Arc<Out>, json: bool) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| {
            Problem::error(format!("signals can't be watched, so a stop would not be clean: {error}"), "Try again.")
        };
        let blocked = signal::block().map_err(failed)?;
        let phase = Arc::new(Mutex::new(Phase::Asking { json }));
        let (watched, out) = (Arc::clone(&phase), Arc::clone(out));
        let watch = move || {
            while let Ok(name) = blocked.wait() {
                received(&watched.lock().unwrap_or_else(PoisonError::into_inner), name, &out);
            }
        };
        std::thread::Builder::new().name("signals".into()).spawn(watch).map_err(failed)?;
        Ok(Signals(phase))
    }

    /// From now on a signal sets `stop`, and `say` tells so, and what can be done `after` it.
    pub fn running(&self, stop: &Stop, say: Say, after: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Phase::Running { stop: stop.clone(), say, after };
    }
}

/// Called with the phase locked, so that no job starts while the program ends.
fn received(phase: &Phase, name: &'static str, out: &Out) {
    match phase {
        Phase::Asking { json } => {
            out.note(&format!("\nradera: stopped by {name}; nothing was changed"));
            if *json {
                out.json(&super::progress::finished(ExitCode::Refused, &[]));
            }
            std::process::exit(ExitCode::Refused as i32);
        }
        Phase::Running { stop, say, after } => {
            stop.set(name);
            say(&format!("radera: {name}: stopping cleanly, this takes a moment; {after}"));
        }
    }
}
