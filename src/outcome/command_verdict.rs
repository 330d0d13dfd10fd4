//! The judgement of an erase that the drive carried out by itself: no success without our command's acceptance, the drive's own success,
//! and blocks that are seen to be gone.

use super::reason::Reason;
use super::said::ByName;
use super::{CommandEvidence, Counts, Ending, Evidence, Markers, Readback, ScopeKind, Status};
use crate::media::{Method, VerifyKind};
use crate::problem::ExitCode;

/// A success at the first look is credible of a drive that announced no more than this, or that only changes keys.
const AT_ONCE_SECONDS: u64 = 10;

type Judgement = (Status, ExitCode, Reason);

fn failed(why: Reason) -> Judgement {
    (Status::Failed, ExitCode::Failed, why)
}

/// Status, exit code and reason for a job whose erase was the drive's.
pub(super) fn judge(e: &Evidence) -> Judgement {
    let Some(c) = &e.command else {
        return failed(Reason::NoCommand);
    };
    if c.technique != e.technique || !e.passes.is_empty() || e.passes_planned != 0 {
        return failed(Reason::OtherCommand);
    }
    if let Err(judgement) = ended(c) {
        return judgement;
    }
    if e.scope.kind != ScopeKind::WholeMedium || !e.layers.is_empty() {
        return failed(Reason::NotAllOfIt);
    }
    let counts = Counts::of(e.technique, e.rotation);
    if counts.best().is_none() || (e.method == Method::Purge && counts.best() != Some(Method::Purge)) {
        return failed(Reason::NotCounted { technique: e.technique.name(), method: ByName(e.method) });
    }
    if counts.by_keys && c.encryption.is_none() {
        return failed(Reason::KeysOfUnknown);
    }
    seen(e, c).unwrap_or_else(|judgement| judgement)
}

/// What the marked blocks, the witnesses and the readback show, after a success by the drive.
fn seen(e: &Evidence, c: &CommandEvidence) -> Result<Judgement, Judgement> {
    let markers = c.markers.as_ref().ok_or_else(|| failed(Reason::NoneMarked))?;
    if markers.survived > 0 {
        return Err(failed(Reason::MarksSurvived { survived: markers.survived, written: markers.written }));
    }
    let same = c.witnesses.as_ref().map_or(0, |witnesses| witnesses.same);
    if same > 0 {
        return Err(failed(Reason::SameAsBefore { same }));
    }
    if e.verification_asked == VerifyKind::None {
        return Err(unverified(Reason::ReadsNotAskedFor));
    }
    if c.readback == Readback::ProvesNothing {
        return Err(unverified(Reason::ReadsProveNothing));
    }
    if markers.written == 0 {
        return Err(unverified(Reason::NoMarkTaken));
    }
    let Some(witnesses) = &c.witnesses else {
        if Counts::of(e.technique, e.rotation).by_keys {
            return Err(unverified(Reason::NotCompared));
        }
        return readback(e, c, markers);
    };
    let told = [witnesses.changed, witnesses.same, witnesses.blank, witnesses.unreadable];
    if told.into_iter().fold(0, u64::saturating_add) < witnesses.read {
        return Err(failed(Reason::ReadBeforeMissing));
    }
    readback(e, c, markers)
}

