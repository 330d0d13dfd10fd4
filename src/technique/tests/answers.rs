//! What the drive answers to the command that starts an erase, and to the looks after it: every answer that there can be.

use std::time::Duration;

use crate::device::{NvmeAnswer, Reply, ScsiAnswer, Transport};
use crate::drives;
use crate::media::TechniqueId::{self, *};
use crate::modelled::{Drive, Shared, Time};
use crate::outcome::Ending;
use crate::technique::drive::{Pace, run};
use crate::technique::erase;
use crate::wire::{nvme, scsi};

/// A status, with sense data.
type Scsi = (u8, Vec<u8>);

/// A road on which answers are replaced: the one to the erase, and the ones to the looks after it, counted from 0.
struct Road {
    drive: Shared,
    /// The drive gets the erase all the same.
    passed_on: bool,
    to_scsi: Option<Scsi>,
    to_nvme: Option<u16>,
    looks: fn(u32) -> Option<Scsi>,
    nvme_looks: fn(u32) -> Option<u16>,
    looked: Option<u32>,
}

impl Road {
    fn new(drive: Drive) -> Self {
        let drive = Shared::new(drive);
        Road {
            drive,
            passed_on: false,
            to_scsi: None,
            to_nvme: None,
            looks: |_| None,
            nvme_looks: |_| None,
            looked: None,
        }
    }

    /// The number of this look, if it is one after the erase.
    fn look(&mut self) -> Option<u32> {
        let number = self.looked?;
        self.looked = Some(number + 1);
        Some(number)
    }

    fn ending(mut self, technique: TechniqueId) -> (Ending, Shared, Duration) {
        let drive = self.drive.clone();
        let mut erase = erase(technique, &drive.medium(), Some(Box::new(drive.clone()))).unwrap();
        let mut time = Time::new(&drive);
        let ending = run(&mut *erase, &mut self, None, &mut time, &mut |_| ()).ending;
        (ending, drive, time.now())
    }
}

/// SANITIZE, or SANITIZE DEVICE with a feature other than status, in ATA PASS-THROUGH (16).
fn is_erase(cdb: &[u8]) -> bool {
    match cdb[0] {
        0x48 => true,
        0x85 => cdb[14] == 0xB4 && cdb[4] != 0,
        _ => false,
    }
}

fn is_look(cdb: &[u8]) -> bool {
    cdb[0] == 0x03 || cdb[0] == 0x85 && cdb[14] == 0xB4 && cdb[4] == 0
}

impl Transport for Road {
    fn scsi(&mut self, command: &scsi::Command, patience: Duration) -> Reply<ScsiAnswer> {
        let answer = |(status, sense): Scsi| {
            // REQUEST SENSE brings it as data.
            let (sense, data) = if status == 0 { (Vec::new(), sense) } else { (sense, Vec::new()) };
            Reply::Answer(ScsiAnswer { status, sense, data })
        };
        if is_erase(command.cdb()) {
            self.looked = Some(0);
            if let Some(instead) = self.to_scsi.clone() {
                if self.passed_on {
                    self.drive.scsi(command, patience);
                }
                return answer(instead);
            }
        } else if is_look(command.cdb())
            && let Some(instead) = self.look().and_then(self.looks)
        {
            return answer(instead);
        }
        self.drive.scsi(command, patience)
    }

    fn nvme(&mut self, command: &nvme::Admin, patience: Duration) -> Reply<NvmeAnswer> {
        let answer =
            |status| Reply::Answer(NvmeAnswer { status: nvme::Status::new(status), dword0: 0, data: Vec::new() });
        if command.opcode() == 0x84 {
            self.looked = Some(0);
            if let Some(instead) = self.to_nvme {
                if self.passed_on {
                    self.drive.nvme(command, patience);
                }
                return answer(instead);
            }
        } else if let Some(instead) = self.look().and_then(self.nvme_looks) {
            return answer(instead);
        }
        self.drive.nvme(command, patience)
    }
}

