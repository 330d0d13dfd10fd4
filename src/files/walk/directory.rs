//! A directory that is held open, and what this process does to its names.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sys::names::{self, Name};
use crate::sys::tree::{self, Stat};

/// A directory that is held open.
#[derive(Debug)]
pub struct Directory {
    file: File,
    stat: Stat,
    shared: Arc<Shared>,
}

/// What is known of a directory even while it is not held.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Names were changed by this process: what was read of it may have gaps on some filesystems.
    changed: AtomicBool,
    /// Names that this process gave and that are not gone yet: they are no new entries.
    ours: Mutex<HashSet<OsString>>,
}

impl Shared {
    /// Whether names were changed since this was last asked.
    pub fn take_changed(&self) -> bool {
        self.changed.swap(false, Ordering::Relaxed)
    }

    fn ours(&self) -> MutexGuard<'_, HashSet<OsString>> {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory {
    /// Takes a descriptor of a directory.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let stat = tree::stat_of(&file)?;
        Ok(Directory { file, stat, shared: Arc::default() })
    }

    /// A descriptor of a directory that was held before.
    pub(super) fn again(file: File, stat: Stat, shared: Arc<Shared>) -> Self {
        Directory { file, stat, shared }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Its descriptor, for reading; O_PATH for the directory of a target that may not be read.
    pub fn held(&self) -> &File {
        &self.file
    }

    /// What it was when it was opened.
    pub fn stat(&self) -> &Stat {
        &self.stat
    }

    /// What stands at `name` now, symlinks not followed.
    pub fn stat_at(&self, name: &OsStr) -> io::Result<Stat> {
        tree::stat_at(&self.file, name)
    }

    /// Makes its names durable (fsync(2)). Errors: EBADF where it may not be read.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Reads on; the names that this process gave are left out.
    pub(super) fn list(&self, buffer: &mut [u8]) -> io::Result<Option<Vec<Name>>> {
        // Held over the reading: a name that is gone from the set was gone from the directory before.
        let ours = self.shared.ours();
        let Some(mut names) = names::read(&self.file, buffer)? else { return Ok(None) };
        if !ours.is_empty() {
            names.retain(|n| !ours.contains(&n.name));
        }
        Ok(Some(names))
    }

    /// Says that `name` is about to be given by this process.
    pub(super) fn giving(&self, name: &OsStr) {
        self.shared.changed.store(true, Ordering::Relaxed);
        self.shared.ours().insert(name.to_os_string());
    }

    /// Says that `name` is gone, or was never given.
    pub(super) fn given_up(&self, name: &OsStr) {
        self.shared.changed.store(true, Ordering::Relaxed);
        self.shared.ours().remove(name);
    }
}
