//! The list of files beside a record: one JSON object a line. It is read and written a line at a time, however long it is.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::FilesEntry;
use crate::outcome::{FileCounts, FileVerdict};

/// The longest line, in bytes, without its line feed.
pub const MANIFEST_LINE: usize = 1 << 20;
/// Extents in one line: with numbers of 20 digits and the longest path it stays below [`MANIFEST_LINE`].
const EXTENTS_IN_LINE: usize = 12_000;
/// The longest path that is told, in bytes: longer than any that a system call takes, escaped.
const PATH_LIMIT: usize = 64 << 10;

/// One file, or more extents of the file in the line before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestLine {
    /// Keyed digest of the file's name, 64 hexadecimal digits.
    pub name: String,
    /// The path as named, where that was asked for; see [`shown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Size of the file in bytes; 0 in a line that goes on.
    pub bytes: u64,
    /// What came of it.
    pub verdict: FileVerdict,
    /// The extents that were overwritten: first byte on the filesystem's device, and length.
    pub extents: Vec<[u64; 2]>,
    /// The extents go on those of the line before, which is of the same file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continued: bool,
}

impl ManifestLine {
    /// The lines of one file, without line feeds: more than one where it has very many extents. A path of more than 64 KiB is left out.
    ///
    /// # Errors
    /// What serde says; numbers and text can always be written.
    pub fn lines(&self) -> Result<Vec<String>, serde_json::Error> {
        let mut lines = Vec::new();
        let mut chunks = self.extents.chunks(EXTENTS_IN_LINE);
        let first = chunks.next().unwrap_or_default();
        let path = self.path.clone().filter(|path| path.len() <= PATH_LIMIT);
        lines.push(serde_json::to_string(&ManifestLine { path, extents: first.to_vec(), ..self.clone() })?);
        for extents in chunks {
            let more =
                ManifestLine { path: None, bytes: 0, extents: extents.to_vec(), continued: true, ..self.clone() };
            lines.push(serde_json::to_string(&more)?);
        }
        Ok(lines)
    }

    fn is_sound(&self) -> bool {
        self.name.len() == 64
            && self.name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            && self.path.as_ref().is_none_or(|path| !path.is_empty() && path.len() <= PATH_LIMIT)
            && (!self.continued || (self.bytes == 0 && self.path.is_none() && !self.extents.is_empty()))
            // What was only trimmed was not overwritten.
            && (self.verdict != FileVerdict::TrimmedNotOverwritten || self.extents.is_empty())
    }
}

/// A path of any bytes as text: a backslash as `\\`, a byte that is no UTF-8 as `\x` and two hexadecimal digits.
pub fn shown(path: &[u8]) -> String {
    let mut text = String::new();
    for chunk in path.utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text
}

/// What the lines of a manifest add up to.
#[derive(Debug, Clone, Default)]
pub struct ManifestSums {
    lines: u64,
    files: FileCounts,
    bytes: u64,
    extents: u64,
    extent_bytes: u64,
    end: u64,
    list: Sha256,
    last: Option<(String, FileVerdict)>,
}

