//! What to do now, where the drive was told to erase itself and nothing can be claimed: one sentence or two for each ending.

use super::said::sentences;
use super::verdict::is_format;
use super::{End, Ending, Evidence, FilesSubject, Status};
use crate::media::TechniqueId;

sentences! {
    /// What to do now: one sentence or two.
    WayOut "way-out" {
        NoProof = "no-proof",
            "If it must be proved by reading, wipe it again by another technique that `radera plan` offers, or destroy it.";
        NotBorneOut = "not-borne-out",
            "Wipe it again, by another technique if `radera plan` offers one; if that comes out the same, destroy it.";
        FormatFailed = "format-failed",
            "Wipe it again, by a sanitize if `radera plan` offers one; if that fails as well, destroy it.";
        EraseFailed = "erase-failed",
            "If the drive gives out no data now, only a sanitize that succeeds changes that: wipe it again; if that fails as well, or \
             sectors remain, destroy it.";
        Stalled = "stalled",
            "It can't be stopped, and may move on: keep it powered and look again with `radera show`. When it no longer runs, wipe it \
             again; if it never moves, destroy it.";
        Stale = "stale",
            "Wipe it again, by a technique that takes longer if `radera plan` offers one, so that it is seen running; if none is, \
             destroy it.";
        Foreign = "foreign",
            "See that no other program or host uses the drive, then wipe it again; if it shows the same once more, destroy it.";
        NotRun = "not-run",
            "It may begin late, or run unseen: keep it powered, look with `radera show` until nothing runs, then wipe it again; if it \
             shows no trace once more, destroy it.";
        BrokenChain = "broken-chain",
            "See that power and cable hold, then wipe it again.";
        Rejected = "rejected",
            "Lift what stands in the way (a password, write protection, a reservation, another erase), or take another technique that \
             `radera plan` offers; else destroy it.";
        Frozen = "frozen",
            "The machine's firmware freezes drives when it starts: suspend the machine and wake it, or take the drive's power away and \
             give it back while the machine runs, then wipe it again.";
        NotSent = "not-sent",
            "Put right what kept the command from the drive, then wipe it again.";
        Unclear = "unclear",
            "Look with `radera show` whether it erases, and wait for the end of that; then wipe it again, by another technique if \
             `radera plan` offers one. If the answer stays the same, destroy it.";
        FormatUnknown = "format-unknown",
            "See that it is attached, with its power on, and run `radera resume`; a format does not outlast a loss of power.";
        EraseUnknown = "erase-unknown",
            "See that it is attached, with its power on, and run `radera resume`: a sanitize goes on by itself, and is looked for. If it can \
             never be followed, destroy it.";
        FormatLeft = "format-left",
            "Keep it powered, and run `radera resume` when it is over: how a format ends is told only to the session that sent it, so it \
             has to be sent anew.";
        FilesAgain = "files-again",
            "Put right what kept them from being overwritten, and wipe them again; or wipe the whole device that the filesystem lies on.";
        FilesWhole = "files-whole",
            "If it must be proved, wipe the whole device that the filesystem lies on, and what lies below it.";
        EraseLeft = "erase-left",
            "Keep it powered, and let `radera resume` see it to its end.";
    }
}

/// The way out that belongs to the statement; `None` where the ending is not what the job came to.
pub(super) fn of(e: &Evidence, status: Status) -> Option<WayOut> {
    if let Some(files) = &e.files {
        return of_files(files.subject, &e.end, status);
    }
    let ending = &e.command.as_ref()?.ending;
    let says = match &e.end {
        End::Completed => status == Status::Failed || (status == Status::Unverified && *ending == Ending::Deallocated),
        End::Lost { .. } => matches!(ending, Ending::Unknown { .. }),
        End::Interrupted { .. } => matches!(ending, Ending::LeftRunning { .. }),
        // What it gave up for is said, and may lie before the command.
        End::GaveUp { .. } => false,
    };
    says.then(|| from(ending, e.technique, status))
}

fn of_files(subject: FilesSubject, end: &End, status: Status) -> Option<WayOut> {
    match status {
        Status::Sanitized | Status::Interrupted => None,
        Status::Failed if *end != End::Completed => None,
        Status::Failed if subject == FilesSubject::Files => Some(WayOut::FilesAgain),
        Status::Failed | Status::SanitizedWithExceptions | Status::Unverified => Some(WayOut::FilesWhole),
    }
}

/// The way out of an ending. Every ending has one, success too: it may not be borne out.
fn from(ending: &Ending, technique: TechniqueId, status: Status) -> WayOut {
    match ending {
        Ending::Deallocated if status == Status::Unverified => WayOut::NoProof,
        Ending::Succeeded | Ending::AtOnce | Ending::Answered | Ending::Deallocated => WayOut::NotBorneOut,
        Ending::Failed { .. } if is_format(technique) => WayOut::FormatFailed,
        Ending::Failed { .. } => WayOut::EraseFailed,
        Ending::Stalled { .. } => WayOut::Stalled,
        Ending::Stale => WayOut::Stale,
        Ending::Foreign => WayOut::Foreign,
        Ending::NotRun => WayOut::NotRun,
        Ending::BrokenChain { .. } => WayOut::BrokenChain,
        Ending::Rejected { .. } => WayOut::Rejected,
        Ending::Frozen => WayOut::Frozen,
        Ending::NotSent { .. } => WayOut::NotSent,
        Ending::Unclear { .. } => WayOut::Unclear,
        Ending::Unknown { .. } if is_format(technique) => WayOut::FormatUnknown,
        Ending::Unknown { .. } => WayOut::EraseUnknown,
        Ending::LeftRunning { .. } if is_format(technique) => WayOut::FormatLeft,
        Ending::LeftRunning { .. } => WayOut::EraseLeft,
    }
}
