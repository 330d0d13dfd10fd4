//! The kernel: ioctls, io_uring, aligned buffers, signals. The only module with `unsafe`; each block says why it is sound.

pub mod filesystem;
pub mod signal;
pub mod terminal;
pub mod user;
