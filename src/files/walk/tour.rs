//! Depth first over a tree, with bounded memory and few descriptors.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::hash::RandomState;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::directory::{Directory, Shared};
use super::found::{Found, Visit};
use super::root::Root;
use super::seen::{MOST, Seen};
use crate::problem::Problem;
use crate::sys::names::{self, Name};
use crate::sys::tree::{self, Barred, EntryKind, Stat, barred};

/// Directories on the way that are held open; those above are opened again, by `..`, when their turn comes.
const HELD: usize = 64;
/// Names that are read of a directory before its entries are visited, in order of their inodes.
const PIECE: usize = 4096;
/// Names waiting in all directories on the way, above which each reads as little as it can.
const WAITING: usize = 1 << 18;
/// Bytes read at once, usually and then.
const BUFFER: usize = 64 << 10;
const SMALL_BUFFER: usize = 1 << 10;
/// Readings of one directory: again from the start as long as there is something new, since a filesystem may leave entries out while
/// others are removed.
const READINGS: u32 = 64;

/// Goes over the target and, where it is a directory, everything in it, each entry once. Entries that appear meanwhile may be visited
/// or not. A directory's entries are visited before [`Visit::leave`] is called for it.
///
/// # Errors
/// What `visit` answers; and of [`Kind::Error`](crate::problem::Kind::Error), since the walk itself changes nothing: a directory that was
/// replaced, moved or can't be read any more.
pub fn walk(root: &Root, visit: &mut dyn Visit) -> Result<(), Problem> {
    let found = root.found();
    if !root.is_directory() {
        return visit.file(&found);
    }
    let mut tour = Tour {
        root,
        stack: Vec::new(),
        path: Vec::new(),
        waiting: 0,
        room: MOST,
        hash: RandomState::new(),
        buffer: vec![0; BUFFER],
    };
    tour.descend(&found, visit)?;
    while let Some(name) = tour.next()? {
        match name {
            Step::Entry(name) => tour.entry(&name, visit)?,
            Step::End => tour.ascend(visit)?,
        }
    }
    Ok(())
}

enum Step {
    Entry(OsString),
    End,
}

/// A directory on the way.
struct Level {
    name: OsString,
    stat: Stat,
    /// Held, or `None` while it is far above.
    directory: Option<Arc<Directory>>,
    shared: Arc<Shared>,
    /// Where to go on reading when it is opened again.
    position: i64,
    waiting: VecDeque<Name>,
    at_end: bool,
    seen: Seen,
    readings: u32,
    /// Entries visited in this reading.
    visited: u64,
    /// Length of the path above.
    path_bytes: usize,
}

struct Tour<'a> {
    root: &'a Root,
    stack: Vec<Level>,
    /// Path of the directory on top.
    path: Vec<u8>,
    waiting: usize,
    room: usize,
    hash: RandomState,
    buffer: Vec<u8>,
}

