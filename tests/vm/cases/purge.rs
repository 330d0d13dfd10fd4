//! The real binary has drives erase themselves, through the real kernel: what it says of each, beside what is left on it.

use serde_json::Value;

use super::cells::{self, Cell, HEADS, cell, disguise, hidden, pair};
use crate::support::disk::Scratch;
use crate::support::radera::{Issued, Radera};
use crate::vm::bay::Bay;
use crate::vm::disk::Disk;
use crate::vm::image::Description;
use crate::vm::machine::Machine;
use crate::vm::rig::Rig;
use crate::vm::station::Station;
use crate::vm::{faults, kept, say};

const SATA: [Cell; 13] = [
    hidden("sata-hdd", "ata-sanitize-overwrite", ""),
    cell("sata-hdd", "ata-sanitize-overwrite", "fails-at:40:sectors-remain"),
    hidden("sata-ssd", "ata-sanitize-block", ""),
    cell("sata-ssd", "ata-sanitize-block", "fails-at:40"),
    cell("sata-ssd", "ata-sanitize-block", "stalls-at:40:3"),
    cell("sata-ssd", "ata-sanitize-block", "stale-success"),
    cell("sata-ssd", "ata-sanitize-block", "lies"),
    cell("sata-ssd", "ata-sanitize-block", "skips-sectors:1000:200"),
    cell("sata-ssd", "ata-sanitize-block", "refuses:abort"),
    cell("sata-ssd", "ata-sanitize-block", "frozen"),
    cell("sata-ssd", "ata-sanitize-block", "fails-at:40 sense:fixed-8"),
    cell("sata-ssd", "ata-sanitize-block", "fails-at:40 sense:nothing"),
    cell("sata-ssd", "ata-sanitize-crypto", ""),
];

const SAS: [Cell; 9] = [
    cell("sas-hdd", "scsi-sanitize-overwrite", ""),
    cell("sas-ssd", "scsi-sanitize-block", ""),
    cell("sas-ssd", "scsi-sanitize-block", "fails-at:40"),
    cell("sas-ssd", "scsi-sanitize-block", "stalls-at:40:3"),
    cell("sas-ssd", "scsi-sanitize-block", "stale-success"),
    cell("sas-ssd", "scsi-sanitize-block", "lies"),
    cell("sas-ssd", "scsi-sanitize-block", "skips-sectors:1000:200"),
    cell("sas-ssd", "scsi-sanitize-block", "refuses:abort"),
    cell("sas-ssd", "scsi-sanitize-crypto", ""),
];

const NVME: [Cell; 12] = [
    cell("nvme", "nvme-sanitize-block", ""),
    cell("nvme", "nvme-sanitize-block", "fails-at:40"),
    cell("nvme", "nvme-sanitize-block", "stalls-at:40"),
    cell("nvme", "nvme-sanitize-block", "stale-success"),
    cell("nvme", "nvme-sanitize-block", "lies"),
    cell("nvme", "nvme-sanitize-block", "skips-sectors:1000:200"),
    cell("nvme", "nvme-sanitize-block", "refuses:abort"),
    cell("nvme", "nvme-sanitize-block", "cut-at-command:taken"),
    cell("nvme", "nvme-sanitize-crypto", ""),
    cell("nvme", "nvme-format-crypto", ""),
    pair("nvme-sanitize-block", ""),
    pair("nvme-sanitize-block", "skips-other-namespaces"),
];

/// Runs a whole table and holds it against the one that is kept.
#[track_caller]
fn compared(heading: &str, cells: &[Cell]) {
    let Some((rows, wrong)) = cells::run(cells) else { return };
    assert!(wrong.is_empty(), "{rows}\n{}", wrong.join("\n"));
    kept::compare("docs/peers.md", heading, &format!("{HEADS}{rows}"));
}

#[test]
fn sata_drives() {
    compared("radera on SATA drives", &SATA);
}

#[test]
fn sas_drives() {
    compared("radera on SAS drives", &SAS);
}

#[test]
fn nvme_controllers() {
    compared("radera on NVMe controllers", &NVME);
}

/// Runs when no other cell is asked for: one that stands in no table.
const OTHER: Cell = cell("sata-ssd", "ata-sanitize-overwrite", "");

/// One cell by its name, in a machine of its own: `RADERA_CELL='sata-ssd ata-sanitize-block fails-at:40' cargo test --test vm one_cell`.
/// `RADERA_CELL=list` says what there is.
#[test]
fn one_cell() {
    let asked = std::env::var("RADERA_CELL").unwrap_or_default();
    if asked == "list" {
        let tables = [&SATA[..], &SAS, &NVME].concat();
        let names = tables.iter().map(|cell| format!("  {}", cell.name()));
        cells::menu()
            .into_iter()
            .chain(["of which these are in tables:".into()])
            .chain(names)
            .for_each(|l| say::say(&l));
        return;
    }
    let asked = asked.trim();
    let cell = if asked.is_empty() { Ok(OTHER) } else { Cell::named(asked) };
    let cell = cell.unwrap_or_else(|why| panic!("RADERA_CELL={asked:?}: {why}. RADERA_CELL=list says what there is"));
    let Some((row, wrong)) = cells::run(&[cell]) else { return };
    say::say(row.trim_end());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_cell_is_found_by_its_name_and_no_other_is() {
    let tables = [&SATA[..], &SAS, &NVME, &[OTHER]].concat();
    let names: std::collections::BTreeSet<String> = tables.iter().map(Cell::name).collect();
    assert_eq!(names.len(), tables.len(), "a cell stands twice");
    for cell in &tables {
        assert_eq!(Cell::named(&cell.name()), Ok(*cell));
        let mut shared = faults::all_of(cell.kind).chain(faults::OURS);
        assert!(shared.any(|faults| faults == cell.faults), "{}: Debian's tools have it in other words", cell.name());
    }
    for (name, told) in [
        ("sata", "no kind of drive"),
        ("sata-ssd", "no technique"),
        ("sata-ssd block", "no technique"),
        ("sata-ssd ata-sanitize-block fails-at", "no fault"),
        ("sata-ssd ata-sanitize-block lies lie", "no fault"),
        ("sas-ssd+hidden scsi-sanitize-block", "no drive"),
        ("sata-ssd+two ata-sanitize-block", "no drive"),
    ] {
        let why = Cell::named(name).expect_err(name);
        assert!(why.contains(told), "{name}: {why}");
    }
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
    // Longer than the slowest boot; when all have been seen at it, they are hurried.
    let drives = CUT.iter().enumerate().map(|(n, (kind, _))| Description::new(kind, &format!("CUT{n}"), 600)).collect();
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
    let ended = station.resume_and(&mut guest, |guest| {
        for drive in plugged.iter().filter(|drive| !is_sas(&drive.serial)) {
            let joined =
                format!("grep '\"event\":\"progress\"' /tmp/resume.out | grep -q '\"target\":\"{}\"'", drive.node);
            guest.must(&format!("for n in $(seq 300); do {joined} && exit 0; sleep 1; done; exit 1"));
        }
        guest.must("touch /tmp/hurry");
    });
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