/// The readback proper, and blocks that could not be read.
fn readback(e: &Evidence, c: &CommandEvidence, markers: &Markers) -> Result<Judgement, Judgement> {
    if markers.gone.checked_add(markers.unreadable) != Some(markers.written) {
        return Err(failed(Reason::MarkedMissing));
    }
    let Some(v) = &e.verification else {
        return Err(failed(Reason::NotReadBack));
    };
    match (c.readback, &c.expected) {
        (Readback::Pattern | Readback::Uniform, Some(_)) => super::verdict::read_back(e, v).map_err(failed)?,
        (Readback::Changed, None) => {
            let whole = v.complete && v.kind == VerifyKind::Sampled && v.mismatches == 0 && v.seed.is_some();
            if !whole || v.cells.is_none_or(|(all, read)| read == 0 || read > all) {
                return Err(failed(Reason::ComparedMissing));
            }
            let changed = c.witnesses.as_ref().map_or(0, |witnesses| witnesses.changed);
            let looked = markers.gone.saturating_add(changed);
            if looked < fewest(e.scope.bytes) {
                return Err(unverified(Reason::TooFewCompared));
            }
            if e.verification_asked == VerifyKind::Full {
                return Err(unverified(Reason::OnlyASample));
            }
        }
        _ => return Err(failed(Reason::ExpectedUnclear)),
    }
    if e.verification_asked == VerifyKind::Full && !c.reached.is_empty() {
        return Err(unverified(Reason::OthersInSamples));
    }
    let unread = c.witnesses.as_ref().map_or(0, |witnesses| witnesses.unreadable);
    let lost = [markers.unreadable, v.unreadable, unread].into_iter().fold(0, u64::saturating_add);
    if lost > 0 {
        return Ok((Status::SanitizedWithExceptions, ExitCode::Exceptions, Reason::BlocksLost { lost }));
    }
    let technique = e.technique.name();
    let reason =
        if c.ending == Ending::AtOnce { Reason::ErasedAtOnce { technique } } else { Reason::Erased { technique } };
    Ok((Status::Sanitized, ExitCode::Success, reason))
}

/// The fewest blocks of which a difference says something of the whole: 1,000, fewer only on the smallest media.
fn fewest(scope_bytes: u64) -> u64 {
    (scope_bytes / 32768).clamp(1, 1000)
}

fn unverified(why: Reason) -> Judgement {
    (Status::Unverified, ExitCode::Exceptions, why)
}

/// `Ok`: the drive's own success, tied to our command.
fn ended(c: &CommandEvidence) -> Result<(), Judgement> {
    let why = match &c.ending {
        Ending::Rejected { detail } => Reason::Rejected { detail: detail.clone() },
        Ending::Frozen => Reason::Frozen,
        Ending::NotSent { detail } => Reason::NotSent { detail: detail.clone() },
        Ending::Unclear { detail } => Reason::Unclear { detail: detail.clone() },
        Ending::Unknown { detail } => Reason::NotFollowed { detail: detail.clone() },
        _ if !c.accepted => Reason::NotAccepted,
        Ending::Succeeded if c.seen_running => return Ok(()),
        Ending::Succeeded => Reason::NotSeenRunning,
        Ending::AtOnce => return at_once(c),
        Ending::Answered => return Ok(()),
        Ending::Deallocated if c.readback == Readback::ProvesNothing => return Ok(()),
        Ending::Deallocated => Reason::DeallocatedAndRead,
        Ending::Failed { detail } => Reason::EraseFailed { detail: detail.clone() },
        Ending::Stalled { seconds, .. } => Reason::Stalled { seconds: *seconds },
        Ending::Stale => Reason::Stale,
        Ending::Foreign => Reason::Foreign,
        Ending::NotRun => Reason::NotRun,
        Ending::BrokenChain { resets } => Reason::BrokenChain { resets: resets.join("; ") },
        Ending::LeftRunning { cause } => {
            let why = Reason::LeftRunning { cause: cause.clone() };
            return Err((Status::Interrupted, ExitCode::Interrupted, why));
        }
    };
    Err(failed(why))
}

fn at_once(c: &CommandEvidence) -> Result<(), Judgement> {
    let quick = c.estimate_seconds.is_some_and(|seconds| seconds <= AT_ONCE_SECONDS);
    let by_keys = Counts::of(c.technique, crate::media::Rotation::Flash).by_keys;
    let seen = c.markers.as_ref().is_some_and(Markers::all_gone);
    if (quick || by_keys) && seen && c.readback != Readback::ProvesNothing {
        return Ok(());
    }
    Err(failed(Reason::NotCredible))
}
