//! The techniques against the drive models: every command goes to a whole drive in process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod before;
mod bench;
mod chain;
mod formats;
mod moments;
