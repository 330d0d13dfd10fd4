//! Why a device is in use. What can't be found out counts as in use.

mod above;
pub(super) mod mounts;
mod openers;
pub(super) mod paths;

pub(super) use mounts::Mounted;

use super::inventory::Inventory;
use super::tree::Block;
use crate::media::{ByteRange, Use, UseKind};

/// Every reason why `block` is in use: its own, those of the partitions and disk that share bytes with it, and what could
/// not be read.
pub(super) fn uses(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let mut uses = Vec::new();
    if inventory.root_chain.contains(&block.number) {
        uses.push(one(UseKind::Root, "the root filesystem /", "Start the machine from another medium."));
    }
    uses.extend(direct(inventory, block));
    if let Some(disk) = inventory.tree.disk_of(block) {
        uses.extend(related(inventory, "disk", disk));
        let range = |b: &Block| ByteRange::new(b.first_byte, b.size_bytes);
        for sibling in inventory.tree.partitions_of(disk) {
            if sibling.number != block.number && range(sibling).intersects(range(block)) {
                uses.extend(related(inventory, "overlapping partition", sibling));
            }
        }
    }
    for partition in inventory.tree.partitions_of(block) {
        uses.extend(related(inventory, "partition", partition));
    }
    uses.extend(paths::uses(inventory, block));
    uses.extend(inventory.unreadable.iter().map(|what| unknown(what.clone())));
    uses
}

/// The reasons that lie in `block` itself.
fn direct(inventory: &Inventory, block: &Block) -> Vec<Use> {
    let mut uses = mounts::uses(inventory, block);
    uses.extend(above::uses(inventory, block));
    uses.extend(openers::uses(inventory, block));
    uses
}

fn related(inventory: &Inventory, relation: &str, other: &Block) -> Vec<Use> {
    let node = other.node(&inventory.roots.dev);
    let uses = direct(inventory, other).into_iter();
    uses.map(|u| one(UseKind::Related, format!("its {relation} {}: {}", node.display(), u.holder), u.release)).collect()
}

fn one(kind: UseKind, holder: impl Into<String>, release: impl Into<String>) -> Use {
    Use { kind, holder: holder.into(), release: release.into() }
}

fn unknown(what: String) -> Use {
    let release = if crate::sys::node::is_superuser() {
        "Find out why it can't be read; until then the device counts as in use."
    } else {
        "Run as root, so that everything can be read."
    };
    one(UseKind::Unknown, what, release)
}
