//! Every fault does to the host and to the shadow what it says.

use crate::drives::{Fault, Refusal, nvme};
use crate::hands::{io, sstat};
use crate::techniques::{Any, AtaBlock, AtaEnhanced, NvmeBlock, NvmeTwo, SANITIZES, SasBlock, Seen};

const HALF: u8 = 50;

#[test]
fn a_sanitize_that_fails_says_so_and_leaves_the_rest() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::FailsAt { percent: HALF, sectors_remain: true });
        assert_eq!(technique.start(&mut drive), Some(true));
        drive.pass(technique.seconds() * 2000);
        assert_eq!(drive.look(), Seen::Failed, "{technique:?}");
        let (left, all) = (drive.truth().total(), 16384 + 2048 + 32);
        let expected = if technique.crypto() { all..=all } else { all / 2 - 50..=all / 2 + 50 };
        assert!(expected.contains(&left), "{technique:?}: {left}");
    }
    let mut drive = AtaEnhanced.with(Fault::FailsAt { percent: HALF, sectors_remain: false });
    assert_eq!(AtaEnhanced.start(&mut drive), Some(false));
    assert!(drive.truth().total() > 9000);
}

#[test]
fn a_stall_stands_still_for_its_time_or_for_ever() {
    for technique in SANITIZES {
        let whole = technique.seconds() * 1000;
        let mut drive = technique.with(Fault::StallsAt { percent: HALF, seconds: None });
        technique.start(&mut drive);
        drive.pass(1000 * whole);
        assert_eq!(drive.look(), Seen::Running, "{technique:?}");
        let left = drive.truth().total();
        assert!(left > 9000, "{technique:?}");
        drive.pass(1000 * whole);
        assert_eq!((drive.look(), drive.truth().total()), (Seen::Running, left));
        let mut drive = technique.with(Fault::StallsAt { percent: HALF, seconds: Some(3600) });
        technique.start(&mut drive);
        drive.pass(whole + 3_599_999);
        assert_eq!(drive.look(), Seen::Running, "{technique:?}");
        drive.pass(1);
        let seen = drive.look();
        assert!(drive.good(seen) && drive.truth().total() == 0, "{technique:?}");
    }
    let mut drive = AtaEnhanced.with(Fault::StallsAt { percent: HALF, seconds: None });
    assert_eq!(AtaEnhanced.start(&mut drive), None, "the host waits in vain");
}

#[test]
fn a_liar_takes_its_time_reports_success_and_erases_nothing() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::Lies);
        let before = drive.truth();
        technique.start(&mut drive);
        drive.pass(technique.seconds() * 500);
        assert_eq!(drive.look(), Seen::Running, "{technique:?}");
        drive.pass(technique.seconds() * 500);
        let seen = drive.look();
        assert!(drive.good(seen), "{technique:?}");
        assert_eq!(drive.truth(), before, "{technique:?}");
    }
    let mut drive = AtaEnhanced.with(Fault::Lies);
    assert_eq!((AtaEnhanced.start(&mut drive), drive.truth().user), (Some(true), 12_000));
}

#[test]
fn a_stale_success_is_there_before_during_and_after() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::StaleSuccess);
        for _ in 0..3 {
            let seen = drive.look();
            assert!(drive.good(seen), "{technique:?}: {seen:?}");
            assert_eq!(technique.start(&mut drive), Some(true));
            drive.pass(technique.seconds() * 500);
        }
        assert_eq!(drive.truth().total(), 16384 + 2048 + 32, "{technique:?}");
    }
    let mut drive = nvme(1);
    crate::drives::Machine::inject(&mut drive, Fault::StaleSuccess);
    assert_eq!(sstat(&mut drive).2, 0x0a, "the log's dword is another command's");
    let mut drive = AtaEnhanced.with(Fault::StaleSuccess);
    assert_eq!((AtaEnhanced.start(&mut drive), drive.truth().user), (Some(true), 12_000));
}

#[test]
fn a_late_report_tells_of_the_time_before() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::LateReport { seconds: 1 });
        technique.start(&mut drive);
        assert_eq!(drive.look(), Seen::Idle, "{technique:?}");
        drive.pass(1000);
        assert_eq!(drive.look(), Seen::Running, "{technique:?}");
        drive.pass(technique.seconds() * 1000);
        let seen = drive.look();
        assert!(drive.good(seen) && drive.truth().total() == 0, "{technique:?}");
    }
}

#[test]
fn what_is_skipped_survives_and_nothing_else() {
    for technique in SANITIZES {
        let hidden = match technique.drive().truth().hidden {
            0 => None,
            _ => Some((Fault::SkipsHidden, [0, 4384, 0, 0, 0])),
        };
        let mut table = vec![
            (Fault::SkipsSectors { first: 1000, count: 7 }, [7, 0, 0, 0, 0]),
            (Fault::SkipsSpare, [0, 0, 2048, 0, 0]),
            (Fault::SkipsRemapped, [0, 0, 0, 32, 0]),
        ];
        table.extend(hidden);
        if technique == NvmeTwo {
            table.push((Fault::SkipsOtherNamespaces, [0, 0, 0, 0, 8192]));
        }
        for (fault, left) in table {
            let mut drive = technique.with(fault.clone());
            technique.start(&mut drive);
            drive.pass(technique.seconds() * 1000);
            let seen = drive.look();
            assert!(drive.good(seen), "{technique:?} {fault:?}");
            let truth = drive.truth();
            let got = [truth.user, truth.hidden, truth.spare, truth.remapped, truth.others];
            assert_eq!(got, left, "{technique:?} {fault:?}");
        }
    }
    // What is skipped by a cryptographic erase still reads as it was.
    let mut drive = nvme(1);
    crate::drives::Machine::inject(&mut drive, Fault::SkipsSectors { first: 1000, count: 7 });
    crate::hands::admin(&mut drive, 0x84, 0, &[(10, 0x204)]);
    drive.gear.clock.advance(2000);
    let read = |drive: &mut _, lba| crate::drives::medium::is_marker(&io(drive, 2, 1, lba, 1, &[]).unwrap().1);
    assert!(read(&mut drive, 1003) && !read(&mut drive, 999) && !read(&mut drive, 1007));
}

