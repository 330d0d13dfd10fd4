//! What stands on a device: holders, active sets, loop and zram devices.

use super::{mounts, one, unknown};
use crate::device::inventory::Inventory;
use crate::device::sysfs;
use crate::device::tree::Block;
use crate::media::{Use, UseKind};

pub(super) fn uses(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let mut uses = holders(inventory, block);
    uses.extend(members(inventory, block));
    uses.extend(backings(inventory, block));
    uses
}

/// Devices in `holders/`: dm, md, bcache and others that claimed it.
fn holders(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let dir = block.dir.join("holders");
    let entries = match sysfs::entries(&dir) {
        Ok(entries) => entries,
        Err(e) => return vec![unknown(format!("{} can't be read: {e}", dir.display()))],
    };
    let holder = |name: String| {
        let dm_name = sysfs::text(&dir.join(&name).join("dm/name"));
        let dm_uuid = sysfs::text(&dir.join(&name).join("dm/uuid")).unwrap_or_default();
        let shown = inventory.roots.dev.join(name.replace('!', "/"));
        let (what, release) = match dm_name {
            Some(dm) if dm_uuid.starts_with("CRYPT-") => {
                (format!(" ({dm})"), format!("Close it: cryptsetup close {dm}"))
            }
            Some(dm) if dm_uuid.starts_with("LVM-") => {
                (format!(" ({dm})"), format!("Deactivate it: lvchange --activate n {dm}, or dmsetup remove {dm}"))
            }
            Some(dm) if dm_uuid.starts_with("mpath-") => {
                (format!(" ({dm})"), format!("Flush the multipath device: multipath -f {dm}"))
            }
            Some(dm) => (format!(" ({dm})"), format!("Remove it: dmsetup remove {dm}")),
            None if name.starts_with("md") => {
                (String::new(), format!("Stop the array: mdadm --stop {}", shown.display()))
            }
            None if name.starts_with("bcache") => {
                (String::new(), format!("Stop it: echo 1 > /sys/block/{name}/bcache/stop"))
            }
            None => (String::new(), format!("Stop {} first", shown.display())),
        };
        one(UseKind::Holder, format!("held by the device {}{what}", shown.display()), release)
    };
    entries.iter().map(|entry| holder(sysfs::name(entry))).collect()
}

/// Sets that are active here, by the kernel's word or by signature.
fn members(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    if let Some(uuid) = inventory.active.btrfs_of(block.number) {
        let release = "Unmount that filesystem, or remove the device from it: btrfs device remove.";
        uses.push(one(UseKind::Member, format!("a device of the mounted btrfs filesystem {uuid}"), release));
    }
    let by_kernel = !uses.is_empty();
    let mounted = mounts::mounted_btrfs(inventory);
    let Some(signatures) = inventory.signatures(block) else {
        // Bad blocks in the wrong place are common on drives that are to be wiped: they count only where there is a set.
        if let Some(set) = inventory.active.any(&mounted, inventory.arrays()) {
            let node = block.node(&inventory.roots.dev);
            uses.push(unknown(format!(
                "what {} holds can't be read, so it may belong to {set}, which is active here",
                node.display()
            )));
        }
        return uses;
    };
    for found in signatures.iter().filter(|found| !(by_kernel && found.signature.kind == "btrfs")) {
        if let Some(member) = inventory.active.membership(found, &mounted, inventory.arrays()) {
            uses.push(one(UseKind::Member, format!("belongs to {}", member.holder), member.release));
        }
    }
    uses
}

/// Loop and zram devices that stand on it.
fn backings(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let dev = &inventory.roots.dev;
    let mut uses = Vec::new();
    for loop_device in inventory.loops.iter().filter(|l| l.device == Some(block.number)) {
        let Some(node) = inventory.tree.get(loop_device.number).map(|b| b.node(dev)) else { continue };
        let release = format!("Detach it: losetup --detach {}", node.display());
        uses.push(one(UseKind::LoopBacking, format!("backs the loop device {}", node.display()), release));
    }
    for zram in inventory.tree.all().filter(|b| b.name.starts_with("zram")) {
        let node = zram.node(dev);
        let backing = match sysfs::bytes(&zram.dir.join("backing_dev")) {
            Ok(Some(path)) => path,
            Ok(None) => continue,
            Err(e) => {
                uses.push(unknown(format!("the backing device of {} can't be read: {e}", node.display())));
                continue;
            }
        };
        let path = backing.trim_ascii();
        use std::os::unix::ffi::OsStrExt;
        if path != b"none" && inventory.resolve(std::ffi::OsStr::from_bytes(path).as_ref()) == Some(block.number) {
            let release = format!("Reset it: echo 1 > /sys/block/{}/reset", zram.name);
            uses.push(one(UseKind::ZramBacking, format!("backs the zram device {}", node.display()), release));
        }
    }
    uses
}
