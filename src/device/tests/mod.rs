//! The inventory against faked trees.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hostile;
mod media;
mod usage;
