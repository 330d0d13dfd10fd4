//! What every job of one run shares: where state and records go, whose key signs, where the kernel's trees are.

use std::path::PathBuf;

use crate::certificate::Signer;
use crate::device::Roots;

/// The station.
pub struct Station {
    /// State directory: journals and keys.
    pub state: PathBuf,
    /// Where records go.
    pub out: PathBuf,
    /// The kernel's trees.
    pub roots: Roots,
    /// Signs the records.
    pub signer: Box<dyn Signer>,
}
