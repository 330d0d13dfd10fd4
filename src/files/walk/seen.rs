//! Which names of a directory were visited, as digests, within bounds.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::hash::{BuildHasher, RandomState};

/// The digests that all directories on the way may keep at a time.
pub(super) const MOST: usize = 1 << 20;

/// The names of one directory that were visited. Two names with the same digest of 64 bits would count as one: then an entry may stay
/// unvisited in a second reading, and its directory is found not empty.
#[derive(Debug, Default)]
pub(super) struct Seen {
    digests: HashSet<u64>,
    lost: bool,
}

impl Seen {
    /// Takes note of a name, unless that exceeds `room`, which is lowered; then all notes of this directory are given up.
    pub fn note(&mut self, state: &RandomState, name: &OsStr, room: &mut usize) {
        let digest = state.hash_one(name);
        if self.lost || self.digests.contains(&digest) {
            return;
        }
        if *room == 0 {
            self.lost = true;
            self.give_back(room);
        } else {
            self.digests.insert(digest);
            *room -= 1;
        }
    }

    /// Whether this name was visited, as far as is known.
    pub fn has(&self, state: &RandomState, name: &OsStr) -> bool {
        self.digests.contains(&state.hash_one(name))
    }

    /// Whether there were too many to know.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// Drops the notes.
    pub fn give_back(&mut self, room: &mut usize) {
        *room += self.digests.len();
        self.digests = HashSet::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_names_are_given_up_and_the_room_comes_back() {
        let (state, mut seen, mut room) = (RandomState::new(), Seen::default(), 2);
        for name in ["a", "b", "a"] {
            seen.note(&state, OsStr::new(name), &mut room);
        }
        assert!(seen.has(&state, OsStr::new("a")) && !seen.has(&state, OsStr::new("c")) && room == 0);
        seen.note(&state, OsStr::new("c"), &mut room);
        assert!(seen.is_lost() && room == 2 && !seen.has(&state, OsStr::new("a")));
    }
}
