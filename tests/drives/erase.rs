//! An erase that takes time: what it does to which blocks, how far it has come, and what is kept of it over a power cut.

use super::bytes;
use super::medium::Medium;
use super::state::Saved;
use std::io;
use std::ops::Range;

/// What an erase does to the blocks it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Flash blocks are erased; reads give `pattern`. `unmap`: the host's view is deallocated too.
    Block {
        /// What a read gives afterwards.
        pattern: u8,
        /// Whether addresses are unmapped.
        unmap: bool,
    },
    /// Every block is written `passes` times.
    Overwrite {
        /// Repeated from each block's start.
        pattern: Vec<u8>,
        /// At least 1.
        passes: u8,
        /// Whether each pass inverts the one before.
        invert: bool,
        /// With `invert`: whether the last pass writes the pattern as given, or the first one does.
        ends_as_given: bool,
        /// Whether addresses are unmapped afterwards.
        unmap: bool,
    },
    /// The media key is changed when all else is done.
    Crypto {
        /// Whether addresses are unmapped afterwards.
        unmap: bool,
    },
}

impl Work {
    /// Passes over the medium.
    pub fn passes(&self) -> u64 {
        match self {
            Work::Overwrite { passes, .. } => u64::from(*passes).max(1),
            _ => 1,
        }
    }

    /// What pass `index` (from 0) writes.
    pub fn pattern(&self, index: u64) -> Vec<u8> {
        match self {
            Work::Block { pattern, .. } => vec![*pattern],
            Work::Overwrite { pattern, passes, invert, ends_as_given, .. } => {
                let odd = if *ends_as_given { (u64::from(*passes) + 1 + index) % 2 } else { index % 2 };
                pattern.iter().map(|byte| if *invert && odd == 1 { !byte } else { *byte }).collect()
            }
            Work::Crypto { .. } => Vec::new(),
        }
    }
}

/// Which command began it: only a sanitize moves the sanitize state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// SANITIZE DEVICE, SANITIZE, Sanitize.
    Sanitize,
    /// SECURITY ERASE UNIT.
    Security,
    /// FORMAT UNIT, Format NVM.
    Format,
}

/// One erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which command began it.
    pub origin: Origin,
    /// What it does.
    pub work: Work,
    /// The physical blocks it is to reach, in order.
    pub reach: Vec<Range<u64>>,
    /// Which of them it leaves out, by a fault.
    pub skip: Vec<Range<u64>>,
    /// How long it takes.
    pub milliseconds: u64,
    /// Whether the host may leave the failed state without a success (FAILURE MODE, AUSE).
    pub unrestricted: bool,
    /// Whether the host must write each block before reading it, afterwards.
    pub unwritten: bool,
    /// The command's own word, as the log repeats it (NVMe: SCDW10).
    pub word: u32,
}

/// An erase that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What is done.
    pub plan: Plan,
    /// Milliseconds of work before `since`.
    pub before: u64,
    /// When the present stretch of work began; `None` while the power is off.
    pub since: Option<u64>,
    /// Blocks done, over all passes.
    pub done: u64,
}

impl Running {
    /// A plan that begins at `now`.
    pub fn start(plan: Plan, now: u64) -> Self {
        Running { plan, before: 0, since: Some(now), done: 0 }
    }

    /// Milliseconds of work so far.
    pub fn worked(&self, now: u64) -> u64 {
        self.before + self.since.map_or(0, |since| now.saturating_sub(since))
    }

    /// Blocks to do, over all passes.
    pub fn total(&self) -> u64 {
        self.plan.reach.iter().map(|range| range.end - range.start).sum::<u64>() * self.plan.work.passes()
    }

    /// Whole passes done.
    pub fn passes_done(&self) -> u64 {
        self.done * self.plan.work.passes() / self.total().max(1)
    }

    /// Works until `numerator`/65536 of the blocks are done. With `idle` nothing is touched: the drive only says so.
    ///
    /// # Errors
    /// The store's.
    pub fn work(&mut self, medium: &mut Medium, numerator: u64, idle: bool) -> io::Result<()> {
        let target = self.total() * numerator.min(65536) / 65536;
        let one_pass = (self.total() / self.plan.work.passes()).max(1);
        while self.done < target {
            let pass = self.done / one_pass;
            let from = self.done % one_pass;
            let to = (target - pass * one_pass).min(one_pass);
            if !idle && !matches!(self.plan.work, Work::Crypto { .. }) {
                let pattern = self.plan.work.pattern(pass);
                let unmap = matches!(self.plan.work, Work::Block { unmap: true, .. });
                for part in self.pieces(from..to) {
                    medium.erase(part, &pattern, unmap, self.plan.unwritten)?;
                }
            }
            self.done = pass * one_pass + to;
        }
        Ok(())
    }

