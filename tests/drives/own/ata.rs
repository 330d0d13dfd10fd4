//! SATA drives: IDENTIFY, SANITIZE DEVICE, logs, SMART, media access (ACS-3, ACS-4).

use crate::drives::ata::{Command, Protocol, Sata};
use crate::drives::medium::is_marker;
use crate::drives::{Fault, Machine, sata_hdd, sata_ssd};
use crate::hands::{ata_status, fine, plain, send, short, words};

const BLOCK_ERASE: u64 = 0x426b_4572;
const CRYPTO: u64 = 0x4372_7970;

fn ssd() -> Sata {
    sata_ssd().drive
}

fn hdd() -> Sata {
    sata_hdd().drive
}

fn pass(drive: &Sata, seconds: u64) {
    drive.gear.clock.advance(seconds * 1000);
}

fn read(lba: u64, count: u16) -> Command {
    Command { protocol: Protocol::DmaIn, ..plain(0x25, 0, count, lba) }
}

#[test]
fn identify_tells_what_the_drive_has_and_sums_to_zero() {
    for (mut drive, sanitize, rotation) in [(ssd(), 0xf800, 1), (hdd(), 0x5800, 7200)] {
        let raw = send(&mut drive, short(0xec, Protocol::PioIn), &[]).unwrap().data;
        assert_eq!(raw.len(), 512);
        assert_eq!(raw.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0);
        let words = words(&mut drive);
        assert_eq!(words[255] & 0xff, 0xa5);
        // Sanitize bits 15:10, without antifreeze, which the SSD has too.
        assert_eq!(words[59] & 0xf800, sanitize);
        assert_eq!(words[59] & 0x0400 != 0, drive.traits.antifreeze);
        assert_eq!(words[217], rotation);
        assert_eq!([words[100], words[101], words[102], words[103]], [16384, 0, 0, 0]);
        assert_eq!([words[60], words[61]], [16384, 0]);
        assert_eq!(words[128], 0x21);
        assert_eq!(words[89], drive.traits.seconds[3].div_ceil(120) as u16);
        assert_eq!(words[82] & 1 << 10 != 0, drive.traits.hpa);
        assert_eq!(words[119] & 1 << 8 != 0, drive.traits.ama);
        assert_eq!(words[169] & 1 == 1, drive.traits.trim.is_some());
        assert_eq!(words[83] & 0xc000, 0x4000);
    }
    let words = words(&mut ssd());
    let model: Vec<u8> = words[27..47].iter().flat_map(|word| word.to_be_bytes()).collect();
    assert_eq!(String::from_utf8(model).unwrap().trim_end(), "DRIVES SSD 8M");
    assert_eq!(words[69] & 0x4020, 0x4020, "DRAT and RZAT");
}

#[test]
fn block_erase_goes_from_idle_through_running_to_succeeded() {
    let mut drive = ssd();
    assert_eq!(ata_status(&mut drive), (0x50, 0xffff, 0x00));
    let begun = send(&mut drive, plain(0xb4, 0x12, 0, BLOCK_ERASE), &[]).unwrap();
    assert_eq!((begun.status, begun.count), (0x50, 0x4000));
    pass(&drive, 15);
    assert_eq!(ata_status(&mut drive), (0x50, 0x8000, 0x40));
    // A second one is aborted while the first runs.
    assert_eq!(send(&mut drive, plain(0xb4, 0x12, 0, BLOCK_ERASE), &[]).unwrap().error, 0x04);
    drive.reset();
    pass(&drive, 14);
    assert_eq!(ata_status(&mut drive).2, 0x40, "a reset does not end it");
    assert!(drive.truth().total() > 0);
    pass(&drive, 1);
    assert_eq!(ata_status(&mut drive), (0x50, 0xffff, 0x80));
    assert_eq!(drive.truth().total(), 0);
    drive.power_off();
    drive.power_on();
    assert_eq!(ata_status(&mut drive).2, 0x80, "the bit is kept over a power cycle");
    assert!(fine(&mut drive, plain(0xb4, 0x12, 0, BLOCK_ERASE), &[]));
    assert_eq!(ata_status(&mut drive).2, 0x40, "and gone once the next one is accepted");
}

#[test]
fn only_the_listed_commands_are_answered_while_it_runs_or_has_failed() {
    let log = |address| Command { protocol: Protocol::PioIn, ..plain(0x2f, 0, 1, address) };
    let smart = Command { feature: 0xda, lba: 0xc2_4f00, ..short(0xb0, Protocol::NonData) };
    let table = [
        (short(0xec, Protocol::PioIn), true),
        (short(0xe5, Protocol::NonData), true),
        (short(0xe0, Protocol::NonData), true),
        (log(0x30), true),
        (log(0x10), true),
        (log(0x00), false),
        (smart, true),
        (read(0, 1), false),
        (Command { protocol: Protocol::DmaOut, ..plain(0x35, 0, 1, 0) }, false),
        (plain(0xea, 0, 0, 0), false),
        (short(0xf3, Protocol::NonData), false),
        (short(0xef, Protocol::NonData), false),
        (plain(0x78, 0, 0, 0), false),
    ];
    let out = [0; 512];
    for failed in [false, true] {
        let mut drive = ssd();
        if failed {
            drive.inject(Fault::FailsAt { percent: 50, sectors_remain: true });
        }
        assert!(fine(&mut drive, plain(0xb4, 0x12, 0, BLOCK_ERASE), &out));
        pass(&drive, 20);
        for (command, allowed) in table {
            assert_eq!(fine(&mut drive, command, &out), allowed, "failed {failed}: {command:02x?}");
        }
    }
    for (command, _) in table {
        assert!(fine(&mut ssd(), command, &out), "idle: {command:02x?}");
    }
}

