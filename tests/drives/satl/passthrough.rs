//! ATA PASS-THROUGH (12) and (16) (SAT-4 12.2.2), with the ways in which registers come back.

use super::super::ata::{Answer, Command, Protocol};
use super::super::bytes::{be16, byte, put};
use super::super::faults::SenseLayout;
use super::super::scsi::{
    ABORTED, CHECK, GOOD, INVALID_FIELD, OUT_OF_RANGE, READ_ERROR, RESET_OCCURRED, ScsiAnswer, Sense, Stop,
    TARGET_FAILURE, sense,
};
use super::Satl;

/// ATA PASS-THROUGH INFORMATION AVAILABLE.
const AVAILABLE: Sense = sense(0x01, 0x00, 0x1d);

/// A place that no CDB has: it reads as zero.
const NONE: usize = usize::MAX;

/// What a CDB asks for.
struct Request {
    command: Command,
    /// Return the registers of the last command and send nothing.
    recall: bool,
    check: bool,
    /// Bytes to move.
    length: usize,
}

impl Satl {
    /// ATA PASS-THROUGH.
    pub(super) fn pass_through(&mut self, cdb: &[u8], out: &[u8], max_in: usize) -> ScsiAnswer {
        if std::mem::take(&mut self.drive.gear.attention) {
            return check(RESET_OCCURRED.fixed());
        }
        let Some(request) = parse(cdb) else { return check(INVALID_FIELD.fixed()) };
        if request.recall {
            return check(descriptor(AVAILABLE, &self.last.clone(), true));
        }
        // The kernel moves as many bytes as the CDB says; fewer in the buffer is an error of the caller.
        let outgoing = matches!(request.command.protocol, Protocol::PioOut | Protocol::DmaOut);
        if outgoing && out.len() < request.length {
            return check(INVALID_FIELD.fixed());
        }
        let answer = match self.send(&request.command, out.get(..request.length).unwrap_or(out)) {
            Ok(answer) => answer,
            Err(_) if self.drive.gear.powered && std::mem::take(&mut self.drive.gear.attention) => {
                return check(RESET_OCCURRED.fixed());
            }
            Err(Stop::Gone | Stop::Check(_)) => return ScsiAnswer::NoAnswer,
        };
        let failed = answer.status & 0x21 != 0;
        let mut data = answer.data.clone();
        data.truncate(request.length.min(max_in));
        if !(failed || request.check) {
            return ScsiAnswer::Done { status: GOOD, sense: Vec::new(), data };
        }
        let state = match (answer.status, answer.error) {
            _ if !failed => AVAILABLE,
            (status, _) if status & 0x20 != 0 => TARGET_FAILURE,
            (_, error) if error & 0x40 != 0 => READ_ERROR,
            (_, error) if error & 0x10 != 0 => OUT_OF_RANGE,
            _ => ABORTED,
        };
        let ext = request.command.ext;
        let sense = match self.layout() {
            SenseLayout::Descriptor => descriptor(state, &answer, ext),
            SenseLayout::CountZeroed => descriptor(state, &Answer { count: 0, ..answer }, ext),
            SenseLayout::FixedFromEight => from_eight(state, &answer, ext),
            SenseLayout::FixedFromThree => from_three(state, &answer, ext),
            SenseLayout::FixedBare => state.fixed(),
            SenseLayout::Nothing => return ScsiAnswer::Done { status: GOOD, sense: Vec::new(), data },
        };
        ScsiAnswer::Done { status: CHECK, sense, data }
    }
}

fn check(sense: Vec<u8>) -> ScsiAnswer {
    ScsiAnswer::Done { status: CHECK, sense, data: Vec::new() }
}

