//! A host made of bytes, over a real socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Target, nqn};
use crate::unit::{Controller, NvmeAnswer};

/// Keeps what it was sent; an event happens when it is told to.
#[derive(Default)]
struct Seen {
    written: Mutex<Vec<u8>>,
    event: AtomicU32,
    resets: AtomicU32,
}

struct Drive(Arc<Seen>);

impl Controller for Drive {
    fn admin(&mut self, sqe: &[u8; 64], _: &[u8]) -> NvmeAnswer {
        match sqe[0] {
            0x0C => NvmeAnswer::Later,
            0x06 => NvmeAnswer::Done { dw0: 0, status: 0, dnr: false, data: vec![0; 4096] },
            _ => NvmeAnswer::Done { dw0: 0, status: 0x1D, dnr: false, data: Vec::new() },
        }
    }

    fn io(&mut self, _: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        *self.0.written.lock().unwrap() = data_out.to_vec();
        NvmeAnswer::Done { dw0: 7, status: 0, dnr: false, data: Vec::new() }
    }

    fn take_event(&mut self) -> Option<u32> {
        Some(self.0.event.swap(0, Ordering::SeqCst)).filter(|event| *event != 0)
    }

    fn reset(&mut self) {
        self.0.resets.fetch_add(1, Ordering::SeqCst);
    }
}

struct Host(TcpStream);

fn sqe(opcode: u8, command: u16, bytes: u32) -> [u8; 64] {
    let mut sqe = [0; 64];
    sqe[0] = opcode;
    sqe[2..4].copy_from_slice(&command.to_le_bytes());
    sqe[32..36].copy_from_slice(&bytes.to_le_bytes());
    sqe
}

impl Host {
    fn new(port: u16) -> Host {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut host = Host(stream);
        host.0.write_all(&[&[0, 0, 128, 0, 128, 0, 0, 0][..], &[0; 120]].concat()).unwrap();
        assert_eq!(host.next().0, 1);
        host
    }

    /// Type and bytes of the next PDU.
    fn next(&mut self) -> (u8, Vec<u8>) {
        let mut pdu = vec![0; 8];
        self.0.read_exact(&mut pdu).unwrap();
        pdu.resize(u32::from_le_bytes(pdu[4..8].try_into().unwrap()) as usize, 0);
        self.0.read_exact(&mut pdu[8..]).unwrap();
        (pdu[0], pdu)
    }

    fn send(&mut self, sqe: [u8; 64], data: &[u8]) {
        let total = 72 + data.len() as u32;
        let offset = if data.is_empty() { 0 } else { 72 };
        let head = [&[4, 0, 72, offset][..], &total.to_le_bytes()].concat();
        self.0.write_all(&[&head, &sqe[..], data].concat()).unwrap();
    }

    /// Command, dword 0 and status of the completion that must come next.
    fn completion(&mut self) -> (u16, u32, u16) {
        let (kind, pdu) = self.next();
        assert_eq!(kind, 5, "{pdu:02x?}");
        let word = |at: usize| u16::from_le_bytes([pdu[at], pdu[at + 1]]);
        (word(20), u32::from_le_bytes(pdu[8..12].try_into().unwrap()), word(22) >> 1)
    }

    fn connect(&mut self, queue: u16, name: &str) -> u16 {
        let mut connect = sqe(0x7F, 1, 1024);
        connect[4] = 1;
        connect[42..44].copy_from_slice(&queue.to_le_bytes());
        connect[44..46].copy_from_slice(&31u16.to_le_bytes());
        let mut data = vec![0; 1024];
        data[256..256 + name.len()].copy_from_slice(name.as_bytes());
        self.send(connect, &data);
        self.completion().2
    }
}

fn listening() -> (Arc<Seen>, u16) {
    let seen = Arc::new(Seen::default());
    let target = Target::listen("S", Drive(Arc::clone(&seen))).unwrap();
    let port = target.port().unwrap();
    std::thread::spawn(move || target.serve());
    (seen, port)
}

