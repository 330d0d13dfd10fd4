//! How a device is attached, whether it rotates, and its zones.

use std::path::Path;

use super::sysfs;
use crate::media::{Bus, Rotation, Zoned};
use crate::wire::scsi::vpd;

/// The bus of the disk `dir`, from its name and from the devices above it.
pub(super) fn bus(dir: &Path) -> Bus {
    let name = sysfs::name(dir);
    let above = |prefix: &str| {
        dir.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            part.strip_prefix(prefix).is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
        })
    };
    let named = |prefix: &str| name.starts_with(prefix);
    if named("loop") {
        Bus::Loop
    } else if named("dm-") {
        Bus::DeviceMapper
    } else if named("md") {
        Bus::Md
    } else if named("zram") {
        Bus::Zram
    } else if named("nbd") {
        Bus::Nbd
    } else if named("pmem") {
        Bus::Pmem
    } else if named("nvme") {
        Bus::Nvme
    } else if named("mmcblk") {
        if sysfs::text(&dir.join("device/type")).as_deref() == Some("MMC") { Bus::Mmc } else { Bus::Sd }
    } else if above("usb") {
        Bus::Usb
    } else if above("ata") {
        Bus::Ata
    } else if above("virtio") {
        Bus::Virtio
    } else if named("sd") || named("sr") || above("host") {
        Bus::Scsi
    } else {
        Bus::Unknown
    }
}

/// Whether the disk `dir` rotates. `queue/rotational` is the kernel's default where a device says nothing, and many USB
/// sticks say nothing: behind USB only a rotation rate in VPD page B1h proves anything. Virtual devices prove nothing.
pub(super) fn rotation(dir: &Path, bus: Bus) -> Rotation {
    match bus {
        Bus::Mmc | Bus::Sd => Rotation::Flash,
        Bus::Ata | Bus::Scsi | Bus::Nvme => match sysfs::flag(&dir.join("queue/rotational")) {
            Some(true) if bus == Bus::Nvme || !is_virtual(dir) => Rotation::Rotational,
            Some(false) => Rotation::Flash,
            _ => Rotation::Unknown,
        },
        Bus::Usb => {
            match sysfs::bytes(&dir.join("device/vpd_pgb1")).ok().flatten().as_deref().and_then(vpd::rotation_rate) {
                Some(1) => Rotation::Flash,
                Some(0x401..=0xFFFE) => Rotation::Rotational,
                _ => Rotation::Unknown,
            }
        }
        _ => Rotation::Unknown,
    }
}

fn is_virtual(dir: &Path) -> bool {
    dir.components().any(|part| part.as_os_str() == "virtual")
}

/// Zone model. The attribute stands in every queue since Linux 4.10, with or without zone support compiled in; where it is missing,
/// nothing is known.
pub(super) fn zoned(dir: &Path) -> Zoned {
    match sysfs::text(&dir.join("queue/zoned")).as_deref() {
        Some("none") => Zoned::None,
        Some("host-aware") => Zoned::HostAware,
        Some("host-managed") => Zoned::HostManaged,
        _ => Zoned::Unknown,
    }
}
