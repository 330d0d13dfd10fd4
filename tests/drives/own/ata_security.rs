//! The Security feature set (ACS-3 4.18, 7.43 to 7.49).

use crate::drives::ata::{Command, Protocol, Sata};
use crate::drives::{Fault, Machine, sata_hdd, sata_ssd};
use crate::hands::{fine, password, plain, send, short, words};

const MASTER: u16 = 1;
const ENHANCED: u16 = 2;
const MAXIMUM: u16 = 0x100;

fn out(command: u8) -> Command {
    short(command, Protocol::PioOut)
}

fn prepare(drive: &mut Sata) -> bool {
    fine(drive, short(0xf3, Protocol::NonData), &[])
}

fn cycle(drive: &mut Sata) {
    drive.power_off();
    drive.power_on();
}

fn readable(drive: &mut Sata) -> bool {
    fine(drive, Command { protocol: Protocol::DmaIn, ..plain(0x25, 0, 1, 0) }, &[])
}

#[test]
fn a_password_locks_at_the_next_power_on_and_five_wrong_ones_expire() {
    let mut drive = sata_hdd().drive;
    assert!(fine(&mut drive, out(0xf1), &password(0, "secret")));
    assert_eq!(words(&mut drive)[128], 0x23);
    assert_eq!(words(&mut drive)[85] & 2, 2);
    assert!(readable(&mut drive));
    cycle(&mut drive);
    assert_eq!(words(&mut drive)[128], 0x27);
    assert!(!readable(&mut drive));
    assert!(!fine(&mut drive, out(0xf1), &password(0, "other")), "SET PASSWORD is aborted while locked");
    assert!(!fine(&mut drive, plain(0xb4, 0x14, 1, 0x4f57_0000_0000), &[]), "so is a sanitize");
    for _ in 0..5 {
        assert!(!fine(&mut drive, out(0xf2), &password(0, "wrong")));
    }
    assert_eq!(words(&mut drive)[128], 0x37, "expired");
    assert!(!fine(&mut drive, out(0xf2), &password(0, "secret")));
    assert!(prepare(&mut drive));
    assert!(!fine(&mut drive, out(0xf4), &password(0, "secret")), "ERASE UNIT counts as well");
    cycle(&mut drive);
    assert!(fine(&mut drive, out(0xf2), &password(0, "secret")));
    assert!(readable(&mut drive));
    assert!(!fine(&mut drive, out(0xf6), &password(0, "wrong")));
    assert!(fine(&mut drive, out(0xf6), &password(0, "secret")));
    assert_eq!(words(&mut drive)[128], 0x21);
    cycle(&mut drive);
    assert!(readable(&mut drive));
}

#[test]
fn the_master_password_unlocks_at_level_high_and_only_erases_at_level_maximum() {
    let mut drive = sata_hdd().drive;
    let mut master = password(MASTER, "master");
    master[34..36].copy_from_slice(&0x1234u16.to_le_bytes());
    assert!(fine(&mut drive, out(0xf1), &master));
    assert_eq!((words(&mut drive)[128], words(&mut drive)[92]), (0x21, 0x1234), "a master password enables nothing");
    assert!(fine(&mut drive, out(0xf1), &password(0, "user")));
    cycle(&mut drive);
    assert!(fine(&mut drive, out(0xf2), &password(MASTER, "master")));
    assert!(fine(&mut drive, out(0xf1), &password(MAXIMUM, "user")));
    cycle(&mut drive);
    assert_eq!(words(&mut drive)[128], 0x127);
    assert!(!fine(&mut drive, out(0xf2), &password(MASTER, "master")));
    assert!(prepare(&mut drive));
    assert!(fine(&mut drive, out(0xf4), &password(MASTER | ENHANCED, "master")));
    assert_eq!(words(&mut drive)[128], 0x21);
    assert_eq!(drive.truth().total(), 0);
}

#[test]
fn erase_unit_needs_its_preparation_directly_before() {
    let mut drive = sata_hdd().drive;
    assert!(prepare(&mut drive));
    assert!(!fine(&mut drive, out(0xf4), &password(0, "")), "no user password is set");
    assert!(fine(&mut drive, out(0xf1), &password(0, "p")));
    assert!(!fine(&mut drive, out(0xf4), &password(0, "p")));
    assert!(prepare(&mut drive));
    words(&mut drive);
    assert!(!fine(&mut drive, out(0xf4), &password(0, "p")), "another command came between");
    assert!(prepare(&mut drive));
    assert!(!fine(&mut drive, out(0xf4), &password(0, "q")));
    assert_eq!(drive.truth().user, 16384);
    assert!(prepare(&mut drive));
    let before = drive.gear.clock.now();
    assert!(fine(&mut drive, out(0xf4), &password(0, "p")));
    assert!(drive.gear.clock.now() - before >= 600_000, "it blocks for as long as it takes");
    assert_eq!(drive.truth().user, 0);
}

