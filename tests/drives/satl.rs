//! The SCSI face of a SATA drive (SAT-4): what a host adapter, the kernel's libata or a USB bridge puts in front of it.

pub mod passthrough;
pub mod security;

use super::ata::{Answer, Command, Protocol, Reply, Sata};
use super::bytes::{be16, be32, be64, byte};
use super::erase::Origin;
use super::faults::{Fault, SenseLayout};
use super::gear::{Gear, Machine, Outcome as Ended};
use super::medium::{BLOCK, Truth, Unmapped};
use super::scsi::cdb::{Way, allocation, transfer, unmap_list, whole};
use super::scsi::inquiry::{Identity, inquiry, read_capacity_10, read_capacity_16, report_luns};
use super::scsi::opcodes::{Entry, report};
use super::scsi::{
    ABORTED, INVALID_FIELD, INVALID_OPCODE, INVALID_PARAMETER, LIST_LENGTH, OUT_OF_RANGE, Outcome, READ_ERROR,
    RESET_OCCURRED, SANITIZE_FAILED, SANITIZING, ScsiAnswer, Sense, Stop, TARGET_FAILURE, Unit, WRITE_ERROR, answer,
    mode, sense,
};

/// A SATA drive behind a SATL.
pub struct Satl {
    /// The drive.
    pub drive: Sata,
    /// Whether SECURITY PROTOCOL EFh is offered (SAT-4 12.5).
    pub security_protocol: bool,
    /// Whether SANITIZE is translated (SAT-4 9.23); Linux libata does not.
    pub translates_sanitize: bool,
    /// The registers of the last ATA command, for protocol 15.
    pub last: Answer,
}

impl Satl {
    /// A SATL without extras.
    pub fn new(drive: Sata) -> Self {
        Satl { drive, security_protocol: false, translates_sanitize: false, last: Answer::default() }
    }

    /// The same, offering SECURITY PROTOCOL EFh.
    pub fn with_security_protocol(mut self) -> Self {
        self.security_protocol = true;
        self
    }

    /// Sends a command to the drive and remembers its registers.
    pub(super) fn send(&mut self, command: &Command, out: &[u8]) -> Result<Answer, Stop> {
        match self.drive.execute(command, out) {
            Reply::NoAnswer => Err(Stop::Gone),
            Reply::Done(answer) => {
                self.last = Answer { data: Vec::new(), ..answer.clone() };
                Ok(answer)
            }
        }
    }

    fn identity(&self) -> Identity {
        let traits = &self.drive.traits;
        Identity {
            vendor: "ATA".to_owned(),
            product: traits.model.chars().take(16).collect(),
            revision: traits.firmware.chars().take(4).collect(),
            serial: traits.serial.clone(),
            wwn: traits.wwn,
            rotation: traits.rotation,
            thin: traits.trim.is_some(),
            zeros: traits.trim == Some(Unmapped::Zeros),
            write_after_block: 0,
            write_after_crypto: 0,
            ata: Some(self.drive.identify()),
            hostile: self.drive.gear.faults.identify(),
        }
    }

    fn dispatch(&mut self, cdb: &[u8], out: &[u8]) -> Outcome {
        whole(cdb)?;
        let code = byte(cdb, 0);
        if code == 0x03 {
            return self.request_sense(cdb);
        }
        if self.drive.gear.attention && !matches!(code, 0x12 | 0xa0) {
            self.drive.gear.attention = false;
            return Err(RESET_OCCURRED.into());
        }
        if let Some(transfer) = transfer(cdb) {
            return self.transfer(transfer.way, transfer.first, transfer.count, out);
        }
        match code {
            0x00 => self.not_ready().map_or(Ok(Vec::new()), |state| Err(state.into())),
            0x12 => Ok(inquiry(&self.identity(), cdb)?),
            0x1a | 0x5a => Ok(mode::sense(cdb, self.drive.write_cache, false, false)?),
            0x1b => Ok(Vec::new()),
            0x25 => Ok(read_capacity_10(&self.identity(), self.drive.accessible())),
            0x2f | 0x8f => self.verify(cdb),
            0x35 | 0x91 => self.simple(0xea, true),
            0x41 | 0x93 => self.write_same(cdb, out),
            0x42 if self.drive.traits.trim.is_some() => self.unmap(cdb, out),
            0x48 if self.translates_sanitize => self.sanitize(cdb, out),
            0x9e if byte(cdb, 1) & 0x1f == 0x10 => Ok(read_capacity_16(&self.identity(), self.drive.accessible())),
            0xa0 => Ok(report_luns(cdb, 1)?),
            0xa2 if self.security_protocol => self.security_in(cdb),
            0xb5 if self.security_protocol => self.security_out(cdb, out),
            0xa3 if byte(cdb, 1) & 0x1f == 0x0c => Ok(report(cdb, &self.commands())?),
            0x9e | 0xa3 => Err(INVALID_FIELD.into()),
            _ => Err(INVALID_OPCODE.into()),
        }
    }

