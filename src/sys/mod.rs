//! The kernel: ioctls, io_uring, aligned buffers, signals. The only module with `unsafe`; each block says why it is sound.

pub mod buffer;
pub mod direct;
pub mod errno;
pub mod uring;
pub mod reserve;
