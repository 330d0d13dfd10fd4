//! `radera` erases data so that it can be proved.
//!
//! The map, floor by floor; a module imports only from lower floors, and `tests/architecture.rs` enforces it. What each
//! floor is for stands in `docs/architecture.md`.

pub mod problem;

// F0 and F1: pure, no files, ioctls or screens.
pub mod conformity;
pub mod document;
pub mod media;
pub mod outcome;
pub mod pades;
pub mod paper;
pub mod pattern;
pub mod wire;
pub mod words;

// F2: the only floor with `unsafe`, libc, nix and io_uring.
pub mod sys;

// F3: devices and the queues of block operations on them.
pub mod device;
pub mod io;

// F4: what is done to a device, and what is kept of it.
pub mod case;
pub mod certificate;
pub mod check;
pub mod files;
pub mod journal;
pub mod technique;
pub mod verify;

// F5: one job, from plan to record.
pub mod job;

// F6: the terminal.
pub mod cli;

#[cfg(test)]
#[path = "../tests/support/skip.rs"]
mod skip;

#[cfg(test)]
#[path = "../tests/support/schemas.rs"]
#[allow(clippy::unwrap_used)]
mod schemas;

#[cfg(test)]
#[path = "../tests/drives/mod.rs"]
#[allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod drives;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod modelled;
