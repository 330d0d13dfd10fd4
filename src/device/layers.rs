//! What stands between a device node and a medium.

use std::path::Path;

use super::identity::backing_path;
use super::sysfs;
use super::tree::{Block, Number, Tree};
use crate::media::Layer;

/// Drivers of controllers that show volumes of their own making. Some of them pass single drives through as well; only where a
/// `raid_level` attribute says so is that believed.
const RAID_DRIVERS: [&str; 12] = [
    "megaraid_sas",
    "megaraid_mbox",
    "hpsa",
    "smartpqi",
    "aacraid",
    "cciss",
    "arcmsr",
    "3w-9xxx",
    "3w-sas",
    "ips",
    "hptiop",
    "mvumi",
];
/// Host adapters that pass drives through, and name the volumes of their own making by model.
const MPT_DRIVERS: [&str; 5] = ["mpt2sas", "mpt3sas", "mptsas", "mptspi", "mpi3mr"];
/// Vendor and model of drives that a hypervisor or target makes up (by their start).
const MADE_UP: [&str; 12] = [
    "QEMU",
    "VMware",
    "VBOX",
    "Msft Virtual Disk",
    "Virtual Disk",
    "Google PersistentDisk",
    "nvme_card-pd",
    "Amazon Elastic Block",
    "Amazon EC2",
    "MSFT NVMe Accelerator",
    "LIO-ORG",
    "Linux scsi_debug",
];

/// The layers below `block`, its own first, each named once. `resolve` finds the device that a path leads to.
pub(super) fn layers(tree: &Tree, block: &Block, dev: &Path, resolve: &dyn Fn(&Path) -> Option<Number>) -> Vec<Layer> {
    let mut found: Vec<Layer> = Vec::new();
    let mut queue = vec![block];
    let mut seen = Vec::new();
    while let Some(next) = queue.pop() {
        let disk = next.disk_dir();
        if seen.contains(&disk) {
            continue;
        }
        seen.push(disk);
        let disk_block = tree.disk_of(next).unwrap_or(next);
        let slaves = tree.linked(disk_block, "slaves");
        for layer in own(disk, &below(&slaves, dev)) {
            if !found.contains(&layer) {
                found.push(layer);
            }
        }
        queue.extend(slaves.unwrap_or_default());
        queue.extend(backing_path(disk).and_then(|path| resolve(&path)).and_then(|number| tree.get(number)));
    }
    found
}

fn below(slaves: &Result<Vec<&Block>, String>, dev: &Path) -> String {
    match slaves {
        Ok(slaves) if slaves.is_empty() => String::new(),
        Ok(slaves) => {
            let names: Vec<_> = slaves.iter().map(|s| s.node(dev).display().to_string()).collect();
            format!(", on {}", names.join(", "))
        }
        Err(_) => ", on devices that can't be read".into(),
    }
}

/// The layers that the disk `dir` itself is, or is behind.
pub(super) fn own(dir: &Path, below: &str) -> Vec<Layer> {
    let name = sysfs::name(dir);
    let layer = |kind: &str, detail: String| Layer { kind: kind.into(), detail };
    let attribute = |path: &str| sysfs::text(&dir.join(path));
    let mut layers = Vec::new();
    if name.starts_with("loop") {
        let file = backing_path(dir).map_or("a file that can't be read".into(), |p| p.to_string_lossy().into_owned());
        layers.push(layer("loop", format!("{name}, on {file}")));
    } else if name.starts_with("dm-") {
        let dm_name = attribute("dm/name").unwrap_or_else(|| name.clone());
        let uuid = attribute("dm/uuid").unwrap_or_default();
        let target = mapping(&uuid);
        layers.push(layer("device-mapper", format!("{dm_name} ({target}){below}")));
    } else if dir.join("md").exists() {
        let level = attribute("md/level").unwrap_or_else(|| "unknown level".into());
        layers.push(layer("md", format!("{name}, {level}{below}")));
    } else if dir.join("bcache").exists() && name.starts_with("bcache") {
        layers.push(layer("bcache", format!("{name}{below}")));
    } else if name.starts_with("zram") {
        layers.push(layer("zram", format!("{name}, compressed memory")));
    } else if name.starts_with("ram") {
        layers.push(layer("ram", format!("{name}, memory")));
    } else if name.starts_with("nbd") {
        layers.push(layer("nbd", format!("{name}, a server's export")));
    } else {
        behind(dir, &name, below, &mut layers);
    }
    layers
}

