//! What every job of one run shares: where state and records go, whose key signs, where the kernel's trees are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use crate::certificate::Press;
use crate::device::Roots;
use crate::document::ToolEntry;

/// The station.
pub struct Station {
    /// State directory: journals and keys.
    pub state: PathBuf,
    /// Where records go.
    pub out: PathBuf,
    /// The kernel's trees.
    pub roots: Roots,
    /// What records are issued with.
    pub press: Arc<Press>,
}

impl Station {
    /// The program, with the digest of the binary that runs.
    pub(super) fn tool(&self) -> ToolEntry {
        static DIGEST: OnceLock<String> = OnceLock::new();
        let digest = DIGEST.get_or_init(|| digest_of(&self.roots.proc.join("self/exe")));
        ToolEntry { name: "radera".into(), version: env!("CARGO_PKG_VERSION").into(), digest: digest.clone() }
    }
}

/// The kernel's boot id; empty where it can't be read, which equals no other boot's.
pub(super) fn boot_id(roots: &Roots) -> String {
    let path = roots.proc.join("sys/kernel/random/boot_id");
    std::fs::read_to_string(path).map(|id| id.trim().to_string()).unwrap_or_default()
}

fn digest_of(path: &Path) -> String {
    std::fs::read(path).map_or_else(|_| "unknown".into(), |bytes| sha256(&bytes))
}

/// `sha256:` and the digest in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", super::draw::hex(&Sha256::digest(bytes)))
}
