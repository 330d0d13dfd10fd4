//! Which sets are active here: volume groups, LUKS mappings, arrays, mounted btrfs filesystems, bcache sets, ZFS.

use std::path::Path;

use super::signature::Found;
use super::sysfs;
use super::tree::{Block, Number, Tree};

/// Sets that are active, by the identifiers that the members' headers carry.
#[derive(Debug, Default)]
pub(super) struct ActiveSets {
    /// LVM: volume group id, 32 characters, and the dm device's name.
    groups: Vec<(String, String)>,
    /// LUKS: UUID without hyphens, and the dm device's name.
    mappings: Vec<(String, String)>,
    /// bcache set UUIDs.
    bcache: Vec<String>,
    /// btrfs filesystem UUIDs, and the devices of each.
    btrfs: Vec<(String, Vec<Number>)>,
    /// The zfs module is loaded.
    zfs: bool,
    /// What could not be read.
    pub unreadable: Vec<String>,
}

/// Why a member counts as in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Membership {
    /// Who uses it.
    pub holder: String,
    /// What to do to free it.
    pub release: String,
}

impl ActiveSets {
    /// Reads the dm devices of `tree`, `/sys/fs/btrfs`, `/sys/fs/bcache` and `/sys/module`.
    pub fn read(sys: &Path, tree: &Tree) -> ActiveSets {
        let mut sets = ActiveSets { zfs: sys.join("module/zfs").exists(), ..ActiveSets::default() };
        for block in tree.all().filter(|b| b.dir.join("dm").exists()) {
            let name = sysfs::text(&block.dir.join("dm/name")).unwrap_or_else(|| block.name.clone());
            let uuid = match sysfs::bytes(&block.dir.join("dm/uuid")) {
                Ok(uuid) => uuid.as_deref().and_then(crate::wire::printable).unwrap_or_default(),
                Err(e) => {
                    sets.unreadable.push(format!("the uuid of {name} can't be read: {e}"));
                    continue;
                }
            };
            if let Some(group) = uuid.strip_prefix("LVM-").and_then(|id| id.get(..32)) {
                sets.groups.push((group.to_string(), name));
            } else if let Some(id) = uuid.strip_prefix("CRYPT-LUKS").and_then(|rest| rest.get(2..34)) {
                sets.mappings.push((id.to_ascii_lowercase(), name));
            }
        }
        let uuids = |path: &str, unreadable: &mut Vec<String>| {
            let entries = sysfs::entries(&sys.join(path)).unwrap_or_else(|e| {
                unreadable.push(format!("{} can't be read: {e}", sys.join(path).display()));
                Vec::new()
            });
            entries.into_iter().filter(|e| sysfs::name(e).len() == 36).collect::<Vec<_>>()
        };
        sets.bcache = uuids("fs/bcache", &mut sets.unreadable).iter().map(|e| sysfs::name(e)).collect();
        for set in uuids("fs/btrfs", &mut sets.unreadable) {
            match sysfs::entries(&set.join("devices")) {
                Ok(links) => {
                    let numbers = links.iter().filter_map(|link| sysfs::device_number(&link.join("dev"))).collect();
                    sets.btrfs.push((sysfs::name(&set), numbers));
                }
                Err(e) => sets.unreadable.push(format!("{} can't be read: {e}", set.display())),
            }
        }
        sets
    }

    /// The btrfs filesystem that `number` is a device of by the kernel's word.
    pub fn btrfs_of(&self, number: Number) -> Option<&str> {
        self.btrfs.iter().find(|(_, devices)| devices.contains(&number)).map(|(uuid, _)| uuid.as_str())
    }

    /// A set that a device which can't be read could belong to; `None`: there is no active set here at all.
    pub fn any(&self, mounted: &[String], arrays: &Arrays) -> Option<String> {
        let group = self.groups.first().map(|(_, name)| format!("the volume group of {name}"));
        group
            .or_else(|| self.mappings.first().map(|(_, name)| format!("the LUKS mapping {name}")))
            .or_else(|| self.bcache.first().map(|id| format!("the bcache set {id}")))
            .or_else(|| self.btrfs.first().map(|(id, _)| format!("the btrfs filesystem {id}")))
            .or_else(|| mounted.first().map(|id| format!("the btrfs filesystem {id}")))
            .or_else(|| arrays.known.first().map(|(_, name)| format!("the array {name}")))
            .or_else(|| arrays.unknown.first().map(|name| format!("the array {name}")))
            .or_else(|| self.zfs.then(|| "a ZFS pool".to_string()))
    }

