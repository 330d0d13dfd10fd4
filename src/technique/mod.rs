//! What is done to a medium, and the ladder that selects it.
#![forbid(unsafe_code)]
