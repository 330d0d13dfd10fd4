//! Reads and writes as commands of the drive's own, so that they fail when the drive says so.

use std::io;

use super::{Drive, Shared};
use crate::drives::nvme::NvmeAnswer;
use crate::drives::scsi::ScsiAnswer;
use crate::io::simulated::Blocks;
use crate::sys::errno::{EINVAL, EIO, ENODEV};

const READ_16: u8 = 0x88;
const WRITE_16: u8 = 0x8A;
const SYNCHRONIZE_CACHE_10: u8 = 0x35;
const NVM_FLUSH: u8 = 0x00;
const NVM_WRITE: u8 = 0x01;
const NVM_READ: u8 = 0x02;
/// A unit attention or a reset takes one command away; the kernel sends it again.
const TRIES: u32 = 5;

fn error(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

impl Shared {
    fn command(&mut self, opcodes: (u8, u8), place: Option<(u64, usize)>, out: &[u8]) -> io::Result<Vec<u8>> {
        let unit = self.unit;
        let mut drive = self.drive();
        for _ in 0..TRIES {
            let answer = match &mut *drive {
                Drive::Nvme(nvme) => {
                    let shift = nvme.namespaces[unit].shift;
                    let entry = entry(opcodes.1, unit, place, shift)?;
                    match nvme.io(&entry, out) {
                        NvmeAnswer::Done { status: 0, data, .. } => Some(Ok(data)),
                        NvmeAnswer::Done { .. } => Some(Err(error(EIO))),
                        _ => None,
                    }
                }
                drive => match drive.execute(unit, &cdb(opcodes.0, place)?, out, place.map_or(0, |(_, bytes)| bytes)) {
                    Some(ScsiAnswer::Done { status: 0, data, .. }) => Some(Ok(data)),
                    // Unit attention, in fixed format.
                    Some(ScsiAnswer::Done { sense, .. }) if sense.get(2) == Some(&0x06) => None,
                    Some(ScsiAnswer::Done { .. }) => Some(Err(error(EIO))),
                    _ => None,
                },
            };
            if let Some(answer) = answer {
                return answer;
            }
            if !drive.is_there() {
                return Err(error(ENODEV));
            }
        }
        Err(error(EIO))
    }
}

fn cdb(opcode: u8, place: Option<(u64, usize)>) -> io::Result<Vec<u8>> {
    let Some((offset, bytes)) = place else {
        let mut cdb = vec![0; 10];
        cdb[0] = opcode;
        return Ok(cdb);
    };
    let (first, count) = in_blocks(offset, bytes, 9)?;
    let mut cdb = vec![0; 16];
    cdb[0] = opcode;
    cdb[2..10].copy_from_slice(&first.to_be_bytes());
    cdb[10..14].copy_from_slice(&count.to_be_bytes());
    Ok(cdb)
}

fn entry(opcode: u8, unit: usize, place: Option<(u64, usize)>, shift: u32) -> io::Result<[u8; 64]> {
    let mut entry = [0; 64];
    entry[0] = opcode;
    entry[4..8].copy_from_slice(&u32::try_from(unit + 1).map_err(|_| error(EINVAL))?.to_le_bytes());
    if let Some((offset, bytes)) = place {
        let (first, count) = in_blocks(offset, bytes, shift)?;
        entry[40..48].copy_from_slice(&first.to_le_bytes());
        entry[48..52].copy_from_slice(&count.checked_sub(1).ok_or_else(|| error(EINVAL))?.to_le_bytes());
    }
    Ok(entry)
}

fn in_blocks(offset: u64, bytes: usize, shift: u32) -> io::Result<(u64, u32)> {
    let whole = offset.is_multiple_of(1 << shift) && bytes.is_multiple_of(1 << shift);
    let count = u32::try_from(bytes >> shift).ok().filter(|_| whole).ok_or_else(|| error(EINVAL))?;
    Ok((offset >> shift, count))
}

impl Blocks for Shared {
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let data = self.command((READ_16, NVM_READ), Some((offset, buffer.len())), &[])?;
        let moved = data.len().min(buffer.len());
        buffer[..moved].copy_from_slice(&data[..moved]);
        Ok(moved)
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.command((WRITE_16, NVM_WRITE), Some((offset, bytes.len())), bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.command((SYNCHRONIZE_CACHE_10, NVM_FLUSH), None, &[]).map(drop)
    }
}
