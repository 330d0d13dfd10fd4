//! A drive of the machine's, as the host knows it: an image in which every sector carries a marker of its own.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::rig::Rig;
use crate::support::disk::{Image, Scratch};
use crate::support::{MIB, SECTOR, run};

/// How QEMU attaches a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bus {
    Nvme,
    Ata,
    UsbStorage,
    Uas,
    VirtioScsi,
    VirtioBlk,
    /// A memory card: a power of two of MiB, its serial number always [`CARD_SERIAL`].
    Sd,
}

/// Of QEMU's only kind of memory card.
pub const CARD_SERIAL: &str = "0xdeadbeef";

impl Bus {
    /// The kernel's modules for it.
    pub fn modules(self) -> &'static [&'static str] {
        match self {
            Bus::Nvme => &["nvme"],
            Bus::Ata => &["ahci", "sd_mod", "sg"],
            Bus::UsbStorage => &["xhci_pci", "usb_storage", "sd_mod", "sg"],
            Bus::Uas => &["xhci_pci", "uas", "sd_mod", "sg"],
            Bus::VirtioScsi => &["virtio_scsi", "sd_mod", "sg"],
            Bus::VirtioBlk => &["virtio_blk"],
            Bus::Sd => &["sdhci_pci", "mmc_block"],
        }
    }

    /// QEMU's options for drive `number` of the machine.
    pub fn options(self, number: usize, serial: &str) -> Vec<String> {
        let disk = format!("drive=drive{number},serial={serial}");
        let devices = match self {
            Bus::Nvme => vec![format!("nvme,{disk}")],
            // The machine has an AHCI controller with six ports.
            Bus::Ata => vec![format!("ide-hd,{disk},bus=ide.{number},model=RIGATA")],
            Bus::UsbStorage => vec![format!("usb-storage,bus=usb.0,{disk}")],
            Bus::Uas => vec![format!("usb-uas,bus=usb.0,id=uas{number}"), format!("scsi-hd,bus=uas{number}.0,{disk}")],
            Bus::VirtioScsi => {
                vec![format!("virtio-scsi-pci,id=scsi{number}"), format!("scsi-hd,bus=scsi{number}.0,{disk}")]
            }
            Bus::VirtioBlk => vec![format!("virtio-blk-pci,{disk}")],
            Bus::Sd => vec!["sdhci-pci".into(), format!("sd-card,drive=drive{number}")],
        };
        devices.into_iter().flat_map(|device| ["-device".into(), device]).collect()
    }
}

/// What a raw image holds, sector by sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// Sectors that hold their marker, or any other of this drive's.
    pub marked: u64,
    pub total: u64,
}

/// A drive. Its image stays when the machine is gone.
pub struct Disk {
    /// Serial number, and name in the markers.
    pub serial: String,
    pub bus: Bus,
    pub bytes: u64,
    raw: PathBuf,
    /// A qcow2 image over the raw one: what the guest has not flushed is lost with QEMU.
    overlay: Option<PathBuf>,
}

impl Disk {
    /// A drive of `mib` MiB, every sector marked.
    pub fn marked(scratch: &Scratch, serial: &str, bus: Bus, mib: u64) -> Disk {
        let raw = scratch.join(&format!("{serial}.img"));
        let file = File::create_new(&raw).unwrap();
        let per_block = MIB / SECTOR;
        for block in 0..mib {
            let sectors = (block * per_block..(block + 1) * per_block).flat_map(|number| marker(serial, number));
            file.write_all_at(&sectors.collect::<Vec<u8>>(), block * MIB).unwrap();
        }
        Disk { serial: serial.into(), bus, bytes: mib * MIB, raw, overlay: None }
    }

    /// A drive with an ext4 filesystem.
    pub fn ext4(scratch: &Scratch, serial: &str, mib: u64) -> Disk {
        let raw = scratch.join(&format!("{serial}.img"));
        Image::blank(raw.clone(), mib * MIB);
        run("mke2fs", &["-q", "-F", "-t", "ext4", raw.to_str().unwrap()]);
        Disk { serial: serial.into(), bus: Bus::VirtioBlk, bytes: mib * MIB, raw, overlay: None }
    }

    /// A drive of `bytes` bytes with nothing on it.
    pub fn blank(scratch: &Scratch, serial: &str, bytes: u64) -> Disk {
        let raw = scratch.join(&format!("{serial}.img"));
        Image::blank(raw.clone(), bytes);
        Disk { serial: serial.into(), bus: Bus::VirtioBlk, bytes, raw, overlay: None }
    }

