//! Reads a medium again and holds it against its record, on this machine or another.

use std::path::Path;

use super::control::{Position, VerifyControl};
use super::{Stop, draw};
use crate::device::{Inventory, open_read_only};
use crate::document::Record;
use crate::io::Halt;
use crate::media::{Medium, Node, RangeSet, VerifyKind};
use crate::outcome::{BadRange, Event, Observer, Scope, Status, Trouble, VerificationEvidence};
use crate::pattern::Pattern;
use crate::problem::{ExitCode, Problem};

/// What the second reading found.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The findings.
    pub evidence: VerificationEvidence,
    /// Bad ranges.
    pub bad: Vec<BadRange>,
    /// The honest sentence.
    pub statement: String,
    /// 0: as the record says; 4: as the record says, but for unreadable blocks or exceptions that the record lists; 5: differs;
    /// 6: interrupted.
    pub exit_code: ExitCode,
}

/// Reads the medium at `path` again. It must be the record's medium by serial, WWN and size (a difference refuses). `kind`:
/// `None` repeats the record's. `seed`: `None` draws another.
pub fn verify_again(
    inventory: &Inventory,
    path: &Path,
    record: &Record,
    kind: Option<VerifyKind>,
    seed: Option<[u8; 16]>,
    observer: &dyn Observer,
    stop: &Stop,
) -> Result<Verified, Problem> {
    let medium = inventory.medium(path)?;
    same_medium(&medium, record)?;
    let pattern = last_pattern(record)?;
    let kind = match kind.unwrap_or(record.verification.kind) {
        VerifyKind::None => VerifyKind::Full,
        kind => kind,
    };
    let seed = seed.map_or_else(draw::key, Ok)?;
    let scope = record.scope.bytes;
    let mut held = open_read_only(&inventory.roots, &medium)?;
    let mut queue = held.queue(None).map_err(|e| {
        Problem::error(
            format!("{} can't be read past the page cache: {e}", path.display()),
            "Check that O_DIRECT works there.",
        )
    })?;
    let request = crate::verify::Request {
        kind,
        scope_bytes: scope,
        logical_block_bytes: medium.identity.logical_block_bytes,
        pattern,
        seed,
    };
    let total = crate::verify::bytes_planned(kind, scope, medium.identity.logical_block_bytes, seed);
    let position = Position { phase: "verify".into(), before: 0, total };
    let mut control = VerifyControl::new(stop, observer, position, None, scope);
    let (found, end) = crate::verify::run(queue.as_mut(), &request, &mut control);
    let gone = match held.identity_now() {
        Ok(now) => medium.identity.difference(&now, false),
        Err(detail) => Some(detail),
    };
    let exit_code = match (&end, &gone) {
        (Err(Halt::Stopped), _) => ExitCode::Interrupted,
        (Err(Halt::Lost(detail)), _) | (Ok(()), Some(detail)) => {
            let todo = "Attach it again and repeat the command.";
            return Err(Problem::failed(format!("{}: lost while it was read: {detail}", path.display()), todo));
        }
        (Err(Halt::GaveUp(_)), _) => ExitCode::Failed,
        (Ok(()), None) => judge(record, &found, &control.bad.listed),
    };
    observer.on_event(Event::Verify {
        kind: found.kind.name().into(),
        bytes: found.bytes_read,
        milliseconds: found.milliseconds,
        mismatches: found.mismatches,
        unreadable: found.unreadable,
    });
    let mut statement = crate::outcome::readback_statement(kind, Some(&found), medium.is_layered());
    if let Err(Halt::GaveUp(why)) = &end {
        statement.push_str(&format!(" It was given up: {why}."));
    }
    if !medium.identity.is_individual() {
        statement.push_str(match request.pattern {
            Pattern::Stream { .. } => " The medium has no number of its own; that it carries the record's random stream ties it to the record.",
            Pattern::Fixed { .. } => " The medium has no number of its own: nothing but its size ties it to the record.",
        });
    }
    Ok(Verified { evidence: found, bad: control.bad.listed, statement, exit_code })
}

fn judge(record: &Record, found: &VerificationEvidence, bad: &[BadRange]) -> ExitCode {
    // What the last pass could not write, or what differed then. Blocks that only an earlier pass could not write are written.
    let is_known = |e: &&BadRange| match e.kind {
        Trouble::WriteFailed => e.pass == record.passes_planned,
        Trouble::Mismatch => true,
        Trouble::Unreadable => false,
    };
    let known: RangeSet = record.exceptions.iter().filter(is_known).map(BadRange::range).collect();
    if !found.complete || bad.iter().any(|b| b.kind == Trouble::Mismatch && !known.covers(b.range())) {
        return ExitCode::Failed;
    }
    if bad.is_empty() && record.exceptions.is_empty() { ExitCode::Success } else { ExitCode::Exceptions }
}

fn same_medium(medium: &Medium, record: &Record) -> Result<(), Problem> {
    let path = &medium.identity.path;
    let mut differences = Vec::new();
    let mut compare = |what: &str, recorded: Option<String>, here: Option<String>| {
        if recorded != here {
            let said = |value: Option<String>| value.unwrap_or_else(|| "none".into());
            differences.push(format!("{what} is {} here and {} in the record", said(here), said(recorded)));
        }
    };
    let identity = &medium.identity;
    compare("serial number", record.medium.serial.clone(), identity.serial.as_ref().map(|s| s.value.clone()));
    compare("world wide name", record.medium.wwn.clone(), identity.wwn.clone());
    compare("model", record.medium.model.clone(), identity.model.clone());
    let scope: Scope = super::evidence::scope(medium);
    compare("size in bytes", Some(record.scope.bytes.to_string()), Some(scope.bytes.to_string()));
    compare("first byte", Some(record.scope.first_byte.to_string()), Some(scope.first_byte.to_string()));
    if differences.is_empty() && medium.node != Node::File {
        return Ok(());
    }
    Err(Problem::refused(
        format!("{path} is not the medium of record {}: {}", record.id, differences.join("; ")),
        "Name the medium that the record was made for, attached the same way (a USB bridge can change serial and size).",
    ))
}

/// What the record's last pass wrote; an error for a record of which nothing can be read again.
pub(super) fn last_pattern(record: &Record) -> Result<Pattern, Problem> {
    let cant = |why: &str| {
        Problem::refused(
            format!("record {} can't be held against a medium: {why}", record.id),
            "Use the last record of the job; earlier sessions and failed jobs have nothing to be compared with.",
        )
    };
    if !matches!(record.status, Status::Sanitized | Status::SanitizedWithExceptions | Status::Unverified) {
        return Err(cant(&format!("its status is {}", record.status.name())));
    }
    if let Some(command) = &record.command {
        let expected = command.expected.as_deref().and_then(super::evidence::expected);
        return expected.ok_or_else(|| cant("what the drive's own erase left can't be foreseen"));
    }
    let last = record.passes.last().ok_or_else(|| cant("it has no pass"))?;
    last.pattern().map_err(|why| cant(&why))
}
