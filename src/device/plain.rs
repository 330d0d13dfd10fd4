//! A plain file that stands in for a device (demo and tests).

use std::fs::File;
use std::path::{Path, PathBuf};

use super::clearance::Held;
use crate::io::{Engine, Queue, Shape, open_queue};
use crate::media::{Backing, Bus, Identity, Layer, Medium, Node, Rotation, Zoned};
use crate::problem::Problem;
use crate::sys;
use crate::sys::node::FileKind;
use crate::sys::open::{Cause, cause};

/// Block size that every filesystem's O_DIRECT accepts.
const BLOCK: u32 = 4096;

struct HeldFile {
    path: PathBuf,
    file: File,
}

/// Opens a plain file as a stand-in for a device: O_RDWR | O_DIRECT | O_CLOEXEC | O_NOFOLLOW, and an exclusive lock (flock) as long as it
/// is held. Errors: not a regular file, empty or a size that is no multiple of 4,096 bytes, locked by another process, a
/// filesystem without O_DIRECT.
pub fn open_plain_file(path: &Path) -> Result<(Medium, Box<dyn Held>), Problem> {
    let shown = path.display();
    let not_plain =
        || Problem::refused(format!("{shown} is not a plain file"), "Name a regular file, not a link or device.");
    let file = sys::open::plain_direct(path).map_err(|e| match cause(&e) {
        Cause::Missing => Problem::error(format!("{shown}: no such file"), "Check the path."),
        Cause::Symlink => not_plain(),
        Cause::Invalid => Problem::error(
            format!("the filesystem of {shown} refuses direct I/O (O_DIRECT)"),
            "Use another directory, on ext4, xfs or btrfs.",
        ),
        _ if path.is_dir() => not_plain(),
        _ => Problem::error(format!("{shown} can't be opened: {e}"), "Check the path and your permissions."),
    })?;
    let held = HeldFile { path: path.to_path_buf(), file };
    let stat = sys::node::stat_file(&held.file).map_err(|e| {
        Problem::error(format!("{shown} can't be looked at: {e}"), "Check the file and its filesystem.")
    })?;
    if stat.kind != FileKind::Regular {
        return Err(not_plain());
    }
    if stat.size_bytes == 0 || stat.size_bytes % u64::from(BLOCK) != 0 {
        return Err(Problem::error(
            format!("{shown} has {} bytes, which is not a multiple of {BLOCK} above 0", stat.size_bytes),
            format!("Make it a multiple of {BLOCK} bytes: truncate --size=%{BLOCK} FILE."),
        ));
    }
    held.file.try_lock().map_err(|e| match e {
        std::fs::TryLockError::WouldBlock => {
            Problem::refused(format!("{shown} is locked by another process"), "Wait until that process has ended.")
        }
        std::fs::TryLockError::Error(e) => {
            Problem::error(format!("{shown} can't be locked: {e}"), "Use a directory on a local filesystem.")
        }
    })?;
    let identity = held.identity_now().map_err(|what| Problem::error(format!("{shown}: {what}"), "Check the file."))?;
    let medium = Medium {
        layers: vec![Layer {
            kind: "plain-file".into(),
            detail: format!("the file {}, on a filesystem", identity.path),
        }],
        identity,
        node: Node::File,
        bus: Bus::File,
        rotation: Rotation::Unknown,
        removable: false,
        read_only: false,
        zoned: Zoned::None,
        partitions: Vec::new(),
        partition_of: None,
        signatures: None,
        other_paths: Vec::new(),
        siblings: Some(Vec::new()),
        capabilities: None,
        uses: Vec::new(),
        max_io_bytes: 0,
        optimal_io_bytes: 0,
    };
    Ok((medium, Box::new(held)))
}

impl Held for HeldFile {
    fn identity_now(&self) -> Result<Identity, String> {
        let stat = sys::node::stat_file(&self.file).map_err(|e| format!("the held descriptor can't be read: {e}"))?;
        let path = self.path.to_string_lossy().into_owned();
        Ok(Identity {
            kernel_name: super::sysfs::name(&self.path),
            device_number: (0, 0),
            vendor: None,
            model: None,
            firmware: None,
            serial: None,
            wwn: None,
            size_bytes: stat.size_bytes,
            offset_bytes: 0,
            logical_block_bytes: BLOCK,
            physical_block_bytes: BLOCK,
            disk_sequence: None,
            backing: Some(Backing { path: path.clone(), device: Some(stat.device), inode: Some(stat.inode) }),
            path,
        })
    }

    fn queue(&mut self, prefer: Option<Engine>) -> std::io::Result<Box<dyn Queue>> {
        let shape = Shape { logical_block_bytes: BLOCK, max_io_bytes: 0, optimal_io_bytes: 0 };
        open_queue(self.file.try_clone()?, shape, prefer)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::problem::Kind;

    fn refusal(path: &Path) -> Problem {
        open_plain_file(path).err().unwrap()
    }

    #[test]
    fn a_file_is_held_with_its_identity_and_nobody_else_gets_it() {
        let dir = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        let path = dir.path().join("disk.img");
        std::fs::write(&path, vec![0; 8192]).unwrap();
        let (medium, held) = open_plain_file(&path).unwrap();
        assert_eq!((medium.identity.size_bytes, medium.bus, medium.node), (8192, Bus::File, Node::File));
        assert_eq!(medium.layers[0].kind, "plain-file");
        let other = refusal(&path);
        assert_eq!(other.kind, Kind::Refused);
        assert!(other.what.contains("locked"), "{other}");
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(4096).unwrap();
        let now = held.identity_now().unwrap();
        assert!(medium.identity.difference(&now, false).unwrap().contains("size"));
        drop(held);
        assert!(open_plain_file(&path).is_ok());
    }
}
