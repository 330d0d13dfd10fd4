//! A private message bus with a logind of the test's own (Debian package dbus).
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

use std::future::poll_fn;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read};
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use zbus::MessageStream;
use zbus::connection::Builder;

/// A private message bus; stopped when dropped.
pub struct Bus {
    daemon: Child,
    pub address: String,
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Bus {
    pub fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Bus { daemon, address: address.trim().to_string() }
    }
}

/// Answers one call of Inhibit after `delay` with the write end of a pipe; gives back what was asked.
pub fn logind(address: String, delay: Duration, end: PipeWriter) -> std::thread::JoinHandle<Vec<String>> {
    let (ready, up) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        zbus::block_on(async {
            let connection = Builder::address(address.as_str()).build().await.unwrap();
            let mut calls = Pin::from(Box::new(MessageStream::from(&connection)));
            connection.request_name("org.freedesktop.login1").await.unwrap();
            ready.send(()).unwrap();
            loop {
                let call = poll_fn(|cx| futures_poll(calls.as_mut(), cx)).await;
                if call.header().member().is_some_and(|m| m.as_str() == "Inhibit") {
                    let asked: (String, String, String, String) = call.body().deserialize().unwrap();
                    std::thread::sleep(delay);
                    let end: std::os::fd::OwnedFd = end.into();
                    connection.reply(&call.header(), &zbus::OwnedFd::from(end)).await.unwrap();
                    return vec![asked.0, asked.1, asked.2, asked.3];
                }
            }
        })
    });
    up.recv().unwrap();
    thread
}

fn futures_poll(stream: Pin<&mut MessageStream>, cx: &mut std::task::Context<'_>) -> std::task::Poll<zbus::Message> {
    use zbus::export::futures_core::Stream;
    stream.poll_next(cx).map(|next| next.unwrap().unwrap())
}

/// Whether a write end of `pipe` is open somewhere, and stays so for half a second.
pub fn is_open(pipe: &mut PipeReader) -> bool {
    !closes_within(pipe, Duration::from_millis(500))
}

/// Whether every write end of `pipe` is closed, now or soon: the process that held one may be slow to end.
pub fn closes(pipe: &mut PipeReader) -> bool {
    closes_within(pipe, Duration::from_secs(10))
}

fn closes_within(pipe: &PipeReader, patience: Duration) -> bool {
    // The read ends when every write end is closed; a thread waits for that.
    let mut pipe = pipe.try_clone().unwrap();
    let (sender, closed) = mpsc::channel();
    std::thread::spawn(move || sender.send(pipe.read(&mut [0]).unwrap()));
    closed.recv_timeout(patience).is_ok()
}
