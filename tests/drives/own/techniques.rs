//! Every erase command of every drive behind one face, for the tests of faults and power cuts.

use crate::drives::ata::Protocol;
use crate::drives::gear::Machine;
use crate::drives::nvme::Nvme;
use crate::drives::satl::Satl;
use crate::drives::scsi::sas::Sas;
use crate::drives::{Clock, Fault, Truth, nvme, sas_hdd, sas_ssd, sata_hdd, sata_ssd};
use crate::hands::{admin, ata_status, fine, password, plain, request_sense, scsi, send, short, sstat};

/// A drive of any kind.
pub enum Any {
    Sata(Box<Satl>),
    Sas(Box<Sas>),
    Nvme(Box<Nvme>),
}

/// What the host learns when it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Idle,
    Running,
    Success,
    Deallocated,
    Failed,
    Nothing,
}

/// An erase command of a drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Technique {
    AtaOverwrite,
    AtaBlock,
    AtaCrypto,
    AtaEnhanced,
    SasOverwrite,
    SasBlock,
    SasCrypto,
    NvmeOverwrite,
    NvmeBlock,
    NvmeCrypto,
    NvmeTwo,
}

pub use Technique::{
    AtaBlock, AtaCrypto, AtaEnhanced, AtaOverwrite, NvmeBlock, NvmeCrypto, NvmeOverwrite, NvmeTwo, SasBlock, SasCrypto,
    SasOverwrite,
};

/// Those that run in the background and resume by themselves.
pub const SANITIZES: [Technique; 10] = [
    AtaOverwrite,
    AtaBlock,
    AtaCrypto,
    SasOverwrite,
    SasBlock,
    SasCrypto,
    NvmeOverwrite,
    NvmeBlock,
    NvmeCrypto,
    NvmeTwo,
];

impl Technique {
    pub fn drive(self) -> Any {
        match self {
            AtaOverwrite => {
                let mut unit = sata_hdd();
                unit.drive.capacity.hide_with_hpa(12_000);
                Any::Sata(Box::new(unit))
            }
            AtaBlock | AtaCrypto | AtaEnhanced => {
                let mut unit = sata_ssd();
                unit.drive.capacity.hide_with_ama(12_000);
                Any::Sata(Box::new(unit))
            }
            SasOverwrite => Any::Sas(Box::new(sas_hdd())),
            SasBlock | SasCrypto => Any::Sas(Box::new(sas_ssd())),
            NvmeTwo => Any::Nvme(Box::new(nvme(2))),
            _ => Any::Nvme(Box::new(nvme(1))),
        }
    }

    pub fn with(self, fault: Fault) -> Any {
        let mut drive = self.drive();
        drive.machine().inject(fault);
        drive
    }

    pub fn seconds(self) -> u64 {
        match self {
            AtaOverwrite | SasOverwrite => 600,
            AtaBlock | SasBlock | NvmeBlock | NvmeTwo => 30,
            AtaCrypto | SasCrypto | NvmeCrypto => 2,
            AtaEnhanced => 60,
            NvmeOverwrite => 20,
        }
    }

    pub fn crypto(self) -> bool {
        matches!(self, AtaCrypto | SasCrypto | NvmeCrypto)
    }

    /// Sends the command: `Some(true)` accepted, `Some(false)` refused, `None` no answer.
    pub fn start(self, drive: &mut Any) -> Option<bool> {
        match (self, drive) {
            (AtaEnhanced, Any::Sata(unit)) => {
                let drive = &mut unit.drive;
                fine(drive, short(0xf1, Protocol::PioOut), &password(0, "p"));
                fine(drive, short(0xf3, Protocol::NonData), &[]);
                send(drive, short(0xf4, Protocol::PioOut), &password(2, "p")).map(|answer| answer.status == 0x50)
            }
            (_, Any::Sata(unit)) => {
                let command = match self {
                    AtaBlock => plain(0xb4, 0x12, 0, 0x426b_4572),
                    AtaCrypto => plain(0xb4, 0x11, 0, 0x4372_7970),
                    _ => plain(0xb4, 0x14, 1, 0x4f57_0000_0000),
                };
                send(&mut unit.drive, command, &[]).map(|answer| answer.status == 0x50)
            }
            (_, Any::Sas(unit)) => {
                let (action, list): (u8, &[u8]) = match self {
                    SasOverwrite => (0x81, &[1, 0, 0, 1, 0]),
                    SasBlock => (0x82, &[]),
                    _ => (0x83, &[]),
                };
                let cdb = [0x48, action, 0, 0, 0, 0, 0, 0, list.len() as u8, 0];
                scsi(unit.as_mut(), &cdb, list).map(|(status, ..)| status == 0)
            }
            (_, Any::Nvme(drive)) => {
                let word = match self {
                    NvmeOverwrite => 0x213,
                    NvmeCrypto => 0x204,
                    _ => 0x202,
                };
                admin(drive, 0x84, 0, &[(10, word)]).map(|(status, _)| status == 0)
            }
        }
    }
}

