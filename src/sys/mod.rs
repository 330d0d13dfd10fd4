//! The kernel: ioctls, io_uring, aligned buffers, signals. The only module with `unsafe`; each block says why it is sound.

pub mod attributes;
pub mod block;
pub mod btrfs;
pub mod buffer;
pub mod direct;
pub mod errno;
pub mod extents;
pub mod filesystem;
pub mod filling;
pub mod lease;
pub mod limits;
pub mod mapper;
pub mod names;
pub mod node;
pub mod nvme;
pub mod open;
pub mod reserve;
pub mod scsi;
pub mod settle;
pub mod signal;
pub mod swap;
pub mod terminal;
pub mod tree;
pub mod trim;
pub mod uring;
pub mod user;
