//! SANITIZE DEVICE (B4h; ACS-3 4.17 and 7.36, ACS-4 7.36; the states' transitions as in WD's HC310 manual, 9.20.3).
//!
//! SD0 idle, SD1 frozen (until a power-on or hardware reset), SD2 running (over every reset and power cut), SD3 failed,
//! SD4 succeeded (SD0 after power-on, with the success bit kept).

use super::super::erase::{Origin, Plan, Work};
use super::super::faults::Refusal;
use super::super::gear::{Begun, Outcome};
use super::{Answer, Command, Sata, aborted, good};

/// LBA 7:0 after an abort.
pub const REASON_FAILED: u64 = 0;
/// Physical sectors that are available for user data were not sanitized.
pub const REASON_SECTORS_REMAIN: u64 = 1;
/// The feature is unsupported.
pub const REASON_UNSUPPORTED: u64 = 2;
/// SD1.
pub const REASON_FROZEN: u64 = 3;
/// Antifreeze holds.
pub const REASON_ANTIFREEZE: u64 = 4;

impl Sata {
    /// ACS-3 4.17.6: what is answered in SD2 and SD3; everything else is aborted.
    pub(super) fn allowed_while_sanitizing(&self, command: &Command) -> bool {
        match command.command {
            0xec | 0xe5 | 0xe0 | 0xe1 | 0xe6 => true,
            0x2f | 0x47 => matches!(command.lba & 0xff, 0x10 | 0x30 | 0xe0),
            0xb0 => matches!(command.feature, 0xd0 | 0xda),
            // The SANITIZE commands judge for themselves; SECURITY UNLOCK is in WD's list (HC580 10.20.1).
            0xb4 | 0xf2 => true,
            _ => false,
        }
    }

    /// SANITIZE DEVICE; `None`: no answer.
    pub(super) fn sanitize_device(&mut self, command: &Command) -> Option<Answer> {
        let traits = &self.traits;
        if !(traits.block_erase || traits.overwrite || traits.crypto) {
            return Some(aborted(REASON_UNSUPPORTED));
        }
        match command.feature {
            0x0000 => Some(self.sanitize_status(command)),
            0x0011 | 0x0012 | 0x0014 => self.start(command),
            0x0020 => Some(self.freeze(command)),
            0x0040 => Some(self.antifreeze(command)),
            _ => Some(aborted(REASON_UNSUPPORTED)),
        }
    }

    /// SANITIZE STATUS EXT (ACS-3 7.36.7): count bit 0 asks to leave SD3.
    fn sanitize_status(&mut self, command: &Command) -> Answer {
        let report = self.gear.report();
        if let (Outcome::Failed { sectors_remain, unrestricted }, None) = (report.outcome, report.progress) {
            if command.count & 1 == 0 {
                return aborted(if sectors_remain { REASON_SECTORS_REMAIN } else { REASON_FAILED });
            }
            if !unrestricted {
                return aborted(REASON_FAILED);
            }
            self.gear.outcome = Outcome::Never;
        }
        self.sanitize_registers()
    }

    /// Normal outputs (ACS-3 table 153): count 15 success, 14 running, 13 frozen, 12 antifreeze; LBA 15:0 progress,
    /// FFFFh when nothing runs.
    fn sanitize_registers(&self) -> Answer {
        let report = self.gear.report();
        let success = report.progress.is_none() && matches!(report.outcome, Outcome::Success | Outcome::Deallocated);
        let count = u16::from(success) << 15
            | u16::from(report.progress.is_some()) << 14
            | u16::from(self.sanitize_frozen) << 13
            | u16::from(self.antifreeze) << 12;
        Answer { count, lba: u64::from(report.progress.unwrap_or(0xffff)), ..good() }
    }

    fn freeze(&mut self, command: &Command) -> Answer {
        if command.lba != 0x4672_4c6b {
            return aborted(REASON_FAILED);
        }
        if self.antifreeze {
            return aborted(REASON_ANTIFREEZE);
        }
        if self.gear.sanitizing() || self.gear.failed() {
            return aborted(REASON_FAILED);
        }
        self.sanitize_frozen = true;
        self.sanitize_registers()
    }

    fn antifreeze(&mut self, command: &Command) -> Answer {
        if !self.traits.antifreeze {
            return aborted(REASON_UNSUPPORTED);
        }
        if self.sanitize_frozen {
            return aborted(REASON_FROZEN);
        }
        if command.lba != 0x416e_7469 {
            return aborted(REASON_FAILED);
        }
        self.antifreeze = true;
        self.sanitize_registers()
    }

    /// CRYPTO SCRAMBLE EXT, BLOCK ERASE EXT, OVERWRITE EXT: count 3:0 passes (0: 16), 4 FAILURE MODE, 6 definitive
    /// ending pattern, 7 invert.
    fn start(&mut self, command: &Command) -> Option<Answer> {
        let [block, overwrite, crypto, ..] = self.traits.seconds;
        let supported = match command.feature {
            0x0011 => self.traits.crypto,
            0x0012 => self.traits.block_erase,
            _ => self.traits.overwrite,
        };
        if !supported {
            return Some(aborted(REASON_UNSUPPORTED));
        }
        if self.sanitize_frozen {
            return Some(aborted(REASON_FROZEN));
        }
        let unrestricted = command.count & 0x10 != 0;
        let locked = self.security.locked && (unrestricted || !self.traits.sanitize_overrides_security);
        let key_fits = match command.feature {
            0x0011 => command.lba == 0x4372_7970,
            0x0012 => command.lba == 0x426b_4572,
            _ => command.lba >> 32 == 0x4f57,
        };
        if locked || !key_fits || self.gear.sanitizing() {
            return Some(aborted(REASON_FAILED));
        }
        // From a failure in restricted mode only another restricted sanitize leads out.
        if matches!(self.gear.outcome, Outcome::Failed { unrestricted: false, .. }) && unrestricted {
            return Some(aborted(REASON_FAILED));
        }
        let passes = if command.count & 0x0f == 0 { 16 } else { (command.count & 0x0f) as u8 };
        let flash = self.traits.rotation == 1;
        let (work, seconds) = match command.feature {
            0x0011 => (Work::Crypto { unmap: false }, crypto),
            0x0012 => (Work::Block { pattern: 0, unmap: flash }, block),
            _ => (
                Work::Overwrite {
                    pattern: (command.lba as u32).to_be_bytes().to_vec(),
                    passes,
                    invert: command.count & 0x80 != 0,
                    ends_as_given: command.count & 0x40 != 0,
                    unmap: false,
                },
                overwrite * u64::from(passes),
            ),
        };
        let plan = Plan {
            origin: Origin::Sanitize,
            work,
            reach: self.gear.medium.layout().everything(),
            skip: Vec::new(),
            milliseconds: seconds * 1000,
            unrestricted,
            unwritten: false,
            word: u32::from(command.feature),
        };
        let visible = self.accessible();
        match self.gear.begin(plan, 0, visible) {
            Begun::Accepted => Some(self.sanitize_registers()),
            Begun::Refused(Refusal::InvalidField) => Some(aborted(REASON_UNSUPPORTED)),
            Begun::Refused(_) => Some(aborted(REASON_FAILED)),
            Begun::Unanswered => None,
        }
    }
}
