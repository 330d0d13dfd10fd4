//! Power cuts, resets and a killed guest: what the state machines do then.

use crate::drives::{Fault, Machine};
use crate::hands::{admin, io, key, password, words};
use crate::techniques::{Any, AtaEnhanced, SANITIZES, Seen, Technique};

fn finish(technique: Technique, drive: &mut Any) {
    drive.pass(technique.seconds() * 1000);
    // A waiting unit attention comes first.
    drive.look();
    let seen = drive.look();
    assert!(drive.good(seen), "{technique:?}: {seen:?}");
    assert_eq!(drive.truth().total(), 0, "{technique:?}");
}

#[test]
fn a_sanitize_goes_on_by_itself_after_a_power_cut_at_any_moment() {
    for technique in SANITIZES {
        for step in 0..20 {
            let mut drive = technique.drive();
            technique.start(&mut drive);
            drive.pass(technique.seconds() * 1000 * step / 20);
            drive.machine().power_off();
            assert_eq!(drive.look(), Seen::Nothing);
            let left = drive.truth().total();
            drive.pass(1_000_000_000);
            drive.look();
            assert_eq!(drive.truth().total(), left, "{technique:?}: nothing happens without power");
            drive.machine().power_on();
            if let Any::Sas(_) = &drive {
                drive.look();
            }
            assert_eq!(drive.look(), Seen::Running, "{technique:?} {step}");
            // What was done is not done again: the rest of the time is enough.
            drive.pass(technique.seconds() * 1000 * (20 - step) / 20);
            let seen = drive.look();
            assert!(drive.good(seen) && drive.truth().total() == 0, "{technique:?} {step}: {seen:?}");
        }
    }
}

#[test]
fn the_fault_cuts_the_power_once_at_its_place() {
    for technique in SANITIZES {
        for percent in [0, 37, 100] {
            let mut drive = technique.with(Fault::PowerCutAt { percent });
            let answer = technique.start(&mut drive);
            assert_eq!(answer, (percent > 0).then_some(true), "{technique:?}");
            drive.pass(technique.seconds() * 1000);
            assert_eq!(drive.look(), Seen::Nothing, "{technique:?} {percent}");
            drive.machine().power_on();
            // What was done before is not done again: the rest of the time (and one per cent for rounding) is enough.
            drive.pass(technique.seconds() * 10 * u64::from(101 - percent));
            drive.look();
            assert_eq!(drive.truth().total(), 0, "{technique:?} {percent}");
            finish(technique, &mut drive);
        }
    }
}

#[test]
fn a_reset_in_between_shows_and_harms_nothing() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::ResetAt { percent: 40 });
        technique.start(&mut drive);
        drive.pass(technique.seconds() * 500);
        match &mut drive {
            Any::Sas(unit) => {
                let end = crate::hands::key(unit.as_mut(), &[0; 6], &[]);
                assert_eq!(end, (6, 0x29, 0));
            }
            Any::Sata(unit) => {
                assert_eq!(crate::hands::key(unit.as_mut(), &[0; 6], &[]), (6, 0x29, 0));
            }
            Any::Nvme(_) => assert_eq!(drive.look(), Seen::Nothing, "that command is lost"),
        }
        assert_eq!(drive.look(), Seen::Running, "{technique:?}");
        finish(technique, &mut drive);
    }
}

