//! The walk, opening and removal, on trees in temporary directories.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod attacks;
mod held;
mod rig;
mod targets;
mod trees;
