//! chattr +i and +a, taken away for the time that a file or directory is worked on.

use std::fs::File;
use std::io;

use super::found::Found;
use crate::sys::attributes::{self, IMMUTABLE_OR_APPEND};
use crate::sys::tree;

/// Attributes that were lifted. They are put back when this is dropped, unless what had them is gone ([`Lifted::forget`]). A process
/// that is killed meanwhile leaves them lifted.
#[derive(Debug)]
pub struct Lifted {
    file: File,
    /// The flags as they were.
    flags: i32,
    done: bool,
}

impl Lifted {
    /// Lifts +i and +a of `file`; `None` where it has neither. Errors: EPERM without CAP_LINUX_IMMUTABLE.
    pub(super) fn lift(file: File) -> io::Result<Option<Lifted>> {
        let flags = attributes::flags(&file)?.unwrap_or(0);
        if flags & IMMUTABLE_OR_APPEND == 0 {
            return Ok(None);
        }
        attributes::set_flags(&file, flags & !IMMUTABLE_OR_APPEND)?;
        Ok(Some(Lifted { file, flags, done: false }))
    }

    /// Lifts them from a directory, whose entries could not be removed otherwise; `None` where it has neither.
    ///
    /// # Errors
    /// As openat2(2); `InvalidData` where it is another directory than was found.
    pub fn directory(found: &Found<'_>) -> io::Result<Option<Lifted>> {
        let file = tree::open_directory(found.directory.held(), found.name)?;
        if !tree::stat_of(&file)?.is_same_file(&found.stat) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it was replaced meanwhile"));
        }
        Lifted::lift(file)
    }

    /// Goes on with another descriptor of the same file, and closes the one so far.
    pub(super) fn hold(&mut self, file: File) {
        self.file = file;
    }

    /// Puts them back.
    pub fn put_back(mut self) -> io::Result<()> {
        self.done = true;
        attributes::set_flags(&self.file, self.flags)
    }

    /// What had them is gone.
    pub fn forget(mut self) {
        self.done = true;
    }
}

impl Drop for Lifted {
    fn drop(&mut self) {
        if !self.done {
            // On the way out of a failure that is told; the flags can be seen with lsattr(1).
            let _ = attributes::set_flags(&self.file, self.flags);
        }
    }
}
