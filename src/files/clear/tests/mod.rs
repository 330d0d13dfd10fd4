//! Clearing files whose block device is made of the files themselves, so that every fault can be had; and, as root, files of real
//! filesystems.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fake;
mod loops;
mod rules;
mod trim;
