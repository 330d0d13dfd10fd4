//! Other logical devices of the same drive: an erase by the drive reaches them too.

use std::path::{Path, PathBuf};

use super::sysfs;
use super::tree::{Block, Tree};
use crate::media::SiblingKind;

/// The other whole devices of the drive that `block` is, or lies on. Namespaces that are not attached here, and logical units that the
/// kernel did not take up, are not among them: only the drive can tell of those.
pub(super) fn siblings<'a>(
    sys: &Path,
    tree: &'a Tree,
    block: &Block,
) -> std::io::Result<Vec<(&'a Block, SiblingKind)>> {
    let disk = block.disk_dir();
    let (reach, kind) = match target(disk) {
        Some(target) => (vec![target], SiblingKind::LogicalUnit),
        None => (subsystem(sys, disk)?, SiblingKind::Namespace),
    };
    let beside = |other: &&Block| {
        other.partition.is_none() && other.dir != disk && reach.iter().any(|dir| other.dir.starts_with(dir))
    };
    Ok(tree.in_order().into_iter().filter(beside).map(|other| (other, kind)).collect())
}

/// The SCSI target whose logical units are the drive's (`…/target0:0:0/0:0:0:0/block/sda`).
fn target(disk: &Path) -> Option<PathBuf> {
    disk.ancestors().find(|dir| sysfs::name(dir).starts_with("target")).map(Path::to_path_buf)
}

/// The directories below which the namespaces of the NVM subsystem lie: that of the subsystem (with the kernel's multipath) and those of
/// its controllers. Empty: no NVMe namespace.
fn subsystem(sys: &Path, disk: &Path) -> std::io::Result<Vec<PathBuf>> {
    let is_nvme = |dir: &Path| {
        let rest = sysfs::name(dir);
        let number = rest.strip_prefix("nvme-subsys").or_else(|| rest.strip_prefix("nvme"));
        number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let Some(owner) = disk.ancestors().skip(1).find(|dir| is_nvme(dir)) else { return Ok(Vec::new()) };
    let mut reach = vec![owner.to_path_buf()];
    for subsystem in sysfs::entries(&sys.join("class/nvme-subsystem"))? {
        let Ok(subsystem) = subsystem.canonicalize() else { continue };
        let mut members = vec![subsystem.clone()];
        for entry in sysfs::entries(&subsystem)?.into_iter().filter(|entry| is_nvme(entry)) {
            members.extend(entry.canonicalize().ok());
        }
        if members.iter().any(|member| member == owner) {
            reach.extend(members);
        }
    }
    Ok(reach)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::device::testtree::FakeTree;
    use crate::media::SiblingKind;

    fn found(tree: &FakeTree, name: &str) -> Vec<(String, SiblingKind)> {
        let siblings = tree.medium(name).siblings.unwrap();
        let node = |path: &str| path.rsplit('/').next().unwrap().to_string();
        siblings.iter().map(|sibling| (node(&sibling.path), sibling.kind)).collect()
    }

    #[test]
    fn logical_units_of_one_target_are_siblings_and_other_targets_are_not() {
        let tree = FakeTree::new();
        let sda = tree.disk("pci/host0/target0:0:0/0:0:0:0", "sda", "8:0");
        tree.partition(&sda, "sda1", "8:1", 1);
        tree.disk("pci/host0/target0:0:0/0:0:0:1", "sdb", "8:16");
        tree.disk("pci/host0/target0:0:1/0:0:1:0", "sdc", "8:32");
        assert_eq!(found(&tree, "sda"), [("sdb".into(), SiblingKind::LogicalUnit)]);
        assert_eq!(found(&tree, "sda1"), [("sdb".into(), SiblingKind::LogicalUnit)]);
        assert_eq!(found(&tree, "sdb"), [("sda".into(), SiblingKind::LogicalUnit)], "partitions go with their disk");
        assert_eq!(found(&tree, "sdc"), []);
    }

    #[test]
    fn namespaces_are_siblings_through_any_controller_of_their_subsystem() {
        let tree = FakeTree::new();
        tree.disk("pci0/nvme/nvme0", "nvme0n1", "259:0");
        tree.disk("pci0/nvme/nvme0", "nvme0n2", "259:1");
        tree.disk("pci1/nvme/nvme1", "nvme1n3", "259:2");
        tree.disk("pci2/nvme/nvme2", "nvme2n1", "259:3");
        let namespace = |name: &str| (name.to_string(), SiblingKind::Namespace);
        assert_eq!(found(&tree, "nvme0n1"), [namespace("nvme0n2")]);
        let subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys0";
        std::fs::create_dir_all(tree.at(subsystem)).unwrap();
        for (number, controller) in [(0, "nvme0"), (1, "nvme1")] {
            let dir = tree.at(&format!("sys/devices/pci{number}/nvme/{controller}"));
            tree.link(&format!("{subsystem}/{controller}"), dir);
        }
        tree.link("sys/class/nvme-subsystem/nvme-subsys0", tree.at(subsystem));
        assert_eq!(found(&tree, "nvme0n1"), [namespace("nvme0n2"), namespace("nvme1n3")]);
        assert_eq!(found(&tree, "nvme2n1"), []);
    }

    #[test]
    fn siblings_that_can_not_be_found_out_are_not_none() {
        let tree = FakeTree::new();
        tree.disk("pci0/nvme/nvme0", "nvme0n1", "259:0");
        std::fs::create_dir_all(tree.at("sys/class")).unwrap();
        std::os::unix::fs::symlink("nvme-subsystem", tree.at("sys/class/nvme-subsystem")).unwrap();
        assert_eq!(tree.medium("nvme0n1").siblings, None);
    }
}
