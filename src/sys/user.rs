//! Who runs the program.

/// Whether the effective user is root (geteuid(2)).
pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
