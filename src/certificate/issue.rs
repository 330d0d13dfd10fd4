//! Writes a record and its signature: room for them is reserved before the wipe starts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Signer, cms, x509};
use crate::document::{Record, canonical_bytes, is_id, parse};
use crate::problem::Problem;
use crate::sys::reserve::{allocate, rename_no_replace};

/// Room kept for the JSON, in bytes: several thousand exceptions.
const JSON_ROOM: u64 = 1 << 20;
/// Room kept for the signature, in bytes.
const SIGNATURE_ROOM: u64 = 16 << 10;

/// Room for one record and its signature, held on the filesystem of the output directory from before the first change.
/// Dropped unused, it leaves nothing behind.
#[derive(Debug)]
pub struct Reservation {
    directory: PathBuf,
    id: String,
    json: Part,
    signature: Part,
}

/// What was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Path of the JSON.
    pub json: PathBuf,
    /// Path of the detached signature.
    pub signature: PathBuf,
    /// `sha256:` and the digest of the JSON's bytes.
    pub digest: String,
}

impl Reservation {
    /// Makes sure that `directory` exists, is writable and has room.
    pub fn make(directory: &Path, id: &str) -> Result<Self, Problem> {
        let name = directory.display();
        let other = "Name another directory for the records with --out DIR.";
        if !is_id(id) {
            return Err(Problem::error(
                format!("{id:?} is no record id"),
                "Use 32 lower-case hexadecimal digits; this is a bug.",
            ));
        }
        match fs::metadata(directory) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(Problem::error(format!("{name} is not a directory; records can't go there"), other)),
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return Err(Problem::error(
                    format!("the directory for records, {name}, does not exist"),
                    "Make it, or name another one with --out DIR.",
                ));
            }
            Err(e) => {
                return Err(Problem::error(format!("can't look at the directory for records, {name}: {e}"), other));
            }
        }
        let taken = directory.join(format!("{id}.json"));
        if fs::symlink_metadata(&taken).is_ok() {
            return Err(Problem::error(format!("{} is there already", taken.display()), other));
        }
        let part = |suffix: &str, room| {
            Part::make(directory.join(format!(".radera-{id}{suffix}.part")), room).map_err(|e| match e.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Problem::error(
                    format!("no room for a record in {name} ({room} bytes are kept free for it)"),
                    "Free space there, or name another directory with --out DIR.",
                ),
                _ => Problem::error(format!("can't write records to {name}: {e}"), other),
            })
        };
        let json = part("", JSON_ROOM)?;
        let signature = part(".p7s", SIGNATURE_ROOM)?;
        Ok(Reservation { directory: directory.to_path_buf(), id: id.to_string(), json, signature })
    }

    /// Writes `<id>.json` and `<id>.json.p7s`: temporary file, fsync, rename (never over an existing file), directory fsync;
    /// the signature first, so that a record never stands without one.
    pub fn issue(mut self, record: &Record, signer: &dyn Signer) -> Result<Issued, Problem> {
        let json = self.directory.join(format!("{}.json", self.id));
        let signature = self.directory.join(format!("{}.json.p7s", self.id));
        let bytes = self.bytes(record, signer)?;
        let signed = signer.sign_detached(&bytes)?;
        match cms::verify(&bytes, &signed) {
            Ok(found) if found.fingerprint == record.signer.fingerprint => {}
            Ok(_) => return Err(self.not_issued("the signature is another key's")),
            Err(e) => return Err(self.not_issued(&format!("the new signature does not hold: {e}"))),
        }
        self.signature.fill(&signed).map_err(|e| self.not_written(&signature, &e))?;
        self.json.fill(&bytes).map_err(|e| self.not_written(&json, &e))?;
        let adopted = self.publish_signature(&signature, &bytes)?;
        self.sync().map_err(|e| self.not_written(&signature, &e))?;
        if let Err(e) = self.json.publish(&json) {
            if !adopted {
                let _ = fs::remove_file(&signature);
            }
            return Err(self.not_written(&json, &e));
        }
        self.sync().map_err(|e| self.not_written(&json, &e))?;
        Ok(Issued { json, signature, digest: x509::sha256_text(&bytes) })
    }

    /// The canonical bytes, once it is sure that they read back as the same record.
    fn bytes(&self, record: &Record, signer: &dyn Signer) -> Result<Vec<u8>, Problem> {
        if record.id != self.id || record.signer.fingerprint != signer.fingerprint() {
            return Err(self.not_issued("it names another id or another key than the one it is issued with"));
        }
        let bytes = canonical_bytes(record).map_err(|e| self.not_issued(&e.to_string()))?;
        match parse(&bytes) {
            Ok(again) if again == *record => Ok(bytes),
            Ok(_) => Err(self.not_issued("it reads back as another record")),
            Err(e) => Err(self.not_issued(&e.to_string())),
        }
    }

    /// Puts the signature in its place. One that is there already was left by an issue of the same record that was killed
    /// before the record itself stood: it is kept if it holds for these very bytes (`true`), and an error otherwise.
    fn publish_signature(&mut self, path: &Path, bytes: &[u8]) -> Result<bool, Problem> {
        match self.signature.publish(path) {
            Ok(()) => Ok(false),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                let holds = fs::read(path).is_ok_and(|there| cms::verify(bytes, &there).is_ok());
                if holds { Ok(true) } else { Err(self.not_written(path, &e)) }
            }
            Err(e) => Err(self.not_written(path, &e)),
        }
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.directory)?.sync_all()
    }

    fn not_issued(&self, why: &str) -> Problem {
        Problem::failed(
            format!("the record {} can't be issued: {why}", self.id),
            "The job's journal holds the outcome; run `radera resume --out DIR` to issue the record, and report this as a bug.",
        )
    }

    fn not_written(&self, path: &Path, error: &io::Error) -> Problem {
        Problem::failed(
            format!("can't write the record to {}: {error}", path.display()),
            "The job's journal holds the outcome; run `radera resume --out DIR` with a directory that has room to issue the record.",
        )
    }
}

/// A hidden file with reserved room, removed unless it is published.
#[derive(Debug)]
struct Part {
    path: PathBuf,
    file: File,
    published: bool,
}

impl Part {
    fn make(path: PathBuf, room: u64) -> io::Result<Self> {
        // The job's journal is locked, so what stands under this id was left by a session that was killed.
        if let Err(e) = fs::remove_file(&path)
            && e.kind() != ErrorKind::NotFound
        {
            return Err(e);
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let mut part = Part { path, file, published: false };
        allocate(&mut part.file, room)?;
        Ok(part)
    }

    fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(bytes)?;
        self.file.set_len(bytes.len() as u64)?;
        self.file.sync_all()
    }

    fn publish(&mut self, path: &Path) -> io::Result<()> {
        rename_no_replace(&self.path, path)?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.path);
        }
    }
}
