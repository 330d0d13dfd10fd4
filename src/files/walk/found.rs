//! One entry of the tree, and who is told of it.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use super::directory::Directory;
use crate::problem::Problem;
use crate::sys::tree::Stat;

/// One entry of the tree, as it was found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The directory that holds it, held open.
    pub directory: &'a Arc<Directory>,
    /// Its name there.
    pub name: &'a OsStr,
    /// Its path from the named target's own name on; any bytes.
    pub path: &'a Path,
    /// What it was.
    pub stat: Stat,
}

/// Who is told of each entry. A problem that is answered ends the walk.
pub trait Visit {
    /// A regular file.
    fn file(&mut self, found: &Found<'_>) -> Result<(), Problem>;
    /// A symlink; it is never followed.
    fn link(&mut self, found: &Found<'_>) -> Result<(), Problem>;
    /// A FIFO, socket or device node.
    fn special(&mut self, found: &Found<'_>) -> Result<(), Problem>;
    /// Something is mounted there, or a btrfs subvolume begins: it is never entered.
    fn boundary(&mut self, found: &Found<'_>) -> Result<(), Problem>;
    /// All entries of this directory have been visited.
    fn leave(&mut self, found: &Found<'_>) -> Result<(), Problem>;
    /// A directory, before it is opened; `false` leaves it out, and [`Visit::leave`] is not called for it.
    fn enter(&mut self, _found: &Found<'_>) -> Result<bool, Problem> {
        Ok(true)
    }
    /// A directory that may not be read, and why; [`Visit::leave`] is not called for it.
    fn unreadable(&mut self, _found: &Found<'_>, problem: Problem) -> Result<(), Problem> {
        Err(problem)
    }
    /// A name that was listed, and was gone before it was looked at: somebody else removes or renames in this tree.
    fn vanished(&mut self, path: &Path) -> Result<(), Problem> {
        Err(Problem::error(
            format!("{} vanished while its directory was being read", path.display()),
            "See that nothing else works in this tree, and start again.",
        ))
    }
}