impl Tour<'_> {
    /// What is to be done next; `None` at the end.
    fn next(&mut self) -> Result<Option<Step>, Problem> {
        loop {
            let Some(level) = self.stack.last_mut() else { return Ok(None) };
            if let Some(name) = level.waiting.pop_front() {
                self.waiting -= 1;
                level.visited += 1;
                level.seen.note(&self.hash, &name.name, &mut self.room);
                return Ok(Some(Step::Entry(name.name)));
            }
            if !level.at_end {
                self.read_on()?;
            } else if level.shared.take_changed()
                && level.visited > 0
                && !level.seen.is_lost()
                && level.readings < READINGS
            {
                let rewound = names::seek(self.top()?.held(), 0);
                rewound.map_err(|e| self.unread(&e))?;
                if let Some(level) = self.stack.last_mut() {
                    (level.at_end, level.visited) = (false, 0);
                    level.readings += 1;
                }
            } else {
                return Ok(Some(Step::End));
            }
        }
    }

    fn top(&self) -> Result<Arc<Directory>, Problem> {
        let top = self.stack.last().and_then(|level| level.directory.clone());
        top.ok_or_else(|| Problem::error("a directory on the way is not held", "This is a defect: please report it."))
    }

    /// Reads the next names of the directory on top.
    fn read_on(&mut self) -> Result<(), Problem> {
        let directory = self.top()?;
        let small = self.waiting >= WAITING;
        let mut names = Vec::new();
        let mut at_end = false;
        while !at_end && names.len() < if small { 1 } else { PIECE } {
            let size = if small { SMALL_BUFFER } else { BUFFER };
            match directory.list(self.buffer.get_mut(..size).unwrap_or_default()) {
                Ok(Some(more)) => names.extend(more),
                Ok(None) => at_end = true,
                Err(error) => return Err(self.unread(&error)),
            }
        }
        let Some(level) = self.stack.last_mut() else { return Ok(()) };
        names.retain(|n| !level.seen.has(&self.hash, &n.name));
        names.sort_unstable_by(|a, b| (a.inode, &a.name).cmp(&(b.inode, &b.name)));
        self.waiting += names.len();
        level.waiting = names.into();
        level.at_end = at_end;
        Ok(())
    }

    fn entry(&mut self, name: &OsStr, visit: &mut dyn Visit) -> Result<(), Problem> {
        let directory = self.top()?;
        let path = self.path_of(name);
        let stat = match directory.stat_at(name) {
            Ok(stat) => stat,
            Err(error) if barred(&error) == Barred::Gone => return visit.vanished(&path),
            Err(error) => {
                return Err(Problem::error(
                    format!("{} can't be looked at: {error}", path.display()),
                    "See that this user may search its directory, and that the filesystem is well.",
                ));
            }
        };
        let found = Found { directory: &directory, name, path: &path, stat };
        if self.is_boundary(&stat, directory.stat()) {
            return visit.boundary(&found);
        }
        match stat.kind {
            EntryKind::Regular => visit.file(&found),
            EntryKind::Link => visit.link(&found),
            EntryKind::Directory => self.descend(&found, visit),
            _ => visit.special(&found),
        }
    }

    fn is_boundary(&self, stat: &Stat, directory: &Stat) -> bool {
        let other_mount = stat.mount.is_some_and(|mount| directory.mount.is_some_and(|here| here != mount));
        // An overlay shows files of several devices in one directory; directories show where a filesystem ends.
        let other_device = stat.kind == EntryKind::Directory && stat.device != self.root.device();
        other_mount || other_device || stat.mount_root == Some(true)
    }

    fn descend(&mut self, found: &Found<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
        if !visit.enter(found)? {
            return Ok(());
        }
        let file = match tree::open_directory(found.directory.held(), found.name) {
            Ok(file) => file,
            Err(error) => {
                let shown = found.path.display();
                return match barred(&error) {
                    Barred::Gone => visit.vanished(found.path),
                    Barred::Mounted => visit.boundary(found),
                    Barred::Replaced => Err(replaced(found.path)),
                    Barred::Denied => visit.unreadable(
                        found,
                        Problem::error(
                            format!("the directory {shown} may not be read: {error}"),
                            "Use sudo, or a user who may read and write in every directory of the tree.",
                        ),
                    ),
                    Barred::TooOld => Err(Problem::error(
                        "this kernel has no openat2, without which a tree can't be walked safely",
                        "Use Linux 5.6 or later; or let the sandbox permit openat2.",
                    )),
                    _ => Err(Problem::error(
                        format!("the directory {shown} can't be opened: {error}"),
                        "Look at the filesystem and try again.",
                    )),
                };
            }
        };
        let directory = Directory::new(file).map_err(|e| unread(found.path, &e))?;
        if !directory.stat().is_same_file(&found.stat) {
            return Err(replaced(found.path));
        }
        // Mounted between the look and the open, on a kernel that does not say so by EXDEV.
        if self.is_boundary(directory.stat(), found.directory.stat()) && !self.stack.is_empty() {
            return visit.boundary(found);
        }
        self.push(found.name, directory)
    }

    fn push(&mut self, name: &OsStr, directory: Directory) -> Result<(), Problem> {
        if let Some(at) = self.stack.len().checked_sub(HELD)
            && let Some(level) = self.stack.get_mut(at)
            && let Some(held) = level.directory.take()
        {
            level.position = names::position(held.held()).map_err(|e| unread(Path::new(&level.name), &e))?;
        }
        let path_bytes = self.path.len();
        if path_bytes > 0 {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(name.as_bytes());
        self.stack.push(Level {
            name: name.to_os_string(),
            stat: *directory.stat(),
            shared: Arc::clone(directory.shared()),
            directory: Some(Arc::new(directory)),
            position: 0,
            waiting: VecDeque::new(),
            at_end: false,
            seen: Seen::default(),
            readings: 1,
            visited: 0,
            path_bytes,
        });
        Ok(())
    }

    /// Leaves the directory on top, whose entries have all been visited.
    fn ascend(&mut self, visit: &mut dyn Visit) -> Result<(), Problem> {
        let here = self.top()?;
        let path = PathBuf::from(OsString::from_vec(self.path.clone()));
        let Some(mut level) = self.stack.pop() else { return Ok(()) };
        level.seen.give_back(&mut self.room);
        let parent = match self.stack.last_mut() {
            None => Arc::clone(self.root.parent()),
            Some(above) => match &above.directory {
                Some(directory) => Arc::clone(directory),
                None => {
                    let file = tree::open_parent(here.held()).map_err(|e| moved(&path, Some(&e)))?;
                    names::seek(&file, above.position).map_err(|e| unread(&path, &e))?;
                    let again = Arc::new(Directory::again(file, above.stat, Arc::clone(&above.shared)));
                    above.directory = Some(Arc::clone(&again));
                    again
                }
            },
        };
        let above = tree::stat_at(here.held(), OsStr::new("..")).map_err(|e| moved(&path, Some(&e)))?;
        let held = tree::stat_of(parent.held()).map_err(|e| unread(&path, &e))?;
        if !above.is_same_file(parent.stat()) || !held.is_same_file(parent.stat()) {
            return Err(moved(&path, None));
        }
        drop(here);
        level.directory = None;
        self.path.truncate(level.path_bytes);
        visit.leave(&Found { directory: &parent, name: &level.name, path: &path, stat: level.stat })
    }

    fn path_of(&self, name: &OsStr) -> PathBuf {
        let mut path = Vec::with_capacity(self.path.len() + 1 + name.len());
        path.extend_from_slice(&self.path);
        path.push(b'/');
        path.extend_from_slice(name.as_bytes());
        OsString::from_vec(path).into()
    }

    fn unread(&self, error: &io::Error) -> Problem {
        unread(Path::new(OsStr::from_bytes(&self.path)), error)
    }
}

fn unread(path: &Path, error: &io::Error) -> Problem {
    Problem::error(
        format!("the names in {} can't be read: {error}", path.display()),
        "Look at the filesystem and its device, and try again.",
    )
}

fn replaced(path: &Path) -> Problem {
    Problem::error(
        format!("{} was replaced by something else while the tree was walked", path.display()),
        "See that nothing else works in this tree, and start again.",
    )
}

fn moved(path: &Path, error: Option<&io::Error>) -> Problem {
    let why = error.map(|e| format!(" ({e})")).unwrap_or_default();
    Problem::error(
        format!("{} was moved to another directory while the tree was walked{why}", path.display()),
        "See that nothing else works in this tree, and start again.",
    )
}