    fn not_ready(&self) -> Option<Sense> {
        if let Some(progress) = self.drive.gear.progress(Origin::Sanitize) {
            return Some(SANITIZING.at(progress));
        }
        self.drive.gear.failed().then_some(SANITIZE_FAILED)
    }

    /// REQUEST SENSE (SAT-4 8.9): progress and failure of a sanitize, as SANITIZE STATUS EXT tells.
    fn request_sense(&mut self, cdb: &[u8]) -> Outcome {
        if !self.drive.gear.look() {
            return Err(Stop::Gone);
        }
        let report = self.drive.gear.report();
        let state = match (report.progress, report.outcome) {
            _ if std::mem::take(&mut self.drive.gear.attention) => RESET_OCCURRED,
            (Some(progress), _) => SANITIZING.at(progress),
            (None, Ended::Failed { .. }) => SANITIZE_FAILED,
            _ => sense(0, 0, 0),
        };
        Ok(if byte(cdb, 1) & 1 == 1 { state.descriptor() } else { state.fixed() })
    }

    /// READ and WRITE become READ DMA EXT and WRITE DMA EXT.
    fn transfer(&mut self, way: Way, first: u64, count: u64, out: &[u8]) -> Outcome {
        if first.checked_add(count).is_none_or(|end| end > self.drive.accessible()) {
            return Err(OUT_OF_RANGE.into());
        }
        let mut data = Vec::new();
        let mut done = 0;
        while done < count {
            let step = (count - done).min(2048);
            let piece = out.get((done as usize) * BLOCK..((done + step) as usize) * BLOCK);
            let (command, protocol) = match way {
                Way::Read => (0x25, Protocol::DmaIn),
                Way::Write => (0x35, Protocol::DmaOut),
            };
            if way == Way::Write && piece.is_none() {
                return Err(INVALID_FIELD.into());
            }
            let command = extended(command, 0, step as u16, first + done, protocol);
            let answer = self.send(&command, piece.unwrap_or_default())?;
            translate(&answer, way == Way::Write)?;
            data.extend(answer.data);
            done += step;
        }
        Ok(data)
    }

    fn verify(&mut self, cdb: &[u8]) -> Outcome {
        let (first, count) = match byte(cdb, 0) {
            0x2f => (u64::from(be32(cdb, 2)), u64::from(be16(cdb, 7))),
            _ => (be64(cdb, 2), u64::from(be32(cdb, 10))),
        };
        self.transfer(Way::Read, first, count, &[])?;
        Ok(Vec::new())
    }

    fn simple(&mut self, command: u8, ext: bool) -> Outcome {
        let command = Command { ext, ..extended(command, 0, 0, 0, Protocol::NonData) };
        let answer = self.send(&command, &[])?;
        translate(&answer, true)?;
        Ok(Vec::new())
    }

    /// WRITE SAME: with UNMAP and zeros it becomes TRIM, otherwise writes (SAT-4 9.27).
    fn write_same(&mut self, cdb: &[u8], out: &[u8]) -> Outcome {
        let (first, count) = match byte(cdb, 0) {
            0x41 => (u64::from(be32(cdb, 2)), u64::from(be16(cdb, 7))),
            _ => (be64(cdb, 2), u64::from(be32(cdb, 10))),
        };
        let count = if count == 0 { self.drive.accessible().saturating_sub(first) } else { count };
        if first.checked_add(count).is_none_or(|end| end > self.drive.accessible()) {
            return Err(OUT_OF_RANGE.into());
        }
        if byte(cdb, 1) & 8 != 0 {
            return if self.drive.traits.trim.is_some() { self.trim(first, count) } else { Err(INVALID_FIELD.into()) };
        }
        let no_buffer = byte(cdb, 0) == 0x93 && byte(cdb, 1) & 1 != 0;
        let one = if no_buffer { vec![0; BLOCK] } else { out.get(..BLOCK).ok_or(INVALID_FIELD)?.to_vec() };
        let mut done = 0;
        while done < count {
            let step = (count - done).min(2048);
            self.transfer(Way::Write, first + done, step, &one.repeat(step as usize))?;
            done += step;
        }
        Ok(Vec::new())
    }

    fn unmap(&mut self, cdb: &[u8], out: &[u8]) -> Outcome {
        if usize::from(be16(cdb, 7)) > out.len() || (1..8).contains(&be16(cdb, 7)) {
            return Err(LIST_LENGTH.into());
        }
        for (first, count) in unmap_list(out).ok_or(INVALID_PARAMETER)? {
            if first.checked_add(count).is_none_or(|end| end > self.drive.accessible()) {
                return Err(OUT_OF_RANGE.into());
            }
            self.trim(first, count)?;
        }
        Ok(Vec::new())
    }

    fn trim(&mut self, first: u64, count: u64) -> Outcome {
        let mut done = 0;
        while done < count {
            let step = (count - done).min(65535);
            let mut list = vec![0; 512];
            super::bytes::put(&mut list, 0, &((first + done) | (step << 48)).to_le_bytes());
            let answer = self.send(&extended(0x06, 1, 1, 0, Protocol::DmaOut), &list)?;
            translate(&answer, true)?;
            done += step;
        }
        Ok(Vec::new())
    }

