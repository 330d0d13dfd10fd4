//! A pass over `/proc` when it is needed, and not more often than every other second.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::holders::Holders;

/// How old an answer may be.
const FRESH: Duration = Duration::from_secs(2);

/// Finds out who holds a file, where a lease does not say it or there are none. Shared by all files of a job.
#[derive(Debug)]
pub struct Lookout {
    proc: PathBuf,
    sys: PathBuf,
    last: Mutex<Option<(Instant, Arc<Holders>)>>,
}

impl Lookout {
    /// One that reads these two, `/proc` and `/sys` but in tests.
    pub fn new(proc: impl Into<PathBuf>, sys: impl Into<PathBuf>) -> Self {
        Lookout { proc: proc.into(), sys: sys.into(), last: Mutex::new(None) }
    }

    /// Who holds what, found at most two seconds ago.
    pub fn now(&self) -> Arc<Holders> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, holders)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return Arc::clone(holders);
        }
        let holders = Arc::new(Holders::scan(&self.proc, &self.sys));
        *last = Some((Instant::now(), Arc::clone(&holders)));
        holders
    }
}

impl Default for Lookout {
    fn default() -> Self {
        Lookout::new("/proc", "/sys")
    }
}
