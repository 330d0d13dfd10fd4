//! The block devices of this machine, from sysfs, procfs and harmless ioctls. Opens nothing exclusively.

use std::collections::BTreeMap;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::active::{ActiveSets, Arrays};
use super::loops::{LoopBacking, loops};
use super::probe::Probe;
use super::procfs::{Processes, relocate};
use super::signature::{Found, detect_sets};
use super::transport::Kernel;
use super::tree::{Block, Number, Tree};
use super::usage::{self, Mounted};
use super::{bus, examine, identity, layers, siblings, sysfs};
use crate::media::{Medium, Node, Partition, PartitionOf, Sibling};
use crate::problem::Problem;
use crate::sys::node::FileKind;

/// Where the kernel's trees are; tests put faked ones here.
#[derive(Debug, Clone)]
pub struct Roots {
    /// `/sys`
    pub sys: PathBuf,
    /// `/proc`
    pub proc: PathBuf,
    /// `/dev`
    pub dev: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Roots { sys: "/sys".into(), proc: "/proc".into(), dev: "/dev".into() }
    }
}

/// One look at the machine.
pub struct Inventory {
    /// Where it looked.
    pub roots: Roots,
    pub(super) probe: Probe,
    pub(super) tree: Tree,
    pub(super) processes: Processes,
    pub(super) active: ActiveSets,
    pub(super) loops: Vec<LoopBacking>,
    /// Devices that are mounted, with where.
    pub(super) mounted: Vec<Mounted>,
    /// Devices that are swapped to.
    pub(super) swaps: Vec<Number>,
    /// Devices that carry the root filesystem, at any depth.
    pub(super) root_chain: Vec<Number>,
    /// What could not be read: counts as a use of every device.
    pub(super) unreadable: Vec<String>,
    signatures: BTreeMap<Number, OnceLock<Option<Vec<Found>>>>,
    arrays: OnceLock<Arrays>,
    names: OnceLock<Vec<(Number, String)>>,
}

impl Inventory {
    /// Reads the trees once. Errors: sysfs can't be read at all; whatever else can't be read is told as a use of every medium.
    pub fn read(roots: Roots) -> Result<Self, Problem> {
        Self::read_with(roots, Probe::KERNEL)
    }

    pub(super) fn read_with(roots: Roots, probe: Probe) -> Result<Self, Problem> {
        let tree = Tree::read(&roots.sys)?;
        let processes = Processes::read(&roots.proc, probe);
        let active = ActiveSets::read(&roots.sys, &tree);
        let loops = loops(&roots, probe, &tree);
        let signatures = tree.all().map(|block| (block.number, OnceLock::new())).collect();
        let mut inventory = Inventory {
            unreadable: [&tree.unreadable[..], &processes.unreadable, &active.unreadable].concat(),
            roots,
            probe,
            tree,
            processes,
            active,
            loops,
            mounted: Vec::new(),
            swaps: Vec::new(),
            root_chain: Vec::new(),
            signatures,
            arrays: OnceLock::new(),
            names: OnceLock::new(),
        };
        let unresolved = inventory.loops.iter().filter(|l| l.is_unresolved(&inventory.roots.dev));
        let what =
            |l: &LoopBacking| format!("the device that a loop device shows, {}, can't be found", l.path.display());
        let unresolved: Vec<String> = unresolved.map(what).collect();
        inventory.unreadable.extend(unresolved);
        inventory.mounted = usage::mounts::mounted(&inventory);
        match usage::mounts::swaps(&inventory) {
            Ok(swaps) => inventory.swaps = swaps,
            Err(what) => inventory.unreadable.push(what),
        }
        inventory.root_chain = usage::mounts::root_chain(&inventory);
        Ok(inventory)
    }

    /// Every block device that has a size, whole disks before their partitions; `in use` reasons included.
    pub fn media(&self) -> Result<Vec<Medium>, Problem> {
        let listed = self.tree.in_order().into_iter().filter(|block| block.size_bytes > 0);
        Ok(listed.map(|block| self.describe(block, &block.node(&self.roots.dev))).collect())
    }

