//! Hidden areas: HPA, DCO, AMA.

use crate::drives::ata::{Command, Protocol, Sata};
use crate::drives::{Fault, Machine, sata_hdd, sata_ssd};
use crate::hands::{fine, plain, send, short, words};

fn native(drive: &mut Sata) -> u64 {
    send(drive, plain(0x27, 0, 0, 0), &[]).unwrap().lba + 1
}

fn set_max(drive: &mut Sata, blocks: u64, stay: bool) -> (u8, u8) {
    assert_eq!(send(drive, plain(0x27, 0, 0, 0), &[]).unwrap().status, 0x50);
    let answer = send(drive, plain(0x37, 0, u16::from(stay), blocks - 1), &[]).unwrap();
    (answer.status, answer.error)
}

fn cycle(drive: &mut Sata) {
    drive.power_off();
    drive.power_on();
}

#[test]
fn the_protected_area_moves_once_a_power_cycle_and_directly_after_read_native_max() {
    let mut drive = sata_hdd().drive;
    drive.capacity.hide_with_hpa(10_000);
    assert_eq!((words(&mut drive)[100], native(&mut drive)), (10_000, 16384));
    assert_eq!(drive.truth().hidden, 6384);
    words(&mut drive);
    assert!(!fine(&mut drive, plain(0x37, 0, 1, 16383), &[]), "not directly after");
    assert_eq!(set_max(&mut drive, 16384, false), (0x50, 0));
    assert_eq!((words(&mut drive)[100], drive.truth().hidden), (16384, 0));
    cycle(&mut drive);
    assert_eq!(words(&mut drive)[100], 10_000, "volatile");
    assert_eq!(set_max(&mut drive, 16385, true), (0x51, 0x10), "beyond native");
    assert_eq!(set_max(&mut drive, 12_000, true), (0x50, 0));
    assert_eq!(set_max(&mut drive, 16384, true), (0x51, 0x10), "a second one in this power cycle");
    cycle(&mut drive);
    assert_eq!(words(&mut drive)[100], 12_000);
    assert_eq!(set_max(&mut drive, 16384, true), (0x50, 0));
    cycle(&mut drive);
    assert_eq!(words(&mut drive)[100], 16384);
}

#[test]
fn the_short_commands_do_the_same() {
    let mut drive = sata_hdd().drive;
    drive.capacity.hide_with_hpa(10_000);
    assert_eq!(send(&mut drive, short(0xf8, Protocol::NonData), &[]).unwrap().lba, 16383);
    let set = Command { count: 1, lba: 16383, ..short(0xf9, Protocol::NonData) };
    assert!(fine(&mut drive, set, &[]));
    assert_eq!(words(&mut drive)[60], 16384);
}

#[test]
fn the_overlay_hides_from_read_native_max_and_is_restored_without_a_protected_area() {
    let mut drive = sata_hdd().drive;
    drive.capacity.hide_with_dco(12_000);
    drive.capacity.hide_with_hpa(10_000);
    assert_eq!((words(&mut drive)[100], native(&mut drive)), (10_000, 12_000));
    let identify = Command { feature: 0xc2, ..short(0xb1, Protocol::PioIn) };
    let data = send(&mut drive, identify, &[]).unwrap().data;
    assert_eq!(u64::from_le_bytes(data[6..14].try_into().unwrap()), 16383);
    assert_eq!(data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)), 0);
    let restore = Command { feature: 0xc0, ..short(0xb1, Protocol::NonData) };
    assert!(!fine(&mut drive, restore, &[]));
    assert_eq!(set_max(&mut drive, 12_000, true), (0x50, 0));
    assert!(fine(&mut drive, restore, &[]));
    assert_eq!((words(&mut drive)[100], native(&mut drive)), (16384, 16384));
    let freeze = Command { feature: 0xc1, ..short(0xb1, Protocol::NonData) };
    assert!(fine(&mut drive, freeze, &[]));
    assert!(!fine(&mut drive, identify, &[]) && !fine(&mut drive, restore, &[]));
    cycle(&mut drive);
    assert!(fine(&mut drive, identify, &[]));
}

#[test]
fn accessible_max_address_is_set_once_a_power_cycle_and_can_be_frozen() {
    let mut drive = sata_ssd().drive;
    drive.capacity.hide_with_ama(8_000);
    assert_eq!((words(&mut drive)[100], drive.truth().hidden), (8_000, 8384));
    assert_eq!(send(&mut drive, plain(0x78, 0, 0, 0), &[]).unwrap().lba, 16383);
    assert!(!fine(&mut drive, plain(0x78, 1, 0, 16384), &[]));
    assert!(fine(&mut drive, plain(0x78, 1, 0, 16383), &[]));
    assert_eq!(words(&mut drive)[100], 16384);
    assert!(!fine(&mut drive, plain(0x78, 1, 0, 100), &[]), "once");
    cycle(&mut drive);
    assert_eq!(words(&mut drive)[100], 16384, "it stays");
    assert!(fine(&mut drive, plain(0x78, 2, 0, 0), &[]));
    assert!(!fine(&mut drive, plain(0x78, 1, 0, 100), &[]), "frozen");
    assert!(!fine(&mut drive, plain(0x27, 0, 0, 0), &[]), "this drive has no HPA");
}

#[test]
fn hidden_areas_may_be_unreachable_though_advertised() {
    let mut drive = sata_hdd().drive.with_fault(Fault::HiddenUnreachable);
    drive.capacity.hide_with_hpa(10_000);
    assert_eq!(words(&mut drive)[82] & 1 << 10, 1 << 10);
    assert!(!fine(&mut drive, plain(0x27, 0, 0, 0), &[]));
    // A sanitize reaches them all the same.
    assert!(fine(&mut drive, plain(0xb4, 0x14, 1, 0x4f57_0000_0000), &[]));
    drive.gear.clock.advance(600_000);
    words(&mut drive);
    assert_eq!(drive.truth().total(), 0);
}
