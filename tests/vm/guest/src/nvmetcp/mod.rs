//! An NVMe controller behind the kernel's nvme-tcp host: a /dev/nvmeX whose commands are answered here, over a socket on loopback.
//! Sources: NVM Express TCP Transport 1.0; NVM Express Base 2.0, chapter 6 (fabrics commands).

mod fabrics;
mod pdu;
mod queue;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use crate::kernel::{load, names, wait_for};
use crate::unit::{Controller, TICK, lock};
use fabrics::Registers;
use queue::{Connection, Kept};

/// The name under which the host finds the subsystem of the controller `serial`.
fn nqn(serial: &str) -> String {
    format!("nqn.2014-08.org.example:radera-rig:{serial}")
}

const HOST: &str = "5c7ab4a1-9d0f-4c8e-8f1c-3f1d0a6e2b11";

/// What the connections of one controller share.
struct Shared {
    nqn: String,
    controller: Mutex<Box<dyn Controller>>,
    registers: Mutex<Registers>,
    /// Where the next asynchronous events go.
    kept: Mutex<VecDeque<Kept>>,
}

impl Shared {
    /// The host resets the controller, or begins anew with it: nothing that it asked for before is answered.
    fn reset(&self) {
        *lock(&self.registers) = Registers::default();
        lock(&self.kept).clear();
        lock(&self.controller).reset();
    }

    /// Gives the controller time, and its events to the commands that wait for them.
    fn tick(&self) {
        lock(&self.controller).tick();
        let mut kept = lock(&self.kept);
        if kept.is_empty() {
            return;
        }
        if let Some(event) = lock(&self.controller).take_event()
            && let Some(waiting) = kept.pop_front()
        {
            // A host that is gone needs no event.
            let _ = waiting.answer(event);
        }
    }
}

/// A listening controller.
pub struct Target {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl Target {
    /// Listens on a port of loopback that the kernel picks.
    pub fn listen(serial: &str, controller: impl Controller + 'static) -> io::Result<Target> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let shared = Shared {
            nqn: nqn(serial),
            controller: Mutex::new(Box::new(controller)),
            registers: Mutex::default(),
            kept: Mutex::default(),
        };
        Ok(Target { listener, shared: Arc::new(shared) })
    }

    /// Its port.
    pub fn port(&self) -> io::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Answers for ever, each queue in a thread of its own.
    pub fn serve(self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(TICK);
                shared.tick();
            }
        });
        loop {
            let (stream, _) = self.listener.accept()?;
            stream.set_nodelay(true)?;
            let shared = Arc::clone(&self.shared);
            std::thread::spawn(move || {
                if let Err(error) = Connection::new(stream, shared).and_then(Connection::serve) {
                    eprintln!("a queue ended: {error}");
                }
            });
        }
    }
}

/// Has the kernel attach the controller that listens at `port`; its name, `nvme0`. Somebody must be answering.
pub fn attach(serial: &str, port: u16) -> Result<String, String> {
    load("nvme_tcp")?;
    let node = "/dev/nvme-fabrics";
    let failed = |error: io::Error| format!("{node}: {error}");
    let open = || OpenOptions::new().read(true).write(true).open(node);
    let mut fabrics = wait_for(node, || open().ok())?;
    let nqn = nqn(serial);
    let options = format!(
        "transport=tcp,traddr=127.0.0.1,trsvcid={port},nqn={nqn},hostnqn=nqn.2014-08.org.nvmexpress:uuid:{HOST},hostid={HOST},\
         reconnect_delay=1"
    );
    fabrics.write_all(options.as_bytes()).map_err(failed)?;
    let mut answer = [0; 256];
    let bytes = fabrics.read(&mut answer).map_err(failed)?;
    // `instance=0,cntlid=1`
    let answer = String::from_utf8_lossy(&answer[..bytes]).into_owned();
    let instance = answer.split(',').find_map(|part| part.trim().strip_prefix("instance="));
    Ok(format!("nvme{}", instance.ok_or_else(|| format!("{node} answers {answer:?}"))?))
}

/// The namespaces of a controller that have a disk, once `count` are there: `nvme0n1`.
pub fn namespaces(controller: &str, count: usize) -> Result<Vec<String>, String> {
    let directory = format!("/sys/class/nvme/{controller}");
    let prefix = format!("{controller}n");
    let found = || Some(names(&directory, &prefix)).filter(|names| names.len() >= count);
    wait_for(&format!("namespaces of {controller}, {count} of them"), found)
}
