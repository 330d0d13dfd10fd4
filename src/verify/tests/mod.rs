//! Tests of the readback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod readback;
