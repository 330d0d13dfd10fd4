//! Status, claim and exit code, derived from evidence.

use serde::{Deserialize, Serialize};

use super::reason::Reason;
use super::said::{Said, english};
use super::{BadRange, Counts, End, Ending, Evidence, ScopeKind, Trouble, VerificationEvidence, files_verdict, words};
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
    /// The same in sentences, with what it does not say.
    pub said: Vec<Said>,
    /// These sentences in English.
    pub statement: String,
}

impl Verdict {
    /// The verdict that follows from `evidence`.
    pub fn of(evidence: &Evidence) -> Verdict {
        let (status, exit_code, reason) = judge(evidence);
        let claim = if status == Status::Sanitized { best_claim(evidence) } else { Claim::None };
        let said = words::statement(evidence, status, claim, reason);
        Verdict { status, claim, exit_code, statement: english(&said), said }
    }

    /// The claim that a job of this scope, these layers and this technique could end with, for `plan`.
    pub fn best_claim(evidence: &Evidence) -> Claim {
        best_claim(evidence)
    }

    /// What that claim would say and would not.
    pub fn limits(evidence: &Evidence, claim: Claim) -> String {
        english(&words::limits(evidence, claim))
    }
}

/// Rev. 1 §4.7: at least 1,000 subsections, two cells of each read.
const SAMPLED_CELLS: u64 = 2_000;
/// Two of twenty cells are a tenth of the scope; cells are whole blocks, so the smallest may be half the largest.
const SAMPLED_SHARE: u64 = 20;

fn judge(e: &Evidence) -> (Status, ExitCode, Reason) {
    let failed = |why: Reason| (Status::Failed, ExitCode::Failed, why);
    match &e.end {
        End::Completed => {}
        End::Interrupted { cause } => {
            let cause = cause.clone();
            let why = match &e.command {
                Some(c) if c.accepted && matches!(c.ending, Ending::LeftRunning { .. }) && !is_format(e.technique) => {
                    Reason::StoppedGoesOn { cause }
                }
                _ => Reason::Stopped { cause },
            };
            return (Status::Interrupted, ExitCode::Interrupted, why);
        }
        End::Lost { detail } if e.command.as_ref().is_some_and(|c| is_unknown(&c.ending, detail)) => {
            return failed(Reason::NotFollowed { detail: detail.clone() });
        }
        End::Lost { detail } => return failed(Reason::MediumLost { detail: detail.clone() }),
        End::GaveUp { detail } => return failed(Reason::GaveUp { detail: detail.clone() }),
    }
    if e.files.is_some() || files_verdict::is_of_files(e.scope.kind) {
        return files_verdict::judge(e);
    }
    if e.technique != TechniqueId::Overwrite {
        return super::command_verdict::judge(e);
    }
    if e.method != Method::Clear || e.command.is_some() {
        return failed(Reason::OnlyClear);
    }
    if let Err(why) = sound(e).and_then(|()| written(e)) {
        return failed(why);
    }
    let unwritten = ranges(e, |b| b.kind == Trouble::WriteFailed).bytes();
    let unread = ranges(e, |b| b.kind == Trouble::Unreadable).bytes();
    if unwritten.max(unread) > Evidence::bad_limit(e.scope.bytes) {
        return failed(Reason::TooMuchLost { unwritten, unread });
    }
    let Some(v) = &e.verification else {
        return match e.verification_asked {
            VerifyKind::None => (Status::Unverified, ExitCode::Exceptions, Reason::NotVerified),
            _ => failed(Reason::NotReadBack),
        };
    };
    if let Err(why) = verified(e, v) {
        return failed(why);
    }
    if !e.bad.is_empty() {
        let why = Reason::WithExceptions { unwritten, unread };
        return (Status::SanitizedWithExceptions, ExitCode::Exceptions, why);
    }
    let verified = match v.kind {
        VerifyKind::Sampled => Reason::SampleVerified,
        _ => Reason::Verified,
    };
    (Status::Sanitized, ExitCode::Success, verified)
}

pub(super) fn ensure(holds: bool, otherwise: Reason) -> Result<(), Reason> {
    if holds { Ok(()) } else { Err(otherwise) }
}

pub(super) fn ranges(e: &Evidence, of: impl Fn(&BadRange) -> bool) -> RangeSet {
    e.bad.iter().filter(|b| of(b)).map(BadRange::range).collect()
}

