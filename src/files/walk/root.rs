//! The target as it was named: its directory held, its last name never followed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::directory::Directory;
use super::found::Found;
use crate::problem::Problem;
use crate::sys::open::{Cause, cause};
use crate::sys::tree::{self, EntryKind, Stat};

/// A named target: a regular file or a directory, with the directory that holds it.
#[derive(Debug)]
pub struct Root {
    parent: Arc<Directory>,
    name: OsString,
    path: PathBuf,
    handle: File,
    stat: Stat,
}

impl Root {
    /// Takes hold of `path`. Symlinks in the path of its parent are followed, once; the last name is not.
    ///
    /// # Errors
    /// Refused: a symlink, a FIFO, socket or device node, `/`, a path that ends in `.` or `..`, and what something is mounted on (the
    /// mount would stay, and all of a filesystem is cleared by naming its device). An error: what does not exist or can't be reached.
    pub fn open(path: &Path) -> Result<Root, Problem> {
        let bytes = path.as_os_str().as_bytes();
        let end = bytes.iter().rposition(|b| *b != b'/').map_or(0, |at| at + 1);
        let slashed = end < bytes.len();
        let trimmed = bytes.get(..end).unwrap_or_default();
        let (parent, name) = match trimmed.iter().rposition(|b| *b == b'/') {
            Some(at) => (trimmed.get(..=at).unwrap_or_default(), trimmed.get(at + 1..).unwrap_or_default()),
            None => (&b"."[..], trimmed),
        };
        let shown = path.display();
        match name {
            b"" if slashed => {
                return Err(Problem::refused(
                    "/ is the root of everything",
                    "Name the files or directories that are meant, or the device that is.",
                ));
            }
            b"" => return Err(Problem::error("the path is empty", "Name a file or directory.")),
            b"." | b".." => {
                return Err(Problem::refused(
                    format!("{shown} does not end in a name"),
                    "Name the directory by its own name, so that it is clear which one is removed.",
                ));
            }
            _ => {}
        }
        let (parent, name) = (Path::new(OsStr::from_bytes(parent)), OsStr::from_bytes(name));
        let parent = tree::open_start(parent).and_then(Directory::new).map_err(|e| unreachable(path, &e))?;
        let handle = tree::open_handle(parent.held(), name).map_err(|e| unreachable(path, &e))?;
        let stat = tree::stat_of(&handle).map_err(|e| unreachable(path, &e))?;
        check(path, slashed, &stat, parent.stat())?;
        Ok(Root { parent: Arc::new(parent), name: name.to_os_string(), path: path.to_path_buf(), handle, stat })
    }

    /// The hold on the target itself (O_PATH).
    pub fn held(&self) -> &File {
        &self.handle
    }

    /// The directory that holds it.
    pub fn parent(&self) -> &Arc<Directory> {
        &self.parent
    }

    /// Its last name.
    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// The path as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it was when it was opened.
    pub fn stat(&self) -> &Stat {
        &self.stat
    }

    /// Device number of its filesystem, as in `st_dev` (btrfs: of its subvolume).
    pub fn device(&self) -> u64 {
        self.stat.device
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.stat.kind == EntryKind::Directory
    }

    /// The target as an entry of its parent.
    pub fn found(&self) -> Found<'_> {
        Found { directory: &self.parent, name: &self.name, path: Path::new(&self.name), stat: self.stat }
    }
}

fn check(path: &Path, slashed: bool, stat: &Stat, parent: &Stat) -> Result<(), Problem> {
    let shown = path.display();
    let mounted = stat.mount_root == Some(true)
        || stat.mount.is_some_and(|mount| parent.mount.is_some_and(|above| above != mount));
    match stat.kind {
        EntryKind::Link => Err(Problem::refused(
            format!("{shown} is a symbolic link"),
            "Name what it leads to (readlink -f shows it); the link itself holds nothing but that path, and rm removes it.",
        )),
        EntryKind::Regular if slashed => Err(Problem::error(
            format!("{shown} ends in a slash and is no directory"),
            "Leave the slash out if this file is meant.",
        )),
        EntryKind::Regular | EntryKind::Directory if mounted => Err(Problem::refused(
            format!("something is mounted on {shown}"),
            "Name what lies in it; or unmount it, and wipe its device or what lies below.",
        )),
        EntryKind::Regular | EntryKind::Directory => Ok(()),
        other => Err(Problem::refused(
            format!("{shown} is a {}", other.name()),
            "Only regular files and directories have content that can be cleared here.",
        )),
    }
}

fn unreachable(path: &Path, error: &io::Error) -> Problem {
    let todo = match cause(error) {
        Cause::Missing => "Check the spelling.",
        Cause::Denied => "Use sudo, or a user who may search and write in every directory on the way.",
        Cause::Symlink => "A symlink on the way leads in circles: repair it, or name the file by another path.",
        _ => "Look at the filesystem and try again.",
    };
    Problem::error(format!("{} can't be reached: {error}", path.display()), todo)
}
