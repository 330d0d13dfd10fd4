//! Whole jobs on simulated media: what the record says against what the medium holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod checkpoints;
mod errors;
mod flash;
mod plans;
mod power;
mod purge;
mod rig;
mod sessions;
mod swap_area;
mod swapped;
