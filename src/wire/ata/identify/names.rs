//! The texts in IDENTIFY DEVICE data: two characters a word, the first in the upper byte.

use crate::wire::bytes::le16;
use crate::wire::printable;

/// Words 10 to 19, 23 to 26 and 27 to 46 (ACS-4, IDENTIFY DEVICE data).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Names {
    /// SERIAL NUMBER.
    pub serial: Option<String>,
    /// FIRMWARE REVISION.
    pub firmware: Option<String>,
    /// MODEL NUMBER.
    pub model: Option<String>,
}

impl Names {
    /// From the bytes of IDENTIFY DEVICE data, of which some may be missing: a name that is cut is none.
    pub fn parse(data: &[u8]) -> Names {
        let text = |first: usize, last: usize| {
            let words: Option<Vec<u16>> = (first..=last).map(|at| le16(data, 2 * at)).collect();
            words.and_then(|words| text(words.into_iter()))
        };
        Names { serial: text(10, 19), firmware: text(23, 26), model: text(27, 46) }
    }

    pub(super) fn of_words(word: impl Fn(usize) -> u16) -> Names {
        let text = |first: usize, last: usize| text((first..=last).map(&word));
        Names { serial: text(10, 19), firmware: text(23, 26), model: text(27, 46) }
    }
}

fn text(words: impl Iterator<Item = u16>) -> Option<String> {
    let bytes: Vec<u8> = words.flat_map(u16::to_be_bytes).collect();
    printable(&bytes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{data, identify};
    use super::*;

    #[test]
    fn both_ways_read_the_same_names() {
        let words = [(10, 0x5A45), (11, 0x5230), (23, 0x5343), (24, 0x3630), (27, 0x5354), (28, 0x3830)];
        let names = identify(&words).names();
        assert_eq!(names.serial.as_deref(), Some("ZER0"));
        assert_eq!((names.firmware.as_deref(), names.model.as_deref()), (Some("SC60"), Some("ST80")));
        let data = data(&words);
        assert_eq!(Names::parse(&data), names);
        let cut = Names::parse(&data[..60]);
        assert_eq!((cut.firmware.as_deref(), cut.model), (Some("SC60"), None));
    }

    #[test]
    fn names_end_where_their_words_end() {
        let all: Vec<(usize, u16)> = (1..83).map(|at| (at, 0x7878)).collect();
        let data = data(&all);
        for names in [Names::parse(&data), identify(&all).names()] {
            let lengths = [names.serial, names.firmware, names.model].map(|name| name.map(|name| name.len()));
            assert_eq!(lengths, [Some(20), Some(8), Some(40)]);
        }
    }
}
