//! What radera refuses to purge, and leaves as it is: drives without the commands, one behind a network, one with a sibling in use.

use super::cells::disguise;
use crate::support::disk::Scratch;
use crate::vm::bay::{Bay, Plugged};
use crate::vm::disk::{Bus, Disk};
use crate::vm::image::Description;
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const DRIVES: [(Bus, &str); 5] = [
    (Bus::Ata, "NOPURGE1"),
    (Bus::Nvme, "NOPURGE2"),
    (Bus::UsbStorage, "NOPURGE3"),
    (Bus::VirtioBlk, "NOPURGE4"),
    (Bus::VirtioScsi, "NOPURGE5"),
];

#[test]
fn what_can_not_be_purged_is_refused_and_left_as_it_is() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let disks: Vec<Disk> = DRIVES.iter().map(|(bus, serial)| Disk::marked(&scratch, serial, *bus, 4)).collect();
    let mut two = Description::new("nvme", "SIBLINGS", 1);
    two.namespaces = 2;
    let bay = Bay::new(&scratch, "BAY", vec![Description::new("nvme", "NOPURGE6", 1), two]);
    let mut guest = disks.iter().fold(Machine::new(rig).disk(bay.disk()), Machine::disk).boot();
    let plugged = bay.plug_in(&mut guest);
    let [remote, two] = plugged.as_slice() else { panic!("{plugged:?}") };
    let station = Station::in_memory(&mut guest);

    // A controller of the model, as it is: over a network.
    let plan = station.run(&mut guest, &["plan", &remote.node, "--method", "purge"]);
    assert!(plan.code() == 3 && plan.said().contains("nvme-fabrics"), "{plan:?}");
    assert_eq!(bay.truth(&remote.serial).total(), bay.all(&remote.serial));
    for disk in &disks {
        without_a_purge(&mut guest, &station, disk);
        assert_eq!(disk.truth(rig).marked, disk.truth(rig).total, "{} was changed", disk.serial);
    }
    disguise(&mut guest, std::slice::from_ref(two));
    with_a_sibling(&mut guest, &station, &bay, two);
    guest.power_off();
}

/// QEMU's own drives have no sanitize command.
fn without_a_purge(guest: &mut Guest, station: &Station, disk: &Disk) {
    let node = guest.node(&disk.serial);
    let shown = station.run(guest, &["show", &node]);
    assert_eq!(shown.code(), 0, "{shown:?}");
    let plan = station.run(guest, &["plan", &node, "--method", "purge"]);
    assert!(plan.code() == 3 && plan.said().contains("Purge"), "{}: {plan:?}", disk.serial);
    let wiped = station.run(guest, &["wipe", &node, "--method", "purge", "--confirm", &disk.serial, "--out", "/tmp"]);
    assert_eq!(wiped.code(), 3, "{}: {wiped:?}", disk.serial);
}

/// What erases one namespace erases the other: that must be free, and is confirmed as well.
fn with_a_sibling(guest: &mut Guest, station: &Station, bay: &Bay, drive: &Plugged) {
    let [first, second] = drive.spaces.as_slice() else { panic!("{drive:?}") };
    let purge = ["--method", "purge", "--technique", "nvme-sanitize-block"];
    let plan = |guest: &mut Guest| station.run(guest, &[&["plan", first], &purge[..]].concat());
    let wipe = |guest: &mut Guest, confirm: &str| {
        station.run(guest, &[&["wipe", first, "--out", "/tmp", "--confirm", confirm], &purge[..]].concat())
    };
    let token = plan(guest).find("confirm").expect("a plan asks for a confirmation");

    guest.must(&format!("mkswap {second} && swapon {second} && sync"));
    let before = bay.truth(&drive.serial);
    let refused = plan(guest);
    let names_it = |said: &str| said.contains(second.as_str()) && said.contains("swap");
    assert!(refused.code() == 3 && names_it(&refused.said()), "{refused:?}");
    for confirm in [&drive.serial, &token, &refused.find("confirm").unwrap_or_default()] {
        let wiped = wipe(guest, confirm);
        assert!(wiped.code() == 3 && names_it(&wiped.said()), "confirmed by {confirm}: {wiped:?}");
    }
    assert_eq!(bay.truth(&drive.serial), before, "a drive with a sibling in use was changed");

    guest.must(&format!("swapoff {second}"));
    let free = plan(guest);
    let (confirm, kind) = (free.find("confirm").unwrap_or_default(), free.find("confirm_kind").unwrap_or_default());
    assert_eq!(free.code(), 0, "{free:?}");
    assert!(kind == "token" && confirm.starts_with("ERASE-ALL-"), "{free:?}");
    let wiped = wipe(guest, &drive.serial);
    assert!(wiped.code() == 3 && wiped.said().contains("ERASE-ALL-"), "a serial confirms two namespaces: {wiped:?}");
    assert_eq!(bay.truth(&drive.serial), before, "it was not confirmed, and has changed");
    let wiped = wipe(guest, &confirm);
    assert_eq!(wiped.code(), 0, "{wiped:?}");
    assert_eq!(bay.truth(&drive.serial).total(), 0);
}
