//! The real binary has drives erase themselves, through the real kernel: what it says of each, beside what is left on it.

use serde_json::Value;

use crate::support::disk::Scratch;
use crate::support::radera::{Issued, Radera};
use crate::vm::bay::{Bay, Plugged};
use crate::vm::disk::{Bus, Disk};
use crate::vm::image::Description;
use crate::vm::kept;
use crate::vm::machine::{Guest, Machine};
use crate::vm::rig::Rig;
use crate::vm::station::Station;

/// One job on one drive.
struct Cell {
    kind: &'static str,
    namespaces: u64,
    /// Sectors that the drive shows; the rest is hidden.
    visible: u64,
    technique: &'static str,
    faults: &'static str,
}

const fn cell(kind: &'static str, technique: &'static str, faults: &'static str) -> Cell {
    Cell { kind, namespaces: 1, visible: 0, technique, faults }
}

const fn hidden(kind: &'static str, technique: &'static str, faults: &'static str) -> Cell {
    Cell { visible: 6000, ..cell(kind, technique, faults) }
}

const fn pair(technique: &'static str, faults: &'static str) -> Cell {
    Cell { namespaces: 2, ..cell("nvme", technique, faults) }
}

const SATA: [Cell; 12] = [
    hidden("sata-hdd", "ata-sanitize-overwrite", ""),
    cell("sata-hdd", "ata-sanitize-overwrite", "fails-at:40:sectors-remain"),
    hidden("sata-ssd", "ata-sanitize-block", ""),
    cell("sata-ssd", "ata-sanitize-block", "fails-at:40"),
    cell("sata-ssd", "ata-sanitize-block", "stalls-at:40:3"),
    cell("sata-ssd", "ata-sanitize-block", "stale-success"),
    cell("sata-ssd", "ata-sanitize-block", "lies"),
    cell("sata-ssd", "ata-sanitize-block", "skips-sectors:3000:1000"),
    cell("sata-ssd", "ata-sanitize-block", "refuses:abort"),
    cell("sata-ssd", "ata-sanitize-block", "frozen"),
    cell("sata-ssd", "ata-sanitize-block", "fails-at:40 sense:fixed-8"),
    cell("sata-ssd", "ata-sanitize-crypto", ""),
];

const SAS: [Cell; 9] = [
    cell("sas-hdd", "scsi-sanitize-overwrite", ""),
    cell("sas-ssd", "scsi-sanitize-block", ""),
    cell("sas-ssd", "scsi-sanitize-block", "fails-at:40"),
    cell("sas-ssd", "scsi-sanitize-block", "stalls-at:40:3"),
    cell("sas-ssd", "scsi-sanitize-block", "stale-success"),
    cell("sas-ssd", "scsi-sanitize-block", "lies"),
    cell("sas-ssd", "scsi-sanitize-block", "skips-sectors:3000:1000"),
    cell("sas-ssd", "scsi-sanitize-block", "refuses:abort"),
    cell("sas-ssd", "scsi-sanitize-crypto", ""),
];

const NVME: [Cell; 11] = [
    cell("nvme", "nvme-sanitize-block", ""),
    cell("nvme", "nvme-sanitize-block", "fails-at:40"),
    cell("nvme", "nvme-sanitize-block", "stale-success"),
    cell("nvme", "nvme-sanitize-block", "lies"),
    cell("nvme", "nvme-sanitize-block", "skips-sectors:3000:1000"),
    cell("nvme", "nvme-sanitize-block", "refuses:abort"),
    cell("nvme", "nvme-sanitize-block", "cut-at-command:taken"),
    cell("nvme", "nvme-sanitize-crypto", ""),
    cell("nvme", "nvme-format-crypto", ""),
    pair("nvme-sanitize-block", ""),
    pair("nvme-sanitize-block", "skips-other-namespaces"),
];

impl Cell {
    fn drive(&self, number: usize) -> Description {
        let letters: String = self.kind.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
        let mut drive = Description::new(self.kind, &format!("P{letters}{number:02}"), 3);
        drive.namespaces = self.namespaces;
        drive.visible = self.visible;
        drive.faults = self.faults.split_whitespace().map(|fault| fault.parse().unwrap()).collect();
        drive
    }

    /// A person vouches for what these drives can't say of themselves.
    fn attested(&self) -> &'static str {
        if self.technique.ends_with("-crypto") { "--attest-encryption" } else { "" }
    }

    fn name(&self) -> String {
        let kind = match (self.namespaces, self.visible) {
            (1, 0) => self.kind.to_string(),
            (1, _) => format!("{}, part of it hidden", self.kind),
            (count, _) => format!("{}, {count} namespaces", self.kind),
        };
        format!("{kind} | {} | {}", self.technique, if self.faults.is_empty() { "none" } else { self.faults })
    }
}

