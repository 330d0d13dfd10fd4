//! Where a journal's bytes are kept.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// Append, sync, read. What was synced survives a loss of power; what was only appended may be lost or torn.
pub trait Store: Send {
    /// A name for messages.
    fn name(&self) -> String;
    /// Appends bytes.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes everything appended durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Everything that stands.
    fn read_all(&mut self) -> io::Result<Vec<u8>>;
    /// Cuts the end off.
    fn truncate(&mut self, bytes: u64) -> io::Result<()>;
}

/// A journal file, locked against a second process for as long as it is open.
pub struct FileStore {
    file: File,
    path: PathBuf,
}

impl FileStore {
    /// The directory of the journals below a state directory.
    pub fn directory(state: &Path) -> PathBuf {
        state.join("jobs")
    }

    /// Where the journal of `job` is.
    pub fn path(state: &Path, job: &str) -> PathBuf {
        Self::directory(state).join(format!("{job}.journal"))
    }

    /// Makes the journal file of a new job: mode 0600 in a directory of mode 0700, both synced.
    pub fn create(state: &Path, job: &str) -> Result<Self, Problem> {
        let directory = Self::directory(state);
        let path = Self::path(state, job);
        let make = || -> io::Result<File> {
            DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
            let file = OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(&path)?;
            file.sync_all()?;
            File::open(&directory)?.sync_all()?;
            Ok(file)
        };
        let file = make().map_err(|e| {
            Problem::error(
                format!("the journal {} can't be made: {e}", path.display()),
                "Name a writable directory with --state.",
            )
        })?;
        Self::locked(file, path)
    }

    /// Opens the journal of a job that stands.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let file = OpenOptions::new().read(true).append(true).open(path).map_err(|e| {
            Problem::error(
                format!("the journal {} can't be opened: {e}", path.display()),
                "Run as the user who started the job, with the same --state.",
            )
        })?;
        Self::locked(file, path.to_path_buf())
    }

    fn locked(file: File, path: PathBuf) -> Result<Self, Problem> {
        match file.try_lock() {
            Ok(()) => Ok(FileStore { file, path }),
            Err(TryLockError::WouldBlock) => Err(Problem::refused(
                format!("another radera is at work on the job of {}", path.display()),
                "Wait for it, or stop it with SIGINT.",
            )),
            Err(TryLockError::Error(e)) => Err(Problem::error(
                format!("the journal {} can't be locked: {e}", path.display()),
                "Name a directory on a local filesystem with --state.",
            )),
        }
    }
}

impl Store for FileStore {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn read_all(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn truncate(&mut self, bytes: u64) -> io::Result<()> {
        self.file.set_len(bytes)?;
        self.file.sync_all()
    }
}
