//! Block devices held for sanitizing or for reading, and their identity read again through the held descriptors.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::clearance::Held;
use super::inventory::{Inventory, Roots};
use super::probe::Probe;
use super::transport::{Kernel, Transport};
use super::tree::{Block, Number};
use super::{identity, sysfs};
use crate::io::{Engine, Queue, Shape, open_queue};
use crate::media::{Identity, Medium, Use, UseKind};
use crate::problem::{Kind, Problem};
use crate::sys;
use crate::sys::node::FileKind;
use crate::sys::open::{Cause, cause};

/// How often, and how long apart, an opener that may pass (udev looks at devices for a moment) is looked for again.
const LOOKS: u32 = 4;
/// How often a device held by nobody to be seen is asked for.
const CLAIMS: u32 = 16;
/// How often where only other runs of this program look, of which a station may start dozens at once.
const LOOKS_AT_OUR_OWN: u32 = 60;
const PAUSE: Duration = Duration::from_millis(250);

/// A block device that is held.
struct HeldBlock {
    roots: Roots,
    path: PathBuf,
    number: Number,
    file: File,
    for_writing: bool,
    shape: Shape,
    /// Kept open so that the partition table can't be read again meanwhile.
    _partitions: Vec<File>,
}

/// Opens `medium` for sanitizing: O_RDWR | O_EXCL | O_DIRECT | O_CLOEXEC | O_NOFOLLOW on the node, for a disk also its partitions (for
/// reading; the kernel lets nobody mount or claim a partition of a disk that is held exclusively). Then looks once more at who uses it, and
/// compares the identity read on the descriptor with `medium`. Nothing is changed. Errors: kind Refused where it is in use, naming every
/// holder that can be found, read-only, or another medium than `medium`; kind Error where it is gone or can't be opened.
pub fn open_exclusive(roots: &Roots, medium: &Medium) -> Result<Box<dyn Held>, Problem> {
    let path = Path::new(&medium.identity.path);
    let file = claim(roots, path)?;
    let mut held = hold(roots, medium, file, true)?;
    for partition in &medium.partitions {
        let node = Path::new(&partition.path);
        let file = sys::open::read_only(node).map_err(|e| cannot_open(node, &e))?;
        // Each partition has a page cache of its own: what lies in it must not reach the disk later.
        flush(node, &file)?;
        held._partitions.push(file);
    }
    flush(path, &held.file)?;
    let uses = settled_uses(roots, path)?;
    if !uses.is_empty() {
        return Err(in_use(path, &uses));
    }
    Ok(Box::new(held))
}

/// Opens `medium` for reading past the page cache (O_RDONLY | O_DIRECT | O_CLOEXEC | O_NOFOLLOW), not exclusively. Errors: as
/// [`open_exclusive`], but for use.
pub fn open_read_only(roots: &Roots, medium: &Medium) -> Result<Box<dyn Held>, Problem> {
    let path = Path::new(&medium.identity.path);
    let file = sys::open::read_direct(path).map_err(|e| cannot_open(path, &e))?;
    Ok(Box::new(hold(roots, medium, file, false)?))
}

fn hold(roots: &Roots, medium: &Medium, file: File, for_writing: bool) -> Result<HeldBlock, Problem> {
    let identity = &medium.identity;
    let held = HeldBlock {
        roots: roots.clone(),
        path: PathBuf::from(&identity.path),
        number: identity.device_number,
        file,
        for_writing,
        shape: Shape {
            logical_block_bytes: identity.logical_block_bytes,
            max_io_bytes: medium.max_io_bytes,
            optimal_io_bytes: medium.optimal_io_bytes,
        },
        _partitions: Vec::new(),
    };
    let other = |what: String| {
        Problem::refused(
            format!("{}: {what}", identity.path),
            "Look at `radera show` and start again with what is there now.",
        )
    };
    let now = held.identity_now().map_err(other)?;
    match identity.difference(&now, false) {
        Some(difference) => Err(other(format!("not the medium that was planned for: {difference}"))),
        None => Ok(held),
    }
}

fn flush(path: &Path, file: &File) -> Result<(), Problem> {
    sys::block::flush_buffers(file).map_err(|e| {
        Problem::error(
            format!("{}: cached writes could not be flushed: {e}", path.display()),
            "Check the kernel log and the device.",
        )
    })
}

/// Uses other than our own hold; openers get a moment to go.
fn settled_uses(roots: &Roots, path: &Path) -> Result<Vec<Use>, Problem> {
    let mut look = 1;
    loop {
        let uses = Inventory::read(roots.clone())?.medium(path)?.uses;
        let may_pass = |u: &Use| matches!(u.kind, UseKind::Open | UseKind::Examined | UseKind::Related);
        let looks = if uses.iter().any(|u| u.kind == UseKind::Open) { LOOKS } else { LOOKS_AT_OUR_OWN };
        if uses.is_empty() || look >= looks || !uses.iter().all(may_pass) {
            return Ok(uses);
        }
        look += 1;
        std::thread::sleep(PAUSE);
    }
}

