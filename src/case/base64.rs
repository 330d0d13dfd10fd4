//! Base64 (RFC 4648 §4), with padding and in one form only.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The digits of `bytes`.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = (0..3).fold(0u32, |value, at| value << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS.get((value >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// The bytes of `text`, if it is exactly what [`encode`] makes of them.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.as_bytes().chunks(4) {
        let digits = group.iter().take_while(|c| **c != b'=').count();
        let mut value = 0u32;
        for at in 0..4 {
            let digit = match group.get(at).filter(|_| at < digits) {
                Some(c) => DIGITS.iter().position(|d| d == c)?,
                None => 0,
            };
            value = value << 6 | u32::try_from(digit).ok()?;
        }
        let [_, a, b, c] = value.to_be_bytes();
        bytes.extend([a, b, c].iter().take(digits.checked_sub(1)?));
    }
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, text) in vectors {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), plain.as_bytes());
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all)).unwrap(), all);
    }

    #[test]
    fn there_is_one_text_of_any_bytes() {
        for text in ["Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Z===", "====", "Zm9v=", "Zm-v", "Zm9vZg", "Zg==Zg=="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
