//! An ATA drive: IDENTIFY DEVICE, log 30h, SANITIZE STATUS EXT (ACS-4).

use super::ask::{Asker, Unanswered};
use super::{health, hidden, other_drive, unknown};
use crate::media::{
    Bus, Capabilities, CommandSet, Medium, SanitizeState, SanitizeSupport, SecuritySupport, SerialSource, Support,
};
use crate::wire::ata::{
    AbortReason, EraseTime, Identify, SanitizeAnswer, SecurityCapabilities, Trim, identify_device,
    identify_page_security, identify_pages, sanitize_status, supported_identify_pages,
};

/// Page 06h of log 30h.
const SECURITY_PAGE: u8 = 0x06;

/// IDENTIFY DEVICE data that is whole and of the drive that `medium` is; else a line that says why not.
pub(super) fn identify(asker: &mut Asker, medium: &Medium) -> Result<Identify, ()> {
    const WHAT: &str = "IDENTIFY DEVICE";
    let identify = asker.read_ata(WHAT, &identify_device(), Identify::parse).ok_or(())?;
    match stranger(&identify, medium) {
        None => Ok(identify),
        Some(why) => {
            asker.note(WHAT, why);
            Err(())
        }
    }
}

/// Why the answer is not this medium's.
fn stranger(identify: &Identify, medium: &Medium) -> Option<String> {
    let Some(bytes) = bytes(identify) else { return Some("it tells no capacity that can be".into()) };
    if bytes != medium.identity.size_bytes {
        return Some(format!("it tells of {bytes} bytes, and the medium has {}", medium.identity.size_bytes));
    }
    let names = identify.names();
    // A bridge has a serial number and a model of its own.
    let own = medium.bus != Bus::Usb
        || medium.identity.serial.as_ref().is_some_and(|serial| serial.source == SerialSource::AtaVpd);
    if own { other_drive(medium, names.serial.as_deref(), names.model.as_deref()) } else { None }
}

fn bytes(identify: &Identify) -> Option<u64> {
    identify.sectors()?.checked_mul(identify.sector_bytes()?.into())
}

/// Everything else.
pub(super) fn examine(asker: &mut Asker, medium: &Medium, identify: &Identify) -> Capabilities {
    let sector_bytes = identify.sector_bytes().unwrap_or(512);
    Capabilities {
        sanitize: sanitize(asker, identify),
        security: identify.security().map(security),
        trim: match identify.trim() {
            Trim::Unsupported => "none",
            Trim::Indeterminate => "indeterminate",
            Trim::Deterministic => "deterministic",
            Trim::Zeros => "zeros",
        }
        .into(),
        encrypts_always: encrypts_always(asker, identify),
        hidden_areas: hidden::areas(asker, identify, medium.identity.size_bytes, sector_bytes),
        health: health::ata(asker, identify, sector_bytes),
        ..unknown(CommandSet::Ata)
    }
}

fn sanitize(asker: &mut Asker, identify: &Identify) -> SanitizeSupport {
    if identify.word(59).is_none() {
        asker.note("SANITIZE DEVICE", "word 59 of IDENTIFY DEVICE says nothing");
        return SanitizeSupport::default();
    }
    let told = identify.sanitize();
    let mut found = SanitizeSupport {
        crypto: Support::of(told.crypto_scramble),
        block: Support::of(told.block_erase),
        overwrite: Support::of(told.overwrite),
        // The standard gives no times for it.
        ..SanitizeSupport::default()
    };
    found.now = if told.supported { state(asker) } else { SanitizeState::Idle };
    found
}

/// SANITIZE STATUS EXT.
fn state(asker: &mut Asker) -> SanitizeState {
    const WHAT: &str = "SANITIZE STATUS EXT";
    let registers = match asker.registers(&sanitize_status(false)) {
        Ok(registers) => registers,
        Err(why) => {
            asker.missed(WHAT, &why);
            return SanitizeState::Unknown;
        }
    };
    match SanitizeAnswer::read(&registers) {
        Ok(SanitizeAnswer::State(state)) if state.in_progress => SanitizeState::Running { progress: state.progress },
        Ok(SanitizeAnswer::State(state)) if state.frozen => SanitizeState::Frozen,
        Ok(SanitizeAnswer::State(state)) if state.succeeded() => SanitizeState::Succeeded,
        Ok(SanitizeAnswer::State(_)) => SanitizeState::Idle,
        Ok(SanitizeAnswer::Aborted(AbortReason::Frozen)) => SanitizeState::Frozen,
        Ok(SanitizeAnswer::Aborted(reason)) if reason.means_failed() => {
            SanitizeState::Failed { detail: reason.name().into() }
        }
        Ok(SanitizeAnswer::Aborted(reason)) => {
            asker.note(WHAT, reason.name());
            SanitizeState::Unknown
        }
        Err(why) => {
            asker.note(WHAT, why);
            SanitizeState::Unknown
        }
    }
}

fn security(told: crate::wire::ata::Security) -> SecuritySupport {
    let minutes = |time| if let EraseTime::Minutes(minutes) = time { Some(minutes) } else { None };
    SecuritySupport {
        supported: told.supported,
        enabled: told.enabled,
        locked: told.locked,
        frozen: told.frozen,
        count_expired: told.count_expired,
        enhanced_erase: told.enhanced_erase,
        normal_minutes: minutes(told.erase_time),
        enhanced_minutes: minutes(told.enhanced_erase_time),
    }
}

/// ENCRYPT ALL in log 30h, and bit 4 of word 69, which came before it; where both speak they must agree.
fn encrypts_always(asker: &mut Asker, identify: &Identify) -> Support {
    const WHAT: &str = "whether it always encrypts";
    let word = identify.encrypts_all();
    match security_page(asker, identify) {
        Ok(Some(page)) if page.encrypts_all == word => Support::of(word),
        Ok(Some(_)) => {
            asker.note(WHAT, "IDENTIFY DEVICE and the security page of log 30h contradict each other");
            Support::Unknown
        }
        _ if word => Support::Yes,
        Ok(None) => {
            asker.note(WHAT, "the drive does not say");
            Support::Unknown
        }
        Err(why) => {
            asker.missed(WHAT, &why);
            Support::Unknown
        }
    }
}

/// Page 06h of log 30h; `None` where the drive has none, or marks it as not valid.
fn security_page(asker: &mut Asker, identify: &Identify) -> Result<Option<SecurityCapabilities>, Unanswered> {
    if !identify.general_purpose_logging().is_supported() {
        return Ok(None);
    }
    let malformed = |why: crate::wire::Malformed| Unanswered::Failed(why.to_string());
    let pages = match asker.ata_data(&identify_pages()) {
        Ok(data) => supported_identify_pages(&data).map_err(malformed)?,
        // Drives before ACS-3 have no such log.
        Err(Unanswered::Refused(_)) => return Ok(None),
        Err(why) => return Err(why),
    };
    if !pages.contains(&SECURITY_PAGE) {
        return Ok(None);
    }
    SecurityCapabilities::parse(&asker.ata_data(&identify_page_security())?).map_err(malformed)
}
