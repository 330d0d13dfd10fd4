//! The judgement of a job on files: no file counts as cleared without a known place, no redirection below it, and a readback of every block.

use super::reason::Reason;
use super::said::Files;
use super::verdict::{ensure, ranges, written};
use super::{
    BadRange, Certainty, Claim, Evidence, FilesEvidence, FilesMapping, FilesStep, FilesSubject, ResidueKind, ScopeKind,
    Status, Trouble,
};
use crate::media::{ByteRange, Method, TechniqueId, VerifyKind};
use crate::problem::ExitCode;

type Judgement = (Status, ExitCode, Reason);

/// Filesystems whose word on where a file lies was tried against what then stood on the device.
const PROVABLE: [&str; 9] = ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "exfat", "ntfs3"];

fn failed(why: Reason) -> Judgement {
    (Status::Failed, ExitCode::Failed, why)
}

/// Whether a scope is one of files: then the evidence tells of them, and only then.
pub(super) fn is_of_files(kind: ScopeKind) -> bool {
    matches!(kind, ScopeKind::Files | ScopeKind::FreeSpace)
}

/// Status, exit code and reason for a job on files that came to its end.
pub(super) fn judge(e: &Evidence) -> Judgement {
    let Some(f) = &e.files else { return failed(Reason::FilesUnsaid) };
    if e.method != Method::Clear || e.technique != TechniqueId::Overwrite || e.command.is_some() {
        return failed(Reason::OnlyClear);
    }
    if let Err(why) = adds_up(e, f) {
        return failed(why);
    }
    let (files, counts) = (|| Files(f.count), f.verdicts);
    if counts.not_cleared > 0 {
        return failed(Reason::FilesNotCleared { files: files(), left: counts.not_cleared });
    }
    if let Err(why) = overwritten(e).and_then(|()| read_back(e, f)).and_then(|()| in_place(e, f)) {
        return failed(why);
    }
    let unverified = |why| (Status::Unverified, ExitCode::Exceptions, why);
    if f.count == 0 && f.subject == FilesSubject::FreeSpace {
        return unverified(Reason::FreeSpaceNone);
    }
    if counts.cleared_verified != f.count || f.redirected {
        return unverified(Reason::FilesUnverified {
            files: files(),
            cleared: counts.cleared_verified,
            overwritten: counts.overwritten_unverified,
            trimmed: counts.trimmed_not_overwritten,
        });
    }
    // Free space that is known not to have been reached is what was asked for.
    let unreached = |left: &super::Residue| left.kind == ResidueKind::FreeSpace && left.certainty == Certainty::Certain;
    let weighs = |left: &super::Residue| left.weighs() || (f.subject == FilesSubject::FreeSpace && unreached(left));
    if f.residue.iter().any(weighs) {
        return (Status::SanitizedWithExceptions, ExitCode::Exceptions, Reason::FilesLeave { files: files() });
    }
    let (extents, bytes) = (f.extents, f.extent_bytes);
    let why = match f.subject {
        _ if f.count == 0 => Reason::FilesNone,
        _ if bytes == 0 => Reason::FilesEmpty { files: files() },
        FilesSubject::Files => Reason::FilesCleared { files: files(), extents, bytes },
        FilesSubject::FreeSpace => Reason::FreeSpaceCleared { extents, bytes },
    };
    (Status::Sanitized, ExitCode::Success, why)
}

/// The figures are of one job.
fn adds_up(e: &Evidence, f: &FilesEvidence) -> Result<(), Reason> {
    let kind = match f.subject {
        FilesSubject::Files => ScopeKind::Files,
        FilesSubject::FreeSpace => ScopeKind::FreeSpace,
    };
    ensure(e.scope.kind == kind, Reason::FilesOfOther)?;
    ensure(f.verdicts.checked_total() == Some(f.count), Reason::FilesNotCounted)?;
    let extents = (f.extents > 0) == (f.extent_bytes > 0) && f.extents <= f.extent_bytes;
    let within = f.extent_bytes <= f.device_bytes && e.scope.bytes == f.extent_bytes;
    ensure(extents && within && (f.count > 0 || f.extents == 0), Reason::ExtentsNotAddingUp)?;
    let mut trims = f.steps.iter().filter_map(|step| match step {
        FilesStep::Trimmed { bytes } => Some(*bytes),
        _ => None,
    });
    let trimmed = trims.clone().try_fold(0, u64::checked_add) == Some(f.trimmed_bytes);
    ensure(trimmed && (f.verdicts.trimmed_not_overwritten == 0 || trims.next().is_some()), Reason::TrimsNotAddingUp)?;
    let ascending =
        f.residue.windows(2).all(|pair| matches!(pair, [a, b] if (a.kind, a.certainty) < (b.kind, b.certainty)));
    let of_files = f.residue.iter().all(|left| !left.kind.is_content() || left.files <= f.count);
    ensure(ascending && of_files, Reason::ResidueNotAddingUp)?;
    stays(f)
}

