//! Chooses the engine: io_uring where the kernel has it and lets us, else synchronous O_DIRECT. Never the page cache.

use std::fs::File;
use std::io;

use super::uring::UringQueue;
use super::{InOrder, Queue};
use crate::sys::direct::is_direct;
use crate::sys::errno;

/// Which engine moves the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// io_uring, registered buffers and file.
    Uring,
    /// pread and pwrite, O_DIRECT.
    Sync,
}

impl Engine {
    /// The name in records.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Uring => "io_uring",
            Engine::Sync => "sync",
        }
    }
}

/// What the device says of itself, from which block size and depth follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Logical block size in bytes.
    pub logical_block_bytes: u32,
    /// Largest request in bytes; 0 where not told.
    pub max_io_bytes: u64,
    /// Optimal request in bytes; 0 where not told.
    pub optimal_io_bytes: u64,
}

/// Block × depth: what stays in the processor's cache.
const MOST_BYTES: u64 = 2 << 20;
const USUAL_BLOCK: u64 = 256 << 10;
const SMALLEST_BLOCK: u64 = 64 << 10;
const DEEPEST: u64 = 16;
/// The synchronous engine has one operation in flight; a large one costs the fewest waits.
const SYNC_BLOCK: u64 = 1 << 20;

impl Shape {
    /// Block size and depth of the ring: 256 KiB × 8, smaller and deeper where the device takes less at once, larger where its
    /// optimal request (a RAID stripe) asks for it; never more than 2 MiB in all. A block is a multiple of 4 KiB and of the
    /// logical block. Error: a logical block that O_DIRECT can't serve (not a power of two from 512 bytes to 64 KiB: 520, 528 …).
    fn ring(self) -> io::Result<(usize, usize)> {
        self.check()?;
        let mut block = USUAL_BLOCK;
        if (SMALLEST_BLOCK..=MOST_BYTES / 2).contains(&self.optimal_io_bytes)
            && self.optimal_io_bytes.is_multiple_of(4096)
        {
            // The multiple of the stripe next to the usual block, from above.
            block = USUAL_BLOCK.next_multiple_of(self.optimal_io_bytes).min(MOST_BYTES / 2);
        }
        if self.max_io_bytes > 0 {
            block = block.min(self.max_io_bytes.max(SMALLEST_BLOCK));
        }
        let unit = u64::from(self.logical_block_bytes).max(4096);
        block = block / unit * unit;
        Ok((to_usize(block)?, to_usize((MOST_BYTES / block).min(DEEPEST))?))
    }

    /// Block size and depth of the synchronous engine.
    fn sync(self) -> io::Result<(usize, usize)> {
        self.check()?;
        Ok((to_usize(SYNC_BLOCK)?, to_usize(MOST_BYTES / SYNC_BLOCK)?))
    }

    fn check(self) -> io::Result<()> {
        let block = u64::from(self.logical_block_bytes);
        if block.is_power_of_two() && (512..=SMALLEST_BLOCK).contains(&block) {
            return Ok(());
        }
        let text = format!("logical blocks of {block} bytes can't be served past the page cache (O_DIRECT)");
        Err(io::Error::new(io::ErrorKind::InvalidInput, text))
    }
}

fn to_usize(bytes: u64) -> io::Result<usize> {
    usize::try_from(bytes).map_err(io::Error::other)
}

/// A queue over `file`, which must have been opened with O_DIRECT. `prefer` forces an engine (tests, benches).
///
/// Errors: InvalidInput for a file without O_DIRECT and for a logical block that O_DIRECT can't serve; whatever setting up
/// the engine answers. Only where io_uring is not to be had (ENOSYS, EPERM, EACCES, ENOMEM, EINVAL) is the synchronous engine taken.
pub fn open_queue(file: File, shape: Shape, prefer: Option<Engine>) -> io::Result<Box<dyn Queue>> {
    if !is_direct(&file)? {
        let text = "opened without O_DIRECT: it would be read and written through the page cache";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let (block, depth) = shape.ring()?;
    match prefer {
        None => match UringQueue::new(file.try_clone()?, block, depth) {
            Ok(queue) => Ok(Box::new(queue)),
            Err(error) if errno::is_unavailable(&error) => open_queue(file, shape, Some(Engine::Sync)),
            Err(error) => Err(error),
        },
        Some(Engine::Uring) => Ok(Box::new(UringQueue::new(file, block, depth)?)),
        Some(Engine::Sync) => {
            let (block, depth) = shape.sync()?;
            Ok(Box::new(InOrder::new(file, block, depth)?))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ring(logical: u32, max: u64, optimal: u64) -> (usize, usize) {
        let shape = Shape { logical_block_bytes: logical, max_io_bytes: max, optimal_io_bytes: optimal };
        let (block, depth) = shape.ring().unwrap();
        assert!(block * depth <= 2 << 20 && block % (logical as usize) == 0 && depth >= 2 && block >= 64 << 10);
        (block >> 10, depth)
    }

    #[test]
    fn block_and_depth_follow_the_device_and_stay_in_cache() {
        assert_eq!(ring(512, 0, 0), (256, 8));
        assert_eq!(ring(4096, 1 << 30, 0), (256, 8));
        assert_eq!(ring(65536, 0, 0), (256, 8));
        assert_eq!(ring(512, 128 << 10, 0), (128, 16));
        assert_eq!(ring(512, 120 << 10, 0), (120, 16));
        assert_eq!(ring(512, 4096, 4096), (64, 16));
        assert_eq!(ring(512, 0, 512 << 10), (512, 4));
        assert_eq!(ring(512, 0, 192 << 10), (384, 5));
        assert_eq!(ring(512, 0, 64 << 20), (256, 8));
        assert_eq!(ring(512, 0, 33_553_920), (256, 8));
    }

    #[test]
    fn odd_logical_blocks_are_refused() {
        for logical_block_bytes in [0, 1, 256, 520, 524, 528, 4160, 4224, 128 << 10, u32::MAX] {
            let shape = Shape { logical_block_bytes, max_io_bytes: 0, optimal_io_bytes: 0 };
            assert!(shape.ring().is_err() && shape.sync().is_err(), "{logical_block_bytes}");
        }
    }
}
