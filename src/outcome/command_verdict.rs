//! The judgement of an erase that the drive carried out by itself: no success without our command's acceptance, the drive's own success,
//! and blocks that are seen to be gone.

use super::{CommandEvidence, Counts, Ending, Evidence, Markers, Readback, ScopeKind, Status};
use crate::media::{Method, VerifyKind};
use crate::problem::ExitCode;

/// A success at the first look is credible of a drive that announced no more than this, or that only changes keys.
const AT_ONCE_SECONDS: u64 = 10;

type Judgement = (Status, ExitCode, String);

fn failed(why: impl Into<String>) -> Judgement {
    (Status::Failed, ExitCode::Failed, why.into())
}

/// Status, exit code and reason for a job whose erase was the drive's.
pub(super) fn judge(e: &Evidence) -> Judgement {
    let Some(c) = &e.command else {
        return failed("no command was sent to the drive");
    };
    if c.technique != e.technique || !e.passes.is_empty() || e.passes_planned != 0 {
        return failed("the command that was sent is not the technique's");
    }
    if let Err(judgement) = ended(c) {
        return judgement;
    }
    if e.scope.kind != ScopeKind::WholeMedium || !e.layers.is_empty() {
        return failed("an erase by the drive reaches all of it, and something else was named");
    }
    let counts = Counts::of(e.technique, e.rotation);
    if counts.best().is_none() || (e.method == Method::Purge && counts.best() != Some(Method::Purge)) {
        return failed(format!("{} does not count as {} on this medium", e.technique.name(), e.method.name()));
    }
    if counts.by_keys && c.encryption.is_none() {
        return failed("keys were destroyed, and nobody says that all data was always encrypted with them");
    }
    seen(e, c).unwrap_or_else(|judgement| judgement)
}

/// What the marked blocks, the witnesses and the readback show, after a success by the drive.
fn seen(e: &Evidence, c: &CommandEvidence) -> Result<Judgement, Judgement> {
    let markers = c
        .markers
        .as_ref()
        .ok_or_else(|| failed("no block was marked before the erase, so its effect can't be seen"))?;
    if markers.survived > 0 {
        return Err(failed(format!(
            "the drive reports success, and {} of {} blocks marked before still hold what was written",
            markers.survived, markers.written
        )));
    }
    let same = c.witnesses.as_ref().map_or(0, |witnesses| witnesses.same);
    if same > 0 {
        return Err(failed(format!("the drive reports success, and {same} blocks still hold what they held before")));
    }
    if e.verification_asked == VerifyKind::None {
        return Err(unverified(
            "the drive reports success; but for the marked blocks nothing was read back because asked so",
        ));
    }
    if c.readback == Readback::ProvesNothing {
        return Err(unverified(
            "the drive reports success, and what reading its blocks gives proves nothing: they were deallocated, or must be written \
             before they can be read",
        ));
    }
    if markers.written == 0 {
        return Err(unverified(
            "the drive reports success; it took no marked block before (it was in failure mode, or broken), so its effect can't be \
             seen. Wiping it again can show it",
        ));
    }
    let Some(witnesses) = &c.witnesses else {
        if Counts::of(e.technique, e.rotation).by_keys {
            return Err(unverified(
                "the drive reports success and every marked block is gone; what it held before could not be compared, since the \
                 session that read it was cut off",
            ));
        }
        return readback(e, c, markers);
    };
    if witnesses.changed + witnesses.same + witnesses.blank + witnesses.unreadable < witnesses.read {
        return Err(failed("not every block that was read before is accounted for"));
    }
    readback(e, c, markers)
}