/// Fixed-format sense.
fn sense(key: u8, asc: u8, ascq: u8) -> Vec<u8> {
    vec![0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0]
}

/// ABORTED COMMAND with registers: ERR and ABRT, and `reason` in LBA (7:0).
fn aborted(reason: u8) -> Vec<u8> {
    let head = [0x72, 0x0B, 0, 0, 0, 0, 0, 14];
    let registers = [9, 12, 1, 0x04, 0, 0, 0, reason, 0, 0, 0, 0, 0x40, 0x51];
    [&head[..], &registers].concat()
}

fn sas() -> Drive {
    Drive::Sas(drives::sas_ssd())
}

fn sata() -> Drive {
    Drive::Sata(drives::sata_ssd())
}

fn nvme() -> Drive {
    Drive::Nvme(drives::nvme(1))
}

#[test]
fn only_a_scsi_answer_that_says_so_means_that_nothing_was_begun() {
    let rejected: &[Scsi] = &[
        (0x02, sense(0x2, 0x04, 0x02)),
        (0x02, sense(0x5, 0x20, 0x00)),
        (0x02, sense(0x5, 0x24, 0x00)),
        (0x02, sense(0x6, 0x29, 0x00)),
        (0x02, sense(0x7, 0x27, 0x00)),
        (0x08, Vec::new()),
        (0x18, Vec::new()),
        (0x28, Vec::new()),
    ];
    let mut deferred = sense(0x5, 0x24, 0x00);
    deferred[0] = 0x71;
    let unclear: &[Scsi] = &[
        (0x02, sense(0x0, 0x00, 0x00)),
        (0x02, sense(0x3, 0x31, 0x00)),
        (0x02, sense(0x4, 0x44, 0x00)),
        (0x02, sense(0xB, 0x00, 0x00)),
        (0x02, sense(0x9, 0x80, 0x01)),
        (0x02, Vec::new()),
        (0x02, deferred),
        (0x30, Vec::new()),
        (0x40, Vec::new()),
    ];
    for (answers, is_rejected) in [(rejected, true), (unclear, false)] {
        for answer in answers {
            for passed_on in [false, true] {
                let road = Road { to_scsi: Some(answer.clone()), passed_on, ..Road::new(sas()) };
                let (ending, drive, _) = road.ending(ScsiSanitizeBlock);
                let fits = match &ending {
                    Ending::Rejected { detail } => is_rejected && !detail.is_empty(),
                    Ending::Unclear { detail } => !is_rejected && !detail.is_empty(),
                    _ => false,
                };
                assert!(fits, "{answer:02X?}: {ending:?}");
                // One that may run is watched to its end, though nothing says that it is ours.
                assert_eq!(drive.truth().total() == 0, passed_on && !is_rejected, "{answer:02X?}");
            }
        }
    }
}

#[test]
fn a_recovered_error_is_an_acceptance() {
    let road = Road { to_scsi: Some((0x02, sense(0x1, 0x5D, 0x00))), passed_on: true, ..Road::new(sas()) };
    let (ending, drive, _) = road.ending(ScsiSanitizeBlock);
    assert_eq!((ending, drive.truth().total()), (Ending::Succeeded, 0));
}

#[test]
fn only_an_ata_abort_with_its_reason_means_that_nothing_was_begun() {
    let ending = |answer: Scsi, passed_on| {
        Road { to_scsi: Some(answer), passed_on, ..Road::new(sata()) }.ending(AtaSanitizeBlock).0
    };
    assert_eq!(ending((0x02, aborted(3)), false), Ending::Frozen);
    for answer in [(0x02, aborted(2)), (0x02, aborted(4)), (0x02, sense(0x6, 0x29, 0x00)), (0x08, Vec::new())] {
        assert!(matches!(ending(answer.clone(), false), Ending::Rejected { .. }), "{answer:02X?}");
    }
    // No reason, sectors that remain, one that there is not; and no registers at all.
    for answer in [aborted(0), aborted(1), aborted(9), sense(0xB, 0, 0), sense(0x5, 0x24, 0), Vec::new()] {
        for passed_on in [false, true] {
            let ending = ending((0x02, answer.clone()), passed_on);
            assert!(matches!(ending, Ending::Unclear { .. }), "{answer:02X?}: {ending:?}");
        }
    }
}

