//! Taking away what was cleared: another name first, then no content, then no name.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rand::TryRng;

use super::directory::Directory;
use super::found::Found;
use super::opened::Opened;
use crate::problem::Problem;
use crate::sys::names;
use crate::sys::tree::{self, EntryKind, Renamed, Stat};

/// What became of a directory that was to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emptied {
    /// It is gone.
    Removed,
    /// Something is in it, or mounted in it: it stays as it was.
    NotEmpty,
}

impl Opened {
    /// Gives the file a random name of the same length, replacing nothing, so that the next sync of the directory writes over the
    /// old one where the filesystem does that. Where it can't rename so, the name stays.
    ///
    /// # Errors
    /// Failed: the entry no longer leads to this file, or the filesystem's answer.
    pub fn rename(&mut self) -> Result<(), Problem> {
        if self.renamed {
            return Ok(());
        }
        if let Some(name) = give_random_name(&self.directory, &self.name, &self.path, &self.stat)? {
            self.name = name;
        }
        self.renamed = true;
        Ok(())
    }

    /// Renames the file unless that was done, cuts it off at 0 bytes, and takes its name away once the name still leads to it. The
    /// directory is not synced: [`remove_all`] does that for many at once.
    ///
    /// # Errors
    /// Failed: another process came to have it open, the name leads to something else (nothing is unlinked then), or the
    /// filesystem's answer. The file may then stay under its new name.
    pub fn remove(mut self) -> Result<(), Problem> {
        if let Err(obstacle) = self.is_alone() {
            let why = match obstacle {
                crate::files::Obstacle::InUse(why) => why,
                other => format!("{other:?}"),
            };
            return Err(Problem::failed(
                format!("{} was overwritten and is left where it is: {why}", self.shown()),
                "End that process, or let it close the file, and start again.",
            ));
        }
        self.rename()?;
        self.file.set_len(0).map_err(|e| unremoved(&self.path, &e))?;
        if !leads_to(&self.directory, &self.name, &self.stat) {
            return Err(elsewhere(&self.path));
        }
        tree::unlink(self.directory.held(), &self.name).map_err(|e| unremoved(&self.path, &e))?;
        self.directory.given_up(&self.name);
        // The file itself says whether it was its name that went.
        let left = tree::stat_of(&self.file).map_err(|e| unremoved(&self.path, &e))?.nlink;
        if left >= self.stat.nlink {
            return Err(elsewhere(&self.path));
        }
        // Other names of it keep its attributes.
        if let Some(lifted) = self.lifted.take_if(|_| left == 0) {
            lifted.forget();
        }
        Ok(())
    }

    fn shown(&self) -> String {
        let path = self.path.display();
        if self.path.file_name() == Some(self.name.as_os_str()) {
            return path.to_string();
        }
        format!("{path} (now {})", self.name.display())
    }
}

/// Removes files of which the content was dealt with: renames all, syncs each directory once, then cuts off and unlinks. Each file's
/// path and what became of it, in the same order. The directories are to be synced once more for the unlinking.
pub fn remove_all(mut files: Vec<Opened>) -> Vec<(PathBuf, Result<(), Problem>)> {
    let mut directories: Vec<(Arc<Directory>, Option<Problem>)> = Vec::new();
    let renamed: Vec<_> = files.iter_mut().map(Opened::rename).collect();
    for file in &files {
        if !directories.iter().any(|(known, _)| Arc::ptr_eq(known, &file.directory)) {
            let synced = file.directory.sync().map_err(|e| {
                Problem::failed(
                    format!("the directory of {} can't be synced: {e}", file.path.display()),
                    "Look at the filesystem and its device; the files in it were overwritten and are still there.",
                )
            });
            directories.push((Arc::clone(&file.directory), synced.err()));
        }
    }
    let remove = |(file, renamed): (Opened, Result<(), Problem>)| {
        let path = file.path.clone();
        let unsynced = directories.iter().find(|(known, _)| Arc::ptr_eq(known, &file.directory));
        let unsynced = unsynced.and_then(|(_, problem)| problem.clone());
        let result = renamed.and(unsynced.map_or(Ok(()), Err)).and_then(|()| file.remove());
        (path, result)
    };
    files.into_iter().zip(renamed).map(remove).collect()
}