    /// The block device that `path` names (a node, or a symlink to one such as /dev/disk/by-id/…). Errors name the path: no
    /// such path, not a block device, an empty device (size 0). A regular file or directory is refused.
    pub fn medium(&self, path: &Path) -> Result<Medium, Problem> {
        let shown = path.display();
        let stat = (self.probe.stat)(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Problem::error(
                format!("{shown}: no such path"),
                "Look at `radera list` for the devices of this machine.",
            ),
            _ => Problem::error(format!("{shown} can't be looked at: {e}"), "Check the path and your permissions."),
        })?;
        match stat.kind {
            FileKind::Block => {}
            FileKind::Regular | FileKind::Directory => {
                return Err(Problem::refused(
                    format!("{shown} is a file or directory, and no block device"),
                    "Name the device or partition that holds it; of files, `radera plan` tells.",
                ));
            }
            FileKind::Character | FileKind::Other => {
                return Err(Problem::error(
                    format!("{shown} is not a block device"),
                    "Look at `radera list` for the devices of this machine.",
                ));
            }
        }
        let (major, minor) = stat.number;
        let Some(block) = self.tree.get(stat.number) else {
            return Err(Problem::error(
                format!("{shown} stands for device {major}:{minor}, which the kernel does not know"),
                "Attach the device, or remove the stale node.",
            ));
        };
        if block.size_bytes == 0 {
            return Err(Problem::error(
                format!("{shown} is empty: it has a size of 0 bytes"),
                "Insert or attach a medium, and look at `radera list`.",
            ));
        }
        let canonical = block.node(&self.roots.dev);
        let is_same =
            (self.probe.stat)(&canonical).is_ok_and(|s| (s.kind, s.number) == (FileKind::Block, block.number));
        Ok(self.describe(block, if is_same { &canonical } else { path }))
    }

    /// As [`Inventory::medium`], with what the drive says that it can do, where there is a drive to be asked: through a descriptor that holds
    /// nobody off, by commands that change nothing. A drive that can't be opened was not asked.
    pub fn examined(&self, path: &Path) -> Result<Medium, Problem> {
        let mut medium = self.medium(path)?;
        if examine::can_be_asked(&medium) {
            let open = (self.probe.open)(Path::new(&medium.identity.path), medium.identity.device_number);
            medium.capabilities = open.ok().and_then(|file| examine::examine(&mut Kernel::new(file), &medium));
        }
        Ok(medium)
    }

    /// What this look could not see and did not take for a use of every device: for the plan's warnings.
    pub fn blind_spots(&self) -> &[String] {
        &self.processes.blind_spots
    }

    pub(super) fn describe(&self, block: &Block, path: &Path) -> Medium {
        let disk = block.disk_dir();
        let node = |b: &Block| b.node(&self.roots.dev).to_string_lossy().into_owned();
        let attached = bus::bus(disk);
        let partitions = self.tree.partitions_of(block).into_iter().map(|p| Partition {
            path: node(p),
            number: p.partition.unwrap_or(0),
            first_byte: p.first_byte,
            size_bytes: p.size_bytes,
        });
        let partition_of = self.tree.disk_of(block).map(|d| PartitionOf {
            path: node(d),
            number: block.partition.unwrap_or(0),
            disk_bytes: d.size_bytes,
        });
        let queue = |attribute: &str| sysfs::number(&disk.join("queue").join(attribute)).unwrap_or(0);
        let flag = |dir: &Path, attribute: &str| sysfs::flag(&dir.join(attribute)) == Some(true);
        let open = self.loop_file(block);
        Medium {
            identity: identity::read(self.probe, block, path, open.as_ref()),
            node: if block.partition.is_some() { Node::Partition } else { Node::Disk },
            bus: attached,
            rotation: bus::rotation(disk, attached),
            removable: flag(disk, "removable"),
            read_only: flag(&block.dir, "ro") || flag(disk, "ro"),
            zoned: bus::zoned(disk),
            partitions: partitions.collect(),
            partition_of,
            layers: layers::layers(&self.tree, block, &self.roots.dev, &|path| self.resolve(path)),
            signatures: self.signatures(block).map(|all| all.into_iter().map(|found| found.signature).collect()),
            other_paths: usage::paths::other_paths(self, block).into_iter().map(node).collect(),
            siblings: siblings::siblings(&self.roots.sys, &self.tree, block).ok().map(|all| {
                let sibling =
                    |(other, kind): (&Block, _)| Sibling { path: node(other), kind, size_bytes: other.size_bytes };
                all.into_iter().map(sibling).collect()
            }),
            capabilities: None,
            uses: usage::uses(self, block),
            max_io_bytes: queue("max_sectors_kb").saturating_mul(1024),
            optimal_io_bytes: queue("optimal_io_size"),
        }
    }

    /// A descriptor on the loop device that `block` is or lies on, to ask for its backing file.
    fn loop_file(&self, block: &Block) -> Option<std::fs::File> {
        let disk = self.tree.disk_of(block).unwrap_or(block);
        let is_loop = disk.dir.join("loop").exists();
        is_loop.then(|| (self.probe.open)(&disk.node(&self.roots.dev), disk.number).ok()).flatten()
    }

    /// The block device that a path under `/dev` (or elsewhere) leads to, by its node, else by the kernel's name.
    pub(super) fn resolve(&self, path: &Path) -> Option<Number> {
        let path = relocate(path, &self.roots.dev);
        match (self.probe.stat)(&path) {
            Ok(stat) if stat.kind == FileKind::Block => Some(stat.number),
            Ok(_) => None,
            Err(_) => {
                let name = path.strip_prefix(&self.roots.dev).ok()?.to_str()?.replace('/', "!");
                self.tree.by_name(&name).map(|block| block.number)
            }
        }
    }

    /// What `block` holds by its magic bytes, read once; `None` where any of it could not be read.
    pub(super) fn signatures(&self, block: &Block) -> Option<Vec<Found>> {
        let cell = self.signatures.get(&block.number)?;
        cell.get_or_init(|| {
            if block.size_bytes == 0 {
                return Some(Vec::new());
            }
            let file = (self.probe.open)(&block.node(&self.roots.dev), block.number).ok()?;
            let mut failed = false;
            let mut read = |offset: u64, bytes: usize| {
                let mut buffer = vec![0; bytes];
                let outcome = file.read_exact_at(&mut buffer, offset);
                failed |= outcome.is_err();
                outcome.ok().map(|()| buffer)
            };
            let found = detect_sets(&mut read, block.size_bytes);
            (!failed).then_some(found)
        })
        .clone()
    }

    /// The active arrays.
    pub(super) fn arrays(&self) -> &Arrays {
        self.arrays.get_or_init(|| Arrays::read(&self.tree, &|block| self.signatures(block)))
    }

    /// World wide names of the whole disks that have one.
    pub(super) fn wide_names(&self) -> &[(Number, String)] {
        self.names.get_or_init(|| {
            let disks = self.tree.all().filter(|b| b.partition.is_none() && b.size_bytes > 0);
            disks.filter_map(|b| Some((b.number, identity::wwn(&b.dir, bus::bus(&b.dir))?))).collect()
        })
    }
}
