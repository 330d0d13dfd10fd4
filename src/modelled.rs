//! The drive models as devices of this program (tests): commands by the transport, reads and writes by a queue, an identity that can be
//! lost, and the time that the model lives in.

mod blocks;
mod media;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::device::{Held, NvmeAnswer, Reply, ScsiAnswer, Transport, examine};
use crate::drives::nvme::{self, Nvme};
use crate::drives::satl::Satl;
use crate::drives::scsi::sas::Sas;
use crate::drives::scsi::{self, Unit};
use crate::drives::{Clock, Fault, Machine, Truth};
use crate::io::simulated::queue_over;
use crate::io::{Engine, Queue};
use crate::media::{Identity, Medium};
use crate::technique::drive::Pace;
use crate::wire;

/// One of the models.
pub enum Drive {
    /// A SATA drive behind a SATL.
    Sata(Satl),
    /// A SAS drive.
    Sas(Sas),
    /// An NVMe controller.
    Nvme(Nvme),
}

impl Drive {
    /// What any of them is.
    pub fn machine(&mut self) -> &mut dyn Machine {
        match self {
            Drive::Sata(drive) => drive,
            Drive::Sas(drive) => drive,
            Drive::Nvme(drive) => drive,
        }
    }

    /// The logical units or namespaces.
    pub fn units(&mut self) -> usize {
        self.machine().gear().medium.layout().spaces.len()
    }

    fn execute(&mut self, unit: usize, cdb: &[u8], out: &[u8], room: usize) -> Option<scsi::ScsiAnswer> {
        match self {
            Drive::Sata(drive) => Some(drive.execute(cdb, out, room)),
            Drive::Sas(drive) => Some(drive.execute_on(unit, cdb, out, room)),
            Drive::Nvme(_) => None,
        }
    }

    /// Whether commands reach it.
    pub fn is_there(&mut self) -> bool {
        let gear = self.machine().gear();
        gear.powered && gear.linked
    }
}

/// A handle on a drive, and on one of its logical units or namespaces; clones share the drive.
#[derive(Clone)]
pub struct Shared {
    drive: Arc<Mutex<Drive>>,
    unit: usize,
    /// How often the kernel found it.
    attached: Arc<AtomicU64>,
}

impl Shared {
    /// A drive, by its first unit.
    pub fn new(drive: Drive) -> Self {
        Shared { drive: Arc::new(Mutex::new(drive)), unit: 0, attached: Arc::new(AtomicU64::new(7)) }
    }

    /// The same drive by another of its units, counted from 0.
    pub fn unit(&self, unit: usize) -> Self {
        Shared { unit, ..self.clone() }
    }

    /// The drive itself.
    pub fn drive(&self) -> MutexGuard<'_, Drive> {
        self.drive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a fault in.
    pub fn inject(&self, fault: Fault) {
        self.drive().machine().inject(fault);
    }

    /// What survives of the markers.
    pub fn truth(&self) -> Truth {
        self.drive().machine().truth()
    }

    /// The time it lives in.
    pub fn clock(&self) -> Clock {
        self.drive().machine().clock()
    }

    /// Takes the power away and gives it back after `off`.
    pub fn cycle(&self, off: Duration) {
        if self.drive().machine().gear().powered {
            self.drive().machine().power_off();
        }
        self.clock().advance(milliseconds(off));
        self.drive().machine().power_on();
    }

    /// Plugs the cable in again, and gives it power.
    pub fn recover(&self) {
        if self.drive().machine().gear().powered {
            self.drive().machine().reconnect();
        } else {
            self.cycle(Duration::from_secs(1));
        }
    }

    /// The kernel finds it anew: after a boot, or when it was away for long.
    pub fn attach_anew(&self) {
        self.attached.fetch_add(1, Ordering::SeqCst);
    }

