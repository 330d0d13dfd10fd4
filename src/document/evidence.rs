//! From a record back to the evidence that it states.

use super::{PassEntry, Record};
use crate::media::Rotation;
use crate::outcome::{End, Evidence, PassEvidence, Scope, VerificationEvidence};
use crate::pattern::{Filler, Pattern};

/// The most bytes that a fixed pattern has.
const FIXED_LIMIT: usize = 16;

impl PassEntry {
    /// What this pass wrote, to be regenerated from the entry alone.
    ///
    /// # Errors
    /// An entry that names no pattern, two, or one under another's name.
    pub fn pattern(&self) -> Result<Pattern, String> {
        let pattern = match (&self.bytes_hex, &self.stream) {
            (Some(hex), None) if !self.inverted => {
                let bytes = bytes(hex).ok_or_else(|| format!("pass {}: {hex:?} is no byte string", self.number))?;
                Pattern::Fixed { bytes }
            }
            (None, Some(spec)) => Pattern::Stream { spec: spec.clone(), inverted: self.inverted },
            _ => return Err(format!("pass {} does not say what it wrote, or says it twice", self.number)),
        };
        if Filler::new(&pattern).is_none() {
            return Err(format!("pass {}: this version can't regenerate the stream", self.number));
        }
        if pattern.name() != self.pattern {
            return Err(format!("pass {} is called {:?} but wrote {:?}", self.number, self.pattern, pattern.name()));
        }
        Ok(pattern)
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || digits.len() > 2 * FIXED_LIMIT || !is_lower_hex(hex) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `text` is an id: 32 lower-case hexadecimal digits.
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && is_lower_hex(text)
}

/// Whether `text` is `sha256:` and 64 lower-case hexadecimal digits.
pub fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && is_lower_hex(digits))
}

/// The evidence that `record` states, so that its status and claim can be derived again.
///
/// # Errors
/// A record that can't be read as evidence: a pattern, a session's end or a status word that there is not.
pub fn evidence(record: &Record) -> Result<Evidence, String> {
    let passes = record.passes.iter().map(|pass| {
        Ok(PassEvidence {
            number: pass.number,
            pattern: pass.pattern()?,
            bytes_written: pass.bytes_written,
            milliseconds: pass.milliseconds,
            complete: pass.complete,
        })
    });
    Ok(Evidence {
        method: record.method,
        technique: record.technique,
        scope: Scope { kind: record.scope.kind, first_byte: record.scope.first_byte, bytes: record.scope.bytes },
        layers: record.medium.layers.clone(),
        hidden_areas: record.hidden_areas,
        health: record.health,
        rotation: rotation(record)?,
        wants_complement: record.wants_complement,
        passes_planned: record.passes_planned,
        passes: passes.collect::<Result<_, String>>()?,
        command: record.command.clone(),
        files: super::files::evidence(record)?,
        verification_asked: record.verification.asked,
        verification: verification(record)?,
        bad: record.exceptions.clone(),
        bad_left_out: record.exceptions_left_out,
        end: end(record)?,
    })
}

fn rotation(record: &Record) -> Result<Rotation, String> {
    let word = serde_json::Value::String(record.medium.rotation.clone());
    serde_json::from_value(word).map_err(|_| format!("there is no rotation {:?}", record.medium.rotation))
}

fn verification(record: &Record) -> Result<Option<VerificationEvidence>, String> {
    let entry = &record.verification;
    let complete = match entry.status.as_str() {
        "not-done" => return Ok(None),
        "incomplete" => false,
        // Blocks that differ outweigh an end before the end.
        "failed" => record.sessions.last().is_some_and(|session| session.end == "completed"),
        "passed" | "passed-with-exceptions" => true,
        other => return Err(format!("there is no verification status {other:?}")),
    };
    let cells = match (entry.cells, entry.cells_read) {
        (Some(all), Some(read)) => Some((all, read)),
        (None, None) => None,
        _ => return Err("of cells and cells_read, one is missing".into()),
    };
    Ok(Some(VerificationEvidence {
        kind: entry.kind,
        complete,
        bytes_planned: entry.bytes_planned,
        bytes_read: entry.bytes_read,
        mismatches: entry.mismatches,
        unreadable: entry.unreadable,
        seed: entry.seed.clone(),
        cells,
        milliseconds: entry.milliseconds,
    }))
}

/// How the work ended, by the last session.
fn end(record: &Record) -> Result<End, String> {
    let last = record.sessions.last().ok_or("it has no session")?;
    let detail = last.detail.clone();
    match last.end.as_str() {
        "completed" => Ok(End::Completed),
        "interrupted" | "killed" => Ok(End::Interrupted { cause: detail }),
        "lost" => Ok(End::Lost { detail }),
        "gave-up" => Ok(End::GaveUp { detail }),
        other => Err(format!("a session can't end {other:?}")),
    }
}

/// Brings exceptions into the order of a record: by first byte, then pass, then kind.
pub fn sort_exceptions(exceptions: &mut [super::Exception]) {
    exceptions.sort_by_key(order);
}

/// The key by which a record's exceptions are sorted.
pub fn order(exception: &super::Exception) -> (u64, u32, u8) {
    (exception.first_byte, exception.pass, exception.kind as u8)
}
