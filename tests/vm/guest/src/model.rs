//! The drive model of `tests/drives` behind the guest's kernel: over a block device of the host's, in real time.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

use crate::drives::medium::{Layout, Medium};
use crate::drives::personality::{Kit, hdd_traits, nvme_traits, sas_hdd_traits, sas_ssd_traits, ssd_traits};
use crate::drives::scsi::{self, Unit as ModelUnit};
use crate::drives::store::Store;
use crate::drives::{Clock, Machine, nvme};
use crate::unit::{Controller, NvmeAnswer, ScsiAnswer, Unit};

/// How long each kind of erase takes: long enough to be seen running, shorter than the kernel's patience with a command that blocks.
const SECONDS: u64 = 3;
/// Blocks taken out of use, with what they held.
const REMAPPED: u64 = 32;

/// A file or block device. The length of a device is where its end can be sought to.
struct Device {
    file: File,
    bytes: u64,
}

impl Store for Device {
    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(into, at)
    }

    fn write(&mut self, at: u64, from: &[u8]) -> io::Result<()> {
        self.file.write_all_at(from, at)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.bytes)
    }
}

/// A drive of `spaces` equal parts over the whole of `file`; an eighth of it is spare. The addressable bytes come with it.
fn kit(mut file: File, spaces: u64) -> io::Result<(Kit, u64)> {
    let bytes = file.seek(SeekFrom::End(0))?;
    let one = Medium::size(&Layout { spaces: vec![1], spare: 0, remapped: 0 });
    let blocks = bytes / one;
    let spare = blocks / 8;
    // Whole pages of 4 KiB.
    let space = blocks.saturating_sub(spare + REMAPPED) / spaces / 8 * 8;
    let layout = Layout { spaces: vec![space; usize::try_from(spaces).unwrap_or(1)], spare, remapped: REMAPPED };
    let store = Box::new(Device { file, bytes: Medium::size(&layout) });
    Ok((Kit { clock: Clock::real(), store, layout, used: false }, space * 512))
}

/// A SCSI unit of the model.
pub struct ModelledUnit<T>(T);

impl<T: ModelUnit + Machine + Send> Unit for ModelledUnit<T> {
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer {
        match self.0.execute(cdb, data_out, max_in) {
            scsi::ScsiAnswer::Done { status, sense, data } => ScsiAnswer::Done { status, sense, data },
            scsi::ScsiAnswer::NoAnswer => ScsiAnswer::NoAnswer,
        }
    }

    fn tick(&mut self) {
        self.0.gear_mut().tick();
    }
}

/// A drive of one of the kinds `sata-ssd`, `sata-hdd`, `sas-ssd`, `sas-hdd`, and its addressable bytes.
pub fn unit(kind: &str, serial: &str, file: File) -> io::Result<(Box<dyn Unit>, u64)> {
    let (kit, bytes) = kit(file, 1)?;
    let serial = serial.to_string();
    let unit: Box<dyn Unit> = match kind {
        "sata-ssd" => Box::new(ModelledUnit(kit.sata(crate::drives::ata::Traits {
            serial,
            seconds: [SECONDS; 5],
            ..ssd_traits()
        })?)),
        "sata-hdd" => Box::new(ModelledUnit(kit.sata(crate::drives::ata::Traits {
            serial,
            seconds: [SECONDS; 5],
            ..hdd_traits()
        })?)),
        "sas-ssd" => {
            Box::new(ModelledUnit(kit.sas(scsi::sas::Traits { serial, seconds: [SECONDS; 4], ..sas_ssd_traits() })?))
        }
        "sas-hdd" => {
            Box::new(ModelledUnit(kit.sas(scsi::sas::Traits { serial, seconds: [SECONDS; 4], ..sas_hdd_traits() })?))
        }
        other => return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{other} is no kind of drive"))),
    };
    Ok((unit, bytes))
}

/// An NVMe controller of the model.
pub struct ModelledController(nvme::Nvme);

/// A controller with `namespaces` equal namespaces.
pub fn controller(serial: &str, namespaces: u64, file: File) -> io::Result<ModelledController> {
    let traits = nvme::Traits { serial: serial.into(), seconds: [SECONDS; 4], ..nvme_traits() };
    Ok(ModelledController(kit(file, namespaces)?.0.nvme(traits)?))
}

fn carried(answer: nvme::NvmeAnswer) -> NvmeAnswer {
    match answer {
        nvme::NvmeAnswer::Done { dw0, status, dnr, data } => NvmeAnswer::Done { dw0, status, dnr, data },
        nvme::NvmeAnswer::NoAnswer => NvmeAnswer::NoAnswer,
        nvme::NvmeAnswer::Later => NvmeAnswer::Later,
    }
}

impl Controller for ModelledController {
    fn admin(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        carried(self.0.admin(sqe, data_out))
    }

    fn io(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        carried(self.0.io(sqe, data_out))
    }

    fn take_event(&mut self) -> Option<u32> {
        self.0.take_event()
    }

    fn reset(&mut self) {
        Machine::reset(&mut self.0);
    }
}