#[test]
fn a_restricted_failure_is_left_by_another_restricted_success_only() {
    let mut drive = ssd().with_fault(Fault::FailsAt { percent: 50, sectors_remain: true });
    assert!(fine(&mut drive, plain(0xb4, 0x12, 0, BLOCK_ERASE), &[]));
    pass(&drive, 30);
    assert_eq!(ata_status(&mut drive), (0x51, 1, 0x00));
    let clear = send(&mut drive, plain(0xb4, 0, 1, 0), &[]).unwrap();
    assert_eq!((clear.status, clear.error), (0x51, 0x04));
    drive.power_off();
    drive.power_on();
    assert_eq!(ata_status(&mut drive), (0x51, 1, 0x00), "SD3 survives a power cycle");
    assert!(!fine(&mut drive, plain(0xb4, 0x12, 0x10, BLOCK_ERASE), &[]), "unrestricted: aborted");
    drive.gear.faults.0.clear();
    assert!(fine(&mut drive, plain(0xb4, 0x11, 0, CRYPTO), &[]));
    pass(&drive, 2);
    assert_eq!(ata_status(&mut drive).2, 0x80);
}

#[test]
fn an_unrestricted_failure_can_be_cleared_and_looks_idle_then() {
    let mut drive = ssd().with_fault(Fault::FailsAt { percent: 50, sectors_remain: false });
    assert!(fine(&mut drive, plain(0xb4, 0x12, 0x10, BLOCK_ERASE), &[]));
    pass(&drive, 30);
    assert_eq!(ata_status(&mut drive), (0x51, 0, 0x00));
    assert!(fine(&mut drive, plain(0xb4, 0, 1, 0), &[]));
    assert_eq!(ata_status(&mut drive), (0x50, 0xffff, 0x00));
    assert!(drive.truth().total() > 0, "and the drive works again with half of the data");
    assert!(fine(&mut drive, read(16000, 1), &[]));
}

#[test]
fn freeze_and_antifreeze_exclude_each_other_until_a_reset() {
    let mut drive = ssd();
    assert!(!fine(&mut drive, plain(0xb4, 0x20, 0, 1), &[]), "wrong key");
    assert!(fine(&mut drive, plain(0xb4, 0x20, 0, 0x4672_4c6b), &[]));
    assert_eq!(ata_status(&mut drive).2, 0x20);
    for (feature, key) in [(0x12, BLOCK_ERASE), (0x11, CRYPTO), (0x14, 0x4f57_0000_0000), (0x40, 0x416e_7469)] {
        let answer = send(&mut drive, plain(0xb4, feature, 1, key), &[]).unwrap();
        assert_eq!((answer.status, answer.error, answer.lba), (0x51, 0x04, 3), "{feature:02x}");
    }
    drive.reset();
    assert_eq!(ata_status(&mut drive).2, 0x00);
    assert!(fine(&mut drive, plain(0xb4, 0x40, 0, 0x416e_7469), &[]));
    assert_eq!(ata_status(&mut drive).2, 0x10);
    assert_eq!(send(&mut drive, plain(0xb4, 0x20, 0, 0x4672_4c6b), &[]).unwrap().lba, 4);
}

#[test]
fn a_command_with_the_wrong_key_width_or_protocol_changes_nothing() {
    let short_registers = Command { ext: false, ..plain(0xb4, 0x12, 0, BLOCK_ERASE) };
    let wrong_protocol = Command { protocol: Protocol::PioIn, ..plain(0xb4, 0x12, 0, BLOCK_ERASE) };
    let wrong = [
        plain(0xb4, 0x12, 0, BLOCK_ERASE + 1),
        plain(0xb4, 0x11, 0, BLOCK_ERASE),
        plain(0xb4, 0x14, 1, BLOCK_ERASE),
        plain(0xb4, 0x13, 0, BLOCK_ERASE),
        short_registers,
        wrong_protocol,
    ];
    for command in wrong {
        let mut drive = ssd();
        assert!(!fine(&mut drive, command, &[]), "{command:02x?}");
        assert_eq!(ata_status(&mut drive).2, 0x00);
    }
    assert_eq!(send(&mut ssd(), plain(0xb4, 0x13, 0, 0), &[]).unwrap().lba, 2, "unsupported");
    assert_eq!(send(&mut hdd(), plain(0xb4, 0x12, 0, BLOCK_ERASE), &[]).unwrap().lba, 2, "the disk has none");
}