#[test]
fn a_reset_takes_a_blocking_command_away_and_the_erase_goes_on() {
    let mut unit = crate::drives::sas_ssd().with_fault(Fault::ResetAt { percent: 40 });
    let block_erase = [0x48, 0x02, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(key(&mut unit, &block_erase, &[]), (6, 0x29, 0));
    assert_eq!(key(&mut unit, &[0; 6], &[]), (2, 4, 0x1b));
    unit.clock().advance(30_000);
    assert_eq!((key(&mut unit, &[0; 6], &[]), unit.truth().total()), ((0, 0, 0), 0));

    let mut unit = crate::drives::sata_ssd().with_fault(Fault::ResetAt { percent: 40 });
    let security = |command: u8, length: u8| match length {
        0 => [0x85, 0x06, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, command, 0],
        _ => [0x85, 0x0a, 0x06, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, command, 0],
    };
    assert_eq!(key(&mut unit, &security(0xf1, 1), &password(2, "p")), (0, 0, 0));
    assert_eq!(key(&mut unit, &security(0xf3, 0), &[]), (1, 0, 0x1d));
    assert_eq!(key(&mut unit, &security(0xf4, 1), &password(2, "p")), (6, 0x29, 0));
    assert!(unit.truth().total() > 0);
    // Busy: the next command is answered when the erase is done, and finds security disabled.
    assert_eq!(words(&mut unit.drive)[128], 0x21);
    assert_eq!((unit.truth().total(), unit.clock().now() >= 60_000), (0, true));
}

#[test]
fn an_erase_whose_host_is_gone_keeps_the_drive_busy() {
    let mut drive = AtaEnhanced.with(Fault::CutAtCommand { taken: true });
    assert_eq!(AtaEnhanced.start(&mut drive), None);
    drive.machine().reconnect();
    assert!(drive.truth().total() > 0);
    drive.look();
    assert_eq!(drive.truth().total(), 0);
    let mut drive = crate::drives::nvme(1).with_fault(Fault::CutAtCommand { taken: true });
    assert_eq!(admin(&mut drive, 0x80, 1, &[(10, 1 << 9)]), None);
    drive.reconnect();
    for code in [0x80, 0x84] {
        assert_eq!(admin(&mut drive, code, 0, &[(10, 2)]).unwrap().0, 0x84);
    }
    assert_eq!(io(&mut drive, 2, 1, 0, 1, &[]).unwrap().0, 0x84);
    drive.clock().advance(15_000);
    assert_eq!((io(&mut drive, 2, 1, 0, 1, &[]).unwrap().0, drive.truth().user), (0, 0));
}

#[test]
fn a_killed_guest_comes_back_as_the_same_drive() {
    use crate::drives::personality::{Kit, hdd_traits, nvme_traits, sas_ssd_traits, small, ssd_traits};
    use crate::drives::{Clock, Medium};
    let path = std::env::temp_dir().join(format!("drives-power-{}", std::process::id()));
    let kit = |used: bool| {
        let file = std::fs::File::options().read(true).write(true).create(true).truncate(!used).open(&path).unwrap();
        file.set_len(Medium::size(&small(1))).unwrap();
        Kit { clock: Clock::manual(), store: Box::new(file), layout: small(1), used }
    };
    let build = |technique: Technique, used: bool| match technique.drive() {
        Any::Sata(unit) if unit.drive.traits.rotation == 1 => {
            Any::Sata(Box::new(kit(used).sata(ssd_traits()).unwrap()))
        }
        Any::Sata(_) => Any::Sata(Box::new(kit(used).sata(hdd_traits()).unwrap())),
        Any::Sas(_) => Any::Sas(Box::new(kit(used).sas(sas_ssd_traits()).unwrap())),
        Any::Nvme(_) => Any::Nvme(Box::new(kit(used).nvme(nvme_traits()).unwrap())),
    };
    for technique in SANITIZES.into_iter().filter(|technique| !matches!(technique, Technique::NvmeTwo)) {
        let fault = Fault::PowerCutAt { percent: 30 };
        let mut drive = build(technique, false);
        drive.machine().inject(fault.clone());
        technique.start(&mut drive);
        drive.pass(technique.seconds() * 1000);
        drive.look();
        let saved = drive.machine().save();
        let left = drive.truth().total();
        assert!(left > 0);
        drop(drive);
        let mut drive = build(technique, true);
        drive.machine().inject(fault);
        drive.machine().load(&saved).unwrap();
        assert_eq!(drive.truth().total(), left, "{technique:?}");
        // The fault has struck already.
        finish(technique, &mut drive);
        assert!(drive.machine().load(b"nonsense").is_err());
        assert!(drive.machine().load(b"").is_err());
    }
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn what_is_saved_is_what_survives() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::FailsAt { percent: 50, sectors_remain: true });
        technique.start(&mut drive);
        drive.pass(technique.seconds() * 1000);
        assert_eq!(drive.look(), Seen::Failed);
        let saved = drive.machine().save();
        let mut again = technique.drive();
        again.machine().load(&saved).unwrap();
        again.look();
        assert_eq!(again.look(), Seen::Failed, "{technique:?}");
    }
}

#[test]
fn a_trait_object_is_enough_for_a_matrix() {
    let mut drives: Vec<Box<dyn Machine>> =
        vec![Box::new(crate::drives::sata_ssd()), Box::new(crate::drives::sas_hdd()), Box::new(crate::drives::nvme(2))];
    for drive in &mut drives {
        drive.inject(Fault::Lies);
        drive.reset();
        assert_eq!(drive.truth().total(), 16384 + 2048 + 32);
    }
}
