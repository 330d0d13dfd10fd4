//! A native SAS drive (SPC-5, SBC-4), with one logical unit or two.

use super::super::bytes::{byte, put, sized};
use super::super::erase::Origin;
use super::super::faults::Fault;
use super::super::gear::{Gear, Machine, Outcome as Ended};
use super::super::medium::Truth;
use super::super::state::Saved;
use super::inquiry::{Identity, inquiry, read_capacity_10, read_capacity_16, report_luns};
use super::log::Health;
use super::opcodes::{Entry, report};
use super::{
    FORMAT_CORRUPT, FORMATTING, INVALID_FIELD, INVALID_OPCODE, NO_ACCESS, Outcome, RESET_OCCURRED, SANITIZE_FAILED,
    SANITIZING, ScsiAnswer, Sense, Stop, TARGET_FAILURE, Unit, answer, cdb as blocks, log, mode,
};

/// What a model of drive is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Eight characters.
    pub vendor: String,
    /// Sixteen characters.
    pub product: String,
    /// Four characters.
    pub revision: String,
    /// Twenty characters.
    pub serial: String,
    /// World wide name of unit 0; unit 1 has the next.
    pub wwn: u64,
    /// Revolutions a minute; 1: no rotation.
    pub rotation: u16,
    /// SANITIZE, BLOCK ERASE.
    pub block_erase: bool,
    /// SANITIZE, OVERWRITE.
    pub overwrite: bool,
    /// SANITIZE, CRYPTOGRAPHIC ERASE.
    pub crypto: bool,
    /// WABEREQ 0–3.
    pub write_after_block: u8,
    /// WACEREQ 0–3.
    pub write_after_crypto: u8,
    /// UNMAP.
    pub thin: bool,
    /// Seconds for block erase, overwrite (a pass), cryptographic erase, format.
    pub seconds: [u64; 4],
}

/// A SAS drive.
pub struct Sas {
    /// Medium, clock, faults, power.
    pub gear: Gear,
    /// What it is like.
    pub traits: Traits,
    /// For the log pages.
    pub health: Health,
    /// Write protected (a fault).
    pub protected: bool,
    /// A format did not end: 31h/00h until one does.
    pub format_corrupt: bool,
    /// The unit that the running erase is about.
    pub busy_lun: usize,
}

impl Sas {
    /// A drive with a logical unit for each space of its medium.
    pub fn new(gear: Gear, traits: Traits) -> Self {
        let worn = (traits.rotation == 1).then_some(3);
        let health = Health { hours: 1000, starts: 10, worn, ..Health::default() };
        Sas { gear, traits, health, protected: false, format_corrupt: false, busy_lun: 0 }
    }

    /// Logical blocks of a unit.
    pub fn blocks(&self, lun: usize) -> u64 {
        let space = self.gear.medium.layout().space(lun);
        space.end - space.start
    }

    fn identity(&self, lun: usize) -> Identity {
        let traits = &self.traits;
        Identity {
            vendor: traits.vendor.clone(),
            product: traits.product.clone(),
            revision: traits.revision.clone(),
            serial: traits.serial.clone(),
            wwn: traits.wwn + lun as u64,
            rotation: traits.rotation,
            thin: traits.thin,
            zeros: traits.thin,
            write_after_block: traits.write_after_block,
            write_after_crypto: traits.write_after_crypto,
            ata: None,
            hostile: self.gear.faults.identify(),
        }
    }

    /// Executes a CDB on logical unit `lun`.
    pub fn execute_on(&mut self, lun: usize, cdb: &[u8], out: &[u8], max_in: usize) -> ScsiAnswer {
        if !self.gear.reachable() {
            return ScsiAnswer::NoAnswer;
        }
        self.conclude();
        let mut outcome = self.dispatch(lun, cdb, out);
        if !(self.gear.powered && self.gear.linked) {
            outcome = Err(Stop::Gone);
        }
        if let (Ok(data), Some(length)) = (outcome.as_mut(), blocks::allocation(cdb)) {
            data.truncate(length);
        }
        answer(outcome, max_in, false)
    }

