//! Sanitize (84h; NVMe 1.4 5.24 and 8.15, 2.1 for media verification, 2.3 for PREQ).

use super::super::bytes::le32;
use super::super::erase::{Origin, Plan, Work};
use super::super::faults::Fault;
use super::super::gear::{Begun, Outcome};
use super::{Done, Nvme, Stop, dword, nsid, status};

/// Allow Unrestricted Sanitize Exit.
pub const AUSE: u32 = 1 << 3;
/// Overwrite Invert Pattern Between Passes.
pub const OIPBP: u32 = 1 << 8;
/// No Deallocate After Sanitize.
pub const NDAS: u32 = 1 << 9;
/// Enter Media Verification State (2.1).
pub const EMVS: u32 = 1 << 10;
/// Purge required, per IEEE 2883, or fail (2.3; its place in the dword was not read in the primary text).
pub const PREQ: u32 = 1 << 11;
const CRYPTO: u32 = 1 << 0;
const BLOCK: u32 = 1 << 1;
const OVERWRITE: u32 = 1 << 2;
const VERIFICATION: u32 = 1 << 3;
const INHIBITED: u32 = 1 << 29;

impl Nvme {
    /// What is answered while a sanitize runs, has failed, or waits for verification (NVMe 1.4 figure 460): the rest is
    /// aborted with Sanitize In Progress or Sanitize Failed.
    pub(super) fn sanitize_gate(&self, code: u8, log: u8) -> Result<(), Stop> {
        let state = if self.gear.sanitizing() || self.verifying {
            status::SANITIZE_IN_PROGRESS
        } else if self.gear.failed() {
            status::SANITIZE_FAILED
        } else {
            return Ok(());
        };
        match code {
            // Sanitize judges for itself.
            0x06 | 0x08 | 0x09 | 0x0a | 0x0c | 0x18 | 0x84 => Ok(()),
            0x02 if matches!(log, 0x00 | 0x01 | 0x02 | 0x04 | 0x05 | 0x80 | 0x81) => Ok(()),
            _ => Err(state.into()),
        }
    }

    /// Deallocates in spite of NDAS: inhibited by the controller, or a fault.
    pub(super) fn deallocates_anyway(&self) -> bool {
        self.traits.sanicap & INHIBITED != 0 || self.gear.faults.has(&Fault::DeallocatedDespite)
    }

    /// Sanitize.
    pub(super) fn sanitize(&mut self, sqe: &[u8; 64]) -> Done {
        let word = dword(sqe, 10);
        let sanicap = self.traits.sanicap;
        if sanicap & (CRYPTO | BLOCK | OVERWRITE) == 0 {
            return Err(status::INVALID_OPCODE.into());
        }
        if self.traits.strict_nsid && nsid(sqe) != 0 {
            return Err(status::INVALID_FIELD.into());
        }
        let action = word & 7;
        let needed = match action {
            1 => 0,
            2 => BLOCK,
            3 => OVERWRITE,
            4 => CRYPTO,
            5 => VERIFICATION,
            _ => return Err(status::INVALID_FIELD.into()),
        };
        if sanicap & needed != needed {
            return Err(status::INVALID_FIELD.into());
        }
        if self.gear.sanitizing() || (self.verifying && action != 5) {
            return Err(status::SANITIZE_IN_PROGRESS.into());
        }
        match action {
            1 => self.exit_failure(),
            5 => self.exit_verification(),
            _ => self.start(word, le32(sqe, 44)),
        }
    }

    fn failed_restricted(&self) -> bool {
        matches!(self.gear.outcome, Outcome::Failed { unrestricted: false, .. })
    }

    fn exit_failure(&mut self) -> Done {
        if self.failed_restricted() {
            return Err(status::SANITIZE_FAILED.into());
        }
        if self.gear.failed() {
            self.gear.outcome = Outcome::Never;
        }
        Ok((0, Vec::new()))
    }

    /// Leaves Media Verification (2.1): what was held for reading is deallocated now.
    fn exit_verification(&mut self) -> Done {
        if std::mem::take(&mut self.verifying) {
            for space in 0..self.namespaces.len() {
                let range = self.gear.medium.layout().space(space);
                self.gear.medium.deallocate(range).map_err(|_| status::INTERNAL)?;
            }
        }
        Ok((0, Vec::new()))
    }

    fn start(&mut self, word: u32, pattern: u32) -> Done {
        let unrestricted = word & AUSE != 0;
        if self.failed_restricted() && unrestricted {
            return Err(status::SANITIZE_FAILED.into());
        }
        let kept = word & NDAS != 0;
        let verified = word & EMVS != 0;
        // Inhibited: error or warning, as the host set it (feature 17h, NODRM).
        let inhibited = kept && self.traits.sanicap & INHIBITED != 0 && !self.features.no_deallocate_warns;
        let unverifiable = verified && (self.traits.sanicap & VERIFICATION == 0 || kept);
        if inhibited || unverifiable || (word & PREQ != 0 && !self.traits.purges) {
            return Err(status::INVALID_FIELD.into());
        }
        if self.protected {
            return Err(status::WRITE_PROTECTED.into());
        }
        if self.gear.faults.has(&Fault::Locked) {
            return Err(status::DENIED.into());
        }
        let unmap = !verified && (!kept || self.deallocates_anyway());
        let passes = match word >> 4 & 0x0f {
            0 => 16,
            passes => passes as u8,
        };
        let [crypto, block, overwrite, _] = self.traits.seconds;
        let (work, seconds) = match word & 7 {
            2 => (Work::Block { pattern: 0, unmap }, block),
            3 => {
                let pattern = pattern.to_le_bytes().to_vec();
                let invert = word & OIPBP != 0;
                let work = Work::Overwrite { pattern, passes, invert, ends_as_given: false, unmap };
                (work, overwrite * u64::from(passes))
            }
            _ => (Work::Crypto { unmap }, crypto),
        };
        let plan = Plan {
            origin: Origin::Sanitize,
            work,
            reach: self.gear.medium.layout().everything(),
            skip: Vec::new(),
            milliseconds: seconds * 1000,
            unrestricted,
            unwritten: false,
            word,
        };
        match self.gear.begin(plan, 0, u64::MAX / 4) {
            Begun::Refused(how) => Err(Nvme::refused(how)),
            Begun::Unanswered => Err(Stop::Gone),
            Begun::Accepted => {
                self.conclude();
                Ok((0, Vec::new()))
            }
        }
    }
}
