//! The names of a job's files: the key of their digests, and the paths that were named.
//!
//! A record must not carry names, which are personal data more often than not. It carries a keyed digest of each, so that who has the key
//! and a name can show that the file was among those erased. The key stays in the state directory (mode 0600) until the operator deletes
//! it; the paths that were named are needed for `resume` alone, and are deleted with the end of the job.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::journal::FileId;
use crate::problem::Problem;

/// More than any list of targets that a command line can hold.
const LONGEST: u64 = 64 << 20;

/// A path that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The file or directory that it led to.
    pub id: FileId,
    /// The absolute path.
    pub path: PathBuf,
}

/// Where the names of a job are kept.
pub(super) struct Names {
    directory: PathBuf,
    job: String,
}

impl Names {
    /// Those of `job`, below the state directory.
    pub(super) fn of(state: &Path, job: &str) -> Self {
        Names { directory: state.join("names"), job: job.to_string() }
    }

    fn key_path(&self) -> PathBuf {
        self.directory.join(format!("{}.key", self.job))
    }

    fn targets_path(&self) -> PathBuf {
        self.directory.join(format!("{}.targets", self.job))
    }

    /// Keeps key and targets, synced.
    pub(super) fn keep(&self, key: &[u8; 32], targets: &[Target]) -> Result<(), Problem> {
        let cant = |e: io::Error| {
            Problem::error(
                format!("the names of the job can't be kept in {}: {e}", self.directory.display()),
                "Free space on the disk that holds --state, or name another with --state.",
            )
        };
        DirBuilder::new().recursive(true).mode(0o700).create(&self.directory).map_err(cant)?;
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        write(&self.key_path(), format!("{text}\n").as_bytes()).map_err(cant)?;
        let mut paths = Vec::new();
        for target in targets {
            let (inode, seconds, nanoseconds) = target.id;
            paths.extend_from_slice(format!("{inode}.{seconds}.{nanoseconds} ").as_bytes());
            paths.extend_from_slice(target.path.as_os_str().as_bytes());
            paths.push(0);
        }
        write(&self.targets_path(), &paths).map_err(cant)?;
        File::open(&self.directory).and_then(|directory| directory.sync_all()).map_err(cant)
    }

    /// The key, as far as it is still there.
    pub(super) fn key(&self) -> Option<[u8; 32]> {
        let text = read(&self.key_path()).ok()?;
        let digits = text.strip_suffix(b"\n").unwrap_or(&text);
        let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
    }

    /// The paths that were named.
    pub(super) fn targets(&self) -> Result<Vec<Target>, Problem> {
        let unreadable = |why: String| {
            Problem::error(
                format!("the paths of job {} can't be read from {}: {why}", self.job, self.targets_path().display()),
                "Run `radera wipe` on what is left, and close this job with `radera resume --give-up`.",
            )
        };
        let bytes = read(&self.targets_path()).map_err(|e| unreadable(e.to_string()))?;
        let target = |entry: &[u8]| {
            let at = entry.iter().position(|byte| *byte == b' ')?;
            let mut numbers = std::str::from_utf8(entry.get(..at)?).ok()?.split('.');
            let id = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
            Some(Target { id, path: PathBuf::from(OsString::from_vec(entry.get(at + 1..)?.to_vec())) })
        };
        let entries = bytes.split(|byte| *byte == 0).filter(|entry| !entry.is_empty());
        entries.map(target).collect::<Option<_>>().ok_or_else(|| unreadable("an entry is none".into()))
    }

    /// The job has ended: its paths are not needed any more.
    pub(super) fn forget_targets(&self) {
        let _ = fs::remove_file(self.targets_path());
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn names_are_private_survive_any_byte_and_are_forgotten() {
        let state = tempfile::tempdir().unwrap();
        let names = Names::of(state.path(), "0123");
        assert!(names.key().is_none() && names.targets().is_err());
        let paths = [PathBuf::from("/a b/\u{e6}\n"), PathBuf::from(OsString::from_vec(b"/\xff\xfe".to_vec()))];
        let targets: Vec<_> = (7..).zip(paths).map(|(inode, path)| Target { id: (inode, -3, 5), path }).collect();
        names.keep(&[0xa5; 32], &targets).unwrap();
        assert_eq!((names.key(), names.targets().unwrap()), (Some([0xa5; 32]), targets.clone()));
        for file in fs::read_dir(state.path().join("names")).unwrap() {
            assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(names.keep(&[1; 32], &targets).is_err(), "a job's names are written once");
        names.forget_targets();
        assert!(names.targets().is_err() && names.key().is_some());
    }
}
