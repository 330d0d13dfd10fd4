//! Text from a drive: bytes that may be anything.

use std::fmt::Write as _;

/// Longest text that is believed and shown, in characters.
const MOST_TEXT: usize = 256;

/// Text up to the first NUL, trimmed, anything but printable ASCII replaced by `?`; `None` where nothing is left.
pub fn printable(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.split(|b| *b == 0).next()?.trim_ascii();
    let shown = |b: &u8| if *b == b' ' || b.is_ascii_graphic() { char::from(*b) } else { '?' };
    let text: String = bytes.iter().take(MOST_TEXT).map(shown).collect();
    (!text.is_empty()).then_some(text)
}

/// Lower-case hexadecimal digits, two a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printable_text_comes_through() {
        assert_eq!(printable(b"  ST\x1b[2J00 \0junk").as_deref(), Some("ST?[2J00"));
        assert_eq!((printable(b"   "), printable(b""), printable(b"\0x")), (None, None, None));
        assert_eq!(printable(&[b'x'; 1000]).map(|t| t.len()), Some(256));
        assert_eq!(hex(&[0, 0xab]), "00ab");
    }
}
