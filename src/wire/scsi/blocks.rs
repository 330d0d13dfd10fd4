//! Small commands without an answer of their own, and the two that write.

use super::{Command, Data};

/// TEST UNIT READY, 00h (SPC-5, TEST UNIT READY command).
pub fn test_unit_ready() -> Command {
    Command::new("TEST UNIT READY", &[0x00, 0, 0, 0, 0, 0], Data::None)
}

/// In which form REQUEST SENSE is to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SenseWanted {
    /// Fixed format, 18 bytes and more: progress stands in bytes 16 and 17.
    Fixed,
    /// Descriptor format; a device that has none answers in fixed format.
    Descriptor,
}

/// REQUEST SENSE, 03h (SPC-5, REQUEST SENSE command): where a running sanitize shows its progress (SBC-4, Sanitize
/// operations). The answer is data; read it with [`super::Sense::parse`].
pub fn request_sense(wanted: SenseWanted) -> Command {
    let descriptor = u8::from(wanted == SenseWanted::Descriptor);
    Command::new("REQUEST SENSE", &[0x03, descriptor, 0, 0, 252, 0], Data::In(252))
}

/// SYNCHRONIZE CACHE (10), 35h (SBC-4, SYNCHRONIZE CACHE (10) command), over the whole medium, waiting for its end.
pub fn synchronize_cache() -> Command {
    Command::new("SYNCHRONIZE CACHE (10)", &[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], Data::None)
}

/// WRITE SAME (16), 93h (SBC-4, WRITE SAME (16) command), without UNMAP and ANCHOR: `block`, one logical block, is
/// written `blocks` times from `lba` on. A count of 0 would mean 'to the end', or more than the drive takes; `None` for
/// it, and for an empty block.
pub fn write_same_16(lba: u64, blocks: u32, block: Vec<u8>) -> Option<Command> {
    if blocks == 0 || block.is_empty() {
        return None;
    }
    let mut cdb = [0; 16];
    cdb[0] = 0x93;
    cdb[2..10].copy_from_slice(&lba.to_be_bytes());
    cdb[10..14].copy_from_slice(&blocks.to_be_bytes());
    Some(Command::new("WRITE SAME (16)", &cdb, Data::Out(block)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_those_of_the_standards() {
        assert_eq!(test_unit_ready().cdb(), [0; 6]);
        assert_eq!(request_sense(SenseWanted::Fixed).cdb(), [3, 0, 0, 0, 0xfc, 0]);
        assert_eq!(request_sense(SenseWanted::Descriptor).cdb(), [3, 1, 0, 0, 0xfc, 0]);
        assert_eq!(request_sense(SenseWanted::Fixed).data().bytes(), 252);
        assert_eq!(synchronize_cache().cdb(), [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn write_same_states_its_count() {
        let write = write_same_16(0x1_0000_0002, 0x0304, vec![0; 512]).unwrap();
        assert_eq!(write.cdb(), [0x93, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 3, 4, 0, 0]);
        assert_eq!(write.data(), &Data::Out(vec![0; 512]));
        assert_eq!((write_same_16(0, 0, vec![0; 512]), write_same_16(0, 1, vec![])), (None, None));
    }
}
