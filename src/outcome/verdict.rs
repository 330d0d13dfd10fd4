//! Status, claim and exit code, derived from evidence.

use serde::{Deserialize, Serialize};

use super::{BadRange, Counts, End, Ending, Evidence, ScopeKind, Trouble, VerificationEvidence, words};
use crate::media::{ByteRange, Method, RangeSet, TechniqueId, VerifyKind};
use crate::problem::ExitCode;

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Everything was done and verified.
    Sanitized,
    /// Done and verified, but for ranges that could not be written or read.
    SanitizedWithExceptions,
    /// Done, but not verified because asked so.
    Unverified,
    /// Not sanitized, or state unknown.
    Failed,
    /// Stopped before the end.
    Interrupted,
}

impl Status {
    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            Status::Sanitized => "sanitized",
            Status::SanitizedWithExceptions => "sanitized-with-exceptions",
            Status::Unverified => "unverified",
            Status::Failed => "failed",
            Status::Interrupted => "interrupted",
        }
    }
}

/// The most that may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// Purge of a whole medium, by the drive's own command.
    Purge,
    /// Clear of a whole medium.
    Clear,
    /// Clear of a partition, namespace or files of a medium.
    PartialClear,
    /// Every logical block was overwritten; layers below are virtual or not known.
    LogicalOverwrite,
    /// Nothing.
    None,
}

impl Claim {
    /// The name used in JSON and records.
    pub fn name(self) -> &'static str {
        match self {
            Claim::Purge => "purge",
            Claim::Clear => "clear",
            Claim::PartialClear => "partial-clear",
            Claim::LogicalOverwrite => "logical-overwrite",
            Claim::None => "none",
        }
    }
}

/// What may be said of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it ended.
    pub status: Status,
    /// The most that may be said.
    pub claim: Claim,
    /// The exit code of this target.
    pub exit_code: ExitCode,
    /// The same in a sentence or two, with what it does not say.
    pub statement: String,
}

impl Verdict {
    /// The verdict that follows from `evidence`.
    pub fn of(evidence: &Evidence) -> Verdict {
        let (status, exit_code, reason) = judge(evidence);
        let claim = if status == Status::Sanitized { best_claim(evidence) } else { Claim::None };
        Verdict { status, claim, exit_code, statement: words::statement(evidence, status, claim, &reason) }
    }

    /// The claim that a job of this scope, these layers and this technique could end with, for `plan`.
    pub fn best_claim(evidence: &Evidence) -> Claim {
        best_claim(evidence)
    }

    /// What that claim would say and would not.
    pub fn limits(evidence: &Evidence, claim: Claim) -> String {
        words::limits(evidence, claim)
    }
}

/// Rev. 1 §4.7: at least 1,000 subsections, two cells of each read.
const SAMPLED_CELLS: u64 = 2_000;
/// Two of twenty cells are a tenth of the scope; cells are whole blocks, so the smallest may be half the largest.
const SAMPLED_SHARE: u64 = 20;

