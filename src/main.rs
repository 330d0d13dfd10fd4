//! Parse, dispatch, exit code.
#![forbid(unsafe_code)]

fn main() {}
