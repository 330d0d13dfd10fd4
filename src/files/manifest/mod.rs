//! What became of each file of a job, a line each: JSON lines beside the record, which holds their digest.

mod line;

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

pub use line::{Line, name_of};
use sha2::{Digest, Sha256};

use crate::sys::{open, reserve};

/// A manifest that is being written, under a temporary name.
pub struct Manifest {
    file: BufWriter<File>,
    path: PathBuf,
    content: Sha256,
    extents: Sha256,
    lines: u64,
    bytes: u64,
}

/// A manifest that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Where it is.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// SHA-256 of `first_byte bytes\n`, in decimal, of each extent in order of the lines; in hexadecimal.
    pub extents_digest: String,
    /// Number of lines.
    pub lines: u64,
    /// Size in bytes.
    pub bytes: u64,
}

fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a line of at most [`line::LONGEST`] bytes and its line feed; `None` at the end. What is longer comes cut off.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<()>> {
    line.clear();
    let read = reader.by_ref().take(line::LONGEST as u64 + 1).read_until(b'\n', line)?;
    Ok((read > 0).then_some(()))
}

impl Manifest {
    fn temporary(directory: &Path, id: &str) -> PathBuf {
        directory.join(format!("{id}.files.jsonl.part"))
    }

    /// A new one for the record `id`: readable by its owner alone (0600), as `<id>.files.jsonl.part` in `directory`.
    ///
    /// # Errors
    /// `AlreadyExists` where there is one; as open(2).
    pub fn create(directory: &Path, id: &str) -> io::Result<Self> {
        let path = Self::temporary(directory, id);
        let file = OpenOptions::new().create_new(true).read(true).write(true).mode(0o600).open(&path)?;
        Ok(Self::over(file, path))
    }

    fn over(file: File, path: PathBuf) -> Self {
        let (content, extents) = (Sha256::new(), Sha256::new());
        Manifest { file: BufWriter::new(file), path, content, extents, lines: 0, bytes: 0 }
    }

    /// Goes on with one that was left: hashes its first `bytes` bytes again ([`Manifest::bytes`] at the last [`Manifest::sync`]
    /// that was noted) and cuts off what stands behind, a torn line among it.
    ///
    /// # Errors
    /// `InvalidData`: shorter than that, or no manifest; nothing was cut off. As open(2): ELOOP for a symlink.
    pub fn resume(directory: &Path, id: &str, bytes: u64) -> io::Result<Self> {
        let path = Self::temporary(directory, id);
        let file = open::plain(&path)?;
        let mut manifest = Self::over(file.try_clone()?, path);
        let mut reader = BufReader::new(file.take(bytes));
        let mut text = Vec::new();
        while next_line(&mut reader, &mut text)?.is_some() {
            let line = text.strip_suffix(b"\n").and_then(Line::parse);
            let line =
                line.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a line of the manifest is damaged"))?;
            manifest.count(&line, &text);
        }
        if manifest.bytes != bytes {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the manifest is shorter than it was"));
        }
        manifest.file.get_ref().set_len(bytes)?;
        manifest.file.seek(SeekFrom::Start(bytes))?;
        Ok(manifest)
    }

    fn count(&mut self, line: &Line, text: &[u8]) {
        self.content.update(text);
        for range in line.ranges() {
            self.extents.update(format!("{} {}\n", range.first_byte, range.bytes));
        }
        self.lines += 1;
        self.bytes += text.len() as u64;
    }

    /// Adds a line.
    ///
    /// # Errors
    /// As write(2): ENOSPC, EDQUOT, EIO. The manifest can be resumed then, not gone on with.
    pub fn add(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.count(line, &text);
        Ok(())
    }

    /// Bytes of the lines so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Number of lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Makes every line so far durable.
    ///
    /// # Errors
    /// As write(2) and fdatasync(2).
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }

    /// Makes it durable under its name, `<id>.files.jsonl`, which must be free.
    ///
    /// # Errors
    /// `AlreadyExists` where the name is taken; as write(2), fsync(2) and renameat2(2).
    pub fn finish(mut self, directory: &Path, id: &str) -> io::Result<Finished> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        let path = directory.join(format!("{id}.files.jsonl"));
        reserve::rename_no_replace(&self.path, &path)?;
        File::open(directory)?.sync_all()?;
        let Manifest { content, extents, lines, bytes, .. } = self;
        Ok(Finished { path, digest: hexadecimal(content), extents_digest: hexadecimal(extents), lines, bytes })
    }
}