/// Has the guest's sysfs say that NVMe controllers are reached over PCIe. radera refuses to purge what it reaches over a network, since that
/// need not be a drive (`drives_without_a_purge_are_refused` shows it); the rig has no other way to bring a controller to the kernel.
fn disguise(guest: &mut Guest, drives: &[Plugged]) {
    for drive in drives.iter().filter(|drive| drive.controller != drive.node) {
        let attribute = format!("/sys/class/nvme/{}/transport", drive.controller.trim_start_matches("/dev/"));
        guest.must(&format!(
            "echo pcie >/tmp/pcie; mount --bind /tmp/pcie $(readlink -f {attribute}); grep -qx pcie {attribute}"
        ));
    }
}

/// What became of one job.
struct Outcome {
    code: i32,
    status: String,
    claim: String,
    /// Exit code of `certificate check` on another machine.
    checked: Option<i32>,
    left: u64,
    said: String,
}

impl Outcome {
    fn row(&self, cell: &Cell) -> String {
        let left = if self.left == 0 { "nothing" } else { "data" };
        format!("| {} | {} | {} | {} | {left} |\n", cell.name(), self.code, self.status, self.claim)
    }
}

/// `radera wipe --method purge`, in the background; what it prints is in files. A state directory each: they run at the same time.
fn begin(cell: &Cell, drive: &Plugged) -> String {
    let Plugged { serial, node, .. } = drive;
    let (technique, attested) = (cell.technique, cell.attested());
    format!(
        "(cd /tmp; mkdir -p {serial}; method='{node} --method purge --technique {technique} {attested}'
        radera --json --state /tmp/{serial}/state plan $method >{serial}.plan 2>{serial}.plan-err; echo $? >{serial}.plan-code
        confirm=$(sed -n 's/.*\"confirm\":\"\\([^\"]*\\)\".*/\\1/p' {serial}.plan | head -n 1)
        radera --json --state /tmp/{serial}/state wipe $method --out /tmp/{serial} --confirm \"${{confirm:-none}}\" \
        >{serial}.out 2>{serial}.err; echo $? >{serial}.code) &\n"
    )
}

fn end(guest: &mut Guest, bay: &Bay, drive: &Plugged, scratch: &Scratch) -> Outcome {
    let serial = &drive.serial;
    let code = guest.must(&format!("cat /tmp/{serial}.code")).trim().parse().unwrap();
    let said = guest.must(&format!("cd /tmp; cat {serial}.out {serial}.err; [ {code} != 3 ] || cat {serial}.plan"));
    assert!(!said.contains("panicked"), "{serial}: {said}");
    let left = bay.truth(serial).total();
    let mut outcome = Outcome { code, status: "no record".into(), claim: "-".into(), checked: None, left, said };
    let paths = guest.must(&format!("ls /tmp/{serial}/*.json 2>/dev/null; true"));
    let paths: Vec<&str> = paths.lines().collect();
    assert!(paths.len() < 2, "{serial}: one job, {paths:?}");
    if let [path] = paths.as_slice() {
        let record = bring(guest, path, scratch);
        outcome.status = record.text("/status").into();
        outcome.claim = record.text("/claim").into();
        assert_eq!(record.text("/medium/serial"), serial, "{}", record.json);
        let checked = Radera::in_scratch(scratch).check(&record.path, &[]);
        outcome.checked = Some(checked.code());
        outcome.said += &format!("\n{}\n{}", checked.said(), record.json);
    }
    outcome
}

fn bring(guest: &mut Guest, path: &str, scratch: &Scratch) -> Issued {
    let name = path.rsplit('/').next().unwrap_or(path);
    for (from, to) in [(path.to_string(), name.to_string()), (format!("{path}.p7s"), format!("{name}.p7s"))] {
        std::fs::write(scratch.join(&to), guest.get(&from)).unwrap();
    }
    Issued::read(scratch.join(name))
}

/// No drive is called sanitized on which something is left; a good one is; and what is said of the others has a record that holds.
fn judge(cell: &Cell, outcome: &Outcome) -> Option<String> {
    let sanitized = outcome.code == 0 || outcome.status.starts_with("sanitized");
    let wrong = if sanitized && outcome.left > 0 {
        "said to be sanitized, and something is left"
    } else if sanitized && (outcome.code != 0 || outcome.claim != "purge") {
        "exit code and record disagree"
    } else if cell.faults.is_empty() && !sanitized {
        "a good drive, not sanitized"
    } else if !sanitized && outcome.left == 0 && !matches!(outcome.code, 4 | 5) {
        "erased, and not said to have been changed"
    } else if outcome.status != "no record" && !matches!(outcome.checked, Some(0 | 8)) {
        "the record does not check out"
    } else if outcome.status == "no record" && outcome.code != 3 {
        "no record of a job that was not refused"
    } else {
        return None;
    };
    Some(format!("{}: {wrong}: exit {}, {} left\n{}\n", cell.name(), outcome.code, outcome.left, outcome.said))
}

