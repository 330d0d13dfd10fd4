//! Fields in buffers. Reading past the end gives zeros and writing past it is dropped, so that no command, however
//! short its buffers, can bring a drive down.

/// The `N` bytes at `at`, zeros where the buffer ends before.
pub fn take<const N: usize>(from: &[u8], at: usize) -> [u8; N] {
    let mut field = [0; N];
    for (offset, byte) in field.iter_mut().enumerate() {
        *byte = from.get(at.saturating_add(offset)).copied().unwrap_or(0);
    }
    field
}

/// The byte at `at`, zero past the end.
pub fn byte(from: &[u8], at: usize) -> u8 {
    from.get(at).copied().unwrap_or(0)
}

/// A big-endian 16-bit field.
pub fn be16(from: &[u8], at: usize) -> u16 {
    u16::from_be_bytes(take(from, at))
}

/// A big-endian 24-bit field.
pub fn be24(from: &[u8], at: usize) -> u32 {
    u32::from(byte(from, at)) << 16 | u32::from(be16(from, at + 1))
}

/// A big-endian 32-bit field.
pub fn be32(from: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(take(from, at))
}

/// A big-endian 64-bit field.
pub fn be64(from: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(take(from, at))
}

/// A little-endian 16-bit field.
pub fn le16(from: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(take(from, at))
}

/// A little-endian 32-bit field.
pub fn le32(from: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(take(from, at))
}

/// A little-endian 64-bit field.
pub fn le64(from: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(take(from, at))
}

/// Writes a field; what lies past the end is dropped.
pub fn put(into: &mut [u8], at: usize, field: &[u8]) {
    for (offset, byte) in field.iter().enumerate() {
        if let Some(slot) = into.get_mut(at + offset) {
            *slot = *byte;
        }
    }
}

/// A fixed-width text field, padded with spaces.
pub fn text(words: &str, width: usize) -> Vec<u8> {
    let mut field = words.as_bytes().to_vec();
    field.resize(width, b' ');
    field
}

/// `data` cut or padded with zeros to `length`.
pub fn sized(mut data: Vec<u8>, length: usize) -> Vec<u8> {
    data.resize(length, 0);
    data
}

/// Lower-case hexadecimal.
pub fn hex(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of a hexadecimal text; `None` where it is none.
pub fn unhex(words: &str) -> Option<Vec<u8>> {
    if !words.is_ascii() || !words.len().is_multiple_of(2) {
        return None;
    }
    (0..words.len() / 2).map(|at| u8::from_str_radix(words.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}
