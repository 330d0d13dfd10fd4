//! SECURITY PROTOCOL IN and OUT with protocol EFh, ATA device server password security (SAT-4 12.5).

use super::super::ata::{Command, Protocol};
use super::super::bytes::{be16, be32, byte, put, take};
use super::super::scsi::{ABORTED, INVALID_FIELD, LIST_LENGTH, Outcome};
use super::{Satl, extended};

/// SECURITY PROTOCOL SPECIFIC values of protocol EFh and their ATA commands (SAT-4 table 168).
const ACTIONS: [(u16, u8); 6] =
    [(0x0001, 0xf1), (0x0002, 0xf2), (0x0003, 0xf3), (0x0004, 0xf4), (0x0005, 0xf5), (0x0006, 0xf6)];

/// A 28-bit command.
fn short(command: u8, protocol: Protocol) -> Command {
    Command { ext: false, ..extended(command, 0, 0, 0, protocol) }
}

impl Satl {
    /// Protocol 00h lists the protocols; EFh gives 16 bytes: times in 2–5, password identifier in 6–7, MAXSET in 8, state
    /// in 9 (b5 enhanced, b4 attempts exceeded, b3 frozen, b2 locked, b1 enabled, b0 supported).
    pub(super) fn security_in(&mut self, cdb: &[u8]) -> Outcome {
        match (byte(cdb, 1), be16(cdb, 2)) {
            (0x00, 0) => Ok(vec![0, 0, 0, 0, 0, 0, 0, 2, 0x00, 0xef]),
            (0xef, 0) => {
                let identify = self.send(&short(0xec, Protocol::PioIn), &[])?.data;
                let word = |index: usize| u16::from_le_bytes(take(&identify, 2 * index));
                let state = word(128);
                let mut data = vec![0; 16];
                put(&mut data, 1, &[0x0e]);
                put(&mut data, 2, &word(89).to_be_bytes());
                put(&mut data, 4, &word(90).to_be_bytes());
                put(&mut data, 6, &word(92).to_be_bytes());
                let flag = |from: u16, to: u8| u8::from(state & 1 << from != 0) << to;
                put(&mut data, 8, &[flag(8, 0)]);
                let bits = flag(5, 5) | flag(4, 4) | flag(3, 3) | flag(2, 2) | flag(1, 1) | flag(0, 0);
                put(&mut data, 9, &[bits]);
                Ok(data)
            }
            _ => Err(INVALID_FIELD.into()),
        }
    }

    /// Parameter list: byte 0 b0 maximum level (SET PASSWORD) or enhanced (ERASE UNIT), byte 1 b0 master, password in
    /// 2–33, master password identifier big-endian in 34–35.
    pub(super) fn security_out(&mut self, cdb: &[u8], out: &[u8]) -> Outcome {
        let (protocol, action, length) = (byte(cdb, 1), be16(cdb, 2), be32(cdb, 6) as usize);
        let command = ACTIONS.iter().find(|(value, _)| *value == action).map(|(_, command)| *command);
        let (0xef, Some(command)) = (protocol, command) else { return Err(INVALID_FIELD.into()) };
        let expected = match command {
            0xf1 => 36,
            0xf3 | 0xf5 => 0,
            _ => 34,
        };
        if length != expected || out.len() < expected {
            return Err(LIST_LENGTH.into());
        }
        let mut block = vec![0; 512];
        let master = u16::from(byte(out, 1) & 1);
        let option = u16::from(byte(out, 0) & 1);
        let control = match command {
            0xf1 => master | option << 8,
            0xf4 => master | option << 1,
            _ => master,
        };
        put(&mut block, 0, &control.to_le_bytes());
        put(&mut block, 2, &take::<32>(out, 2));
        put(&mut block, 34, &be16(out, 34).to_le_bytes());
        let answer = match expected {
            0 => self.send(&short(command, Protocol::NonData), &[])?,
            _ => self.send(&short(command, Protocol::PioOut), &block)?,
        };
        if answer.status & 1 != 0 { Err(ABORTED.into()) } else { Ok(Vec::new()) }
    }
}
