//! Whether an overwrite of the filesystem's block device reaches the only copy of what it held, layer by layer.

use crate::device::{BackingFile, Inventory, Level};
use crate::sys::extents::{self, attribute, flag};
use crate::sys::filesystem::{Magic, magic};
use crate::sys::node;

use super::ext::{self, DataMode};

/// Targets of device-mapper that keep each byte in one place, and always the same. All others redirect, copy or cache, or are not known.
const IN_PLACE: [&str; 5] = ["linear", "crypt", "striped", "multipath", "delay"];

/// Why nothing above overwritten-unverified may be said of what lies on the block device `number`: the layer and what it does; `None` where every
/// layer keeps each byte in one known place.
///
/// A loop device over a file is a medium of its own here, and what the file's filesystem stands on is not looked at: the loop device is what is
/// named, and the claim for it is a logical overwrite.
pub(super) fn redirected(inventory: &Inventory, number: (u32, u32)) -> Option<String> {
    match inventory.levels(number) {
        Ok(levels) => levels.iter().find_map(|level| judge(inventory, level)),
        Err(what) => Some(what),
    }
}

fn judge(inventory: &Inventory, level: &Level) -> Option<String> {
    let node = level.node.display();
    match (&level.backing, &level.targets, &level.md_level) {
        (Some(backing), ..) => on_file(inventory, backing).map(|what| format!("{node} is a loop device over {what}")),
        (_, Some(Err(error)), _) => Some(format!("what the mapping {node} is made of can't be asked for: {error}")),
        (_, Some(Ok(targets)), _) => {
            let other = targets.iter().find(|t| !IN_PLACE.contains(&t.as_str()))?;
            Some(format!("{node} has a device-mapper target '{other}', which may keep content elsewhere"))
        }
        // A mirror or parity set reads one copy and has others.
        (.., Some(md)) => {
            (!matches!(md.as_str(), "raid0" | "linear")).then(|| format!("{node} is an md array of level {md}"))
        }
        _ => level.layers.iter().find(|l| !matches!(l.kind.as_str(), "loop" | "ram")).map(|l| match l.kind.as_str() {
            "virtio" | "virtual-disk" => format!("{}: what is below it is not known here", l.detail),
            kind => format!("{kind} ({}): what it does with writes is not known here", l.detail),
        }),
    }
}

/// What is wrong with the file behind a loop device.
fn on_file(inventory: &Inventory, backing: &BackingFile) -> Option<String> {
    let path = backing.path.display();
    let opened = crate::sys::open::for_probe(&backing.path).ok();
    let found = opened.and_then(|file| Some((node::stat_file(&file).ok()?, file)));
    let Some((stat, file)) = found.filter(|(stat, _)| Some((stat.device, stat.inode)) == backing.file) else {
        return Some(format!("a file that is no longer found at {path}"));
    };
    let on = match magic(&file) {
        Ok(Magic::Memory) => return None,
        Ok(Magic::Xfs) => Ok(()),
        Ok(Magic::Ext) => journalled(inventory, stat.device, &file),
        Ok(Magic::Other(_)) => Err("on a filesystem that is not known to overwrite in place".to_string()),
        Err(e) => Err(format!("whose filesystem can't be asked for: {e}")),
    };
    if let Err(what) = on {
        return Some(format!("{path}, {what}"));
    }
    let moved = flag::SHARED | flag::ENCODED | flag::DATA_ENCRYPTED | flag::DATA_INLINE | flag::DATA_TAIL;
    match extents::fiemap(&file) {
        Ok(extents) if extents.iter().all(|e| e.flags & moved == 0) => None,
        Ok(_) => Some(format!("{path}, which has shared, compressed or encrypted extents")),
        Err(e) => Some(format!("{path}, whose extents can't be asked for: {e}")),
    }
}

fn journalled(inventory: &Inventory, device: u64, file: &std::fs::File) -> Result<(), String> {
    let (major, minor) = node::split_device(device);
    let link = inventory.roots.sys.join(format!("dev/block/{major}:{minor}")).canonicalize().ok();
    let name = link.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let options = name.and_then(|name| ext::options(&inventory.roots, &name));
    let attributes = extents::attributes(file).ok().flatten();
    let by_file = attributes.is_none_or(|a| a & attribute::DATA_JOURNAL != 0);
    match ext::data_mode(options.as_deref(), "", None) {
        DataMode::InPlace if !by_file => Ok(()),
        DataMode::InPlace => Err("whose data goes through its filesystem's journal (chattr +j)".into()),
        DataMode::Journalled => Err("on a filesystem whose data goes through its journal".into()),
        DataMode::Unknown => Err("on a filesystem that does not say whether data goes through its journal".into()),
    }
}

#[cfg(test)]
#[path = "tests/below.rs"]
#[allow(clippy::unwrap_used)]
mod tests;
