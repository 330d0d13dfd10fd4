//! Hands for the tests: they build commands from the standards' tables, by their own means.

use crate::drives::ata::{Answer, Command, Protocol, Reply, Sata};
use crate::drives::nvme::{Nvme, NvmeAnswer};
use crate::drives::scsi::{ScsiAnswer, Unit};

/// A 48-bit ATA command without data.
pub fn plain(command: u8, feature: u16, count: u16, lba: u64) -> Command {
    Command { feature, count, lba, device: 0x40, command, ext: true, protocol: Protocol::NonData }
}

/// A 28-bit ATA command.
pub fn short(command: u8, protocol: Protocol) -> Command {
    Command { feature: 0, count: 0, lba: 0, device: 0x40, command, ext: false, protocol }
}

/// The registers, or `None`.
pub fn send(drive: &mut Sata, command: Command, out: &[u8]) -> Option<Answer> {
    match drive.execute(&command, out) {
        Reply::Done(answer) => Some(answer),
        Reply::NoAnswer => None,
    }
}

/// Whether an ATA command came back without an error.
pub fn fine(drive: &mut Sata, command: Command, out: &[u8]) -> bool {
    send(drive, command, out).is_some_and(|answer| answer.status == 0x50)
}

/// SANITIZE STATUS EXT: status, reason or LBA 15:0, count 15:8.
pub fn ata_status(drive: &mut Sata) -> (u8, u64, u16) {
    let answer = send(drive, plain(0xb4, 0, 0, 0), &[]).unwrap();
    (answer.status, answer.lba, answer.count >> 8)
}

/// The security commands' data block.
pub fn password(control: u16, words: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..2].copy_from_slice(&control.to_le_bytes());
    block[2..2 + words.len()].copy_from_slice(words.as_bytes());
    block
}

/// Words of IDENTIFY DEVICE.
pub fn words(drive: &mut Sata) -> Vec<u16> {
    let data = send(drive, short(0xec, Protocol::PioIn), &[]).unwrap().data;
    data.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// Status, sense and data of a CDB.
pub fn scsi(unit: &mut dyn Unit, cdb: &[u8], out: &[u8]) -> Option<(u8, Vec<u8>, Vec<u8>)> {
    match unit.execute(cdb, out, 1 << 20) {
        ScsiAnswer::Done { status, sense, data } => Some((status, sense, data)),
        ScsiAnswer::NoAnswer => None,
    }
}

/// Key, ASC and ASCQ of a CDB's end; zeros for GOOD.
pub fn key(unit: &mut dyn Unit, cdb: &[u8], out: &[u8]) -> (u8, u8, u8) {
    let (status, sense, _) = scsi(unit, cdb, out).unwrap();
    assert_eq!(status == 0, sense.is_empty());
    match sense.first().map(|first| first & 0x7f) {
        None => (0, 0, 0),
        Some(0x70) => (sense[2] & 0x0f, sense[12], sense[13]),
        Some(0x72) => (sense[1], sense[2], sense[3]),
        Some(other) => panic!("response code {other:02x}"),
    }
}

/// The data of a CDB that must end with GOOD.
pub fn fetch(unit: &mut dyn Unit, cdb: &[u8]) -> Vec<u8> {
    let (status, sense, data) = scsi(unit, cdb, &[]).unwrap();
    assert_eq!(status, 0, "{cdb:02x?}: {sense:02x?}");
    data
}

/// REQUEST SENSE, fixed: key, ASC, ASCQ and progress.
pub fn request_sense(unit: &mut dyn Unit) -> (u8, u8, u8, Option<u16>) {
    let raw = fetch(unit, &[0x03, 0, 0, 0, 252, 0]);
    let progress = (raw[15] & 0x80 != 0).then(|| u16::from_be_bytes([raw[16], raw[17]]));
    (raw[2] & 0x0f, raw[12], raw[13], progress)
}

/// A submission queue entry.
pub fn entry(code: u8, nsid: u32, dwords: &[(usize, u32)]) -> [u8; 64] {
    let mut sqe = [0; 64];
    sqe[0] = code;
    sqe[4..8].copy_from_slice(&nsid.to_le_bytes());
    for (number, value) in dwords {
        sqe[4 * number..4 * number + 4].copy_from_slice(&value.to_le_bytes());
    }
    sqe
}

fn done(answer: NvmeAnswer) -> Option<(u16, Vec<u8>)> {
    match answer {
        NvmeAnswer::Done { status, data, .. } => Some((status, data)),
        NvmeAnswer::NoAnswer => None,
        NvmeAnswer::Later => panic!("later"),
    }
}

/// Status and data of an admin command.
pub fn admin(drive: &mut Nvme, code: u8, nsid: u32, dwords: &[(usize, u32)]) -> Option<(u16, Vec<u8>)> {
    done(drive.admin(&entry(code, nsid, dwords), &[]))
}

/// Status and data of an I/O command.
pub fn io(drive: &mut Nvme, code: u8, nsid: u32, lba: u64, blocks: u32, out: &[u8]) -> Option<(u16, Vec<u8>)> {
    let words = [(10, lba as u32), (11, (lba >> 32) as u32), (12, blocks - 1)];
    done(drive.io(&entry(code, nsid, &words), out))
}

/// The sanitize status log.
pub fn log(drive: &mut Nvme) -> Option<Vec<u8>> {
    let (status, data) = admin(drive, 0x02, u32::MAX, &[(10, 0x81 | 127 << 16)])?;
    assert_eq!(status, 0);
    assert_eq!(data.len(), 512);
    Some(data)
}

/// SPROG, SSTAT and SCDW10.
pub fn sstat(drive: &mut Nvme) -> (u16, u16, u32) {
    let log = log(drive).unwrap();
    (
        u16::from_le_bytes([log[0], log[1]]),
        u16::from_le_bytes([log[2], log[3]]),
        u32::from_le_bytes([log[4], log[5], log[6], log[7]]),
    )
}
