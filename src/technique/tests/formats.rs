//! Format NVM: a command that is answered when it is done.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::bench::{Erased, erased, erased_in};
use crate::device::{NvmeAnswer, Reply, ScsiAnswer, Transport};
use crate::drives::{self, Fault, Refusal};
use crate::media::TechniqueId::{NvmeFormatCrypto, NvmeFormatUser};
use crate::modelled::{Drive, Shared, Time};
use crate::outcome::Ending;
use crate::technique::drive::{Told, run};
use crate::technique::erase;
use crate::wire::{nvme, scsi};

#[test]
fn a_format_is_answered_and_reaches_all_namespaces_where_that_is_allowed() {
    for namespaces in [1, 2] {
        for technique in [NvmeFormatCrypto, NvmeFormatUser] {
            let Erased { run, drive, told, exchanges } = erased(Drive::Nvme(drives::nvme(namespaces)), technique, None);
            assert_eq!((run.ending, run.accepted), (Ending::Answered, true), "{technique:?}");
            assert_eq!(told, [Told::Accepted]);
            let truth = drive.truth();
            assert_eq!(truth.user + truth.others, 0, "{technique:?} {truth:?}");
            assert_eq!(exchanges.len(), 3);
        }
    }
    // The controller allows no broadcast: the own namespace, and that alone.
    let mut nvme = drives::nvme(2);
    nvme.traits.fna = 0x0c;
    let Erased { run, drive, .. } = erased(Drive::Nvme(nvme), NvmeFormatUser, None);
    assert_eq!(run.ending, Ending::Answered);
    assert!(drive.truth().user == 0 && drive.truth().others > 0);
}

#[test]
fn the_format_in_use_is_kept() {
    let mut nvme = drives::nvme(2);
    nvme.namespaces.iter_mut().for_each(|namespace| namespace.shift = 12);
    let Erased { run, drive, .. } = erased(Drive::Nvme(nvme), NvmeFormatUser, None);
    assert_eq!(run.ending, Ending::Answered);
    let Drive::Nvme(nvme) = &*drive.drive() else { panic!("an NVMe drive") };
    assert!(nvme.namespaces.iter().all(|namespace| namespace.shift == 12));
}

#[test]
fn namespaces_of_different_formats_are_not_made_alike() {
    let mut nvme = drives::nvme(2);
    nvme.namespaces[1].shift = 12;
    let Erased { run, drive, .. } = erased(Drive::Nvme(nvme), NvmeFormatUser, None);
    assert!(matches!(&run.ending, Ending::NotSent { detail } if detail.contains("different formats")), "{run:?}");
    assert!(drive.truth().user > 0 && drive.truth().others > 0);
}

#[test]
fn faults_of_a_format_are_told() {
    type Row = (Fault, fn(&Ending) -> bool);
    let rows: &[Row] = &[
        (Fault::Refuses(Refusal::InvalidField), |e| matches!(e, Ending::Rejected { .. })),
        (Fault::Refuses(Refusal::InvalidOpcode), |e| matches!(e, Ending::Rejected { .. })),
        // Internal Error does not say that nothing was changed.
        (Fault::Refuses(Refusal::Abort), |e| matches!(e, Ending::Failed { .. })),
        (Fault::Frozen, |e| matches!(e, Ending::Rejected { .. })),
        (Fault::Locked, |e| matches!(e, Ending::Rejected { .. })),
        (Fault::FailsAt { percent: 40, sectors_remain: false }, |e| matches!(e, Ending::Failed { .. })),
        (Fault::StallsAt { percent: 40, seconds: None }, |e| matches!(e, Ending::Unknown { .. })),
        (Fault::StallsAt { percent: 40, seconds: Some(60) }, |e| *e == Ending::Answered),
        (Fault::PowerCutAt { percent: 50 }, |e| matches!(e, Ending::Unknown { .. })),
        (Fault::CutAtCommand { taken: false }, |e| matches!(e, Ending::Unknown { .. })),
        (Fault::CutAtCommand { taken: true }, |e| matches!(e, Ending::Unknown { .. })),
        // The kernel gives the command up; the drive may go on.
        (Fault::ResetAt { percent: 50 }, |e| matches!(e, Ending::Unknown { .. })),
    ];
    for technique in [NvmeFormatCrypto, NvmeFormatUser] {
        for (fault, told) in rows {
            let Erased { run, drive, .. } = erased(Drive::Nvme(drives::nvme(1)), technique, Some(fault.clone()));
            assert!(told(&run.ending), "{technique:?} {fault:?}: {run:?}");
            if matches!(run.ending, Ending::Rejected { .. }) {
                assert_eq!(drive.truth(), Shared::new(Drive::Nvme(drives::nvme(1))).truth(), "{fault:?}");
            }
        }
    }
}

