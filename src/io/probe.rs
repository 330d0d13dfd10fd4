//! Chooses the engine: io_uring where the kernel has it and lets us, else synchronous O_DIRECT. Never the page cache.

use std::fs::File;

use super::Queue;

/// Which engine moves the blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// io_uring, registered buffers and file.
    Uring,
    /// pread and pwrite, O_DIRECT.
    Sync,
    /// A simulation in memory (tests).
    Simulated,
}

impl Engine {
    /// The name in records.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Uring => "io_uring",
            Engine::Sync => "sync",
            Engine::Simulated => "simulated",
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

/// A queue over `file`, which must have been opened with O_DIRECT. `prefer` forces an engine (tests, benches).
pub fn open_queue(_file: File, _shape: Shape, _prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
    todo!()
}
