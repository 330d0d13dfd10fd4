//! SMART (ACS-3 7.48), as much as a health report needs.

use super::super::bytes::put;
use super::{Answer, Command, Sata, aborted, data, good};

const SIGNATURE: u64 = 0xc2_4f00;

impl Sata {
    /// SMART READ DATA, thresholds, logs, ENABLE and RETURN STATUS. The signature C24Fh stands in LBA 23:8.
    pub(super) fn smart(&self, command: &Command) -> Answer {
        if command.lba & 0xff_ff00 != SIGNATURE {
            return aborted(0);
        }
        match command.feature {
            0xd0 => data(self.attributes()),
            0xd1 => data(thresholds()),
            0xd5 => data(vec![0; 512 * usize::from(command.count.max(1))]),
            0xd2 | 0xd8 | 0xdb => good(),
            // No threshold exceeded: the signature comes back as it is.
            0xda => Answer { lba: SIGNATURE, ..good() },
            _ => aborted(0),
        }
    }

    /// Reallocated sectors (5), power-on hours (9), power cycles (12), pending (197), uncorrectable (198).
    fn attributes(&self) -> Vec<u8> {
        let remapped = self.gear.medium.layout().remapped;
        let hours = 1000 + self.gear.clock.now() / 3_600_000;
        let mut content = vec![0; 512];
        put(&mut content, 0, &16u16.to_le_bytes());
        let list = [(5, remapped), (9, hours), (12, self.power_cycles), (197, 0), (198, 0)];
        for (index, (number, raw)) in list.into_iter().enumerate() {
            let at = 2 + 12 * index;
            put(&mut content, at, &[number, 0x33, 0x00, 100, 100]);
            put(&mut content, at + 5, raw.to_le_bytes().get(..6).unwrap_or_default());
        }
        put(&mut content, 368, &[0x03, 0x00]);
        checked(content)
    }
}

fn thresholds() -> Vec<u8> {
    let mut content = vec![0; 512];
    put(&mut content, 0, &16u16.to_le_bytes());
    for (index, number) in [5, 9, 12, 197, 198].into_iter().enumerate() {
        put(&mut content, 2 + 12 * index, &[number, 10]);
    }
    checked(content)
}

/// The sum of all 512 bytes is zero.
fn checked(mut content: Vec<u8>) -> Vec<u8> {
    let sum = content.iter().take(511).fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    put(&mut content, 511, &[sum.wrapping_neg()]);
    content
}
