//! Engines: queues of block operations over one descriptor, and the one streaming loop that all of them serve.
#![forbid(unsafe_code)]

mod control;
mod in_order;
mod pace;
mod probe;
#[cfg(test)]
pub mod simulated;
mod source;
mod stream;
#[cfg(test)]
mod tests;
mod uring;
mod window;

pub use control::{Control, Halt, Summary};
pub use in_order::{Blocks, InOrder};
pub use probe::{Engine, Shape, open_queue};
pub use stream::{read, write, write_steady};
pub use window::WINDOW_BLOCKS;

/// What a queue does with a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Buffer to medium.
    Write,
    /// Medium to buffer.
    Read,
}

/// A buffer of the queue that is not in flight. It is handed out by [`Queue::lease`], consumed by [`Queue::submit`] and
/// handed back in a [`Completion`]; it can't be copied, so a buffer in flight can't be touched.
#[derive(Debug, PartialEq, Eq)]
pub struct Slot(pub(in crate::io) usize);

/// An operation that the kernel has answered.
#[derive(Debug)]
pub struct Completion {
    /// The buffer, free again; after a read it holds the data.
    pub slot: Slot,
    /// What it was.
    pub op: Op,
    /// Offset of its first byte.
    pub offset: u64,
    /// Bytes asked for.
    pub asked: usize,
    /// Bytes moved (may be short), or the error.
    pub result: std::io::Result<usize>,
}

/// A queue of block operations on one device or file: io_uring, synchronous O_DIRECT, or a simulation.
///
/// Offsets and lengths are multiples of the logical block size, within the device. Nothing passes through the page cache.
/// Implementations must not panic for any offset or length; they answer with an error.
pub trait Queue: Send {
    /// Which engine this is, for the record.
    fn engine(&self) -> Engine;
    /// Bytes in each buffer: the largest operation.
    fn block_bytes(&self) -> usize;
    /// A free buffer, or `None` if all are in flight or leased.
    fn lease(&mut self) -> Option<Slot>;
    /// The bytes of a free buffer.
    fn buffer(&mut self, slot: &Slot) -> &mut [u8];
    /// Hands back a leased buffer unused.
    fn give_back(&mut self, slot: Slot);
    /// Begins an operation on the first `bytes` bytes of the buffer. Its outcome arrives through [`Queue::complete`], a
    /// refusal to accept it as well.
    fn submit(&mut self, slot: Slot, op: Op, offset: u64, bytes: usize);
    /// Waits for one operation to end; `None` if none is in flight.
    fn complete(&mut self) -> Option<Completion>;
    /// Makes everything completed so far durable (fdatasync; on a block device a cache flush, where the kernel knows of a
    /// cache). Does not wait for operations in flight.
    fn flush(&mut self) -> std::io::Result<()>;
}
