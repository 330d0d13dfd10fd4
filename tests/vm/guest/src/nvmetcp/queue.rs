//! One queue: a connection, and the commands on it.

use std::collections::HashMap;
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use super::Shared;
use super::fabrics::{self, CONTROLLER_ID};
use super::pdu::{self, MAX_TO_CONTROLLER, Pdu};
use crate::unit::{NvmeAnswer, lock};

/// Bytes of data that an I/O command may bring along.
pub const IN_CAPSULE: u32 = 8192;
/// Most data of one command.
const LARGEST: usize = 4 << 20;

const KEEP_ALIVE: u8 = 0x18;
const IDENTIFY: u8 = 0x06;

// Status codes, generic (Base 2.0, figure 94), with Do Not Retry.
const DO_NOT_RETRY: u16 = 0x4000;
const INVALID_OPCODE: u16 = 0x01 | DO_NOT_RETRY;
const INVALID_FIELD: u16 = 0x02 | DO_NOT_RETRY;
/// Connect invalid parameters.
const BAD_CONNECT: u16 = 0x182 | DO_NOT_RETRY;

/// A command that waits for its data.
struct Waiting {
    sqe: [u8; 64],
    data: Vec<u8>,
    received: usize,
}

/// The way back to the host. An event may come while another command is answered.
struct Replies {
    stream: TcpStream,
    queue: u16,
    entries: u16,
    head: u16,
}

impl Replies {
    fn complete(&mut self, command: u16, result: u64, status: u16) -> io::Result<()> {
        self.head = (self.head + 1) % self.entries;
        pdu::complete(&mut self.stream, result, self.head, self.queue, command, status)
    }
}

/// A command that is kept until an event happens.
pub struct Kept {
    replies: Arc<Mutex<Replies>>,
    command: u16,
}

impl Kept {
    /// Answers it.
    pub fn answer(self, event: u32) -> io::Result<()> {
        lock(&self.replies).complete(self.command, event.into(), 0)
    }
}

/// One connection: one queue.
pub struct Connection {
    from: TcpStream,
    replies: Arc<Mutex<Replies>>,
    shared: Arc<Shared>,
    /// `None` until Connect.
    queue: Option<u16>,
    waiting: HashMap<u16, Waiting>,
}

enum Answer {
    Done { result: u64, status: u16, data: Vec<u8> },
    None,
}

fn refused(status: u16) -> Answer {
    Answer::Done { result: 0, status, data: Vec::new() }
}

fn done(result: u64) -> Answer {
    Answer::Done { result, status: 0, data: Vec::new() }
}

fn word(sqe: &[u8; 64], at: usize) -> u16 {
    u16::from_le_bytes([sqe[at], sqe[at + 1]])
}

fn dword(sqe: &[u8; 64], at: usize) -> u32 {
    u32::from_le_bytes([sqe[at], sqe[at + 1], sqe[at + 2], sqe[at + 3]])
}

/// Bytes that the command's SGL descriptor tells.
fn data_bytes(sqe: &[u8; 64]) -> usize {
    dword(sqe, 32) as usize
}

/// Whether the host sends data: bits 1:0 of the opcode, or of the fabrics command type.
fn host_sends(sqe: &[u8; 64]) -> bool {
    let kind = if sqe[0] == fabrics::OPCODE { sqe[4] } else { sqe[0] };
    kind & 3 == 1
}

impl Connection {
    pub(super) fn new(stream: TcpStream, shared: Arc<Shared>) -> io::Result<Connection> {
        let from = stream.try_clone()?;
        let replies = Arc::new(Mutex::new(Replies { stream, queue: 0, entries: 128, head: 0 }));
        Ok(Connection { from, replies, shared, queue: None, waiting: HashMap::new() })
    }

    /// Answers until the host goes away.
    pub fn serve(mut self) -> io::Result<()> {
        let mut reader = io::BufReader::new(self.from.try_clone()?);
        while let Some(pdu) = pdu::read(&mut reader)? {
            match pdu {
                Pdu::Connect => pdu::accept(&mut lock(&self.replies).stream)?,
                Pdu::Command { sqe, data } => self.command(sqe, data)?,
                Pdu::Data { tag, offset, data } => self.data(tag, offset as usize, &data)?,
                Pdu::Terminate(why) => {
                    return Err(io::Error::other(format!(
                        "the host gave up: {:02x?}",
                        why.get(8..).unwrap_or_default()
                    )));
                }
            }
        }
        Ok(())
    }

    fn command(&mut self, sqe: [u8; 64], data: Vec<u8>) -> io::Result<()> {
        let bytes = data_bytes(&sqe);
        if !host_sends(&sqe) || bytes == 0 || !data.is_empty() {
            return self.execute(sqe, data);
        }
        if bytes > LARGEST {
            return self.answer(&sqe, refused(INVALID_FIELD));
        }
        let tag = word(&sqe, 2);
        self.waiting.insert(tag, Waiting { sqe, data: vec![0; bytes], received: 0 });
        self.ask(tag)
    }

