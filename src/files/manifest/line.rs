//! One line of a manifest: how it is written, and how one that a stranger hands us is read.

use serde::{Deserialize, Serialize};

use crate::files::Mapping;
use crate::media::ByteRange;
use crate::outcome::FileVerdict;

/// Extents in one line; a file with more of them goes on in the next line.
pub(super) const MOST_EXTENTS: usize = 10_000;
/// Bytes in one line. The longest that is written is well below: a path of 4096 bytes, three times, and the extents.
pub(super) const LONGEST: usize = 1 << 20;

/// What became of one file; a line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Keyed BLAKE3 digest of the path's bytes, 64 hexadecimal digits; see [`name_of`].
    pub name: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// What became of it.
    pub verdict: FileVerdict,
    /// First byte on the block device and length in bytes of each run of blocks that it had, in order of the file.
    pub extents: Vec<[u64; 2]>,
    /// The line before is of the same file, which has too many extents for one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub continued: bool,
    /// The path, where names are to be listed; what is not UTF-8 in it is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The bytes of the path in hexadecimal, where it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_hex: Option<String>,
}

/// The keyed BLAKE3 digest of a path's bytes. Who has the key can tell whether a path is among the names; nobody else can.
pub fn name_of(key: &[u8; 32], path: &[u8]) -> String {
    blake3::keyed_hash(key, path).to_hex().to_string()
}

impl Line {
    /// The lines of one file: one, unless its extents are many.
    pub fn of(name: &str, path: Option<&[u8]>, bytes: u64, verdict: FileVerdict, mapping: &Mapping) -> Vec<Line> {
        let all: Vec<[u64; 2]> = mapping.extents.iter().map(|e| [e.physical, e.bytes]).collect();
        let line = |number: usize, extents: &[[u64; 2]]| Line {
            name: name.into(),
            bytes,
            verdict,
            extents: extents.to_vec(),
            continued: number > 0,
            path: path.filter(|_| number == 0).map(|path| String::from_utf8_lossy(path).into_owned()),
            path_hex: path
                .filter(|path| number == 0 && std::str::from_utf8(path).is_err())
                .map(|path| path.iter().map(|byte| format!("{byte:02x}")).collect()),
        };
        if all.is_empty() {
            return vec![line(0, &[])];
        }
        all.chunks(MOST_EXTENTS).enumerate().map(|(number, extents)| line(number, extents)).collect()
    }

    /// Reads a line, without its line feed. `None`: it is none of ours; what it says can't be relied on.
    pub fn parse(text: &[u8]) -> Option<Line> {
        if text.len() > LONGEST {
            return None;
        }
        let line: Line = serde_json::from_slice(text).ok()?;
        let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let named = line.name.len() == 64 && is_hex(&line.name);
        let path =
            line.path_hex.as_ref().is_none_or(|hex| line.path.is_some() && is_hex(hex) && hex.len().is_multiple_of(2));
        let bounded =
            |[first, bytes]: &[u64; 2]| *bytes > 0 && first.checked_add(*bytes).is_some_and(|end| end < 1 << 63);
        let extents = line.extents.len() <= MOST_EXTENTS && line.extents.iter().all(bounded);
        (named && path && extents).then_some(line)
    }

    /// The runs of blocks on the device.
    pub fn ranges(&self) -> impl Iterator<Item = ByteRange> {
        self.extents.iter().map(|[first, bytes]| ByteRange::new(*first, *bytes))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::Extent;

    fn mapping(count: u64) -> Mapping {
        let extent = |n| Extent { logical: n * 4096, physical: (1 << 62) - n * 8192, bytes: 4096, unwritten: false };
        Mapping { extents: (0..count).map(extent).collect() }
    }

    #[test]
    fn a_file_with_many_extents_takes_more_lines_and_none_is_too_long() {
        let most = MOST_EXTENTS as u64;
        for (extents, lines) in [(0, 1), (1, 1), (most, 1), (most + 1, 2), (3 * most, 3)] {
            let path = [0xff; 4096];
            let made = Line::of(&name_of(&[1; 32], &path), Some(&path), 5, FileVerdict::NotCleared, &mapping(extents));
            assert_eq!(made.len(), lines);
            assert_eq!(made.iter().map(|line| line.extents.len() as u64).sum::<u64>(), extents);
            for (number, line) in made.iter().enumerate() {
                let text = serde_json::to_vec(line).unwrap();
                assert!(text.len() < LONGEST, "{} bytes", text.len());
                assert_eq!(Line::parse(&text).as_ref(), Some(line));
                assert_eq!((line.continued, line.path_hex.is_some()), (number > 0, number == 0));
            }
        }
    }

    #[test]
    fn names_say_nothing_without_the_key() {
        let (one, other) = (name_of(&[1; 32], b"/srv/a"), name_of(&[2; 32], b"/srv/a"));
        assert!(one != other && one.len() == 64 && one != name_of(&[1; 32], b"/srv/b"));
        let made = Line::of(&one, None, 1, FileVerdict::ClearedVerified, &mapping(1));
        let line = &made[0];
        let text = serde_json::to_string(line).unwrap();
        assert_eq!(
            text,
            format!(
                r#"{{"name":"{one}","bytes":1,"verdict":"cleared-verified","extents":[[4611686018427387904,4096]]}}"#
            )
        );
    }

    #[test]
    fn lines_that_can_not_be_are_refused() {
        let good = format!(r#"{{"name":"{}","bytes":1,"verdict":"not-cleared","extents":[[0,1]]}}"#, "a".repeat(64));
        assert!(Line::parse(good.as_bytes()).is_some());
        for (old, new) in [
            ("[[0,1]]", "[[0,0]]"),
            ("[[0,1]]", "[[18446744073709551615,1]]"),
            ("[[0,1]]", "[[9223372036854775807,1]]"),
            ("[[0,1]]", "[[0]]"),
            ("[[0,1]]", "[[-1,1]]"),
            ("[[0,1]]", "[[0.5,1]]"),
            ("not-cleared", "gone"),
            ("\"aaaa", "\"AAAA"),
            ("\"aaaa", "\"aaa"),
            ("}", r#","more":1}"#),
            ("}", r#","path_hex":"00"}"#),
            ("}", r#","path":"a","path_hex":"0"}"#),
            ("}", ""),
        ] {
            let bad = good.replacen(old, new, 1);
            assert!(bad != good && Line::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(Line::parse(&vec![b' '; LONGEST + 1]).is_none());
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(text in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..200, flip in any::<u8>()) {
            let _ = Line::parse(&text);
            let name = name_of(&[0; 32], &text);
            let made = Line::of(&name, Some(&text), 7, FileVerdict::ClearedVerified, &mapping(2));
            let line = &made[0];
            let mut bytes = serde_json::to_vec(line).unwrap();
            let parsed = Line::parse(&bytes);
            prop_assert_eq!(parsed.as_ref(), Some(line));
            let at = cut.min(bytes.len() - 1);
            bytes[at] ^= flip;
            if let Some(read) = Line::parse(&bytes) {
                prop_assert!(read.ranges().all(|range| range.bytes > 0 && range.end() > range.first_byte));
            }
        }
    }
}