fn cells(heading: &str, cells: &[Cell]) {
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let drives = cells.iter().enumerate().map(|(number, cell)| cell.drive(number)).collect();
    let bay = Bay::new(&scratch, "BAY", drives);
    let mut guest = Machine::new(rig).disk(bay.disk()).boot();
    let drives = bay.plug_in(&mut guest);
    disguise(&mut guest, &drives);
    let jobs: String = cells.iter().zip(&drives).map(|(cell, drive)| begin(cell, drive)).collect();
    guest.must(&format!("{jobs}wait"));
    let mut table =
        "| Drive | Technique | Fault | Exit | Record | Claim | Left |\n|---|---|---|---|---|---|---|\n".to_string();
    let mut wrong = Vec::new();
    for (cell, drive) in cells.iter().zip(&drives) {
        let outcome = end(&mut guest, &bay, drive, &scratch);
        table += &outcome.row(cell);
        wrong.extend(judge(cell, &outcome));
    }
    guest.power_off();
    assert!(wrong.is_empty(), "{table}\n{}", wrong.join("\n"));
    kept::compare("docs/peers.md", heading, &table);
}

#[test]
fn sata_drives() {
    cells("radera on SATA drives", &SATA);
}

#[test]
fn sas_drives() {
    cells("radera on SAS drives", &SAS);
}

#[test]
fn nvme_controllers() {
    cells("radera on NVMe controllers", &NVME);
}

/// The power goes while five drives erase themselves; after the next boot `resume` finds three of them at it, joins them and finishes.
/// SCSI disks that erase show no size until they are done, and then nothing tells whose erase that was: these are not called sanitized.
#[test]
fn cut_while_drives_erase_themselves() {
    const CUT: [(&str, &str); 5] = [
        ("sata-hdd", "ata-sanitize-overwrite"),
        ("sata-ssd", "ata-sanitize-block"),
        ("sas-hdd", "scsi-sanitize-overwrite"),
        ("sas-ssd", "scsi-sanitize-block"),
        ("nvme", "nvme-sanitize-block"),
    ];
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let state = Disk::ext4(&scratch, "STATION2", 16);
    let drives = CUT.iter().enumerate().map(|(n, (kind, _))| Description::new(kind, &format!("CUT{n}"), 120)).collect();
    let bay = Bay::new(&scratch, "BAY", drives);
    let mut guest = Machine::new(rig).disk(&state).disk(bay.disk()).boot();
    let station = Station::on_disk(&mut guest, "STATION2");
    let plugged = bay.plug_in(&mut guest);
    disguise(&mut guest, &plugged);
    let nodes: Vec<&str> = plugged.iter().map(|drive| drive.node.as_str()).collect();
    let mut running = station.start_purge(&mut guest, &nodes);
    // All of them were told to, and have come some way.
    let mut begun = std::collections::BTreeSet::new();
    running.wait_for("progress of every drive", |line| {
        let event: Value = serde_json::from_str(line).ok()?;
        let some = event["event"] == "progress" && event["bytes_done"].as_u64().is_some_and(|done| done > 0);
        if some {
            begun.insert(event["target"].to_string());
        }
        (begun.len() == CUT.len()).then_some(())
    });
    drop(running);
    guest.power_cut();
    for drive in &plugged {
        let left = bay.truth(&drive.serial).total();
        assert!(left > 0, "{} was done before the cut", drive.serial);
    }

    let mut guest = Machine::new(rig).disk(&state).disk(bay.disk()).boot();
    let station = Station::on_disk(&mut guest, "STATION2");
    let plugged = bay.plug_in(&mut guest);
    disguise(&mut guest, &plugged);
    let ended = station.resume(&mut guest);
    let mut records = station.records(&mut guest, &ended, &scratch);
    // The kernel gives a SCSI disk that erases no size: that is told.
    let sas: Vec<_> =
        plugged.iter().filter(|drive| drive.node.starts_with("/dev/sd") && is_sas(&drive.serial)).collect();
    assert!(ended.code() != 0 && ended.said().contains("device/rescan"), "{ended:?}");
    for drive in &sas {
        let name = drive.node.trim_start_matches("/dev/");
        guest.must(&format!(
            "for n in $(seq 300); do echo 1 > /sys/block/{name}/device/rescan; \
             [ \"$(cat /sys/block/{name}/size)\" != 0 ] && exit 0; sleep 1; done; exit 1"
        ));
    }
    // What a SCSI disk ended unseen is tied to nothing, and it was away: it must be confirmed anew.
    let again = station.resume(&mut guest);
    assert!(again.code() == 5 && again.said().contains("confirm it anew"), "{again:?}");
    records.extend(station.records(&mut guest, &again, &scratch));
    let told = || records.iter().map(|record| record.json.to_string()).collect::<Vec<_>>().join("\n");
    for drive in &plugged {
        let left = bay.truth(&drive.serial).total();
        let of_it = records.iter().filter(|record| record.text("/medium/serial") == drive.serial);
        // It was joined, not begun again: the drive got one command.
        let sanitizes = bay.commands(&drive.serial).iter().filter(|line| starts_a_sanitize(line)).count();
        assert_eq!(sanitizes, 1, "{}: {:?}", drive.serial, bay.commands(&drive.serial));
        let last = of_it.filter(|record| record.value("/sessions").as_array().map(Vec::len) == Some(2));
        let last: Vec<&Issued> = last.collect();
        let [record] = last.as_slice() else { panic!("{}: one record of the resume: {}", drive.serial, told()) };
        assert_eq!(left, 0, "{}", drive.serial);
        let wanted = if is_sas(&drive.serial) { "failed" } else { "sanitized" };
        assert_eq!(record.text("/status"), wanted, "{}: {}", drive.serial, record.json);
        let checked = Radera::in_scratch(&scratch).check(&record.path, &[]);
        assert!(matches!(checked.code(), 0 | 8), "{checked:?}");
    }
    guest.power_off();
}

