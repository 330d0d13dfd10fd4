//! The request to stop: of everything, or of one target.

use std::sync::{Arc, OnceLock};

/// Set once, by a signal or a person; read by a target's thread at each block.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    own: Arc<OnceLock<String>>,
    /// Of everything, where this is a target's.
    all: Option<Arc<OnceLock<String>>>,
}

impl Stop {
    /// Not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// One for a single target: set by itself, and with this one.
    #[must_use]
    pub fn for_target(&self) -> Self {
        Stop { own: Arc::default(), all: Some(Arc::clone(&self.own)) }
    }

    /// Sets it; the first cause (`SIGINT`, `SIGTERM`, `SIGHUP`) stays.
    pub fn set(&self, cause: &str) {
        let _ = self.own.set(cause.to_string());
    }

    /// The cause, once set.
    pub fn cause(&self) -> Option<&str> {
        self.own.get().or_else(|| self.all.as_ref()?.get()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_stopped_alone_and_all_of_them_together() {
        let all = Stop::new();
        let (one, two) = (all.for_target(), all.for_target());
        one.set("`radera stop`");
        assert_eq!((one.cause(), two.cause(), all.cause()), (Some("`radera stop`"), None, None));
        all.set("SIGINT");
        assert_eq!((one.cause(), two.cause()), (Some("`radera stop`"), Some("SIGINT")));
    }
}
