//! Get Log Page (NVMe 1.4 5.14): error, health, firmware slots, commands and effects, sanitize status.

use super::super::bytes::{byte, le64, put, text};
use super::super::gear::Outcome;
use super::sanitize::{AUSE, PREQ};
use super::{Done, Nvme, Stop, dword, status};

impl Nvme {
    /// Get Log Page: LID in CDW10 7:0, dwords wanted (from 0) in CDW10 31:16 and CDW11 15:0, offset in CDW12 and 13.
    pub(super) fn log_page(&mut self, sqe: &[u8; 64]) -> Done {
        let wanted = u64::from(dword(sqe, 10) >> 16 | dword(sqe, 11) << 16) + 1;
        let offset = le64(sqe, 48);
        if wanted > 1 << 20 || !offset.is_multiple_of(4) {
            return Err(status::INVALID_FIELD.into());
        }
        let page = match byte(sqe, 40) {
            0x01 => vec![0; 64],
            0x02 => self.health(),
            0x03 => {
                let mut page = vec![0; 512];
                put(&mut page, 0, &[1]);
                put(&mut page, 8, &text(&self.traits.firmware, 8));
                page
            }
            0x04 => vec![0; 4096],
            0x05 => self.effects(),
            0x81 => {
                if !self.gear.look() {
                    return Err(Stop::Gone);
                }
                self.sanitize_status()
            }
            _ => return Err(status::INVALID_LOG.into()),
        };
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        if from > page.len() {
            return Err(status::INVALID_FIELD.into());
        }
        let mut data = page.get(from..).unwrap_or_default().to_vec();
        data.resize(wanted as usize * 4, 0);
        Ok((0, data))
    }

    /// SMART / Health Information (figure 195).
    fn health(&self) -> Vec<u8> {
        let mut page = vec![0; 512];
        put(&mut page, 1, &304u16.to_le_bytes());
        put(&mut page, 3, &[100, 10, 3]);
        let [read, written] = self.traffic;
        let hours = 1000 + self.gear.clock.now() / 3_600_000;
        let remapped = self.gear.medium.layout().remapped;
        // Units of 1000 blocks, rounded up.
        let values = [
            (32, read.div_ceil(1000)),
            (48, written.div_ceil(1000)),
            (112, self.power_cycles),
            (128, hours),
            (160, remapped),
        ];
        for (offset, value) in values {
            put(&mut page, offset, &u64::to_le_bytes(value));
        }
        page
    }

    /// Commands Supported and Effects (figure 196): b0 supported, b1 changes data, b2 namespace capability, b18:16
    /// submit alone on its namespace (1) or in the subsystem (2).
    fn effects(&self) -> Vec<u8> {
        let mut page = vec![0; 4096];
        for code in [0x02usize, 0x06, 0x08, 0x09, 0x0a, 0x0c, 0x18] {
            put(&mut page, 4 * code, &1u32.to_le_bytes());
        }
        if self.traits.oacs & 2 != 0 {
            put(&mut page, 4 * 0x80, &0x0002_0007u32.to_le_bytes());
        }
        if self.traits.oacs & 8 != 0 {
            put(&mut page, 4 * 0x0d, &0x0000_0009u32.to_le_bytes());
            put(&mut page, 4 * 0x15, &0x0000_0009u32.to_le_bytes());
        }
        if self.traits.sanicap & 7 != 0 {
            put(&mut page, 4 * 0x84, &0x0002_0003u32.to_le_bytes());
        }
        for (code, changes) in
            [(0x00usize, false), (0x01, true), (0x02, false), (0x05, false), (0x08, true), (0x09, true)]
        {
            put(&mut page, 1024 + 4 * code, &(1 | u32::from(changes) << 1).to_le_bytes());
        }
        page
    }

    /// Sanitize Status (1.4 figure 214; byte 36, the state, is 2.1's).
    fn sanitize_status(&self) -> Vec<u8> {
        let report = self.gear.report();
        let verifying = self.verifying;
        let state: u16 = match (report.progress, report.outcome) {
            (Some(_), _) => 2,
            _ if verifying => 2,
            (None, Outcome::Never) => 0,
            (None, Outcome::Success) => 1,
            (None, Outcome::Failed { .. }) => 3,
            (None, Outcome::Deallocated) => 4,
        };
        let overwrite = report.word & 7 == 3;
        let passes = if overwrite { (report.passes as u16).min(31) } else { 0 };
        let purged = matches!(state, 1 | 4) && report.word & PREQ != 0;
        let sstat = state | passes << 3 | u16::from(report.untouched) << 8 | u16::from(purged) << 11;
        let unrestricted = report.word & AUSE != 0;
        let machine: u8 = match state {
            _ if verifying => 5,
            2 if unrestricted => 3,
            2 => 1,
            3 if unrestricted => 4,
            3 => 2,
            _ => 0,
        };
        let mut page = vec![0; 512];
        put(&mut page, 0, &report.progress.unwrap_or(0xffff).to_le_bytes());
        put(&mut page, 2, &sstat.to_le_bytes());
        put(&mut page, 4, &report.word.to_le_bytes());
        for (index, estimate) in self.estimates().into_iter().enumerate() {
            put(&mut page, 8 + 4 * index, &estimate.to_le_bytes());
        }
        put(&mut page, 36, &[machine]);
        page
    }

    /// Seconds for overwrite (16 passes), block, crypto; the same with No-Deallocate where that modifies media; leaving
    /// verification. FFFFFFFFh: not reported.
    fn estimates(&self) -> [u32; 7] {
        const NONE: u32 = u32::MAX;
        if !self.traits.estimates {
            return [NONE; 7];
        }
        let [crypto, block, overwrite, _] = self.traits.seconds;
        let modifies = self.traits.sanicap >> 30 == 2;
        let plain = [overwrite * 16, block, crypto].map(|seconds| seconds as u32);
        let [a, b, c] = plain;
        let [d, e, f] = if modifies { plain } else { [NONE; 3] };
        [a, b, c, d, e, f, NONE]
    }
}
