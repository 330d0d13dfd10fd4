//! Media: identity and where it came from, geometry, byte ranges, method and technique names. Pure data.
#![forbid(unsafe_code)]

mod capabilities;
mod identity;
mod medium;
mod method;
mod range;
#[cfg(test)]
pub mod testing;

pub use capabilities::{
    Capabilities, CommandSet, FormatSupport, Health, HiddenArea, HiddenAreas, Namespaces, SanitizeState,
    SanitizeSupport, SecuritySupport, Support,
};
pub use identity::{Backing, Identity, Serial, SerialSource};
pub use medium::{
    Bus, Layer, Medium, Node, Partition, PartitionOf, Rotation, Sibling, SiblingKind, Signature, Use, UseKind, Zoned,
};
pub use method::{Method, TechniqueId, VerifyKind};
pub use range::{ByteRange, RangeSet};
