//! What a drive can do by itself, by its own word: asked with commands that change nothing.
//!
//! An answer that is short, hostile or missing makes what it was about unknown, and says so in `unanswered`. After a lost connection nothing
//! more is asked: each further question would cost the drive a reset.

mod ask;
mod ata;
mod health;
mod hidden;
mod nvme;
mod scsi;
#[cfg(test)]
mod tests;

use super::transport::Transport;
use crate::media::{Bus, Capabilities, CommandSet, HiddenAreas, Medium, Node};
use crate::wire::scsi::{Inquiry, inquiry, inquiry_vpd, vpd};
use ask::Asker;

/// Asks the drive that `medium` is; `None` where there is none to be asked: a partition, a medium below layers, a bus without commands of
/// its own. Nothing is changed by it.
pub fn examine(transport: &mut dyn Transport, medium: &Medium) -> Option<Capabilities> {
    if !can_be_asked(medium) {
        return None;
    }
    let mut asker = Asker::new(transport);
    let mut found = match medium.bus {
        Bus::Nvme => nvme::examine(&mut asker, medium),
        Bus::Ata => match ata::identify(&mut asker, medium) {
            Ok(identify) => ata::examine(&mut asker, medium, &identify),
            Err(()) => unknown(CommandSet::Ata),
        },
        _ => behind_scsi(&mut asker, medium),
    };
    found.unanswered.append(&mut asker.finish());
    Some(found)
}

/// Whether `medium` is a whole drive that takes commands.
pub(super) fn can_be_asked(medium: &Medium) -> bool {
    let whole = medium.node == Node::Disk && !medium.is_layered();
    whole && matches!(medium.bus, Bus::Ata | Bus::Scsi | Bus::Usb | Bus::Nvme)
}

/// A SCSI device, or an ATA drive behind a bridge or adapter that translates.
fn behind_scsi(asker: &mut Asker, medium: &Medium) -> Capabilities {
    let Some(standard) = asker.read("INQUIRY", &inquiry(), Inquiry::parse) else { return unknown(CommandSet::Scsi) };
    if !standard.is_block_device() {
        asker.note("INQUIRY", "it is no direct access block device");
        return unknown(CommandSet::Scsi);
    }
    if medium.bus == Bus::Usb && medium.removable {
        // Sticks hang on commands that they do not know, pages of INQUIRY among them; the kernel spares them too.
        asker.note("all further questions", "not asked of a removable USB medium: many hang on them");
        return unknown(CommandSet::Scsi);
    }
    let pages = asker
        .read("the list of INQUIRY's pages", &inquiry_vpd(vpd::SUPPORTED_PAGES, 252), |page| {
            vpd::supported_pages(page).ok_or("it is another page")
        })
        .unwrap_or_default();
    let says_ata = standard.is_sat() || pages.contains(&vpd::ATA_INFORMATION);
    // As udev does: an enclosure that keeps quiet about the drive in it may still translate.
    if says_ata || medium.bus == Bus::Usb {
        match ata::identify(asker, medium) {
            Ok(identify) => {
                let found = ata::examine(asker, medium, &identify);
                return Capabilities { translated: true, ..found };
            }
            Err(()) if says_ata => return Capabilities { translated: true, ..unknown(CommandSet::Ata) },
            Err(()) => {}
        }
    }
    let found = scsi::examine(asker, &pages);
    // Behind a USB bridge there may be an ATA drive with areas that nobody can ask for.
    let hidden_areas = if medium.bus == Bus::Scsi { HiddenAreas::NONE } else { HiddenAreas::default() };
    Capabilities { hidden_areas, ..found }
}

/// Nothing is known yet of a drive that is reached by `command_set`.
fn unknown(command_set: CommandSet) -> Capabilities {
    Capabilities {
        command_set,
        translated: false,
        sanitize: Default::default(),
        security: None,
        format: None,
        trim: "unknown".into(),
        encrypts_always: Default::default(),
        hidden_areas: HiddenAreas::default(),
        namespaces: None,
        logical_units: None,
        health: Default::default(),
        unanswered: Vec::new(),
    }
}

/// Why a drive that answers to `serial` and `model` is not `medium`; a part that either side does not tell is no difference. The kernel
/// cuts the model of some drives, so that one may be the beginning of the other.
fn other_drive(medium: &Medium, serial: Option<&str>, model: Option<&str>) -> Option<String> {
    let known = medium.identity.serial.as_ref().map(|serial| serial.value.trim());
    if let (Some(known), Some(told)) = (known, serial.map(str::trim))
        && known != told
    {
        return Some(format!("it names the serial number {told}, not {known}"));
    }
    let known = medium.identity.model.as_deref().map(str::trim);
    if let (Some(known), Some(told)) = (known, model.map(str::trim))
        && !known.starts_with(told)
        && !told.starts_with(known)
    {
        return Some(format!("it names the model {told}, not {known}"));
    }
    None
}
