//! The image of a drive of the model: what it is, the state it keeps while its power is off, the commands it received, its blocks.
//!
//! The host makes it and the guest's program plays it, so the image is the way between the two: model and faults go in, truth and
//! commands come out, and a machine that is killed and booted again finds the drive as it was. What a command changed is in the
//! image before the command is answered, first the blocks, then the state; only what a write wrote may come a moment later, as from a
//! write cache.
//!
//! Pages of 4 KiB: one of description, two slots of state that are written in turn, the list of commands, the blocks. Also compiled
//! into `tests/vm.rs`.
#![allow(dead_code)] // Host and guest use a part each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::drives::medium::{Layout, Medium};
use crate::drives::nvme::Nvme;
use crate::drives::personality::{Kit, hdd_traits, nvme_traits, sas_hdd_traits, sas_ssd_traits, ssd_traits};
use crate::drives::satl::Satl;
use crate::drives::scsi::sas::Sas;
use crate::drives::store::Store;
use crate::drives::{Clock, Fault, Machine, ata, nvme, scsi};

const PAGE: usize = 4096;
const SLOT: usize = 2 * PAGE;
const LOG_AT: u64 = (PAGE + 2 * SLOT) as u64;
const LOG_BYTES: usize = 1 << 20;
const BLOCKS_AT: u64 = LOG_AT + LOG_BYTES as u64;
/// Where the next drive's image may begin, if several share a disk of the host's.
pub const STRIDE: u64 = 4 << 20;

/// Addressable blocks, over all namespaces; spare ones; remapped ones. Few: radera marks and reads every second one, and each is a
/// command that goes to a program and back, under emulation some milliseconds.
pub const BLOCKS: u64 = 2048;
const SPARE: u64 = 256;
const REMAPPED: u64 = 32;

fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What drive it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// `sata-hdd`, `sata-ssd`, `sas-hdd`, `sas-ssd` or `nvme`.
    pub kind: String,
    pub serial: String,
    /// Equal namespaces of an NVMe controller.
    pub namespaces: u64,
    /// How long each kind of erase takes.
    pub seconds: u64,
    /// Sectors that a SATA drive shows; the rest is behind HPA (hard disk) or the accessible maximum address (SSD). 0: all.
    pub visible: u64,
    pub faults: Vec<Fault>,
}

impl Description {
    /// A drive without faults.
    pub fn new(kind: &str, serial: &str, seconds: u64) -> Self {
        let (kind, serial) = (kind.into(), serial.into());
        Description { kind, serial, namespaces: 1, seconds, visible: 0, faults: Vec::new() }
    }

    pub fn layout(&self) -> Layout {
        let space = BLOCKS / self.namespaces;
        Layout { spaces: (0..self.namespaces).map(|_| space).collect(), spare: SPARE, remapped: REMAPPED }
    }

    fn text(&self) -> String {
        let faults: Vec<String> = self.faults.iter().map(Fault::to_string).collect();
        let Description { kind, serial, namespaces, seconds, visible, .. } = self;
        let faults = faults.join(" ");
        format!(
            "kind {kind}\nserial {serial}\nnamespaces {namespaces}\nseconds {seconds}\nvisible {visible}\nfaults {faults}\n"
        )
    }

    fn parse(page: &[u8]) -> io::Result<Self> {
        let text = page.split(|byte| *byte == 0).next().unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| wrong("no drive was described here"))?;
        let words: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once(' ')).collect();
        let word = |name: &str| words.get(name).copied().ok_or_else(|| wrong(format!("a drive without {name}")));
        let number = |name: &str| word(name)?.parse().map_err(|_| wrong(format!("{name} is no number")));
        let faults = word("faults")?.split_whitespace().map(str::parse).collect::<Result<_, String>>();
        Ok(Description {
            kind: word("kind")?.into(),
            serial: word("serial")?.into(),
            namespaces: number("namespaces")?,
            seconds: number("seconds")?,
            visible: number("visible")?,
            faults: faults.map_err(wrong)?,
        })
    }

    fn build(&self, kit: Kit) -> io::Result<Drive> {
        let (serial, seconds) = (self.serial.clone(), self.seconds);
        // A name of its own, and room for units behind it: hosts take two disks with one name for one.
        let wwn = 0x5000_5430_0000_0000 | sum(serial.as_bytes()) & 0xFFFF_FFF0;
        let ata = |traits| ata::Traits { serial: serial.clone(), wwn, seconds: [seconds; 5], ..traits };
        let sas = |traits| scsi::sas::Traits { serial: serial.clone(), wwn, seconds: [seconds; 4], ..traits };
        Ok(match self.kind.as_str() {
            "sata-hdd" => Drive::Sata(Box::new(kit.sata(ata(hdd_traits()))?)),
            "sata-ssd" => Drive::Sata(Box::new(kit.sata(ata(ssd_traits()))?)),
            "sas-hdd" => Drive::Sas(Box::new(kit.sas(sas(sas_hdd_traits()))?)),
            "sas-ssd" => Drive::Sas(Box::new(kit.sas(sas(sas_ssd_traits()))?)),
            "nvme" => {
                let traits = nvme::Traits { serial, seconds: [seconds; 4], ..nvme_traits() };
                Drive::Nvme(Box::new(kit.nvme(traits)?))
            }
            other => return Err(wrong(format!("{other} is no kind of drive"))),
        })
    }
}