#[test]
fn normal_erase_leaves_hidden_spare_and_remapped_blocks_and_enhanced_does_not() {
    for (mut drive, spare) in [(sata_hdd().drive, 2048), (sata_ssd().drive, 2048)] {
        drive.capacity.hide_with_hpa(10_000);
        for enhanced in [false, true] {
            assert!(fine(&mut drive, out(0xf1), &password(0, "p")));
            assert!(prepare(&mut drive));
            assert!(fine(&mut drive, out(0xf4), &password(if enhanced { ENHANCED } else { 0 }, "p")));
            let truth = drive.truth();
            let left = if enhanced { (0, 0, 0, 0) } else { (0, 6384, spare, 32) };
            assert_eq!((truth.user, truth.hidden, truth.spare, truth.remapped), left);
        }
    }
    let mut drive = sata_hdd().drive;
    drive.traits.normal_erase_reaches_native = true;
    drive.capacity.hide_with_hpa(10_000);
    assert!(fine(&mut drive, out(0xf1), &password(0, "p")) && prepare(&mut drive));
    assert!(fine(&mut drive, out(0xf4), &password(0, "p")));
    assert_eq!((drive.truth().user, drive.truth().hidden, drive.truth().spare), (0, 0, 2048));
}

#[test]
fn frozen_refuses_every_change_until_the_power_is_cycled() {
    let mut drive = sata_ssd().drive;
    assert!(fine(&mut drive, short(0xf5, Protocol::NonData), &[]));
    assert_eq!(words(&mut drive)[128], 0x29);
    let block = password(0, "p");
    for command in [0xf1, 0xf2, 0xf4, 0xf6] {
        assert!(!fine(&mut drive, out(command), &block), "{command:02x}");
    }
    assert!(!prepare(&mut drive));
    drive.reset();
    assert_eq!(words(&mut drive)[128], 0x29, "a reset does not thaw it");
    cycle(&mut drive);
    assert!(fine(&mut drive, out(0xf1), &block));
}

#[test]
fn a_power_cut_in_the_middle_leaves_the_drive_locked_and_partly_erased() {
    let mut drive = sata_hdd().drive.with_fault(Fault::PowerCutAt { percent: 50 });
    assert!(fine(&mut drive, out(0xf1), &password(0, "p")) && prepare(&mut drive));
    assert!(send(&mut drive, out(0xf4), &password(0, "p")).is_none());
    drive.power_on();
    assert_eq!(words(&mut drive)[128], 0x27);
    let left = drive.truth().user;
    assert!((8000..8400).contains(&left), "{left}");
    drive.gear.clock.advance(3_600_000);
    assert_eq!(drive.truth().user, left, "unlike a sanitize it does not go on by itself");
    assert!(prepare(&mut drive) && fine(&mut drive, out(0xf4), &password(0, "p")));
    assert_eq!((drive.truth().user, words(&mut drive)[128]), (0, 0x21));
}

#[test]
fn locked_with_a_password_nobody_knows_only_the_master_can_erase() {
    let mut drive = sata_ssd().drive.with_fault(Fault::Locked);
    assert_eq!(words(&mut drive)[128], 0x127);
    assert!(!readable(&mut drive));
    assert!(prepare(&mut drive) && !fine(&mut drive, out(0xf4), &password(0, "p")));
    let factory = {
        let mut block = password(MASTER, &format!("{:32}", "FACTORY MASTER"));
        block[34] = 0;
        block
    };
    assert!(prepare(&mut drive) && fine(&mut drive, out(0xf4), &factory));
    assert_eq!((drive.truth().user, readable(&mut drive)), (0, true));
    let mut strict = sata_ssd().drive.with_fault(Fault::Locked);
    strict.traits.sanitize_overrides_security = true;
    assert!(!fine(&mut strict, plain(0xb4, 0x12, 0x10, 0x426b_4572), &[]), "only in restricted mode");
    assert!(fine(&mut strict, plain(0xb4, 0x12, 0, 0x426b_4572), &[]));
}
