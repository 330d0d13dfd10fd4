//! Drives whose every command is answered by a program of ours, behind the kernel's own SCSI and NVMe drivers.

use crate::support::disk::Scratch;
use crate::vm::bay::{Bay, Plugged};
use crate::vm::image::Description;
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const BYTES: u64 = 8192 * 512;

/// A machine with one drive of the model; the case.
fn with(kind: &str, serial: &str, case: impl FnOnce(&mut Guest, &Bay, &Plugged, &Scratch)) {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let bay = Bay::new(&scratch, "BAY", vec![Description::new(kind, serial, 3)]);
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    case(&mut guest, &bay, &drives[0], &scratch);
    guest.power_off();
}

/// Whole-disk wipe through the emulated drive, and what the host finds behind it.
fn wiped(guest: &mut Guest, bay: &Bay, drive: &Plugged, scratch: &Scratch) {
    assert_eq!(
        guest.must(&format!("dd if={} bs=512 skip=9 count=1 2>/dev/null | head -c 19", drive.node)),
        "DRIVE-SHADOW-MARKER"
    );
    assert_eq!(bay.truth(&drive.serial).total(), bay.all(&drive.serial));
    let station = Station::in_memory(guest);
    let ended = station.wipe(guest, &drive.node, &[]);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.must("dmesg | tail -20"));
    let record = station.record(guest, &ended, scratch);
    assert_eq!(record.text("/medium/serial"), drive.serial, "{}", record.json);
    guest.must("sync");
    let truth = bay.truth(&drive.serial);
    assert_eq!(truth.user, 0);
    assert!(truth.spare > 0 && truth.remapped > 0, "overwriting reaches no spare blocks: {truth:?}");
    assert!(bay.content(&drive.serial, BYTES) == record.regenerate(0, BYTES as usize));
}

#[test]
fn a_scsi_drive_in_user_space_is_a_real_disk() {
    with("sas-hdd", "MODELSAS01", |guest, bay, drive, scratch| {
        let node = &drive.node;
        assert_eq!(guest.node("MODELSAS01"), *node);
        let peer =
            guest.must(&format!("sg_inq {node}; sg_vpd -p sn {node}; sg_readcap --16 {node}; sg_modes -p 8 {node}"));
        assert!(peer.contains("SAS HDD 8M") && peer.contains("MODELSAS01"), "{peer}");
        assert!(peer.contains("Number of logical blocks=8192"), "{peer}");
        // Sense data comes back through the kernel: a disk has no block erase.
        let refused = guest.run(&format!("sg_raw -v {node} 48 02 00 00 00 00 00 00 00 00"));
        assert!(refused.said().contains("Invalid field in cdb"), "{refused:?}");
        // Byte 1 came as it was sent.
        let told = bay.commands("MODELSAS01");
        assert!(told.contains(&"cdb 48 02 00 00 00 00 00 00 00 00".to_string()), "{told:?}");
        wiped(guest, bay, drive, scratch);
    });
}

#[test]
fn an_nvme_drive_in_user_space_is_a_real_disk() {
    with("nvme", "MODELNVME01", |guest, bay, drive, scratch| {
        let (controller, node) = (&drive.controller, &drive.node);
        assert_eq!(guest.node("MODELNVME01"), *node);
        let peer = guest.must(&format!("nvme id-ctrl {controller}; nvme id-ns {node}; nvme smart-log {node}"));
        assert!(peer.contains("DRIVES NVME 8M") && peer.contains("MODELNVME01"), "{peer}");
        assert_eq!(guest.must(&format!("blockdev --getsize64 {node}")).trim(), BYTES.to_string());
        // Status codes come back through the kernel: action 7 is none.
        let refused = guest.run(&format!("nvme admin-passthru {controller} --opcode=0x84 --cdw10=7"));
        assert!(refused.said().contains("INVALID_FIELD") || refused.said().contains("Invalid Field"), "{refused:?}");
        let sent = bay.commands("MODELNVME01").into_iter().filter(|line| line.starts_with("admin 84")).count();
        assert_eq!(sent, 1);
        wiped(guest, bay, drive, scratch);
    });
}

#[test]
fn a_scsi_command_that_is_never_answered_holds_up_no_other() {
    with("sas-hdd", "MODELSAS02", |guest, _, drive, _| {
        let node = &drive.node;
        let silent = "ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
        let read = format!("dd if={node} of=/dev/null bs=64k count=32 iflag=direct");
        let ended = guest.run(&format!(
            "(sg_raw -t 4 {node} {silent} >/tmp/silent 2>&1; echo $? >/tmp/ended) & sleep 1; {read} && [ ! -e /tmp/ended ]"
        ));
        assert_eq!(ended.code(), 0, "reads wait for a command that is never answered: {ended:?}");
        let code = guest.must("until [ -e /tmp/ended ]; do sleep 1; done; cat /tmp/ended; cat /tmp/silent");
        assert!(!code.starts_with("0\n"), "{code}");
        // The kernel has given it up; the drive goes on.
        guest.must(&read);
    });
}

#[test]
fn an_nvme_command_that_is_never_answered_costs_a_connection_and_no_more() {
    with("nvme", "MODELNVME02", |guest, _, drive, _| {
        let ended = guest.run(&format!("nvme admin-passthru {} --opcode=0xff --timeout=3000", drive.controller));
        assert_ne!(ended.code(), 0, "{ended:?}");
        let state = format!("/sys/class/nvme/{}/state", drive.controller.trim_start_matches("/dev/"));
        guest.must(&format!("until grep -q live {state}; do sleep 1; done"));
        let read = format!("dd if={} bs=512 skip=9 count=1 iflag=direct 2>/dev/null | head -c 19", drive.node);
        assert_eq!(guest.must(&read), "DRIVE-SHADOW-MARKER");
        assert!(
            guest.must("dmesg").contains("Reconnecting"),
            "the connection was not cut, so the case shows less than it should"
        );
    });
}