/// A drive of the model.
pub enum Drive {
    Sata(Box<Satl>),
    Sas(Box<Sas>),
    Nvme(Box<Nvme>),
}

impl Drive {
    pub fn machine(&self) -> &dyn Machine {
        match self {
            Drive::Sata(drive) => &**drive,
            Drive::Sas(drive) => &**drive,
            Drive::Nvme(drive) => &**drive,
        }
    }

    pub fn machine_mut(&mut self) -> &mut dyn Machine {
        match self {
            Drive::Sata(drive) => &mut **drive,
            Drive::Sas(drive) => &mut **drive,
            Drive::Nvme(drive) => &mut **drive,
        }
    }
}

/// The blocks in memory, and which pages of them are not in the image.
#[derive(Default)]
struct Blocks {
    bytes: Vec<u8>,
    changed: BTreeSet<usize>,
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Blocks>>);

impl Shared {
    fn new(bytes: Vec<u8>) -> Self {
        Shared(Arc::new(Mutex::new(Blocks { bytes, changed: BTreeSet::new() })))
    }
}

fn place(at: u64, bytes: usize) -> io::Result<std::ops::Range<usize>> {
    let at = usize::try_from(at).map_err(|_| wrong("past the end of the drive"))?;
    Ok(at..at + bytes)
}

impl Store for Shared {
    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let range = place(at, into.len())?;
        into.copy_from_slice(lock(&self.0).bytes.get(range).ok_or_else(|| wrong("past the end of the drive"))?);
        Ok(())
    }

    fn write(&mut self, at: u64, from: &[u8]) -> io::Result<()> {
        let range = place(at, from.len())?;
        let mut blocks = lock(&self.0);
        let to = blocks.bytes.get_mut(range.clone()).ok_or_else(|| wrong("past the end of the drive"))?;
        to.copy_from_slice(from);
        blocks.changed.extend(range.start / PAGE..range.end.div_ceil(PAGE));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(lock(&self.0).bytes.len() as u64)
    }
}

/// A buffer with whole pages for `bytes` bytes, and where in it they begin at the start of a page, as unbuffered files need.
fn aligned(bytes: usize) -> (Vec<u8>, std::ops::Range<usize>) {
    let whole = bytes.next_multiple_of(PAGE);
    let buffer = vec![0; whole + PAGE];
    let start = buffer.as_ptr().align_offset(PAGE).min(PAGE);
    (buffer, start..start + whole)
}

fn get(file: &File, at: u64, bytes: usize) -> io::Result<Vec<u8>> {
    let (mut buffer, whole) = aligned(bytes);
    file.read_exact_at(&mut buffer[whole.clone()], at)?;
    Ok(buffer[whole.start..whole.start + bytes].to_vec())
}

/// Writes a drive into its image whenever something has changed.
pub struct Keeper {
    file: File,
    /// Where the image begins in the file.
    from: u64,
    blocks: Shared,
    sequence: u64,
    boots: u64,
    state: Vec<u8>,
    log: Vec<u8>,
    logged: usize,
}

