//! What to do now, where the drive was told to erase itself and nothing can be claimed: one sentence or two for each ending.

use super::verdict::is_format;
use super::{End, Ending, Evidence, Status};
use crate::media::TechniqueId;

/// The way out that belongs to the statement; `None` where the ending is not what the job came to.
pub(super) fn of(e: &Evidence, status: Status) -> Option<&'static str> {
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

/// The way out of an ending. Every ending has one, success too: it may not be borne out.
fn from(ending: &Ending, technique: TechniqueId, status: Status) -> &'static str {
    match ending {
        Ending::Deallocated if status == Status::Unverified => {
            "If it must be proved by reading, wipe it again by another technique that `radera plan` offers, or destroy it."
        }
        Ending::Succeeded | Ending::AtOnce | Ending::Answered | Ending::Deallocated => {
            "Wipe it again, by another technique if `radera plan` offers one; if that comes out the same, destroy it."
        }
        Ending::Failed { .. } if is_format(technique) => {
            "Wipe it again, by a sanitize if `radera plan` offers one; if that fails as well, destroy it."
        }
        Ending::Failed { .. } => {
            "If the drive gives out no data now, only a sanitize that succeeds changes that: wipe it again; if that fails as well, or \
             sectors remain, destroy it."
        }
        Ending::Stalled { .. } => {
            "It can't be stopped, and may move on: keep it powered and look again with `radera show`. When it no longer runs, wipe it \
             again; if it never moves, destroy it."
        }
        Ending::Stale => {
            "Wipe it again, by a technique that takes longer if `radera plan` offers one, so that it is seen running; if none is, \
             destroy it."
        }
        Ending::Foreign => {
            "See that no other program or host uses the drive, then wipe it again; if it shows the same once more, destroy it."
        }
        Ending::NotRun => {
            "It may begin late, or run unseen: keep it powered, look with `radera show` until nothing runs, then wipe it again; if it \
             shows no trace once more, destroy it."
        }
        Ending::BrokenChain { .. } => "See that power and cable hold, then wipe it again.",
        Ending::Rejected { .. } => {
            "Lift what stands in the way (a password, write protection, a reservation, another erase), or take another technique that \
             `radera plan` offers; else destroy it."
        }
        Ending::Frozen => {
            "The machine's firmware freezes drives when it starts: suspend the machine and wake it, or take the drive's power away and \
             give it back while the machine runs, then wipe it again."
        }
        Ending::NotSent { .. } => "Put right what kept the command from the drive, then wipe it again.",
        Ending::Unclear { .. } => {
            "Look with `radera show` whether it erases, and wait for the end of that; then wipe it again, by another technique if \
             `radera plan` offers one. If the answer stays the same, destroy it."
        }
        Ending::Unknown { .. } if is_format(technique) => {
            "See that it is attached, with its power on, and run `radera resume`; a format does not outlast a loss of power."
        }
        Ending::Unknown { .. } => {
            "See that it is attached, with its power on, and run `radera resume`: a sanitize goes on by itself, and is looked for. If it can \
             never be followed, destroy it."
        }
        Ending::LeftRunning { .. } if is_format(technique) => {
            "Keep it powered, and run `radera resume` when it is over: how a format ends is told only to the session that sent it, so it \
             has to be sent anew."
        }
        Ending::LeftRunning { .. } => "Keep it powered, and let `radera resume` see it to its end.",
    }
}
