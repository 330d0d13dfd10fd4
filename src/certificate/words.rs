//! Fingerprints as words that can be read out over a telephone and typed from paper: sixteen of five letters, 16 bits each.
//!
//! A word is consonant, vowel, consonant, vowel, consonant, of 16 consonants and 4 vowels: the same letters as proquints.

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";
/// How many bits each letter of a word holds, from the first on.
const BITS: [u32; 5] = [4, 2, 4, 2, 4];
const WORDS: usize = 16;
/// So many words stand in a group.
const GROUP: usize = 4;

/// The words of a fingerprint (`sha256:` and 64 hexadecimal digits), in four groups: `babad-… … … …`. Empty for what is none.
pub fn fingerprint_words(fingerprint: &str) -> String {
    let digits = fingerprint.strip_prefix("sha256:").unwrap_or(fingerprint);
    if digits.len() != 4 * WORDS || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return String::new();
    }
    let mut text = String::new();
    for at in 0..WORDS {
        let Ok(value) = u16::from_str_radix(&digits[4 * at..4 * at + 4], 16) else { return String::new() };
        if at > 0 {
            text.push(if at.is_multiple_of(GROUP) { ' ' } else { '-' });
        }
        text.push_str(&word(value));
    }
    text
}

/// The fingerprint (`sha256:` and 64 digits) that sixteen words are of, whatever stands between them, in small or capital letters.
pub fn fingerprint_of_words(text: &str) -> Option<String> {
    // Far more than any way of writing sixteen words takes.
    if text.len() > 1000 {
        return None;
    }
    let words: Vec<u16> = text
        .split(|c: char| c == '-' || c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(value)
        .collect::<Option<_>>()?;
    let digits: String = words.iter().map(|word| format!("{word:04x}")).collect();
    (words.len() == WORDS).then(|| format!("sha256:{digits}"))
}

fn letters(at: usize) -> &'static [u8] {
    if at.is_multiple_of(2) { CONSONANTS } else { VOWELS }
}

fn word(value: u16) -> String {
    let mut shift = 16;
    let mut text = String::new();
    for (at, bits) in BITS.into_iter().enumerate() {
        shift -= bits;
        let index = usize::from(value >> shift & ((1 << bits) - 1));
        text.push(char::from(letters(at)[index]));
    }
    text
}

fn value(word: &str) -> Option<u16> {
    if word.len() != BITS.len() {
        return None;
    }
    let mut value = 0u16;
    for (at, (letter, bits)) in word.bytes().zip(BITS).enumerate() {
        let index = letters(at).iter().position(|known| *known == letter.to_ascii_lowercase())?;
        value = value << bits | u16::try_from(index).ok()?;
    }
    Some(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_words_are_the_known_ones() {
        // 127.0.0.1 and 63.84.220.193, the examples of the proposal for proquints.
        for (value, expected) in [(0x7f00, "lusab"), (0x0001, "babad"), (0x3f54, "gutih"), (0xdcc1, "tugad")] {
            assert_eq!(word(value), expected);
        }
        let words = fingerprint_words(&format!("sha256:{}", "7f000001".repeat(8)));
        assert_eq!(words, ["lusab-babad-lusab-babad"; 4].join(" "));
    }

    #[test]
    fn what_is_not_sixteen_words_is_no_fingerprint() {
        let good = fingerprint_words(&"0123456789abcdef".repeat(4));
        let digits = format!("sha256:{}", "0123456789abcdef".repeat(4));
        for written in [good.clone(), good.to_uppercase(), good.replace(' ', "\n"), format!(" {good} ")] {
            assert_eq!(fingerprint_of_words(&written), Some(digits.clone()), "{written}");
        }
        for wrong in
            [&good[6..], &format!("{good} babad"), "", "babad", &good.replace('a', "e"), &good.replace('-', "")]
        {
            assert_eq!(fingerprint_of_words(wrong), None, "{wrong}");
        }
        for wrong in ["", "sha256:", &"0".repeat(63), &"g".repeat(64), &"æ".repeat(32), &"+123".repeat(16)] {
            assert_eq!(fingerprint_words(wrong), "", "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_fingerprint_comes_back_from_its_words(bytes in proptest::array::uniform32(any::<u8>())) {
            let fingerprint: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            let fingerprint = format!("sha256:{fingerprint}");
            prop_assert_eq!(fingerprint_of_words(&fingerprint_words(&fingerprint)), Some(fingerprint));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,200}") {
            let _ = fingerprint_of_words(&text);
            let _ = fingerprint_words(&text);
        }
    }
}
