//! radera on QEMU's own drives, bus by bus.

use serde_json::Value;

use crate::support::disk::Scratch;
use crate::support::radera::{Ended, Issued};
use crate::support::{MIB, SECTOR};
use crate::vm::disk::{Bus, Disk};
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const DISK_MIB: u64 = 12;
/// Two partitions of 4 MiB.
const TABLE: &str = "label: gpt\nstart=2048, size=8192\nstart=10240, size=8192\n";
const FIRST: (u64, u64) = (MIB, 4 * MIB);

/// What a bus should look like to radera, and how Debian's own tools see the drive.
struct Expected {
    bus: Bus,
    serial: &'static str,
    /// `bus` and `serial_source` in `show --json`.
    told: (&'static str, &'static str),
    /// A program that asks the drive who it is; its output has the serial number.
    peer: &'static str,
}

fn only(ended: &Ended) -> Value {
    let mut lines = ended.lines();
    assert_eq!((ended.code(), lines.len()), (0, 1), "{ended:?}");
    lines.remove(0)
}

/// `list`, `show`, wiping of one partition beside another, wiping of the whole.
fn on(expected: &Expected) {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let disk = Disk::marked(&scratch, expected.serial, expected.bus, DISK_MIB);
    let beside = Disk::marked(&scratch, "BESIDE1", expected.bus, 2);
    disk.partition(TABLE);
    let before = disk.truth(rig);
    let (inside, whole) = (FIRST.1 / SECTOR, DISK_MIB * MIB / SECTOR);
    assert!(before.marked > whole - 128 && before.marked < whole, "only the tables took markers: {before:?}");

    let mut guest = Machine::new(rig).disk(&disk).disk(&beside).boot();
    let node = guest.node(expected.serial);
    let peer = guest.must(&format!("node={node}; {}", expected.peer));
    assert!(peer.contains(expected.serial), "{}: {peer}", expected.peer);
    let station = Station::in_memory(&mut guest);
    known(&mut guest, &station, expected, &node);

    let partition = if node.ends_with(|c: char| c.is_ascii_digit()) { format!("{node}p1") } else { format!("{node}1") };
    let ended = station.wipe(&mut guest, &partition, &[]);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.diagnosis());
    let record = station.record(&mut guest, &ended, &scratch);
    assert_eq!(record.number("/scope/first_byte"), FIRST.0, "{}", record.json);
    assert_eq!(disk.truth_in(rig, FIRST.0, FIRST.1).marked, 0);
    assert_eq!(disk.truth(rig).marked, before.marked - inside, "a marker outside the partition is gone");
    assert!(disk.content(rig, FIRST.0, FIRST.1) == record.regenerate(0, FIRST.1 as usize));

    let ended = station.wipe(&mut guest, &node, &["--pattern", "0x3c"]);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.diagnosis());
    let record = station.record(&mut guest, &ended, &scratch);
    whole_and_wiped(rig, &disk, &record, expected);
    assert_eq!(beside.truth(rig).marked, beside.truth(rig).total, "the drive beside it has changed");
    guest.power_off();
}

fn known(guest: &mut Guest, station: &Station, expected: &Expected, node: &str) {
    let shown = only(&station.run(guest, &["show", node]));
    assert_eq!(shown["serial"], expected.serial, "{shown}");
    assert_eq!(
        (shown["bus"].as_str(), shown["serial_source"].as_str()),
        (Some(expected.told.0), Some(expected.told.1))
    );
    assert_eq!(shown["size_bytes"], DISK_MIB * MIB, "{shown}");
    assert_eq!(shown["in_use"], false, "{shown}");
    assert_eq!(shown["partitions"].as_array().map(Vec::len), Some(2), "{shown}");
    let listed = station.run(guest, &["list"]);
    assert_eq!(listed.code(), 0, "{listed:?}");
    let serials: Vec<Value> = listed.lines().iter().map(|line| line["serial"].clone()).collect();
    assert!(serials.contains(&expected.serial.into()) && serials.contains(&"BESIDE1".into()), "{listed:?}");
}

fn whole_and_wiped(rig: &Rig, disk: &Disk, record: &Issued, expected: &Expected) {
    assert_eq!(record.text("/status"), "sanitized", "{}", record.json);
    assert_eq!(record.text("/medium/serial"), expected.serial);
    assert_eq!(record.number("/verification/bytes_read"), disk.bytes);
    // NIST SP 800-88 Rev. 1 asks for a pattern and then its complement on USB flash; the others can be told from flash, or are none.
    let passes = record.value("/passes").as_array().unwrap();
    let patterns: Vec<&str> = passes.iter().map(|pass| pass["bytes_hex"].as_str().unwrap_or("none")).collect();
    assert_eq!(patterns, if expected.told.0 == "usb" { vec!["3c", "c3"] } else { vec!["3c"] });
    assert!(disk.content(rig, 0, disk.bytes) == record.regenerate(0, disk.bytes as usize), "not what the record says");
}

#[test]
fn nvme() {
    on(&Expected { bus: Bus::Nvme, serial: "RIGNVME1", told: ("nvme", "nvme-identify"), peer: "nvme id-ctrl $node" });
}

#[test]
fn sata() {
    on(&Expected { bus: Bus::Ata, serial: "RIGATA1", told: ("ata", "ata-vpd"), peer: "hdparm -I $node" });
}

#[test]
fn usb_bulk_only() {
    // The kernel asks no VPD pages of these: they hang on them too often.
    let told = ("usb", "usb-descriptor");
    on(&Expected { bus: Bus::UsbStorage, serial: "RIGUSB1", told, peer: "sg_inq $node; sg_vpd -p sn $node" });
}

#[test]
fn usb_attached_scsi() {
    on(&Expected { bus: Bus::Uas, serial: "RIGUAS1", told: ("usb", "scsi-vpd-80"), peer: "sg_vpd -p sn $node" });
}

#[test]
fn virtio_scsi() {
    let told = ("virtio", "scsi-vpd-80");
    on(&Expected { bus: Bus::VirtioScsi, serial: "RIGVSCSI1", told, peer: "sg_vpd -p sn $node" });
}

#[test]
fn virtio_block() {
    let told = ("virtio", "virtio-id");
    on(&Expected { bus: Bus::VirtioBlk, serial: "RIGVBLK1", told, peer: "cat /sys/block/${node##*/}/serial" });
}
