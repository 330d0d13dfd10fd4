//! What is done to a medium, and the ladder that selects it.
#![forbid(unsafe_code)]

#[cfg(test)]
mod tests;

pub mod ata;
pub mod drive;
mod exchange;
mod ladder;
pub mod nvme;
pub mod overwrite;
pub mod scsi;
pub mod watch;
mod watched;

pub use ladder::{Rung, Wanted, ladder};
pub use watched::Watched;
