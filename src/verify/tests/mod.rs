//! Tests of plan, readback and words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod plan;
mod readback;
mod words;
