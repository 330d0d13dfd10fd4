//! A regular file, open for being overwritten: the one that was found, and nobody else's.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::directory::Directory;
use super::found::Found;
use super::lifted::Lifted;
use super::lookout::Lookout;
use crate::files::Obstacle;
use crate::problem::Problem;
use crate::sys::attributes::{self, IMMUTABLE_OR_APPEND};
use crate::sys::lease::{self, Lease};
use crate::sys::tree::{self, Barred, EntryKind, Stat, barred};

/// What may be done to get at a file.
#[derive(Debug, Clone)]
pub struct OpenHow {
    /// Lift chattr +i and +a.
    pub lift_attributes: bool,
    /// Take files with several names.
    pub hardlinks: bool,
    /// Who tells who has files open.
    pub lookout: Arc<Lookout>,
}

/// A regular file, open for reading and writing (O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), with a lease where there are leases.
#[derive(Debug)]
pub struct Opened {
    /// The file. Duplicates share its lease.
    pub file: File,
    /// What it was when it was opened.
    pub stat: Stat,
    /// The directory that holds it.
    pub directory: Arc<Directory>,
    /// Its name there; another one after [`Opened::rename`].
    pub name: OsString,
    /// Its path from the named target's own name on, under the name that it was found by.
    pub path: PathBuf,
    pub(super) lifted: Option<Lifted>,
    pub(super) renamed: bool,
    leased: bool,
    lookout: Arc<Lookout>,
}

/// Opens a file that was found, by its name in the directory that is held.
///
/// # Errors
/// What stands in the way; then nothing was changed, and attributes that had been lifted are put back.
pub fn open(found: &Found<'_>, how: &OpenHow) -> Result<Opened, Obstacle> {
    if found.stat.kind != EntryKind::Regular {
        return Err(Obstacle::Special(found.stat.kind.file_kind()));
    }
    if found.stat.nlink > 1 && !how.hardlinks {
        return Err(Obstacle::HardLinks(found.stat.nlink));
    }
    let mut lifted = if found.stat.immutable { lift(found, how)? } else { None };
    let file = match tree::open_file(found.directory.held(), found.name) {
        // Not every filesystem tells +i and +a to statx(2).
        Err(e) if lifted.is_none() && barred(&e) == Barred::Denied && is_fixed(found) => {
            lifted = lift(found, how)?;
            tree::open_file(found.directory.held(), found.name)
        }
        other => other,
    };
    let file = file.map_err(|e| obstacle(&e, found, how))?;
    let denied = |e: io::Error| Obstacle::Denied(e.to_string());
    let stat = tree::stat_of(&file).map_err(denied)?;
    if !stat.is_same_file(&found.stat) {
        return Err(replaced());
    }
    if stat.nlink > 1 && !how.hardlinks {
        return Err(Obstacle::HardLinks(stat.nlink));
    }
    if let Some(lifted) = &mut lifted {
        // The descriptor that it was lifted by would count as another holder.
        lifted.hold(file.try_clone().map_err(denied)?);
    }
    let leased = match patient_lease(&file).map_err(denied)? {
        Lease::Held => true,
        Lease::InUse => return Err(Obstacle::InUse(who(&stat, &how.lookout))),
        Lease::Unsupported => match how.lookout.now().reason(stat.device, stat.inode) {
            Some(reason) => return Err(Obstacle::InUse(reason)),
            None => false,
        },
    };
    Ok(Opened {
        file,
        stat,
        directory: Arc::clone(found.directory),
        name: found.name.to_os_string(),
        path: found.path.to_path_buf(),
        lifted,
        renamed: false,
        leased,
        lookout: Arc::clone(&how.lookout),
    })
}

