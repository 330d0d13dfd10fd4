//! One block device as `list`, `show` and `plan` see it: identity, properties, layers, and why it is in use.

use serde::{Deserialize, Serialize};

use super::{Capabilities, HiddenAreas, Identity};

/// How a medium is attached, as far as the kernel tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Bus {
    Ata,
    Scsi,
    Nvme,
    Usb,
    /// eMMC.
    Mmc,
    /// SD and other cards in an SD slot.
    Sd,
    Virtio,
    Loop,
    DeviceMapper,
    Md,
    Zram,
    Nbd,
    /// Persistent memory.
    Pmem,
    /// A plain file that stands in for a device (demo and tests).
    File,
    Unknown,
}

/// Whether the medium rotates. Unknown is treated as flash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rotation {
    /// Proven to rotate (ATA or SCSI data; VPD page B1h behind USB).
    Rotational,
    /// Proven not to rotate.
    Flash,
    /// Not known; treated as flash.
    Unknown,
}

/// Zone model (`queue/zoned`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Zoned {
    None,
    HostAware,
    HostManaged,
    Unknown,
}

/// Whole disk, partition of one, or a plain file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Node {
    /// A whole block device.
    Disk,
    /// A partition.
    Partition,
    /// A plain file that stands in for a device (demo and tests).
    File,
}

/// One partition of a disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// Device node.
    pub path: String,
    /// Partition number.
    pub number: u32,
    /// Offset on the disk in bytes.
    pub first_byte: u64,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// The disk that a partition lies on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionOf {
    /// Device node of the disk.
    pub path: String,
    /// Partition number.
    pub number: u32,
    /// Size of the disk in bytes.
    pub disk_bytes: u64,
}

/// A layer below the named device that stands between it and a medium.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Layer {
    /// `loop`, `device-mapper`, `md`, `virtio`, `zram`, `nbd`, `raid-controller`, `plain-file`, `unknown` …
    pub kind: String,
    /// What it is, in words: dm name and target, backing file, level, devices below.
    pub detail: String,
}

/// In which way another device belongs to the same drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiblingKind {
    /// Another namespace of the NVM subsystem.
    Namespace,
    /// Another logical unit of the SCSI target.
    LogicalUnit,
}

/// Another device of the same drive, which an erase by the drive reaches too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sibling {
    /// Device node.
    pub path: String,
    /// What it is to the drive.
    pub kind: SiblingKind,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// What a device is found to hold by its magic bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// `btrfs`, `zfs-member`, `lvm2-member`, `md-member`, `luks`, `bcache`, `swap`, `ext`, `xfs`, `vfat`, `ntfs`, `exfat`, `f2fs`, `gpt`, `mbr`.
    pub kind: String,
    /// UUID of the filesystem, set or header, where it has one.
    pub uuid: Option<String>,
}

/// In which way a medium is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum UseKind {
    Mounted,
    Swap,
    /// A dm, md or bcache device on top.
    Holder,
    /// Member of a btrfs, ZFS, LVM, md or LUKS set that is active here, or whose activity can't be found out.
    Member,
    /// Backs a loop device.
    LoopBacking,
    /// Backs a zram device.
    ZramBacking,
    /// Carries the root filesystem.
    Root,
    /// A partition of it, or the disk it lies on, is in use.
    Related,
    /// The same unit or backing file has another device node.
    OtherPath,
    /// A process holds it open or mapped.
    Open,
    /// Another run of this program has it open to read alone: it looks at what is there, or verifies.
    Examined,
    /// Held exclusively (O_EXCL answered EBUSY).
    Exclusive,
    /// Something could not be read: counts as in use.
    Unknown,
}

/// One reason why a medium is in use, naming the holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// In which way.
    pub kind: UseKind,
    /// Who: mount point and namespace, process and pid, device, pool.
    pub holder: String,
    /// What to do to free it.
    pub release: String,
}

/// A block device with all that `list`, `show` and `plan` tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medium {
    /// Which medium it is.
    pub identity: Identity,
    /// Whole disk or partition.
    pub node: Node,
    /// How it is attached.
    pub bus: Bus,
    /// Whether it rotates.
    pub rotation: Rotation,
    /// Removable by the kernel's word.
    pub removable: bool,
    /// Read-only now.
    pub read_only: bool,
    /// Zone model.
    pub zoned: Zoned,
    /// Partitions of a disk.
    pub partitions: Vec<Partition>,
    /// The disk that a partition lies on.
    pub partition_of: Option<PartitionOf>,
    /// Layers between this node and a medium; empty for a drive driven natively.
    pub layers: Vec<Layer>,
    /// What it holds by magic bytes. `None`: could not be read.
    pub signatures: Option<Vec<Signature>>,
    /// Other device nodes of the same unit.
    pub other_paths: Vec<String>,
    /// Other devices of the same drive that are attached here; `None` where that can't be found out.
    pub siblings: Option<Vec<Sibling>>,
    /// What it can do by itself; `None` where it was not asked: `list` asks nothing of a drive, and layers and partitions have none.
    pub capabilities: Option<Capabilities>,
    /// Why it is in use; empty only if everything could be read and nothing uses it.
    pub uses: Vec<Use>,
    /// The device's limits: largest request in bytes and optimal request in bytes (0: not told).
    pub max_io_bytes: u64,
    /// Optimal I/O size in bytes; 0 where not told.
    pub optimal_io_bytes: u64,
}

impl Medium {
    /// Whether Rev. 1 Appendix A asks for a pattern and its complement: USB flash, memory cards, unknown flash.
    pub fn wants_complement(&self) -> bool {
        Self::kind_wants_complement(self.bus, self.rotation, self.is_layered())
    }

    /// The same, from the properties that stand in a record.
    pub fn kind_wants_complement(bus: Bus, rotation: Rotation, layered: bool) -> bool {
        match bus {
            Bus::Usb => rotation != Rotation::Rotational,
            Bus::Mmc | Bus::Sd => true,
            Bus::Scsi | Bus::Unknown => rotation == Rotation::Unknown && !layered,
            _ => false,
        }
    }

    /// What is known of hidden areas.
    pub fn hidden_areas(&self) -> HiddenAreas {
        match &self.capabilities {
            Some(capabilities) => capabilities.hidden_areas,
            None if self.is_layered() => HiddenAreas::NONE,
            None => HiddenAreas::default(),
        }
    }

    /// Whether a layer stands between this node and a medium, so that an overwrite is a logical one.
    pub fn is_layered(&self) -> bool {
        !self.layers.is_empty()
    }
}
