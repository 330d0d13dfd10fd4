//! The way of files that can't be overwritten in place (`--accept-trim`): their old blocks are remembered by digest, they are overwritten
//! all the same, cut off and trimmed, and the old blocks are looked at again.

use super::batch::{Clearing, Item, Outcome, Waiting};
use super::run::Place;
use crate::files::clear::{self, Seen, Subject};
use crate::files::ground::Settled;
use crate::files::{Mapping, Obstacle};
use crate::io::{Control, Halt};
use crate::job::draw;
use crate::outcome::FileVerdict;

impl Clearing {
    /// Releases these files. Those that are still begun with when it is halted stay as they are.
    pub(super) fn release(
        &mut self,
        batch: Vec<Waiting>,
        place: &Place<'_>,
        control: &mut dyn Control,
    ) -> (Vec<Item>, Result<(), Halt>) {
        if batch.is_empty() {
            return (Vec::new(), Ok(()));
        }
        match self.released(batch, place, control) {
            Ok(done) => (done, Ok(())),
            Err(halt) => (Vec::new(), Err(halt)),
        }
    }

    fn released(
        &mut self,
        batch: Vec<Waiting>,
        place: &Place<'_>,
        control: &mut dyn Control,
    ) -> Result<Vec<Item>, Halt> {
        let ground = place.ground;
        // Where the blocks can't be told, nothing can be looked at: then trimming alone proves nothing.
        let place_of = |waiting: &Waiting| {
            let file = &waiting.opened.file;
            file.sync_data().ok().and_then(|()| ground.map(file).ok())
        };
        let known: Vec<Option<Mapping>> = batch.iter().map(place_of).collect();
        let mappings: Vec<Mapping> = known.iter().map(|mapping| mapping.clone().unwrap_or_default()).collect();
        let (half, other) = (draw::key(), draw::key());
        let (Ok(half), Ok(other)) = (half, other) else {
            return Err(Halt::GaveUp("the kernel gave no random bytes".into()));
        };
        let mut key = [0; 32];
        key.iter_mut().zip(half.into_iter().chain(other)).for_each(|(to, from)| *to = from);
        let remembered = match clear::remember(&mappings, key, ground, &mut self.tools, control) {
            Err(Halt::Stopped) => return Err(Halt::Stopped),
            remembered => remembered.ok(),
        };
        let pattern = self.passes.last().cloned();
        let mut cut = Vec::new();
        for (waiting, known) in batch.iter().zip(&known) {
            let opened = &waiting.opened;
            let subject = Subject { file: &opened.file, size_bytes: opened.stat.size_bytes, keep: false };
            cut.push(clear::release(&subject, known.as_ref(), pattern.as_ref(), ground, control)?);
        }
        let settled = batch.first().map_or(Settled::NOTHING, |waiting| ground.settle(&waiting.opened.file, true));
        let seen = remembered.and_then(|remembered| remembered.look(ground, &mut self.tools, control).ok());
        let seen = |at: usize| seen.as_ref().and_then(|seen| seen.get(at)).copied();
        let judged = batch.into_iter().zip(cut).zip(known).enumerate().map(|(at, ((waiting, cut), known))| {
            let (verdict, why) = judge(&waiting.release, cut, known.and(seen(at)), &settled);
            Item::of(waiting.opened, Outcome::released(verdict, why))
        });
        self.settled = Some(settled.clone());
        Ok(judged.collect())
    }
}

/// What came of a file with these obstacles.
fn judge(
    obstacles: &[Obstacle],
    cut: Result<u64, String>,
    seen: Option<Seen>,
    settled: &Settled,
) -> (FileVerdict, Option<String>) {
    let told = |why: &str| Some(why.to_string());
    if let Err(error) = cut {
        return (FileVerdict::NotCleared, Some(format!("it could not be overwritten and cut off: {error}")));
    }
    if let Some(still) = seen.filter(|seen| seen.still > 0) {
        let why = format!("{} of the {} blocks that were looked at hold what they held", still.still, still.watched);
        return (FileVerdict::NotCleared, Some(why));
    }
    let unreadable = seen.is_some_and(|seen| seen.unreadable > 0);
    // In memory and in a journal of data the file's own place was overwritten; elsewhere new blocks were.
    let in_place = |obstacle: &Obstacle| matches!(obstacle, Obstacle::InMemory | Obstacle::DataJournal);
    if obstacles.iter().all(in_place) && !unreadable {
        return (
            FileVerdict::OverwrittenUnverified,
            told("copies of it may be left, and nothing shows that there are none"),
        );
    }
    match (&settled.trimmed, settled.synced.is_ok()) {
        (Some(Ok(_)), true) if !unreadable => {
            (FileVerdict::TrimmedNotOverwritten, told("its blocks were released and trimmed, not overwritten in place"))
        }
        (Some(Err(error)), _) => (FileVerdict::NotCleared, Some(format!("its blocks were released, and {error}"))),
        _ => (FileVerdict::NotCleared, told("its blocks were released, and what they hold could not be looked at")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_to_be_gone_that_was_seen_or_could_not_be_looked_at() {
        use FileVerdict::*;
        let trimmed = Settled { trimmed: Some(Ok(4096)), ..Settled::NOTHING };
        let refused = Settled { trimmed: Some(Err("the device can't trim".into())), ..Settled::NOTHING };
        let seen = |still, unreadable| Some(Seen { watched: 8, still, unreadable, sampled: false });
        let cow = [Obstacle::CopyOnWrite];
        let journal = [Obstacle::DataJournal];
        for (obstacles, cut, seen, settled, expected) in [
            (&cow, Ok(1), seen(0, 0), &trimmed, TrimmedNotOverwritten),
            (&cow, Ok(1), None, &trimmed, TrimmedNotOverwritten),
            (&cow, Ok(1), seen(1, 0), &trimmed, NotCleared),
            (&cow, Ok(1), seen(0, 1), &trimmed, NotCleared),
            (&cow, Ok(1), seen(0, 0), &refused, NotCleared),
            (&cow, Ok(1), seen(0, 0), &Settled::NOTHING, NotCleared),
            (&cow, Err("EIO".into()), seen(0, 0), &trimmed, NotCleared),
            (&journal, Ok(1), seen(0, 0), &refused, OverwrittenUnverified),
            (&journal, Ok(1), seen(2, 0), &trimmed, NotCleared),
        ] {
            assert_eq!(judge(obstacles, cut, seen, settled).0, expected, "{obstacles:?} {seen:?} {settled:?}");
        }
    }
}