impl Opened {
    /// Whether still nobody else has the file open, or waits to get it: by the lease, else as far as `/proc` shows. Ask before
    /// relying on what was written, and [`Opened::remove`] asks again.
    ///
    /// # Errors
    /// [`Obstacle::InUse`]; also where it can't be found out.
    pub fn is_alone(&self) -> Result<(), Obstacle> {
        if !self.leased {
            let reason = self.lookout.now().reason(self.stat.device, self.stat.inode);
            return reason.map_or(Ok(()), |reason| Err(Obstacle::InUse(reason)));
        }
        match lease::is_held(&self.file) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Obstacle::InUse("another process asked to open it meanwhile".into())),
            Err(e) => Err(Obstacle::InUse(format!("it can't be found out whether another process opened it: {e}"))),
        }
    }

    /// Whether the kernel vouches, by a lease, that nobody else has it open; else only a look at `/proc` does.
    pub fn is_leased(&self) -> bool {
        self.leased
    }

    /// Lets go of the file and leaves it where it is, with the attributes that it had (`--keep`).
    ///
    /// # Errors
    /// Attributes that were lifted can't be put back.
    pub fn keep(mut self) -> Result<(), Problem> {
        let Some(lifted) = self.lifted.take() else { return Ok(()) };
        lifted.put_back().map_err(|e| {
            Problem::failed(
                format!("the attributes +i or +a of {} can't be put back: {e}", self.path.display()),
                "Set them with chattr.",
            )
        })
    }

    /// Number of extended attributes that hold content: see [`content_attributes`].
    pub fn content_attributes(&self) -> io::Result<u64> {
        content_attributes(&self.file)
    }
}

/// Number of extended attributes of `file` that hold what somebody put there: `user.*`, and `trusted.*` but what an overlay keeps.
/// Access control lists, capabilities and security labels are no content.
pub fn content_attributes(file: &File) -> io::Result<u64> {
    let is_content = |name: &OsString| {
        let name = name.as_bytes();
        name.starts_with(b"user.") || (name.starts_with(b"trusted.") && !name.starts_with(b"trusted.overlay."))
    };
    let names = attributes::xattr_names(file)?;
    Ok(names.iter().filter(|name| is_content(name)).count() as u64)
}

/// Waits, in milliseconds, for one who has the file only for a moment: who looks what kind it is, or a child of this
/// very process before it runs its program.
const PATIENCE: [u64; 4] = [1, 2, 5, 20];

fn patient_lease(file: &File) -> io::Result<Lease> {
    let mut lease = lease::take(file)?;
    for milliseconds in PATIENCE {
        if lease != Lease::InUse {
            break;
        }
        std::thread::sleep(Duration::from_millis(milliseconds));
        lease = lease::take(file)?;
    }
    Ok(lease)
}

fn is_fixed(found: &Found<'_>) -> bool {
    let file = tree::open_file_read_only(found.directory.held(), found.name);
    let flags = file.and_then(|file| attributes::flags(&file));
    flags.is_ok_and(|flags| flags.is_some_and(|flags| flags & IMMUTABLE_OR_APPEND != 0))
}

fn lift(found: &Found<'_>, how: &OpenHow) -> Result<Option<Lifted>, Obstacle> {
    if !how.lift_attributes {
        return Err(Obstacle::Immutable);
    }
    let file = tree::open_file_read_only(found.directory.held(), found.name).map_err(|e| obstacle(&e, found, how))?;
    let denied = |e: io::Error| Obstacle::Denied(format!("its attributes +i or +a can't be lifted: {e}"));
    if !tree::stat_of(&file).map_err(denied)?.is_same_file(&found.stat) {
        return Err(replaced());
    }
    Lifted::lift(file).map_err(denied)
}

fn who(stat: &Stat, lookout: &Lookout) -> String {
    let holders = lookout.now();
    if holders.who(stat.device, stat.inode).is_empty() {
        let hint = "by a process that can't be seen here, or by the kernel (a loop device, a swap area, a file server)";
        return format!("it is open or mapped {hint}");
    }
    holders.reason(stat.device, stat.inode).unwrap_or_default()
}

fn replaced() -> Obstacle {
    Obstacle::Denied("another file took its place while the tree was walked".into())
}

fn obstacle(error: &io::Error, found: &Found<'_>, how: &OpenHow) -> Obstacle {
    match barred(error) {
        Barred::Gone => Obstacle::Denied("it vanished while the tree was walked".into()),
        Barred::Replaced => replaced(),
        Barred::Mounted => Obstacle::Denied("something was mounted on it while the tree was walked".into()),
        Barred::ReadOnly => Obstacle::ReadOnly,
        Barred::Executing => Obstacle::InUse("it is a program that runs, or an active swap file".into()),
        Barred::Leased => Obstacle::InUse(who(&found.stat, &how.lookout)),
        Barred::Locked => Obstacle::Locked,
        Barred::TooOld => Obstacle::Denied("this kernel has no openat2 (Linux 5.6), or a sandbox forbids it".into()),
        Barred::Denied | Barred::Other => Obstacle::Denied(error.to_string()),
    }
}
