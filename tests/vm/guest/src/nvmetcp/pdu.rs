//! PDUs of NVMe/TCP (NVM Express TCP Transport Specification 1.0, §3.6.2): no digests, no padding.

use std::io::{self, Read, Write};

const IC_REQUEST: u8 = 0;
const IC_RESPONSE: u8 = 1;
const TERMINATE_REQUEST: u8 = 2;
const COMMAND: u8 = 4;
const RESPONSE: u8 = 5;
const DATA_TO_CONTROLLER: u8 = 6;
const DATA_TO_HOST: u8 = 7;
const READY_TO_TRANSFER: u8 = 9;
const LAST: u8 = 4;

/// Longest PDU that is taken: more than any that the answers to IC_REQUEST and R2T allow.
const LONGEST: usize = 2 << 20;
/// Data a PDU to the host carries at most.
const CHUNK: usize = 128 << 10;
/// Data that one R2T asks for at most (MAXH2CDATA).
pub const MAX_TO_CONTROLLER: u32 = 256 << 10;

/// What the host sent.
pub enum Pdu {
    Connect,
    Command {
        sqe: [u8; 64],
        data: Vec<u8>,
    },
    Data {
        tag: u16,
        offset: u32,
        data: Vec<u8>,
    },
    /// The host gives up; the bytes say why.
    Terminate(Vec<u8>),
}

