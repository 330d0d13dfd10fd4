//! Devices: inventory, why they are in use, and the clearance without which nothing is written.
#![forbid(unsafe_code)]

mod clearance;
mod inventory;
mod signature;
mod usage;

pub use clearance::{Clearance, Held, open_exclusive, open_plain_file, open_read_only};
pub use inventory::{Inventory, Roots};