    /// Draws what follows from an erase that ended.
    pub(super) fn conclude(&mut self) {
        match self.gear.ended.take() {
            Some((Origin::Format | Origin::Sanitize, true)) => self.format_corrupt = false,
            Some((Origin::Format, false)) => self.format_corrupt = true,
            _ => {}
        }
    }

    fn dispatch(&mut self, lun: usize, cdb: &[u8], out: &[u8]) -> Outcome {
        blocks::whole(cdb)?;
        let code = byte(cdb, 0);
        if lun >= self.gear.medium.layout().spaces.len() && !matches!(code, 0x12 | 0xa0 | 0x03) {
            // LOGICAL UNIT NOT SUPPORTED.
            return Err(super::sense(0x05, 0x25, 0x00).into());
        }
        if code == 0x03 {
            return self.request_sense(lun, cdb);
        }
        if self.gear.attention && !matches!(code, 0x12 | 0xa0) {
            self.gear.attention = false;
            return Err(RESET_OCCURRED.into());
        }
        // SBC-4 4.11.2 and 4.11.3: what is answered while a sanitize runs or has failed.
        if !matches!(code, 0x12 | 0xa0 | 0x4d | 0x48)
            && let Some(state) = self.not_ready(lun)
        {
            return Err(state.into());
        }
        let media = blocks::transfer(cdb).is_some() || matches!(code, 0x41 | 0x93 | 0x42 | 0x2f | 0x8f);
        if media && self.gear.faults.has(&Fault::Locked) {
            return Err(NO_ACCESS.into());
        }
        if self.protected && matches!(code, 0x0a | 0x2a | 0xaa | 0x8a | 0x41 | 0x93 | 0x42) {
            return Err(super::WRITE_PROTECTED.into());
        }
        if let Some(outcome) = self.transfer(lun, cdb, out) {
            return outcome;
        }
        match code {
            0x00 | 0x1b | 0x1d => Ok(Vec::new()),
            0x04 => self.format_unit(lun, cdb, out),
            0x12 => Ok(inquiry(&self.identity(lun), cdb)?),
            0x1a | 0x5a => Ok(mode::sense(cdb, true, self.protected, false)?),
            0x25 => Ok(read_capacity_10(&self.identity(lun), self.blocks(lun))),
            0x2f | 0x8f => self.verify(lun, cdb),
            0x35 | 0x91 => {
                self.gear.medium.sync().map_err(|_| TARGET_FAILURE)?;
                Ok(Vec::new())
            }
            0x37 => Ok(self.defects()),
            0x41 | 0x93 => self.write_same(lun, cdb, out),
            0x42 if self.traits.thin => self.unmap(lun, cdb, out),
            0x48 => self.sanitize(lun, cdb, out),
            0x4d => {
                let hours = self.health.hours + self.gear.clock.now() / 3_600_000;
                Ok(log::sense(cdb, &Health { hours, ..self.health })?)
            }
            0x5e => persistent_reserve_in(cdb),
            0x9e if byte(cdb, 1) & 0x1f == 0x10 => Ok(read_capacity_16(&self.identity(lun), self.blocks(lun))),
            0xa0 => Ok(report_luns(cdb, self.gear.medium.layout().spaces.len() as u16)?),
            0xa3 if byte(cdb, 1) & 0x1f == 0x0c => Ok(report(cdb, &self.commands())?),
            0x9e | 0xa3 => Err(INVALID_FIELD.into()),
            _ => Err(INVALID_OPCODE.into()),
        }
    }

    /// Why the unit is not ready.
    fn not_ready(&self, lun: usize) -> Option<Sense> {
        if lun != self.busy_lun {
            return None;
        }
        if let Some(progress) = self.gear.progress(Origin::Sanitize) {
            return Some(SANITIZING.at(progress));
        }
        if let Some(progress) = self.gear.progress(Origin::Format) {
            return Some(FORMATTING.at(progress));
        }
        if self.gear.failed() {
            return Some(SANITIZE_FAILED);
        }
        self.format_corrupt.then_some(FORMAT_CORRUPT)
    }

