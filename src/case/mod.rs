//! The contract case: its file, its evidence, its certificate.
#![forbid(unsafe_code)]

mod faults;
mod file;
pub mod numbers;

pub use file::{CaseFile, Step};