    /// The devices of the active btrfs filesystem that `number` belongs to.
    pub fn btrfs_devices_with(&self, number: Number) -> &[Number] {
        self.btrfs.iter().find(|(_, devices)| devices.contains(&number)).map_or(&[], |(_, devices)| devices)
    }

    /// Why a device with the signature `found` counts as in use; `None` where its set is not active here. `mounted`: UUIDs of btrfs
    /// filesystems that are mounted by other evidence than `/sys/fs/btrfs`.
    pub fn membership(&self, found: &Found, mounted: &[String], arrays: &Arrays) -> Option<Membership> {
        let set = found.set.as_deref();
        let uuid = found.signature.uuid.as_deref().unwrap_or("no UUID");
        let is = |holder: String, release: String| Some(Membership { holder, release });
        match found.signature.kind.as_str() {
            "btrfs" => {
                let active = self.btrfs.iter().any(|(id, _)| Some(id.as_str()) == set);
                (active || mounted.iter().any(|id| Some(id.as_str()) == set)).then(|| Membership {
                    holder: format!("the mounted btrfs filesystem {uuid}"),
                    release: "Unmount that filesystem, or remove the device from it: btrfs device remove.".into(),
                })
            }
            "lvm2-member" => {
                let active = |(group, _): &&(String, String)| set.is_none_or(|set| set == group.as_str());
                let (_, name) = self.groups.iter().find(active)?;
                let release = "Deactivate the volume group: vgchange --activate n GROUP.".to_string();
                match set {
                    Some(group) => is(format!("the volume group {group}, active with {name}"), release),
                    None => is(format!("perhaps the volume group of {name}: its own can't be read on the device"), release),
                }
            }
            "luks" => {
                let id = set.map(|s| s.replace('-', ""));
                let (_, name) = self.mappings.iter().find(|(open, _)| id.as_ref().is_none_or(|id| id == open))?;
                is(format!("the open LUKS mapping {name}"), format!("Close it: cryptsetup close {name}."))
            }
            "md-member" => {
                let release = "Stop the array: mdadm --stop /dev/mdX.".to_string();
                match arrays.with(set) {
                    Some(name) => is(format!("the active array {name}"), release),
                    None => {
                        let unknown = arrays.unknown.first()?;
                        is(format!("perhaps the array {unknown}, whose UUID can't be read"), release)
                    }
                }
            }
            "bcache" => self.bcache.iter().find(|id| set.is_none_or(|set| set == id.as_str())).map(|id| Membership {
                holder: format!("the registered bcache set {id}"),
                release: format!("Stop it: echo 1 > /sys/fs/bcache/{id}/stop."),
            }),
            "zfs-member" if self.zfs => is(
                format!("perhaps an imported ZFS pool ({uuid}): which pools are imported can't be found out here"),
                "Export the pool with zpool export POOL, or clear an old label with zpool labelclear; or unload the zfs module.".into(),
            ),
            _ => None,
        }
    }
}

/// The arrays of this machine that hold members.
#[derive(Debug, Default)]
pub(super) struct Arrays {
    known: Vec<(String, String)>,
    /// Names of those whose UUID can't be read.
    unknown: Vec<String>,
}

impl Arrays {
    /// The md devices of `tree`: by `md/uuid` where the kernel has it, else by the superblocks of their members, which
    /// `signatures` answers.
    pub fn read(tree: &Tree, signatures: &dyn Fn(&Block) -> Option<Vec<Found>>) -> Arrays {
        let mut arrays = Arrays::default();
        for block in tree.all().filter(|b| b.partition.is_none() && b.dir.join("md").exists()) {
            if sysfs::text(&block.dir.join("md/array_state")).as_deref() == Some("clear") {
                continue;
            }
            let told = sysfs::text(&block.dir.join("md/uuid")).map(|uuid| uuid.to_ascii_lowercase());
            let members = || {
                let members = tree.linked(block, "slaves").unwrap_or_default();
                let all = members.into_iter().filter_map(signatures).flatten();
                all.filter(|f| f.signature.kind == "md-member").find_map(|f| f.set)
            };
            match told.filter(|uuid| uuid.len() == 36).or_else(members) {
                Some(uuid) => arrays.known.push((uuid, block.name.clone())),
                None => arrays.unknown.push(block.name.clone()),
            }
        }
        arrays
    }

    fn with(&self, set: Option<&str>) -> Option<&str> {
        self.known.iter().find(|(uuid, _)| set.is_none_or(|set| set == uuid)).map(|(_, name)| name.as_str())
    }
}