/// Removes a directory that has been emptied, under a random name.
///
/// # Errors
/// Failed: another directory took its place, or the filesystem's answer.
pub fn remove_directory(found: &Found<'_>) -> Result<Emptied, Problem> {
    let Found { directory, name, path, stat } = *found;
    let unremoved = |e: &io::Error| unremoved(path, e);
    let held = tree::open_directory(directory.held(), name).map_err(|e| unremoved(&e))?;
    if !tree::stat_of(&held).map_err(|e| unremoved(&e))?.is_same_file(&stat) {
        return Err(elsewhere(path));
    }
    if !is_empty(&held).map_err(|e| unremoved(&e))? {
        return Ok(Emptied::NotEmpty);
    }
    let given = give_random_name(directory, name, path, &stat)?;
    let now = given.as_deref().unwrap_or(name);
    match tree::remove_directory(directory.held(), now) {
        Ok(()) => {
            directory.given_up(now);
            Ok(Emptied::Removed)
        }
        Err(error) => {
            if let Some(given) = &given {
                // Somebody put something in between: it gets its name back.
                if let Ok(Renamed::Done) = tree::rename(directory.held(), given, name) {
                    directory.given_up(given);
                }
            }
            if tree::is_not_empty(&error) { Ok(Emptied::NotEmpty) } else { Err(unremoved(&error)) }
        }
    }
}

/// Removes a symlink, under a random name. What it leads to is not looked at.
///
/// # Errors
/// Failed: something else took its place, or the filesystem's answer.
pub fn remove_link(found: &Found<'_>) -> Result<(), Problem> {
    let Found { directory, name, path, stat } = *found;
    if stat.kind != EntryKind::Link {
        return Err(elsewhere(path));
    }
    let given = give_random_name(directory, name, path, &stat)?;
    let now = given.as_deref().unwrap_or(name);
    tree::unlink(directory.held(), now).map_err(|e| unremoved(path, &e))?;
    directory.given_up(now);
    Ok(())
}

/// Whether the entry leads to what was found, now.
fn leads_to(directory: &Directory, name: &OsStr, stat: &Stat) -> bool {
    directory.stat_at(name).is_ok_and(|now| now.is_same_file(stat))
}

fn is_empty(directory: &std::fs::File) -> io::Result<bool> {
    let mut buffer = [0; 1024];
    while let Some(names) = names::read(directory, &mut buffer)? {
        if !names.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What stands in random names: taken as they are by every filesystem, whatever it does with case.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// Names of the same length that are tried; short ones may all be taken.
const TRIES: u32 = 32;
/// Length of a name where none of the same length was free.
const LONG: usize = 26;

/// Renames `name`, which must lead to `stat` before and after, to a random name, of the same length where one is free; `None` where the
/// filesystem can't do it without replacing. What turns out to be something else gets its name back.
fn give_random_name(
    directory: &Directory,
    name: &OsStr,
    path: &Path,
    stat: &Stat,
) -> Result<Option<OsString>, Problem> {
    if !leads_to(directory, name, stat) {
        return Err(elsewhere(path));
    }
    for attempt in 0..=TRIES {
        let length = if attempt < TRIES { name.len() } else { LONG };
        let given = random_name(length).map_err(|e| unremoved(path, &e))?;
        // Before, so that a walk that reads on never takes it for new.
        directory.giving(&given);
        let renamed = tree::rename(directory.held(), name, &given);
        if !matches!(renamed, Ok(Renamed::Done)) {
            directory.given_up(&given);
        }
        match renamed.map_err(|e| unremoved(path, &e))? {
            Renamed::Done if leads_to(directory, &given, stat) => return Ok(Some(given)),
            Renamed::Done => {
                if let Ok(Renamed::Done) = tree::rename(directory.held(), &given, name) {
                    directory.given_up(&given);
                }
                return Err(elsewhere(path));
            }
            Renamed::Taken => {}
            Renamed::Unsupported => return Ok(None),
        }
    }
    Err(unremoved(path, &io::Error::from(io::ErrorKind::AlreadyExists)))
}

/// A name of `length` bytes, at random.
pub(in crate::files) fn random_name(length: usize) -> io::Result<OsString> {
    let mut bytes = vec![0; length];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|e| io::Error::other(format!("the kernel's random number generator failed: {e}")))?;
    for byte in &mut bytes {
        *byte = LETTERS.get(usize::from(*byte & 31)).copied().unwrap_or(b'a');
    }
    Ok(OsString::from_vec(bytes))
}

fn unremoved(path: &Path, error: &io::Error) -> Problem {
    Problem::failed(
        format!("{} can't be removed: {error}", path.display()),
        "See that this user may write in its directory, and that the filesystem is well; then start again.",
    )
}

fn elsewhere(path: &Path) -> Problem {
    Problem::failed(
        format!("the name of {} leads to something else by now; nothing of that was removed", path.display()),
        "See that nothing else works in this tree, look at what stands there, and start again.",
    )
}
