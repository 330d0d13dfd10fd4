//! Plain drives over a file or device: they read, write and tell who they are, and know no sanitize command. They stand in until
//! the drive model of `tests/drives` is put behind [`crate::unit`]; this module goes then.

mod nvme;
mod scsi;

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;

pub use nvme::PlainController;
pub use scsi::PlainUnit;

const BLOCK: u64 = 512;
/// A command that is never answered: vendor specific in both command sets.
const SILENT: u8 = 0xFF;

/// Where the blocks lie.
pub struct Backing {
    file: File,
    bytes: u64,
}

impl Backing {
    /// A file or block device, as it is.
    pub fn open(path: &Path) -> io::Result<Backing> {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let bytes = file.seek(SeekFrom::End(0))? / BLOCK * BLOCK;
        Ok(Backing { file, bytes })
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn blocks(&self) -> u64 {
        self.bytes / BLOCK
    }

    fn has(&self, block: u64, count: u64) -> bool {
        block.checked_add(count).is_some_and(|end| end <= self.blocks())
    }

    fn read(&self, block: u64, count: u64) -> io::Result<Vec<u8>> {
        let mut data = vec![0; usize::try_from(count * BLOCK).unwrap_or(0)];
        self.file.read_exact_at(&mut data, block * BLOCK)?;
        Ok(data)
    }

    fn write(&self, block: u64, data: &[u8]) -> io::Result<()> {
        self.file.write_all_at(data, block * BLOCK)
    }

    fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// Text, filled up with spaces.
fn padded(text: &str, bytes: usize) -> Vec<u8> {
    let mut field = text.as_bytes().to_vec();
    field.resize(bytes, b' ');
    field
}
