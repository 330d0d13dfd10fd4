//! Where the raw blocks lie: in memory for a test, in a file for a guest program, whose host then searches it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Bytes at offsets.
pub trait Store: Send {
    /// Fills `into` from `at`.
    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()>;
    /// Writes `from` at `at`.
    fn write(&mut self, at: u64, from: &[u8]) -> io::Result<()>;
    /// Brings what was written to the medium below.
    fn sync(&mut self) -> io::Result<()>;
    /// Its size in bytes.
    fn size(&self) -> io::Result<u64>;
}

/// A store in memory.
#[derive(Debug, Default)]
pub struct Memory(Vec<u8>);

impl Memory {
    /// `size` bytes of zeros.
    pub fn new(size: u64) -> Self {
        Memory(vec![0; size as usize])
    }
}

impl From<Vec<u8>> for Memory {
    fn from(raw: Vec<u8>) -> Self {
        Memory(raw)
    }
}

fn past_the_end() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "past the end of the medium")
}

impl Store for Memory {
    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let at = at as usize;
        into.copy_from_slice(self.0.get(at..at + into.len()).ok_or_else(past_the_end)?);
        Ok(())
    }

    fn write(&mut self, at: u64, from: &[u8]) -> io::Result<()> {
        let at = at as usize;
        self.0.get_mut(at..at + from.len()).ok_or_else(past_the_end)?.copy_from_slice(from);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }
}

impl Store for File {
    fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(into, at)
    }

    fn write(&mut self, at: u64, from: &[u8]) -> io::Result<()> {
        self.write_all_at(from, at)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}
