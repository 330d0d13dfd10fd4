//! Devices in memory: faults, a volatile cache, a crash (tests).
//!
//! A [`Device`] is a handle; clones share one device. [`Device::queue`] gives a [`Queue`](super::Queue) over it, as often as
//! wanted. It begins full of [`OLD`], so that a byte which nobody overwrote is seen.
//!
//! - **Cache.** [`Cache::WriteThrough`]: what was completed stays. [`Cache::Volatile`]: what was completed and not flushed may
//!   be lost at a crash. [`Cache::Unreported`]: flush succeeds and does nothing, and the last bytes written may be lost.
//! - **Crash.** [`Device::crash`], or by itself after a number of operations. Of every unsafe logical block a seeded coin
//!   decides whether it survived, so writes are lost, torn and reordered. Queues that are open then answer ENODEV for ever;
//!   after [`Device::power_on`] new ones work.
//! - **Faults.** Errors by range, for ever or a number of times; a device that vanishes, shrinks, turns read-only; failed
//!   flushes; short completions; corruption, and writes that are dropped, in silence.
//! - **Order.** Operations end in a seeded, shuffled order; a write takes effect somewhere between submit and completion.

mod blocks;
mod device;
mod queue;
mod state;

pub use blocks::{Blocks, queue_over};
pub use device::{Cache, Device, Fault, OLD};
