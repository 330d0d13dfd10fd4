//! What is done to a medium, and the ladder that selects it.
#![forbid(unsafe_code)]

#[cfg(test)]
mod tests;

mod answer;
pub mod ata;
pub mod drive;
pub mod erase;
mod exchange;
pub mod format;
mod ladder;
pub mod nvme;
pub mod overwrite;
pub mod scsi;
pub mod watch;
mod watched;

pub use erase::{erase, told_pattern};
pub use ladder::{Rung, Wanted, ladder};
pub use watched::Watched;
