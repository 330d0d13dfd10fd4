//! What the kernel allows this process.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors that are worth asking for.
const DESCRIPTORS: u64 = 65_536;

/// Takes as many descriptors as the hard limit allows (RLIMIT_NOFILE), up to 65,536: trees are walked by descriptors. Where it can't, the limit
/// stays as it was.
pub fn raise_descriptors() {
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let wanted = hard.min(DESCRIPTORS);
        if soft < wanted {
            let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted, hard);
        }
    }
}
