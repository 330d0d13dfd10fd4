//! The kernel: ioctls, io_uring, aligned buffers, signals. The only module with `unsafe`; each block says why it is sound.

pub mod block;
pub mod node;
pub mod open;
