//! The block devices of this machine, from sysfs, procfs and harmless ioctls. Opens nothing exclusively.

use std::path::{Path, PathBuf};

use crate::media::Medium;
use crate::problem::Problem;

/// Where the kernel's trees are; tests put faked ones here.
#[derive(Debug, Clone)]
pub struct Roots {
    /// `/sys`
    pub sys: PathBuf,
    /// `/proc`
    pub proc: PathBuf,
    /// `/dev`
    pub dev: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Roots { sys: "/sys".into(), proc: "/proc".into(), dev: "/dev".into() }
    }
}

/// One look at the machine.
pub struct Inventory {
    /// Where it looked.
    pub roots: Roots,
}

impl Inventory {
    /// Reads the trees once.
    pub fn read(_roots: Roots) -> Result<Self, Problem> {
        todo!()
    }

    /// Every block device that has a size, whole disks before their partitions; `in use` reasons included.
    pub fn media(&self) -> Result<Vec<Medium>, Problem> {
        todo!()
    }

    /// The block device that `path` names (a node, or a symlink to one such as /dev/disk/by-id/…). Errors name the path: no
    /// such path, not a block device, an empty device (size 0).
    pub fn medium(&self, _path: &Path) -> Result<Medium, Problem> {
        todo!()
    }
}
