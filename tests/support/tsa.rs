//! A time-stamp authority on this machine (RFC 3161 over HTTP), answered by openssl, which can be told to misbehave.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::pki::{Holder, Identity, identity};
use super::run;

/// What is wrong with the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The nonce of another request.
    WrongNonce,
    /// No nonce at all, as if none had been asked for.
    NoNonce,
    /// The imprint of other bytes.
    OtherImprint,
    /// A status that refuses, and no token.
    Rejection,
    /// HTTP 500.
    ServerError,
    /// Takes the request and never answers.
    Hangs,
    /// Says how long the answer is and breaks off in the middle.
    Cut,
    /// Goes on and on.
    TooLarge,
    /// The answer, said to be a web page.
    WrongContentType,
    /// A web page.
    NoAnswer,
    /// Signed with a certificate that ended long ago.
    ExpiredCertificate,
    /// The token without the authority's certificate, though it was asked for.
    NoCertificate,
    /// One byte of the token's signature changed.
    BrokenSignature,
}

/// Every fault, for tests that go through all of them.
pub const FAULTS: [Fault; 13] = [
    Fault::WrongNonce,
    Fault::NoNonce,
    Fault::OtherImprint,
    Fault::Rejection,
    Fault::ServerError,
    Fault::Hangs,
    Fault::Cut,
    Fault::TooLarge,
    Fault::WrongContentType,
    Fault::NoAnswer,
    Fault::ExpiredCertificate,
    Fault::NoCertificate,
    Fault::BrokenSignature,
];

/// The server, which ends when this is dropped.
pub struct Tsa {
    address: SocketAddr,
    desk: Arc<Desk>,
    server: Option<JoinHandle<()>>,
    /// What a receiver is asked to trust.
    pub root: PathBuf,
    pub identity: Identity,
}

struct Desk {
    directory: PathBuf,
    good: Identity,
    expired: Identity,
    fault: Mutex<Fault>,
    ends: AtomicBool,
    asked: AtomicUsize,
}

/// Longest that a connection is held.
const PATIENCE: Duration = Duration::from_secs(120);

impl Tsa {
    /// Starts it; it works in `directory`, which is nobody else's.
    pub fn start(directory: &Path) -> Self {
        let directory = directory.join("tsa");
        std::fs::create_dir_all(&directory).unwrap();
        let (good, expired) = (identity(Holder::Tsa, &directory), identity(Holder::ExpiredTsa, &directory));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Arc::new(Desk {
            directory,
            good: good.clone(),
            expired,
            fault: Mutex::new(Fault::None),
            ends: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        });
        let served = Arc::clone(&desk);
        let server = std::thread::spawn(move || served.serve(&listener));
        Tsa { address, desk, server: Some(server), root: good.root.clone(), identity: good }
    }

    pub fn url(&self) -> String {
        format!("http://{}/tsa", self.address)
    }

