//! Writes a document and its signature: room for a record is reserved before the wipe starts.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Form, NO_STAMP, Press, named_signer, verify_signature, x509};
use crate::document::{Record, SignerEntry, canonical_bytes, is_id, parse_as};
use crate::problem::Problem;
use crate::sys::reserve::{allocate, rename_no_replace};

/// Room kept for the JSON, in bytes: several thousand exceptions.
const JSON_ROOM: u64 = 1 << 20;
/// Room kept for the signature, in bytes: as long as one may be.
const SIGNATURE_ROOM: u64 = 64 << 10;

/// A document that is issued with a signature.
pub trait Issuable: Serialize + DeserializeOwned + PartialEq + Clone {
    /// What it is called.
    const NAME: &str;
    /// What to do when it could not be issued.
    const AGAIN: &str;
    /// Its id.
    fn id(&self) -> &str;
    /// The signer that it names.
    fn signer(&self) -> &SignerEntry;
    /// The same, to be changed.
    fn signer_mut(&mut self) -> &mut SignerEntry;
    /// Its date: RFC 3339.
    fn date(&self) -> &str;
}

impl Issuable for Record {
    const NAME: &str = "record";
    const AGAIN: &str = "The job's journal holds the outcome; run `radera resume --out DIR` with a directory that has room to issue the record.";

    fn id(&self) -> &str {
        &self.id
    }

    fn signer(&self) -> &SignerEntry {
        &self.signer
    }

    fn signer_mut(&mut self) -> &mut SignerEntry {
        &mut self.signer
    }

    fn date(&self) -> &str {
        &self.finished
    }
}

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
#[derive(Debug, Clone)]
pub struct Issued {
    /// Path of the JSON.
    pub json: PathBuf,
    /// Path of the detached signature.
    pub signature: PathBuf,
    /// `sha256:` and the digest of the JSON's bytes.
    pub digest: String,
}

impl Reservation {
    /// Makes sure that `directory` exists, is writable and has room for a record.
    pub fn make(directory: &Path, id: &str) -> Result<Self, Problem> {
        Self::with_room(directory, id, JSON_ROOM)
    }

    /// The same with room for `bytes` of JSON.
    pub fn with_room(directory: &Path, id: &str, bytes: u64) -> Result<Self, Problem> {
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
        let json = part("", bytes)?;
        let signature = part(".p7s", SIGNATURE_ROOM)?;
        Ok(Reservation { directory: directory.to_path_buf(), id: id.to_string(), json, signature })
    }

    /// Writes `<id>.json` and `<id>.json.p7s`: temporary file, fsync, rename (never over an existing file), directory fsync;
    /// the signature first, so that a record never stands without one. The PDF is made of them afterwards
    /// ([`Press::print`]).
    ///
    /// Where a time stamp is asked for and can't be had, the document is issued without one, and says so.
    pub fn issue<D: Issuable>(mut self, document: &D, press: &Press) -> Result<Issued, Problem> {
        let json = self.directory.join(format!("{}.json", self.id));
        let signature = self.directory.join(format!("{}.json.p7s", self.id));
        let mut document = document.clone();
        let (bytes, signed) = match self.signed(&document, press) {
            Err(trouble) if trouble.todo == NO_STAMP => {
                document.signer_mut().time_stamp = None;
                let signed = self.signed(&document, press)?;
                press.note(trouble);
                signed
            }
            signed => signed?,
        };
        self.signature.fill(&signed).map_err(|e| self.not_written::<D>(&signature, &e))?;
        self.json.fill(&bytes).map_err(|e| self.not_written::<D>(&json, &e))?;
        let adopted = self.publish_signature::<D>(&signature, &bytes)?;
        self.sync().map_err(|e| self.not_written::<D>(&signature, &e))?;
        if let Err(e) = self.json.publish(&json) {
            if !adopted {
                let _ = fs::remove_file(&signature);
            }
            return Err(self.not_written::<D>(&json, &e));
        }
        self.sync().map_err(|e| self.not_written::<D>(&json, &e))?;
        Ok(Issued { json, signature, digest: x509::sha256_text(&bytes) })
    }

