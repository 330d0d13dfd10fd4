//! Drives whose every command is answered by a program of ours, behind the kernel's own SCSI and NVMe drivers.

use crate::support::disk::Scratch;
use crate::vm::disk::{Bus, Disk};
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const DISK_MIB: u64 = 8;

/// Starts the program of a drive over a disk of the host's; the words after `ready`.
pub fn start_drive(guest: &mut Guest, program: &str, serial: &str, backing: &str, kind: &str) -> Vec<String> {
    let backing = guest.node(backing);
    guest.must(&format!("{program} {serial} {backing} {kind} >/tmp/{serial}.out 2>/tmp/{serial}.err &"));
    let told = guest.run(&format!(
        "until grep ready /tmp/{serial}.out; do pidof {program} >/dev/null || exit 1; usleep 50000; done"
    ));
    let said = || format!("{told:?}");
    if told.code() != 0 {
        let errors = guest.run(&format!("cat /tmp/{serial}.err; dmesg | tail -30"));
        panic!("{program} gives up: {}", errors.said());
    }
    let words = told.stdout.strip_prefix("ready ").unwrap_or_else(|| panic!("{}", said()));
    words.split_whitespace().map(String::from).collect()
}

/// Whole-disk wipe through the emulated drive, and what the host finds behind it.
fn wiped(rig: &Rig, guest: &mut Guest, scratch: &Scratch, node: &str, serial: &str, behind: &Disk) {
    let station = Station::in_memory(guest);
    assert_eq!(behind.truth(rig).marked, behind.truth(rig).total);
    let ended = station.wipe(guest, node, &[]);
    assert_eq!(ended.code(), 0, "{ended:?}\n{}", guest.must("dmesg | tail -20"));
    let record = station.record(guest, &ended, scratch);
    assert_eq!(record.text("/medium/serial"), serial, "{}", record.json);
    guest.must("sync");
    assert_eq!(behind.truth(rig).marked, 0);
    assert!(behind.content(rig, 0, behind.bytes) == record.regenerate(0, behind.bytes as usize));
}

#[test]
fn a_scsi_drive_in_user_space_is_a_real_disk() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let behind = Disk::marked(&scratch, "BEHIND1", Bus::VirtioBlk, DISK_MIB);
    let mut guest = Machine::new(rig).disk(&behind).boot();
    let words = start_drive(&mut guest, "scsi-drive", "TCMU0001", "BEHIND1", "");
    let [disk] = words.as_slice() else { panic!("{words:?}") };
    let node = format!("/dev/{disk}");
    assert_eq!(guest.node("TCMU0001"), node);

    let peer = guest.must(&format!("sg_inq {node}; sg_vpd -p sn {node}; sg_readcap --16 {node}; sg_modes -p 8 {node}"));
    assert!(peer.contains("PLAIN DISK") && peer.contains("TCMU0001"), "{peer}");
    assert!(peer.contains(&format!("Number of logical blocks={}", DISK_MIB * 2048)), "{peer}");
    // Sense data comes back through the kernel: SANITIZE is a command that this drive doesn't know.
    let refused = guest.run(&format!("sg_raw -v {node} 48 03 00 00 00 00 00 00 00 00"));
    assert!(refused.said().contains("Invalid command operation code"), "{refused:?}");
    assert_eq!(guest.must(&format!("dd if={node} bs=512 skip=9 count=1 2>/dev/null | head -c 14")), "MARKER BEHIND1");
    wiped(rig, &mut guest, &scratch, &node, "TCMU0001", &behind);
    guest.power_off();
}

#[test]
fn an_nvme_drive_in_user_space_is_a_real_disk() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let behind = Disk::marked(&scratch, "BEHIND2", Bus::VirtioBlk, DISK_MIB);
    let mut guest = Machine::new(rig).disk(&behind).boot();
    let words = start_drive(&mut guest, "nvme-drive", "NVMETCP0001", "BEHIND2", "");
    let [controller, namespace] = words.as_slice() else { panic!("{words:?}") };
    let node = format!("/dev/{namespace}");
    assert_eq!(guest.node("NVMETCP0001"), node);

    let peer = guest.must(&format!("nvme id-ctrl /dev/{controller}; nvme id-ns {node}; nvme smart-log {node}"));
    assert!(peer.contains("RIG PLAIN NVME") && peer.contains("NVMETCP0001"), "{peer}");
    assert_eq!(guest.must(&format!("blockdev --getsize64 {node}")).trim(), behind.bytes.to_string());
    // Status codes come back through the kernel: Sanitize is a command that this drive doesn't know.
    let refused = guest.run(&format!("nvme sanitize /dev/{controller} -a 2"));
    assert!(refused.said().contains("Invalid Command Opcode"), "{refused:?}");
    wiped(rig, &mut guest, &scratch, &node, "NVMETCP0001", &behind);
    guest.power_off();
}

#[test]
fn a_scsi_command_that_is_never_answered_holds_up_no_other() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let behind = Disk::marked(&scratch, "BEHIND3", Bus::VirtioBlk, DISK_MIB);
    let mut guest = Machine::new(rig).disk(&behind).boot();
    let words = start_drive(&mut guest, "scsi-drive", "TCMU0003", "BEHIND3", "");
    let node = format!("/dev/{}", words[0]);
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
    guest.power_off();
}

#[test]
fn an_nvme_command_that_is_never_answered_costs_a_connection_and_no_more() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let behind = Disk::marked(&scratch, "BEHIND4", Bus::VirtioBlk, DISK_MIB);
    let mut guest = Machine::new(rig).disk(&behind).boot();
    let words = start_drive(&mut guest, "nvme-drive", "NVMETCP0004", "BEHIND4", "");
    let [controller, namespace] = words.as_slice() else { panic!("{words:?}") };
    let ended = guest.run(&format!("nvme admin-passthru /dev/{controller} --opcode=0xff --timeout=3000"));
    assert_ne!(ended.code(), 0, "{ended:?}");
    let state = format!("/sys/class/nvme/{controller}/state");
    guest.must(&format!("until grep -q live {state}; do sleep 1; done"));
    let read = format!("dd if=/dev/{namespace} bs=512 skip=9 count=1 iflag=direct 2>/dev/null | head -c 14");
    assert_eq!(guest.must(&read), "MARKER BEHIND4");
    assert!(
        guest.must("dmesg").contains("Reconnecting"),
        "the connection was not cut, so the case shows less than it should"
    );
    guest.power_off();
}
