//! The contract case: its file, its evidence, its certificate.
#![forbid(unsafe_code)]