impl Any {
    pub fn machine(&mut self) -> &mut dyn Machine {
        match self {
            Any::Sata(unit) => unit.as_mut(),
            Any::Sas(unit) => unit.as_mut(),
            Any::Nvme(drive) => drive.as_mut(),
        }
    }

    pub fn truth(&mut self) -> Truth {
        self.machine().truth()
    }

    pub fn clock(&mut self) -> Clock {
        self.machine().clock()
    }

    pub fn pass(&mut self, milliseconds: u64) {
        self.clock().advance(milliseconds);
    }

    /// Looks at the sanitize's status.
    pub fn look(&mut self) -> Seen {
        match self {
            Any::Sata(unit) => {
                if send(&mut unit.drive, short(0xe5, Protocol::NonData), &[]).is_none() {
                    return Seen::Nothing;
                }
                let Some(answer) = send(&mut unit.drive, plain(0xb4, 0, 0, 0), &[]) else { return Seen::Nothing };
                match (answer.status, answer.count >> 8 & 0xc0) {
                    (0x51, _) => Seen::Failed,
                    (_, 0x40) => Seen::Running,
                    (_, 0x80) => Seen::Success,
                    _ => Seen::Idle,
                }
            }
            Any::Sas(unit) => {
                if !unit.gear.reachable() || scsi(unit.as_mut(), &[3, 0, 0, 0, 18, 0], &[]).is_none() {
                    return Seen::Nothing;
                }
                match request_sense(unit.as_mut()) {
                    (2, 4, 0x1b, Some(_)) => Seen::Running,
                    (3, 0x31, 3, None) => Seen::Failed,
                    _ => Seen::Idle,
                }
            }
            Any::Nvme(drive) => {
                if admin(drive, 0x18, 0, &[]).is_none() || crate::hands::log(drive).is_none() {
                    return Seen::Nothing;
                }
                match sstat(drive).1 & 7 {
                    0 => Seen::Idle,
                    1 => Seen::Success,
                    2 => Seen::Running,
                    3 => Seen::Failed,
                    _ => Seen::Deallocated,
                }
            }
        }
    }

    /// Whether `seen` is how this drive shows a success: SCSI has no word for it.
    pub fn good(&self, seen: Seen) -> bool {
        matches!((self, seen), (Any::Sas(_), Seen::Idle) | (_, Seen::Success))
    }
}

#[test]
fn every_technique_works_where_nothing_is_wrong() {
    for technique in SANITIZES {
        let mut drive = technique.drive();
        assert_eq!(technique.start(&mut drive), Some(true), "{technique:?}");
        assert_eq!(drive.look(), Seen::Running, "{technique:?}");
        drive.pass(technique.seconds() * 1000);
        let seen = drive.look();
        assert!(drive.good(seen), "{technique:?}: {seen:?}");
        assert_eq!(drive.truth().total(), 0, "{technique:?}");
    }
    let mut drive = AtaEnhanced.drive();
    assert_eq!(AtaEnhanced.start(&mut drive), Some(true));
    assert_eq!(drive.truth().total(), 0);
    let Any::Sata(unit) = &mut drive else { panic!() };
    assert_eq!(ata_status(&mut unit.drive).2, 0, "a security erase is no sanitize");
}
