//! The techniques against the drive models: every command goes to a whole drive in process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bench;
mod chain;
