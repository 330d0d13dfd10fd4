//! The drive model of `tests/drives` behind the guest's kernel, in real time, kept in its image with every command.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::drives::Machine;
use crate::drives::nvme::{self, Nvme};
use crate::drives::scsi::{self, Unit as ModelUnit};
use crate::image::Keeper;
use crate::unit::{Controller, NvmeAnswer, ScsiAnswer, TICK, Unit};

/// A command that is never answered, in both command sets: vendor specific. It shows what the way to the drive does then.
const SILENT: u8 = 0xFF;
/// Opcodes of the I/O queues.
const WRITE: u8 = 0x01;
const READ: u8 = 0x02;
/// After this long a broken SCSI connection is back; an NVMe host connects again by itself.
const RECONNECT: Duration = Duration::from_secs(5);
/// While there is such a file, time passes for drives a hundred times as fast: an erase that must outlast a slow boot need not be
/// waited for.
const HURRY: &str = "/tmp/hurry";
const FASTER: u64 = 100;
/// Ticks after which a drive at rest is kept anyway.
const IDLE: u32 = 10;

/// A drive and its image.
pub struct Modelled<D> {
    drive: D,
    keeper: Keeper,
    /// Since when its connection is broken.
    cut: Option<Instant>,
    /// Ticks since it was last kept.
    idle: u32,
}

impl<D: Machine> Modelled<D> {
    pub fn new(drive: D, keeper: Keeper) -> Self {
        Modelled { drive, keeper, cut: None, idle: 0 }
    }

    /// A drive whose image can't be written is no drive any more: its truth would be wrong.
    fn must(what: std::io::Result<()>) {
        if let Err(problem) = what {
            eprintln!("the image of the drive: {problem}");
            std::process::exit(1);
        }
    }

    /// After a tick. One at rest needs no look at its state each time: twenty of them would take the whole processor.
    fn keep_if_changed(&mut self, was_erasing: bool) {
        self.idle += 1;
        if was_erasing || self.keeper.behind() || self.idle >= IDLE {
            self.keep();
        }
    }

    fn keep(&mut self) {
        self.idle = 0;
        Self::must(self.keeper.keep(&self.drive));
    }

    fn hurry(&self) {
        if std::path::Path::new(HURRY).exists() {
            let tick = u64::try_from(TICK.as_millis()).unwrap_or_default();
            self.drive.clock().advance(tick * (FASTER - 1));
        }
    }

    fn note(&mut self, kind: &str, bytes: &[u8]) {
        let mut line = kind.to_string();
        let _ = bytes.iter().try_for_each(|byte| write!(line, " {byte:02x}"));
        Self::must(self.keeper.note(&line));
    }
}

/// READ and WRITE of all lengths: there are too many of them. What a WRITE wrote is in the image a moment later, or when anything
/// else is asked for.
fn moves_data(cdb: &[u8]) -> bool {
    matches!(cdb.first(), Some(0x08 | 0x28 | 0x88 | 0xA8)) || writes(cdb)
}

fn writes(cdb: &[u8]) -> bool {
    matches!(cdb.first(), Some(0x0A | 0x2A | 0x8A | 0xAA))
}

/// FORMAT UNIT, MODE SELECT, UNMAP, SANITIZE, SECURITY PROTOCOL OUT, and ATA PASS-THROUGH to the device: what comes along says what
/// they do.
fn tells_more(cdb: &[u8]) -> bool {
    match cdb.first() {
        Some(0x04 | 0x15 | 0x42 | 0x48 | 0x55 | 0xB5) => true,
        Some(0x85 | 0xA1) => cdb.get(2).is_some_and(|flags| flags & 3 != 0 && flags & 8 == 0),
        _ => false,
    }
}

impl<D: ModelUnit + Machine + Send> Unit for Modelled<D> {
    fn execute(&mut self, cdb: &[u8], data_out: &[u8], max_in: usize) -> ScsiAnswer {
        if cdb.first() == Some(&SILENT) {
            return ScsiAnswer::NoAnswer;
        }
        if !moves_data(cdb) {
            self.note("cdb", cdb);
            if tells_more(cdb) {
                self.note("out", data_out.get(..512.min(data_out.len())).unwrap_or_default());
            }
        }
        let answer = self.drive.execute(cdb, data_out, max_in);
        if !writes(cdb) && (!moves_data(cdb) || self.keeper.behind()) {
            self.keep();
        }
        match answer {
            scsi::ScsiAnswer::Done { status, sense, data } => ScsiAnswer::Done { status, sense, data },
            scsi::ScsiAnswer::NoAnswer => ScsiAnswer::NoAnswer,
        }
    }

    fn tick(&mut self) {
        self.hurry();
        let gear = self.drive.gear_mut();
        let was_erasing = gear.running.is_some();
        gear.tick();
        if gear.linked {
            self.cut = None;
        } else if self.cut.get_or_insert_with(Instant::now).elapsed() > RECONNECT {
            self.drive.reconnect();
        }
        self.keep_if_changed(was_erasing);
    }
}

impl Modelled<Nvme> {
    fn carried(&self, answer: nvme::NvmeAnswer) -> NvmeAnswer {
        match answer {
            nvme::NvmeAnswer::Done { dw0, status, dnr, data } => NvmeAnswer::Done { dw0, status, dnr, data },
            nvme::NvmeAnswer::NoAnswer if !self.drive.gear().linked => NvmeAnswer::Cut,
            nvme::NvmeAnswer::NoAnswer => NvmeAnswer::NoAnswer,
            nvme::NvmeAnswer::Later => NvmeAnswer::Later,
        }
    }
}

impl Controller for Modelled<Nvme> {
    fn admin(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        if sqe[0] == SILENT {
            return NvmeAnswer::NoAnswer;
        }
        self.note("admin", sqe);
        let answer = self.drive.admin(sqe, data_out);
        self.keep();
        self.carried(answer)
    }

    fn io(&mut self, sqe: &[u8; 64], data_out: &[u8]) -> NvmeAnswer {
        // Flush, Write, Read.
        if sqe[0] > 2 {
            self.note("io", sqe);
        }
        let answer = self.drive.io(sqe, data_out);
        if sqe[0] != WRITE && (sqe[0] != READ || self.keeper.behind()) {
            self.keep();
        }
        self.carried(answer)
    }

    fn take_event(&mut self) -> Option<u32> {
        self.drive.take_event()
    }

    fn tick(&mut self) {
        self.hurry();
        let was_erasing = self.drive.gear().running.is_some();
        self.drive.tick();
        self.keep_if_changed(was_erasing);
    }

    fn reset(&mut self) {
        if !self.drive.gear().linked {
            self.drive.reconnect();
        }
        Machine::reset(&mut self.drive);
        self.keep();
    }
}