    /// REQUEST SENSE (SPC-5 6.37): DESC in byte 1. The progress of an erase, its failure, or a waiting unit attention.
    fn request_sense(&mut self, lun: usize, cdb: &[u8]) -> Outcome {
        if !self.gear.look() {
            return Err(Stop::Gone);
        }
        let report = self.gear.report();
        let state = if std::mem::take(&mut self.gear.attention) {
            RESET_OCCURRED
        } else if lun != self.busy_lun {
            super::sense(0, 0, 0)
        } else if let Some(progress) = report.progress {
            SANITIZING.at(progress)
        } else if let Some(progress) = self.gear.progress(Origin::Format) {
            FORMATTING.at(progress)
        } else if matches!(report.outcome, Ended::Failed { .. }) {
            SANITIZE_FAILED
        } else {
            super::sense(0, 0, 0)
        };
        Ok(if byte(cdb, 1) & 1 == 1 { state.descriptor() } else { state.fixed() })
    }

    /// READ DEFECT DATA (10): the grown list's length, without its entries.
    fn defects(&self) -> Vec<u8> {
        let length = (self.gear.medium.layout().remapped * 8) as u16;
        let mut data = vec![0x00, 0x0d];
        data.extend(length.to_be_bytes());
        sized(data, 4 + usize::from(length))
    }

    fn commands(&self) -> Vec<Entry> {
        let mut known: Vec<Entry> = [
            0x00, 0x03, 0x04, 0x08, 0x0a, 0x12, 0x1a, 0x1b, 0x1d, 0x25, 0x28, 0x2a, 0x2f, 0x35, 0x37, 0x41, 0x4d, 0x5a,
            0x88, 0x8a, 0x8f, 0x91, 0x93, 0xa0, 0xa8, 0xaa,
        ]
        .into_iter()
        .map(|code| (code, None))
        .collect();
        known.extend(self.traits.thin.then_some((0x42, None)));
        known.extend(self.sanitize_actions().into_iter().map(|action| (0x48, Some(u16::from(action)))));
        known.extend([(0x5e, Some(0)), (0x5e, Some(1)), (0x5e, Some(2)), (0x9e, Some(0x10)), (0xa3, Some(0x0c))]);
        known
    }
}

/// PERSISTENT RESERVE IN (SPC-5 6.16): no keys, no reservation, nothing persists.
pub fn persistent_reserve_in(cdb: &[u8]) -> Outcome {
    match byte(cdb, 1) & 0x1f {
        0 | 1 => Ok(vec![0; 8]),
        2 => {
            let mut data = vec![0; 8];
            put(&mut data, 1, &[8]);
            Ok(data)
        }
        _ => Err(INVALID_FIELD.into()),
    }
}

impl Unit for Sas {
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer {
        self.execute_on(0, cdb, data_out, max_in)
    }
}

impl Machine for Sas {
    fn gear(&self) -> &Gear {
        &self.gear
    }

    fn gear_mut(&mut self) -> &mut Gear {
        &mut self.gear
    }

    fn installed(&mut self, fault: &Fault) {
        self.protected |= *fault == Fault::Frozen;
    }

    fn power_off(&mut self) {
        self.gear.power_off();
        self.conclude();
        // A format that has not ended leaves the medium unusable.
        self.format_corrupt |= self.gear.progress(Origin::Format).is_some();
    }

    fn power_on(&mut self) {
        self.format_corrupt |= self.gear.progress(Origin::Format).is_some();
        self.gear.power_on();
        self.protected = false;
        self.health.starts += 1;
    }

    fn reset(&mut self) {
        self.gear.tick();
        self.gear.attention = true;
    }

    fn truth(&self) -> Truth {
        self.gear.medium.truth(0, self.blocks(0))
    }

    fn save(&self) -> Vec<u8> {
        let mut saved = Saved::default();
        self.gear.save(&mut saved);
        saved.set("format-corrupt", self.format_corrupt || self.gear.progress(Origin::Format).is_some());
        saved.set("busy-lun", self.busy_lun);
        saved.set("starts", self.health.starts);
        saved.set("written", self.health.written);
        saved.text()
    }

    fn load(&mut self, saved: &[u8]) -> Result<(), String> {
        let saved = Saved::parse(saved)?;
        self.format_corrupt = saved.get("format-corrupt")?;
        self.busy_lun = saved.get("busy-lun")?;
        self.health.starts = saved.get("starts")?;
        self.health.written = saved.get("written")?;
        self.gear.load(&saved)?;
        self.power_on();
        Ok(())
    }
}
