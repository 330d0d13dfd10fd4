//! Which medium this is, and how that is known.

use serde::{Deserialize, Serialize};

/// Where a serial number was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SerialSource {
    /// SCSI VPD page 80h, Unit Serial Number (SPC-4 §7.8.15); behind a USB bridge this may be the bridge's own.
    ScsiVpd80,
    /// VPD page 80h or page 89h of a SATA drive behind the kernel's or a bridge's SAT layer.
    AtaVpd,
    /// NVMe Identify Controller, bytes 23:04.
    NvmeIdentify,
    /// eMMC or SD CID register, PSN field.
    MmcCid,
    /// USB device descriptor, iSerialNumber: the stick's or the bridge's.
    UsbDescriptor,
    /// virtio-blk GET_ID, set by the hypervisor.
    VirtioId,
    /// Another `serial` attribute in sysfs.
    Sysfs,
}

impl SerialSource {
    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            SerialSource::ScsiVpd80 => "scsi-vpd-80",
            SerialSource::AtaVpd => "ata-vpd",
            SerialSource::NvmeIdentify => "nvme-identify",
            SerialSource::MmcCid => "mmc-cid",
            SerialSource::UsbDescriptor => "usb-descriptor",
            SerialSource::VirtioId => "virtio-id",
            SerialSource::Sysfs => "sysfs",
        }
    }
}

/// A serial number, trimmed, never empty, with its source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Serial {
    /// The number as text; bytes that are not printable ASCII are replaced by `?`.
    pub value: String,
    /// Where it was read.
    pub source: SerialSource,
}

impl Serial {
    /// Whether it can tell a medium from others: bridges and sticks without a number of their own report things like
    /// `000000000000`.
    pub fn is_telling(&self) -> bool {
        let mut characters = self.value.chars().filter(|c| c.is_ascii_alphanumeric());
        let first = characters.next();
        let printable = self.value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        self.value.len() >= 4 && characters.any(|c| Some(c) != first) && printable
    }
}

/// What stands behind a loop device, or the plain file that stands in for a device.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Backing {
    /// Path as the kernel shows it (lossy where it is not UTF-8).
    pub path: String,
    /// Device number of the filesystem that holds it, where it can be read.
    pub device: Option<u64>,
    /// Inode number, where it can be read.
    pub inode: Option<u64>,
}

/// Which medium this is. Two readings of one medium compare equal in every field that [`Identity::difference`] looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Device node or file as it was named (lossy where it is not UTF-8).
    pub path: String,
    /// The kernel's name: `sda`, `nvme0n1p2`, `loop3`; the file's name for a plain file.
    pub kernel_name: String,
    /// Major and minor device number; (0, 0) for a plain file.
    pub device_number: (u32, u32),
    /// Vendor, where the bus has one.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Firmware revision.
    pub firmware: Option<String>,
    /// Serial number; of the whole disk, for a partition.
    pub serial: Option<Serial>,
    /// World wide name: `naa.…`, `eui.…`, `uuid.…`, `t10.…`; of the whole disk, for a partition.
    pub wwn: Option<String>,
    /// Size of what was named, in bytes.
    pub size_bytes: u64,
    /// Offset of a partition on its disk, in bytes; 0 otherwise.
    pub offset_bytes: u64,
    /// Logical block size in bytes.
    pub logical_block_bytes: u32,
    /// Physical block size in bytes.
    pub physical_block_bytes: u32,
    /// The kernel's disk sequence number (`diskseq`), new at each attach; of the whole disk, for a partition.
    pub disk_sequence: Option<u64>,
    /// Backing file of a loop device.
    pub backing: Option<Backing>,
}

impl Identity {
    /// The first field in which `now` shows another medium than `self`, in words, or `None`. Within one boot the disk
    /// sequence number alone tells a replugged or re-attached medium; across boots leave it out with `across_boots`.
    pub fn difference(&self, now: &Identity, across_boots: bool) -> Option<String> {
        fn differs<T: PartialEq + std::fmt::Debug>(what: &str, was: &T, is: &T) -> Option<String> {
            (was != is).then(|| format!("{what} was {was:?} and is now {is:?}"))
        }
        differs("size in bytes", &self.size_bytes, &now.size_bytes)
            .or_else(|| differs("offset on the disk", &self.offset_bytes, &now.offset_bytes))
            .or_else(|| differs("logical block size", &self.logical_block_bytes, &now.logical_block_bytes))
            .or_else(|| differs("serial number", &self.serial, &now.serial))
            .or_else(|| differs("world wide name", &self.wwn, &now.wwn))
            .or_else(|| differs("vendor", &self.vendor, &now.vendor))
            .or_else(|| differs("model", &self.model, &now.model))
            .or_else(|| differs("backing file", &self.backing, &now.backing))
            .or_else(|| {
                if across_boots {
                    return None;
                }
                differs("disk sequence number", &self.disk_sequence, &now.disk_sequence)
                    .or_else(|| differs("device number", &self.device_number, &now.device_number))
            })
    }

    /// Whether serial or WWN tell this medium from others of its kind.
    pub fn is_individual(&self) -> bool {
        self.serial.as_ref().is_some_and(Serial::is_telling) || self.wwn.is_some()
    }
}