/// What was removed, and what was not.
fn stays(f: &FilesEvidence) -> Result<(), Reason> {
    let removed = f.removed > 0 || f.links_removed > 0 || f.directories_removed > 0;
    if f.subject == FilesSubject::FreeSpace {
        return ensure(!removed && !f.kept && f.left == 0, Reason::KeptAndRemoved);
    }
    if f.kept {
        return ensure(!removed && f.verdicts.trimmed_not_overwritten == 0, Reason::KeptAndRemoved);
    }
    ensure(f.removed >= f.count.saturating_sub(f.verdicts.not_cleared), Reason::FilesStillThere)
}

/// Each pass accounts for each byte; where there is none, it takes no pass.
fn overwritten(e: &Evidence) -> Result<(), Reason> {
    if e.scope.bytes == 0 && e.passes.is_empty() { Ok(()) } else { written(e) }
}

/// What was read back is explained. Here no file is said to be left as it was.
fn read_back(e: &Evidence, f: &FilesEvidence) -> Result<(), Reason> {
    ensure(e.bad_left_out == 0, Reason::TooManyBad)?;
    let device = ByteRange::new(0, f.device_bytes);
    for bad in &e.bad {
        ensure(bad.bytes > 0 && device.contains(bad.range()), Reason::BadOutside)?;
        ensure(bad.kind == Trouble::Unreadable && f.verdicts.overwritten_unverified > 0, Reason::FilesTrouble)?;
        ensure(bad.pass == 0 && e.verification.is_some(), Reason::BadOfNoPhase)?;
    }
    ensure(e.verification_asked != VerifyKind::Sampled, Reason::FilesSampled)?;
    let Some(v) = &e.verification else { return Ok(()) };
    ensure(v.kind == VerifyKind::Full && e.verification_asked == VerifyKind::Full, Reason::OtherVerification)?;
    ensure(v.mismatches == 0, Reason::FilesTrouble)?;
    let unreadable = ranges(e, |bad: &BadRange| bad.kind == Trouble::Unreadable);
    let counted = (v.unreadable > 0) != unreadable.is_empty() && v.unreadable <= unreadable.bytes();
    ensure(counted, Reason::CountsDisagree)?;
    ensure(v.bytes_planned > 0 && v.bytes_planned <= f.extent_bytes, Reason::VerificationInPart)?;
    ensure(v.bytes_read <= v.bytes_planned, Reason::ReadNotAddingUp)
}

/// What it takes for a file to be called cleared.
fn in_place(e: &Evidence, f: &FilesEvidence) -> Result<(), Reason> {
    if f.verdicts.cleared_verified == 0 {
        return Ok(());
    }
    ensure(!f.redirected, Reason::ClearedThoughRedirected)?;
    ensure(is_mapped(f), Reason::ClearedUnmapped)?;
    let others = f.count.saturating_sub(f.verdicts.cleared_verified);
    let keeps =
        |left: &super::Residue| left.weighs() && left.kind.keeps_blocks() && (left.files == 0 || left.files > others);
    ensure(!f.residue.iter().any(keeps), Reason::ClearedThoughKept)?;
    if f.extent_bytes == 0 {
        return Ok(());
    }
    let unreadable = ranges(e, |bad: &BadRange| bad.kind == Trouble::Unreadable).bytes();
    let whole = e.verification.as_ref().is_some_and(|v| {
        v.complete && v.bytes_planned == f.extent_bytes && v.bytes_read.saturating_add(unreadable) >= v.bytes_planned
    });
    ensure(whole, Reason::ClearedUnread)
}

/// Whether the filesystem's word on where the blocks lie can be relied on. FIEMAP of btrfs gives logical addresses.
fn is_mapped(f: &FilesEvidence) -> bool {
    let by = match f.mapping {
        FilesMapping::Fiemap => f.filesystem != "btrfs",
        FilesMapping::BtrfsChunkTree => f.filesystem == "btrfs",
        FilesMapping::None => false,
    };
    by && f.device_bytes > 0 && PROVABLE.contains(&f.filesystem.as_str())
}

/// The most that a job on these files could claim on a medium without layers.
pub(super) fn best_claim(f: &FilesEvidence, otherwise: Claim) -> Claim {
    if f.subject == FilesSubject::Files && f.count == 0 {
        return Claim::None;
    }
    let weighs = f.residue.iter().any(super::Residue::weighs);
    if f.redirected || weighs || !is_mapped(f) { Claim::None } else { otherwise }
}
