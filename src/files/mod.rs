//! Single files and trees: what the filesystem below them is, where their blocks lie, how they are overwritten in place, read back
//! from the block device underneath, and removed.
#![forbid(unsafe_code)]

pub mod clear;
pub mod ground;
pub mod manifest;
pub mod walk;

mod extent;
mod obstacle;

pub use extent::{Extent, Mapping};
pub use obstacle::Obstacle;