#[test]
fn power_lost_in_the_middle_is_never_a_success_in_the_next_session_either() {
    for technique in [NvmeFormatCrypto, NvmeFormatUser] {
        for percent in (0..100).step_by(5) {
            let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
            drive.inject(Fault::PowerCutAt { percent });
            let mut time = Time::new(&drive);
            time.mended_after = Some(Duration::from_secs(5));
            let run = erased_in(drive, technique, time).run;
            assert!(matches!(run.ending, Ending::Unknown { .. }), "{technique:?} {percent}: {run:?}");
        }
    }
}

/// A device whose Identify Namespace says how much of a format is left, and whose format is held up until somebody lets it go.
struct HeldUp {
    drive: Shared,
    left: u8,
    go: Option<Receiver<()>>,
    /// What its format changes besides the data.
    shift: Option<u32>,
    /// What comes back in place of the answer to the format, which is not carried out.
    instead: Option<Reply<NvmeAnswer>>,
}

impl Transport for HeldUp {
    fn scsi(&mut self, command: &scsi::Command, patience: Duration) -> Reply<ScsiAnswer> {
        self.drive.scsi(command, patience)
    }

    fn nvme(&mut self, command: &nvme::Admin, patience: Duration) -> Reply<NvmeAnswer> {
        if command.opcode() == 0x80
            && let Some(go) = &self.go
        {
            go.recv().unwrap();
        }
        if let (0x80, Some(instead)) = (command.opcode(), self.instead.take()) {
            return instead;
        }
        let mut reply = self.drive.nvme(command, patience);
        if let (0x06, Reply::Answer(answer)) = (command.opcode(), &mut reply) {
            answer.data[32] = 0x80 | self.left;
        }
        if let (0x80, Some(shift), Drive::Nvme(nvme)) = (command.opcode(), self.shift, &mut *self.drive.drive()) {
            nvme.namespaces[0].shift = shift;
        }
        reply
    }
}

fn held_up(drive: &Shared, left: u8) -> HeldUp {
    HeldUp { drive: drive.clone(), left, go: None, shift: None, instead: None }
}

#[test]
fn while_it_is_out_the_namespace_tells_how_far_it_is() {
    let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
    let (go, wait) = channel();
    let spare = HeldUp { go: Some(wait), ..held_up(&drive, 0) };
    let mut erase = erase(NvmeFormatUser, &drive.medium(), Some(Box::new(spare))).unwrap();
    let mut road = held_up(&drive, 0);
    assert!(matches!(erase.before(&mut road), Reply::Answer(_)));
    assert_eq!(erase.start(&mut road), crate::technique::drive::Start::Sent);
    assert!(!erase.names_the_command());
    road.left = 75;
    let look = erase.look(&mut road);
    assert_eq!(look, Reply::Answer(crate::technique::watch::Look::Running { progress: Some(16383) }));
    assert!(erase.names_the_command(), "it says so, and did not before");
    go.send(()).unwrap();
    road.left = 0;
    while let Reply::Answer(crate::technique::watch::Look::Running { .. }) = erase.look(&mut road) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(erase.look(&mut road), Reply::Answer(crate::technique::watch::Look::Answered));
    assert_eq!(drive.truth().user, 0);
    assert!(erase.exchanges()[1].answer.contains("Successful Completion"), "{:?}", erase.exchanges());
}

