//! Markers, and the stream that stands for encryption.

use super::super::bytes;
use super::BLOCK;

const MAGIC: &[u8] = b"DRIVE-SHADOW-MARKER ";
const DIGITS: usize = 20;
/// Bytes that must be unharmed for a marker to count as surviving.
pub(super) const HEAD: usize = 64;

/// The marker that a block starts with: a head that names it, then bytes that no other block has.
pub fn marker(block: u64) -> [u8; BLOCK] {
    let mut data = [0; BLOCK];
    mark(block, &mut data);
    data
}

fn mark(block: u64, data: &mut [u8]) {
    stream(0xa5a5_0001, block, data);
    bytes::put(data, 0, MAGIC);
    bytes::put(data, MAGIC.len(), &digits(block));
}

/// Twenty decimal digits, the last one first to be worked out.
fn digits(mut number: u64) -> [u8; DIGITS] {
    let mut text = [b'0'; DIGITS];
    for digit in text.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    text
}

/// Whether a block's content begins with a whole marker's head.
pub fn is_marker(data: &[u8]) -> bool {
    if !data.starts_with(MAGIC) {
        return false;
    }
    let text: [u8; DIGITS] = bytes::take(data, MAGIC.len());
    let block = text
        .iter()
        .fold(0u64, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0'))));
    let mut head = [0; HEAD];
    mark(block, &mut head);
    data.get(..HEAD) == Some(&head)
}

/// Adds the stream of `key` for `block`: twice gives the data back. Key 0 changes nothing. It keeps no secret; it only
/// makes other bytes of them.
pub(super) fn stream(key: u32, block: u64, data: &mut [u8]) {
    if key == 0 {
        return;
    }
    let mut state = (u64::from(key) << 32 ^ block).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for chunk in data.chunks_mut(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        for (byte, add) in chunk.iter_mut().zip(state.to_le_bytes()) {
            *byte ^= add;
        }
    }
}
