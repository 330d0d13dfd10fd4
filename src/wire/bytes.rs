//! Numbers out of a byte string that may be shorter than it should be.

/// `N` bytes from offset `at` on.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

pub(super) fn byte(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_be_bytes)
}

pub(super) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

pub(super) fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}

pub(super) fn le128(bytes: &[u8], at: usize) -> Option<u128> {
    array(bytes, at).map(u128::from_le_bytes)
}

/// Whether bit `number` of `value` is set.
pub(super) fn bit(value: impl Into<u64>, number: u32) -> bool {
    value.into().checked_shr(number).is_some_and(|rest| rest & 1 == 1)
}

/// A buffer length as a command's length field; a longer one than the field holds is cut to what it holds.
pub(super) fn length32(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes()
}

/// As [`length32`], two bytes.
pub(super) fn length16(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).unwrap_or(u16::MAX).to_be_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_where_they_should_and_nowhere_past_the_end() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        assert_eq!((be16(&bytes, 1), le16(&bytes, 1)), (Some(0x0203), Some(0x0302)));
        assert_eq!((be32(&bytes, 5), be32(&bytes, 6)), (Some(0x0607_0809), None));
        assert_eq!((be64(&bytes, 1).unwrap() & 0xff, le64(&bytes, 2)), (9, None));
        assert_eq!((le32(&bytes, usize::MAX), byte(&bytes, 9), le128(&bytes, 0)), (None, None, None));
        assert!(bit(0x80u8, 7) && !bit(0x80u8, 6) && !bit(u64::MAX, 64));
        assert_eq!((length16(70_000), length32(255)), ([255, 255], [0, 0, 0, 255]));
    }
}
