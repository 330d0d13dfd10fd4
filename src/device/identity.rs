//! Which medium a device is: names, numbers and sizes from sysfs.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::bus::bus;
use super::probe::Probe;
use super::sysfs;
use super::tree::Block;
use crate::media::{Backing, Bus, Identity, Serial, SerialSource};
use crate::wire::scsi::vpd;

/// The identity of `block`, found at `path`. `open`: a descriptor on it, where there is one; a loop device's backing file is asked
/// through it.
pub(super) fn read(probe: Probe, block: &Block, path: &Path, open: Option<&File>) -> Identity {
    let disk = block.disk_dir();
    let bus = bus(disk);
    let names = Names::read(disk, bus);
    let block_bytes = |attribute: &str| {
        let bytes = sysfs::number(&disk.join("queue").join(attribute)).and_then(|n| u32::try_from(n).ok());
        bytes.filter(|n| n.is_power_of_two())
    };
    let logical = block_bytes("logical_block_size").unwrap_or(512);
    Identity {
        path: path.to_string_lossy().into_owned(),
        kernel_name: block.name.clone(),
        device_number: block.number,
        vendor: names.vendor,
        model: names.model,
        firmware: names.firmware,
        serial: names.serial,
        wwn: wwn(disk, bus),
        size_bytes: block.size_bytes,
        offset_bytes: block.first_byte,
        logical_block_bytes: logical,
        physical_block_bytes: block_bytes("physical_block_size").unwrap_or(logical).max(logical),
        disk_sequence: sysfs::number(&disk.join("diskseq")),
        // A partition of a loop device answers for the whole of it.
        backing: (bus == Bus::Loop).then(|| backing(probe, disk, open)).flatten(),
    }
}

struct Names {
    vendor: Option<String>,
    model: Option<String>,
    firmware: Option<String>,
    serial: Option<Serial>,
}

impl Names {
    fn read(disk: &Path, bus: Bus) -> Names {
        let device = |attribute: &str| sysfs::text(&disk.join("device").join(attribute));
        let serial = |value: Option<String>, source| value.map(|value| Serial { value, source });
        match bus {
            Bus::Nvme => Names {
                vendor: None,
                model: device("model"),
                firmware: device("firmware_rev"),
                serial: serial(device("serial"), SerialSource::NvmeIdentify),
            },
            Bus::Mmc | Bus::Sd => Names {
                vendor: device("manfid"),
                model: device("name"),
                firmware: device("fwrev"),
                serial: serial(device("serial"), SerialSource::MmcCid),
            },
            Bus::Loop | Bus::DeviceMapper | Bus::Md | Bus::Zram | Bus::Nbd => {
                Names { vendor: None, model: None, firmware: None, serial: None }
            }
            Bus::Virtio if !disk.join("device/vendor").exists() || sysfs::text(&disk.join("serial")).is_some() => {
                Names {
                    vendor: None,
                    model: device("model"),
                    firmware: None,
                    serial: serial(sysfs::text(&disk.join("serial")), SerialSource::VirtioId),
                }
            }
            _ => Names::scsi(disk, bus),
        }
    }

    fn scsi(disk: &Path, bus: Bus) -> Names {
        let device = disk.join("device");
        let page = |name: &str| sysfs::bytes(&device.join(name)).ok().flatten();
        // INQUIRY cuts the model of a SATA drive to 16 characters; IDENTIFY DEVICE has all of it.
        let ata = page("vpd_pg89").as_deref().and_then(|page| vpd::AtaInformation::parse(page)?.names());
        let vendor = sysfs::text(&device.join("vendor"));
        let is_ata = bus == Bus::Ata || ata.is_some() || vendor.as_deref() == Some("ATA");
        let vpd_serial = page("vpd_pg80").as_deref().and_then(vpd::unit_serial);
        let (ata_serial, firmware, model) = ata.map_or((None, None, None), |a| (a.serial, a.firmware, a.model));
        let named = |value: Option<String>, source| value.map(|value| Serial { value, source });
        let vpd_source = if is_ata { SerialSource::AtaVpd } else { SerialSource::ScsiVpd80 };
        Names {
            vendor: vendor.filter(|v| !(is_ata && v == "ATA")),
            model: model.or_else(|| sysfs::text(&device.join("model"))),
            firmware: firmware.or_else(|| sysfs::text(&device.join("rev"))),
            serial: named(vpd_serial, vpd_source)
                .or_else(|| named(ata_serial, SerialSource::AtaVpd))
                .or_else(|| named(usb_serial(disk), SerialSource::UsbDescriptor))
                .or_else(|| named(sysfs::text(&device.join("serial")), SerialSource::Sysfs)),
        }
    }
}

/// `serial` of the nearest USB device above.
fn usb_serial(disk: &Path) -> Option<String> {
    let usb = disk.ancestors().find(|dir| dir.join("idVendor").exists())?;
    sysfs::text(&usb.join("serial"))
}

/// The name that no other unit has: what the kernel made of VPD page 83h or of the namespace's identifiers.
pub(super) fn wwn(disk: &Path, bus: Bus) -> Option<String> {
    let real = |name: &String| {
        name.split_once('.').is_some_and(|(_, id)| id.bytes().any(|b| !matches!(b, b'0' | b'-' | b' ')))
    };
    let attribute = |name: &str| sysfs::text(&disk.join(name)).filter(real);
    if let Some(name) = attribute("wwid").or_else(|| attribute("device/wwid")) {
        return Some(name);
    }
    if bus == Bus::Nvme {
        let plain = |name: &str| {
            let digits = sysfs::text(&disk.join(name))?.replace([' ', '-'], "").to_ascii_lowercase();
            let id = format!("eui.{digits}");
            Some(id).filter(|id| real(id) && digits.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        return plain("nguid").or_else(|| plain("eui"));
    }
    sysfs::bytes(&disk.join("device/vpd_pg83")).ok().flatten().as_deref().and_then(vpd::unit_name)
}

/// The backing file of the loop device `disk`: by descriptor where there is one, else by the path that the kernel shows.
fn backing(probe: Probe, disk: &Path, open: Option<&File>) -> Option<Backing> {
    let path = backing_path(disk)?;
    let status = open.and_then(|file| (probe.loop_status)(file).ok()).map(|status| (status.device, status.inode));
    let (device, inode) = status.or_else(|| (probe.stat)(&path).ok().map(|stat| (stat.device, stat.inode))).unzip();
    Some(Backing { path: path.to_string_lossy().into_owned(), device, inode })
}

/// `loop/backing_file`; a file that was deleted has ` (deleted)` at its end.
pub(super) fn backing_path(disk: &Path) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = sysfs::bytes(&disk.join("loop/backing_file")).ok().flatten()?;
    while bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    (!bytes.is_empty()).then(|| std::ffi::OsString::from_vec(bytes).into())
}
