//! Filesystems on loop images of the test's own, in every way of keeping data that this kernel has.

use std::path::{Path, PathBuf};

use crate::support::disk::{Image, Loop, Mount, Scratch};
use crate::support::{MIB, run};

/// A filesystem and how it keeps data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Ext4,
    Ext4Journal,
    Ext4Inline,
    Xfs,
    Btrfs,
    BtrfsZstd,
    BtrfsNodatacow,
    BtrfsSnapshot,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Ext4,
        Kind::Ext4Journal,
        Kind::Ext4Inline,
        Kind::Xfs,
        Kind::Btrfs,
        Kind::BtrfsZstd,
        Kind::BtrfsNodatacow,
        Kind::BtrfsSnapshot,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Ext4 => "ext4, data=ordered",
            Kind::Ext4Journal => "ext4, data=journal",
            Kind::Ext4Inline => "ext4, inline_data",
            Kind::Xfs => "xfs, reflink=1",
            Kind::Btrfs => "btrfs",
            Kind::BtrfsZstd => "btrfs, compress=zstd",
            Kind::BtrfsNodatacow => "btrfs, nodatacow (chattr +C)",
            Kind::BtrfsSnapshot => "btrfs, nodatacow, then snapshotted",
        }
    }

    fn bytes(self) -> u64 {
        match self {
            Kind::Ext4 | Kind::Ext4Journal | Kind::Ext4Inline => 64 * MIB,
            // The least that mkfs.xfs makes.
            Kind::Xfs => 300 * MIB,
            _ => 160 * MIB,
        }
    }

    pub fn is_btrfs(self) -> bool {
        !matches!(self, Kind::Ext4 | Kind::Ext4Journal | Kind::Ext4Inline | Kind::Xfs)
    }

    pub fn has_reflinks(self) -> bool {
        self == Kind::Xfs || self.is_btrfs()
    }

    fn type_and_options(self) -> (&'static str, &'static str) {
        match self {
            Kind::Ext4 | Kind::Ext4Inline => ("ext4", "data=ordered"),
            Kind::Ext4Journal => ("ext4", "data=journal"),
            Kind::Xfs => ("xfs", "nouuid"),
            Kind::BtrfsZstd => ("btrfs", "compress=zstd"),
            _ => ("btrfs", "rw"),
        }
    }

    fn format(self, image: &Image) {
        let path = image.path().to_str().unwrap();
        let journal = if image.size() < 64 * MIB { "size=4" } else { "size=8" };
        // With what mke2fs would choose for an image this small, blocks were of 1 KiB.
        let ext4 = ["-q", "-F", "-t", "ext4", "-b", "4096", "-J", journal, "-E", "lazy_itable_init=0"];
        match self {
            Kind::Ext4 | Kind::Ext4Journal => run("mke2fs", &[&ext4[..], &[path]].concat()),
            Kind::Ext4Inline => run("mke2fs", &[&ext4[..], &["-O", "inline_data", "-I", "256", path]].concat()),
            Kind::Xfs => run("mkfs.xfs", &["-q", "-m", "reflink=1", path]),
            _ => run("mkfs.btrfs", &["-q", "--metadata", "dup", path]),
        };
    }

    /// A fresh filesystem in an image at `path`.
    pub fn make(self, path: PathBuf) -> Image {
        let image = Image::blank(path, self.bytes());
        self.format(&image);
        image
    }

    /// A fresh filesystem of another size.
    pub fn make_sized(self, path: PathBuf, bytes: u64) -> Image {
        let image = Image::blank(path, bytes);
        self.format(&image);
        image
    }
}

/// A filesystem, mounted; unmounted and its loop device gone on drop.
pub struct Mounted {
    // Dropped in this order.
    mount: Mount,
    device: Loop,
}

impl Mounted {
    pub fn over(kind: Kind, image: &Path, at: &Path) -> Self {
        Self::on(kind, Loop::attach(image), at, "")
    }

    /// With further mount options, each begun by a comma.
    pub fn on(kind: Kind, device: Loop, at: &Path, more: &str) -> Self {
        let (name, options) = kind.type_and_options();
        Mounted { mount: Mount::make(name, device.name(), at, &format!("{options}{more}")), device }
    }

    pub fn path(&self) -> &Path {
        self.mount.path()
    }

    pub fn device(&self) -> &Loop {
        &self.device
    }

    /// Unmounts, and waits until the last byte is in the image.
    pub fn unmount(self) {
        let Mounted { mount, device } = self;
        drop(mount);
        device.detach();
    }
}

/// An image with a filesystem, mounted, in a scratch directory of its own: for tests that need one and no more.
pub struct Ground {
    // Dropped in this order.
    mounted: Option<Mounted>,
    kind: Kind,
    pub image: Image,
    pub scratch: Scratch,
}

impl Ground {
    pub fn make(kind: Kind, mib: u64) -> Self {
        let scratch = Scratch::with_room(mib + 64);
        let image = kind.make_sized(scratch.join("filesystem.img"), mib * MIB);
        let mounted = Mounted::over(kind, image.path(), &scratch.join("mnt"));
        Ground { mounted: Some(mounted), kind, image, scratch }
    }

    pub fn mounted(&self) -> &Mounted {
        self.mounted.as_ref().expect("mounted")
    }

    /// A path on the filesystem.
    pub fn at(&self, name: &str) -> PathBuf {
        self.mounted().path().join(name)
    }

    /// Mounts it again after [`Ground::unmount`].
    pub fn mount(&mut self) {
        self.mounted = Some(Mounted::over(self.kind, self.image.path(), &self.scratch.join("mnt")));
    }

    pub fn unmount(&mut self) {
        self.mounted.take().expect("mounted").unmount();
    }
}

/// Puts `content` into `path` and waits until it is on the device.
pub fn plant(path: &Path, content: &[u8]) {
    use std::io::Write;
    let mut file = std::fs::File::options().create(true).truncate(false).write(true).open(path).unwrap();
    file.write_all(content).unwrap();
    file.sync_all().unwrap();
}
