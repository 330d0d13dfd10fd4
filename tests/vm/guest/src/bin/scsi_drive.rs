//! `scsi-drive SERIAL BACKING`: makes /dev/sdX over a file or block device, prints `ready sdX`, and answers for it until killed.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use radera_vm_guest::standin::{Backing, PlainUnit};
use radera_vm_guest::tcmu::{self, Drive};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [serial, backing] = words.as_slice() else {
        eprintln!("usage: scsi-drive SERIAL BACKING");
        return ExitCode::from(2);
    };
    match run(serial, Path::new(backing)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("scsi-drive: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(serial: &str, path: &Path) -> Result<(), String> {
    let backing = Backing::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let drive = Drive::make(serial, backing.bytes(), 512)?;
    let unit = PlainUnit::new(backing, serial);
    let serving = std::thread::spawn(move || drive.serve(unit));
    println!("ready {}", tcmu::attach(serial, &naa(serial))?);
    match serving.join() {
        Ok(ended) => ended.map_err(|e| format!("the ring: {e}")),
        Err(_) => Err("the drive panicked".into()),
    }
}

/// An address for tcm_loop that differs from drive to drive: NAA 5, and what the serial sums up to.
fn naa(serial: &str) -> String {
    let sum = serial.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("5001405{:09x}", sum & 0xF_FFFF_FFFF)
}
