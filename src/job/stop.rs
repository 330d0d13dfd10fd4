//! The request to stop, shared by every target's thread.

use std::sync::Arc;
use std::sync::OnceLock;

/// Set once, by a signal; read by every thread at each block.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<OnceLock<String>>);

impl Stop {
    /// Not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets it; the first cause (`SIGINT`, `SIGTERM`, `SIGHUP`) stays.
    pub fn set(&self, cause: &str) {
        let _ = self.0.set(cause.to_string());
    }

    /// The cause, once set.
    pub fn cause(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}
