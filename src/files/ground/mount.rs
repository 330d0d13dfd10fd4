//! By which mount an open file was reached.

use std::fs::File;

use crate::device::{Mount, Roots, parse_mountinfo};
use crate::sys::node;

/// The mount of `held`, by the number that the kernel gives, else (before Linux 5.8) by the device of its files. Errors: mountinfo can't be
/// read, or does not have it.
pub(super) fn of(roots: &Roots, held: &File) -> Result<Mount, String> {
    let path = roots.proc.join("self/mountinfo");
    let text = std::fs::read(&path).map_err(|e| format!("{} can't be read: {e}", path.display()))?;
    let id = node::mount_id(held).map_err(|e| format!("its mount can't be asked for: {e}"))?;
    let found = match id {
        Some(id) => by_id(&text, id)?,
        None => {
            let stat = node::stat_file(held).map_err(|e| e.to_string())?;
            by_device(&text, node::split_device(stat.device))?
        }
    };
    found.ok_or_else(|| format!("its mount is not in {}: of another namespace, or unmounted", path.display()))
}

/// The mount with this number.
fn by_id(text: &[u8], id: u64) -> Result<Option<Mount>, String> {
    let prefix = format!("{id} ");
    let line = text.split(|b| *b == b'\n').find(|line| line.starts_with(prefix.as_bytes()));
    Ok(line.map(parse_mountinfo).transpose()?.and_then(|mounts| mounts.into_iter().next()))
}

/// The last mount of this device, if all of them are of one kind.
fn by_device(text: &[u8], device: (u32, u32)) -> Result<Option<Mount>, String> {
    let mut mounts: Vec<Mount> = parse_mountinfo(text)?.into_iter().filter(|m| m.device == device).collect();
    let last = mounts.pop();
    Ok(last.filter(|last| mounts.iter().all(|m| m.filesystem == last.filesystem)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &[u8] = b"25 1 254:0 / / rw - ext4 /dev/vda rw\n125 25 0:33 / /a\\040b rw,noatime shared:1 - btrfs /dev/loop0 rw,subvol=/\n";

    #[test]
    fn a_mount_is_found_by_its_whole_number() {
        let found = by_id(TEXT, 125).unwrap().unwrap();
        assert_eq!((found.filesystem.as_str(), found.mount_point.to_str().unwrap()), ("btrfs", "/a b"));
        assert_eq!(by_id(TEXT, 25).unwrap().unwrap().filesystem, "ext4");
        assert_eq!(by_id(TEXT, 2).unwrap(), None);
        assert!(by_id(b"7 broken\n", 7).is_err());
        assert_eq!(by_device(TEXT, (254, 0)).unwrap().unwrap().filesystem, "ext4");
        let two = [TEXT, b"130 25 254:0 / /x rw - xfs /dev/vda rw\n"].concat();
        assert_eq!(by_device(&two, (254, 0)).unwrap(), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in proptest::collection::vec(any::<u8>(), 0..200), id in 0u64..20) {
            let _ = (by_id(&text, id), by_device(&text, (0, 1)));
        }
    }
}