/// Evidence that can't be of one job proves nothing, whatever it says.
fn sound(e: &Evidence) -> Result<(), Reason> {
    ensure(e.scope.bytes > 0, Reason::ScopeEmpty)?;
    ensure(e.bad_left_out == 0, Reason::TooManyBad)?;
    let scope = ByteRange::new(0, e.scope.bytes);
    for b in &e.bad {
        ensure(b.bytes > 0 && scope.contains(b.range()), Reason::BadOutside)?;
        let fits = match b.kind {
            Trouble::WriteFailed => (1..=e.passes_planned).contains(&b.pass),
            Trouble::Unreadable | Trouble::Mismatch => b.pass == 0 && e.verification.is_some(),
        };
        ensure(fits, Reason::BadOfNoPhase)?;
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
pub(super) fn read_back(e: &Evidence, v: &VerificationEvidence) -> Result<(), Reason> {
    sound(e).and_then(|()| verified(e, v))?;
    let unread = ranges(e, |b| b.kind == Trouble::Unreadable).bytes();
    ensure(unread <= Evidence::bad_limit(e.scope.bytes), Reason::TooMuchUnread)
}

/// Each planned pass ran to its end, and accounts for each byte of the scope by itself.
pub(super) fn written(e: &Evidence) -> Result<(), Reason> {
    let numbered = e.passes.iter().zip(1..).all(|(pass, number)| pass.number == number);
    ensure(numbered && e.passes_planned > 0 && e.passes.len() == e.passes_planned as usize, Reason::PassMissing)?;
    for pass in &e.passes {
        ensure(pass.complete, Reason::PassCutShort)?;
        let failed = ranges(e, |b| b.kind == Trouble::WriteFailed && b.pass == pass.number).bytes();
        ensure(
            pass.bytes_written <= e.scope.bytes && pass.bytes_written.saturating_add(failed) >= e.scope.bytes,
            Reason::PassNotAddingUp,
        )?;
    }
    Ok(())
}

/// The verification asked for ran to its end, and what it found is explained.
fn verified(e: &Evidence, v: &VerificationEvidence) -> Result<(), Reason> {
    ensure(
        v.kind == e.verification_asked || (v.kind == VerifyKind::Full && e.verification_asked == VerifyKind::Sampled),
        Reason::OtherVerification,
    )?;
    ensure(v.complete && v.bytes_planned > 0, Reason::VerificationCutShort)?;
    let unreadable = ranges(e, |b| b.kind == Trouble::Unreadable);
    match v.kind {
        VerifyKind::Full => {
            ensure(v.bytes_planned == e.scope.bytes, Reason::VerificationInPart)?;
        }
        VerifyKind::Sampled => {
            let cells = v.cells.is_some_and(|(all, read)| {
                read <= all && all >= SAMPLED_CELLS && (read >= SAMPLED_CELLS || !unreadable.is_empty())
            });
            let share = v.bytes_planned <= e.scope.bytes && v.bytes_planned >= e.scope.bytes.div_ceil(SAMPLED_SHARE);
            ensure(cells && share && v.seed.is_some(), Reason::SampleTooSmall)?;
        }
        VerifyKind::None => return Err(Reason::FoundByNone),
    }
    let last_pass_failed = ranges(e, |b| b.kind == Trouble::WriteFailed && b.pass == e.passes_planned);
    let mismatching = ranges(e, |b| b.kind == Trouble::Mismatch);
    let explained = mismatching.ranges().iter().all(|r| last_pass_failed.covers(*r));
    ensure(explained, Reason::OtherBytes)?;
    ensure(
        (v.mismatches > 0) != mismatching.is_empty()
            && (v.unreadable > 0) != unreadable.is_empty()
            && v.mismatches <= mismatching.bytes()
            && v.unreadable <= unreadable.bytes(),
        Reason::CountsDisagree,
    )?;
    ensure(
        v.bytes_read <= v.bytes_planned && v.bytes_read.saturating_add(unreadable.bytes()) >= v.bytes_planned,
        Reason::ReadNotAddingUp,
    )
}

fn best_claim(e: &Evidence) -> Claim {
    if let Some(files) = &e.files {
        let of_overwrite = if e.technique == TechniqueId::Overwrite { best_claim_of_overwrite(e) } else { Claim::None };
        return files_verdict::best_claim(files, of_overwrite);
    }
    match e.technique {
        TechniqueId::Overwrite => best_claim_of_overwrite(e),
        _ => best_claim_of_command(e),
    }
}

fn best_claim_of_overwrite(e: &Evidence) -> Claim {
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
        ScopeKind::Namespace | ScopeKind::Partition | ScopeKind::Files | ScopeKind::FreeSpace => Claim::PartialClear,
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