fn judge(e: &Evidence) -> (Status, ExitCode, String) {
    let failed = |why: String| (Status::Failed, ExitCode::Failed, why);
    match &e.end {
        End::Completed => {}
        End::Interrupted { cause } => {
            let goes_on = match &e.command {
                Some(c) if c.accepted && matches!(c.ending, Ending::LeftRunning { .. }) && !is_format(e.technique) => {
                    "; the drive goes on erasing by itself, which can't be stopped"
                }
                _ => "",
            };
            return (Status::Interrupted, ExitCode::Interrupted, format!("stopped before the end ({cause}){goes_on}"));
        }
        End::Lost { detail } if e.command.as_ref().is_some_and(|c| is_unknown(&c.ending, detail)) => {
            return failed(super::command_verdict::not_followed(detail));
        }
        End::Lost { detail } => return failed(format!("the medium was lost: {detail}; its state is unknown")),
        End::GaveUp { detail } => return failed(detail.clone()),
    }
    if e.technique != TechniqueId::Overwrite {
        return super::command_verdict::judge(e);
    }
    if e.method != Method::Clear || e.command.is_some() {
        return failed(
            "an overwrite by the host is judged by what was written and read back, and only as Clear".into(),
        );
    }
    if let Err(why) = sound(e).and_then(|()| written(e)) {
        return failed(why.into());
    }
    let unwritten = ranges(e, |b| b.kind == Trouble::WriteFailed).bytes();
    let unread = ranges(e, |b| b.kind == Trouble::Unreadable).bytes();
    let lost = format!("{unwritten} bytes could not be written and {unread} bytes could not be read back");
    if unwritten.max(unread) > Evidence::bad_limit(e.scope.bytes) {
        return failed(format!("too much of the target could not be dealt with: {lost}"));
    }
    let Some(v) = &e.verification else {
        return match e.verification_asked {
            VerifyKind::None => {
                (Status::Unverified, ExitCode::Exceptions, "overwritten, and not verified because asked so".into())
            }
            _ => failed("the verification asked for was not carried out".into()),
        };
    };
    if let Err(why) = verified(e, v) {
        return failed(why.into());
    }
    if !e.bad.is_empty() {
        return (Status::SanitizedWithExceptions, ExitCode::Exceptions, format!("done, with exceptions: {lost}"));
    }
    let verified = match v.kind {
        VerifyKind::Sampled => "every planned pass was carried out, and a sample of it verified",
        _ => "every planned pass was carried out and verified",
    };
    (Status::Sanitized, ExitCode::Success, verified.into())
}

fn ensure(holds: bool, otherwise: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(otherwise) }
}

fn ranges(e: &Evidence, of: impl Fn(&BadRange) -> bool) -> RangeSet {
    e.bad.iter().filter(|b| of(b)).map(BadRange::range).collect()
}

/// Evidence that can't be of one job proves nothing, whatever it says.
fn sound(e: &Evidence) -> Result<(), &'static str> {
    ensure(e.scope.bytes > 0, "the scope is empty")?;
    ensure(e.bad_left_out == 0, "more bad ranges than can be listed")?;
    let scope = ByteRange::new(0, e.scope.bytes);
    for b in &e.bad {
        ensure(b.bytes > 0 && scope.contains(b.range()), "a bad range lies outside the scope")?;
        let fits = match b.kind {
            Trouble::WriteFailed => (1..=e.passes_planned).contains(&b.pass),
            Trouble::Unreadable | Trouble::Mismatch => b.pass == 0 && e.verification.is_some(),
        };
        ensure(fits, "a bad range belongs to a phase that there was not")?;
    }
    Ok(())
}

/// Whether it is the erase that was lost sight of, not the medium.
fn is_unknown(ending: &Ending, lost: &str) -> bool {
    matches!(ending, Ending::Unknown { detail } if detail == lost)
}

/// A format survives no loss of power.
pub(super) fn is_format(technique: TechniqueId) -> bool {
    matches!(technique, TechniqueId::NvmeFormatCrypto | TechniqueId::NvmeFormatUser)
}

/// A readback against a pattern, sound and carried out to its end.
pub(super) fn read_back(e: &Evidence, v: &VerificationEvidence) -> Result<(), &'static str> {
    sound(e).and_then(|()| verified(e, v))?;
    let unread = ranges(e, |b| b.kind == Trouble::Unreadable).bytes();
    ensure(unread <= Evidence::bad_limit(e.scope.bytes), "too much of the target could not be read back")
}

/// Each planned pass ran to its end, and accounts for each byte of the scope by itself.
fn written(e: &Evidence) -> Result<(), &'static str> {
    let numbered = e.passes.iter().zip(1..).all(|(pass, number)| pass.number == number);
    ensure(
        numbered && e.passes_planned > 0 && e.passes.len() == e.passes_planned as usize,
        "not every planned pass was carried out",
    )?;
    for pass in &e.passes {
        ensure(pass.complete, "not every planned pass was carried out to its end")?;
        let failed = ranges(e, |b| b.kind == Trouble::WriteFailed && b.pass == pass.number).bytes();
        ensure(
            pass.bytes_written <= e.scope.bytes && pass.bytes_written.saturating_add(failed) >= e.scope.bytes,
            "the bytes that a pass wrote and its bad ranges do not add up to the scope",
        )?;
    }
    Ok(())
}

