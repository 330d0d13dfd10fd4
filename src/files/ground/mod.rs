//! The filesystem that files lie on: its kind and options, its block device and the layers below, and what it permits to be proved.

use std::fs::File;
use std::path::PathBuf;

use super::Obstacle;
use crate::device::{Inventory, Mount, Roots, open_read_only};
use crate::io::{Engine, Op, Queue};
use crate::media::Medium;
use crate::problem::Problem;
use crate::sys;

mod below;
mod btrfs;
mod ext;
mod file;
mod kind;
mod mapping;
mod mount;
mod residue;
mod settle;

pub use kind::FsKind;
pub use residue::{Leftover, Remains, Removed};
pub use settle::Settled;

/// One mounted filesystem, as of one look.
#[derive(Debug)]
pub struct Ground {
    /// Its kind.
    pub kind: FsKind,
    /// Its type as mounted, as in mountinfo.
    pub name: String,
    /// `st_dev` of the file that it was asked by; files of another subvolume of btrfs have another one.
    pub device: u64,
    /// Node of the block device that it is on.
    pub node: Option<PathBuf>,
    /// The same as a medium, with the layers below.
    pub medium: Option<Medium>,
    /// Where the mount is that it was reached by.
    pub mount_point: PathBuf,
    /// The filesystem or the mount is read-only.
    pub read_only: bool,
    /// Bytes of its blocks: extents are multiples of it.
    pub block_bytes: u32,
    /// Why nothing above overwritten-unverified may be said of anything here: the layer below that may keep content elsewhere, or that is
    /// not known.
    pub redirected: Option<String>,
    /// What stands in the way for every file here.
    pub obstacles: Vec<Obstacle>,
    /// ext4 may keep small files in their inodes.
    pub inline_data: bool,
    roots: Roots,
    btrfs: Option<btrfs::Single>,
}

impl Ground {
    /// The filesystem that holds this open file or directory: by its descriptor's mount and device, never by a path. Reads only. Errors:
    /// the descriptor or the mounts can't be read.
    pub fn of(inventory: &Inventory, held: &File) -> Result<Ground, Problem> {
        let roots = &inventory.roots;
        let unknown = |what: String| {
            let todo = "Mount /proc, and name files of a filesystem that is mounted here.";
            Problem::error(format!("which filesystem holds the files can't be found out: {what}"), todo)
        };
        let stat = sys::node::stat_file(held).map_err(|e| unknown(e.to_string()))?;
        let holding = sys::filesystem::holding(held).map_err(|e| unknown(e.to_string()))?;
        let mount = mount::of(roots, held).map_err(unknown)?;
        let kind = FsKind::of(&mount.filesystem);
        let block_bytes = sys::extents::block_bytes(held).ok().or_else(|| u32::try_from(holding.unit_bytes).ok());
        let mut ground = Ground {
            kind,
            name: mount.filesystem.clone(),
            device: stat.device,
            node: None,
            medium: None,
            mount_point: mount.mount_point.clone(),
            read_only: holding.read_only,
            block_bytes: block_bytes.filter(|b| b.is_power_of_two()).unwrap_or(4096),
            redirected: None,
            obstacles: Vec::new(),
            inline_data: false,
            roots: roots.clone(),
            btrfs: None,
        };
        ground.by_kind();
        if holding.read_only {
            ground.obstacles.push(Obstacle::ReadOnly);
        }
        if kind.has_blocks() {
            ground.find_device(inventory, held, stat.device);
            ground.look_at_device(&mount);
        }
        Ok(ground)
    }

    fn by_kind(&mut self) {
        let name = self.name.clone();
        self.obstacles.extend(match self.kind {
            FsKind::Tmpfs => Some(Obstacle::InMemory),
            FsKind::Overlay | FsKind::Fuse | FsKind::Network => Some(Obstacle::Elsewhere(name)),
            FsKind::Other => Some(Obstacle::UnknownFilesystem(name)),
            FsKind::F2fs => Some(Obstacle::CopyOnWrite),
            _ => None,
        });
    }

