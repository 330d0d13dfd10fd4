//! Which file, and where in it, a byte of the block device belongs to.

use crate::files::Mapping;
use crate::media::{ByteRange, RangeSet};

/// Blocks that are next to each other on the device and in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// On the device.
    pub(super) range: ByteRange,
    /// Number of the file.
    pub(super) file: usize,
    /// Offset of the first byte in the file.
    pub(super) logical: u64,
}

/// The runs of some files in order of place on the device, without overlaps.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    /// The runs of these files. `Err`: the numbers of files that share a block with one before them; the others' runs stand.
    pub(super) fn of<'a>(files: impl Iterator<Item = (usize, &'a Mapping)>) -> (Self, Vec<usize>) {
        let mut all: Vec<Run> = files
            .flat_map(|(file, mapping)| {
                mapping.extents.iter().map(move |e| Run { range: e.on_device(), file, logical: e.logical })
            })
            .collect();
        all.sort_unstable_by_key(|run| (run.range.first_byte, run.file));
        let (mut end, mut owner, mut twice) = (0, usize::MAX, Vec::new());
        for run in &all {
            if run.range.first_byte < end {
                twice.push(run.file.max(owner));
            }
            if run.range.end() > end {
                (end, owner) = (run.range.end(), run.file);
            }
        }
        twice.sort_unstable();
        twice.dedup();
        let mut runs: Vec<Run> = Vec::with_capacity(all.len());
        for run in all.into_iter().filter(|run| twice.binary_search(&run.file).is_err()) {
            match runs.last_mut() {
                Some(last)
                    if last.file == run.file
                        && last.range.end() == run.range.first_byte
                        && last.logical + last.range.bytes == run.logical =>
                {
                    last.range.bytes += run.range.bytes;
                }
                _ => runs.push(run),
            }
        }
        (Runs(runs), twice)
    }

    /// The run that holds this byte.
    pub(super) fn at(&self, offset: u64) -> Option<&Run> {
        let after = self.0.partition_point(|run| run.range.first_byte <= offset);
        self.0.get(after.checked_sub(1)?).filter(|run| offset < run.range.end())
    }

    /// File and offset in it of these bytes of the device; `None` where they do not lie in one run.
    pub(super) fn locate(&self, offset: u64, bytes: usize) -> Option<(usize, u64)> {
        let run = self.at(offset)?;
        let inside = run.range.contains(ByteRange::new(offset, bytes as u64));
        inside.then(|| (run.file, run.logical + (offset - run.range.first_byte)))
    }

    /// Every run on the device, in order.
    pub(super) fn each(&self) -> impl Iterator<Item = ByteRange> {
        self.0.iter().map(|run| run.range)
    }

    /// The same bytes in as few ranges as there are.
    pub(super) fn merged(&self) -> RangeSet {
        self.each().collect()
    }

    /// The parts of `range` by file.
    pub(super) fn parts(&self, range: ByteRange) -> impl Iterator<Item = (usize, ByteRange)> {
        let first = self.0.partition_point(|run| run.range.end() <= range.first_byte);
        self.0[first..].iter().take_while(move |run| run.range.first_byte < range.end()).map(move |run| {
            let from = run.range.first_byte.max(range.first_byte);
            (run.file, ByteRange::new(from, run.range.end().min(range.end()) - from))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::files::Extent;

    fn mapping(extents: &[(u64, u64, u64)]) -> Mapping {
        let extent =
            |&(logical, physical, bytes): &(u64, u64, u64)| Extent { logical, physical, bytes, unwritten: false };
        Mapping { extents: extents.iter().map(extent).collect() }
    }

    #[test]
    fn neighbours_of_one_file_are_one_run_and_of_two_files_one_reading() {
        let (one, other) = (mapping(&[(0, 100, 10), (10, 110, 5), (20, 115, 5)]), mapping(&[(0, 120, 10)]));
        let (runs, twice) = Runs::of([(0, &one), (1, &other)].into_iter());
        assert!(twice.is_empty());
        let ranges: Vec<_> = runs.each().map(|r| (r.first_byte, r.bytes)).collect();
        assert_eq!(ranges, [(100, 15), (115, 5), (120, 10)]);
        assert_eq!(runs.merged().ranges(), [ByteRange::new(100, 30)]);
        assert_eq!(runs.locate(117, 3), Some((0, 22)));
        assert_eq!((runs.locate(117, 4), runs.locate(99, 1), runs.locate(130, 1)), (None, None, None));
        let parts: Vec<_> = runs.parts(ByteRange::new(112, 10)).collect();
        assert_eq!(parts, [(0, ByteRange::new(112, 3)), (0, ByteRange::new(115, 5)), (1, ByteRange::new(120, 2))]);
    }

    #[test]
    fn of_two_files_with_a_block_in_common_the_later_is_named() {
        let files = [mapping(&[(0, 0, 100)]), mapping(&[(0, 200, 8)]), mapping(&[(0, 50, 10)]), mapping(&[(0, 99, 2)])];
        let (runs, twice) = Runs::of(files.iter().enumerate());
        assert_eq!(twice, [2, 3]);
        assert_eq!(runs.each().count(), 2);
    }

    proptest! {
        #[test]
        fn every_byte_belongs_to_the_file_that_has_it(
            lengths in prop::collection::vec((0usize..4, 1u64..5, 0u64..3), 1..40),
        ) {
            let mut files = vec![Mapping::default(); 4];
            let mut place = 0;
            for &(file, bytes, gap) in &lengths {
                let logical = files[file].extents.last().map_or(0, |e| e.logical + e.bytes + gap);
                files[file].extents.push(Extent { logical, physical: place, bytes, unwritten: false });
                place += bytes + gap;
            }
            let (runs, twice) = Runs::of(files.iter().enumerate());
            prop_assert!(twice.is_empty());
            for (number, file) in files.iter().enumerate() {
                for e in &file.extents {
                    for byte in 0..e.bytes {
                        prop_assert_eq!(runs.locate(e.physical + byte, 1), Some((number, e.logical + byte)));
                    }
                }
            }
            let whole = ByteRange::new(0, place);
            let bytes: u64 = runs.parts(whole).map(|(_, part)| part.bytes).sum();
            prop_assert_eq!(bytes, files.iter().map(Mapping::bytes).sum::<u64>());
            prop_assert_eq!(bytes, runs.merged().bytes());
        }
    }
}
