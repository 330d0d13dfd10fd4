//! A SCSI disk (SPC-5, SBC-4) that reads, writes and tells who it is.

use super::{BLOCK, Backing, padded};
use crate::unit::{ScsiAnswer, Unit};

/// Sense key, additional code and qualifier.
type Sense = (u8, u8, u8);
const INVALID_OPERATION: Sense = (0x05, 0x20, 0x00);
const INVALID_FIELD: Sense = (0x05, 0x24, 0x00);
const OUT_OF_RANGE: Sense = (0x05, 0x21, 0x00);
const READ_ERROR: Sense = (0x03, 0x11, 0x00);
const WRITE_ERROR: Sense = (0x03, 0x0C, 0x00);

/// The disk.
pub struct PlainUnit {
    backing: Backing,
    serial: String,
}

impl PlainUnit {
    pub fn new(backing: Backing, serial: &str) -> Self {
        PlainUnit { backing, serial: serial.into() }
    }

    fn answer(&mut self, cdb: &[u8], out: &[u8]) -> Result<Vec<u8>, Sense> {
        let number = |from: usize, to: usize| {
            cdb.get(from..to).map_or(0, |bytes| bytes.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)))
        };
        match cdb.first() {
            // TEST UNIT READY, SYNCHRONIZE CACHE (10) and (16).
            Some(0x00) => Ok(Vec::new()),
            Some(0x35 | 0x91) => self.backing.flush().map(|()| Vec::new()).map_err(|_| WRITE_ERROR),
            // REQUEST SENSE: nothing to tell.
            Some(0x03) => Ok([&[0x70, 0, 0, 0, 0, 0, 0, 10][..], &[0; 10]].concat()),
            Some(0x12) => self.inquiry(number(1, 2) & 1 == 1, number(2, 3) as u8),
            // MODE SENSE (6) and (10): the caching page, with the write cache on.
            Some(0x1A) => mode_page(4, number(2, 3) as u8),
            Some(0x5A) => mode_page(8, number(2, 3) as u8),
            // READ CAPACITY (10) and (16).
            Some(0x25) => {
                let last = u32::try_from(self.backing.blocks().saturating_sub(1)).unwrap_or(u32::MAX);
                Ok([last.to_be_bytes(), (BLOCK as u32).to_be_bytes()].concat())
            }
            Some(0x9E) if number(1, 2) & 0x1F == 0x10 => {
                let mut data = self.backing.blocks().saturating_sub(1).to_be_bytes().to_vec();
                data.extend((BLOCK as u32).to_be_bytes());
                data.resize(32, 0);
                Ok(data)
            }
            Some(0x08) => self.read(number(1, 4) & 0x1F_FFFF, if number(4, 5) == 0 { 256 } else { number(4, 5) }),
            Some(0x28) => self.read(number(2, 6), number(7, 9)),
            Some(0xA8) => self.read(number(2, 6), number(6, 10)),
            Some(0x88) => self.read(number(2, 10), number(10, 14)),
            Some(0x2A) => self.write(number(2, 6), number(7, 9), out),
            Some(0xAA) => self.write(number(2, 6), number(6, 10), out),
            Some(0x8A) => self.write(number(2, 10), number(10, 14), out),
            _ => Err(INVALID_OPERATION),
        }
    }

    fn read(&self, block: u64, count: u64) -> Result<Vec<u8>, Sense> {
        if !self.backing.has(block, count) {
            return Err(OUT_OF_RANGE);
        }
        self.backing.read(block, count).map_err(|_| READ_ERROR)
    }

    fn write(&self, block: u64, count: u64, out: &[u8]) -> Result<Vec<u8>, Sense> {
        if !self.backing.has(block, count) {
            return Err(OUT_OF_RANGE);
        }
        let data = usize::try_from(count * BLOCK).ok().and_then(|bytes| out.get(..bytes)).ok_or(INVALID_FIELD)?;
        self.backing.write(block, data).map(|()| Vec::new()).map_err(|_| WRITE_ERROR)
    }

    fn inquiry(&self, vital: bool, page: u8) -> Result<Vec<u8>, Sense> {
        if !vital {
            // SPC-4, response format 2, command queuing.
            let head = vec![0, 0, 6, 2, 91, 0, 0, 2];
            let names = [padded("RIG", 8), padded("PLAIN DISK", 16), padded("1.0", 4)].concat();
            return Ok([head, names, vec![0; 60]].concat());
        }
        let body = match page {
            0x00 => vec![0x00, 0x80, 0x83, 0xB0, 0xB1],
            0x80 => self.serial.clone().into_bytes(),
            0x83 => {
                let name = [padded("RIG", 8), self.serial.clone().into_bytes()].concat();
                [vec![0x02, 0x01, 0x00, name.len() as u8], name].concat()
            }
            // Block limits: requests of at most 512 blocks, best of 128.
            0xB0 => [&[0, 0, 0, 8][..], &512u32.to_be_bytes(), &128u32.to_be_bytes(), &[0; 48]].concat(),
            // Not rotating.
            0xB1 => [&[0, 1][..], &[0; 58]].concat(),
            _ => return Err(INVALID_FIELD),
        };
        Ok([&[0, page][..], &(body.len() as u16).to_be_bytes(), &body].concat())
    }
}

/// A mode parameter header of `header` bytes without block descriptors, and the caching page where it is asked for.
fn mode_page(header: usize, wanted: u8) -> Result<Vec<u8>, Sense> {
    let page = match wanted & 0x3F {
        0x08 | 0x3F => [&[0x08, 0x12, 0x04][..], &[0; 17]].concat(),
        _ => return Err(INVALID_FIELD),
    };
    let mut data = vec![0; header];
    // The mode data length leaves itself out: one byte in the short header, two in the long one.
    let length = if header == 4 { &mut data[0] } else { &mut data[1] };
    *length = (header + page.len() - if header == 4 { 1 } else { 2 }) as u8;
    data.extend(page);
    Ok(data)
}

impl Unit for PlainUnit {
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer {
        if cdb.first() == Some(&super::SILENT) {
            return ScsiAnswer::NoAnswer;
        }
        match self.answer(cdb, data_out) {
            Ok(mut data) => {
                data.truncate(max_in);
                ScsiAnswer::Done { status: 0, sense: Vec::new(), data }
            }
            Err((key, code, qualifier)) => {
                let mut sense = vec![0; 18];
                (sense[0], sense[2], sense[7], sense[12], sense[13]) = (0x70, key, 10, code, qualifier);
                ScsiAnswer::Done { status: 2, sense, data: Vec::new() }
            }
        }
    }
}