#[test]
fn nobody_is_served_before_connect_or_under_another_name() {
    let (_, port) = listening();
    let mut host = Host::new(port);
    host.send(sqe(0x06, 9, 4096), &[]);
    assert_eq!(host.completion(), (9, 0, 0x4002));
    assert_eq!(host.connect(0, "nqn.2014-08.org.example:another"), 0x4182);
    assert_eq!(host.connect(0, &nqn("S")[..nqn("S").len() - 1]), 0x4182);
    assert_eq!(host.connect(0, &nqn("S")), 0);
}

#[test]
fn identify_gets_what_only_fabrics_have() {
    let (_, port) = listening();
    let mut host = Host::new(port);
    host.connect(0, &nqn("S"));
    let mut identify = sqe(0x06, 3, 4096);
    identify[40] = 1;
    host.send(identify, &[]);
    let (kind, data) = host.next();
    assert_eq!((kind, data.len()), (7, 24 + 4096));
    assert!(data[24 + 768..].starts_with(nqn("S").as_bytes()));
    assert_eq!(host.completion(), (3, 0, 0));
    host.send(sqe(0x84, 4, 0), &[]);
    assert_eq!(host.completion(), (4, 0, 0x1D), "without Do Not Retry where the drive says so");
}

#[test]
fn long_data_is_asked_for_piece_by_piece() {
    let (seen, port) = listening();
    let mut host = Host::new(port);
    host.connect(1, &nqn("S"));
    let data: Vec<u8> = (0..600 << 10).map(|n: u32| (n >> 3) as u8).collect();
    host.send(sqe(0x01, 5, data.len() as u32), &[]);
    let mut sent = 0;
    while sent < data.len() {
        let (kind, ask) = host.next();
        assert_eq!(kind, 9);
        let number = |at: usize| u32::from_le_bytes(ask[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(12), sent);
        // Each answer to it in two PDUs.
        for half in data[sent..sent + number(16)].chunks(number(16).div_ceil(2)) {
            let total = 24 + half.len() as u32;
            let mut pdu = [&[6, 0, 24, 24][..], &total.to_le_bytes(), &ask[8..12]].concat();
            pdu.extend((sent as u32).to_le_bytes());
            pdu.extend((half.len() as u32).to_le_bytes());
            pdu.extend([0; 4]);
            pdu.extend(half);
            host.0.write_all(&pdu).unwrap();
            sent += half.len();
        }
    }
    assert_eq!(host.completion(), (5, 7, 0));
    assert!(*seen.written.lock().unwrap() == data);
}

#[test]
fn an_event_answers_the_command_that_waits_for_it() {
    let (seen, port) = listening();
    let mut host = Host::new(port);
    host.connect(0, &nqn("S"));
    host.send(sqe(0x0C, 11, 0), &[]);
    host.send(sqe(0x84, 12, 0), &[]);
    assert_eq!(host.completion().0, 12, "an event request is not answered at once");
    seen.event.store(0x0081_0106, Ordering::SeqCst);
    assert_eq!(host.completion(), (11, 0x0081_0106, 0));
}

#[test]
fn a_new_host_resets_the_controller_and_takes_over_its_events() {
    let (seen, port) = listening();
    let mut first = Host::new(port);
    first.connect(0, &nqn("S"));
    first.send(sqe(0x0C, 11, 0), &[]);
    // Once this is answered, the one before it has been taken.
    first.send(sqe(0x84, 12, 0), &[]);
    assert_eq!(first.completion().0, 12);
    let mut second = Host::new(port);
    second.connect(0, &nqn("S"));
    assert_eq!(seen.resets.load(Ordering::SeqCst), 2);
    second.send(sqe(0x0C, 21, 0), &[]);
    seen.event.store(5, Ordering::SeqCst);
    assert_eq!(second.completion(), (21, 5, 0));
}
