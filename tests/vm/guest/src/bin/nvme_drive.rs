//! `nvme-drive SERIAL BACKING`: makes /dev/nvmeX over a file or block device, prints `ready nvmeX nvmeXn1`, and answers for it until
//! killed.
#![forbid(unsafe_code)]

use std::fs::OpenOptions;
use std::path::Path;
use std::process::ExitCode;

use radera_vm_guest::model;
use radera_vm_guest::nvmetcp::{self, Target};
use radera_vm_guest::standin::{Backing, PlainController};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (namespaces, serial, backing) = match words.as_slice() {
        [serial, backing] => (None, serial, backing),
        [serial, backing, count] => (count.parse().ok(), serial, backing),
        _ => {
            eprintln!("usage: nvme-drive SERIAL BACKING [NAMESPACES]");
            return ExitCode::from(2);
        }
    };
    match run(namespaces, serial, Path::new(backing)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("nvme-drive: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(namespaces: Option<u64>, serial: &str, path: &Path) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    let target = match namespaces {
        None => Target::listen(PlainController::new(Backing::open(path).map_err(failed)?, serial)),
        Some(count) => {
            let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
            Target::listen(model::controller(serial, count, file).map_err(failed)?)
        }
    }
    .map_err(|e| format!("loopback: {e}"))?;
    let port = target.port().map_err(|e| format!("loopback: {e}"))?;
    let serving = std::thread::spawn(move || target.serve());
    let controller = nvmetcp::attach(port)?;
    let count = namespaces.and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
    println!("ready {controller} {}", nvmetcp::namespaces(&controller, count)?.join(" "));
    match serving.join() {
        Ok(ended) => ended.map_err(|e| format!("the socket: {e}")),
        Err(_) => Err("the drive panicked".into()),
    }
}
