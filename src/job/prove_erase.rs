//! May `resume` go on with an erase by the drive? What the medium holds is being destroyed by the drive itself, so it is told by its
//! own number, by the erase that it runs, and by the marks that the job left.

use super::prove::{Found, same_road, used_since};
use crate::device::{Clearance, examine};
use crate::io::{Op, Queue};
use crate::journal::JobState;
use crate::media::SanitizeState;
use crate::outcome::Places;
use crate::pattern::Filler;

/// Marked places that are looked at.
const PROBES: usize = 64;

/// Whether it is the job's medium, and nobody put it to use since; the error says what speaks for it.
pub(super) fn untouched(state: &JobState, found: &Found, clearance: &mut Clearance) -> Result<(), String> {
    same_road(&state.plan.medium, &found.medium)?;
    if !found.same_attachment && !found.medium.identity.is_individual() {
        return Err("it was away since, and has no number of its own by which to tell it".into());
    }
    let sent = state.erase.as_ref().is_some_and(|(sent, _)| *sent);
    let now = clearance.transport().and_then(|mut transport| examine(transport.as_mut(), &found.medium));
    match now.map(|capabilities| capabilities.sanitize.now) {
        // Nobody can use it now, and no other job stands open on it.
        Some(SanitizeState::Running { .. } | SanitizeState::Failed { .. }) if sent => return Ok(()),
        _ => {}
    }
    used_since(state, &found.medium)?;
    let (left, gone) = marks(state, clearance).ok_or("its marked blocks can't be read")?;
    match (left, gone) {
        (0, _) if !sent => Err("nothing of the job is on it".into()),
        (0, _) | (_, 0) => Ok(()),
        // Cut off while it marked them.
        _ if !sent => Ok(()),
        _ => Err("some of the marked blocks were written since".into()),
    }
}

/// How many of some marked places still hold their mark, and how many do not.
fn marks(state: &JobState, clearance: &mut Clearance) -> Option<(usize, usize)> {
    let seed = u128::from_str_radix(&state.plan.erase.as_ref()?.seed, 16).ok()?.to_be_bytes();
    let identity = &clearance.medium().identity;
    let places = Places::draw(seed, 0, identity.size_bytes, identity.logical_block_bytes)?;
    let length = usize::try_from(identity.logical_block_bytes).ok()?;
    let mut filler = Filler::new(&places.marks)?;
    let mut queue = clearance.queue(None).ok()?;
    let step = (places.marked.len() / PROBES).max(1);
    let (mut left, mut gone) = (0, 0);
    for at in places.marked.iter().step_by(step) {
        match holds(queue.as_mut(), *at, length, &mut filler)? {
            true => left += 1,
            false => gone += 1,
        }
    }
    Some((left, gone))
}

fn holds(queue: &mut dyn Queue, at: u64, length: usize, filler: &mut Filler) -> Option<bool> {
    let slot = queue.lease()?;
    queue.submit(slot, Op::Read, at, length);
    let done = queue.complete()?;
    let whole = matches!(done.result, Ok(n) if n == length);
    let same = whole.then(|| queue.buffer(&done.slot).get(..length).map(|data| filler.matches(at, data))).flatten();
    queue.give_back(done.slot);
    same
}