#[test]
fn overwrite_counts_passes_and_inverts_as_asked() {
    // Count, seconds, first byte afterwards. 600 s a pass; count 0 means 16 passes.
    let table = [
        (1u16, 600, 0x12),
        (2, 1200, 0x12),
        (0x82, 1200, 0xed),
        (0x83, 1800, 0x12),
        (0xc2, 1200, 0x12),
        (0, 9600, 0x12),
    ];
    for (count, seconds, first) in table {
        let mut drive = hdd();
        assert!(fine(&mut drive, plain(0xb4, 0x14, count, 0x4f57_1234_5678), &[]));
        pass(&drive, seconds - 1);
        assert_eq!(ata_status(&mut drive).2, 0x40, "{count:02x}");
        pass(&drive, 1);
        assert_eq!(ata_status(&mut drive).2, 0x80, "{count:02x}");
        assert_eq!(drive.truth().total(), 0);
        let data = send(&mut drive, read(100, 1), &[]).unwrap().data;
        assert_eq!(data[0], first, "{count:02x}");
        assert_eq!(data[..4], data[4..8]);
    }
}

#[test]
fn trim_hides_the_data_and_leaves_it_there() {
    let mut drive = ssd();
    let mut list = vec![0; 512];
    list[..8].copy_from_slice(&(10u64 | 100 << 48).to_le_bytes());
    let trim = Command { protocol: Protocol::DmaOut, ..plain(0x06, 1, 1, 0) };
    assert!(fine(&mut drive, trim, &list));
    assert_eq!(send(&mut drive, read(50, 1), &[]).unwrap().data, vec![0; 512]);
    assert!(is_marker(&send(&mut drive, read(110, 1), &[]).unwrap().data));
    assert_eq!(drive.truth().user, 16384);
    assert!(!fine(&mut hdd(), trim, &list));
    list[..8].copy_from_slice(&(16300u64 | 100 << 48).to_le_bytes());
    assert_eq!(send(&mut drive, trim, &list).unwrap().error, 0x10);
}

#[test]
fn logs_and_smart_answer_as_health_tools_expect() {
    let mut drive = ssd();
    let log = |lba, count| Command { protocol: Protocol::PioIn, ..plain(0x2f, 0, count, lba) };
    let directory = send(&mut drive, log(0x00, 1), &[]).unwrap().data;
    assert_eq!((directory[0], directory[1], directory[0x60]), (1, 0, 9));
    let list = send(&mut drive, log(0x30, 1), &[]).unwrap().data;
    assert_eq!(list[..8], [1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(list[8..17], [8, 0, 1, 2, 3, 4, 5, 6, 8]);
    let copy = send(&mut drive, log(0x0130, 1), &[]).unwrap().data;
    assert_eq!(copy, send(&mut drive, short(0xec, Protocol::PioIn), &[]).unwrap().data);
    let page = send(&mut drive, log(0x0630, 1), &[]).unwrap().data;
    assert_eq!(page[..8], [1, 0, 6, 0, 0, 0, 0, 0x80]);
    assert_eq!(page[48..56], [1, 0, 0, 0, 0, 0, 0, 0x80], "encrypts all user data");
    assert!(!fine(&mut drive, log(0x30, 10), &[]) && !fine(&mut drive, log(0x77, 1), &[]));
    let smart = |feature, protocol| Command { feature, lba: 0xc2_4f00, count: 1, ..short(0xb0, protocol) };
    let health = send(&mut drive, smart(0xda, Protocol::NonData), &[]).unwrap();
    assert_eq!(health.lba >> 8 & 0xffff, 0xc24f);
    let data = send(&mut drive, smart(0xd0, Protocol::PioIn), &[]).unwrap().data;
    assert_eq!(data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0);
    assert_eq!((data[2], data[7]), (5, 32), "reallocated sectors");
}

#[test]
fn media_errors_and_bad_addresses_name_the_place() {
    let mut drive = ssd().with_fault(Fault::ReadError { first: 70, count: 2 });
    drive.inject(Fault::WriteError { first: 90, count: 1 });
    let bad = send(&mut drive, read(64, 16), &[]).unwrap();
    assert_eq!((bad.status, bad.error, bad.lba), (0x51, 0x40, 70));
    assert!(fine(&mut drive, read(72, 8), &[]));
    let write = Command { protocol: Protocol::DmaOut, ..plain(0x35, 0, 8, 88) };
    let bad = send(&mut drive, write, &[7; 4096]).unwrap();
    assert_eq!((bad.status & 0x20, bad.lba), (0x20, 90));
    assert_eq!(send(&mut drive, read(16380, 5), &[]).unwrap().error, 0x10);
    assert_eq!(send(&mut drive, read(16380, 4), &[]).unwrap().data.len(), 2048);
    assert!(!fine(&mut drive, write, &[7; 100]), "too little data");
}
