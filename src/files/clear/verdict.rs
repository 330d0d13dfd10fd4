//! How far the clearing of a file is proved.

/// From the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileVerdict {
    /// Every block that it had was overwritten in place, it had the same blocks afterwards, and they were read back as written.
    /// A file without blocks as well.
    ClearedVerified,
    /// Overwritten, and not read back.
    OverwrittenUnverified,
    /// Removed and trimmed, not overwritten.
    TrimmedNotOverwritten,
    /// Its content is there, or may be.
    NotCleared,
}
