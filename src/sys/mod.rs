//! The kernel: ioctls, io_uring, aligned buffers, signals. The only module with `unsafe`; each block says why it is sound.

pub mod block;
pub mod buffer;
pub mod direct;
pub mod errno;
pub mod filesystem;
pub mod node;
pub mod nvme;
pub mod open;
pub mod reserve;
pub mod scsi;
pub mod settle;
pub mod signal;
pub mod terminal;
pub mod uring;
pub mod user;