/// What a drive is behind: controllers, hypervisors, networks.
fn behind(dir: &Path, name: &str, below: &str, layers: &mut Vec<Layer>) {
    let layer = |kind: &str, detail: String| Layer { kind: kind.into(), detail };
    let device = |attribute: &str| sysfs::text(&dir.join("device").join(attribute));
    let above = |prefix: &str| {
        dir.components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .find(|part| part.strip_prefix(prefix).is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit())))
    };
    let model = format!("{} {}", device("vendor").unwrap_or_default(), device("model").unwrap_or_default());
    let model = model.trim();
    if let Some(virtio) = above("virtio") {
        layers.push(layer("virtio", format!("{name} behind {virtio}, made by a hypervisor")));
    } else if MADE_UP
        .iter()
        .any(|m| model.starts_with(m) || model.split_once(' ').is_some_and(|(_, rest)| rest.starts_with(m)))
    {
        layers.push(layer("virtual-disk", format!("{name}, {model}")));
    }
    if let Some(driver) = raid_driver(dir, model) {
        let level = device("raid_level").map_or(String::new(), |level| format!(", {level}"));
        layers.push(layer("raid-controller", format!("{name} behind {driver}{level}")));
    }
    if let Some(session) = above("session") {
        layers.push(layer("iscsi", format!("{name} behind iSCSI {session}")));
    } else if let Some(port) = above("rport-") {
        layers.push(layer("fibre-channel", format!("{name} behind {port}")));
    }
    if let Some(transport) = device("transport").filter(|t| name.starts_with("nvme") && t != "pcie") {
        layers.push(layer("nvme-fabrics", format!("{name} over {transport}")));
    }
    let is_virtual = dir.components().any(|part| part.as_os_str() == "virtual");
    // An NVMe multipath disk stands under a virtual device too, but is a drive's namespace.
    if layers.is_empty() && is_virtual && !name.starts_with("nvme") {
        layers.push(layer("unknown", format!("{name}, a virtual device of unknown kind{below}")));
    } else if layers.is_empty() && name.starts_with("xvd") {
        layers.push(layer("virtual-disk", format!("{name}, made by Xen")));
    }
}

fn raid_driver(dir: &Path, model: &str) -> Option<String> {
    let drivers = dir.ancestors().take(12).filter_map(|d| std::fs::read_link(d.join("driver")).ok());
    for driver in drivers.map(|link| sysfs::name(&link)) {
        if RAID_DRIVERS.contains(&driver.as_str()) {
            // hpsa and smartpqi say `N/A` for a drive that they pass through.
            let passed_through = sysfs::text(&dir.join("device/raid_level")).as_deref() == Some("N/A");
            return (!passed_through).then_some(driver);
        }
        let volume = ["Logical Volume", "Virtual Drive", "RAID"].iter().any(|word| model.contains(word));
        if MPT_DRIVERS.contains(&driver.as_str()) && volume {
            return Some(driver);
        }
    }
    None
}

/// What made a dm device, by the start of its uuid.
fn mapping(uuid: &str) -> &str {
    match uuid.split_once('-').map_or(uuid, |(subsystem, _)| subsystem) {
        "LVM" => "LVM logical volume",
        "CRYPT" => "dm-crypt",
        "mpath" => "multipath",
        "DMRAID" => "firmware RAID",
        part if part.starts_with("part") => "partition mapping",
        _ => "mapping of unknown kind",
    }
}