    /// The same drive, attached by `bus`.
    pub fn on(mut self, bus: Bus) -> Disk {
        self.bus = bus;
        self
    }

    /// Its raw image.
    pub fn raw(&self) -> &Path {
        &self.raw
    }

    /// Puts a volatile write cache in front of it.
    pub fn with_volatile_cache(mut self, rig: &Rig) -> Disk {
        let overlay = self.raw.with_extension("qcow2");
        let made = rig
            .qemu("qemu-img")
            .args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b"])
            .args([&self.raw, &overlay])
            .output()
            .unwrap();
        assert!(made.status.success(), "qemu-img: {}", String::from_utf8_lossy(&made.stderr));
        self.overlay = Some(overlay);
        self
    }

    /// Partitions it by a script of sfdisk's, on the host; some markers give way to the table.
    pub fn partition(&self, script: &str) {
        use std::io::Write;
        use std::process::{Command, Stdio};
        let mut sfdisk = Command::new("sfdisk");
        sfdisk.args(["--quiet", "--no-reread", "--wipe", "never"]).arg(&self.raw).stdin(Stdio::piped());
        let mut child = sfdisk.spawn().expect("sfdisk (package fdisk)");
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "sfdisk {}", self.raw.display());
    }

    /// QEMU's options for it as drive `number`.
    pub fn options(&self, number: usize) -> Vec<String> {
        let (file, format) = match &self.overlay {
            // Cluster tables are kept in memory until the guest flushes.
            Some(overlay) => (overlay, "qcow2,l2-cache-size=1M,cache-clean-interval=0"),
            None => (&self.raw, "raw"),
        };
        // Unsafe for a host that loses its power: a flush of the guest's reaches the host's memory, which outlives QEMU, and waits for no disk.
        let drive =
            format!("if=none,id=drive{number},file={},format={format},cache=unsafe,discard=unmap", file.display());
        [vec!["-drive".into(), drive], self.bus.options(number, &self.serial)].concat()
    }

    /// What the image holds from `first` on, `bytes` bytes.
    pub fn truth_in(&self, rig: &Rig, first: u64, bytes: u64) -> Truth {
        Truth { marked: marked(&self.content(rig, first, bytes), &self.serial), total: bytes / SECTOR }
    }

    pub fn truth(&self, rig: &Rig) -> Truth {
        self.truth_in(rig, 0, self.bytes)
    }

    /// What the image holds. A volatile cache can only be looked behind while the machine is off.
    pub fn content(&self, rig: &Rig, first: u64, bytes: u64) -> Vec<u8> {
        let mut content = vec![0; bytes as usize];
        let read = |path: &Path, content: &mut [u8]| File::open(path).unwrap().read_exact_at(content, first).unwrap();
        match &self.overlay {
            None => read(&self.raw, &mut content),
            Some(overlay) => {
                let flat = overlay.with_extension("flat");
                let made = rig.qemu("qemu-img").args(["convert", "-O", "raw"]).args([overlay, &flat]).output().unwrap();
                assert!(made.status.success(), "qemu-img: {}", String::from_utf8_lossy(&made.stderr));
                read(&flat, &mut content);
                std::fs::remove_file(flat).unwrap();
            }
        }
        content
    }
}

/// How many sectors of `content` hold a marker of this name, or a part of one.
pub fn marked(content: &[u8], name: &str) -> u64 {
    let needle = marker_start(name);
    let blank = |sector: &[u8]| sector.iter().all(|byte| *byte == 0);
    content.chunks(SECTOR as usize).filter(|sector| !blank(sector) && contains(sector, &needle)).count() as u64
}

fn marker_start(serial: &str) -> Vec<u8> {
    format!("MARKER {serial} ").into_bytes()
}

/// The 512 bytes of one sector: whose it is and which, over and over, so that a part of it shows too.
pub fn marker(serial: &str, number: u64) -> Vec<u8> {
    let text = [marker_start(serial), format!("{number:012} ").into_bytes()].concat();
    text.into_iter().cycle().take(SECTOR as usize).collect()
}

fn contains(sector: &[u8], needle: &[u8]) -> bool {
    sector.windows(needle.len()).any(|window| window == needle)
}