    /// The block device, and what lies below it. All others than btrfs give their files the number of their block device.
    fn find_device(&mut self, inventory: &Inventory, held: &File, device: u64) {
        let number = match self.kind {
            FsKind::Btrfs => btrfs::single(held).and_then(|single| {
                let number = inventory.number_of(&single.path);
                let missing = || format!("btrfs names {} as its device, which is not there", single.path.display());
                let number = number.ok_or_else(missing)?;
                self.btrfs = Some(single);
                Ok(number)
            }),
            _ => Ok(sys::node::split_device(device)),
        };
        let found = number.and_then(|(major, minor)| {
            let medium = inventory.medium_numbered((major, minor));
            medium.ok_or_else(|| format!("the kernel does not show the block device {major}:{minor}"))
        });
        match found {
            Ok(medium) => {
                self.redirected = below::redirected(inventory, medium.identity.device_number);
                self.node = Some(PathBuf::from(&medium.identity.path));
                self.medium = Some(medium);
            }
            Err(what) => {
                self.redirected = Some(what.clone());
                self.obstacles.push(Obstacle::NoMapping(what));
            }
        }
    }

    /// What only the device can tell: whether it can be read at all, and what the superblock says.
    fn look_at_device(&mut self, mount: &Mount) {
        let Some(medium) = &self.medium else { return };
        let name = medium.identity.kernel_name.clone();
        let (offset, bytes) = match self.kind {
            FsKind::Btrfs => (btrfs::SUPERBLOCK, btrfs::SUPERBLOCK_BYTES),
            _ => (0, ext::HEAD),
        };
        let head = self.reader(None).map_err(|p| p.what).and_then(|mut queue| read(&mut *queue, offset, bytes));
        let head = match head {
            Ok(head) => Some(head),
            Err(what) => {
                self.obstacles.push(Obstacle::DeviceUnreadable(what));
                None
            }
        };
        if self.kind.is_ext() {
            let superblock = head.as_deref().and_then(ext::Superblock::parse);
            self.inline_data = superblock.is_none_or(|s| s.inline_data);
            let all = ext::options(&self.roots, &name);
            if ext::data_mode(all.as_deref(), &mount.options, superblock) != ext::DataMode::InPlace {
                self.obstacles.push(Obstacle::DataJournal);
            }
        }
        if let (Some(single), Some(head)) = (&self.btrfs, &head)
            && !single.is_described_by(head)
        {
            let what = format!("{} does not carry this btrfs filesystem", single.path.display());
            self.obstacles.push(Obstacle::NoMapping(what));
        }
    }

    /// Whether blocks that were given to a file stay its own when they are overwritten; on btrfs a file may ask for that.
    pub fn overwrites_in_place(&self) -> bool {
        !matches!(self.kind, FsKind::Btrfs | FsKind::F2fs)
    }

    /// A queue that reads [`Ground::node`] past the page cache; it can't write. The device's identity is held against what was found, anew. `prefer`
    /// forces an engine. Errors: no block device, another one at the node, or it may not be opened.
    pub fn reader(&self, prefer: Option<Engine>) -> Result<Box<dyn Queue>, Problem> {
        let Some(medium) = &self.medium else {
            return Err(Problem::refused(
                format!("{} has no block device that could be read", self.name),
                "Name files on a local filesystem.",
            ));
        };
        let mut held = open_read_only(&self.roots, medium)?;
        held.queue(prefer).map_err(|e| {
            Problem::error(
                format!("{} can't be read past the page cache: {e}", medium.identity.path),
                "Check the device and the kernel log.",
            )
        })
    }
}

/// Reads some bytes; offset and length are multiples of 4,096.
fn read(queue: &mut dyn Queue, offset: u64, bytes: usize) -> Result<Vec<u8>, String> {
    let slot = queue.lease().ok_or("no buffer is free")?;
    queue.submit(slot, Op::Read, offset, bytes);
    let done = queue.complete().ok_or("the read was lost")?;
    let head = match &done.result {
        Ok(read) if *read == bytes => Ok(queue.buffer(&done.slot).get(..bytes).map(<[u8]>::to_vec).unwrap_or_default()),
        Ok(read) => Err(format!("only {read} of {bytes} bytes could be read")),
        Err(e) => Err(sys::errno::describe(e)),
    };
    queue.give_back(done.slot);
    head
}
