//! Private files: read only where nobody else can have read or written them, and written whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::super::x509;
use super::pin::Pin;
use crate::problem::Problem;
use crate::sys::node;

/// The longest file with a key, in bytes.
pub(super) const FILE_LIMIT: u64 = 1 << 20;
/// The longest PIN, in bytes.
const PIN_LIMIT: usize = 1024;

/// The PIN in the first line of a file that nobody else can read.
///
/// # Errors
/// Kind `Error` where the file can't be read, is open to others, or holds no PIN.
pub fn read_pin(path: &Path) -> Result<Pin, Problem> {
    let bytes = Zeroizing::new(read(path, true)?);
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok(text) if !text.is_empty() && text.len() <= PIN_LIMIT => Ok(Pin::new(text.into())),
        _ => Err(Problem::error(
            format!("{} holds no PIN in its first line", path.display()),
            "Write the PIN alone into it, or name another file.",
        )),
    }
}

/// A file of at most [`FILE_LIMIT`] bytes. A secret one must be ours, and closed to all others.
pub(super) fn read(path: &Path, secret: bool) -> Result<Vec<u8>, Problem> {
    let found = fs::symlink_metadata(path).map_err(|e| unreadable(path, &e))?;
    if !found.is_file() {
        return Err(damaged(path, "it is not a plain file"));
    }
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    if secret {
        private(path, &file.metadata().map_err(|e| unreadable(path, &e))?, "600")?;
    }
    let mut bytes = Vec::new();
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(damaged(path, "it is larger than 1 MiB"));
    }
    Ok(bytes)
}

/// Whether there is a directory, which must be ours, and closed to all others.
pub(super) fn private_directory(directory: &Path) -> Result<bool, Problem> {
    match fs::symlink_metadata(directory) {
        Ok(found) if found.is_dir() => private(directory, &found, "700").map(|()| true),
        Ok(_) => Err(Problem::error(
            format!("{} is not a directory", directory.display()),
            "Move it away, so that the signing key can be kept there.",
        )),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(false),
        Err(e) => Err(unreadable(directory, &e)),
    }
}

/// Ours, and closed to all others.
fn private(path: &Path, found: &fs::Metadata, wanted: &str) -> Result<(), Problem> {
    let mode = found.mode();
    if found.uid() != node::user() {
        return Err(Problem::error(
            format!("{} belongs to user {}, who could put another key there", path.display(), found.uid()),
            "Run it as that user, or name another state directory with --state DIR.",
        ));
    }
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Problem::error(
        format!("{} is open to others than its owner (mode {:03o})", path.display(), mode & 0o777),
        format!(
            "Find out who could have read the signing key or its PIN; if nobody did: chmod {wanted} {}. Otherwise move it away, and take a new key.",
            path.display()
        ),
    ))
}

/// Makes a directory with mode 0700, and those above it; one that is there stays as it is.
pub(super) fn make_directory(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a new file with mode 0600, synced.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes a file with mode 0600 in the place of one that may be there: whole, or not at all.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let part = temporary(directory)?;
    let written = write_private(&part, bytes)
        .and_then(|()| fs::rename(&part, path))
        .and_then(|()| File::open(directory)?.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

/// A new hidden name in `directory`.
pub(super) fn temporary(directory: &Path) -> std::io::Result<PathBuf> {
    let name: [u8; 8] = x509::random().map_err(std::io::Error::other)?;
    Ok(directory.join(format!(".new-{:016x}", u64::from_be_bytes(name))))
}

/// That a file can't be read.
pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::error(
        format!("can't read {}: {error}", path.display()),
        "See to it that it is there and yours, or name another state directory with --state DIR.",
    )
}

/// That a file does not hold what it must.
pub(super) fn damaged(path: &Path, why: &str) -> Problem {
    let pair = path.parent().unwrap_or(Path::new("/"));
    let todo = if pair.ends_with("keys/signing") {
        format!("Restore it from a backup, or move {} away: a new key is made then.", pair.display())
    } else {
        "Restore it from where it came from, or choose another key.".into()
    };
    Problem::error(format!("{} is damaged: {why}", path.display()), todo)
}