    /// The canonical bytes and their signature, once it holds.
    fn signed<D: Issuable>(&self, document: &D, press: &Press) -> Result<(Vec<u8>, Vec<u8>), Problem> {
        let bytes = self.bytes(document, press)?;
        let authority = press.authority.as_deref().filter(|_| document.signer().time_stamp.is_some());
        let signed = press.signer.sign(&bytes, Form::Detached, authority)?;
        match verify_signature(&bytes, &signed, Form::Detached) {
            Ok(found) => match named_signer(document.signer(), document.date(), &found) {
                Ok(_) => Ok((bytes, signed)),
                Err(why) => Err(self.not_issued::<D>(&why.english())),
            },
            Err(e) => Err(self.not_issued::<D>(&format!("the new signature does not hold: {e}"))),
        }
    }

    /// The canonical bytes, once it is sure that they read back as the same document.
    fn bytes<D: Issuable>(&self, document: &D, press: &Press) -> Result<Vec<u8>, Problem> {
        let entry = SignerEntry { time_stamp: document.signer().time_stamp.clone(), ..press.entry() };
        if document.id() != self.id || *document.signer() != entry {
            return Err(self.not_issued::<D>("it names another id or another key than the one it is issued with"));
        }
        let bytes = canonical_bytes(document).map_err(|e| self.not_issued::<D>(&e.to_string()))?;
        match parse_as::<D>(&bytes) {
            Ok(again) if again == *document => Ok(bytes),
            Ok(_) => Err(self.not_issued::<D>("it reads back as another document")),
            Err(e) => Err(self.not_issued::<D>(&e.to_string())),
        }
    }

    /// Puts the signature in its place. One that is there already was left by an issue of the same record that was killed
    /// before the record itself stood: it is kept if it holds for these very bytes (`true`), and an error otherwise.
    fn publish_signature<D: Issuable>(&mut self, path: &Path, bytes: &[u8]) -> Result<bool, Problem> {
        match self.signature.publish(path) {
            Ok(()) => Ok(false),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                let holds = fs::read(path).is_ok_and(|there| verify_signature(bytes, &there, Form::Detached).is_ok());
                if holds { Ok(true) } else { Err(self.not_written::<D>(path, &e)) }
            }
            Err(e) => Err(self.not_written::<D>(path, &e)),
        }
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.directory)?.sync_all()
    }

    fn not_issued<D: Issuable>(&self, why: &str) -> Problem {
        Problem::failed(
            format!("the {} {} can't be issued: {why}", D::NAME, self.id),
            format!("{} Report this as a bug.", D::AGAIN),
        )
    }

    fn not_written<D: Issuable>(&self, path: &Path, error: &io::Error) -> Problem {
        Problem::failed(format!("can't write the {} to {}: {error}", D::NAME, path.display()), D::AGAIN)
    }
}

/// A file that was put in its place; removed again unless it is kept.
#[derive(Debug)]
pub struct Placed {
    path: PathBuf,
    kept: bool,
}

impl Placed {
    /// Where it is. It stays.
    pub fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a file whole or not at all, and over none: temporary file, fsync, rename, directory fsync.
///
/// # Errors
/// Kind `Error`, where it can't be written or is there already.
pub fn place(directory: &Path, name: &str, bytes: &[u8]) -> Result<Placed, Problem> {
    let path = directory.join(name);
    let failed = |e: io::Error| {
        let why = if e.kind() == ErrorKind::AlreadyExists { "it is there already".into() } else { e.to_string() };
        Problem::error(
            format!("can't write {}: {why}", path.display()),
            "See to it that the directory can be written to and has room, or name another one with --out DIR.",
        )
    };
    let mut part =
        Part::make(directory.join(format!(".radera-{name}.part")), bytes.len().max(1) as u64).map_err(failed)?;
    part.fill(bytes).and_then(|()| part.publish(&path)).map_err(failed)?;
    let placed = Placed { path: path.clone(), kept: false };
    File::open(directory).and_then(|d| d.sync_all()).map_err(failed)?;
    Ok(placed)
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
