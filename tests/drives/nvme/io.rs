//! The NVM command set (NVMe 1.4 clause 6): Flush, Write, Read, Compare, Write Zeroes, Dataset Management.

use super::super::bytes::{byte, le16, le32, le64};
use super::super::faults::Fault;
use super::super::medium::BLOCK;
use super::{Done, Nvme, dword, nsid, slba, status};
use std::ops::Range;

/// Where an I/O command goes.
struct Place {
    space: usize,
    first: u64,
    count: u64,
    blocks: Range<u64>,
    per_block: u64,
}

impl Nvme {
    pub(super) fn io_command(&mut self, sqe: &[u8; 64], out: &[u8]) -> Done {
        let code = byte(sqe, 0);
        if self.gear.sanitizing() || (self.verifying && code != 0x02) {
            return Err(status::SANITIZE_IN_PROGRESS.into());
        }
        if self.formatting() {
            return Err(status::FORMAT_IN_PROGRESS.into());
        }
        if self.gear.failed() {
            return Err(status::SANITIZE_FAILED.into());
        }
        let everywhere = code == 0x00 && nsid(sqe) == u32::MAX;
        if !everywhere && self.attached(nsid(sqe)).is_none() {
            return Err(status::INVALID_NAMESPACE.into());
        }
        if self.gear.faults.has(&Fault::Locked) && code != 0x00 {
            return Err(status::ACCESS_DENIED.into());
        }
        if self.protected && matches!(code, 0x01 | 0x08 | 0x09) {
            return Err(status::WRITE_PROTECTED.into());
        }
        match code {
            0x00 => {
                self.gear.medium.sync().map_err(|_| status::INTERNAL)?;
                Ok((0, Vec::new()))
            }
            0x01 => self.write(sqe, out),
            0x02 => {
                let data = self.read(sqe)?;
                self.traffic[0] += (data.len() / BLOCK) as u64;
                Ok((0, data))
            }
            0x05 if self.traits.oncs & 1 != 0 => {
                let data = self.read(sqe)?;
                if out.get(..data.len()) == Some(&data) { Ok((0, Vec::new())) } else { Err(status::COMPARE.into()) }
            }
            0x08 if self.traits.oncs & 8 != 0 => self.write_zeroes(sqe),
            0x09 if self.traits.oncs & 4 != 0 => self.dataset_management(sqe, out),
            _ => Err(status::INVALID_OPCODE.into()),
        }
    }

    fn place(&self, sqe: &[u8; 64], first: u64, count: u64) -> Result<Place, u16> {
        let (space, namespace) = self.attached(nsid(sqe)).ok_or(status::INVALID_NAMESPACE)?;
        let per_block = 1u64 << (namespace.shift - 9);
        let size = self.size(nsid(sqe));
        let end = first.checked_add(count).filter(|end| *end <= size).ok_or(status::OUT_OF_RANGE)?;
        let start = self.gear.medium.layout().space(space).start;
        Ok(Place { space, first, count, blocks: start + first * per_block..start + end * per_block, per_block })
    }

    fn extent(&self, sqe: &[u8; 64]) -> Result<Place, u16> {
        self.place(sqe, slba(sqe), u64::from(le16(sqe, 48)) + 1)
    }

    fn read(&mut self, sqe: &[u8; 64]) -> Result<Vec<u8>, u16> {
        let place = self.extent(sqe)?;
        if place.space == 0 && self.gear.faults.unreadable(place.first, place.count).is_some() {
            return Err(status::READ_ERROR);
        }
        let mut data = Vec::with_capacity((place.count * place.per_block) as usize * BLOCK);
        for block in place.blocks {
            data.extend(self.gear.medium.read(block).map_err(|_| status::READ_ERROR)?);
        }
        Ok(data)
    }

    fn write(&mut self, sqe: &[u8; 64], out: &[u8]) -> Done {
        let place = self.extent(sqe)?;
        let blocks = place.count * place.per_block;
        if (out.len() as u64) < blocks * BLOCK as u64 {
            return Err(status::DATA_TRANSFER.into());
        }
        self.gear.untouched = false;
        let bad = if place.space == 0 { self.gear.faults.unwritable(place.first, place.count) } else { None };
        for (index, (block, data)) in place.blocks.clone().zip(out.chunks(BLOCK)).enumerate() {
            if bad == Some(place.first + index as u64 / place.per_block) {
                return Err(status::WRITE_FAULT.into());
            }
            self.gear.medium.write(block, data).map_err(|_| status::WRITE_FAULT)?;
        }
        self.traffic[1] += blocks;
        Ok((0, Vec::new()))
    }

    /// Write Zeroes: CDW12 bit 25 (DEAC) deallocates instead.
    fn write_zeroes(&mut self, sqe: &[u8; 64]) -> Done {
        let place = self.extent(sqe)?;
        let deallocate = dword(sqe, 12) & 1 << 25 != 0;
        if deallocate {
            self.gear.medium.deallocate(place.blocks).map_err(|_| status::WRITE_FAULT)?;
            return Ok((0, Vec::new()));
        }
        self.gear.untouched = false;
        for block in place.blocks {
            self.gear.medium.write(block, &[0; BLOCK]).map_err(|_| status::WRITE_FAULT)?;
        }
        Ok((0, Vec::new()))
    }

    /// Dataset Management: ranges of 16 bytes, as many as CDW10 7:0 and one; CDW11 bit 2 deallocates.
    fn dataset_management(&mut self, sqe: &[u8; 64], out: &[u8]) -> Done {
        let ranges = usize::from(byte(sqe, 40)) + 1;
        if out.len() < ranges * 16 {
            return Err(status::DATA_TRANSFER.into());
        }
        for range in out.chunks_exact(16).take(ranges) {
            let place = self.place(sqe, le64(range, 8), u64::from(le32(range, 4)))?;
            if dword(sqe, 11) & 4 != 0 {
                self.gear.medium.deallocate(place.blocks).map_err(|_| status::INTERNAL)?;
            }
        }
        Ok((0, Vec::new()))
    }
}