#[test]
fn only_an_nvme_status_that_says_so_means_that_nothing_was_begun() {
    for status in [0x001, 0x002, 0x00C, 0x015, 0x01C, 0x01D, 0x020, 0x023, 0x10B, 0x110, 0x11D, 0x123, 0x4002] {
        let (ending, ..) = Road { to_nvme: Some(status), ..Road::new(nvme()) }.ending(NvmeSanitizeBlock);
        assert!(matches!(ending, Ending::Rejected { .. }), "{status:03X}: {ending:?}");
    }
    for status in [0x003, 0x004, 0x005, 0x006, 0x007, 0x008, 0x021, 0x022, 0x024, 0x082, 0x102, 0x2FF, 0x371, 0x4006] {
        let (ending, ..) = Road { to_nvme: Some(status), ..Road::new(nvme()) }.ending(NvmeSanitizeBlock);
        assert!(matches!(ending, Ending::Unclear { .. }), "{status:03X}: {ending:?}");
        // It began all the same, and the log names it.
        let road = Road { to_nvme: Some(status), passed_on: true, ..Road::new(nvme()) };
        let (ending, drive, _) = road.ending(NvmeSanitizeBlock);
        assert_eq!((ending, drive.truth().total()), (Ending::Succeeded, 0), "{status:03X}");
    }
}

/// How an erase ends that the unit takes, and of which it then tells what `looks` says, or the truth.
fn looked_at(looks: fn(u32) -> Option<Scsi>) -> (Ending, Duration) {
    let (ending, _, at) = Road { looks, ..Road::new(sas()) }.ending(ScsiSanitizeBlock);
    (ending, at)
}

#[test]
fn what_request_sense_tells_of_something_else_is_no_success() {
    const OTHERS: &[fn(u32) -> Option<Scsi>] = &[
        |_| Some((0x00, sense(0x0, 0x00, 0x1E))),
        |_| Some((0x00, sense(0x0, 0x00, 0x1D))),
        |_| Some((0x00, sense(0x0, 0x04, 0x04))),
        |_| Some((0x00, sense(0x0, 0x00, 0x00)[..8].to_vec())),
        |_| Some((0x00, sense(0x2, 0x04, 0x01))),
        |_| Some((0x02, sense(0x5, 0x25, 0x00))),
        |_| Some((0x02, sense(0x0, 0x00, 0x00))),
        |_| Some((0x08, Vec::new())),
        // It was seen running, and then nothing that has to do with it is told.
        |n| (n > 3).then(|| (0x00, sense(0x0, 0x00, 0x1E))),
    ];
    for (number, looks) in OTHERS.iter().enumerate() {
        let (ending, at) = looked_at(*looks);
        assert!(matches!(ending, Ending::Unknown { .. }), "{number}: {ending:?}");
        let bound = (Duration::from_secs(120), Duration::from_secs(150));
        assert!(at >= bound.0 && at < bound.1, "{number}: {at:?}");
    }
    // An error that is told once, after it was seen running: of that there is no success.
    const ERRORS: &[fn(u32) -> Option<Scsi>] = &[
        |n| (n == 5).then(|| (0x00, sense(0x4, 0x44, 0x00))),
        |n| (n == 5).then(|| (0x00, sense(0x3, 0x0C, 0x00))),
        |n| (n == 5).then(|| (0x00, sense(0xB, 0x00, 0x00))),
        |n| {
            let mut deferred = sense(0x4, 0x44, 0x00);
            deferred[0] |= 1;
            (n == 5).then_some((0x00, deferred))
        },
    ];
    for (number, looks) in ERRORS.iter().enumerate() {
        let (ending, _) = looked_at(*looks);
        assert!(matches!(&ending, Ending::Failed { detail } if detail.contains("nor ended")), "{number}: {ending:?}");
    }
    // It was away, and nothing shows it running since.
    let (ending, _) = looked_at(|n| match n {
        ..4 => None,
        4 | 5 => Some((0x00, sense(0x2, 0x04, 0x01))),
        _ => Some((0x00, sense(0x0, 0x00, 0x00))),
    });
    assert!(matches!(&ending, Ending::BrokenChain { .. }), "{ending:?}");
    // One that passes does no harm.
    assert_eq!(looked_at(|n| (n < 5).then(|| (0x00, sense(0x2, 0x04, 0x01)))).0, Ending::Succeeded);
    assert_eq!(looked_at(|n| (n == 6).then(|| (0x02, sense(0x5, 0x25, 0x00)))).0, Ending::Succeeded);
}

