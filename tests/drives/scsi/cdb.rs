//! Command descriptor blocks (SPC-5 4.3, SBC-4 clause 5).

use super::super::bytes::{be16, be24, be32, be64, byte};
use super::{INVALID_FIELD, INVALID_OPCODE, Sense};

/// Which way a block command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the host.
    Read,
    /// To the medium.
    Write,
}

/// A READ or WRITE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which way.
    pub way: Way,
    /// The first logical block.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// READ and WRITE (6), (10), (12), (16); `None`: another command.
pub fn transfer(cdb: &[u8]) -> Option<Transfer> {
    let way = match byte(cdb, 0) {
        0x08 | 0x28 | 0xa8 | 0x88 => Way::Read,
        0x0a | 0x2a | 0xaa | 0x8a => Way::Write,
        _ => return None,
    };
    let (first, count) = match byte(cdb, 0) {
        // A length of 0 means 256 blocks here, and none in the longer ones.
        0x08 | 0x0a => (u64::from(be24(cdb, 1) & 0x1f_ffff), if byte(cdb, 4) == 0 { 256 } else { byte(cdb, 4).into() }),
        0x28 | 0x2a => (u64::from(be32(cdb, 2)), u64::from(be16(cdb, 7))),
        0xa8 | 0xaa => (u64::from(be32(cdb, 2)), u64::from(be32(cdb, 6))),
        _ => (be64(cdb, 2), u64::from(be32(cdb, 10))),
    };
    Some(Transfer { way, first, count })
}

/// Checks that the CDB is as long as its operation code says (SPC-5 4.2.5.1), with a known group.
///
/// # Errors
/// INVALID COMMAND OPERATION CODE or INVALID FIELD IN CDB.
pub fn whole(cdb: &[u8]) -> Result<(), Sense> {
    let length = match byte(cdb, 0) >> 5 {
        _ if cdb.is_empty() => return Err(INVALID_OPCODE),
        0 => 6,
        1 | 2 => 10,
        4 => 16,
        5 => 12,
        _ => return Err(INVALID_OPCODE),
    };
    if cdb.len() < length { Err(INVALID_FIELD) } else { Ok(()) }
}

/// The allocation length of the commands that have one.
pub fn allocation(cdb: &[u8]) -> Option<usize> {
    let length = match byte(cdb, 0) {
        0x12 => u32::from(be16(cdb, 3)),
        0x03 | 0x1a => u32::from(byte(cdb, 4)),
        0x5a | 0x4d | 0x5e => u32::from(be16(cdb, 7)),
        0x9e => be32(cdb, 10),
        0xa0 | 0xa3 | 0xa2 => be32(cdb, 6),
        _ => return None,
    };
    Some(length as usize)
}

/// The pieces of an UNMAP parameter list (SBC-4 5.34): first block and count each.
///
/// # Errors
/// INVALID FIELD IN PARAMETER LIST is the caller's; here only `None` for a list that is cut short.
pub fn unmap_list(list: &[u8]) -> Option<Vec<(u64, u64)>> {
    let length = usize::from(be16(list, 2));
    let descriptors = list.get(8..8 + length)?;
    Some(descriptors.chunks_exact(16).map(|piece| (be64(piece, 0), u64::from(be32(piece, 8)))).collect())
}