    /// From now on every answer has this fault.
    pub fn set(&self, fault: Fault) {
        *self.desk.fault.lock().unwrap() = fault;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.desk.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Tsa {
    fn drop(&mut self) {
        self.desk.ends.store(true, Ordering::SeqCst);
        // The one that is waited for.
        let _ = TcpStream::connect(self.address);
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

/// A URL on this machine where nobody listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

impl Desk {
    fn serve(self: Arc<Self>, listener: &TcpListener) {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            if self.ends.load(Ordering::SeqCst) {
                break;
            }
            let Ok(stream) = stream else { continue };
            let desk = Arc::clone(&self);
            held.push(std::thread::spawn(move || {
                // A client that hangs up early is no fault of the server.
                let _ = desk.talk(stream);
            }));
        }
        for thread in held {
            let _ = thread.join();
        }
    }

    fn talk(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(Duration::from_secs(10)))?;
        let (head, query) = read_request(&mut stream)?;
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let fault = *self.fault.lock().unwrap();
        let well_asked =
            head.starts_with("POST ") && head.to_lowercase().contains("content-type: application/timestamp-query");
        if !well_asked {
            return respond(&mut stream, "400 Bad Request", "text/plain", b"this is a time-stamp authority");
        }
        let reply = "application/timestamp-reply";
        match fault {
            Fault::ServerError => respond(&mut stream, "500 Internal Server Error", "text/plain", b"no time today"),
            Fault::NoAnswer => respond(&mut stream, "200 OK", reply, b"<html>please log in</html>"),
            Fault::Hangs => {
                let started = std::time::Instant::now();
                while !self.ends.load(Ordering::SeqCst) && started.elapsed() < PATIENCE {
                    std::thread::sleep(Duration::from_millis(20));
                }
                stream.shutdown(Shutdown::Both)
            }
            Fault::TooLarge => {
                stream.write_all(
                    format!("HTTP/1.1 200 OK\r\nContent-Type: {reply}\r\nConnection: close\r\n\r\n").as_bytes(),
                )?;
                for _ in 0..1024 {
                    stream.write_all(&[0x30; 64 << 10])?;
                }
                stream.shutdown(Shutdown::Both)
            }
            Fault::Cut => {
                let answer = self.answer(number, &query, fault);
                stream.write_all(head_of("200 OK", reply, answer.len()).as_bytes())?;
                stream.write_all(&answer[..answer.len() / 2])?;
                stream.shutdown(Shutdown::Both)
            }
            Fault::WrongContentType => respond(&mut stream, "200 OK", "text/html", &self.answer(number, &query, fault)),
            _ => respond(&mut stream, "200 OK", reply, &self.answer(number, &query, fault)),
        }
    }

    /// openssl's answer to `query`, or to the wrong one.
    fn answer(&self, number: usize, query: &[u8], fault: Fault) -> Vec<u8> {
        let directory = self.directory.join(number.to_string());
        std::fs::create_dir_all(&directory).unwrap();
        let at = |name: &str| directory.join(name).to_str().unwrap().to_string();
        let (asked, reply, settings) = (at("query.tsq"), at("reply.tsr"), at("tsa.cnf"));
        std::fs::write(&asked, another(query, fault)).unwrap();
        let identity = if fault == Fault::ExpiredCertificate { &self.expired } else { &self.good };
        let digests = if fault == Fault::Rejection { "sha512" } else { "sha256, sha384, sha512" };
        let text = format!(
            "[tsa]\ndefault_tsa = here\n[here]\nserial = {}\nsigner_cert = {}\ncerts = {}\nsigner_key = {}\n\
             signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = {digests}\naccuracy = secs:1\nordering = no\n\
             tsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n",
            at("serial"),
            identity.certificate.display(),
            identity.chain.display(),
            identity.key.display()
        );
        std::fs::write(&settings, text).unwrap();
        std::fs::write(at("serial"), format!("{:08x}\n", number + 1)).unwrap();
        run("openssl", &["ts", "-reply", "-config", &settings, "-queryfile", &asked, "-out", &reply]);
        let mut answer = std::fs::read(&reply).unwrap();
        if fault == Fault::BrokenSignature {
            *answer.last_mut().unwrap() ^= 1;
        }
        answer
    }
}

/// The query that openssl is made to answer instead of the one that was sent.
fn another(query: &[u8], fault: Fault) -> Vec<u8> {
    // SEQUENCE { version, messageImprint, reqPolicy?, nonce?, certReq? }, all lengths in one byte.
    assert!(query[0] == 0x30 && usize::from(query[1]) == query.len() - 2 && query[1] < 0x80, "{query:02x?}");
    let mut parts = Vec::new();
    let mut rest = &query[2..];
    while !rest.is_empty() {
        let (part, after) = rest.split_at(2 + usize::from(rest[1]));
        parts.push(part.to_vec());
        rest = after;
    }
    let nonce = (2..parts.len()).find(|i| parts[*i][0] == 0x02);
    match fault {
        Fault::WrongNonce => *parts[nonce.expect("a nonce")].last_mut().unwrap() ^= 1,
        Fault::NoNonce => drop(parts.remove(nonce.expect("a nonce"))),
        Fault::OtherImprint => *parts[1].last_mut().unwrap() ^= 1,
        Fault::NoCertificate => parts.retain(|part| part[0] != 0x01),
        _ => {}
    }
    let parts = parts.concat();
    [&[0x30, u8::try_from(parts.len()).unwrap()][..], &parts].concat()
}

fn head_of(status: &str, kind: &str, length: usize) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
}

fn respond(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> std::io::Result<()> {
    stream.write_all(head_of(status, kind, body.len()).as_bytes())?;
    stream.write_all(body)?;
    stream.shutdown(Shutdown::Write)
}

/// Head and body of a request with a length.
fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            let length = length.unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Ok((head, bytes[end + 4..end + 4 + length].to_vec()));
            }
        }
        let read = stream.read(&mut chunk)?;
        if read == 0 || bytes.len() > 1 << 20 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
}
