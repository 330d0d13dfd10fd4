//! Content that can be told apart in a raw image, and the search for it.
//!
//! Each sector begins with 256 random bytes of its own and ends in zeros: zstd makes it smaller, yet keeps the random bytes as they are, so
//! that compressed extents are found, too.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use nix::unistd::{Whence, lseek};

use crate::support::random::Dice;
use crate::support::{MIB, SECTOR};

const NEEDLE: usize = 16;
/// As much of a sector as is random.
const RANDOM: usize = 256;

type Needle = [u8; NEEDLE];

/// `sectors` sectors of content that stands nowhere else.
pub fn content(dice: &mut Dice, sectors: usize) -> Vec<u8> {
    let mut bytes = vec![0; sectors * SECTOR as usize];
    for sector in bytes.chunks_mut(SECTOR as usize) {
        sector[..RANDOM].copy_from_slice(&random(dice, RANDOM));
    }
    bytes
}

/// Random bytes.
pub fn random(dice: &mut Dice, bytes: usize) -> Vec<u8> {
    let mut found = Vec::with_capacity(bytes + 8);
    while found.len() < bytes {
        found.extend_from_slice(&dice.draw().to_le_bytes());
    }
    found.truncate(bytes);
    found
}

/// Random letters, for names.
pub fn letters(dice: &mut Dice, count: usize) -> String {
    (0..count).map(|_| char::from(b'a' + dice.below(26) as u8)).collect()
}

/// How much of one thing a raw image holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Sectors, of those searched for, that stand in it at least once.
    pub distinct: usize,
    /// Each occurrence counted.
    pub copies: usize,
}

/// What is searched for: needles in groups.
#[derive(Clone)]
pub struct Marks {
    needles: HashMap<Needle, (usize, usize)>,
    /// A bit for each first three bytes of a needle.
    begins: Vec<u64>,
    sizes: Vec<usize>,
}

impl Default for Marks {
    fn default() -> Self {
        Marks { needles: HashMap::new(), begins: vec![0; (1 << 24) / 64], sizes: Vec::new() }
    }
}

fn begin(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) | usize::from(bytes[1]) << 8 | usize::from(bytes[2]) << 16
}

impl Marks {
    /// The sectors of `content` as a new group; its number.
    pub fn add(&mut self, content: &[u8]) -> usize {
        self.add_some(content, |_| true)
    }

    /// Those sectors of `content` whose number `wanted` takes.
    pub fn add_some(&mut self, content: &[u8], wanted: impl Fn(usize) -> bool) -> usize {
        let group = self.sizes.len();
        let mut size = 0;
        for (index, sector) in content.chunks(SECTOR as usize).enumerate().filter(|(index, _)| wanted(*index)) {
            let needle: Needle = sector[..NEEDLE].try_into().unwrap();
            assert!(self.needles.insert(needle, (group, index)).is_none(), "a needle stands twice");
            self.begins[begin(sector) / 64] |= 1 << (begin(sector) % 64);
            size += 1;
        }
        self.sizes.push(size);
        group
    }

    /// How many sectors a group has.
    pub fn size(&self, group: usize) -> usize {
        self.sizes[group]
    }

    /// What of each group stands in the file at `path`, at any offset. Holes are passed over.
    pub fn search(&self, path: &Path) -> Vec<Found> {
        let mut found = vec![Found::default(); self.sizes.len()];
        let mut seen = HashSet::new();
        let file = File::open(path).unwrap();
        let end = file.metadata().unwrap().len();
        let mut at = 0;
        while let Ok(first) = lseek(&file, at as i64, Whence::SeekData).map(|to| to as u64) {
            let hole = lseek(&file, first as i64, Whence::SeekHole).unwrap() as u64;
            // A needle may begin in one piece and end in the next.
            for piece in (first..hole).step_by(4 * MIB as usize) {
                let bytes = (hole - piece).min(4 * MIB);
                let mut window = vec![0; (bytes + NEEDLE as u64 - 1).min(end - piece) as usize];
                file.read_exact_at(&mut window, piece).unwrap();
                self.search_in(&window, bytes as usize, &mut seen, &mut found);
            }
            at = hole;
        }
        found
    }

    fn search_in(&self, window: &[u8], starts: usize, seen: &mut HashSet<(usize, usize)>, found: &mut [Found]) {
        for at in 0..starts.min((window.len() + 1).saturating_sub(NEEDLE)) {
            let begin = begin(&window[at..at + 3]);
            if self.begins[begin / 64] >> (begin % 64) & 1 == 0 {
                continue;
            }
            if let Some(mark) = self.needles.get(&window[at..at + NEEDLE]) {
                found[mark.0].copies += 1;
                found[mark.0].distinct += usize::from(seen.insert(*mark));
            }
        }
    }
}
