//! Recognisable files, and how often what they hold is found in a raw image.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Lines in the planted table; each holds the marker.
const ROWS: usize = 20_000;

/// What is planted: every line of it holds a marker that is new in each run.
pub struct Planted {
    marker: String,
}

impl Planted {
    /// With `run`, 32 hexadecimal digits that were never used before.
    pub fn new(run: &str) -> Self {
        Planted { marker: format!("radera-demo-{run}") }
    }

    /// A short letter.
    pub fn letter(&self) -> String {
        format!(
            "Dear reader,\nthis letter is planted by the demo ({}).\nIt must be gone when the disk is wiped.\n",
            self.marker
        )
    }

    /// A table of made-up customers.
    pub fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        for row in 0..ROWS {
            writeln!(out, "{row:05};Customer {row};{};secret {row}", self.marker)?;
        }
        Ok(())
    }

    /// Writes both as files into `directory`.
    pub fn write_files(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir(directory)?;
        fs::write(directory.join("letter.txt"), self.letter())?;
        let mut table = io::BufWriter::new(File::create(directory.join("customers.csv"))?);
        self.write_table(&mut table)?;
        table.flush()
    }

    /// How often the marker stands in the file at `path`, byte by byte, whatever lies around it.
    pub fn count_in(&self, path: &Path) -> io::Result<u64> {
        count(&mut File::open(path)?, self.marker.as_bytes())
    }
}

fn count(input: &mut dyn Read, marker: &[u8]) -> io::Result<u64> {
    let overlap = marker.len().saturating_sub(1);
    let mut buffer = vec![0; (1 << 20) + overlap];
    let (mut found, mut kept) = (0, 0);
    loop {
        let read = input.read(&mut buffer[kept..])?;
        if read == 0 {
            return Ok(found);
        }
        let held = kept + read;
        found += buffer[..held].windows(marker.len()).filter(|window| *window == marker).count() as u64;
        // A marker that lies across two reads is counted with the second.
        kept = overlap.min(held);
        buffer.copy_within(held - kept..held, 0);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Reads a few bytes at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    #[test]
    fn markers_are_counted_across_reads_and_never_twice() {
        let text = b"..MARK..MARKMARK.MAR.MARK";
        for step in 1..30 {
            assert_eq!(count(&mut Trickle(text, step), b"MARK").unwrap(), 4, "{step}");
        }
        assert_eq!(count(&mut io::empty(), b"MARK").unwrap(), 0);
    }

    #[test]
    fn every_row_is_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let planted = Planted::new("0123");
        planted.write_files(&directory.path().join("tree")).unwrap();
        assert_eq!(planted.count_in(&directory.path().join("tree/customers.csv")).unwrap(), ROWS as u64);
        assert_eq!(planted.count_in(&directory.path().join("tree/letter.txt")).unwrap(), 1);
    }
}
