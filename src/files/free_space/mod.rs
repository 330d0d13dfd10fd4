//! Filling what a filesystem has free, so that what earlier files left in it is overwritten.
//!
//! What is out of reach: blocks that the filesystem keeps back even from root (a fiftieth
//! of ext4, 4096 blocks at most, and 8192 blocks of xfs), live metadata and the log, the slack
//! of directories that stay, blocks that other processes take or free meanwhile, what a drive remapped, and whatever snapshots and other
//! files hold. [`slack`] goes
//! before [`fill`]: once btrfs has given all room to data, it has none for names. [`Filled::left_bytes`] says how much the filesystem itself still counts as free.

mod fill;
mod plain;
mod slack;

#[cfg(test)]
mod tests;

pub use fill::{End, FillFile, Filled, Request, fill};
pub use slack::{NAME_PREFIX, Slack, slack};