/// Reads a manifest that was finished, line by line, and hands each to `each`. Returns what [`Manifest::finish`] said, for the reader to
/// compare with the record. Reads no more than a line ahead.
///
/// # Errors
/// `InvalidData`: a line is none of a manifest. What `each` answers; as open(2) and read(2).
pub fn read(path: &Path, each: &mut dyn FnMut(Line) -> io::Result<()>) -> io::Result<Finished> {
    let mut manifest = Manifest::over(open::read_only(path)?, path.to_path_buf());
    let mut reader = BufReader::new(manifest.file.get_ref().try_clone()?);
    let mut text = Vec::new();
    while next_line(&mut reader, &mut text)?.is_some() {
        let line = text.strip_suffix(b"\n").and_then(Line::parse);
        let number = manifest.lines + 1;
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, format!("line {number} is damaged"));
        let line = line.ok_or_else(damaged)?;
        manifest.count(&line, &text);
        each(line)?;
    }
    let Manifest { content, extents, lines, bytes, .. } = manifest;
    let path = path.to_path_buf();
    Ok(Finished { path, digest: hexadecimal(content), extents_digest: hexadecimal(extents), lines, bytes })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::files::{Extent, Mapping};
    use crate::outcome::FileVerdict;

    fn lines(number: u64) -> Vec<Line> {
        let extent = Extent { logical: 0, physical: number * 4096, bytes: 4096, unwritten: false };
        let name = name_of(&[9; 32], &number.to_le_bytes());
        Line::of(&name, None, 4000 + number, FileVerdict::ClearedVerified, &Mapping { extents: vec![extent] })
    }

    fn write(manifest: &mut Manifest, numbers: std::ops::Range<u64>) {
        numbers.flat_map(lines).for_each(|line| manifest.add(&line).unwrap());
    }

    #[test]
    fn digests_are_those_of_the_file_and_of_the_extents_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::create(dir.path(), "x").unwrap();
        assert_eq!(Manifest::create(dir.path(), "x").err().unwrap().kind(), io::ErrorKind::AlreadyExists);
        write(&mut manifest, 0..3);
        let done = manifest.finish(dir.path(), "x").unwrap();
        let (path, content) =
            (dir.path().join("x.files.jsonl"), std::fs::read(dir.path().join("x.files.jsonl")).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!((&done.path, done.lines, done.bytes), (&path, 3, content.len() as u64));
        assert_eq!(done.digest, hexadecimal(Sha256::new_with_prefix(&content)));
        assert_eq!(done.extents_digest, hexadecimal(Sha256::new_with_prefix("0 4096\n4096 4096\n8192 4096\n")));
        let mut seen = Vec::new();
        let read_back = read(&path, &mut |line| {
            seen.push(line);
            Ok(())
        });
        assert_eq!((read_back.unwrap(), seen), (done, (0..3).flat_map(lines).collect()));
        assert!(std::fs::read_dir(dir.path()).unwrap().count() == 1, "nothing temporary is left");
        let second = Manifest::create(dir.path(), "x").unwrap();
        assert_eq!(second.finish(dir.path(), "x").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }

    #[test]
    fn one_that_was_left_goes_on_as_if_nothing_had_happened() {
        let dir = tempfile::tempdir().unwrap();
        let mut whole = Manifest::create(dir.path(), "whole").unwrap();
        write(&mut whole, 0..10);
        let whole = whole.finish(dir.path(), "whole").unwrap();
        let part = dir.path().join("x.files.jsonl.part");
        let mut manifest = Manifest::create(dir.path(), "x").unwrap();
        write(&mut manifest, 0..4);
        manifest.sync().unwrap();
        let noted = manifest.bytes();
        write(&mut manifest, 100..103);
        drop(manifest);
        let mut torn = std::fs::read(&part).unwrap();
        torn.extend_from_slice(b"{\"name\":\"ab");
        std::fs::write(&part, &torn).unwrap();
        for wrong in [noted - 1, noted + 1, torn.len() as u64, torn.len() as u64 + 1] {
            let error = Manifest::resume(dir.path(), "x", wrong).err().unwrap();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{wrong}");
            assert_eq!(std::fs::read(&part).unwrap(), torn, "nothing was cut off");
        }
        let mut manifest = Manifest::resume(dir.path(), "x", noted).unwrap();
        assert_eq!((manifest.lines(), manifest.bytes()), (4, noted));
        write(&mut manifest, 4..10);
        let done = manifest.finish(dir.path(), "x").unwrap();
        assert_eq!((done.digest, done.extents_digest, done.lines), (whole.digest, whole.extents_digest, 10));
    }

    #[test]
    fn a_damaged_or_endless_line_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        for content in [b"{}\n".to_vec(), b"no line feed".to_vec(), vec![b' '; 3 << 20]] {
            std::fs::write(&path, content).unwrap();
            let error = read(&path, &mut |_| Ok(())).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }
}