impl Keeper {
    /// Writes `bytes`, filled up to whole pages, at `at`.
    fn put(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut buffer, whole) = aligned(bytes.len());
        buffer[whole.start..whole.start + bytes.len()].copy_from_slice(bytes);
        self.file.write_all_at(&buffer[whole], self.from + at)
    }

    /// Whether blocks have changed that are not in the image.
    pub fn behind(&self) -> bool {
        !lock(&self.blocks.0).changed.is_empty()
    }

    /// Brings the image up to the drive.
    pub fn keep(&mut self, drive: &dyn Machine) -> io::Result<()> {
        let mut blocks = lock(&self.blocks.0);
        let changed: Vec<usize> = std::mem::take(&mut blocks.changed).into_iter().collect();
        for run in changed.chunk_by(|one, next| one + 1 == *next) {
            let bytes = run[0] * PAGE..((run[run.len() - 1] + 1) * PAGE).min(blocks.bytes.len());
            self.put(BLOCKS_AT + (run[0] * PAGE) as u64, &blocks.bytes[bytes])?;
        }
        drop(blocks);
        let state = drive.save();
        if state != self.state || self.sequence == 0 {
            self.sequence += 1;
            let head = format!("state {} {} {} {:x}\n", self.sequence, self.boots, state.len(), sum(&state));
            let slot = [head.as_bytes(), &state].concat();
            if slot.len() > SLOT {
                return Err(wrong("the drive's state has outgrown its slot"));
            }
            self.put(PAGE as u64 + (self.sequence % 2) * SLOT as u64, &slot)?;
            self.state = state;
        }
        Ok(())
    }

    /// Notes a command that the drive has received.
    pub fn note(&mut self, line: &str) -> io::Result<()> {
        // A drive that is asked for hours has told enough.
        if self.log.len() + line.len() < LOG_BYTES - PAGE {
            self.log.extend(line.as_bytes());
            self.log.push(b'\n');
        }
        let from = self.logged / PAGE * PAGE;
        self.put(LOG_AT + from as u64, &self.log[from..])?;
        self.logged = self.log.len();
        Ok(())
    }
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The newer of the two slots that is whole: sequence, boots, state.
fn newest(file: &File, from: u64) -> io::Result<(u64, u64, Vec<u8>)> {
    let mut found = Vec::new();
    for slot in 0..2 {
        let bytes = get(file, from + PAGE as u64 + slot * SLOT as u64, SLOT)?;
        found.extend(whole(&bytes));
    }
    found.into_iter().max().ok_or_else(|| wrong("the image holds no state of a drive"))
}

fn whole(slot: &[u8]) -> Option<(u64, u64, Vec<u8>)> {
    let end = slot.iter().position(|byte| *byte == b'\n')?;
    let words: Vec<&str> = std::str::from_utf8(&slot[..end]).ok()?.split(' ').collect();
    let &["state", sequence, boots, length, check] = words.as_slice() else { return None };
    let state = slot.get(end + 1..end + 1 + length.parse::<usize>().ok()?)?;
    (format!("{:x}", sum(state)) == check).then_some((sequence.parse().ok()?, boots.parse().ok()?, state.to_vec()))
}

/// Makes the image of a new drive at `from`, every block marked.
pub fn create(file: File, from: u64, description: &Description) -> io::Result<()> {
    let layout = description.layout();
    let blocks = Shared::new(vec![0; usize::try_from(Medium::size(&layout)).map_err(|_| wrong("too large"))?]);
    let kit = Kit { clock: Clock::manual(), store: Box::new(blocks.clone()), layout, used: false };
    let mut drive = description.build(kit)?;
    if let (Drive::Sata(unit), 1..) = (&mut drive, description.visible) {
        match description.kind.as_str() {
            "sata-hdd" => unit.drive.capacity.hide_with_hpa(description.visible),
            _ => unit.drive.capacity.hide_with_ama(description.visible),
        }
    }
    description.faults.iter().for_each(|fault| drive.machine_mut().inject(fault.clone()));
    let mut keeper =
        Keeper { file, from, blocks, sequence: 0, boots: 0, state: Vec::new(), log: Vec::new(), logged: 0 };
    keeper.put(0, description.text().as_bytes())?;
    keeper.put(LOG_AT, &[0; LOG_BYTES])?;
    keeper.keep(drive.machine())
}

/// The drive whose image begins at `from`, just switched on.
pub fn open(file: File, from: u64, clock: Clock) -> io::Result<(Description, Drive, Keeper)> {
    let description = Description::parse(&get(&file, from, PAGE)?)?;
    let layout = description.layout();
    let size = usize::try_from(Medium::size(&layout)).map_err(|_| wrong("too large"))?;
    let bytes = get(&file, from + BLOCKS_AT, size)?;
    let (sequence, boots, state) = newest(&file, from)?;
    let log = list(&file, from)?;
    let blocks = Shared::new(bytes);
    let mut drive = description.build(Kit { clock, store: Box::new(blocks.clone()), layout, used: true })?;
    let machine = drive.machine_mut();
    machine.gear_mut().faults.0.clone_from(&description.faults);
    machine.load(&state).map_err(wrong)?;
    // Firmware froze the drive before the first boot; the others find it as it was left.
    if boots == 0 && description.faults.contains(&Fault::Frozen) {
        machine.installed(&Fault::Frozen);
    }
    let keeper = Keeper { file, from, blocks, sequence, boots: boots + 1, state, logged: log.len(), log };
    Ok((description, drive, keeper))
}

