//! A drive model as a [`Transport`], and the time that it lives in as the techniques' pace.

use std::time::Duration;

use crate::device::{NvmeAnswer, Reply, ScsiAnswer, Transport};
use crate::drives::nvme::{self, Nvme};
use crate::drives::satl::Satl;
use crate::drives::scsi::sas::Sas;
use crate::drives::scsi::{self, Unit};
use crate::drives::{self, Clock, Fault, Machine, Truth};
use crate::media::TechniqueId;
use crate::outcome::Ending;
use crate::technique::drive::{Erase, Pace, Run, run};
use crate::technique::watch::Watch;
use crate::technique::{ata, nvme as nvme_technique, scsi as scsi_technique};
use crate::wire;

/// One of the models.
pub(super) enum Drive {
    Sata(Satl),
    Sas(Sas),
    Nvme(Nvme),
}

impl Drive {
    pub(super) fn machine(&mut self) -> &mut dyn Machine {
        match self {
            Drive::Sata(drive) => drive,
            Drive::Sas(drive) => drive,
            Drive::Nvme(drive) => drive,
        }
    }

    pub(super) fn truth(&mut self) -> Truth {
        self.machine().truth()
    }

    pub(super) fn clock(&mut self) -> Clock {
        self.machine().gear().clock.clone()
    }

    fn unit(&mut self) -> Option<&mut dyn Unit> {
        match self {
            Drive::Sata(drive) => Some(drive),
            Drive::Sas(drive) => Some(drive),
            Drive::Nvme(_) => None,
        }
    }
}

impl Transport for Drive {
    fn scsi(&mut self, command: &wire::scsi::Command, _: Duration) -> Reply<ScsiAnswer> {
        let out = match command.data() {
            wire::Data::Out(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        let room = if matches!(command.data(), wire::Data::In(_)) { command.data().bytes() } else { 0 };
        let Some(unit) = self.unit() else { return Reply::NotSent { detail: "not a SCSI device".into() } };
        match unit.execute(command.cdb(), &out, room) {
            scsi::ScsiAnswer::Done { status, sense, data } => Reply::Answer(ScsiAnswer { status, sense, data }),
            scsi::ScsiAnswer::NoAnswer => Reply::Unknown { detail: "the connection was lost".into() },
        }
    }

    fn nvme(&mut self, command: &wire::nvme::Admin, _: Duration) -> Reply<NvmeAnswer> {
        let Drive::Nvme(drive) = self else { return Reply::NotSent { detail: "not an NVMe device".into() } };
        let mut entry = [0; 64];
        entry[0] = command.opcode();
        entry[4..8].copy_from_slice(&command.nsid().to_le_bytes());
        for (at, dword) in (40..).step_by(4).zip(command.dwords()) {
            entry[at..at + 4].copy_from_slice(&dword.to_le_bytes());
        }
        match drive.admin(&entry, &[]) {
            nvme::NvmeAnswer::Done { dw0, status, dnr, data } => Reply::Answer(NvmeAnswer {
                status: wire::nvme::Status::new(status | u16::from(dnr) << 14),
                dword0: dw0,
                data,
            }),
            nvme::NvmeAnswer::NoAnswer => Reply::Unknown { detail: "the connection was lost".into() },
            nvme::NvmeAnswer::Later => panic!("no technique asks for events"),
        }
    }
}

/// The drive's clock; a stop at a given time, if wanted.
pub(super) struct Time {
    clock: Clock,
    pub(super) stop_at: Option<Duration>,
}

impl Pace for Time {
    fn now(&self) -> Duration {
        Duration::from_millis(self.clock.now())
    }

    fn wait(&mut self, duration: Duration) -> Option<String> {
        self.clock.advance(u64::try_from(duration.as_millis()).unwrap());
        self.stop_at.is_some_and(|at| self.now() >= at).then(|| "SIGTERM".to_string())
    }
}

/// What the technique does on `drive`; `None` where it is none of its kind.
pub(super) fn erase(drive: &Drive, technique: TechniqueId) -> Option<Box<dyn Erase>> {
    fn boxed<E: Erase + 'static>(erase: E) -> Box<dyn Erase> {
        Box::new(erase)
    }
    match drive {
        Drive::Sata(_) => ata::Sanitize::new(technique, 0).map(boxed),
        Drive::Sas(_) => scsi_technique::Sanitize::new(technique, 0, 512).map(boxed),
        Drive::Nvme(_) => nvme_technique::Sanitize::new(technique, 0).map(boxed),
    }
}

/// Whether the drive reported a success before: where a lack of trouble is all that it can tell, always.
fn succeeded_before(drive: &mut Drive) -> bool {
    use wire::ata::SanitizeAnswer;
    match drive {
        Drive::Sata(_) => match ata::status(drive).1 {
            Reply::Answer(Ok(SanitizeAnswer::State(state))) => state.succeeded(),
            _ => true,
        },
        Drive::Sas(_) => true,
        Drive::Nvme(_) => match nvme_technique::sanitize_log(drive).1 {
            Reply::Answer(Ok(log)) => log.result == wire::nvme::SanitizeResult::Succeeded,
            _ => true,
        },
    }
}

/// Runs `technique` on `drive` with `fault`; the drive afterwards, reconnected and switched on.
pub(super) fn erased(
    mut drive: Drive,
    technique: TechniqueId,
    fault: Option<Fault>,
    stop_at: Option<Duration>,
) -> (Run, Drive) {
    if let Some(fault) = fault {
        drive.machine().inject(fault);
    }
    let before = succeeded_before(&mut drive);
    let mut erase = erase(&drive, technique).expect("a technique of this drive");
    let mut time = Time { clock: drive.clock(), stop_at };
    let run = run(&mut *erase, &mut drive, Watch::new(before, None), &mut time, &mut |_| ());
    (run, drive)
}

/// Every model, with the techniques that it knows.
pub(super) fn all() -> Vec<(&'static str, fn() -> Drive, Vec<TechniqueId>)> {
    use TechniqueId::*;
    vec![
        ("SATA HDD", || Drive::Sata(drives::sata_hdd()), vec![AtaSanitizeOverwrite]),
        (
            "SATA SSD",
            || Drive::Sata(drives::sata_ssd()),
            vec![AtaSanitizeBlock, AtaSanitizeCrypto, AtaSanitizeOverwrite],
        ),
        ("SAS HDD", || Drive::Sas(drives::sas_hdd()), vec![ScsiSanitizeOverwrite]),
        (
            "SAS SSD",
            || Drive::Sas(drives::sas_ssd()),
            vec![ScsiSanitizeBlock, ScsiSanitizeCrypto, ScsiSanitizeOverwrite],
        ),
        ("NVMe", || Drive::Nvme(drives::nvme(1)), vec![NvmeSanitizeBlock, NvmeSanitizeCrypto, NvmeSanitizeOverwrite]),
        ("NVMe, two namespaces", || Drive::Nvme(drives::nvme(2)), vec![NvmeSanitizeBlock, NvmeSanitizeCrypto]),
    ]
}

/// Whether the ending says that the drive did it.
pub(super) fn says_done(ending: &Ending) -> bool {
    matches!(ending, Ending::Succeeded | Ending::AtOnce | Ending::Deallocated)
}