/// The verification asked for ran to its end, and what it found is explained.
fn verified(e: &Evidence, v: &VerificationEvidence) -> Result<(), &'static str> {
    ensure(
        v.kind == e.verification_asked || (v.kind == VerifyKind::Full && e.verification_asked == VerifyKind::Sampled),
        "another verification than the one asked for was carried out",
    )?;
    ensure(v.complete && v.bytes_planned > 0, "verification did not run to its end")?;
    let unreadable = ranges(e, |b| b.kind == Trouble::Unreadable);
    match v.kind {
        VerifyKind::Full => {
            ensure(v.bytes_planned == e.scope.bytes, "the full verification did not cover the scope")?;
        }
        VerifyKind::Sampled => {
            let cells = v.cells.is_some_and(|(all, read)| {
                read <= all && all >= SAMPLED_CELLS && (read >= SAMPLED_CELLS || !unreadable.is_empty())
            });
            let share = v.bytes_planned <= e.scope.bytes && v.bytes_planned >= e.scope.bytes.div_ceil(SAMPLED_SHARE);
            ensure(cells && share && v.seed.is_some(), "the sample was too small, or can't be drawn again")?;
        }
        VerifyKind::None => return Err("a verification that was not done found something"),
    }
    let last_pass_failed = ranges(e, |b| b.kind == Trouble::WriteFailed && b.pass == e.passes_planned);
    let mismatching = ranges(e, |b| b.kind == Trouble::Mismatch);
    let explained = mismatching.ranges().iter().all(|r| last_pass_failed.covers(*r));
    ensure(explained, "readback gave other bytes than were written")?;
    ensure(
        (v.mismatches > 0) != mismatching.is_empty()
            && (v.unreadable > 0) != unreadable.is_empty()
            && v.mismatches <= mismatching.bytes()
            && v.unreadable <= unreadable.bytes(),
        "the verification's counts and the bad ranges disagree",
    )?;
    ensure(
        v.bytes_read <= v.bytes_planned && v.bytes_read.saturating_add(unreadable.bytes()) >= v.bytes_planned,
        "verification read another number of bytes than it planned and nothing accounts for it",
    )
}

fn best_claim(e: &Evidence) -> Claim {
    if e.technique != TechniqueId::Overwrite {
        return best_claim_of_command(e);
    }
    // Purge is never claimed for a host overwrite (IEEE 2883, NIST SP 800-88 Rev. 2).
    if e.method != Method::Clear {
        return Claim::None;
    }
    // Rev. 1 Appendix A: on USB flash, cards and unknown flash it takes a pattern and its complement for Clear. A plan that
    // lists no passes yet may still get them.
    let complemented = e.passes.windows(2).any(|pair| match pair {
        [a, b] => a.pattern.complement() == b.pattern,
        _ => false,
    });
    if e.wants_complement && !e.passes.is_empty() && !complemented {
        return Claim::LogicalOverwrite;
    }
    if !e.layers.is_empty() {
        return Claim::LogicalOverwrite;
    }
    match e.scope.kind {
        // What the drive hides was not written.
        ScopeKind::WholeMedium if e.hidden_areas.hidden_bytes() > 0 => Claim::PartialClear,
        ScopeKind::WholeMedium => Claim::Clear,
        ScopeKind::Namespace | ScopeKind::Partition => Claim::PartialClear,
        ScopeKind::PlainFile => Claim::LogicalOverwrite,
    }
}

/// What the drive did reaches all of it: only the whole medium, without layers between, can be spoken of.
fn best_claim_of_command(e: &Evidence) -> Claim {
    match Counts::of(e.technique, e.rotation).best() {
        Some(best) if e.layers.is_empty() && e.scope.kind == ScopeKind::WholeMedium => match (best, e.method) {
            (Method::Purge, Method::Purge) => Claim::Purge,
            (_, Method::Clear) => Claim::Clear,
            (Method::Clear, Method::Purge) => Claim::None,
        },
        _ => Claim::None,
    }
}
