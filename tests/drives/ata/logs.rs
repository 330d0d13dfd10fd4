//! General purpose logs (ACS-3 7.24, clause 9): the directory, the NCQ error log, and the IDENTIFY DEVICE data log.

use super::super::bytes::{put, sized};
use super::{Answer, Command, Sata, aborted, data};

/// Logs that exist and their pages (ACS-3 9.2).
const LOGS: [(u16, u16); 3] = [(0x00, 1), (0x10, 1), (0x30, 9)];
/// Pages of log 30h that exist (ACS-3 9.11.2).
const PAGES: [u8; 8] = [0, 1, 2, 3, 4, 5, 6, 8];
const VALID: u64 = 1 << 63;

impl Sata {
    /// READ LOG EXT and READ LOG DMA EXT: log address in LBA 7:0, page in LBA 39:32 and 15:8.
    pub(super) fn read_log(&self, command: &Command) -> Answer {
        let log = (command.lba & 0xff) as u16;
        let first = (command.lba >> 8 & 0xff) | (command.lba >> 32 & 0xff) << 8;
        let Some((_, pages)) = LOGS.iter().find(|(address, _)| *address == log) else { return aborted(0) };
        let last = first + u64::from(command.count);
        if command.count == 0 || last > u64::from(*pages) {
            return aborted(0);
        }
        data((first..last).flat_map(|page| self.log_page(log, page as u8)).collect())
    }

    fn log_page(&self, log: u16, page: u8) -> Vec<u8> {
        let mut content = vec![0; 512];
        match log {
            0x00 => {
                put(&mut content, 0, &1u16.to_le_bytes());
                for (address, pages) in LOGS.iter().skip(1) {
                    put(&mut content, usize::from(2 * address), &pages.to_le_bytes());
                }
            }
            // NCQ command error: byte 0 bit 7 says that the last error was no queued command's.
            0x10 => {
                put(&mut content, 0, &[0x80]);
                let sum = content.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
                put(&mut content, 511, &[sum.wrapping_neg()]);
            }
            _ => content = self.identify_log(page),
        }
        content
    }

    /// A page of the IDENTIFY DEVICE data log (ACS-3 9.11).
    fn identify_log(&self, page: u8) -> Vec<u8> {
        if !PAGES.contains(&page) {
            return vec![0; 512];
        }
        if page == 1 {
            return self.identify();
        }
        let mut content = vec![0; 512];
        let header = 1 | u64::from(page) << 16 | if page == 0 { 0 } else { VALID };
        put(&mut content, 0, &header.to_le_bytes());
        match page {
            0 => {
                put(&mut content, 8, &[PAGES.len() as u8]);
                put(&mut content, 9, &PAGES);
            }
            2 => {
                let capacity = VALID | self.accessible();
                put(&mut content, 8, &capacity.to_le_bytes());
                put(&mut content, 16, &VALID.to_le_bytes());
            }
            6 => self.security_page(&mut content),
            _ => {}
        }
        sized(content, 512)
    }

    /// Page 06h (ACS-4 9.11.8): password identifier, status, times in two-minute units, and at 48 the capabilities:
    /// bit 0 encrypts all user data, bit 7 restricted sanitize overrides security.
    fn security_page(&self, content: &mut [u8]) {
        let traits = &self.traits;
        let [_, _, _, normal, enhanced] = traits.seconds;
        let quadwords = [
            (8, VALID | u64::from(self.security.revision)),
            (16, VALID | u64::from(self.security.word(traits.enhanced))),
            (24, VALID | enhanced.div_ceil(120)),
            (32, VALID | normal.div_ceil(120)),
            (48, VALID | u64::from(traits.encrypts) | u64::from(traits.sanitize_overrides_security) << 7),
        ];
        for (offset, value) in quadwords {
            put(content, offset, &value.to_le_bytes());
        }
    }
}