    /// What remains when all blocks are done: the key, the unmapping.
    ///
    /// # Errors
    /// The store's.
    pub fn finish(&self, medium: &mut Medium, idle: bool) -> io::Result<()> {
        if idle {
            return Ok(());
        }
        let all = 0..self.total() / self.plan.work.passes();
        match &self.plan.work {
            Work::Block { .. } => {}
            Work::Overwrite { unmap: false, .. } => {}
            Work::Overwrite { unmap: true, .. } => {
                for part in self.pieces(all) {
                    medium.deallocate(part)?;
                }
            }
            Work::Crypto { unmap } => {
                medium.change_key(&self.plan.skip)?;
                for part in self.pieces(all) {
                    if *unmap {
                        medium.deallocate(part.clone())?;
                    }
                    if self.plan.unwritten {
                        medium.require_write(part)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The physical pieces of a stretch of the reach, without what is skipped.
    fn pieces(&self, stretch: Range<u64>) -> Vec<Range<u64>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for range in &self.plan.reach {
            let length = range.end - range.start;
            let from = stretch.start.max(start);
            let to = stretch.end.min(start + length);
            if from < to {
                pieces.push(range.start + from - start..range.start + to - start);
            }
            start += length;
        }
        for hole in &self.plan.skip {
            pieces = pieces.into_iter().flat_map(|piece| without(piece, hole)).collect();
        }
        pieces
    }

    /// Keeps it over a power cut.
    pub fn save(&self, saved: &mut Saved, now: u64) {
        let ranges = |list: &[Range<u64>]| {
            let parts: Vec<String> = list.iter().map(|range| format!("{}-{}", range.start, range.end)).collect();
            if parts.is_empty() { "-".to_owned() } else { parts.join(",") }
        };
        let plan = &self.plan;
        saved.set("erase-origin", plan.origin as u8);
        saved.set("erase-reach", ranges(&plan.reach));
        saved.set("erase-skip", ranges(&plan.skip));
        saved.set("erase-milliseconds", plan.milliseconds);
        saved.set("erase-unrestricted", plan.unrestricted);
        saved.set("erase-unwritten", plan.unwritten);
        saved.set("erase-word", plan.word);
        saved.set("erase-worked", self.worked(now));
        saved.set("erase-done", self.done);
        let work = match &plan.work {
            Work::Block { pattern, unmap } => format!("block {pattern} {unmap}"),
            Work::Overwrite { pattern, passes, invert, ends_as_given, unmap } => {
                format!("overwrite {} {passes} {invert} {ends_as_given} {unmap}", bytes::hex(pattern))
            }
            Work::Crypto { unmap } => format!("crypto {unmap}"),
        };
        saved.set("erase-work", work);
    }

    /// Takes it back; it stands still until the power comes on.
    ///
    /// # Errors
    /// What is missing or can't be read.
    pub fn load(saved: &Saved) -> Result<Self, String> {
        let wrong = |name: &str| format!("saved {name} can't be read");
        let ranges = |name: &str| -> Result<Vec<Range<u64>>, String> {
            let text = saved.word(name)?;
            if text == "-" {
                return Ok(Vec::new());
            }
            text.split(',')
                .map(|part| {
                    let (start, end) = part.split_once('-')?;
                    Some(start.parse().ok()?..end.parse().ok()?)
                })
                .collect::<Option<_>>()
                .ok_or_else(|| wrong(name))
        };
        let words: Vec<&str> = saved.word("erase-work")?.split(' ').collect();
        let flag = |text: &str| text == "true";
        let work = match words.as_slice() {
            ["block", pattern, unmap] => {
                Work::Block { pattern: pattern.parse().map_err(|_| wrong("erase-work"))?, unmap: flag(unmap) }
            }
            ["overwrite", pattern, passes, invert, ends, unmap] => Work::Overwrite {
                pattern: bytes::unhex(pattern).ok_or_else(|| wrong("erase-work"))?,
                passes: passes.parse().map_err(|_| wrong("erase-work"))?,
                invert: flag(invert),
                ends_as_given: flag(ends),
                unmap: flag(unmap),
            },
            ["crypto", unmap] => Work::Crypto { unmap: flag(unmap) },
            _ => return Err(wrong("erase-work")),
        };
        let origin = match saved.get::<u8>("erase-origin")? {
            0 => Origin::Sanitize,
            1 => Origin::Security,
            2 => Origin::Format,
            _ => return Err(wrong("erase-origin")),
        };
        let plan = Plan {
            origin,
            work,
            reach: ranges("erase-reach")?,
            skip: ranges("erase-skip")?,
            milliseconds: saved.get("erase-milliseconds")?,
            unrestricted: saved.get("erase-unrestricted")?,
            unwritten: saved.get("erase-unwritten")?,
            word: saved.get("erase-word")?,
        };
        Ok(Running { plan, before: saved.get("erase-worked")?, since: None, done: saved.get("erase-done")? })
    }
}

/// `piece` without `hole`.
fn without(piece: Range<u64>, hole: &Range<u64>) -> Vec<Range<u64>> {
    [piece.start..piece.end.min(hole.start), piece.start.max(hole.end)..piece.end]
        .into_iter()
        .filter(|rest| rest.start < rest.end)
        .collect()
}
