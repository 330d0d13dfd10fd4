//! A SCSI drive: REPORT SUPPORTED OPERATION CODES, REQUEST SENSE, vital product data (SPC-5, SBC-4).

use super::ask::Asker;
use super::{health, unknown};
use crate::media::{Capabilities, CommandSet, SanitizeState, SanitizeSupport, Support};
use crate::wire::scsi::vpd::{
    BLOCK_CHARACTERISTICS, BlockCharacteristics, LOGICAL_BLOCK_PROVISIONING, LogicalBlockProvisioning,
};
use crate::wire::scsi::{
    Opcode, Sense, SenseKey, SenseWanted, Support as Answer, inquiry_vpd, luns, report_luns, report_supported_opcode,
    request_sense,
};

/// SANITIZE (SBC-4): its operation code, and its service actions.
const SANITIZE: u8 = 0x48;
const OVERWRITE: u16 = 0x01;
const BLOCK_ERASE: u16 = 0x02;
const CRYPTOGRAPHIC_ERASE: u16 = 0x03;
/// Byte 1 of SANITIZE, IMMED.
const IMMED: u8 = 1 << 7;
/// REQUEST SENSE reports a reset once.
const ATTENTIONS: usize = 3;

/// Asks a unit that has these `pages` of INQUIRY.
pub(super) fn examine(asker: &mut Asker, pages: &[u8]) -> Capabilities {
    let mut sanitize = SanitizeSupport {
        crypto: supports(asker, "SANITIZE (CRYPTOGRAPHIC ERASE)", CRYPTOGRAPHIC_ERASE),
        block: supports(asker, "SANITIZE (BLOCK ERASE)", BLOCK_ERASE),
        overwrite: supports(asker, "SANITIZE (OVERWRITE)", OVERWRITE),
        // The standard gives no times for it.
        ..SanitizeSupport::default()
    };
    sanitize.now = state(asker);
    if let Some(blocks) = page(asker, pages, BLOCK_CHARACTERISTICS, BlockCharacteristics::parse) {
        sanitize.write_after_block = blocks.after_block_erase.needs_write();
        sanitize.write_after_crypto = blocks.after_cryptographic_erase.needs_write();
    }
    let trim = match page(asker, pages, LOGICAL_BLOCK_PROVISIONING, LogicalBlockProvisioning::parse) {
        Some(told) if !(told.unmap || told.write_same_16 || told.write_same_10) => "none",
        Some(told) if told.reads_zeros => "zeros",
        Some(_) => "indeterminate",
        // The page is mandatory for units that can unmap.
        None if !pages.is_empty() && !pages.contains(&LOGICAL_BLOCK_PROVISIONING) => "none",
        None => "unknown",
    };
    let units = asker.read("REPORT LUNS", &report_luns(), luns);
    Capabilities {
        sanitize,
        trim: trim.into(),
        logical_units: units.and_then(|units| u64::try_from(units.len()).ok()),
        health: health::scsi(asker),
        ..unknown(CommandSet::Scsi)
    }
}

/// Whether SANITIZE has this service action, in a form that answers at once.
fn supports(asker: &mut Asker, what: &str, action: u16) -> Support {
    let command = report_supported_opcode(Opcode { code: SANITIZE, service_action: Some(action) });
    match asker.read(what, &command, Answer::parse) {
        None => Support::Unknown,
        Some(Answer::No) => Support::No,
        Some(Answer::Standard { usage }) if usage.get(1).is_some_and(|bits| bits & IMMED == 0) => {
            asker.note(what, "the drive does not look at IMMED: the command would block for hours");
            Support::Unknown
        }
        Some(Answer::Standard { .. }) => Support::Yes,
        Some(Answer::Unknown | Answer::Vendor) => {
            asker.note(what, "the drive does not say that it has it as the standard says");
            Support::Unknown
        }
    }
}

/// REQUEST SENSE: a sanitize that runs, or one that failed. Of a success it says nothing.
fn state(asker: &mut Asker) -> SanitizeState {
    const WHAT: &str = "REQUEST SENSE";
    for _ in 0..ATTENTIONS {
        let Some(sense) = asker.read(WHAT, &request_sense(SenseWanted::Fixed), Sense::parse) else {
            return SanitizeState::Unknown;
        };
        if sense.sanitize_in_progress() {
            return SanitizeState::Running { progress: sense.progress };
        }
        if sense.sanitize_failed() {
            return SanitizeState::Failed { detail: sense.to_string() };
        }
        match sense.key {
            SenseKey::UnitAttention => {}
            SenseKey::NoSense => return SanitizeState::Idle,
            _ => {
                asker.note(WHAT, sense);
                return SanitizeState::Unknown;
            }
        }
    }
    asker.note(WHAT, "it reports a reset again and again");
    SanitizeState::Unknown
}

/// A page of INQUIRY that the unit lists.
fn page<T>(asker: &mut Asker, pages: &[u8], code: u8, read: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    if !pages.contains(&code) {
        return None;
    }
    let what = format!("page {code:02X}h of INQUIRY");
    asker.read(&what, &inquiry_vpd(code, 252), |page| read(page).ok_or("it can't be read"))
}
