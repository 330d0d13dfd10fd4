//! Debian's own tools on the drive model, through the kernel: what they ask for happens, and what they are told is what they expect.

use crate::support::disk::Scratch;
use crate::vm::cases::emulated::start_drive;
use crate::vm::disk::{Bus, Disk};
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;

const DISK_MIB: u64 = 10;

fn on_model(program: &str, serial: &str, kind: &str, behind: &str, case: impl FnOnce(&mut Guest, &[String])) {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let disk = Disk::marked(&scratch, behind, Bus::VirtioBlk, DISK_MIB);
    let mut guest = Machine::new(rig).disk(&disk).boot();
    let words = start_drive(&mut guest, program, serial, behind, kind);
    case(&mut guest, &words);
    guest.power_off();
}

/// Fills the first MiB of the drive with a text, runs `erase`, and looks for the text through the kernel.
fn erases(guest: &mut Guest, node: &str, erase: &str) -> String {
    guest.must(&format!("yes KNOWN-TEXT | head -c 1048576 >/tmp/text; dd if=/tmp/text of={node} bs=64k oflag=direct"));
    let left = |guest: &mut Guest| {
        let told =
            guest.must(&format!("dd if={node} bs=64k count=16 iflag=direct 2>/dev/null | grep -c KNOWN-TEXT; true"));
        told.trim().parse::<u32>().unwrap()
    };
    assert!(left(guest) > 90_000, "the text is not on {node}");
    let told = guest.must(erase);
    assert_eq!(left(guest), 0, "{erase}: {told}");
    told
}

#[test]
fn hdparm_sanitizes_and_erases_the_sata_drive() {
    on_model("scsi-drive", "MODELSATA1", "sata-ssd", "BEHIND5", |guest, words| {
        let node = format!("/dev/{}", words[0]);
        let told = guest.must(&format!("hdparm -I {node}; smartctl -H -i {node}"));
        for part in ["MODELSATA1", "SANITIZE feature set", "BLOCK_ERASE_EXT", "PASSED", "Solid State Device"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let told = erases(guest, &node, &format!(
            "hdparm --yes-i-know-what-i-am-doing --sanitize-block-erase {node}; hdparm --sanitize-status {node};
            while hdparm --sanitize-status {node} | grep -q SD2; do usleep 200000; done; hdparm --sanitize-status {node}"
        ));
        assert!(told.contains("SD2 Sanitize operation In Process"), "it was never seen running: {told}");
        assert!(told.contains("Last Sanitize Operation Completed Without Error"), "{told}");
        erases(
            guest,
            &node,
            &format!(
                "hdparm --user-master u --security-set-pass p {node}; hdparm --user-master u --security-erase p {node}"
            ),
        );
    });
}

#[test]
fn sg_sanitize_erases_the_sas_drive() {
    on_model("scsi-drive", "MODELSAS1", "sas-ssd", "BEHIND6", |guest, words| {
        let node = format!("/dev/{}", words[0]);
        let told = guest.must(&format!("sg_opcodes {node}; sg_vpd -p sn {node}"));
        assert!(told.contains("Sanitize, block erase") && told.contains("MODELSAS1"), "{told}");
        // Blocking, and in the background.
        erases(guest, &node, &format!("sg_sanitize -B -Q -w {node}"));
        let told = erases(
            guest,
            &node,
            &format!(
                "sg_raw {node} 48 83 00 00 00 00 00 00 00 00; sg_requests -p {node}; until sg_turs {node}; do usleep 200000; done"
            ),
        );
        assert!(told.contains("Progress indication"), "it was never seen running: {told}");
    });
}

#[test]
fn nvme_cli_sanitizes_and_formats_the_controller() {
    on_model("nvme-drive", "MODELNVME1", "2", "BEHIND7", |guest, words| {
        let [controller, first, second] = words else { panic!("{words:?}") };
        let (controller, first, second) =
            (format!("/dev/{controller}"), format!("/dev/{first}"), format!("/dev/{second}"));
        guest.must(&format!("yes OTHER-TEXT | head -c 65536 | dd of={second} bs=64k oflag=direct iflag=fullblock"));
        let other = format!("dd if={second} bs=64k count=1 iflag=direct 2>/dev/null | grep -c OTHER-TEXT; true");
        let told = erases(guest, &first, &format!("nvme format {first} -s 1 --force"));
        assert_ne!(guest.must(&other).trim(), "0", "formatting one namespace erased the other: {told}");
        let told = erases(guest, &first, &format!(
            "nvme sanitize {controller} -a 2; nvme sanitize-log {controller};
            while nvme sanitize-log {controller} | grep -q 'SSTAT.*: *0x2'; do usleep 200000; done; nvme sanitize-log {controller}"
        ));
        let states: Vec<&str> =
            told.lines().filter(|line| line.contains("(SSTAT)")).filter_map(|l| l.split_whitespace().last()).collect();
        let [running, ended] = states.as_slice() else { panic!("{told}") };
        // Bits 2:0; above them, passes and whether anything was written since.
        let state = |text: &str| u16::from_str_radix(text.trim_start_matches("0x"), 16).unwrap() & 7;
        assert_eq!((state(running), state(ended)), (2, 1), "not seen running, then completed: {told}");
        assert_eq!(guest.must(&other).trim(), "0", "a sanitize reaches every namespace");
    });
}
