//! Drives whose every command is answered by a program of ours, behind the kernel's own SCSI and NVMe drivers: Debian's tools take them
//! for real ones, radera wipes them, and the truth behind them is seen.

use crate::support::disk::Scratch;
use crate::vm::bay::{Bay, Plugged};
use crate::vm::image::Description;
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

const BYTES: u64 = 2048 * 512;

/// Whole-disk wipe through the emulated drive, and what the host finds behind it.
fn wiped(guest: &mut Guest, bay: &Bay, drive: &Plugged, scratch: &Scratch) {
    assert_eq!(guest.must(&read_marker(&drive.node)), MARKER);
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

const MARKER: &str = "DRIVE-SHADOW-MARKER";

fn read_marker(node: &str) -> String {
    format!("dd if={node} bs=512 skip=9 count=1 iflag=direct 2>/dev/null | head -c 19")
}

/// What a tool says, with single spaces between its words, must have every one of `facts` in it; and its exit code.
#[track_caller]
fn told(guest: &mut Guest, script: &str, code: i32, facts: &[&str]) {
    let ended = guest.run(script);
    let said: Vec<String> =
        ended.said().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let lost: Vec<&&str> = facts.iter().filter(|fact| !said.iter().any(|line| line.contains(**fact))).collect();
    assert!(lost.is_empty(), "{script} (exit {}) does not say {lost:?}:\n{}", ended.code(), said.join("\n"));
    assert_eq!(ended.code(), code, "{script}: {}", said.join("\n"));
}

#[test]
fn scsi_and_ata_drives_in_user_space_are_real_disks() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let mut partly = Description::new("sata-hdd", "MODELHDD01", 3);
    partly.visible = 1500;
    let drives =
        vec![Description::new("sas-hdd", "MODELSAS01", 3), partly, Description::new("sata-ssd", "MODELSSD01", 3)];
    let bay = Bay::new(&scratch, "BAY", drives);
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    let [sas, hdd, ssd] = drives.as_slice() else { panic!("{drives:?}") };
    a_sas_drive(&mut guest, &bay, sas);
    hidden_sectors(&mut guest, &hdd.node);
    health(&mut guest, [&sas.node, &hdd.node, &ssd.node]);
    a_scsi_command_that_is_never_answered_holds_up_no_other(&mut guest, &sas.node);
    wiped(&mut guest, &bay, sas, &scratch);
    guest.power_off();
}

fn a_sas_drive(guest: &mut Guest, bay: &Bay, drive: &Plugged) {
    let node = &drive.node;
    assert_eq!(guest.node("MODELSAS01"), *node);
    told(
        guest,
        &format!("sg_inq {node}; sg_vpd -p sn {node}; sg_readcap --16 {node}; sg_modes -p 8 {node}"),
        0,
        &["SAS HDD 8M", "MODELSAS01", "Number of logical blocks=2048"],
    );
    // Sense data comes back through the kernel: a disk has no block erase.
    let refused = guest.run(&format!("sg_raw -v {node} 48 02 00 00 00 00 00 00 00 00"));
    assert!(refused.said().contains("Invalid field in cdb"), "{refused:?}");
    // Byte 1 came as it was sent.
    let told = bay.commands("MODELSAS01");
    assert!(told.contains(&"cdb 48 02 00 00 00 00 00 00 00 00".to_string()), "{told:?}");
}

/// 1500 of 2048 sectors are shown.
fn hidden_sectors(guest: &mut Guest, node: &str) {
    assert_eq!(guest.must(&format!("blockdev --getsz {node}")).trim(), "1500");
    told(guest, &format!("hdparm -N {node}"), 0, &["max sectors = 1500/2048"]);
    told(guest, &format!("hdparm --dco-identify {node}"), 0, &["Real max sectors: 2048"]);
}

/// smartctl on a SAS hard disk, a SATA hard disk of which a part is hidden, and a SATA SSD.
fn health(guest: &mut Guest, [sas, hdd, ssd]: [&str; 3]) {
    let facts = [
        "Vendor: DRIVES",
        "Product: SAS HDD 8M",
        "Serial number: MODELSAS01",
        "User Capacity: 1,048,576 bytes",
        "Rotation Rate: 10000 rpm",
        "SMART Health Status: OK",
        "Elements in grown defect list: 32",
        "Accumulated power on time, hours:minutes 1000:00",
        "Device does not support Self Test logging",
    ];
    // Exit 4: a command did not succeed; the model keeps no self-test log.
    told(guest, &format!("smartctl -a {sas}"), 4, &facts);
    let no_ata = "Read Device Identity failed: scsi error unsupported scsi opcode";
    told(guest, &format!("smartctl -i -d sat {sas}"), 2, &[no_ata]);
    let health = [
        "SMART overall-health self-assessment test result: PASSED",
        "5 Reallocated_Sector_Ct PO--CK 100 100 010 - 32",
        "9 Power_On_Hours PO--CK 100 100 010 - 1000",
        "0x30 GPL R/O 9 IDENTIFY DEVICE data log",
        "ATA Security is: Disabled, NOT FROZEN [SEC1]",
        "Self-test Log not supported",
    ];
    let disk = [
        "Device Model: DRIVES HDD 8M",
        "Serial Number: MODELHDD01",
        "User Capacity: 768,000 bytes",
        "Rotation Rate: 7200 rpm",
    ];
    let flash = [
        "Device Model: DRIVES SSD 8M",
        "Serial Number: MODELSSD01",
        "User Capacity: 1,048,576 bytes",
        "Rotation Rate: Solid State Device",
        "TRIM Command: Available, deterministic, zeroed",
    ];
    told(guest, &format!("smartctl -x {hdd}"), 0, &[&disk[..], &health[..]].concat());
    told(guest, &format!("smartctl -i -d sat {hdd}"), 0, &disk);
    told(guest, &format!("smartctl -x {ssd}"), 0, &[&flash[..], &health[..]].concat());
    let every = ["SANITIZE feature set", "OVERWRITE_EXT command", "not frozen", "supported: enhanced erase"];
    let flash = ["CRYPTO_SCRAMBLE_EXT command", "BLOCK_ERASE_EXT command", "Device encrypts all user data"];
    told(guest, &format!("hdparm -I {hdd}"), 0, &every);
    told(guest, &format!("hdparm -I {ssd}"), 0, &[&every[..], &flash[..]].concat());
}