fn list(file: &File, from: u64) -> io::Result<Vec<u8>> {
    let mut log = get(file, from + LOG_AT, LOG_BYTES)?;
    let end = log.iter().position(|byte| *byte == 0).unwrap_or(log.len());
    log.truncate(end);
    Ok(log)
}

/// The commands that a drive has received, oldest first: what kind, and its bytes in hex.
pub fn commands(file: &File, from: u64) -> io::Result<Vec<String>> {
    Ok(String::from_utf8_lossy(&list(file, from)?).lines().map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drives::scsi::{ScsiAnswer, Unit};

    fn image() -> (File, u64) {
        (File::from(tempfile()), STRIDE)
    }

    fn tempfile() -> std::os::fd::OwnedFd {
        let path =
            std::env::temp_dir().join(format!("drive-image-{}-{:?}", std::process::id(), std::thread::current().id()));
        let file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        file.set_len(2 * STRIDE).unwrap();
        file.into()
    }

    fn total(file: &File, from: u64) -> u64 {
        open(file.try_clone().unwrap(), from, Clock::manual()).unwrap().1.machine().truth().total()
    }

    #[test]
    fn a_drive_is_described_and_read_back() {
        let mut drive = Description::new("nvme", "SERIAL 1", 3);
        drive.namespaces = 2;
        drive.faults = vec!["fails-at:40:sectors-remain".parse().unwrap(), Fault::Lies];
        assert_eq!(Description::parse(&[drive.text().as_bytes(), &[0; 100]].concat()).unwrap(), drive);
        assert!(Description::parse(&[0; 4096]).is_err());
        assert!(Description::parse(b"kind nvme\n").is_err());
    }

    /// Killed in mid-erase at any command, and found again: nothing comes back, and the erase goes on.
    #[test]
    fn what_a_command_did_is_in_the_image_when_it_is_answered() {
        let (file, from) = image();
        let (again, clock) = (|| file.try_clone().unwrap(), Clock::manual());
        create(again(), from, &Description::new("sas-ssd", "S", 10)).unwrap();
        assert_eq!(total(&file, from), BLOCKS + SPARE + REMAPPED);
        let (_, drive, mut keeper) = open(again(), from, clock.clone()).unwrap();
        let Drive::Sas(mut drive) = drive else { panic!() };
        // The unit attention of the power-on, then SANITIZE block erase, IMMED.
        for cdb in [[0; 10], [0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0]] {
            keeper.note("cdb").unwrap();
            assert!(matches!(drive.execute(&cdb, &[], 0), ScsiAnswer::Done { .. }));
            keeper.keep(&*drive).unwrap();
        }
        clock.advance(4000);
        drive.gear_mut().tick();
        keeper.keep(&*drive).unwrap();
        drop((drive, keeper));
        let left = total(&file, from);
        assert!(left > 0 && left < BLOCKS, "{left}");
        assert_eq!(commands(&file, from).unwrap(), ["cdb", "cdb"]);

        let (_, mut drive, mut keeper) = open(again(), from, clock.clone()).unwrap();
        clock.advance(7000);
        drive.machine_mut().gear_mut().tick();
        keeper.keep(drive.machine()).unwrap();
        keeper.note("last").unwrap();
        assert_eq!((total(&file, from), commands(&file, from).unwrap().len()), (0, 3));
    }

    #[test]
    fn a_state_that_was_cut_off_gives_way_to_the_one_before() {
        let (file, from) = image();
        create(file.try_clone().unwrap(), from, &Description::new("sata-hdd", "S", 10)).unwrap();
        let (_, mut drive, mut keeper) = open(file.try_clone().unwrap(), from, Clock::manual()).unwrap();
        let before = newest(&file, from).unwrap();
        drive.machine_mut().gear_mut().passes = 7;
        keeper.keep(drive.machine()).unwrap();
        let after = newest(&file, from).unwrap();
        assert_ne!(before, after);
        file.write_all_at(b"#", from + PAGE as u64 + (after.0 % 2) * SLOT as u64 + 100).unwrap();
        assert_eq!(newest(&file, from).unwrap(), before);
    }

    #[test]
    fn a_frozen_drive_has_thawed_at_its_second_boot() {
        let (file, from) = image();
        let mut frozen = Description::new("sata-ssd", "S", 10);
        frozen.faults.push(Fault::Frozen);
        create(file.try_clone().unwrap(), from, &frozen).unwrap();
        for boot in 0..2 {
            let (_, drive, mut keeper) = open(file.try_clone().unwrap(), from, Clock::manual()).unwrap();
            let Drive::Sata(unit) = &drive else { panic!() };
            assert_eq!(unit.drive.sanitize_frozen, boot == 0);
            keeper.state.clear();
            keeper.keep(drive.machine()).unwrap();
        }
    }
}
