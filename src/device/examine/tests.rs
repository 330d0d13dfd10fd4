//! What the drive models say of themselves, and what is made of answers that are none.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::time::Duration;

use proptest::prelude::*;

use super::examine;
use crate::device::{NvmeAnswer, Reply, ScsiAnswer, Transport};
use crate::drives::{self, Fault, HostileIdentify, SenseLayout};
use crate::media::{
    Bus, Capabilities, CommandSet, HiddenArea, Layer, Medium, Node, SanitizeState, Support, TechniqueId, testing,
};
use crate::modelled::{Drive, Shared};
use crate::technique::erase;
use crate::wire::{nvme, scsi};

fn hdd() -> Drive {
    Drive::Sata(drives::sata_hdd())
}

fn ssd() -> Drive {
    Drive::Sata(drives::sata_ssd())
}

fn sas() -> Drive {
    Drive::Sas(drives::sas_ssd())
}

fn controller() -> Drive {
    Drive::Nvme(drives::nvme(1))
}

type Model = (&'static str, fn() -> Drive);

const ALL: [Model; 6] = [
    ("SATA HDD", hdd),
    ("SATA SSD", ssd),
    ("SAS HDD", || Drive::Sas(drives::sas_hdd())),
    ("SAS SSD", sas),
    ("NVMe", controller),
    ("NVMe, two namespaces", || Drive::Nvme(drives::nvme(2))),
];

/// The medium as the kernel shows it, before anything is asked.
fn shown(drive: &Shared, unit: usize) -> Medium {
    Medium { capabilities: None, ..drive.unit(unit).medium() }
}

fn asked(drive: &Shared) -> Capabilities {
    examine(&mut drive.clone(), &shown(drive, 0)).unwrap()
}

fn with(make: fn() -> Drive, fault: Fault) -> Capabilities {
    let drive = Shared::new(make());
    let medium = shown(&drive, 0);
    drive.inject(fault);
    examine(&mut drive.clone(), &medium).unwrap()
}

fn about(found: &Capabilities, what: &str) -> bool {
    found.unanswered.iter().any(|line| line.contains(what))
}

/// Begins an erase that takes minutes, and lets it run for a second.
fn begun(make: fn() -> Drive, technique: TechniqueId, fault: Option<Fault>, seconds: u64) -> Capabilities {
    let drive = Shared::new(make());
    let medium = shown(&drive, 0);
    fault.into_iter().for_each(|fault| drive.inject(fault));
    let mut erase = erase(technique, &drive.medium(), None).unwrap();
    let _ = erase.start(&mut drive.clone());
    drive.clock().advance(seconds * 1000);
    examine(&mut drive.clone(), &medium).unwrap()
}

#[test]
fn every_model_tells_what_its_traits_say() {
    for (name, make) in ALL {
        let drive = Shared::new(make());
        let units = drive.drive().units();
        for unit in 0..units {
            // Put together from the traits by another hand.
            let expected = drive.unit(unit).medium().capabilities.unwrap();
            let found = examine(&mut drive.unit(unit), &shown(&drive, unit)).unwrap();
            let support = |c: &Capabilities| (c.sanitize.block, c.sanitize.crypto, c.sanitize.overwrite);
            assert_eq!(support(&found), support(&expected), "{name}");
            assert_eq!((found.command_set, found.translated), (expected.command_set, false), "{name}");
            assert_eq!(found.hidden_areas, expected.hidden_areas, "{name}");
            assert_eq!(found.encrypts_always, expected.encrypts_always, "{name}");
            assert_eq!((found.format, &found.namespaces), (expected.format, &expected.namespaces), "{name}");
            assert_eq!(found.logical_units, expected.logical_units, "{name}");
            assert_eq!(found.sanitize.now, SanitizeState::Idle, "{name}: {:?}", found.unanswered);
            assert_eq!(found.unanswered, Vec::<String>::new(), "{name}");
            assert_eq!(found.health.failing, Some(false), "{name}");
            assert!(found.health.power_on_hours.is_some(), "{name}");
        }
    }
}

#[test]
fn single_answers_are_read() {
    let found = asked(&Shared::new(hdd()));
    assert_eq!((found.trim.as_str(), found.health.reallocated), ("none", Some(32)));
    let security = found.security.unwrap();
    assert!(security.supported && security.enhanced_erase && !security.locked && !security.frozen);
    assert_eq!((security.normal_minutes, security.enhanced_minutes), (Some(10), Some(12)));
    let found = asked(&Shared::new(ssd()));
    assert_eq!((found.trim.as_str(), found.encrypts_always), ("zeros", Support::Yes));
    assert_eq!(asked(&Shared::new(sas())).trim, "zeros");
    let found = asked(&Shared::new(controller()));
    let sanitize = &found.sanitize;
    let seconds = [sanitize.crypto_seconds, sanitize.block_seconds, sanitize.overwrite_seconds];
    // The standard's estimate for an overwrite is for sixteen passes.
    assert_eq!((seconds, sanitize.always_deallocates), ([Some(2), Some(30), Some(320)], false));
    assert_eq!((found.health.spare_percent, found.health.media_errors), (Some(100), Some(32)));
    let mut inhibited = drives::nvme(1);
    inhibited.traits.sanicap |= 1 << 29;
    assert!(asked(&Shared::new(Drive::Nvme(inhibited))).sanitize.always_deallocates);
    let mut thirsty = drives::sas_ssd();
    (thirsty.traits.write_after_block, thirsty.traits.write_after_crypto) = (3, 1);
    let found = asked(&Shared::new(Drive::Sas(thirsty))).sanitize;
    assert!(found.write_after_block && !found.write_after_crypto);
}

#[test]
fn hidden_areas_are_measured() {
    let sectors = 16384;
    let areas = |hide: fn(&mut Drive)| {
        let drive = Shared::new(hdd());
        hide(&mut drive.drive());
        asked(&drive).hidden_areas
    };
    let hidden = |blocks: u64| HiddenArea::Present { bytes: (sectors - blocks) * 512 };
    let found = areas(|drive| {
        let Drive::Sata(sata) = drive else { unreachable!() };
        sata.drive.capacity.hide_with_hpa(16000);
    });
    assert_eq!((found.host_protected_area, found.device_configuration_overlay), (hidden(16000), HiddenArea::Absent));
    assert_eq!(found.accessible_max_address, HiddenArea::NotApplicable);
    let found = areas(|drive| {
        let Drive::Sata(sata) = drive else { unreachable!() };
        sata.drive.capacity.hide_with_dco(15000);
    });
    assert_eq!((found.host_protected_area, found.device_configuration_overlay), (HiddenArea::Absent, hidden(15000)));
    assert_eq!(found.hidden_bytes(), (sectors - 15000) * 512);
    let drive = Shared::new(ssd());
    if let Drive::Sata(sata) = &mut *drive.drive() {
        sata.drive.capacity.hide_with_ama(16383);
    }
    assert_eq!(asked(&drive).hidden_areas.accessible_max_address, HiddenArea::Present { bytes: 512 });
}

#[test]
fn hidden_areas_that_the_drive_does_not_tell_are_unreachable_not_absent() {
    let found = with(hdd, Fault::HiddenUnreachable);
    let areas = found.hidden_areas;
    assert_eq!(areas.host_protected_area, HiddenArea::Unreachable);
    assert_eq!(areas.device_configuration_overlay, HiddenArea::Unreachable);
    assert!(!areas.nothing_hidden() && about(&found, "host protected area"));
    assert_eq!(with(ssd, Fault::HiddenUnreachable).hidden_areas.accessible_max_address, HiddenArea::Unreachable);
}

#[test]
fn registers_that_get_lost_leave_things_unknown() {
    for layout in [SenseLayout::FixedBare, SenseLayout::Nothing] {
        let found = with(hdd, Fault::Sense(layout));
        assert_eq!(found.sanitize.now, SanitizeState::Unknown, "{layout:?}");
        assert_eq!(found.hidden_areas.host_protected_area, HiddenArea::Unknown, "{layout:?}");
        assert_eq!(found.health.failing, None, "{layout:?}");
        assert_eq!(found.sanitize.overwrite, Support::Yes, "{layout:?}: IDENTIFY DEVICE needs no registers");
        assert!(about(&found, "SANITIZE STATUS EXT") && about(&found, "host protected area"), "{layout:?}");
    }
}

#[test]
fn a_drive_that_lies_about_itself_is_not_believed() {
    use HostileIdentify::{AbsurdCapacity, AllOnes, AllZeros, BadChecksum};
    for (make, hostile) in [
        (hdd as fn() -> Drive, AllOnes),
        (hdd, AllZeros),
        (hdd, BadChecksum),
        (hdd, AbsurdCapacity),
        (sas, AllOnes),
        (controller, AllOnes),
        (controller, AllZeros),
    ] {
        let found = with(make, Fault::Identify(hostile));
        assert_eq!(found.sanitize.block, Support::Unknown, "{hostile:?}");
        assert_eq!(found.sanitize.now, SanitizeState::Unknown, "{hostile:?}");
        assert!(!found.unanswered.is_empty(), "{hostile:?}");
    }
    let found = with(controller, Fault::Identify(AbsurdCapacity));
    assert_eq!(found.namespaces, None);
    assert!(about(&found, "which namespace"), "{:?}", found.unanswered);
}

#[test]
fn the_answer_of_another_drive_is_not_this_ones() {
    for make in [hdd as fn() -> Drive, controller] {
        let drive = Shared::new(make());
        for change in [
            (|medium: &mut Medium| medium.identity.serial.as_mut().unwrap().value = "ANOTHER-1".into())
                as fn(&mut Medium),
            |medium| medium.identity.model = Some("ANOTHER MODEL".into()),
        ] {
            let mut medium = shown(&drive, 0);
            change(&mut medium);
            let found = examine(&mut drive.clone(), &medium).unwrap();
            assert_eq!(found.sanitize.overwrite, Support::Unknown);
            assert!(about(&found, "it names the"), "{:?}", found.unanswered);
        }
    }
}

#[test]
fn a_drive_behind_an_adapter_that_translates_tells_that_it_erases() {
    let drive = Shared::new(hdd());
    let medium = Medium { bus: Bus::Scsi, ..shown(&drive, 0) };
    let mut erase = erase(TechniqueId::AtaSanitizeOverwrite, &drive.medium(), None).unwrap();
    let _ = erase.start(&mut drive.clone());
    let found = examine(&mut drive.clone(), &medium).unwrap();
    assert!(matches!(found.sanitize.now, SanitizeState::Running { .. }), "{found:?}");
}

#[test]
fn frozen_locked_running_and_failed_are_told_apart() {
    use TechniqueId::*;
    let found = with(ssd, Fault::Frozen);
    assert_eq!(found.sanitize.now, SanitizeState::Frozen);
    assert!(found.security.unwrap().frozen);
    assert!(with(ssd, Fault::Locked).security.unwrap().locked);
    let fails = Fault::FailsAt { percent: 10, sectors_remain: true };
    for (make, technique) in [
        (ssd as fn() -> Drive, AtaSanitizeOverwrite),
        (hdd, AtaSanitizeOverwrite),
        (sas, ScsiSanitizeBlock),
        (controller, NvmeSanitizeBlock),
    ] {
        let found = begun(make, technique, None, 5);
        assert!(matches!(found.sanitize.now, SanitizeState::Running { progress: Some(p) } if p > 0), "{found:?}");
        let found = begun(make, technique, Some(fails.clone()), 3600);
        assert!(matches!(found.sanitize.now, SanitizeState::Failed { .. }), "{technique:?} {found:?}");
        let found = begun(make, technique, None, 36000);
        let succeeded = if technique == ScsiSanitizeBlock { SanitizeState::Idle } else { SanitizeState::Succeeded };
        assert_eq!(found.sanitize.now, succeeded, "{technique:?}");
    }
}

#[test]
fn behind_a_bridge_the_drive_is_asked_by_ata_and_a_stick_is_spared() {
    let drive = Shared::new(ssd());
    let mut medium = Medium { bus: Bus::Usb, removable: false, ..shown(&drive, 0) };
    let found = examine(&mut drive.clone(), &medium).unwrap();
    assert!(found.translated && found.command_set == CommandSet::Ata && found.sanitize.block == Support::Yes);
    medium.removable = true;
    let mut counted = Counting { inner: drive.clone(), commands: Vec::new(), lost_after: usize::MAX };
    let found = examine(&mut counted, &medium).unwrap();
    assert_eq!((counted.commands, found.sanitize.block), (vec!["INQUIRY".to_string()], Support::Unknown));
    assert!(about(&found, "removable") && !found.hidden_areas.nothing_hidden());
    // Behind a SAS adapter it is an ATA drive as well.
    medium.bus = Bus::Scsi;
    assert!(examine(&mut drive.clone(), &medium).unwrap().translated);
    let bridge = Shared::new(sas());
    let medium = Medium { bus: Bus::Usb, removable: false, ..shown(&bridge, 0) };
    let found = examine(&mut bridge.clone(), &medium).unwrap();
    assert_eq!((found.command_set, found.sanitize.block), (CommandSet::Scsi, Support::Yes));
    assert!(!found.hidden_areas.nothing_hidden(), "what is behind the bridge is not known");
}

#[test]
fn what_is_no_drive_is_not_asked() {
    let drive = Shared::new(hdd());
    let whole = shown(&drive, 0);
    let layer = Layer { kind: "device-mapper".into(), detail: "linear".into() };
    for medium in [
        Medium { node: Node::Partition, ..whole.clone() },
        Medium { layers: vec![layer], ..whole.clone() },
        Medium { bus: Bus::Virtio, ..whole.clone() },
        Medium { bus: Bus::Loop, ..testing::medium(1 << 20) },
    ] {
        let mut counted = Counting { inner: drive.clone(), commands: Vec::new(), lost_after: usize::MAX };
        assert_eq!(examine(&mut counted, &medium), None);
        assert!(counted.commands.is_empty());
    }
}

/// Passes commands on, until the connection is lost.
struct Counting {
    inner: Shared,
    commands: Vec<String>,
    lost_after: usize,
}

impl Counting {
    fn lost<T>(&mut self, name: &str) -> Option<Reply<T>> {
        self.commands.push(name.into());
        (self.commands.len() > self.lost_after).then(|| Reply::Unknown { detail: "cut".into() })
    }
}

impl Transport for Counting {
    fn scsi(&mut self, command: &scsi::Command, patience: Duration) -> Reply<ScsiAnswer> {
        assert!(patience <= Duration::from_secs(15));
        self.lost(command.name()).unwrap_or_else(|| self.inner.scsi(command, patience))
    }

    fn nvme(&mut self, command: &nvme::Admin, patience: Duration) -> Reply<NvmeAnswer> {
        assert!(patience <= Duration::from_secs(15));
        self.lost(command.name()).unwrap_or_else(|| self.inner.nvme(command, patience))
    }
}

#[test]
fn after_a_lost_connection_nothing_more_is_asked_and_nothing_is_made_up() {
    for (name, make) in ALL {
        for lost_after in 0..20 {
            let drive = Shared::new(make());
            let whole = asked(&drive);
            let mut cut = Counting { inner: drive.clone(), commands: Vec::new(), lost_after };
            let found = examine(&mut cut, &shown(&drive, 0)).unwrap();
            assert!(cut.commands.len() <= lost_after + 1, "{name}: {:?}", cut.commands);
            if cut.commands.len() > lost_after {
                // The first page of health is asked for without a line: the next one stands for it.
                assert!(!found.unanswered.is_empty(), "{name}, {lost_after}");
            }
            for (told, truth) in [
                (found.sanitize.block, whole.sanitize.block),
                (found.sanitize.crypto, whole.sanitize.crypto),
                (found.sanitize.overwrite, whole.sanitize.overwrite),
                (found.encrypts_always, whole.encrypts_always),
            ] {
                assert!(told == Support::Unknown || told == truth, "{name}, {lost_after}");
            }
        }
    }
}

/// Nothing that is asked may change anything: commands that examine sends, by name.
#[test]
fn only_questions_are_asked() {
    const QUESTIONS: &[&str] = &[
        "INQUIRY",
        "INQUIRY (VPD)",
        "REQUEST SENSE",
        "REPORT LUNS",
        "REPORT SUPPORTED OPERATION CODES",
        "LOG SENSE",
        "IDENTIFY DEVICE",
        "SANITIZE STATUS EXT",
        "READ NATIVE MAX ADDRESS EXT",
        "GET NATIVE MAX ADDRESS EXT",
        "DEVICE CONFIGURATION IDENTIFY",
        "SMART READ DATA",
        "SMART RETURN STATUS",
        "READ LOG EXT (device statistics)",
        "READ LOG EXT (30h, page 00h)",
        "READ LOG EXT (30h, page 06h)",
        "Identify Controller",
        "Identify Namespace",
        "Active Namespace ID list",
        "Allocated Namespace ID list",
        "Namespace Identification Descriptor list",
        "Get Log Page (Sanitize Status)",
        "Get Log Page (SMART / Health Information)",
    ];
    for (name, make) in ALL {
        let drive = Shared::new(make());
        let before = drive.truth();
        let mut counted = Counting { inner: drive.clone(), commands: Vec::new(), lost_after: usize::MAX };
        let _ = examine(&mut counted, &shown(&drive, 0)).unwrap();
        let other: Vec<_> = counted.commands.iter().filter(|c| !QUESTIONS.contains(&c.as_str())).collect();
        assert!(other.is_empty() && counted.commands.len() > 4, "{name}: {other:?}");
        assert_eq!(drive.truth(), before, "{name}");
    }
}

/// Answers with whatever it was given, in turn.
struct Arbitrary {
    answers: Vec<(u8, Vec<u8>, Vec<u8>)>,
    at: usize,
}

impl Arbitrary {
    fn next(&mut self) -> (u8, Vec<u8>, Vec<u8>) {
        self.at += 1;
        self.answers[self.at % self.answers.len()].clone()
    }
}

impl Transport for Arbitrary {
    fn scsi(&mut self, _: &scsi::Command, _: Duration) -> Reply<ScsiAnswer> {
        let (status, sense, data) = self.next();
        Reply::Answer(ScsiAnswer { status: status & 2, sense, data })
    }

    fn nvme(&mut self, _: &nvme::Admin, _: Duration) -> Reply<NvmeAnswer> {
        let (status, _, data) = self.next();
        Reply::Answer(NvmeAnswer { status: nvme::Status::new(u16::from(status & 1)), dword0: 0, data })
    }
}

proptest! {
    #[test]
    fn arbitrary_answers_are_survived(
        answers in prop::collection::vec(
            (any::<u8>(), prop::collection::vec(any::<u8>(), 0..40), prop::collection::vec(any::<u8>(), 0..5000)), 1..8),
        bus in prop::sample::select(vec![Bus::Ata, Bus::Scsi, Bus::Usb, Bus::Nvme]),
        removable in any::<bool>(),
    ) {
        let medium = Medium { bus, removable, ..testing::medium(1 << 20) };
        let mut transport = Arbitrary { answers, at: 0 };
        prop_assert!(examine(&mut transport, &medium).is_some());
        prop_assert!(transport.at < 5000);
    }
}
