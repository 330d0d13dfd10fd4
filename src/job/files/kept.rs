//! The list of files of a job: kept in the state directory while it runs, put beside the record at its end.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::names::Names;
use crate::document::{MANIFEST_LINE, ManifestLine, ManifestSums, shown};
use crate::job::draw::hex;
use crate::outcome::{FileVerdict, FilesManifest};
use crate::problem::Problem;

/// Names that stand in a record itself.
const NAMES_IN_RECORD: usize = 1000;

/// See the module.
pub(in crate::job) struct Kept {
    file: File,
    path: PathBuf,
    key: [u8; 32],
    list_names: bool,
    sums: ManifestSums,
    digest: Sha256,
    bytes: u64,
}

fn path_of(state: &Path, job: &str) -> PathBuf {
    state.join("files").join(format!("{job}.jsonl"))
}

impl Kept {
    /// The empty list of a new job, mode 0600.
    pub(super) fn create(state: &Path, job: &str, key: [u8; 32], list_names: bool) -> Result<Self, Problem> {
        let path = path_of(state, job);
        let make = || {
            DirBuilder::new().recursive(true).mode(0o700).create(state.join("files"))?;
            let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(&path)?;
            file.sync_all()?;
            File::open(state.join("files"))?.sync_all()?;
            Ok(file)
        };
        let file = make().map_err(|e| cant(&path, &e))?;
        let (sums, digest) = (ManifestSums::default(), Sha256::new());
        Ok(Kept { file, path, key, list_names, sums, digest, bytes: 0 })
    }

    /// The list of a job as it stood when `length` bytes of it were known to be kept; what follows them is cut off.
    pub(in crate::job) fn reopen(state: &Path, job: &str, list_names: bool, length: u64) -> Result<Self, Problem> {
        let path = path_of(state, job);
        let key = Names::of(state, job).key().ok_or_else(|| {
            Problem::error(
                format!("the key of the names of job {job} is gone from {}", state.display()),
                "Name the state directory that the job began with (--state), or close it with `radera resume --give-up`.",
            )
        })?;
        let (mut sums, mut digest, mut bytes) = (ManifestSums::default(), Sha256::new(), 0);
        let mut read = || -> io::Result<File> {
            let file = OpenOptions::new().read(true).append(true).open(&path)?;
            if file.metadata()?.len() < length {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is shorter than the journal says"));
            }
            file.set_len(length)?;
            let mut lines = BufReader::new(&file);
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line)? > 0 {
                let text = line.strip_suffix(b"\n").filter(|text| text.len() <= MANIFEST_LINE);
                let text = text.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a line is torn"))?;
                sums.add_text(text).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?;
                digest.update(&line);
                bytes += line.len() as u64;
                line.clear();
            }
            file.sync_all()?;
            Ok(file)
        };
        let file = read().map_err(|e| cant(&path, &e))?;
        Ok(Kept { file, path, key, list_names, sums, digest, bytes })
    }

    /// Adds a file. `name`: its path from the name of the named target on.
    pub(super) fn add(
        &mut self,
        name: &[u8],
        bytes: u64,
        verdict: FileVerdict,
        extents: Vec<[u64; 2]>,
    ) -> Result<(), Problem> {
        let line = ManifestLine {
            name: blake3::keyed_hash(&self.key, name).to_hex().to_string(),
            path: self.list_names.then(|| shown(name)),
            bytes,
            verdict,
            extents,
            continued: false,
        };
        let bug =
            |why: String| Problem::failed(format!("the list of files can't go on: {why}"), "Report this as a bug.");
        let mut text = Vec::new();
        for one in line.lines().map_err(|e| bug(e.to_string()))? {
            self.sums.add_text(one.as_bytes()).map_err(bug)?;
            text.extend_from_slice(one.as_bytes());
            text.push(b'\n');
        }
        self.file.write_all(&text).map_err(|e| cant(&self.path, &e))?;
        self.digest.update(&text);
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Makes it durable; its length.
    pub(super) fn sync(&mut self) -> Result<u64, Problem> {
        self.file.sync_data().map_err(|e| cant(&self.path, &e))?;
        Ok(self.bytes)
    }

    /// What its lines add up to.
    pub(super) fn sums(&self) -> &ManifestSums {
        &self.sums
    }

    /// Puts a copy beside the record: temporary file, fsync, rename, directory fsync.
    pub(super) fn place(&self, out: &Path, record: &str) -> io::Result<FilesManifest> {
        let name = format!("{record}.files.jsonl");
        let part = out.join(format!(".radera-{record}.files.part"));
        let placed = || -> io::Result<()> {
            let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
            let copied = io::copy(&mut File::open(&self.path)?.take(self.bytes), &mut to)?;
            if copied != self.bytes {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it was cut"));
            }
            to.sync_all()?;
            fs::rename(&part, out.join(&name))?;
            File::open(out)?.sync_all()
        };
        placed().inspect_err(|_| {
            let _ = fs::remove_file(&part);
        })?;
        let digest = format!("sha256:{}", hex(&self.digest.clone().finalize()));
        Ok(FilesManifest { file: name, digest, lines: self.sums.lines() })
    }

    /// The first paths in it, where names are listed.
    pub(super) fn names(&self) -> io::Result<Option<Vec<String>>> {
        if !self.list_names {
            return Ok(None);
        }
        let lines = BufReader::new(File::open(&self.path)?.take(self.bytes)).lines();
        let path = |line: io::Result<String>| serde_json::from_str::<ManifestLine>(&line.ok()?).ok()?.path;
        Ok(Some(lines.filter_map(path).take(NAMES_IN_RECORD).collect()))
    }

    /// The job has ended: what it kept here is beside its record.
    pub(super) fn remove(state: &Path, job: &str) {
        let _ = fs::remove_file(path_of(state, job));
    }
}

