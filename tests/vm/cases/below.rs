//! What lies between radera and a drive, or under it: device-mapper targets that fail or lie, and a memory card.

use crate::support::disk::Scratch;
use crate::support::{MIB, SECTOR};
use crate::vm::disk::{Bus, CARD_SERIAL, Disk};
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const DISK_MIB: u64 = 4;
const SECTORS: u64 = DISK_MIB * MIB / SECTOR;
/// Sectors behind dm-error: the first and how many.
const BAD: (u64, u64) = (3000, 16);

#[test]
fn a_memory_card_and_what_device_mapper_makes_of_a_drive() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let torn = Disk::marked(&scratch, "BELOW1", Bus::VirtioBlk, DISK_MIB);
    let lying = Disk::marked(&scratch, "BELOW2", Bus::VirtioBlk, DISK_MIB);
    let card = Disk::marked(&scratch, CARD_SERIAL, Bus::Sd, DISK_MIB);
    let mut guest = Machine::new(rig).disk(&torn).disk(&lying).disk(&card).boot();
    let station = Station::in_memory(&mut guest);
    guest.must("modprobe -a dm_mod dm_flakey");
    some_sectors_fail(&mut guest, &station, rig, &torn, &scratch);
    writes_are_dropped(&mut guest, &station, rig, &lying, &scratch);
    a_card(&mut guest, &station, rig, &card, &scratch);
    guest.power_off();
}

/// dm-error in the midst of a drive: what can't be written stands in the record, and nobody is told more than that.
fn some_sectors_fail(guest: &mut Guest, station: &Station, rig: &Rig, disk: &Disk, scratch: &Scratch) {
    let (first, count) = BAD;
    let rest = first + count;
    let below = guest.node(&disk.serial);
    let table =
        format!("0 {first} linear {below} 0\n{first} {count} error\n{rest} {} linear {below} {rest}", SECTORS - rest);
    let node = guest.mapped("torn", &table);
    let refused = station.run(guest, &["plan", &below, "--method", "clear"]);
    assert!(refused.code() == 3 && refused.said().contains("torn"), "the drive below is in use: {refused:?}");
    let shown = station.run(guest, &["show", &node]);
    assert!(shown.said().contains("device-mapper"), "{shown:?}");

    let ended = station.wipe(guest, &node, &[]);
    assert_eq!(ended.code(), 4, "{ended:?}\n{}", guest.diagnosis());
    let record = station.record(guest, &ended, scratch);
    assert_eq!(record.verdict(), ("sanitized-with-exceptions", "none"), "{}", record.json);
    let bad = vec![(first * SECTOR, count * SECTOR)];
    assert_eq!(record.exceptions("write-failed"), bad, "{}", record.json);
    assert_eq!(record.exceptions("unreadable"), bad, "{}", record.json);
    guest.must("sync");
    assert_eq!(disk.truth(rig).marked, count, "the sectors that no write reached, and no others");
    assert_eq!(disk.truth_in(rig, first * SECTOR, count * SECTOR).marked, count);
}

/// dm-flakey that drops writes is a drive that lies. When it has healed, the same device is overwritten, and no more is claimed of it.
fn writes_are_dropped(guest: &mut Guest, station: &Station, rig: &Rig, disk: &Disk, scratch: &Scratch) {
    let below = guest.node(&disk.serial);
    let node = guest.mapped("lying", &format!("0 {SECTORS} flakey {below} 0 0 60 1 drop_writes"));
    let ended = station.wipe(guest, &node, &[]);
    assert_eq!(ended.code(), 5, "{ended:?}\n{}", guest.diagnosis());
    let record = station.record(guest, &ended, scratch);
    assert_eq!(record.verdict(), ("failed", "none"), "{}", record.json);
    assert!(record.number("/verification/mismatches") > 0, "{}", record.json);
    guest.must("sync");
    assert_eq!(disk.truth(rig).marked, SECTORS, "dm-flakey let a write through, so the case shows less than it should");

    guest.must(&format!(
        "dmsetup suspend --noudevsync lying && dmsetup load lying --table '0 {SECTORS} linear {below} 0' && dmsetup resume --noudevsync lying"
    ));
    let ended = station.wipe(guest, &node, &[]);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.diagnosis());
    let record = station.record(guest, &ended, scratch);
    assert_eq!(record.verdict(), ("sanitized", "logical-overwrite"), "{}", record.json);
    guest.must("sync");
    assert_eq!(disk.truth(rig).marked, 0);
}

/// QEMU's memory card behind an SD host controller: overwritten, never purged.
fn a_card(guest: &mut Guest, station: &Station, rig: &Rig, card: &Disk, scratch: &Scratch) {
    let node = guest.node(CARD_SERIAL);
    let shown = station.run(guest, &["show", &node]);
    assert_eq!(shown.code(), 0, "{shown:?}");
    let told = |key: &str| shown.find(key).unwrap_or_default();
    assert_eq!(
        (told("bus"), told("serial"), told("serial_source")),
        ("sd".into(), CARD_SERIAL.into(), "mmc-cid".into())
    );
    let refused = station.run(guest, &["plan", &node, "--method", "purge"]);
    assert!(refused.code() == 3 && refused.said().contains("Purge"), "{refused:?}");
    let wiped = station.run(guest, &["wipe", &node, "--method", "purge", "--confirm", CARD_SERIAL, "--out", "/tmp"]);
    assert_eq!(wiped.code(), 3, "{wiped:?}");
    assert_eq!(card.truth(rig).marked, SECTORS, "a purge that was refused changed the card");

    let ended = station.wipe(guest, &node, &[]);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.diagnosis());
    let record = station.record(guest, &ended, scratch);
    assert_eq!(record.verdict(), ("sanitized", "clear"), "{}", record.json);
    // NIST SP 800-88 Rev. 1, Appendix A, asks for a pattern and its complement on memory cards.
    assert_eq!(record.value("/passes").as_array().map(Vec::len), Some(2), "{}", record.json);
    guest.must("sync");
    assert_eq!(card.truth(rig).marked, 0);
    assert!(card.content(rig, 0, card.bytes) == record.regenerate(0, card.bytes as usize), "not what the record says");
}