/// Numbers 2 and 3 of [`cut_while_drives_erase_themselves`].
fn is_sas(serial: &str) -> bool {
    matches!(serial, "CUT2" | "CUT3")
}

/// SANITIZE DEVICE with a feature other than status, SANITIZE, Sanitize.
fn starts_a_sanitize(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["cdb", "48", ..] | ["admin", "84", ..] => true,
        ["cdb", "85", rest @ ..] => rest.get(13) == Some(&"b4") && rest.get(3) != Some(&"00"),
        _ => false,
    }
}

/// QEMU's own drives have no sanitize command: refused, and not a byte changed.
#[test]
fn drives_without_a_purge_are_refused() {
    const DRIVES: [(Bus, &str); 5] = [
        (Bus::Ata, "NOPURGE1"),
        (Bus::Nvme, "NOPURGE2"),
        (Bus::UsbStorage, "NOPURGE3"),
        (Bus::VirtioBlk, "NOPURGE4"),
        (Bus::VirtioScsi, "NOPURGE5"),
    ];
    let Some(rig) = Rig::get() else { return };
    let scratch = Scratch::plain();
    let disks: Vec<Disk> = DRIVES.iter().map(|(bus, serial)| Disk::marked(&scratch, serial, *bus, 4)).collect();
    // A controller of the model, as it is: over a network.
    let bay = Bay::new(&scratch, "BAY", vec![Description::new("nvme", "NOPURGE6", 1)]);
    let mut guest = disks.iter().fold(Machine::new(rig).disk(bay.disk()), Machine::disk).boot();
    let remote = bay.plug_in(&mut guest).remove(0);
    let station = Station::in_memory(&mut guest);
    let plan = station.run(&mut guest, &["plan", &remote.node, "--method", "purge"]);
    assert!(plan.code() == 3 && plan.said().contains("nvme-fabrics"), "{plan:?}");
    assert_eq!(bay.truth(&remote.serial).total(), bay.all(&remote.serial));
    for disk in &disks {
        let node = guest.node(&disk.serial);
        let shown = station.run(&mut guest, &["show", &node]);
        assert_eq!(shown.code(), 0, "{shown:?}");
        let plan = station.run(&mut guest, &["plan", &node, "--method", "purge"]);
        assert!(plan.code() == 3 && plan.said().contains("Purge"), "{}: {plan:?}", disk.serial);
        let wiped =
            station.run(&mut guest, &["wipe", &node, "--method", "purge", "--confirm", &disk.serial, "--out", "/tmp"]);
        assert_eq!(wiped.code(), 3, "{}: {wiped:?}", disk.serial);
        assert_eq!(disk.truth(rig).marked, disk.truth(rig).total, "{} was changed", disk.serial);
    }
    guest.power_off();
}
