//! SANITIZE (SBC-4 4.11 and 5.30) and FORMAT UNIT (SBC-4 5.4).

use super::super::bytes::{be16, byte};
use super::super::erase::{Origin, Plan, Work};
use super::super::faults::Fault;
use super::super::gear::{Begun, Outcome as Ended};
use super::super::medium::BLOCK;
use super::sas::Sas;
use super::{
    FORMAT_FAILED, INVALID_FIELD, INVALID_PARAMETER, LIST_LENGTH, NO_ACCESS, Outcome, RESET_OCCURRED, SANITIZE_FAILED,
    SANITIZING, Sense, Stop, WRITE_PROTECTED,
};

impl Sas {
    /// SANITIZE. Byte 1: service action 4:0, AUSE 5, ZNR 6, IMMED 7.
    pub(super) fn sanitize(&mut self, lun: usize, cdb: &[u8], out: &[u8]) -> Outcome {
        let action = byte(cdb, 1) & 0x1f;
        let unrestricted = byte(cdb, 1) & 0x20 != 0;
        let length = usize::from(be16(cdb, 7));
        if !self.sanitize_actions().contains(&action) || (action != 1 && length != 0) {
            return Err(INVALID_FIELD.into());
        }
        if let Some(progress) = self.gear.progress(Origin::Sanitize) {
            return Err(SANITIZING.at(progress).into());
        }
        let failed_restricted = matches!(self.gear.outcome, Ended::Failed { unrestricted: false, .. });
        if action == 0x1f {
            if failed_restricted {
                return Err(INVALID_FIELD.into());
            }
            if self.gear.failed() {
                self.gear.outcome = Ended::Never;
            }
            return Ok(Vec::new());
        }
        // SBC-4 4.11.1: from a restricted failure only another restricted sanitize leads out.
        if failed_restricted && unrestricted {
            return Err(INVALID_FIELD.into());
        }
        self.writable()?;
        let unwritten = match action {
            2 => self.traits.write_after_block == 2,
            3 => self.traits.write_after_crypto == 2,
            _ => false,
        };
        let [block, overwrite, crypto, _] = self.traits.seconds;
        let unmap = self.traits.thin && !unwritten;
        let (work, seconds) = match action {
            1 => {
                let work = overwrite_list(out, length)?;
                let seconds = overwrite * work.passes();
                (work, seconds)
            }
            2 => (Work::Block { pattern: 0, unmap }, block),
            _ => (Work::Crypto { unmap }, crypto),
        };
        let layout = self.gear.medium.layout();
        let plan = Plan {
            origin: Origin::Sanitize,
            work,
            reach: vec![layout.space(lun), layout.spare(), layout.remapped()],
            skip: Vec::new(),
            milliseconds: seconds * 1000,
            unrestricted,
            unwritten,
            word: u32::from(action),
        };
        self.busy_lun = lun;
        self.run(plan, lun, byte(cdb, 1) & 0x80 != 0, SANITIZE_FAILED)
    }

    /// Service actions that this drive has.
    pub fn sanitize_actions(&self) -> Vec<u8> {
        let mut actions = Vec::new();
        actions.extend(self.traits.overwrite.then_some(0x01));
        actions.extend(self.traits.block_erase.then_some(0x02));
        actions.extend(self.traits.crypto.then_some(0x03));
        if !actions.is_empty() {
            actions.push(0x1f);
        }
        actions
    }

    /// Faults that stand for a medium that can't be changed.
    pub(super) fn writable(&self) -> Result<(), Sense> {
        if self.protected {
            return Err(WRITE_PROTECTED);
        }
        if self.gear.faults.has(&Fault::Locked) { Err(NO_ACCESS) } else { Ok(()) }
    }

    /// Begins an erase; without IMMED the command ends when the erase does.
    fn run(&mut self, plan: Plan, lun: usize, immediately: bool, failed: Sense) -> Outcome {
        let dropped = self.gear.faults.has(&Fault::StaleSuccess);
        let visible = self.blocks(lun);
        match self.gear.begin(plan, lun, visible) {
            Begun::Refused(how) => return Err(Sense::refused(how).into()),
            Begun::Unanswered => return Err(Stop::Gone),
            Begun::Accepted => {}
        }
        if immediately || dropped {
            return Ok(Vec::new());
        }
        if !self.gear.block() {
            let reset = self.gear.powered && std::mem::take(&mut self.gear.attention);
            return Err(if reset { RESET_OCCURRED.into() } else { Stop::Gone });
        }
        let good = self.gear.ended.is_some_and(|(_, good)| good);
        self.conclude();
        if good { Ok(Vec::new()) } else { Err(failed.into()) }
    }

    /// FORMAT UNIT: byte 1 bit 4 FMTDATA; in the parameter list header byte 1 bit 1 IMMED. It writes zeros to what can
    /// be addressed, and nothing else.
    pub(super) fn format_unit(&mut self, lun: usize, cdb: &[u8], out: &[u8]) -> Outcome {
        let with_data = byte(cdb, 1) & 0x10 != 0;
        if byte(cdb, 1) & 0xe0 != 0 {
            return Err(INVALID_FIELD.into());
        }
        if with_data && out.len() < 4 {
            return Err(LIST_LENGTH.into());
        }
        self.writable()?;
        let [.., seconds] = self.traits.seconds;
        let plan = Plan {
            origin: Origin::Format,
            work: Work::Overwrite { pattern: vec![0], passes: 1, invert: false, ends_as_given: true, unmap: false },
            reach: vec![self.gear.medium.layout().space(lun)],
            skip: Vec::new(),
            milliseconds: seconds * 1000,
            unrestricted: true,
            unwritten: false,
            word: 0,
        };
        self.busy_lun = lun;
        self.run(plan, lun, with_data && byte(out, 1) & 0x02 != 0, FORMAT_FAILED)
    }
}

/// The overwrite parameter list (SBC-4 table 129): byte 0 INVERT 7, TEST 6:5, OVERWRITE COUNT 4:0; pattern length in 2–3.
fn overwrite_list(out: &[u8], length: usize) -> Result<Work, Stop> {
    if !(5..=BLOCK + 4).contains(&length) {
        return Err(INVALID_FIELD.into());
    }
    let list = out.get(..length).ok_or(LIST_LENGTH)?;
    let passes = byte(list, 0) & 0x1f;
    let pattern = usize::from(be16(list, 2));
    if passes == 0 || byte(list, 0) & 0x60 != 0 || pattern == 0 || pattern + 4 != length {
        return Err(INVALID_PARAMETER.into());
    }
    // With INVERT and an even count the first pass is inverted, so that the last one is not.
    Ok(Work::Overwrite {
        pattern: list.get(4..).unwrap_or_default().to_vec(),
        passes,
        invert: byte(list, 0) & 0x80 != 0,
        ends_as_given: true,
        unmap: false,
    })
}
