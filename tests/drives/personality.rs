//! Ready-made drives for a matrix: small, in memory, with hidden, spare and remapped blocks, on a clock moved by hand.
//! For a guest program, make the same over a file with [`Kit`].

use super::ata::{self, Sata};
use super::clock::Clock;
use super::gear::Gear;
use super::medium::{Layout, Medium, Unmapped};
use super::nvme::{self as controller, Nvme};
use super::satl::Satl;
use super::scsi::sas::{self, Sas};
use super::state::Saved;
use super::store::{Memory, Store};
use std::io;

/// What a drive is made of.
pub struct Kit {
    /// Its time.
    pub clock: Clock,
    /// Where its blocks lie; its size is [`Medium::size`] of the layout.
    pub store: Box<dyn Store>,
    /// How many blocks of which kind.
    pub layout: Layout,
    /// The store already holds this drive's blocks: take them as they are. [`super::Machine::load`] must follow.
    pub used: bool,
}

impl Kit {
    /// In memory, on a clock moved by hand.
    pub fn in_memory(layout: Layout) -> Self {
        let store = Box::new(Memory::new(Medium::size(&layout)));
        Kit { clock: Clock::manual(), store, layout, used: false }
    }

    fn gear(self, encrypted: bool) -> io::Result<Gear> {
        let medium = if self.used {
            let mut medium = Medium::open(self.store, self.layout)?;
            // The first key, until the saved state says another.
            let mut first = Saved::default();
            first.set("medium-key", u32::from(encrypted));
            first.set("medium-next-spare", 0);
            medium.load(&first).map_err(io::Error::other)?;
            medium
        } else {
            Medium::format(self.store, self.layout, encrypted)?
        };
        Ok(Gear::new(medium, self.clock))
    }
}

/// 8 MiB to address in `spaces` equal parts, 1 MiB of spare and 32 remapped blocks.
pub fn small(spaces: u64) -> Layout {
    Layout { spaces: (0..spaces).map(|_| 16384 / spaces).collect(), spare: 2048, remapped: 32 }
}

fn memory(encrypted: bool, stale_copies: bool, spaces: u64) -> Gear {
    let layout = small(spaces);
    let medium = Medium::in_memory(layout, encrypted);
    let medium = if stale_copies { medium.leave_stale_copies() } else { medium };
    Gear::new(medium, Clock::manual())
}

/// What the hard disk is like: HPA and DCO, SANITIZE OVERWRITE, security with enhanced erase, no encryption.
pub fn hdd_traits() -> ata::Traits {
    ata::Traits {
        model: "DRIVES HDD 8M".to_owned(),
        serial: "DRVHDD0000001".to_owned(),
        firmware: "HD10".to_owned(),
        wwn: 0x5000_5430_0000_0001,
        rotation: 7200,
        block_erase: false,
        overwrite: true,
        crypto: false,
        antifreeze: false,
        security: true,
        enhanced: true,
        hpa: true,
        dco: true,
        ama: false,
        trim: None,
        encrypts: false,
        sanitize_overrides_security: false,
        normal_erase_reaches_native: false,
        seconds: [60, 600, 2, 600, 620],
    }
}

/// What the SATA SSD is like: block erase, crypto scramble, TRIM that reads as zeros, AMA, always encrypting.
pub fn ssd_traits() -> ata::Traits {
    ata::Traits {
        model: "DRIVES SSD 8M".to_owned(),
        serial: "DRVSSD0000001".to_owned(),
        firmware: "SD10".to_owned(),
        wwn: 0x5000_5430_0000_0002,
        rotation: 1,
        block_erase: true,
        overwrite: true,
        crypto: true,
        antifreeze: true,
        security: true,
        enhanced: true,
        hpa: false,
        dco: false,
        ama: true,
        trim: Some(Unmapped::Zeros),
        encrypts: true,
        sanitize_overrides_security: false,
        normal_erase_reaches_native: false,
        seconds: [30, 120, 2, 60, 60],
    }
}

