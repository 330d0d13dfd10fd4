//! The ring of commands shared with target_core_user (struct tcmu_mailbox, struct tcmu_cmd_entry).

use std::collections::VecDeque;
use std::fs::File;
use std::io;

use crate::sys::Mapping;

// struct tcmu_mailbox.
const FLAGS: usize = 2;
const RING_OFFSET: usize = 4;
const RING_SIZE: usize = 8;
const HEAD: usize = 12;
const TAIL: usize = 64;
/// Answers may come in another order than the questions.
const CAN_REORDER: u16 = 1;
/// An answer may tell that it is shorter than the buffer.
const CAN_BE_SHORT: u16 = 2;

// struct tcmu_cmd_entry; the request and its response share the bytes after the header.
const ID: usize = 4;
const USER_FLAGS: usize = 7;
const SEGMENTS: usize = 8;
const CDB_OFFSET: usize = 24;
const FIRST_SEGMENT: usize = 48;
const STATUS: usize = 8;
const READ_BYTES: usize = 12;
const SENSE: usize = 16;
const SENSE_ROOM: usize = 96;

const OP_PAD: u32 = 0;
const OP_COMMAND: u32 = 1;
const OP_MASK: u32 = 7;
const UNKNOWN_OP: u8 = 1;
const READ_BYTES_TOLD: u8 = 2;

/// The longest CDB that is looked at; the ring does not tell its length.
const CDB_ROOM: usize = 32;

/// One question.
pub struct Command {
    id: u16,
    /// The CDB, cut to the length of its group (SPC-5 §4.2).
    pub cdb: Vec<u8>,
    /// The buffer as it came.
    pub data_out: Vec<u8>,
    /// Where the buffer lies: offset and bytes.
    segments: Vec<(usize, usize)>,
}

impl Command {
    /// Bytes of data-in that there is room for.
    pub fn max_in(&self) -> usize {
        self.segments.iter().map(|(_, bytes)| bytes).sum()
    }
}

/// A place in the ring that the kernel has not got back.
struct Slot {
    bytes: u32,
    command: bool,
}

/// The ring, seen from the side that answers.
pub struct Ring {
    map: Mapping,
    offset: usize,
    size: u32,
    /// Up to here questions were taken.
    next: u32,
    /// Up to here the kernel has its places back.
    tail: u32,
    slots: VecDeque<Slot>,
}