#[test]
fn a_refusal_changes_nothing() {
    for technique in SANITIZES.into_iter().chain([AtaEnhanced]) {
        for how in [Refusal::Abort, Refusal::InvalidOpcode, Refusal::InvalidField] {
            let mut drive = technique.with(Fault::Refuses(how));
            let before = drive.truth();
            assert_eq!(technique.start(&mut drive), Some(false), "{technique:?} {how:?}");
            drive.pass(technique.seconds() * 1000);
            assert_eq!((drive.look(), drive.truth()), (Seen::Idle, before), "{technique:?} {how:?}");
        }
    }
}

#[test]
fn frozen_and_locked_refuse_and_a_power_cycle_thaws() {
    for technique in SANITIZES.into_iter().chain([AtaEnhanced]) {
        for fault in [Fault::Frozen, Fault::Locked] {
            let mut drive = technique.with(fault.clone());
            assert_eq!(technique.start(&mut drive), Some(false), "{technique:?} {fault:?}");
            drive.machine().power_off();
            drive.machine().power_on();
            drive.look();
            let again = technique.start(&mut drive);
            assert_eq!(again, Some(fault == Fault::Frozen), "{technique:?} {fault:?}");
        }
    }
}

#[test]
fn an_instant_success_is_true_and_never_seen_running() {
    for technique in SANITIZES {
        let mut drive = technique.with(Fault::InstantSuccess);
        assert_eq!(technique.start(&mut drive), Some(true));
        let seen = drive.look();
        assert!(drive.good(seen) && drive.truth().total() == 0, "{technique:?}");
    }
}

#[test]
fn a_cut_connection_leaves_the_outcome_open() {
    for technique in SANITIZES {
        for taken in [false, true] {
            let mut drive = technique.with(Fault::CutAtCommand { taken });
            assert_eq!(technique.start(&mut drive), None, "{technique:?}");
            assert_eq!(drive.look(), Seen::Nothing);
            drive.machine().reconnect();
            if let Any::Sas(_) = &drive {
                drive.look();
            }
            assert_eq!(drive.look(), if taken { Seen::Running } else { Seen::Idle }, "{technique:?}");
            drive.pass(technique.seconds() * 1000);
            drive.look();
            assert_eq!(drive.truth().total() == 0, taken, "{technique:?}");
        }
    }
    for technique in [AtaBlock, NvmeBlock, SasBlock] {
        let mut drive = technique.with(Fault::CutAtPoll(3));
        technique.start(&mut drive);
        let mut looks = Vec::new();
        for _ in 0..4 {
            looks.push(drive.look());
        }
        assert!(looks.contains(&Seen::Running) && looks.last() == Some(&Seen::Nothing), "{technique:?} {looks:?}");
        drive.pass(technique.seconds() * 1000);
        drive.machine().reconnect();
        drive.look();
        assert_eq!(drive.truth().total(), 0, "{technique:?}: the drive went on without its host");
    }
}

#[test]
fn data_stored_in_the_clear_survives_a_cryptographic_erase_unseen() {
    for technique in SANITIZES.into_iter().filter(|technique| technique.crypto()) {
        let mut drive = technique.with(Fault::PlaintextBefore);
        technique.start(&mut drive);
        drive.pass(technique.seconds() * 1000);
        let seen = drive.look();
        assert!(drive.good(seen), "{technique:?}");
        assert_eq!(drive.truth().total(), 16384 + 2048 + 32, "{technique:?}");
        let read = drive.machine().gear().medium.read(5).unwrap();
        assert!(!crate::drives::medium::is_marker(&read), "{technique:?}: the host sees noise");
    }
}

#[test]
fn every_fault_has_a_word_that_is_read_back() {
    let words = [
        "fails-at:50",
        "fails-at:0:sectors-remain",
        "stalls-at:40",
        "stalls-at:40:3600",
        "stale-success",
        "late-report:5",
        "lies",
        "skips-sectors:10:20",
        "skips-hidden",
        "skips-spare",
        "skips-remapped",
        "skips-other-namespaces",
        "refuses:abort",
        "refuses:opcode",
        "refuses:field",
        "frozen",
        "locked",
        "instant-success",
        "deallocated-despite",
        "cut-at-command:taken",
        "cut-at-command:lost",
        "cut-at-poll:3",
        "power-cut-at:37",
        "reset-at:99",
        "sense:descriptor",
        "sense:fixed-8",
        "sense:fixed-3",
        "sense:fixed-bare",
        "sense:nothing",
        "sense:count-zeroed",
        "identify:ones",
        "identify:zeros",
        "identify:checksum",
        "identify:capacity",
        "read-error:1:2",
        "write-error:3:4",
        "hidden-unreachable",
        "plaintext-before",
    ];
    let mut seen: Vec<Fault> = Vec::new();
    for word in words {
        let fault: Fault = word.parse().unwrap();
        assert_eq!(fault.to_string(), word);
        assert!(!seen.contains(&fault), "{word}");
        seen.push(fault);
    }
    for wrong in
        ["", "lies:1", "fails-at", "fails-at:101", "fails-at:x", "refuses:maybe", "cut-at-poll:-1", "unheard-of"]
    {
        assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
    }
}