    /// SANITIZE (SAT-4 9.23): OVERWRITE with a pattern of four bytes, BLOCK ERASE, CRYPTOGRAPHIC ERASE, EXIT FAILURE
    /// MODE. Always as if IMMED were one.
    fn sanitize(&mut self, cdb: &[u8], out: &[u8]) -> Outcome {
        let unrestricted = u16::from(byte(cdb, 1) & 0x20 != 0) << 4;
        let (feature, count, lba) = match byte(cdb, 1) & 0x1f {
            0x01 => {
                let passes = byte(out, 0) & 0x1f;
                if out.len() != 8 || be16(out, 2) != 4 || !(1..=16).contains(&passes) {
                    return Err(INVALID_PARAMETER.into());
                }
                let invert = u16::from(byte(out, 0) & 0x80 != 0) << 7;
                (0x14, u16::from(passes & 0x0f) | invert, 0x4f57 << 32 | u64::from(be32(out, 4)))
            }
            0x02 => (0x12, 0, 0x426b_4572),
            0x03 => (0x11, 0, 0x4372_7970),
            0x1f => (0x00, 1, 0),
            _ => return Err(INVALID_FIELD.into()),
        };
        let command = extended(0xb4, feature, count | unrestricted, lba, Protocol::NonData);
        let answer = self.send(&command, &[])?;
        if answer.status & 1 != 0 { Err(INVALID_FIELD.into()) } else { Ok(Vec::new()) }
    }

    fn commands(&self) -> Vec<Entry> {
        let mut known: Vec<Entry> = [
            0x00, 0x03, 0x08, 0x0a, 0x12, 0x1a, 0x1b, 0x25, 0x28, 0x2a, 0x2f, 0x35, 0x41, 0x5a, 0x85, 0x88, 0x8a, 0x8f,
            0x91, 0x93, 0xa0, 0xa1, 0xa8, 0xaa,
        ]
        .into_iter()
        .map(|code| (code, None))
        .collect();
        known.extend(self.drive.traits.trim.map(|_| (0x42, None)));
        if self.security_protocol {
            known.extend([(0xa2, None), (0xb5, None)]);
        }
        if self.translates_sanitize {
            let traits = &self.drive.traits;
            known.extend(traits.overwrite.then_some((0x48, Some(1))));
            known.extend(traits.block_erase.then_some((0x48, Some(2))));
            known.extend(traits.crypto.then_some((0x48, Some(3))));
            known.push((0x48, Some(0x1f)));
        }
        known.extend([(0x9e, Some(0x10)), (0xa3, Some(0x0c))]);
        known
    }
}

/// A 48-bit command.
pub fn extended(command: u8, feature: u16, count: u16, lba: u64, protocol: Protocol) -> Command {
    Command { feature, count, lba, device: 0x40, command, ext: true, protocol }
}

/// ATA errors as sense (SAT-4 11.2), for commands of the SATL's own.
fn translate(answer: &Answer, writing: bool) -> Result<(), Sense> {
    match (answer.status & 0x21, answer.error) {
        (0, _) => Ok(()),
        (0x20.., _) if writing => Err(WRITE_ERROR.about(answer.lba)),
        (0x20.., _) => Err(TARGET_FAILURE),
        (_, error) if error & 0x40 != 0 => Err(READ_ERROR.about(answer.lba)),
        (_, error) if error & 0x10 != 0 => Err(OUT_OF_RANGE),
        _ => Err(ABORTED),
    }
}

impl Unit for Satl {
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer {
        if !self.drive.gear.reachable() {
            return ScsiAnswer::NoAnswer;
        }
        if matches!(byte(cdb, 0), 0x85 | 0xa1) {
            return self.pass_through(cdb, data_out, max_in);
        }
        let mut outcome = self.dispatch(cdb, data_out);
        if let (Ok(data), Some(length)) = (outcome.as_mut(), allocation(cdb)) {
            data.truncate(length);
        }
        answer(outcome, max_in, false)
    }
}

impl Machine for Satl {
    fn gear(&self) -> &Gear {
        &self.drive.gear
    }

    fn gear_mut(&mut self) -> &mut Gear {
        &mut self.drive.gear
    }

    fn installed(&mut self, fault: &Fault) {
        self.drive.installed(fault);
    }

    fn power_off(&mut self) {
        self.drive.power_off();
    }

    fn power_on(&mut self) {
        self.drive.power_on();
    }

    fn reset(&mut self) {
        self.drive.reset();
    }

    fn truth(&self) -> Truth {
        self.drive.truth()
    }

    fn save(&self) -> Vec<u8> {
        self.drive.save()
    }

    fn load(&mut self, saved: &[u8]) -> Result<(), String> {
        self.drive.load(saved)
    }
}

impl Satl {
    /// How registers come back.
    pub(super) fn layout(&self) -> SenseLayout {
        self.drive.gear.faults.layout()
    }
}