#[test]
fn a_warning_that_a_unit_repeats_on_every_request_is_no_word_on_the_erase() {
    // The model takes 120 s; from the nineteenth look on it is done.
    assert_eq!(looked_at(|n| (n >= 18).then(|| (0x00, sense(0x0, 0x5D, 0x10)))).0, Ending::Succeeded);
    assert_eq!(looked_at(|n| (n >= 18).then(|| (0x00, sense(0x0, 0x0B, 0x01)))).0, Ending::Succeeded);
    // Idle by its timer.
    assert_eq!(looked_at(|n| (n >= 18).then(|| (0x00, sense(0x0, 0x5E, 0x03)))).0, Ending::Succeeded);
    assert_eq!(looked_at(|_| Some((0x00, sense(0x0, 0x5D, 0x10)))).0, Ending::Stale, "never seen running");
}

#[test]
fn a_status_command_that_is_refused_is_no_failure_of_the_erase() {
    for reason in [2, 3, 4] {
        let looks: fn(u32) -> Option<Scsi> = match reason {
            2 => |n| (n == 4).then(|| (0x02, aborted(2))),
            3 => |n| (n == 4).then(|| (0x02, aborted(3))),
            _ => |n| (n == 4).then(|| (0x02, aborted(4))),
        };
        let (ending, ..) = Road { looks, ..Road::new(sata()) }.ending(AtaSanitizeBlock);
        assert_eq!(ending, Ending::Succeeded, "{reason}");
    }
    let (ending, ..) =
        Road { looks: |n| (n > 4).then(|| (0x02, aborted(2))), ..Road::new(sata()) }.ending(AtaSanitizeBlock);
    assert!(matches!(&ending, Ending::Unknown { detail } if detail.contains("SANITIZE STATUS EXT")), "{ending:?}");
    let (ending, ..) =
        Road { looks: |n| (n == 4).then(|| (0x02, aborted(1))), ..Road::new(sata()) }.ending(AtaSanitizeBlock);
    assert!(matches!(&ending, Ending::Failed { detail } if detail.contains("sectors remain")), "{ending:?}");
}

#[test]
fn a_log_page_that_is_not_shown_is_no_failure_of_the_erase() {
    let road = Road { nvme_looks: |n| (3..6).contains(&n).then_some(0x006), ..Road::new(nvme()) };
    assert_eq!(road.ending(NvmeSanitizeBlock).0, Ending::Succeeded);
    let road = Road { nvme_looks: |n| (n > 3).then_some(0x006), ..Road::new(nvme()) };
    let (ending, _, at) = road.ending(NvmeSanitizeBlock);
    assert!(matches!(&ending, Ending::Unknown { detail } if detail.contains("Internal Error")), "{ending:?}");
    assert!(at < Duration::from_secs(150), "{at:?}");
}