    fn ask(&mut self, tag: u16) -> io::Result<()> {
        let Some(waiting) = self.waiting.get(&tag) else { return Ok(()) };
        let left = u32::try_from(waiting.data.len() - waiting.received).unwrap_or(u32::MAX);
        let from = u32::try_from(waiting.received).unwrap_or(u32::MAX);
        pdu::ask(&mut lock(&self.replies).stream, tag, tag, from, left.min(MAX_TO_CONTROLLER))
    }

    fn data(&mut self, tag: u16, offset: usize, data: &[u8]) -> io::Result<()> {
        let bad = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidData, what.to_string()));
        let Some(waiting) = self.waiting.get_mut(&tag) else { return bad("data that nobody asked for") };
        let Some(place) = waiting.data.get_mut(offset..offset + data.len()) else { return bad("data past its end") };
        place.copy_from_slice(data);
        waiting.received += data.len();
        if waiting.received < waiting.data.len() {
            // Only a whole R2T is followed by the next.
            return if waiting.received.is_multiple_of(MAX_TO_CONTROLLER as usize) { self.ask(tag) } else { Ok(()) };
        }
        match self.waiting.remove(&tag) {
            Some(Waiting { sqe, data, .. }) => self.execute(sqe, data),
            None => Ok(()),
        }
    }

    fn execute(&mut self, sqe: [u8; 64], data: Vec<u8>) -> io::Result<()> {
        let answer = match (sqe[0], self.queue) {
            (fabrics::OPCODE, _) => self.fabrics(&sqe, &data),
            (_, None) => refused(INVALID_FIELD),
            (KEEP_ALIVE, Some(0)) => done(0),
            (opcode, Some(queue)) => {
                let mut controller = lock(&self.shared.controller);
                let answer = if queue == 0 { controller.admin(&sqe, &data) } else { controller.io(&sqe, &data) };
                match answer {
                    NvmeAnswer::NoAnswer => Answer::None,
                    NvmeAnswer::Cut => return Err(io::Error::other("the drive is cut off")),
                    NvmeAnswer::Later => {
                        let kept = Kept { replies: Arc::clone(&self.replies), command: word(&sqe, 2) };
                        drop(controller);
                        lock(&self.shared.kept).push_back(kept);
                        Answer::None
                    }
                    NvmeAnswer::Done { dw0, status, dnr, mut data } => {
                        if queue == 0 && opcode == IDENTIFY && sqe[40] == 1 && status == 0 {
                            fabrics::complete_identity(&mut data, &self.shared.nqn);
                        }
                        let status = if dnr { status | DO_NOT_RETRY } else { status };
                        Answer::Done { result: dw0.into(), status, data }
                    }
                }
            }
        };
        self.answer(&sqe, answer)
    }

    fn answer(&mut self, sqe: &[u8; 64], answer: Answer) -> io::Result<()> {
        let Answer::Done { result, status, mut data } = answer else { return Ok(()) };
        let mut replies = lock(&self.replies);
        if status == 0 && !host_sends(sqe) && !data.is_empty() {
            // The host takes exactly what its buffer holds.
            data.resize(data_bytes(sqe), 0);
            pdu::send(&mut replies.stream, word(sqe, 2), &data)?;
        }
        replies.complete(word(sqe, 2), result, status)
    }

    fn fabrics(&mut self, sqe: &[u8; 64], data: &[u8]) -> Answer {
        let offset = dword(sqe, 44);
        match sqe[4] {
            fabrics::CONNECT => {
                let name = data.get(256..512).unwrap_or_default();
                let nqn = self.shared.nqn.as_bytes();
                if !name.starts_with(nqn) || name.get(nqn.len()) != Some(&0) {
                    return refused(BAD_CONNECT);
                }
                let queue = word(sqe, 42);
                self.queue = Some(queue);
                let mut replies = lock(&self.replies);
                (replies.queue, replies.entries) = (queue, word(sqe, 44).saturating_add(1));
                drop(replies);
                if queue == 0 {
                    self.shared.reset();
                }
                done(CONTROLLER_ID.into())
            }
            fabrics::PROPERTY_GET => done(lock(&self.shared.registers).get(offset)),
            fabrics::PROPERTY_SET => {
                // Not while the registers are held: a reset takes them, too.
                let resets = lock(&self.shared.registers).set(offset, dword(sqe, 48));
                if resets {
                    self.shared.reset();
                }
                done(0)
            }
            _ => refused(INVALID_OPCODE),
        }
    }
}
