//! An NVMe controller (Base 2.0) with one namespace that reads, writes and tells who it is.

use super::{BLOCK, Backing, padded};
use crate::unit::{Controller, NvmeAnswer};

const INVALID_OPCODE: u16 = 0x001;
const INVALID_FIELD: u16 = 0x002;
const INVALID_NAMESPACE: u16 = 0x00B;
const OUT_OF_RANGE: u16 = 0x080;
const INVALID_LOG_PAGE: u16 = 0x109;
const WRITE_FAULT: u16 = 0x280;
const READ_ERROR: u16 = 0x281;

/// The controller.
pub struct PlainController {
    backing: Backing,
    serial: String,
}

impl PlainController {
    pub fn new(backing: Backing, serial: &str) -> Self {
        PlainController { backing, serial: serial.into() }
    }

    fn identify(&self, structure: u8, namespace: u32) -> Result<Vec<u8>, u16> {
        let mut page = vec![0; 4096];
        match structure {
            // Namespace: size, capacity, use; one format of 512 bytes; NGUID.
            0 if namespace == 1 => {
                for at in [0, 8, 16] {
                    page[at..at + 8].copy_from_slice(&self.backing.blocks().to_le_bytes());
                }
                page[104..120].copy_from_slice(&nguid());
                page[130] = 9;
            }
            1 => {
                page[4..24].copy_from_slice(&padded(&self.serial, 20));
                page[24..64].copy_from_slice(&padded("RIG PLAIN NVME", 40));
                page[64..72].copy_from_slice(&padded("1.0", 8));
                // MDTS: 256 KiB; version 1.4; queue entries of 64 and 16 bytes; one namespace; a volatile write cache.
                page[77] = 6;
                page[80..84].copy_from_slice(&0x0001_0400u32.to_le_bytes());
                (page[512], page[513], page[516], page[525]) = (0x66, 0x44, 1, 1);
            }
            // Active namespaces above the one named.
            2 if namespace < 1 => page[0] = 1,
            2 => {}
            // Descriptors: NGUID.
            3 if namespace == 1 => {
                page[..2].copy_from_slice(&[2, 16]);
                page[4..20].copy_from_slice(&nguid());
            }
            0 | 3 => return Err(INVALID_NAMESPACE),
            _ => return Err(INVALID_FIELD),
        }
        Ok(page)
    }

    fn transfer(&self, sqe: &[u8; 64]) -> Result<(u64, u64), u16> {
        if dword(sqe, 4) != 1 {
            return Err(INVALID_NAMESPACE);
        }
        let block = u64::from(dword(sqe, 40)) | u64::from(dword(sqe, 44)) << 32;
        let count = u64::from(dword(sqe, 48) & 0xFFFF) + 1;
        if self.backing.has(block, count) { Ok((block, count)) } else { Err(OUT_OF_RANGE) }
    }
}

fn nguid() -> [u8; 16] {
    *b"RADERARIGPLAIN01"
}

fn dword(sqe: &[u8; 64], at: usize) -> u32 {
    u32::from_le_bytes([sqe[at], sqe[at + 1], sqe[at + 2], sqe[at + 3]])
}

fn done(answer: Result<(u32, Vec<u8>), u16>) -> NvmeAnswer {
    match answer {
        Ok((dw0, data)) => NvmeAnswer::Done { dw0, status: 0, dnr: false, data },
        Err(status) => NvmeAnswer::Done { dw0: 0, status, dnr: true, data: Vec::new() },
    }
}

impl Controller for PlainController {
    fn admin(&mut self, sqe: &[u8; 64], _: &[u8]) -> NvmeAnswer {
        done(match sqe[0] {
            // Get Log Page: error, SMART, firmware; empty.
            0x02 if matches!(sqe[40], 1..=3) => Ok((0, vec![0; 4096])),
            0x02 => Err(INVALID_LOG_PAGE),
            0x06 => self.identify(sqe[40], dword(sqe, 4)).map(|page| (0, page)),
            // Abort: not aborted.
            0x08 => Ok((1, Vec::new())),
            // Set and Get Features: two queues of each kind.
            0x09 | 0x0A if sqe[40] == 7 => Ok((0x0001_0001, Vec::new())),
            0x09 => Ok((0, Vec::new())),
            0x0A if sqe[40] == 6 => Ok((1, Vec::new())),
            0x0C => return NvmeAnswer::Later,
            super::SILENT => return NvmeAnswer::NoAnswer,
            _ => Err(INVALID_OPCODE),
        })
    }

    fn io(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        done(match sqe[0] {
            0x00 => self.backing.flush().map(|()| (0, Vec::new())).map_err(|_| WRITE_FAULT),
            0x01 => self.transfer(sqe).and_then(|(block, count)| {
                let bytes = usize::try_from(count * BLOCK).map_err(|_| INVALID_FIELD)?;
                let data = data_out.get(..bytes).ok_or(INVALID_FIELD)?;
                self.backing.write(block, data).map(|()| (0, Vec::new())).map_err(|_| WRITE_FAULT)
            }),
            0x02 => self.transfer(sqe).and_then(|(block, count)| {
                self.backing.read(block, count).map(|data| (0, data)).map_err(|_| READ_ERROR)
            }),
            _ => Err(INVALID_OPCODE),
        })
    }
}
