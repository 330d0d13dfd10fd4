//! Free inodes, directory blocks and the places of small content: taken by many small files with long random names, and given back.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};

use crate::files::walk::random_name;
use crate::problem::Problem;
use crate::sys::filling::{self, Room};
use crate::sys::{names, tree};

use super::fill::End;

/// The directory that holds the small files is named so, and 26 letters: a process that was killed leaves it, and it may be removed.
pub const NAME_PREFIX: &str = "radera-slack-";

/// Bytes of a name: a few to a block of a directory, so that many blocks are written.
const NAME: usize = 200;
/// Bytes of content, in turn: none; what ext4 keeps in an inode; what btrfs keeps in its tree; the tail of a block.
const SIZES: [usize; 4] = [0, 60, 1500, 300];
/// Files between two looks at the wish to stop.
const TURN: u64 = 64;

/// What was taken and given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slack {
    /// Files that were made.
    pub files: u64,
    /// Why no more: [`End::Full`] for no inode or block left; `None`: as many as were asked for.
    pub end: Option<End>,
    /// Inodes that the filesystem counted as free while all files were there; 0 also where it does not count them.
    pub left_inodes: u64,
}

/// Makes at most `most` small files in a directory of its own below `directory`, syncs the filesystem, removes them and syncs again.
/// Whatever the way out, they are removed; only a process that is killed leaves them, under [`NAME_PREFIX`].
///
/// # Errors
/// Failed: the filesystem's answer; or the files can't be removed, then their directory is named.
pub fn slack(directory: &File, most: u64, stop: &mut dyn FnMut() -> bool) -> Result<Slack, Problem> {
    let mut name = OsString::from(NAME_PREFIX);
    name.push(random_name(26).map_err(|e| failed(&e))?);
    if let Err(error) = filling::create_directory(directory, &name) {
        let end = match filling::room(&error) {
            Room::Full => End::Full,
            Room::Quota => End::Quota,
            _ => return Err(failed(&error)),
        };
        return Ok(Slack { files: 0, end: Some(end), left_inodes: 0 });
    }
    let mut crowd = Crowd { directory, name: &name, gone: false };
    let made = tree::open_directory(directory, &name).and_then(|held| make(&held, most, stop));
    let removed = crowd.remove().and_then(|()| filling::sync_filesystem(directory));
    removed.map_err(|e| {
        Problem::failed(
            format!("the small files of the free space in {} can't be removed: {e}", name.display()),
            "Remove that directory; nothing of yours is in it.",
        )
    })?;
    made.map_err(|e| failed(&e))
}

fn make(held: &File, most: u64, stop: &mut dyn FnMut() -> bool) -> io::Result<Slack> {
    let (mut files, mut end) = (0, None);
    while files < most {
        if files % TURN == 0 && stop() {
            end = Some(End::Stopped);
            break;
        }
        let made = one(held, files);
        // A file that has no room for its content has its inode all the same.
        files += u64::from(!matches!(made, Err((_, false))));
        if let Err((error, _)) = made {
            end = Some(match filling::room(&error) {
                Room::Full => End::Full,
                Room::Quota => End::Quota,
                _ => return Err(error),
            });
            break;
        }
    }
    // Without content there may be room for more.
    while files < most && end == Some(End::Full) {
        if files % TURN == 0 && stop() {
            end = Some(End::Stopped);
            break;
        }
        match filling::create(held, &random_name(NAME)?) {
            Ok(_) => files += 1,
            Err(error) if filling::room(&error) == Room::Full => break,
            Err(error) if filling::room(&error) == Room::Quota => end = Some(End::Quota),
            Err(error) => return Err(error),
        }
    }
    let left_inodes = filling::left(held)?.inodes;
    filling::sync_filesystem(held)?;
    Ok(Slack { files, end, left_inodes })
}

/// One file; the error, and whether the file is there.
fn one(held: &File, number: u64) -> Result<(), (io::Error, bool)> {
    let name = random_name(NAME).map_err(|e| (e, false))?;
    let mut file = filling::create(held, &name).map_err(|e| (e, false))?;
    let turn = usize::try_from(number % SIZES.len() as u64).unwrap_or(0);
    let size = SIZES.get(turn).copied().unwrap_or(0);
    if size > 0 {
        let content = random_name(size).map_err(|e| (e, true))?;
        file.write_all(std::os::unix::ffi::OsStrExt::as_bytes(content.as_os_str())).map_err(|e| (e, true))?;
    }
    Ok(())
}

/// The directory of the small files, removed when this is dropped.
struct Crowd<'a> {
    directory: &'a File,
    name: &'a OsStr,
    gone: bool,
}

impl Crowd<'_> {
    fn remove(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let held = tree::open_directory(self.directory, self.name)?;
        let mut buffer = vec![0; 64 << 10];
        // Again from the start as long as that removes something.
        loop {
            let mut removed = false;
            names::seek(&held, 0)?;
            while let Some(piece) = names::read(&held, &mut buffer)? {
                for entry in piece {
                    tree::unlink(&held, &entry.name)?;
                    removed = true;
                }
            }
            if !removed {
                break;
            }
        }
        tree::remove_directory(self.directory, self.name)?;
        self.gone = true;
        Ok(())
    }
}

impl Drop for Crowd<'_> {
    fn drop(&mut self) {
        // A panic on the way; what fails otherwise is told.
        let _ = self.remove();
    }
}

fn failed(error: &io::Error) -> Problem {
    Problem::failed(
        format!("the free inodes can't be filled: {error}"),
        "Look at the filesystem and its device (dmesg), and try again.",
    )
}
