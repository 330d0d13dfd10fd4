//! `nvme-drive SERIAL BACKING`: makes /dev/nvmeX over a file or block device, prints `ready nvmeX nvmeXn1`, and answers for it until
//! killed.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use radera_vm_guest::nvmetcp::{self, Target};
use radera_vm_guest::standin::{Backing, PlainController};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [serial, backing] = words.as_slice() else {
        eprintln!("usage: nvme-drive SERIAL BACKING");
        return ExitCode::from(2);
    };
    match run(serial, Path::new(backing)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("nvme-drive: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(serial: &str, path: &Path) -> Result<(), String> {
    let backing = Backing::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let target = Target::listen(PlainController::new(backing, serial)).map_err(|e| format!("loopback: {e}"))?;
    let port = target.port().map_err(|e| format!("loopback: {e}"))?;
    let serving = std::thread::spawn(move || target.serve());
    let controller = nvmetcp::attach(port)?;
    println!("ready {controller} {}", nvmetcp::namespaces(&controller, 1)?.join(" "));
    match serving.join() {
        Ok(ended) => ended.map_err(|e| format!("the socket: {e}")),
        Err(_) => Err("the drive panicked".into()),
    }
}
