//! The new text in the place of the old one: all of it, or nothing.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::problem::Problem;

/// Longest that another run may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(30);

/// The directory in which the case file lies, links followed.
pub fn directory_of(path: &Path) -> Result<PathBuf, Problem> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(parent).map_err(|e| {
        Problem::error(
            format!("can't find the directory of {}: {e}", path.display()),
            "Check the name of the case file.",
        )
    })
}

/// Keeps other runs of this program from the same directory. `None` on a filesystem that has no such locks: that the file was changed
/// meanwhile is then seen before it is replaced.
pub fn lock(directory: &Path) -> Result<Option<File>, Problem> {
    let Ok(opened) = File::open(directory) else { return Ok(None) };
    let since = Instant::now();
    loop {
        match opened.try_lock() {
            Ok(()) => return Ok(Some(opened)),
            Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20))
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Problem::error(
                    format!("somebody else holds the directory {} since {} s", directory.display(), PATIENCE.as_secs()),
                    "Wait until it is done, then add again. Nothing was changed.",
                ));
            }
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}

/// Puts `text` in the place of `before` at `path`, or at what a link there leads to: temporary file, fsync, rename, with the old file's
/// owner and mode.
pub fn replace(path: &Path, before: &str, text: &str) -> Result<(), Problem> {
    let name = path.display();
    let cant = |e: io::Error| {
        Problem::error(
            format!("can't write {name}: {e}"),
            "Nothing was changed. Check your rights to its directory and the room there, then add again.",
        )
    };
    let path = &fs::canonicalize(path).map_err(cant)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part = Part(directory.join(format!(".{file}.radera-{}.part", std::process::id())));
    let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part.0).map_err(cant)?;
    let old = fs::metadata(path).map_err(cant)?;
    // Only root may give a file away; another who may write here becomes its owner.
    let _ = fchown(&new, Some(old.uid()), Some(old.gid()));
    new.set_permissions(Permissions::from_mode(old.mode() & 0o777)).map_err(cant)?;
    new.write_all(text.as_bytes()).and_then(|()| new.sync_all()).map_err(cant)?;
    if fs::read(path).map_err(cant)? != before.as_bytes() {
        return Err(Problem::error(
            format!("{name} was changed by somebody else while it was added to"),
            "Nothing was changed by us. Save it in your editor, then add again.",
        ));
    }
    fs::rename(&part.0, path).map_err(cant)?;
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(|e| {
        Problem::error(
            format!("{name} was written, but may not outlast a power cut: {e}"),
            "Check the disk that it lies on.",
        )
    })
}

/// A file that goes away unless it was renamed.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
