//! Media access: READ, WRITE, READ VERIFY, DATA SET MANAGEMENT (ACS-3 7.6).

use super::super::bytes::le64;
use super::super::medium::BLOCK;
use super::{Answer, Command, Sata, aborted, data, good, not_found};

impl Sata {
    /// First address and number of blocks; a count of 0 means 256, or 65536 for 48-bit commands.
    fn extent(&self, command: &Command) -> Result<(u64, u64), Answer> {
        let count = match (command.count, command.ext) {
            (0, false) => 256,
            (0, true) => 65536,
            (count, _) => u64::from(count),
        };
        if command.lba + count > self.accessible() { Err(not_found()) } else { Ok((command.lba, count)) }
    }

    pub(super) fn read(&mut self, command: &Command) -> Answer {
        let (first, count) = match self.extent(command) {
            Ok(extent) => extent,
            Err(answer) => return answer,
        };
        let bad = self.gear.faults.unreadable(first, count);
        let mut content = Vec::with_capacity(count as usize * BLOCK);
        for block in first..first + count {
            match self.gear.medium.read(block) {
                Ok(read) if Some(block) != bad => content.extend(read),
                _ => return uncorrectable(block),
            }
        }
        data(content)
    }

    pub(super) fn verify(&mut self, command: &Command) -> Answer {
        match self.read(command) {
            Answer { status: 0x50, .. } => good(),
            answer => answer,
        }
    }

    pub(super) fn write(&mut self, command: &Command, out: &[u8]) -> Answer {
        let (first, count) = match self.extent(command) {
            Ok(extent) => extent,
            Err(answer) => return answer,
        };
        if (out.len() as u64) < count * BLOCK as u64 {
            return aborted(0);
        }
        self.gear.untouched = false;
        let bad = self.gear.faults.unwritable(first, count);
        for (block, content) in (first..first + count).zip(out.chunks(BLOCK)) {
            if Some(block) == bad || self.gear.medium.write(block, content).is_err() {
                // Device fault: ACS-3 has no error bit for a write that the medium did not take.
                return Answer { status: 0x71, error: 0x04, lba: block, ..good() };
            }
        }
        good()
    }

    /// TRIM: entries of address (48 bits) and length (16 bits); length 0 is no entry.
    pub(super) fn data_set_management(&mut self, command: &Command, out: &[u8]) -> Answer {
        if self.traits.trim.is_none() || command.feature & 1 == 0 || command.count == 0 || command.count > 8 {
            return aborted(0);
        }
        let length = usize::from(command.count) * 512;
        let Some(list) = out.get(..length) else { return aborted(0) };
        for entry in list.chunks(8) {
            let entry = le64(entry, 0);
            let (first, count) = (entry & 0xffff_ffff_ffff, entry >> 48);
            if first + count > self.accessible() {
                return not_found();
            }
            if self.gear.medium.deallocate(first..first + count).is_err() {
                return aborted(0);
            }
        }
        good()
    }
}

fn uncorrectable(block: u64) -> Answer {
    Answer { status: 0x51, error: 0x40, lba: block, ..good() }
}