fn bad(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Reads the next PDU; `None` where the host has gone.
pub fn read(from: &mut impl Read) -> io::Result<Option<Pdu>> {
    let mut common = [0; 8];
    match from.read_exact(&mut common) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let [kind, _, header, data_offset, rest @ ..] = common;
    let total = u32::from_le_bytes(rest) as usize;
    let (header, data_offset) = (usize::from(header), usize::from(data_offset));
    if total > LONGEST
        || header < 8
        || total < header
        || (data_offset != 0 && (data_offset < header || data_offset > total))
    {
        return Err(bad(format!("a PDU of type {kind} with lengths {header}, {data_offset}, {total}")));
    }
    let mut bytes = common.to_vec();
    bytes.resize(total, 0);
    from.read_exact(&mut bytes[8..])?;
    let data = bytes.split_off(if data_offset == 0 { total } else { data_offset });
    let field = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    match kind {
        IC_REQUEST => Ok(Some(Pdu::Connect)),
        COMMAND => {
            let sqe = bytes.get(8..72).and_then(|b| b.try_into().ok());
            Ok(Some(Pdu::Command { sqe: sqe.ok_or_else(|| bad("a command without its 64 bytes".into()))?, data }))
        }
        DATA_TO_CONTROLLER => match (field(8), field(12)) {
            (Some(tags), Some(offset)) => Ok(Some(Pdu::Data { tag: (tags >> 16) as u16, offset, data })),
            _ => Err(bad("data without its header".into())),
        },
        TERMINATE_REQUEST => Ok(Some(Pdu::Terminate(bytes))),
        other => Err(bad(format!("a PDU of type {other}"))),
    }
}

fn common(kind: u8, flags: u8, header: u8, data_offset: u8, total: usize) -> Vec<u8> {
    let mut bytes = vec![kind, flags, header, data_offset];
    bytes.extend(u32::try_from(total).unwrap_or(u32::MAX).to_le_bytes());
    bytes
}

/// Accepts a connection.
pub fn accept(to: &mut impl Write) -> io::Result<()> {
    let mut bytes = common(IC_RESPONSE, 0, 128, 0, 128);
    // Version 0, no alignment, no digests.
    bytes.extend([0; 4]);
    bytes.extend(MAX_TO_CONTROLLER.to_le_bytes());
    bytes.resize(128, 0);
    to.write_all(&bytes)
}

/// Asks for `bytes` bytes of a command's data from `offset` on.
pub fn ask(to: &mut impl Write, command: u16, tag: u16, offset: u32, bytes: u32) -> io::Result<()> {
    let mut pdu = common(READY_TO_TRANSFER, 0, 24, 0, 24);
    pdu.extend(command.to_le_bytes());
    pdu.extend(tag.to_le_bytes());
    pdu.extend(offset.to_le_bytes());
    pdu.extend(bytes.to_le_bytes());
    pdu.extend([0; 4]);
    to.write_all(&pdu)
}

/// Sends a command's data.
pub fn send(to: &mut impl Write, command: u16, data: &[u8]) -> io::Result<()> {
    for (number, chunk) in data.chunks(CHUNK).enumerate() {
        let offset = number * CHUNK;
        let flags = if offset + chunk.len() == data.len() { LAST } else { 0 };
        let mut pdu = common(DATA_TO_HOST, flags, 24, 24, 24 + chunk.len());
        pdu.extend(command.to_le_bytes());
        pdu.extend([0; 2]);
        pdu.extend(u32::try_from(offset).map_err(|_| bad("too much data".into()))?.to_le_bytes());
        pdu.extend(u32::try_from(chunk.len()).map_err(|_| bad("too much data".into()))?.to_le_bytes());
        pdu.extend([0; 4]);
        pdu.extend(chunk);
        to.write_all(&pdu)?;
    }
    Ok(())
}

/// A completion: dwords 0 and 1, the place in the submission queue that is free, queue, command, and status without its phase bit.
pub fn complete(to: &mut impl Write, result: u64, head: u16, queue: u16, command: u16, status: u16) -> io::Result<()> {
    let mut pdu = common(RESPONSE, 0, 24, 0, 24);
    pdu.extend(result.to_le_bytes());
    for field in [head, queue, command, status << 1] {
        pdu.extend(field.to_le_bytes());
    }
    to.write_all(&pdu)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(data: &[u8]) -> Vec<u8> {
        let mut pdu = common(COMMAND, 0, 72, if data.is_empty() { 0 } else { 72 }, 72 + data.len());
        pdu.extend((0..64).collect::<Vec<u8>>());
        pdu.extend(data);
        pdu
    }

    #[test]
    fn a_command_and_its_data_are_told_apart() {
        let Some(Pdu::Command { sqe, data }) = read(&mut &command(b"data")[..]).unwrap() else { panic!() };
        assert_eq!((sqe[0], sqe[63], data.as_slice()), (0, 63, &b"data"[..]));
        assert!(read(&mut &[][..]).unwrap().is_none(), "the end is no error");
    }

    #[test]
    fn every_cut_and_every_wrong_length_is_an_error() {
        let whole = command(b"data");
        for bytes in 1..whole.len() {
            assert!(bytes < 8 || read(&mut &whole[..bytes]).is_err(), "{bytes}");
        }
        for at in [2, 3, 4, 5, 6, 7] {
            for value in [0, 7, 73, 200, 255] {
                let mut wrong = whole.clone();
                if wrong[at] != value {
                    wrong[at] = value;
                    // Some are other right PDUs, cut off or not; none panics, and none takes more than it was given.
                    let _ = read(&mut &wrong[..]);
                }
            }
        }
        let huge = common(COMMAND, 0, 72, 0, 0xFFFF_FFFF);
        assert!(read(&mut &huge[..]).is_err());
    }

    #[test]
    fn long_data_goes_in_chunks_and_only_the_last_says_so() {
        let data: Vec<u8> = (0..300_000u32).map(|n| n as u8).collect();
        let mut wire = Vec::new();
        send(&mut wire, 7, &data).unwrap();
        let (mut rest, mut got, mut flags) = (wire.as_slice(), Vec::<u8>::new(), Vec::new());
        while !rest.is_empty() {
            let total = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
            let offset = u32::from_le_bytes(rest[12..16].try_into().unwrap()) as usize;
            assert_eq!(offset, got.len());
            got.extend(&rest[24..total]);
            flags.push(rest[1]);
            rest = &rest[total..];
        }
        assert!(got == data);
        assert_eq!(flags, [0, 0, LAST]);
    }
}
