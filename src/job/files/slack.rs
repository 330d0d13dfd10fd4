//! The ends of live files: what lies between the end of a file and the end of its last block, on request.
//!
//! Linux writes zeros there, so as a rule there is nothing to do but to look. Where something else is found, the filesystem is asked to zero it
//! (FALLOC_FL_ZERO_RANGE with KEEP_SIZE) while a lease keeps everybody else away: the file's size never changes, so that a crash at any moment
//! leaves it whole.

use std::fs::FileTimes;
use std::path::Path;

use super::work::Work;
use crate::files::ground::Ground;
use crate::files::walk::{self, Found, OpenHow, Root, Visit};
use crate::io::{self, Control, Queue};
use crate::media::ByteRange;
use crate::problem::Problem;
use crate::sys::filling;

/// What was found at the ends of files.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// Files that were looked at.
    pub looked: u64,
    /// Bytes that were not zero and are now.
    pub written: u64,
    /// Files of which the end could not be looked at or zeroed.
    pub left: u64,
    /// Bytes of blocks that were set aside past the end of a file, and stay as they are.
    pub past: u64,
}

struct Tour<'a> {
    ground: &'a Ground,
    how: OpenHow,
    queue: Box<dyn Queue>,
    control: &'a mut dyn Control,
    ends: Ends,
}

impl Work<'_> {
    /// Looks at the end of every file below `path`, and zeroes what is not zero.
    pub(super) fn ends_of_files(&mut self, path: &Path) -> Result<Ends, Problem> {
        let ground = self.place.ground;
        let mut how = self.how.clone();
        (how.lift_attributes, how.hardlinks) = (false, true);
        let mut tour =
            Tour { ground, how, queue: ground.reader(None)?, control: &mut self.control, ends: Ends::default() };
        let (roots, left) = roots(path)?;
        tour.ends.left = left;
        for root in &roots {
            walk::walk(root, &mut tour)?;
        }
        Ok(tour.ends)
    }
}

/// The directory itself; of a mount point what lies in it, and how many of that could not be taken hold of.
fn roots(path: &Path) -> Result<(Vec<Root>, u64), Problem> {
    if let Ok(root) = Root::open(path) {
        return Ok((vec![root], 0));
    }
    let entries = std::fs::read_dir(path).map_err(|e| {
        Problem::failed(format!("{} can't be read: {e}", path.display()), "Check the filesystem and your permissions.")
    })?;
    let (mut roots, mut left) = (Vec::new(), 0);
    for entry in entries {
        let root = entry.as_ref().ok().and_then(|entry| Root::open(&entry.path()).ok());
        // Links, FIFOs, sockets and device nodes have no end.
        let may_have_an_end =
            || entry.as_ref().ok().and_then(|e| e.file_type().ok()).is_none_or(|t| t.is_file() || t.is_dir());
        match root {
            Some(root) => roots.push(root),
            None => left += u64::from(may_have_an_end()),
        }
    }
    Ok((roots, left))
}

impl Tour<'_> {
    fn end_of(&mut self, found: &Found<'_>) -> Result<(), String> {
        let opened = walk::open(found, &self.how).map_err(|obstacle| format!("{obstacle:?}"))?;
        let file = &opened.file;
        if let Some(obstacle) = self.ground.obstacles_of(file).first() {
            return Err(format!("{obstacle:?}"));
        }
        let told = |e: std::io::Error| e.to_string();
        let before = file.metadata().map_err(told)?;
        file.sync_data().map_err(told)?;
        let mapping = self.ground.map(file).map_err(|obstacle| format!("{obstacle:?}"))?;
        let (size, block) = (before.len(), u64::from(self.ground.block_bytes));
        let past = mapping
            .extents
            .iter()
            .map(|e| (e.logical + e.bytes).saturating_sub(size.next_multiple_of(block).max(e.logical)));
        self.ends.past += past.sum::<u64>();
        let last = size - size % block;
        let holds = |e: &&crate::files::Extent| (e.logical..e.logical + e.bytes).contains(&last) && !e.unwritten;
        let Some(extent) = mapping.extents.iter().find(holds).filter(|_| last < size) else { return Ok(()) };
        let place = ByteRange::new(extent.physical + (last - extent.logical), block);
        if self.is_zero(place, size - last)? {
            return Ok(());
        }
        filling::zero(file, size, last + block - size).map_err(told)?;
        file.sync_data().map_err(told)?;
        let times = FileTimes::new();
        let times = before.modified().map_or(times, |time| times.set_modified(time));
        let times = before.accessed().map_or(times, |time| times.set_accessed(time));
        file.set_times(times).map_err(told)?;
        if !self.is_zero(place, size - last)? {
            return Err("the filesystem did not zero it".into());
        }
        self.ends.written += last + block - size;
        Ok(())
    }

    /// Whether the block holds nothing but zeros from byte `from` on, read from the device.
    fn is_zero(&mut self, place: ByteRange, from: u64) -> Result<bool, String> {
        let mut zero = true;
        let mut seen = 0;
        let mut look = |offset: u64, data: &[u8]| {
            let skip = usize::try_from((place.first_byte + from).saturating_sub(offset)).unwrap_or(usize::MAX);
            zero &= data.iter().skip(skip).all(|byte| *byte == 0);
            seen += data.len() as u64;
            true
        };
        let logical = self.ground.medium.as_ref().map_or(self.ground.block_bytes, |m| m.identity.logical_block_bytes);
        let (_, result) = io::read(self.queue.as_mut(), &mut std::iter::once(place), logical, &mut look, self.control);
        match result {
            Ok(()) if seen == place.bytes => Ok(zero),
            _ => Err("its last block can't be read from the device".into()),
        }
    }
}

impl Visit for Tour<'_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        if self.control.stop() {
            return Err(Problem::failed("stopped", "Run `radera resume`."));
        }
        self.ends.looked += 1;
        self.ends.left += u64::from(self.end_of(found).is_err());
        Ok(())
    }

    fn link(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        Ok(())
    }

    fn special(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        Ok(())
    }

    fn boundary(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        Ok(())
    }

    fn leave(&mut self, _found: &Found<'_>) -> Result<(), Problem> {
        Ok(())
    }

    fn vanished(&mut self, _path: &Path) -> Result<(), Problem> {
        // Files come and go where people work.
        Ok(())
    }

    fn unreadable(&mut self, _found: &Found<'_>, _problem: Problem) -> Result<(), Problem> {
        self.ends.left += 1;
        Ok(())
    }
}