/// What the SAS SSD is like.
pub fn sas_ssd_traits() -> sas::Traits {
    sas::Traits {
        vendor: "DRIVES".to_owned(),
        product: "SAS SSD 8M".to_owned(),
        revision: "SS10".to_owned(),
        serial: "DRVSAS0000002".to_owned(),
        wwn: 0x5000_5430_0000_0010,
        rotation: 1,
        block_erase: true,
        overwrite: true,
        crypto: true,
        write_after_block: 0,
        write_after_crypto: 0,
        thin: true,
        seconds: [30, 120, 2, 100],
    }
}

/// What the SAS hard disk is like.
pub fn sas_hdd_traits() -> sas::Traits {
    sas::Traits {
        product: "SAS HDD 8M".to_owned(),
        revision: "SH10".to_owned(),
        serial: "DRVSAS0000001".to_owned(),
        wwn: 0x5000_5430_0000_0020,
        rotation: 10_000,
        block_erase: false,
        crypto: false,
        thin: false,
        seconds: [30, 600, 2, 600],
        ..sas_ssd_traits()
    }
}

/// What the NVMe controller is like.
pub fn nvme_traits() -> controller::Traits {
    controller::Traits {
        model: "DRIVES NVME 8M".to_owned(),
        serial: "DRVNVM0000001".to_owned(),
        firmware: "NV10".to_owned(),
        nqn: "nqn.2026-01.invalid.drives:nvme0".to_owned(),
        // Crypto, block, overwrite; No-Deallocate is honoured and does not modify media (NODMMAS 01b).
        sanicap: 0x4000_0007,
        fna: 0x04,
        oacs: 0x000a,
        oncs: 0x000d,
        purges: false,
        strict_nsid: false,
        estimates: true,
        seconds: [2, 30, 20, 15],
    }
}

/// A SATA hard disk behind a SATL.
pub fn sata_hdd() -> Satl {
    Satl::new(Sata::new(memory(false, false, 1), hdd_traits()))
}

/// A SATA SSD behind a SATL. A quarter of its addresses is behind no limit; hide some with `drive.capacity`.
pub fn sata_ssd() -> Satl {
    Satl::new(Sata::new(memory(true, true, 1), ssd_traits()))
}

/// A SAS hard disk.
pub fn sas_hdd() -> Sas {
    Sas::new(memory(false, false, 1), sas_hdd_traits())
}

/// A SAS SSD.
pub fn sas_ssd() -> Sas {
    Sas::new(memory(true, true, 1), sas_ssd_traits())
}

/// An NVMe controller with `namespaces` equal namespaces, at least one.
pub fn nvme(namespaces: u64) -> Nvme {
    Nvme::new(memory(true, true, namespaces.max(1)), nvme_traits())
}

/// The same drives over a store of the caller's.
impl Kit {
    /// A SATA drive behind a SATL.
    ///
    /// # Errors
    /// The store's.
    pub fn sata(self, traits: ata::Traits) -> io::Result<Satl> {
        let flash = traits.rotation == 1;
        let mut gear = self.gear(traits.encrypts)?;
        gear.medium.unmapped = traits.trim.unwrap_or(Unmapped::Zeros);
        if flash {
            gear.medium = gear.medium.leave_stale_copies();
        }
        Ok(Satl::new(Sata::new(gear, traits)))
    }

    /// A SAS drive with a unit for each space of the layout.
    ///
    /// # Errors
    /// The store's.
    pub fn sas(self, traits: sas::Traits) -> io::Result<Sas> {
        let flash = traits.rotation == 1;
        let mut gear = self.gear(traits.crypto)?;
        if flash {
            gear.medium = gear.medium.leave_stale_copies();
        }
        Ok(Sas::new(gear, traits))
    }

    /// An NVMe controller with a namespace for each space of the layout.
    ///
    /// # Errors
    /// The store's.
    pub fn nvme(self, traits: controller::Traits) -> io::Result<Nvme> {
        let mut gear = self.gear(true)?;
        gear.medium = gear.medium.leave_stale_copies();
        Ok(Nvme::new(gear, traits))
    }
}