    /// The medium, with what its model is known to do.
    pub fn medium(&self) -> Medium {
        let mut medium = media::medium(&mut self.drive(), self.unit);
        medium.identity.disk_sequence = Some(self.attached.load(Ordering::SeqCst));
        medium
    }

    /// The medium, with what the drive answers when it is asked.
    pub fn examined(&self) -> Medium {
        let medium = self.medium();
        let capabilities = examine(&mut self.clone(), &medium);
        Medium { capabilities, ..medium }
    }
}

/// Milliseconds, for the model's clock.
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Transport for Shared {
    fn scsi(&mut self, command: &wire::scsi::Command, _: Duration) -> Reply<ScsiAnswer> {
        let out = match command.data() {
            wire::Data::Out(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        let room = if matches!(command.data(), wire::Data::In(_)) { command.data().bytes() } else { 0 };
        match self.drive().execute(self.unit, command.cdb(), &out, room) {
            None => Reply::NotSent { detail: "not a SCSI device".into() },
            Some(scsi::ScsiAnswer::Done { status, sense, data }) => Reply::Answer(ScsiAnswer { status, sense, data }),
            Some(scsi::ScsiAnswer::NoAnswer) => Reply::Unknown { detail: "the connection was lost".into() },
        }
    }

    fn nvme(&mut self, command: &wire::nvme::Admin, _: Duration) -> Reply<NvmeAnswer> {
        let Drive::Nvme(drive) = &mut *self.drive() else {
            return Reply::NotSent { detail: "not an NVMe device".into() };
        };
        let mut entry = [0; 64];
        entry[0] = command.opcode();
        entry[4..8].copy_from_slice(&command.nsid().to_le_bytes());
        for (at, dword) in (40..).step_by(4).zip(command.dwords()) {
            entry[at..at + 4].copy_from_slice(&dword.to_le_bytes());
        }
        match drive.admin(&entry, &[]) {
            nvme::NvmeAnswer::Done { dw0, status, dnr, mut data } => {
                data.truncate(command.data().bytes());
                let status = wire::nvme::Status::new(status | u16::from(dnr) << 14);
                Reply::Answer(NvmeAnswer { status, dword0: dw0, data })
            }
            nvme::NvmeAnswer::NoAnswer => Reply::Unknown { detail: "the connection was lost".into() },
            nvme::NvmeAnswer::Later => Reply::NotSent { detail: "events are nobody's business here".into() },
        }
    }
}

impl Held for Shared {
    fn identity_now(&self) -> Result<Identity, String> {
        if !self.drive().is_there() {
            return Err("the device is gone".into());
        }
        Ok(self.medium().identity)
    }

    fn queue(&mut self, _prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        Ok(queue_over(self.clone(), 64 << 10, 4))
    }

    fn transport(&mut self) -> Option<Box<dyn Transport>> {
        Some(Box::new(self.clone()))
    }
}

/// The model's time as a pace: waiting moves it.
pub struct Time {
    shared: Shared,
    begun: u64,
    /// When somebody asks it to stop.
    pub stop_at: Option<Duration>,
    /// How long after it was lost somebody brings it back, if anybody does.
    pub mended_after: Option<Duration>,
    lost: Option<Duration>,
}

impl Time {
    /// From now on.
    pub fn new(shared: &Shared) -> Self {
        let begun = shared.clock().now();
        Time { shared: shared.clone(), begun, stop_at: None, mended_after: None, lost: None }
    }
}

impl Pace for Time {
    fn now(&self) -> Duration {
        Duration::from_millis(self.shared.clock().now() - self.begun)
    }

    fn wait(&mut self, duration: Duration) -> Option<String> {
        self.shared.clock().advance(milliseconds(duration));
        let now = self.now();
        if self.shared.drive().is_there() {
            self.lost = None;
        } else if self.mended_after.is_some_and(|after| now - *self.lost.get_or_insert(now) >= after) {
            self.shared.recover();
        }
        self.stop_at.is_some_and(|at| now >= at).then(|| "SIGTERM".to_string())
    }
}
