//! What the engine needs of the filesystem and of the block device below it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::files::{Mapping, Obstacle};
use crate::io::{Queue, Shape, open_queue};
use crate::sys::{direct, settle};

/// The filesystem of a batch, and its block device. The methods that write have a body: tests alone replace them.
pub trait Below: Sync {
    /// Where the blocks of `file` lie, dirty pages written first; or why that is not to be had.
    fn map(&self, file: &File) -> Result<Mapping, Obstacle>;

    /// A queue that reads the block device past the page cache. Errors: it can't be opened; then nothing is verified.
    fn reader(&self) -> io::Result<Box<dyn Queue>>;

    /// The block device: logical block, largest and optimal request.
    fn shape(&self) -> Shape;

    /// Bytes of a block of the filesystem.
    fn block_bytes(&self) -> u32;

    /// Writes at an offset of the file (pwrite(2)).
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
        file.write_at(bytes, offset)
    }

    /// A queue over a file that was opened with O_DIRECT, for what is too large to be written block by block.
    fn writer(&self, file: &File, shape: Shape) -> io::Result<Box<dyn Queue>> {
        open_queue(file.try_clone()?, shape, None)
    }

    /// Makes one file's content durable, and empties the device's cache (fdatasync(2)).
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    /// Makes everything on the filesystem of `file` durable (syncfs(2)).
    fn sync_all(&self, file: &File) -> io::Result<()> {
        settle::filesystem(file)
    }

    /// Past the page cache or through it (fcntl(2)).
    fn set_direct(&self, file: &File, direct: bool) -> io::Result<()> {
        direct::set(file, direct)
    }
}