impl ManifestSums {
    /// Adds a line as it stands in the file, without its line feed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_text(&mut self, line: &[u8]) -> Result<(), String> {
        if line.len() > MANIFEST_LINE {
            return Err(format!("line {} is longer than {MANIFEST_LINE} bytes", self.lines + 1));
        }
        let parsed: ManifestLine =
            serde_json::from_slice(line).map_err(|why| format!("line {}: {why}", self.lines + 1))?;
        self.add(&parsed)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add(&mut self, line: &ManifestLine) -> Result<(), String> {
        self.lines += 1;
        let at = self.lines;
        if !line.is_sound() {
            return Err(format!("line {at} is none of a list of files"));
        }
        if line.continued {
            let same = self.last.as_ref().is_some_and(|(name, verdict)| *name == line.name && *verdict == line.verdict);
            if !same {
                return Err(format!("line {at} goes on with another file than the line before"));
            }
        } else {
            self.files.add(line.verdict);
        }
        self.last = Some((line.name.clone(), line.verdict));
        let too_much = || format!("the numbers of line {at} are too large");
        self.bytes = self.bytes.checked_add(line.bytes).ok_or_else(too_much)?;
        for [first, bytes] in &line.extents {
            let end = first.checked_add(*bytes).filter(|_| *bytes > 0).ok_or_else(too_much)?;
            self.end = self.end.max(end);
            self.extents += 1;
            self.extent_bytes = self.extent_bytes.checked_add(*bytes).ok_or_else(too_much)?;
            self.list.update(first.to_be_bytes());
            self.list.update(bytes.to_be_bytes());
        }
        Ok(())
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Files so far, by verdict.
    pub fn files(&self) -> FileCounts {
        self.files
    }

    /// Sizes of the files so far, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Extents so far, and the bytes in them.
    pub fn extents(&self) -> (u64, u64) {
        (self.extents, self.extent_bytes)
    }

    /// `sha256:` and the digest over the extents so far, in order: first byte and length of each, as big-endian numbers of 64 bits.
    pub fn extents_digest(&self) -> String {
        let digits = self.list.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("sha256:{digits}")
    }

    /// Holds the sums against what the record says.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn against(&self, said: &FilesEntry) -> Result<(), String> {
        let lines = said.manifest.as_ref().map_or(0, |manifest| manifest.lines);
        let mut pairs = vec![("lines", self.lines, lines)];
        pairs.extend(FileVerdict::ALL.map(|v| (v.name(), self.files.get(v), said.verdicts.get(v))));
        pairs.extend([
            ("bytes", self.bytes, said.bytes),
            ("extents", self.extents, said.extents),
            ("extent_bytes", self.extent_bytes, said.extent_bytes),
        ]);
        for (what, lists, says) in pairs {
            if lists != says {
                return Err(format!("it lists {lists} as {what}, and the record says {says}"));
            }
        }
        if self.end > said.device_bytes {
            return Err(format!("an extent ends at byte {}, outside the device", self.end));
        }
        if self.extents_digest() != said.extents_digest {
            return Err("its extents are not those whose digest the record has".into());
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::outcome::{FilesManifest, FilesMapping, FilesSubject};

    fn line(number: u8, verdict: FileVerdict, extents: Vec<[u64; 2]>) -> ManifestLine {
        let name = format!("{number:02x}").repeat(32);
        ManifestLine { name, path: None, bytes: 100, verdict, extents, continued: false }
    }

    fn entry(sums: &ManifestSums) -> FilesEntry {
        FilesEntry {
            subject: FilesSubject::Files,
            filesystem: "ext4".into(),
            mapping: FilesMapping::Fiemap,
            redirected: false,
            device_bytes: 1 << 40,
            count: sums.files().total(),
            bytes: sums.bytes(),
            extents: sums.extents().0,
            extent_bytes: sums.extents().1,
            trimmed_bytes: 0,
            verdicts: sums.files(),
            steps: Vec::new(),
            removed: 0,
            links_removed: 0,
            directories_removed: 0,
            left: 0,
            kept: false,
            extents_digest: sums.extents_digest(),
            manifest: Some(FilesManifest { file: String::new(), digest: String::new(), lines: sums.lines() }),
            names: None,
        }
    }

    #[test]
    fn a_line_stands_as_the_documents_say() {
        let mut one = line(0xab, FileVerdict::ClearedVerified, vec![[4096, 8192], [0, 4096]]);
        let digits = "ab".repeat(32);
        let says = format!(
            r#"{{"name":"{digits}","bytes":100,"verdict":"cleared-verified","extents":[[4096,8192],[0,4096]]}}"#
        );
        assert_eq!(one.lines().unwrap(), [says]);
        one.path = Some(shown(b"a/\xff\\b"));
        assert!(one.lines().unwrap()[0].contains(r#""path":"a/\\xff\\\\b""#), "{:?}", one.lines());
        // `printf '...' | sha256sum` of the 32 bytes.
        let mut sums = ManifestSums::default();
        assert!(sums.extents_digest().ends_with("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        sums.add(&one).unwrap();
        let list = [4096_u64, 8192, 0, 4096].map(u64::to_be_bytes).concat();
        let digits: String = Sha256::digest(list).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(sums.extents_digest(), format!("sha256:{digits}"));
    }

    #[test]
    fn a_file_of_very_many_extents_stands_in_lines_that_can_be_read() {
        let many: Vec<_> = (0..40_000).map(|at| [u64::MAX - 200_000 + at * 4, 2]).collect();
        let one = ManifestLine { path: Some("\u{1}".repeat(PATH_LIMIT)), ..line(1, FileVerdict::NotCleared, many) };
        let lines = one.lines().unwrap();
        assert_eq!(lines.len(), 4);
        let mut sums = ManifestSums::default();
        for text in &lines {
            assert!(text.len() <= MANIFEST_LINE);
            sums.add_text(text.as_bytes()).unwrap();
        }
        assert_eq!((sums.lines(), sums.files().not_cleared, sums.bytes()), (4, 1, 100));
        assert_eq!(sums.extents(), (40_000, 80_000));
    }

    #[test]
    fn each_line_that_lies_is_found() {
        let good = line(1, FileVerdict::ClearedVerified, vec![[0, 4096]]);
        let more = ManifestLine { bytes: 0, continued: true, ..good.clone() };
        let bad: &[(&str, Vec<ManifestLine>)] = &[
            ("is none of", vec![ManifestLine { name: "AB".repeat(32), ..good.clone() }]),
            ("is none of", vec![ManifestLine { name: "ab".into(), ..good.clone() }]),
            ("is none of", vec![ManifestLine { path: Some(String::new()), ..good.clone() }]),
            ("is none of", vec![ManifestLine { verdict: FileVerdict::TrimmedNotOverwritten, ..good.clone() }]),
            ("is none of", vec![good.clone(), ManifestLine { bytes: 1, ..more.clone() }]),
            ("another file", vec![more.clone()]),
            ("another file", vec![line(2, FileVerdict::ClearedVerified, vec![]), more.clone()]),
            ("another file", vec![good.clone(), ManifestLine { verdict: FileVerdict::NotCleared, ..more.clone() }]),
            ("too large", vec![ManifestLine { extents: vec![[0, 0]], ..good.clone() }]),
            ("too large", vec![ManifestLine { extents: vec![[u64::MAX, 1]], ..good.clone() }]),
            ("too large", vec![ManifestLine { bytes: u64::MAX, ..good.clone() }, good.clone()]),
        ];
        for (sentence, lines) in bad {
            let mut sums = ManifestSums::default();
            let why = lines.iter().find_map(|line| sums.add(line).err()).unwrap_or_default();
            assert!(why.contains(sentence), "{sentence}: {why}");
        }
        let mut sums = ManifestSums::default();
        for text in [&b""[..], b"{}", b"null", b"[", &[b' '; MANIFEST_LINE + 1]] {
            assert!(sums.add_text(text).is_err());
        }
    }

    #[test]
    fn sums_that_differ_from_the_record_are_told() {
        let mut sums = ManifestSums::default();
        sums.add(&line(1, FileVerdict::ClearedVerified, vec![[0, 4096], [8192, 4096]])).unwrap();
        sums.add(&line(2, FileVerdict::OverwrittenUnverified, vec![])).unwrap();
        let said = entry(&sums);
        assert_eq!(sums.against(&said), Ok(()));
        type Lie = (&'static str, fn(&mut FilesEntry));
        let lies: &[Lie] = &[
            ("lines", |e| e.manifest.iter_mut().for_each(|m| m.lines += 1)),
            ("cleared-verified", |e| {
                (e.verdicts.cleared_verified, e.verdicts.overwritten_unverified) = (2, 0);
            }),
            ("bytes", |e| e.bytes += 1),
            ("extents", |e| e.extents += 1),
            ("extent_bytes", |e| e.extent_bytes += 512),
            ("outside the device", |e| e.device_bytes = 8192),
            ("digest", |e| e.extents_digest = ManifestSums::default().extents_digest()),
        ];
        for (sentence, lie) in lies {
            let mut said = said.clone();
            lie(&mut said);
            let why = sums.against(&said).unwrap_err();
            assert!(why.contains(sentence), "{sentence}: {why}");
        }
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..4)) {
            let mut sums = ManifestSums::default();
            for line in &lines {
                let _ = sums.add_text(line);
            }
            let _ = sums.against(&entry(&ManifestSums::default()));
        }

        #[test]
        fn whatever_is_written_is_read_as_the_same(
            path in prop::collection::vec(any::<u8>(), 1..40),
            extents in prop::collection::vec((0u64..1 << 40, 1u64..1 << 20), 0..9),
        ) {
            let extents = extents.into_iter().map(|(first, bytes)| [first, bytes]).collect();
            let one = ManifestLine { path: Some(shown(&path)), ..line(7, FileVerdict::OverwrittenUnverified, extents) };
            let lines = one.lines().unwrap();
            prop_assert_eq!(lines.len(), 1);
            prop_assert!(!lines[0].contains('\n'));
            prop_assert_eq!(serde_json::from_str::<ManifestLine>(&lines[0]).unwrap(), one);
        }
    }
}
