//! `drive NODE NUMBER`: plays the drive whose image is number NUMBER on NODE, a disk of the host's. Prints `ready sdX`, or
//! `ready nvmeX nvmeXn1 …`, and answers for it until killed.
#![forbid(unsafe_code)]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::process::ExitCode;
use std::thread::JoinHandle;

use radera_vm_guest::drives::{Clock, Machine, scsi};
use radera_vm_guest::image::{self, Description, Drive, Keeper, STRIDE};
use radera_vm_guest::model::Modelled;
use radera_vm_guest::nvmetcp::{self, Target};
use radera_vm_guest::tcmu;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [node, number] = words.as_slice() else {
        eprintln!("usage: drive NODE NUMBER");
        return ExitCode::from(2);
    };
    match run(node, number) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("drive: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Without the page cache: what the drive holds must be on the host's side when the power goes.
fn unbuffered(node: &str) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(libc::O_DIRECT).open(node)
}

fn run(node: &str, number: &str) -> Result<(), String> {
    let from = number.parse::<u64>().map_err(|_| format!("{number} is no number"))? * STRIDE;
    let failed = |e: io::Error| format!("{node}: {e}");
    let (description, drive, keeper) =
        unbuffered(node).and_then(|file| image::open(file, from, Clock::real())).map_err(failed)?;
    let serving = match drive {
        Drive::Sata(unit) => disk(&description, *unit, keeper)?,
        Drive::Sas(unit) => disk(&description, *unit, keeper)?,
        Drive::Nvme(controller) => {
            let failed = |e: io::Error| format!("loopback: {e}");
            let target = Target::listen(&description.serial, Modelled::new(*controller, keeper)).map_err(failed)?;
            let port = target.port().map_err(failed)?;
            let serving = std::thread::spawn(move || target.serve());
            let name = nvmetcp::attach(&description.serial, port)?;
            let count = usize::try_from(description.namespaces).unwrap_or(1);
            println!("ready {name} {}", nvmetcp::namespaces(&name, count)?.join(" "));
            serving
        }
    };
    match serving.join() {
        Ok(ended) => ended.map_err(|e| format!("the way to the kernel: {e}")),
        Err(_) => Err("the drive panicked".into()),
    }
}

/// Puts a unit behind the kernel's SCSI layer.
fn disk<D>(description: &Description, unit: D, keeper: Keeper) -> Result<JoinHandle<io::Result<()>>, String>
where
    D: scsi::Unit + Machine + Send + 'static,
{
    let serial = &description.serial;
    let bytes = description.layout().space(0).end * 512;
    let drive = tcmu::Drive::make(serial, bytes, 512)?;
    let serving = std::thread::spawn(move || drive.serve(Modelled::new(unit, keeper)));
    println!("ready {}", tcmu::attach(serial, &naa(serial))?);
    Ok(serving)
}

/// An address for tcm_loop that differs from drive to drive: NAA 5, and what the serial sums up to.
fn naa(serial: &str) -> String {
    let sum = serial.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("5001405{:09x}", sum & 0xF_FFFF_FFFF)
}