fn bad(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl Ring {
    /// Maps `bytes` bytes of the UIO device.
    pub fn map(device: &File, bytes: usize) -> io::Result<Ring> {
        let map = Mapping::shared(device, bytes)?;
        let flags = u16::from_ne_bytes([map.read(FLAGS, 1)?[0], map.read(FLAGS + 1, 1)?[0]]);
        if flags & CAN_REORDER == 0 || flags & CAN_BE_SHORT == 0 {
            return Err(bad(format!("the kernel's ring has flags {flags:#x}: too old")));
        }
        let (offset, size, tail) = (map.load(RING_OFFSET)? as usize, map.load(RING_SIZE)?, map.load(TAIL)?);
        if size == 0 {
            return Err(bad("the kernel's ring is empty"));
        }
        Ok(Ring { map, offset, size, next: tail, tail, slots: VecDeque::new() })
    }

    fn entry(&self, position: u32) -> usize {
        self.offset + position as usize
    }

    /// The next question, if there is one.
    pub fn take(&mut self) -> io::Result<Option<Command>> {
        while self.next != self.map.load(HEAD)? {
            let entry = self.entry(self.next);
            let word = self.map.load(entry)?;
            let (op, bytes) = (word & OP_MASK, word & !OP_MASK);
            if bytes == 0 {
                return Err(bad(format!("an entry without a length at {}", self.next)));
            }
            self.next = (self.next + bytes) % self.size;
            self.slots.push_back(Slot { bytes, command: op == OP_COMMAND });
            match op {
                OP_COMMAND => return self.command(entry).map(Some),
                OP_PAD => {}
                _ => self.map.write(entry + USER_FLAGS, &[UNKNOWN_OP])?,
            }
            self.give_back_others()?;
        }
        Ok(None)
    }

    fn command(&self, entry: usize) -> io::Result<Command> {
        let number = |at: usize| -> io::Result<usize> {
            let bytes = self.map.read(at, 8)?;
            let value = u64::from_ne_bytes(bytes.try_into().map_err(|_| bad("eight bytes"))?);
            usize::try_from(value).map_err(|_| bad("an offset that is too large"))
        };
        let id = self.map.read(entry + ID, 2)?;
        let count = self.map.load(entry + SEGMENTS)? as usize;
        let mut segments = Vec::new();
        for at in (0..count).map(|i| entry + FIRST_SEGMENT + 16 * i) {
            segments.push((number(at)?, number(at + 8)?));
        }
        let mut data_out = Vec::new();
        for (at, bytes) in &segments {
            data_out.extend(self.map.read(*at, *bytes)?);
        }
        let mut cdb = self.map.read(number(entry + CDB_OFFSET)?, CDB_ROOM)?;
        cdb.truncate(cdb_bytes(cdb[0]));
        Ok(Command { id: u16::from_ne_bytes([id[0], id[1]]), cdb, data_out, segments })
    }

    /// Answers `command`. The caller rings the doorbell.
    pub fn complete(&mut self, command: &Command, status: u8, sense: &[u8], data: &[u8]) -> io::Result<()> {
        let mut rest = data;
        for (at, bytes) in &command.segments {
            let (now, later) = rest.split_at(rest.len().min(*bytes));
            self.map.write(*at, now)?;
            // No length means all of it to the kernel: it must not hand out what an earlier command left in the buffer.
            self.map.write(*at + now.len(), &vec![0; bytes - now.len()])?;
            rest = later;
        }
        let sent = data.len() - rest.len();
        // A question that is never answered keeps its place; so the answer goes into the first place that is left, with the
        // number of its question.
        self.give_back_others()?;
        let slot = self.slots.pop_front().ok_or_else(|| bad("an answer without a place"))?;
        let entry = self.entry(self.tail);
        let mut flags = self.map.read(entry + USER_FLAGS, 1)?[0];
        if sent > 0 {
            flags |= READ_BYTES_TOLD;
        }
        self.map.write(entry + USER_FLAGS, &[flags])?;
        self.map.write(entry + ID, &command.id.to_ne_bytes())?;
        self.map.write(entry + STATUS, &[status, 0, 0, 0])?;
        self.map.write(entry + READ_BYTES, &u32::try_from(sent).map_err(|_| bad("too much data"))?.to_ne_bytes())?;
        let mut field = [0; SENSE_ROOM];
        let bytes = sense.len().min(SENSE_ROOM);
        field[..bytes].copy_from_slice(&sense[..bytes]);
        self.map.write(entry + SENSE, &field)?;
        self.advance(slot.bytes)?;
        self.give_back_others()
    }

    /// Gives places at the front back that hold no command.
    fn give_back_others(&mut self) -> io::Result<()> {
        while self.slots.front().is_some_and(|slot| !slot.command) {
            if let Some(slot) = self.slots.pop_front() {
                self.advance(slot.bytes)?;
            }
        }
        Ok(())
    }

    fn advance(&mut self, bytes: u32) -> io::Result<()> {
        self.tail = (self.tail + bytes) % self.size;
        self.map.store(TAIL, self.tail)
    }
}

/// The length of a CDB by its group code (SPC-5 §4.2.5.1); a variable one (7Fh) tells it in byte 7, and is kept whole here.
fn cdb_bytes(operation: u8) -> usize {
    match operation {
        0x7F => CDB_ROOM,
        _ => match operation >> 5 {
            0 => 6,
            1 | 2 => 10,
            4 => 16,
            5 => 12,
            _ => 16,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: usize = 1 << 16;
    const RING: u32 = 4096;
    const AT: usize = 4096;
    const DATA: usize = 16384;

    /// The kernel's side of a ring, over a plain file.
    struct Kernel {
        map: Mapping,
        head: u32,
    }

    fn made() -> (Kernel, Ring) {
        let path =
            std::env::temp_dir().join(format!("radera-ring-{}-{:?}", std::process::id(), std::thread::current().id()));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        file.set_len(MAP as u64).unwrap();
        let map = Mapping::shared(&file, MAP).unwrap();
        map.write(FLAGS, &(CAN_REORDER | CAN_BE_SHORT).to_ne_bytes()).unwrap();
        map.store(RING_OFFSET, AT as u32).unwrap();
        map.store(RING_SIZE, RING).unwrap();
        (Kernel { map, head: 0 }, Ring::map(&file, MAP).unwrap())
    }

    impl Kernel {
        fn put(&mut self, op: u32, bytes: u32) -> usize {
            let entry = AT + self.head as usize;
            self.map.write(entry, &[0; 8]).unwrap();
            self.map.store(entry, bytes | op).unwrap();
            self.head = (self.head + bytes) % RING;
            self.map.store(HEAD, self.head).unwrap();
            entry
        }

        /// A command with one segment of 512 bytes, each of them its number.
        fn ask(&mut self, id: u16, operation: u8) {
            let entry = self.put(OP_COMMAND, 128);
            let data = DATA + 512 * usize::from(id);
            self.map.write(data, &[id as u8; 512]).unwrap();
            self.map.write(entry + ID, &id.to_ne_bytes()).unwrap();
            self.map.store(entry + SEGMENTS, 1).unwrap();
            self.map.write(entry + CDB_OFFSET, &(entry as u64 + 80).to_ne_bytes()).unwrap();
            self.map.write(entry + FIRST_SEGMENT, &(data as u64).to_ne_bytes()).unwrap();
            self.map.write(entry + FIRST_SEGMENT + 8, &512u64.to_ne_bytes()).unwrap();
            self.map.write(entry + 80, &[operation, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]).unwrap();
        }

        /// Number and status of the answers from `from` to the tail.
        fn answers(&self, mut from: u32) -> Vec<(u16, u8)> {
            let mut found = Vec::new();
            while from != self.map.load(TAIL).unwrap() {
                let entry = AT + from as usize;
                let word = self.map.load(entry).unwrap();
                if word & OP_MASK == OP_COMMAND {
                    let id = self.map.read(entry + ID, 2).unwrap();
                    found.push((u16::from_ne_bytes([id[0], id[1]]), self.map.read(entry + STATUS, 1).unwrap()[0]));
                }
                from = (from + (word & !OP_MASK)) % RING;
            }
            found
        }
    }

    #[test]
    fn questions_come_whole_and_answers_go_where_they_belong() {
        let (mut kernel, mut ring) = made();
        kernel.ask(5, 0x28);
        let command = ring.take().unwrap().unwrap();
        assert_eq!(command.cdb, [0x28, 1, 2, 3, 4, 5, 6, 7, 8, 9], "cut to ten bytes");
        assert_eq!((command.data_out.as_slice(), command.max_in()), (&[5; 512][..], 512));
        assert!(ring.take().unwrap().is_none());
        ring.complete(&command, 2, &[0x70, 0, 5], b"abc").unwrap();
        assert_eq!(kernel.answers(0), [(5, 2)]);
        assert_eq!(kernel.map.read(AT + SENSE, 4).unwrap(), [0x70, 0, 5, 0]);
        assert_eq!(kernel.map.load(AT + READ_BYTES).unwrap(), 3);
        assert_eq!(kernel.map.read(AT + USER_FLAGS, 1).unwrap(), [READ_BYTES_TOLD]);
        let buffer = kernel.map.read(DATA + 512 * 5, 512).unwrap();
        assert!(
            buffer.starts_with(b"abc\0") && buffer[3..].iter().all(|byte| *byte == 0),
            "no old bytes are handed out"
        );
    }

    #[test]
    fn a_question_without_an_answer_holds_up_no_other() {
        let (mut kernel, mut ring) = made();
        let mut silent = Vec::new();
        let mut answered = 0;
        // Three times round the ring, with padding where the kernel would put it.
        for id in 0..90u16 {
            if kernel.head + 128 > RING - 64 {
                kernel.put(OP_PAD, RING - kernel.head);
            }
            let from = kernel.map.load(TAIL).unwrap();
            kernel.ask(id % 60, 0x00);
            let command = ring.take().unwrap().unwrap();
            if id == 1 || id == 40 {
                silent.push(command);
                continue;
            }
            ring.complete(&command, 0, &[], &[]).unwrap();
            assert_eq!(kernel.answers(from).last(), Some(&(id % 60, 0)));
            answered += 1;
        }
        assert_eq!((answered, silent.len()), (88, 2));
        let held = (kernel.head + RING - kernel.map.load(TAIL).unwrap()) % RING;
        assert_eq!(held, 2 * 128, "two places are not given back");
    }

    #[test]
    fn nonsense_from_the_other_side_is_an_error() {
        let (mut kernel, mut ring) = made();
        kernel.ask(1, 0);
        kernel.map.write(AT + CDB_OFFSET, &u64::MAX.to_ne_bytes()).unwrap();
        assert!(ring.take().is_err());
        let (mut kernel, mut ring) = made();
        kernel.put(OP_COMMAND, 0);
        kernel.map.store(HEAD, 128).unwrap();
        assert!(ring.take().is_err());
    }
}
