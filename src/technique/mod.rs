//! What is done to a medium, and the ladder that selects it.
#![forbid(unsafe_code)]

mod ladder;
pub mod overwrite;
pub mod watch;
mod watched;

pub use ladder::{Rung, ladder};
pub use watched::Watched;