#[test]
fn one_that_is_formatted_already_is_sent_nothing() {
    let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
    let mut erase = erase(NvmeFormatUser, &drive.medium(), Some(Box::new(drive.clone()))).unwrap();
    let mut told = Vec::new();
    let run = run(&mut *erase, &mut held_up(&drive, 30), None, &mut Time::new(&drive), &mut |t| told.push(t));
    assert!(matches!(&run.ending, Ending::NotSent { detail } if detail.contains("formatted already")), "{run:?}");
    assert!(drive.truth().user > 0 && told.is_empty());
}

#[test]
fn a_format_that_changed_the_format_has_failed() {
    let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
    let spare = HeldUp { shift: Some(12), ..held_up(&drive, 0) };
    let mut erase = erase(NvmeFormatUser, &drive.medium(), Some(Box::new(spare))).unwrap();
    let run = run(&mut *erase, &mut drive.clone(), None, &mut Time::new(&drive), &mut |_| ());
    assert!(
        matches!(&run.ending, Ending::Failed { detail } if detail.contains("was changed by the format")),
        "{run:?}"
    );
}

#[test]
fn without_a_second_way_to_the_device_there_is_no_format() {
    let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
    assert!(erase(NvmeFormatUser, &drive.medium(), None).is_none());
}

#[test]
fn a_status_that_is_not_the_controllers_end_of_the_command_leaves_its_end_open() {
    // Commands Aborted due to Power Loss Notification, Command Abort Requested, Host Pathing Error, Command Aborted By Host; Internal Error
    // is an end.
    for (status, is_open) in [(0x005, true), (0x007, true), (0x370, true), (0x371, true), (0x006, false)] {
        let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
        let answer = NvmeAnswer { status: nvme::Status::new(status), dword0: 0, data: Vec::new() };
        let spare = HeldUp { instead: Some(Reply::Answer(answer)), ..held_up(&drive, 0) };
        let mut erase = erase(NvmeFormatUser, &drive.medium(), Some(Box::new(spare))).unwrap();
        let run = run(&mut *erase, &mut drive.clone(), None, &mut Time::new(&drive), &mut |_| ());
        assert_eq!(matches!(run.ending, Ending::Unknown { .. }), is_open, "{status:03X}: {run:?}");
        assert_eq!(matches!(run.ending, Ending::Failed { .. }), !is_open, "{status:03X}: {run:?}");
    }
}

#[test]
fn a_format_that_turns_out_late_never_to_have_been_sent_is_called_that() {
    let drive = Shared::new(Drive::Nvme(drives::nvme(1)));
    let (go, wait) = channel();
    let instead = Some(Reply::NotSent { detail: "the controller is reconnecting".into() });
    let spare = HeldUp { go: Some(wait), instead, ..held_up(&drive, 0) };
    let mut erase = erase(NvmeFormatUser, &drive.medium(), Some(Box::new(spare))).unwrap();
    let mut road = held_up(&drive, 0);
    assert!(matches!(erase.before(&mut road), Reply::Answer(_)));
    assert_eq!(erase.start(&mut road), crate::technique::drive::Start::Sent);
    go.send(()).unwrap();
    let found = loop {
        match erase.look(&mut road) {
            Reply::Answer(crate::technique::watch::Look::Running { .. }) => {
                std::thread::sleep(Duration::from_millis(5));
            }
            found => break found,
        }
    };
    let detail = "the controller is reconnecting".to_string();
    assert_eq!(found, Reply::Answer(crate::technique::watch::Look::NotSent { detail }));
}
