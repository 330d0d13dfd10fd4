//! `scsi-drive SERIAL BACKING`: makes /dev/sdX over a file or block device, prints `ready sdX`, and answers for it until killed.
#![forbid(unsafe_code)]

use std::fs::OpenOptions;
use std::path::Path;
use std::process::ExitCode;

use radera_vm_guest::model;
use radera_vm_guest::standin::{Backing, PlainUnit};
use radera_vm_guest::tcmu::{self, Drive};
use radera_vm_guest::unit::Unit;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (kind, serial, backing) = match words.as_slice() {
        [serial, backing] => ("plain", serial, backing),
        [serial, backing, kind] => (kind.as_str(), serial, backing),
        _ => {
            eprintln!("usage: scsi-drive SERIAL BACKING [plain|sata-ssd|sata-hdd|sas-ssd|sas-hdd]");
            return ExitCode::from(2);
        }
    };
    match run(kind, serial, Path::new(backing)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("scsi-drive: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(kind: &str, serial: &str, path: &Path) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    let (unit, bytes): (Box<dyn Unit>, u64) = if kind == "plain" {
        let backing = Backing::open(path).map_err(failed)?;
        let bytes = backing.bytes();
        (Box::new(PlainUnit::new(backing, serial)), bytes)
    } else {
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
        model::unit(kind, serial, file).map_err(failed)?
    };
    let drive = Drive::make(serial, bytes, 512)?;
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
