//! Processes that hold a device, or a pass-through node of it, open or mapped.

use std::io;
use std::path::PathBuf;

use super::{one, unknown};
use crate::device::inventory::Inventory;
use crate::device::sysfs;
use crate::device::tree::{Block, Number};
use crate::media::{Use, UseKind};
use crate::sys::node::FileKind;

pub(super) fn uses(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    let generic = generic_nodes(block).unwrap_or_else(|e| {
        uses.push(unknown(format!("the pass-through nodes of {} can't be read: {e}", block.name)));
        Vec::new()
    });
    for opener in &inventory.processes.openers {
        let node = match opener.node {
            (FileKind::Block, number) if number == block.number => block.node(&inventory.roots.dev),
            (FileKind::Character, number) => match generic.iter().find(|(n, _)| *n == number) {
                Some((_, name)) => inventory.roots.dev.join(name),
                None => continue,
            },
            _ => continue,
        };
        let (name, pid) = (&opener.process.name, opener.process.pid);
        let how = if opener.mapped { "mapped" } else { "open" };
        let holder = format!("{} is {how} in process '{name}' (pid {pid})", node.display());
        let release = match name.as_str() {
            "radera" => format!("Wait for that radera to end, or stop it: kill -INT {pid}"),
            _ => format!("End process {pid}, or let it close the device."),
        };
        let kind = if name == "radera" && opener.reads_only { UseKind::Examined } else { UseKind::Open };
        let held = one(kind, holder, release);
        if !uses.contains(&held) {
            uses.push(held);
        }
    }
    uses
}

/// Character devices that send commands to the same drive: SCSI generic, block SCSI generic, NVMe generic.
fn generic_nodes(disk: &Block) -> io::Result<Vec<(Number, PathBuf)>> {
    if disk.partition.is_some() {
        return Ok(Vec::new());
    }
    let mut nodes = Vec::new();
    for (class, folder) in [("scsi_generic", ""), ("bsg", "bsg")] {
        for entry in sysfs::entries(&disk.dir.join("device").join(class))? {
            if let Some(number) = sysfs::device_number(&entry.join("dev")) {
                nodes.push((number, PathBuf::from(folder).join(sysfs::name(&entry))));
            }
        }
    }
    if let (Some(rest), Some(parent)) = (disk.name.strip_prefix("nvme"), disk.dir.parent()) {
        let name = format!("ng{rest}");
        if let Some(number) = sysfs::device_number(&parent.join(&name).join("dev")) {
            nodes.push((number, name.into()));
        }
    }
    Ok(nodes)
}
