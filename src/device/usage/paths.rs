//! Other device nodes of the same unit: the same world wide name and size, or the same backing file.

use super::one;
use crate::device::inventory::Inventory;
use crate::device::tree::Block;
use crate::media::{Use, UseKind};

/// The other whole disks that show the unit `block` is, or lies on.
pub(in crate::device) fn other_paths<'a>(inventory: &'a Inventory, block: &'a Block) -> Vec<&'a Block> {
    let disk = inventory.tree.disk_of(block).unwrap_or(block);
    let names = inventory.wide_names();
    let name = names.iter().find(|(number, _)| *number == disk.number).map(|(_, name)| name);
    let backing = inventory.loops.iter().find(|l| l.number == disk.number);
    let same = |other: &&Block| {
        let same_name = name.is_some_and(|n| names.iter().any(|(number, m)| *number == other.number && m == n));
        let other_backing = inventory.loops.iter().find(|l| l.number == other.number);
        let same_backing = backing.zip(other_backing).is_some_and(|(a, b)| a.overlaps(b));
        other.number != disk.number
            && other.partition.is_none()
            && other.size_bytes > 0
            && (same_backing || same_name && other.size_bytes == disk.size_bytes)
    };
    inventory.tree.in_order().into_iter().filter(same).collect()
}

/// Each other path counts as a use: what is done through it can't be seen here.
pub(super) fn uses(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let describe = |other: &Block| {
        let node = other.node(&inventory.roots.dev);
        let (what, release) = match inventory.loops.iter().find(|l| l.number == other.number) {
            Some(l) => (
                format!("the loop device {} stands on the same file {}", node.display(), l.path.display()),
                format!("Detach it: losetup --detach {}", node.display()),
            ),
            None => (
                format!("{} has the same world wide name and size", node.display()),
                "Disconnect the other path, or the other medium if they are two.".to_string(),
            ),
        };
        one(UseKind::OtherPath, what, release)
    };
    other_paths(inventory, block).into_iter().map(describe).collect()
}
