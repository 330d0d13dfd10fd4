//! What is known of a model before it is sanitized, out of its traits.

use super::Drive;
use crate::drives::Machine;
use crate::media::{
    Bus, Capabilities, CommandSet, FormatSupport, Health, HiddenArea, HiddenAreas, Identity, Medium, Namespaces,
    Rotation, SanitizeState, SanitizeSupport, Serial, SerialSource, Sibling, SiblingKind, Support, testing,
};

/// The medium that unit `unit` is.
pub(super) fn medium(drive: &mut Drive, unit: usize) -> Medium {
    let units = drive.units();
    let (bus, kind) = match drive {
        Drive::Sata(_) => (Bus::Ata, SiblingKind::LogicalUnit),
        Drive::Sas(_) => (Bus::Scsi, SiblingKind::LogicalUnit),
        Drive::Nvme(_) => (Bus::Nvme, SiblingKind::Namespace),
    };
    let rotates = match drive {
        Drive::Sata(drive) => drive.drive.traits.rotation > 1,
        Drive::Sas(drive) => drive.traits.rotation > 1,
        Drive::Nvme(_) => false,
    };
    let siblings = (0..units).filter(|other| *other != unit).map(|other| {
        let identity = identity(drive, other);
        Sibling { path: identity.path, kind, size_bytes: identity.size_bytes }
    });
    let siblings = Some(siblings.collect());
    let identity = identity(drive, unit);
    let capabilities = Some(capabilities(drive, unit));
    let rotation = if rotates { Rotation::Rotational } else { Rotation::Flash };
    Medium { identity, bus, rotation, siblings, capabilities, max_io_bytes: 64 << 10, ..testing::medium(0) }
}

fn identity(drive: &Drive, unit: usize) -> Identity {
    let number = u32::try_from(unit).unwrap();
    let (name, size_bytes, block, firmware, source) = match drive {
        Drive::Sata(sata) => {
            let traits = &sata.drive.traits;
            let bytes = sata.drive.capacity.accessible() * 512;
            let of = (traits.model.clone(), traits.serial.clone(), format!("naa.{:016x}", traits.wwn));
            (("sdm".to_string(), of), bytes, 512, traits.firmware.clone(), SerialSource::AtaVpd)
        }
        Drive::Sas(sas) => {
            let traits = &sas.traits;
            let wwn = format!("naa.{:016x}", traits.wwn + u64::from(number));
            let of = (traits.product.clone(), traits.serial.clone(), wwn);
            let name = format!("sd{}", ["m", "n", "o"][unit]);
            ((name, of), sas.blocks(unit) * 512, 512, traits.revision.clone(), SerialSource::ScsiVpd80)
        }
        Drive::Nvme(nvme) => {
            let traits = &nvme.traits;
            let block = 1 << nvme.namespaces[unit].shift;
            let of =
                (traits.model.clone(), traits.serial.clone(), format!("eui.{}", crate::wire::hex(&nvme.nguid(unit))));
            let name = format!("nvme7n{}", number + 1);
            let bytes = nvme.size(number + 1) * u64::from(block);
            ((name, of), bytes, block, traits.firmware.clone(), SerialSource::NvmeIdentify)
        }
    };
    let (kernel_name, (model, serial, wwn)) = name;
    Identity {
        path: format!("/dev/{kernel_name}"),
        kernel_name,
        device_number: (259, number),
        vendor: None,
        model: Some(model),
        firmware: Some(firmware),
        serial: Some(Serial { value: serial, source }),
        wwn: Some(wwn),
        size_bytes,
        logical_block_bytes: block,
        physical_block_bytes: block,
        ..testing::medium(0).identity
    }
}

fn capabilities(drive: &mut Drive, unit: usize) -> Capabilities {
    let number = u32::try_from(unit).unwrap();
    let units = drive.units();
    let sanitize = SanitizeSupport { now: SanitizeState::Unknown, ..SanitizeSupport::default() };
    let mut found = Capabilities {
        command_set: CommandSet::Nvme,
        translated: false,
        sanitize,
        security: None,
        format: None,
        trim: "zeros".into(),
        encrypts_always: Support::Unknown,
        hidden_areas: HiddenAreas::NONE,
        namespaces: None,
        logical_units: None,
        health: Health::default(),
        unanswered: Vec::new(),
    };
    let sanitize = &mut found.sanitize;
    match drive {
        Drive::Sata(sata) => {
            let traits = &sata.drive.traits;
            found.command_set = CommandSet::Ata;
            sanitize.crypto = Support::of(traits.crypto);
            sanitize.block = Support::of(traits.block_erase);
            sanitize.overwrite = Support::of(traits.overwrite);
            sanitize.now = SanitizeState::Idle;
            found.encrypts_always = Support::of(traits.encrypts);
            found.hidden_areas = hidden(sata);
        }
        Drive::Sas(sas) => {
            let traits = &sas.traits;
            found.command_set = CommandSet::Scsi;
            sanitize.crypto = Support::of(traits.crypto);
            sanitize.block = Support::of(traits.block_erase);
            sanitize.overwrite = Support::of(traits.overwrite);
            sanitize.write_after_block = traits.write_after_block == 2;
            sanitize.write_after_crypto = traits.write_after_crypto == 2;
            sanitize.now = SanitizeState::Idle;
            found.logical_units = u64::try_from(units).ok();
        }
        Drive::Nvme(nvme) => {
            let traits = &nvme.traits;
            let [crypto, block, overwrite, _] = traits.seconds;
            sanitize.crypto = Support::of(traits.sanicap & 1 != 0);
            sanitize.block = Support::of(traits.sanicap & 2 != 0);
            sanitize.overwrite = Support::of(traits.sanicap & 4 != 0);
            if traits.estimates {
                sanitize.crypto_seconds = Some(crypto);
                sanitize.block_seconds = Some(block);
                sanitize.overwrite_seconds = Some(overwrite);
            }
            sanitize.always_deallocates = traits.sanicap & 1 << 29 != 0;
            sanitize.now = SanitizeState::Idle;
            found.format = Some(FormatSupport {
                supported: traits.oacs & 2 != 0,
                crypto: traits.fna & 4 != 0,
                formats_all: traits.fna & 1 != 0,
                erases_all: traits.fna & 2 != 0,
                broadcast: traits.fna & 8 == 0,
            });
            let all: Vec<u32> = (1..=u32::try_from(units).unwrap()).collect();
            found.namespaces = Some(Namespaces { own: number + 1, active: all.clone(), all, many_controllers: false });
        }
    }
    found
}

fn hidden(sata: &crate::drives::satl::Satl) -> HiddenAreas {
    let traits = &sata.drive.traits;
    let layout = sata.gear().medium.layout();
    let bytes = (layout.space(0).end - sata.drive.capacity.accessible()) * 512;
    let area = |has: bool| match (has, bytes) {
        (false, _) => HiddenArea::NotApplicable,
        (true, 0) => HiddenArea::Absent,
        (true, bytes) => HiddenArea::Present { bytes },
    };
    HiddenAreas {
        host_protected_area: area(traits.hpa),
        device_configuration_overlay: area(traits.dco),
        accessible_max_address: area(traits.ama),
    }
}
