//! What stands in the record of an erase by the drive: the drive's own words, as they came over the wire.

use serde_json::Value;

use super::rig::{Place, live_in, plan, record};
use crate::drives::{self, Fault};
use crate::journal::tests::MemoryStore;
use crate::media::TechniqueId;
use crate::modelled::{Drive, Shared};

/// A job on a drive; its record, and that radera's own check finds nothing wrong with it.
fn of(drive: &Shared, technique: TechniqueId) -> Value {
    let (place, _time) = (Place::new(), live_in(drive, None));
    let plan = plan(drive, technique);
    let finished = place.wipe_quietly(drive, &plan, &MemoryStore::default());
    assert_eq!(place.fault_of(&finished), None);
    let record = record(&finished);
    assert_eq!(record["command"]["technique"], technique.name());
    record
}

/// The commands by name with what was sent and what came back, in hexadecimal.
fn exchanges(record: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let exchanges = record["command"]["exchanges"].as_array().unwrap().iter();
    exchanges.map(|e| (text(&e["command"]), text(&e["sent"]), text(&e["received"]))).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// It goes on in time and from little to much, to the last look before the end: they are ten seconds apart.
fn goes_on(record: &Value) {
    let pairs: Vec<(u64, u64)> = record["command"]["progress"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["milliseconds"].as_u64().unwrap(), p["progress"].as_u64().unwrap()))
        .collect();
    assert!(pairs.len() > 5, "{pairs:?}");
    assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1), "{pairs:?}");
    let last = pairs.last().unwrap();
    assert!(last.1 > 40_000 && last.0 <= record["command"]["milliseconds"].as_u64().unwrap(), "{pairs:?}");
}

#[test]
fn a_hard_disk_with_a_hidden_part() {
    let drive = Shared::new(Drive::Sata(drives::sata_hdd()));
    if let Drive::Sata(sata) = &mut *drive.drive() {
        sata.drive.capacity.hide_with_hpa(16384 - 4000);
    }
    let record = of(&drive, TechniqueId::AtaSanitizeOverwrite);
    assert_eq!(record["status"], "sanitized", "{record:#}");
    assert_eq!(record["hidden_areas"]["host_protected_area"]["bytes"], 4000 * 512, "{record:#}");
    assert!(record["statement"].as_str().unwrap().contains("2048000 bytes"), "{record:#}");
    goes_on(&record);
    let all = exchanges(&record);
    // SANITIZE DEVICE, OVERWRITE EXT (0014h): the feature stands in bytes 3 and 4 of ATA PASS-THROUGH (16), the command in byte 14.
    let (_, sent, received) = all.iter().find(|(_, sent, _)| sent.starts_with("85") && sent[6..10] == *"0014").unwrap();
    let cdb = bytes(sent);
    assert_eq!((cdb.len(), cdb[14]), (16, 0xb4), "{sent}");
    // Descriptor sense with the ATA Status Return descriptor: status 50h, and no error.
    let sense = bytes(received);
    assert_eq!((sense[0], sense[8], sense[11], sense[21] & 1), (0x72, 0x09, 0, 0), "{received}");
    // The last word is the drive's: SANITIZE STATUS EXT with SANITIZE OPERATION SUCCEEDED, COUNT (15:8) bit 15.
    let sense = bytes(&all.last().unwrap().2);
    assert_eq!(sense[12] & 0x80, 0x80, "{:?}", all.last());
    for when in ["before", "after"] {
        assert!(record["health"][when]["power_on_hours"].is_u64(), "{when}: {record:#}");
    }
    assert_eq!(record["health"]["before"]["reallocated"], record["health"]["after"]["reallocated"]);
    assert!(record["verification"]["statement"].as_str().unwrap().contains("blocks at places"), "{record:#}");
}

#[test]
fn an_nvme_controller_with_its_log_page_and_its_own_estimate() {
    let drive = Shared::new(Drive::Nvme(drives::nvme(2)));
    let record = of(&drive, TechniqueId::NvmeSanitizeBlock);
    assert_eq!(record["status"], "sanitized", "{record:#}");
    assert_eq!(record["command"]["estimate_seconds"], 30, "{record:#}");
    goes_on(&record);
    assert!(record["command"]["reached"][0].as_str().unwrap().contains("/dev/nvme7n2"), "{record:#}");
    let all = exchanges(&record);
    let (_, sent, _) = all.iter().find(|(name, ..)| name.starts_with("Sanitize")).unwrap();
    let dword10 = u32::from_le_bytes(bytes(sent)[5..9].try_into().unwrap());
    assert_eq!(dword10 & 7, 2, "block erase: {sent}");
    let (name, _, received) = all.last().unwrap();
    assert!(name.contains("Log"), "{name}");
    let log = bytes(received);
    assert_eq!(u32::from_le_bytes(log[4..8].try_into().unwrap()), dword10, "SCDW10 is that of our command");
    assert_eq!(log[2] & 7, 1, "SSTAT");
    assert!(record["health"]["after"]["spare_percent"].is_u64(), "{record:#}");
}

#[test]
fn a_sas_drive_that_failed_with_its_sense_data() {
    let drive = Shared::new(Drive::Sas(drives::sas_ssd()));
    drive.inject(Fault::FailsAt { percent: 40, sectors_remain: false });
    let record = of(&drive, TechniqueId::ScsiSanitizeBlock);
    assert_eq!((&record["status"], &record["claim"]), (&"failed".into(), &"none".into()), "{record:#}");
    let all = exchanges(&record);
    let (_, sent, _) = all.iter().find(|(_, sent, _)| sent.starts_with("4882")).unwrap();
    assert_eq!(bytes(sent).len(), 10, "{sent}");
    // MEDIUM ERROR or HARDWARE ERROR, 31h/03h SANITIZE COMMAND FAILED (SPC-5 table 29).
    let sense = bytes(&all.last().unwrap().2);
    assert_eq!((sense[12], sense[13]), (0x31, 0x03), "{:?}", all.last());
    let command = &record["command"];
    assert!(command["accepted"] == true && command["seen_running"] == true, "{record:#}");
    assert_eq!(command["ending"]["ending"], "failed", "{record:#}");
}
