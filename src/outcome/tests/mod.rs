//! Tests of verdict, sampling plan and words.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod command;
mod english;
mod files;
mod readback;
mod sampling;
mod verdict;
