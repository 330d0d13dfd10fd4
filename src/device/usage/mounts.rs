//! Mounts in every namespace, swap areas, and the devices that carry the root filesystem.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::one;
use crate::device::inventory::Inventory;
use crate::device::mountinfo::{Mount, parse_swaps};
use crate::device::procfs::Namespace;
use crate::device::tree::{Block, Number};
use crate::media::{Use, UseKind};

/// A device that is mounted, and where.
#[derive(Debug)]
pub(in crate::device) struct Mounted {
    number: Number,
    filesystem: String,
    holder: String,
    release: String,
}

/// Every mount of every namespace that leads to a block device: by the device number of its files, and, where the filesystem has a
/// number of its own, by its source.
pub(in crate::device) fn mounted(inventory: &Inventory) -> Vec<Mounted> {
    let mut sources = HashMap::new();
    let mut all: Vec<Mounted> = Vec::new();
    for namespace in &inventory.processes.namespaces {
        for mount in &namespace.mounts {
            for number in devices(inventory, mount, &mut sources) {
                let (holder, release) = describe(namespace, mount);
                all.push(Mounted { number, filesystem: mount.filesystem.clone(), holder, release });
            }
        }
    }
    all
}

fn devices(inventory: &Inventory, mount: &Mount, sources: &mut HashMap<PathBuf, Option<Number>>) -> Vec<Number> {
    if mount.device.0 != 0 {
        return vec![mount.device];
    }
    // Some filesystems name several devices, separated by colons.
    let source = mount.source.as_os_str().as_bytes();
    let parts = source.split(|b| *b == b':').filter(|part| part.starts_with(b"/"));
    let paths = parts.map(|part| PathBuf::from(std::ffi::OsStr::from_bytes(part)));
    paths.filter_map(|path| *sources.entry(path.clone()).or_insert_with(|| inventory.resolve(&path))).collect()
}

fn describe(namespace: &Namespace, mount: &Mount) -> (String, String) {
    let point = quote(&mount.mount_point);
    let part =
        if mount.root == Path::new("/") { String::new() } else { format!(", its directory {}", quote(&mount.root)) };
    let what = format!("mounted on {point} ({}{part})", mount.filesystem);
    match &namespace.seen_from {
        None => (what, format!("Unmount it: umount {point}")),
        Some(p) => (
            format!("{what} in the mount namespace of process '{}' (pid {})", p.name, p.pid),
            format!("Unmount it there: nsenter --target {} --mount umount {point}", p.pid),
        ),
    }
}

/// A path as a shell takes it.
fn quote(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// The devices in `/proc/swaps`. Errors: it can't be read, or names a device that can't be found.
pub(in crate::device) fn swaps(inventory: &Inventory) -> Result<Vec<Number>, String> {
    let path = inventory.roots.proc.join("swaps");
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        // A kernel without swap.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(format!("{} can't be read: {e}", path.display())),
    };
    let areas = parse_swaps(&text).map_err(|e| format!("{} can't be understood: {e}", path.display()))?;
    // A swap file lies on a filesystem, which is mounted.
    let devices = areas.iter().filter(|area| area.kind == "partition");
    let find = |path: &Path| {
        inventory
            .resolve(path)
            .ok_or_else(|| format!("the swap area {} can't be found among the devices", path.display()))
    };
    devices.map(|area| find(&area.path)).collect()
}

/// The devices that carry `/`, from the filesystem's own down to the disks: through dm, md and loop devices, partitions, and every device
/// of a btrfs filesystem.
pub(in crate::device) fn root_chain(inventory: &Inventory) -> Vec<Number> {
    let of_the_machine = |n: &&Namespace| n.seen_from.as_ref().is_none_or(|p| p.pid == 1);
    let namespaces = inventory.processes.namespaces.iter().filter(of_the_machine);
    let roots = namespaces.filter_map(|n| n.mounts.iter().rfind(|m| m.mount_point == Path::new("/")));
    let mut queue: Vec<Number> = roots.flat_map(|m| devices(inventory, m, &mut HashMap::new())).collect();
    let mut chain = Vec::new();
    while let Some(number) = queue.pop() {
        if chain.contains(&number) {
            continue;
        }
        queue.extend(inventory.active.btrfs_devices_with(number));
        // A btrfs root on a loop's filesystem has no number of its own in the tree: then its source stands in `mounted`.
        let Some(block) = inventory.tree.get(number) else { continue };
        chain.push(number);
        queue.extend(inventory.tree.disk_of(block).map(|disk| disk.number));
        queue.extend(inventory.tree.linked(block, "slaves").unwrap_or_default().iter().map(|slave| slave.number));
        let backing = inventory.loops.iter().filter(|l| l.number == number);
        queue.extend(backing.flat_map(|l| [l.device, l.filesystem()]).flatten());
    }
    chain
}

/// UUIDs of btrfs filesystems that are mounted, by the superblocks of the devices that the mounts name.
pub(super) fn mounted_btrfs(inventory: &Inventory) -> Vec<String> {
    let mounts = inventory.mounted.iter().filter(|m| m.filesystem == "btrfs");
    let blocks = mounts.filter_map(|m| inventory.tree.get(m.number));
    let found = blocks.filter_map(|b| inventory.signatures(b)).flatten();
    found.filter(|f| f.signature.kind == "btrfs").filter_map(|f| f.set).collect()
}

/// Mounts of `block`, and swapping to it.
pub(super) fn uses(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    for mount in inventory.mounted.iter().filter(|m| m.number == block.number) {
        let mount = one(UseKind::Mounted, &mount.holder, &mount.release);
        if !uses.contains(&mount) {
            uses.push(mount);
        }
    }
    if inventory.swaps.contains(&block.number) {
        let node = block.node(&inventory.roots.dev);
        uses.push(one(
            UseKind::Swap,
            "swap space of this machine",
            format!("Stop swapping to it: swapoff {}", quote(&node)),
        ));
    }
    uses
}
