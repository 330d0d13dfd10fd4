//! What was named, and how it is to be taken.

use std::path::PathBuf;

/// What of a filesystem is to be cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Files and trees, by path.
    Paths(Vec<PathBuf>),
    /// The free space of the filesystem that holds this directory.
    FreeSpace(PathBuf),
}

/// How files are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Files are overwritten and kept, with their size.
    pub keep: bool,
    /// Files with several names are taken too.
    pub hardlinks: bool,
    /// What can't be proved is released and trimmed.
    pub accept_trim: bool,
    /// Names stand in the manifest.
    pub list_names: bool,
    /// chattr +i and +a are lifted.
    pub lift_attributes: bool,
    /// With free space: the ends of live files as well.
    pub slack: bool,
}
