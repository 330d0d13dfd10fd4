//! May `resume` go on with an erase by the drive? What the medium holds is being destroyed by the drive itself, so it is told by its
//! own number, by the erase that it runs, and by the marks that the job left.

use super::prove::{Found, same_road, used_since};
use crate::device::{Clearance, examine};
use crate::io::{Op, Queue};
use crate::journal::JobState;
use crate::media::{Bus, SanitizeState};
use crate::outcome::Places;
use crate::pattern::Filler;

/// Marked places that are looked at.
const PROBES: usize = 64;

/// Whether it is the job's medium, and nobody put it to use since; the error says what speaks for it. `true`: an erase may be started on it
/// anew, since it was not away or carries the job's marks; `false`: one that runs may be joined, and no more.
pub(super) fn untouched(state: &JobState, found: &Found, clearance: &mut Clearance) -> Result<bool, String> {
    same_road(&state.plan.medium, &found.medium)?;
    if !found.same_attachment && (!found.medium.identity.is_individual() || found.medium.bus == Bus::Usb) {
        return Err("it was away since, and has no number of its own by which to tell it".into());
    }
    let siblings = clearance.siblings().count();
    let sent = state.erase.as_ref().is_some_and(|(sent, _)| *sent);
    let now = clearance.transport().and_then(|mut transport| examine(transport.as_mut(), &found.medium));
    if let Some(namespaces) = now.as_ref().and_then(|capabilities| capabilities.namespaces.as_ref())
        && namespaces.all.len() > siblings + 1
    {
        return Err("the drive has namespaces that were not confirmed".into());
    }
    match now.map(|capabilities| capabilities.sanitize.now) {
        // Nobody can use it now, and no other job stands open on it.
        Some(SanitizeState::Running { .. } | SanitizeState::Failed { .. }) if sent => return Ok(found.same_attachment),
        _ => {}
    }
    used_since(state, &found.medium)?;
    if found.same_attachment {
        return Ok(true);
    }
    if siblings > 0 {
        return Err("it was away since, and whether its other devices were used can't be told".into());
    }
    match marks(state, clearance).ok_or("its marked blocks can't be read")? {
        Marks::All => Ok(true),
        // Cut off while it marked them, one after the other.
        Marks::First if !sent => Ok(true),
        Marks::None if sent => Ok(false),
        Marks::None => Err("nothing of the job is on it".into()),
        Marks::First | Marks::Some => Err("some of the marked blocks were written since".into()),
    }
}

/// Which of some marked places still hold their mark.
enum Marks {
    All,
    None,
    /// None behind the first one that does not.
    First,
    Some,
}

/// Looks at some of the marked places, in order; `None` where one can't be read.
fn marks(state: &JobState, clearance: &mut Clearance) -> Option<Marks> {
    let seed = u128::from_str_radix(&state.plan.erase.as_ref()?.seed, 16).ok()?.to_be_bytes();
    let identity = &clearance.medium().identity;
    let places = Places::draw(seed, 0, identity.size_bytes, identity.logical_block_bytes)?;
    let length = usize::try_from(identity.logical_block_bytes).ok()?;
    let mut filler = Filler::new(&places.marks)?;
    let mut queue = clearance.queue(None).ok()?;
    let step = (places.marked.len() / PROBES).max(1);
    let held: Option<Vec<bool>> =
        places.marked.iter().step_by(step).map(|at| holds(queue.as_mut(), *at, length, &mut filler)).collect();
    let held = held?;
    let first = held.iter().take_while(|held| **held).count();
    Some(match held.iter().filter(|held| **held).count() {
        0 => Marks::None,
        all if all == held.len() => Marks::All,
        some if some == first => Marks::First,
        _ => Marks::Some,
    })
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
