//! The power goes in mid-wipe; the machine boots again, and `resume` finishes.

use crate::support::MIB;
use crate::support::disk::Scratch;
use crate::vm::bay::Bay;
use crate::vm::disk::{Bus, Disk};
use crate::vm::image::Description;
use crate::vm::machine::Machine;
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const DISK_MIB: u64 = 32;
/// Bytes that are told as done when the power goes: more than the margin of 16 MiB by which a resume steps back, so that the stream
/// on the drive proves that it is the same.
const CUT_AT: u64 = 24 * MIB;
/// Bytes a second: the cut comes in mid-wipe under emulation, too.
const RATE: u64 = 6 * MIB;

/// Cuts the power while the drive is wiped; boots again with the drives in another order; resumes.
fn cut(bus: Bus, serial: &str, volatile: bool) {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let state = Disk::ext4(&scratch, "STATION1", 16);
    let disk = Disk::marked(&scratch, serial, bus, DISK_MIB);
    let disk = if volatile { disk.with_volatile_cache(rig) } else { disk };
    // Takes the first name at the second boot.
    let other = Disk::marked(&scratch, "STRANGER1", bus, 2);

    let mut guest = Machine::new(rig).disk(&state).disk(&disk).boot();
    let station = Station::on_disk(&mut guest, "STATION1");
    let before = guest.node(serial);
    let mut wiping = station.start_wipe(&mut guest, &before, &["--max-rate", &RATE.to_string()]);
    let done = wiping.wait_for("progress", |line| {
        let event: serde_json::Value = serde_json::from_str(line).ok()?;
        let done = event["bytes_done"].as_u64().filter(|done| *done >= CUT_AT)?;
        (event["event"] == "progress").then_some(done)
    });
    drop(wiping);
    guest.power_cut();
    let left = disk.truth(rig);
    assert!(left.marked > 0, "it was done before the cut: {left:?}");
    assert!(left.marked < left.total, "nothing had been written at {done} bytes: {left:?}");
    if volatile {
        let gone = (left.total - left.marked) * 512;
        assert!(gone < done, "the cache lost nothing: {done} bytes were told as done, {gone} are");
    }

    let mut guest = Machine::new(rig).disk(&other).disk(&state).disk(&disk).boot();
    let station = Station::on_disk(&mut guest, "STATION1");
    assert_ne!(guest.node(serial), before, "the drive kept its name, so the case shows less than it should");
    let ended = station.resume(&mut guest);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.diagnosis());
    let records = station.records(&mut guest, &ended, &scratch);
    let finished = records.iter().filter(|record| record.text("/status") == "sanitized").collect::<Vec<_>>();
    let [record] = finished.as_slice() else { panic!("one record that says sanitized: {records:?}") };
    assert_eq!(record.text("/medium/serial"), serial);
    assert_eq!(record.value("/sessions").as_array().map(Vec::len), Some(2), "{}", record.json);
    assert_eq!(record.number("/verification/bytes_read"), disk.bytes, "{}", record.json);
    guest.power_off();
    assert_eq!(disk.truth(rig).marked, 0);
    assert!(disk.content(rig, 0, disk.bytes) == record.regenerate(0, disk.bytes as usize), "not what the record says");
    assert_eq!(other.truth(rig).marked, other.truth(rig).total, "the drive with the old name has changed");
}

#[test]
fn cut_with_a_drive_that_keeps_what_it_was_sent() {
    cut(Bus::VirtioScsi, "RIGCUT1", false);
}

#[test]
fn cut_with_a_drive_that_loses_its_cache() {
    cut(Bus::Nvme, "RIGCUT2", true);
}

/// Sanitizes of three drives, begun by Debian's tools, are cut in the middle; after the next boot they are found running.
#[test]
fn a_sanitize_goes_on_by_itself_after_the_power_comes_back() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let serials = ["CUTSATA", "CUTSAS", "CUTNVME"];
    let kinds = ["sata-ssd", "sas-ssd", "nvme"];
    // Longer than the slowest boot; in the end they are hurried.
    let drives = kinds.iter().zip(serials).map(|(kind, serial)| Description::new(kind, serial, 600)).collect();
    let bay = Bay::new(&scratch, "BAY", drives);
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let plugged = bay.plug_in(&mut guest);
    let [sata, sas, nvme] = plugged.as_slice() else { panic!("{plugged:?}") };
    guest.must(&format!(
        "hdparm --yes-i-know-what-i-am-doing --sanitize-block-erase {} && sg_raw {} 48 82 00 00 00 00 00 00 00 00 &&
        nvme sanitize {} -a 2 && sleep 4",
        sata.node, sas.node, nvme.controller
    ));
    guest.power_cut();
    let left = serials.map(|serial| bay.truth(serial).total());
    for (serial, left) in serials.iter().zip(left) {
        assert!(left > 0 && left < bay.all(serial), "{serial} was not cut in the middle: {left} left");
    }

    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    assert_eq!(serials.map(|serial| bay.truth(serial).total()), left, "nothing happens without power");
    let plugged = bay.plug_in(&mut guest);
    let [sata, sas, nvme] = plugged.as_slice() else { panic!("{plugged:?}") };
    let told = guest.must(&format!(
        "hdparm --sanitize-status {}; sg_requests -p {}; nvme sanitize-log {}",
        sata.node, sas.node, nvme.controller
    ));
    for seen in ["SD2 Sanitize operation In Process", "Progress indication", "(SPROG)"] {
        assert!(told.contains(seen), "{seen} is not told: {told}");
    }
    guest.must(&format!(
        "touch /tmp/hurry; for n in $(seq 150); do hdparm --sanitize-status {} | grep -q 'In Process' || break; sleep 1; done; sleep 2
        hdparm --sanitize-status {}; sg_turs {}; nvme sanitize-log {}",
        sata.node, sata.node, sas.node, nvme.controller
    ));
    assert_eq!(serials.map(|serial| bay.truth(serial).total()), [0; 3]);
    guest.power_off();
}
