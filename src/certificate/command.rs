//! Whether what a record says of an erase by the drive agrees with itself.

use crate::document::{Record, is_id};
use crate::media::TechniqueId;
use crate::outcome::{CommandEvidence, Ending, Places, Readback};

fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// An overwrite has passes and no command; an erase by the drive has a command and no pass.
pub(super) fn command(r: &Record) -> Result<(), String> {
    if r.technique == TechniqueId::Overwrite {
        return ensure(r.command.is_none(), "an overwrite by the host, and yet the drive was told to erase");
    }
    ensure(
        r.passes.is_empty() && r.passes_planned == 0 && r.scheme.is_none(),
        "an erase by the drive, and yet passes of the host",
    )?;
    let Some(c) = &r.command else {
        return ensure(r.verification.bytes_planned == 0, "something was read back, and no command was sent before");
    };
    ensure(c.technique == r.technique, "the command is another technique's")?;
    ensure(matches!(c.encryption.as_deref(), None | Some("drive" | "attested")), "nobody's word on encryption")?;
    ensure(
        c.progress.windows(2).all(|pair| matches!(pair, [a, b] if a.milliseconds <= b.milliseconds)),
        "the drive's progress is not in order of time",
    )?;
    ensure(c.accepted || !c.seen_running, "seen running, and not accepted")?;
    let not_begun =
        matches!(c.ending, Ending::Rejected { .. } | Ending::NotSent { .. } | Ending::Frozen | Ending::Unclear { .. });
    ensure(!c.accepted || !not_begun, "accepted, and yet not known to have been begun")?;
    let sent = c
        .exchanges
        .iter()
        .all(|e| !e.command.is_empty() && is_hex(&e.sent) && e.received.as_deref().is_none_or(is_hex));
    ensure(sent, "an exchange with the drive without its bytes")?;
    ensure(
        !c.accepted || is_unfinished(&c.ending) || !c.exchanges.is_empty(),
        "a command that ended, and no exchange shows it",
    )?;
    places(r, c)?;
    expected(c)
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_unfinished(ending: &Ending) -> bool {
    matches!(ending, Ending::LeftRunning { .. } | Ending::Unknown { .. } | Ending::NotRun)
}

/// Marks and witnesses are at the places that the seed draws, and add up.
fn places(r: &Record, c: &CommandEvidence) -> Result<(), String> {
    let Some(markers) = &c.markers else {
        return ensure(c.witnesses.is_none(), "blocks were compared, and none was marked");
    };
    let seed = c.seed.as_deref().filter(|seed| is_id(seed)).ok_or("blocks were marked, and no seed says where")?;
    let seed = u128::from_str_radix(seed, 16).map_err(|_| "the seed is no number")?.to_be_bytes();
    let places = Places::draw(seed, 0, r.scope.bytes, r.medium.logical_block_bytes).ok_or("the scope has no places")?;
    let looked = markers.gone + markers.survived + markers.unreadable;
    ensure(looked == 0 || looked == markers.written, "the marked blocks do not add up")?;
    let alone = c.reached.is_empty();
    let fits = markers.written <= places.marked.len() as u64
        && c.witnesses.as_ref().is_none_or(|w| w.read <= places.witnesses.len() as u64);
    ensure(!alone || fits, "more blocks were looked at than the seed draws")?;
    let adds_up = |w: &crate::outcome::Witnesses| w.blank + w.changed + w.same <= w.read;
    ensure(c.witnesses.as_ref().is_none_or(adds_up), "the compared blocks do not add up")
}

/// A pattern is expected where the drive was told one, a single byte where every marked block reads so.
fn expected(c: &CommandEvidence) -> Result<(), String> {
    use TechniqueId::{AtaSanitizeOverwrite, NvmeSanitizeOverwrite, ScsiSanitizeOverwrite};
    let told = matches!(c.technique, AtaSanitizeOverwrite | ScsiSanitizeOverwrite | NvmeSanitizeOverwrite);
    let bytes = c.expected.as_deref().filter(|hex| is_hex(hex)).map_or(0, |hex| hex.len() / 2);
    let fits = match c.readback {
        Readback::Pattern => told && (1..=4).contains(&bytes),
        Readback::Uniform => bytes == 1,
        Readback::Changed | Readback::ProvesNothing => c.expected.is_none(),
    };
    ensure(fits, "what the blocks should read as does not follow from the command")
}
