//! Status, claim and exit code, derived from evidence.

use serde::{Deserialize, Serialize};

use super::{End, Evidence, ScopeKind, Trouble, words};
use crate::media::{Method, RangeSet, VerifyKind};
use crate::problem::ExitCode;

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

fn judge(e: &Evidence) -> (Status, ExitCode, String) {
    let failed = |why: String| (Status::Failed, ExitCode::Failed, why);
    match &e.end {
        End::Completed => {}
        End::Interrupted { cause } => {
            return (Status::Interrupted, ExitCode::Interrupted, format!("stopped before the end ({cause})"));
        }
        End::Lost { detail } => return failed(format!("the medium was lost: {detail}; its state is unknown")),
        End::GaveUp { detail } => return failed(detail.clone()),
    }
    if e.passes_planned == 0 || e.passes.len() != e.passes_planned as usize || !e.passes.iter().all(|p| p.complete) {
        return failed("not every planned pass was carried out to its end".into());
    }
    let unwritten: RangeSet = e.bad.iter().filter(|b| b.kind == Trouble::WriteFailed).map(|b| b.range()).collect();
    let last_pass_failures: RangeSet = e
        .bad
        .iter()
        .filter(|b| b.kind == Trouble::WriteFailed && b.pass == e.passes_planned)
        .map(|b| b.range())
        .collect();
    if e.passes.iter().any(|p| p.bytes_written + unwritten.bytes() < e.scope.bytes) {
        return failed("a pass wrote less than the scope and the bad ranges do not account for it".into());
    }
    let Some(v) = &e.verification else {
        return match e.verification_asked {
            VerifyKind::None => {
                (Status::Unverified, ExitCode::Exceptions, "overwritten, and not verified because asked so".into())
            }
            _ => failed("the verification asked for was not carried out".into()),
        };
    };
    if v.kind != e.verification_asked && !(v.kind == VerifyKind::Full && e.verification_asked == VerifyKind::Sampled) {
        return failed("another verification than the one asked for was carried out".into());
    }
    if !v.complete || v.kind == VerifyKind::None || v.bytes_planned == 0 {
        return failed("verification did not run to its end".into());
    }
    if v.kind == VerifyKind::Full && v.bytes_planned != e.scope.bytes {
        return failed("the full verification did not cover the scope".into());
    }
    if e.bad_left_out > 0 {
        return failed("more bad ranges than can be listed".into());
    }
    let unexplained = e.bad.iter().any(|b| b.kind == Trouble::Mismatch && !last_pass_failures.covers(b.range()));
    if unexplained {
        return failed("readback gave other bytes than were written".into());
    }
    let listed = |kind| e.bad.iter().any(|b| b.kind == kind);
    if (v.mismatches > 0) != listed(Trouble::Mismatch) || (v.unreadable > 0) != listed(Trouble::Unreadable) {
        return failed("the verification's counts and the bad ranges disagree".into());
    }
    let unread: u64 = e.bad.iter().filter(|b| b.kind == Trouble::Unreadable).map(|b| b.bytes).sum();
    if v.bytes_read + unread < v.bytes_planned {
        return failed("verification read less than it planned and nothing accounts for it".into());
    }
    if unwritten.bytes().max(unread) > Evidence::bad_limit(e.scope.bytes) {
        return failed(format!(
            "too much of the target could not be dealt with: {} bytes could not be written and {unread} bytes could not \
             be read back",
            unwritten.bytes()
        ));
    }
    if !e.bad.is_empty() {
        let why = format!(
            "done, with exceptions: {} bytes could not be written and {unread} bytes could not be read back",
            unwritten.bytes()
        );
        return (Status::SanitizedWithExceptions, ExitCode::Exceptions, why);
    }
    (Status::Sanitized, ExitCode::Success, "every planned pass was carried out and verified".into())
}

fn best_claim(e: &Evidence) -> Claim {
    // Purge is never claimed for a host overwrite (IEEE 2883, NIST SP 800-88 Rev. 2).
    if e.method != Method::Clear {
        return Claim::None;
    }
    if !e.layers.is_empty() || e.scope.kind == ScopeKind::PlainFile {
        return Claim::LogicalOverwrite;
    }
    match e.scope.kind {
        ScopeKind::WholeMedium => Claim::Clear,
        ScopeKind::Partition => Claim::PartialClear,
        ScopeKind::PlainFile => Claim::LogicalOverwrite,
    }
}
