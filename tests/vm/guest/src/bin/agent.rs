//! `agent PORT`: takes orders from the host over a virtio-serial port, several at a time, and sends back what comes out.
//!
//! From the host: `run ID LENGTH\n` and a shell script; `get ID LENGTH\n` and a path; `put ID LENGTH MODE LENGTH\n`, a path and content.
//! To the host: `up 0 LENGTH\n` and the seconds since boot, once; `out ID LENGTH\n` and `err ID LENGTH\n` and bytes; `end ID LENGTH\n` and
//! the exit code (128 and the number of the signal that killed it), always last.
#![forbid(unsafe_code)]

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// The way to the host.
#[derive(Clone)]
struct Host(Arc<Mutex<File>>);

impl Host {
    fn send(&self, kind: &str, id: &str, data: &[u8]) {
        let mut port = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let frame = [format!("{kind} {id} {}\n", data.len()).as_bytes(), data].concat();
        // Without the host there is nobody to tell.
        let _ = port.write_all(&frame);
    }

    /// Sends everything from `source` as it comes.
    fn pass_on(&self, kind: &str, id: &str, mut source: impl Read) {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(bytes @ 1..) = source.read(&mut buffer) {
            self.send(kind, id, &buffer[..bytes]);
        }
    }

    fn end(&self, id: &str, result: io::Result<i32>) {
        let code = result.unwrap_or_else(|error| {
            self.send("err", id, format!("agent: {error}\n").as_bytes());
            127
        });
        self.send("end", id, code.to_string().as_bytes());
    }
}

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: agent PORT");
        return ExitCode::from(2);
    };
    let port = OpenOptions::new().read(true).write(true).open(&path);
    match port.and_then(|port| Ok((port.try_clone()?, port))).and_then(|(from, to)| obey(BufReader::new(from), to)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("agent: {path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn obey(mut from: impl BufRead, to: File) -> io::Result<()> {
    let host = Host(Arc::new(Mutex::new(to)));
    host.send("up", "0", fs::read_to_string("/proc/uptime")?.split(' ').next().unwrap_or_default().as_bytes());
    let mut line = String::new();
    loop {
        line.clear();
        if from.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let words: Vec<String> = line.split_whitespace().map(String::from).collect();
        let bad = || io::Error::new(io::ErrorKind::InvalidData, format!("{line:?} is no order"));
        let mut body = |length: &str| -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; length.parse().map_err(|_| bad())?];
            from.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).map_err(|_| bad());
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["run", id, length] => {
                let (host, id, script) = (host.clone(), id.to_string(), text(body(length)?)?);
                std::thread::spawn(move || host.end(&id, run(&host, &id, &script)));
            }
            ["get", id, length] => {
                let path = text(body(length)?)?;
                let result = File::open(path).map(|file| {
                    host.pass_on("out", id, file);
                    0
                });
                host.end(id, result);
            }
            ["put", id, path, mode, content] => {
                let (path, content) = (text(body(path)?)?, body(content)?);
                let mode = u32::from_str_radix(mode, 8).map_err(|_| bad())?;
                let result =
                    fs::write(&path, content).and_then(|()| fs::set_permissions(&path, Permissions::from_mode(mode)));
                host.end(id, result.map(|()| 0));
            }
            _ => return Err(bad()),
        }
    }
}

fn run(host: &Host, id: &str, script: &str) -> io::Result<i32> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let pass_on = |kind, source| move || host.pass_on(kind, id, source);
        if let Some(err) = err {
            scope.spawn(pass_on("err", Box::new(err) as Box<dyn Read + Send>));
        }
        if let Some(out) = out {
            scope.spawn(pass_on("out", Box::new(out) as Box<dyn Read + Send>));
        }
    });
    let status = child.wait()?;
    Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
}