/// The readback proper, and blocks that could not be read.
fn readback(e: &Evidence, c: &CommandEvidence, markers: &Markers) -> Result<Judgement, Judgement> {
    if markers.gone + markers.unreadable != markers.written {
        return Err(failed("not every block that was marked is accounted for"));
    }
    let Some(v) = &e.verification else {
        return Err(failed("the verification asked for was not carried out"));
    };
    match (c.readback, &c.expected) {
        (Readback::Pattern | Readback::Uniform, Some(_)) => super::verdict::read_back(e, v).map_err(failed)?,
        (Readback::Changed, None) => {
            let whole = v.complete && v.kind == VerifyKind::Sampled && v.mismatches == 0 && v.seed.is_some();
            if !whole || v.cells.is_none_or(|(all, read)| read == 0 || read > all) {
                return Err(failed("the blocks that were to be compared are not accounted for"));
            }
            let looked = markers.gone + c.witnesses.as_ref().map_or(0, |witnesses| witnesses.changed);
            if looked < fewest(e.scope.bytes) {
                return Err(unverified(
                    "the drive reports success; too few blocks took a mark or held anything before, so too little can be compared",
                ));
            }
            if e.verification_asked == VerifyKind::Full {
                return Err(unverified(
                    "the drive reports success; a full readback was asked for, and what this erase leaves can't be foreseen, so only \
                     a sample could be compared",
                ));
            }
        }
        _ => return Err(failed("what was expected of the blocks is not said, or said where nothing is expected")),
    }
    if e.verification_asked == VerifyKind::Full && !c.reached.is_empty() {
        return Err(unverified(
            "the drive reports success; a full readback was asked for, and the drive's other devices were only looked at in samples",
        ));
    }
    let lost = markers.unreadable + v.unreadable + c.witnesses.as_ref().map_or(0, |witnesses| witnesses.unreadable);
    if lost > 0 {
        let reason = format!("the drive reports success, and {lost} of the blocks looked at could not be read back");
        return Ok((Status::SanitizedWithExceptions, ExitCode::Exceptions, reason));
    }
    let at_once = if c.ending == Ending::AtOnce { ", at the first look" } else { "" };
    let reason = format!(
        "the drive accepted {}, reported its success{at_once}, and every marked block is gone",
        e.technique.name()
    );
    Ok((Status::Sanitized, ExitCode::Success, reason))
}

/// The fewest blocks of which a difference says something of the whole: 1,000, fewer only on the smallest media.
fn fewest(scope_bytes: u64) -> u64 {
    (scope_bytes / 32768).clamp(1, 1000)
}

fn unverified(why: &str) -> Judgement {
    (Status::Unverified, ExitCode::Exceptions, why.into())
}

const UNKNOWN: &str = "what the drive did is not known";

/// The reason where an erase could not be followed to its end.
pub(super) fn not_followed(detail: &str) -> String {
    format!("the erase could not be followed to its end ({detail}); {UNKNOWN}")
}

/// `Ok`: the drive's own success, tied to our command.
fn ended(c: &CommandEvidence) -> Result<(), Judgement> {
    let unknown = UNKNOWN;
    let why = match &c.ending {
        Ending::Rejected { detail } => format!("the drive rejected the command and changed nothing by it: {detail}"),
        Ending::Frozen => "the drive is frozen against sanitizing, and rejected the command for that".into(),
        Ending::NotSent { detail } => format!("the command never reached the drive: {detail}"),
        Ending::Unclear { detail } => format!(
            "the drive's answer does not say whether it began the erase ({detail}), and nothing that it showed since tells that it is this command's; {unknown}"
        ),
        Ending::Unknown { detail } => not_followed(detail),
        _ if !c.accepted => format!("the drive is not known to have accepted the command; {unknown}"),
        Ending::Succeeded if c.seen_running => return Ok(()),
        Ending::Succeeded => format!("a success without having been seen running; {unknown}"),
        Ending::AtOnce => return at_once(c),
        Ending::Answered => return Ok(()),
        Ending::Deallocated if c.readback == Readback::ProvesNothing => return Ok(()),
        Ending::Deallocated => {
            "the drive deallocated its blocks, and they were read as if that proved something".into()
        }
        Ending::Failed { detail } => format!("the erase failed: {detail}"),
        Ending::Stalled { seconds, .. } => format!("the erase stands still since {seconds} seconds"),
        Ending::Stale => "the drive shows a success that can be an older one's; it was not seen running".into(),
        Ending::Foreign => "the drive shows the success of another command than ours".into(),
        Ending::NotRun => format!("the drive accepted the command and shows no trace of it; {unknown}"),
        Ending::BrokenChain { resets } => {
            format!("the drive was reset in between ({}) and was not seen running since; {unknown}", resets.join("; "))
        }
        Ending::LeftRunning { cause } => {
            let why = format!("stopped by {cause}; the drive goes on erasing by itself, which can't be stopped");
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
    Err(failed("the drive reported success at once, which nothing it says of itself makes credible"))
}