/// Byte 1: PROTOCOL 4:1, EXTEND 0. Byte 2: CK_COND 5, T_TYPE 4, T_DIR 3, BYT_BLOK 2, T_LENGTH 1:0. `None`: the fields
/// contradict each other.
fn parse(cdb: &[u8]) -> Option<Request> {
    let long = byte(cdb, 0) == 0x85;
    if cdb.len() < if long { 16 } else { 12 } {
        return None;
    }
    let ext = long && byte(cdb, 1) & 1 == 1;
    let low = |places: [usize; 6]| places.iter().rev().fold(0u64, |lba, at| lba << 8 | u64::from(byte(cdb, *at)));
    let (feature, count, lba, device, command) = if long {
        let device = byte(cdb, 13);
        let lba = if ext {
            low([8, 10, 12, 7, 9, 11])
        } else {
            low([8, 10, 12, NONE, NONE, NONE]) | u64::from(device & 0x0f) << 24
        };
        (be16(cdb, 3), be16(cdb, 5), lba, device, byte(cdb, 14))
    } else {
        let device = byte(cdb, 8);
        let lba = low([5, 6, 7, NONE, NONE, NONE]) | u64::from(device & 0x0f) << 24;
        (u16::from(byte(cdb, 3)), u16::from(byte(cdb, 4)), lba, device, byte(cdb, 9))
    };
    let flags = byte(cdb, 2);
    let incoming = flags & 8 != 0;
    let transfer_length = flags & 3;
    let (protocol, recall) = match byte(cdb, 1) >> 1 & 0x0f {
        3 => (Protocol::NonData, false),
        4 => (Protocol::PioIn, false),
        5 => (Protocol::PioOut, false),
        6 if incoming => (Protocol::DmaIn, false),
        6 => (Protocol::DmaOut, false),
        10 => (Protocol::DmaIn, false),
        11 => (Protocol::DmaOut, false),
        15 => (Protocol::NonData, true),
        _ => return None,
    };
    let to_host = matches!(protocol, Protocol::PioIn | Protocol::DmaIn);
    // SAT-4 table 137: a non-data command moves nothing, and the direction is that of the protocol.
    if !recall && ((protocol == Protocol::NonData) != (transfer_length == 0)) {
        return None;
    }
    if protocol != Protocol::NonData && to_host != incoming {
        return None;
    }
    let field = match transfer_length {
        0 => 0,
        1 => usize::from(feature),
        2 => usize::from(count),
        _ => return None,
    };
    let unit = if flags & 4 != 0 { 512 } else { 1 };
    let command = Command { feature, count, lba, device, command, ext, protocol };
    Some(Request { command, recall, check: flags & 0x20 != 0, length: field * unit })
}

/// Descriptor format with the ATA Status Return descriptor 09h (SAT-4 12.2.2.6).
fn descriptor(state: Sense, answer: &Answer, ext: bool) -> Vec<u8> {
    let mut raw = vec![0x72, state.key, state.asc, state.ascq, 0, 0, 0, 14];
    let lba = answer.lba.to_le_bytes();
    let [count_high, count_low] = answer.count.to_be_bytes();
    let at = |index: usize| byte(&lba, index);
    let high = |value: u8| if ext { value } else { 0 };
    raw.extend([0x09, 0x0c, u8::from(ext), answer.error, high(count_high), count_low]);
    raw.extend([high(at(3)), at(0), high(at(4)), at(1), high(at(5)), at(2)]);
    raw.extend([device(answer, ext), answer.status]);
    raw
}

fn device(answer: &Answer, ext: bool) -> u8 {
    if ext { answer.device } else { answer.device | byte(&answer.lba.to_le_bytes(), 3) & 0x0f }
}

/// EXTEND, COUNT UPPER NONZERO, LBA UPPER NONZERO.
fn upper(answer: &Answer, ext: bool) -> u8 {
    if !ext {
        return 0;
    }
    0x80 | u8::from(answer.count > 0xff) << 6 | u8::from(answer.lba > 0xff_ffff) << 5
}

/// Fixed format as Linux 6.1 makes it: from byte 8 ERROR, STATUS, DEVICE, COUNT; 16 the upper bits; 17–19 LBA.
fn from_eight(state: Sense, answer: &Answer, ext: bool) -> Vec<u8> {
    let mut raw = vec![0; 20];
    put(&mut raw, 0, &[0x70, 0, state.key]);
    put(&mut raw, 7, &[0x0a, answer.error, answer.status, device(answer, ext), answer.count as u8]);
    put(&mut raw, 12, &[state.asc, state.ascq]);
    put(&mut raw, 16, &[upper(answer, ext)]);
    put(&mut raw, 17, answer.lba.to_le_bytes().get(..3).unwrap_or_default());
    raw
}

/// Fixed format as SAT-4 table 148 has it and Linux 6.12 makes it: INFORMATION holds ERROR, STATUS, DEVICE, COUNT 7:0;
/// COMMAND-SPECIFIC the upper bits and LBA 23:0.
fn from_three(state: Sense, answer: &Answer, ext: bool) -> Vec<u8> {
    let mut raw = state.fixed();
    put(&mut raw, 0, &[0xf0]);
    put(&mut raw, 3, &[answer.error, answer.status, device(answer, ext), answer.count as u8]);
    put(&mut raw, 8, &[upper(answer, ext)]);
    put(&mut raw, 9, answer.lba.to_le_bytes().get(..3).unwrap_or_default());
    raw
}
