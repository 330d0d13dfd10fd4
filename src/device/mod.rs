//! Devices: inventory, why they are in use, and the clearance without which nothing is written.
#![forbid(unsafe_code)]

mod active;
mod bus;
mod clearance;
mod examine;
mod held;
mod identity;
mod inventory;
mod layers;
mod levels;
mod loops;
mod mountinfo;
mod plain;
mod probe;
mod procfs;
mod siblings;
mod signature;
mod sysfs;
mod transport;
mod tree;
mod usage;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod testtree;

pub use clearance::{Clearance, Held};
pub use examine::examine;
pub use held::{open_exclusive, open_read_only};
pub use inventory::{Inventory, Roots};
pub use levels::{BackingFile, Level};
pub use mountinfo::{Mount, Swap, parse_mountinfo, parse_swaps};
pub use plain::open_plain_file;
pub use signature::detect as detect_signatures;
pub use transport::{NvmeAnswer, Reply, ScsiAnswer, Transport};