/// Opens exclusively. EBUSY says that somebody holds it, not who. A holder that can't be seen gets a while: the kernel lets go of
/// the io_uring of a process that was killed only after the process is gone.
fn claim(roots: &Roots, path: &Path) -> Result<File, Problem> {
    let mut look = 1;
    loop {
        let error = match sys::open::exclusive_direct(path) {
            Ok(file) => return Ok(file),
            Err(error) => error,
        };
        if !matches!(cause(&error), Cause::Busy) {
            return Err(cannot_open(path, &error));
        }
        let uses = Inventory::read(roots.clone()).and_then(|i| i.medium(path)).map(|m| m.uses).unwrap_or_default();
        if !uses.is_empty() || look == CLAIMS {
            return Err(busy(path, &uses));
        }
        look += 1;
        std::thread::sleep(PAUSE);
    }
}

fn busy(path: &Path, uses: &[Use]) -> Problem {
    let nobody = Use {
        kind: UseKind::Exclusive,
        holder: "held exclusively by somebody that can't be seen from here".into(),
        release:
            "Look for mounts in other namespaces, device-mapper, RAID and multipath, and other machines' containers."
                .into(),
    };
    in_use(path, if uses.is_empty() { std::slice::from_ref(&nobody) } else { uses })
}

fn in_use(path: &Path, uses: &[Use]) -> Problem {
    let list = |of: fn(&Use) -> &str, separator: &str| {
        let mut texts: Vec<&str> = Vec::new();
        uses.iter().map(of).for_each(|text| {
            if !texts.contains(&text) {
                texts.push(text)
            }
        });
        texts.join(separator)
    };
    Problem::refused(format!("{} is in use: {}", path.display(), list(|u| &u.holder, "; ")), list(|u| &u.release, "; "))
}

fn cannot_open(path: &Path, error: &std::io::Error) -> Problem {
    let shown = path.display();
    match cause(error) {
        Cause::Busy => {
            Problem::refused(format!("{shown} is held exclusively by somebody"), "Free it, then start again.")
        }
        Cause::Missing | Cause::Gone => {
            Problem::error(format!("{shown} is gone: {error}"), "Attach it, and look at `radera list`.")
        }
        Cause::Denied => Problem::refused(
            format!("{shown} may not be opened: {error}"),
            "Run as root, and check that the device is not write-protected.",
        ),
        Cause::ReadOnly => Problem::refused(format!("{shown} is read-only"), "Lift the write protection."),
        Cause::Symlink => Problem::refused(format!("{shown} is a symlink now"), "Name the device node itself."),
        Cause::Invalid => Problem::new(
            Kind::Error,
            format!("{shown} can't be opened past the page cache (O_DIRECT): {error}"),
            "Use a device whose driver supports direct I/O.",
        ),
        Cause::Unsupported | Cause::Other => {
            Problem::error(format!("{shown} can't be opened: {error}"), "Check the device and the kernel log.")
        }
    }
}

impl HeldBlock {
    /// The device in sysfs, after the descriptor has proved that it is still the same one.
    fn block(&self, size_bytes: u64) -> Result<Block, String> {
        let (major, minor) = self.number;
        let dir = self.roots.sys.join(format!("dev/block/{major}:{minor}"));
        let block = Block::read(&dir)?.ok_or_else(|| format!("the kernel no longer knows device {major}:{minor}"))?;
        let on_descriptor = sys::block::disk_sequence(&self.file).map_err(|e| gone("its disk sequence number", &e))?;
        let in_sysfs = sysfs::number(&block.disk_dir().join("diskseq"));
        if on_descriptor != in_sysfs {
            let words = |n: Option<u64>| n.map_or("none".into(), |n| n.to_string());
            return Err(format!(
                "device {major}:{minor} is another disk now: disk sequence number {} is held, {} is attached",
                words(on_descriptor),
                words(in_sysfs)
            ));
        }
        Ok(Block { size_bytes, ..block })
    }
}

impl Held for HeldBlock {
    fn identity_now(&self) -> Result<Identity, String> {
        let stat = sys::node::stat_file(&self.file).map_err(|e| gone("the held descriptor", &e))?;
        if (stat.kind, stat.number) != (FileKind::Block, self.number) {
            return Err("the node stands for another device".into());
        }
        let size_bytes = sys::block::size_bytes(&self.file).map_err(|e| gone("its size", &e))?;
        if size_bytes == 0 {
            return Err("the medium is gone: its size is 0 now".into());
        }
        if self.for_writing && sys::block::is_read_only(&self.file).map_err(|e| gone("its write protection", &e))? {
            return Err("it is read-only".into());
        }
        let block = self.block(size_bytes)?;
        let mut identity = identity::read(Probe::KERNEL, &block, &self.path, Some(&self.file));
        identity.logical_block_bytes =
            sys::block::logical_block_bytes(&self.file).map_err(|e| gone("its logical block size", &e))?;
        identity.physical_block_bytes =
            sys::block::physical_block_bytes(&self.file).map_err(|e| gone("its physical block size", &e))?;
        Ok(identity)
    }

    fn queue(&mut self, prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        open_queue(self.file.try_clone()?, self.shape, prefer)
    }

    fn transport(&mut self) -> Option<Box<dyn Transport>> {
        Some(Box::new(Kernel::new(self.file.try_clone().ok()?)))
    }
}

fn gone(what: &str, error: &std::io::Error) -> String {
    match cause(error) {
        Cause::Gone | Cause::Missing => format!("the device is gone: {error}"),
        _ => format!("{what} can't be read: {error}"),
    }
}
