//! Media access of the native SAS drive: READ, WRITE, WRITE SAME, UNMAP, VERIFY (SBC-4 clause 5).

use super::super::bytes::{be16, be32, be64, byte, sized};
use super::super::medium::BLOCK;
use super::cdb::{Transfer, Way, transfer, unmap_list};
use super::sas::Sas;
use super::{
    INVALID_FIELD, INVALID_PARAMETER, LIST_LENGTH, OUT_OF_RANGE, Outcome, READ_ERROR, Sense, TARGET_FAILURE,
    WRITE_ERROR, WRITE_REQUIRED,
};
use std::ops::Range;

impl Sas {
    /// The physical blocks of an extent.
    fn place(&self, lun: usize, first: u64, count: u64) -> Result<Range<u64>, Sense> {
        let space = self.gear.medium.layout().space(lun);
        let end = first.checked_add(count).filter(|end| *end <= space.end - space.start).ok_or(OUT_OF_RANGE)?;
        Ok(space.start + first..space.start + end)
    }

    /// READ and WRITE; `None`: another command.
    pub(super) fn transfer(&mut self, lun: usize, cdb: &[u8], out: &[u8]) -> Option<Outcome> {
        let transfer = transfer(cdb)?;
        Some(match transfer.way {
            Way::Read => self.read(lun, transfer),
            Way::Write => self.write(lun, transfer, out),
        })
    }

    fn read(&mut self, lun: usize, Transfer { first, count, .. }: Transfer) -> Outcome {
        let place = self.place(lun, first, count)?;
        let bad = self.gear.faults.unreadable(first, count);
        let mut data = Vec::with_capacity(count as usize * BLOCK);
        for (block, lba) in place.zip(first..) {
            if self.gear.medium.needs_write(block) {
                return Err(WRITE_REQUIRED.about(lba).into());
            }
            match self.gear.medium.read(block) {
                Ok(read) if bad != Some(lba) => data.extend(read),
                _ => return Err(READ_ERROR.about(lba).into()),
            }
        }
        self.health.read += data.len() as u64;
        Ok(data)
    }

    fn write(&mut self, lun: usize, Transfer { first, count, .. }: Transfer, out: &[u8]) -> Outcome {
        let place = self.place(lun, first, count)?;
        if (out.len() as u64) < count * BLOCK as u64 {
            return Err(INVALID_FIELD.into());
        }
        let bad = self.gear.faults.unwritable(first, count);
        self.gear.untouched = false;
        for ((block, lba), data) in place.zip(first..).zip(out.chunks(BLOCK)) {
            if bad == Some(lba) || self.gear.medium.write(block, data).is_err() {
                return Err(WRITE_ERROR.about(lba).into());
            }
        }
        self.health.written += count * BLOCK as u64;
        Ok(Vec::new())
    }

    /// WRITE SAME (10) and (16): byte 1 bit 3 UNMAP, bit 0 NDOB; a length of 0 means to the end.
    pub(super) fn write_same(&mut self, lun: usize, cdb: &[u8], out: &[u8]) -> Outcome {
        let (first, count) = match byte(cdb, 0) {
            0x41 => (u64::from(be32(cdb, 2)), u64::from(be16(cdb, 7))),
            _ => (be64(cdb, 2), u64::from(be32(cdb, 10))),
        };
        let whole = self.blocks(lun);
        let count = if count == 0 { whole.saturating_sub(first) } else { count };
        let place = self.place(lun, first, count)?;
        let no_buffer = byte(cdb, 0) == 0x93 && byte(cdb, 1) & 1 != 0;
        if !no_buffer && out.len() < BLOCK {
            return Err(INVALID_FIELD.into());
        }
        let data = if no_buffer { vec![0; BLOCK] } else { sized(out.to_vec(), BLOCK) };
        if byte(cdb, 1) & 8 != 0 {
            if !self.traits.thin {
                return Err(INVALID_FIELD.into());
            }
            return self.discard(place);
        }
        self.gear.untouched = false;
        for block in place {
            self.gear.medium.write(block, &data).map_err(|_| WRITE_ERROR)?;
        }
        Ok(Vec::new())
    }

    /// UNMAP (SBC-4 5.34).
    pub(super) fn unmap(&mut self, lun: usize, cdb: &[u8], out: &[u8]) -> Outcome {
        if usize::from(be16(cdb, 7)) > out.len() || (1..8).contains(&be16(cdb, 7)) {
            return Err(LIST_LENGTH.into());
        }
        for (first, count) in unmap_list(out).ok_or(INVALID_PARAMETER)? {
            let place = self.place(lun, first, count)?;
            self.discard(place)?;
        }
        Ok(Vec::new())
    }

    fn discard(&mut self, place: Range<u64>) -> Outcome {
        self.gear.medium.deallocate(place).map_err(|_| TARGET_FAILURE)?;
        Ok(Vec::new())
    }

    /// VERIFY (10) and (16) without data: the blocks can be read.
    pub(super) fn verify(&mut self, lun: usize, cdb: &[u8]) -> Outcome {
        let (first, count) = match byte(cdb, 0) {
            0x2f => (u64::from(be32(cdb, 2)), u64::from(be16(cdb, 7))),
            _ => (be64(cdb, 2), u64::from(be32(cdb, 10))),
        };
        if byte(cdb, 1) & 0x06 != 0 {
            return Err(INVALID_FIELD.into());
        }
        self.read(lun, Transfer { way: Way::Read, first, count })?;
        Ok(Vec::new())
    }
}
