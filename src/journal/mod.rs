//! One journal a job: crash-safe, private, holds keys and plans.
#![forbid(unsafe_code)]