fn a_scsi_command_that_is_never_answered_holds_up_no_other(guest: &mut Guest, node: &str) {
    let silent = "ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
    let read = format!("dd if={node} of=/dev/null bs=64k count=16 iflag=direct");
    let ended = guest.run(&format!(
        "(sg_raw -t 4 {node} {silent} >/tmp/silent 2>&1; echo $? >/tmp/ended) & sleep 1; {read} && [ ! -e /tmp/ended ]"
    ));
    assert_eq!(ended.code(), 0, "reads wait for a command that is never answered: {ended:?}");
    let code = guest.must("until [ -e /tmp/ended ]; do sleep 1; done; cat /tmp/ended; cat /tmp/silent");
    assert!(!code.starts_with("0\n"), "{code}");
    // The kernel has given it up; the drive goes on.
    guest.must(&read);
}

#[test]
fn nvme_drives_in_user_space_are_real_disks() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let drives = ["MODELNVME01", "MODELNVME02", "MODELNVME03"].map(|serial| Description::new("nvme", serial, 1));
    let bay = Bay::new(&scratch, "BAY", drives.to_vec());
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    let [first, user, crypto] = drives.as_slice() else { panic!("{drives:?}") };
    an_nvme_drive(&mut guest, &bay, first);
    formatted(&mut guest, &bay, user, crypto);
    an_nvme_command_that_is_never_answered_costs_a_connection_and_no_more(&mut guest, first);
    wiped(&mut guest, &bay, first, &scratch);
    guest.power_off();
}

fn an_nvme_drive(guest: &mut Guest, bay: &Bay, drive: &Plugged) {
    let (controller, node) = (&drive.controller, &drive.node);
    assert_eq!(guest.node("MODELNVME01"), *node);
    told(
        guest,
        &format!("nvme id-ctrl {controller}; nvme id-ns {node}; nvme smart-log {node}"),
        0,
        &["DRIVES NVME 8M", "MODELNVME01"],
    );
    assert_eq!(guest.must(&format!("blockdev --getsize64 {node}")).trim(), BYTES.to_string());
    let facts = [
        "Model Number: DRIVES NVME 8M",
        "Serial Number: MODELNVME01",
        "Namespace 1 Size/Capacity: 1,048,576",
        "Optional Admin Commands (0x000a): Format NS_Mngmt",
        "SMART overall-health self-assessment test result: PASSED",
        "Critical Warning: 0x00",
        "Power On Hours: 1,000",
        "Media and Data Integrity Errors: 32",
        "No Errors Logged",
    ];
    told(guest, &format!("smartctl -x {controller}"), 0, &facts);
    // Status codes come back through the kernel: action 7 is none.
    let refused = guest.run(&format!("nvme admin-passthru {controller} --opcode=0x84 --cdw10=7"));
    assert!(refused.said().contains("INVALID_FIELD") || refused.said().contains("Invalid Field"), "{refused:?}");
    let sent = bay.commands("MODELNVME01").into_iter().filter(|line| line.starts_with("admin 84")).count();
    assert_eq!(sent, 1);
}

/// Format erases what the host can address; only a new key reaches what is spare.
fn formatted(guest: &mut Guest, bay: &Bay, user: &Plugged, crypto: &Plugged) {
    for drive in [user, crypto] {
        assert_eq!(bay.truth(&drive.serial).total(), bay.all(&drive.serial));
        assert_eq!(guest.must(&read_marker(&drive.node)), MARKER);
    }
    told(guest, &format!("nvme format {} -s 1 --force", user.node), 0, &["Success formatting namespace:1"]);
    told(guest, &format!("nvme format {} -s 2 --force", crypto.node), 0, &["Success formatting namespace:1"]);
    let left = bay.truth(&user.serial);
    assert_eq!(left.user, 0, "{left:?}");
    assert!(left.spare > 0, "SES 1 reaches no spare blocks: {left:?}");
    assert_eq!(bay.truth(&crypto.serial).total(), 0);
    for drive in [user, crypto] {
        assert_ne!(guest.run(&read_marker(&drive.node)).stdout, MARKER);
    }
}

fn an_nvme_command_that_is_never_answered_costs_a_connection_and_no_more(guest: &mut Guest, drive: &Plugged) {
    let ended = guest.run(&format!("nvme admin-passthru {} --opcode=0xff --timeout=3000", drive.controller));
    assert_ne!(ended.code(), 0, "{ended:?}");
    let state = format!("/sys/class/nvme/{}/state", drive.controller.trim_start_matches("/dev/"));
    guest.must(&format!("until grep -q live {state}; do sleep 1; done"));
    assert_eq!(guest.must(&read_marker(&drive.node)), MARKER);
    let says = guest.must("dmesg");
    assert!(says.contains("Reconnecting"), "the connection was not cut, so the case shows less than it should");
}
