//! The commands that Debian's own tools send, as the drive model receives them: kept in tests/data/peers, where tests/peers.rs
//! holds radera's own against them. `RADERA_PEERS=write` writes them anew.

use crate::support::disk::Scratch;
use crate::vm::bay::Bay;
use crate::vm::image::Description;
use crate::vm::kept;
use crate::vm::machine::Machine;
use crate::vm::rig::Rig;

/// Kind of drive, package, and what is run, in this order. After each the drive has time to finish.
const RUNS: [(&str, &str, &[&str]); 4] = [
    (
        "sata-hdd",
        "hdparm",
        &[
            "hdparm -N $node",
            "hdparm --dco-identify $node",
            "hdparm --yes-i-know-what-i-am-doing --sanitize-freeze-lock $node",
        ],
    ),
    (
        "sata-ssd",
        "hdparm",
        &[
            "hdparm --sanitize-status $node",
            "hdparm --yes-i-know-what-i-am-doing --sanitize-block-erase $node",
            "hdparm --yes-i-know-what-i-am-doing --sanitize-crypto-scramble $node",
            "hdparm --yes-i-know-what-i-am-doing --sanitize-overwrite-passes 2 --sanitize-overwrite hex:12345678 $node",
            "hdparm --yes-i-know-what-i-am-doing --sanitize-antifreeze-lock $node",
            "hdparm --user-master u --security-set-pass PASS $node",
            "hdparm --user-master u --security-erase-enhanced PASS $node",
            "hdparm --user-master u --security-set-pass PASS $node; true",
            "hdparm --user-master u --security-erase PASS $node",
        ],
    ),
    (
        "sas-ssd",
        "sg3-utils",
        &[
            "sg_sanitize --block --quick --early $node",
            "sg_sanitize --crypto --quick --early $node",
            "printf '\\022\\064\\126\\170' >/tmp/pattern; sg_sanitize --overwrite --count=2 --pattern=/tmp/pattern --quick --early $node",
            "sg_sanitize --fail --early --quick $node; true",
            "sg_requests $node",
        ],
    ),
    (
        "nvme",
        "nvme-cli",
        &[
            "nvme sanitize-log $controller",
            "nvme sanitize $controller --sanact=2 --no-dealloc",
            "nvme sanitize $controller --sanact=4",
            "nvme sanitize $controller --sanact=3 --owpass=2 --ovrpat=0x12345678",
            "nvme sanitize $controller --sanact=1",
            "nvme format $node --ses=1 --force",
            "nvme format $node --ses=2 --force",
        ],
    ),
];

/// What erases or tells of it: the kernel asks for other things in between.
fn counts(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["out"] => false,
        ["out", ..] | ["cdb", "03" | "48" | "85" | "a1", ..] | ["admin", "80" | "84", ..] => true,
        ["admin", "02", rest @ ..] => rest.get(39) == Some(&"81"),
        _ => false,
    }
}

/// Without the zeros that fill a block, and without what the host's driver put in: flags, command ID, data pointer.
fn shortened(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    match words[0] {
        "out" => {
            let bytes = words.len() - 1;
            while words.last() == Some(&"00") {
                words.pop();
            }
            format!("{} ({bytes} bytes, zeros after these)", words.join(" "))
        }
        "admin" => {
            words[2..5].fill("..");
            words[25..41].fill("..");
            words.join(" ")
        }
        _ => words.join(" "),
    }
}

#[test]
fn what_debians_tools_send() {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let drives =
        RUNS.iter().enumerate().map(|(n, (kind, ..))| Description::new(kind, &format!("BYTES{n}"), 1)).collect();
    let bay = Bay::new(&scratch, "BAY", drives);
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    let mut wrong = Vec::new();
    for ((_, package, commands), drive) in RUNS.iter().zip(&drives) {
        let file = format!("tests/data/peers/{package}.hex");
        kept::compare(&file, "Version", &format!("# {package} {}", rig.package(package).1));
        for command in *commands {
            let before = bay.commands(&drive.serial).len();
            let run = guest.run(&format!("node={}; controller={}; {command}", drive.node, drive.controller));
            let lines = bay.commands(&drive.serial);
            let lines: Vec<String> = lines[before..].iter().filter(|l| counts(l)).map(|l| shortened(l)).collect();
            if run.code() != 0 || lines.is_empty() {
                wrong.push(format!("{command}: {lines:?} {run:?}"));
            }
            kept::compare(&file, command, &lines.join("\n"));
            // Seconds are a hundredth as long for the drives while there is this file.
            guest.must("touch /tmp/hurry; usleep 400000; rm /tmp/hurry");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    guest.power_off();
}