fn cant(path: &Path, error: &io::Error) -> Problem {
    Problem::failed(
        format!("the list of files {} can't be kept: {error}", path.display()),
        "Free space on the disk that holds --state, or name another with --state.",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_was_cut_goes_on_as_if_it_had_not_been() {
        let state = tempfile::tempdir().unwrap();
        let out = tempfile::tempdir().unwrap();
        let key = [7; 32];
        let lines = |kept: &mut Kept, from: u64, to: u64| {
            for n in from..to {
                let name = format!("tree/{n}");
                kept.add(name.as_bytes(), n, FileVerdict::ClearedVerified, vec![[n << 12, 4096]]).unwrap();
            }
        };
        Names::of(state.path(), "one").keep(&key, &[]).unwrap();
        let mut whole = Kept::create(state.path(), "whole", key, false).unwrap();
        lines(&mut whole, 0, 20);
        let mut one = Kept::create(state.path(), "one", key, false).unwrap();
        lines(&mut one, 0, 10);
        let length = one.sync().unwrap();
        lines(&mut one, 10, 13);
        drop(one);
        let mut one = Kept::reopen(state.path(), "one", false, length).unwrap();
        lines(&mut one, 10, 20);
        let (a, b) = (whole.place(out.path(), "a").unwrap(), one.place(out.path(), "b").unwrap());
        assert_eq!((a.digest.as_str(), a.lines), (b.digest.as_str(), 20));
        assert_eq!(whole.sums().extents_digest(), one.sums().extents_digest());
        let text = fs::read(out.path().join("b.files.jsonl")).unwrap();
        assert_eq!(b.digest, crate::job::station::sha256(&text));
        assert!(!String::from_utf8(text).unwrap().contains("tree/"), "no name stands in it");
        assert!(one.place(Path::new("/no/such/directory"), "c").is_err());
        assert!(Kept::reopen(state.path(), "one", false, 1 << 20).is_err(), "shorter than the journal says");
        assert!(Kept::reopen(state.path(), "whole", false, 0).is_err(), "its key is gone");
    }
}
