//! Attributes in sysfs, read with a bound and taken for what they are: bytes from a device that may be hostile.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::wire::printable;

/// No attribute is larger than a page, no VPD page larger than this.
const MOST_BYTES: u64 = 64 << 10;

/// The bytes of an attribute; `None` where there is none. Errors: it is there and can't be read, or is longer than any attribute.
pub(super) fn bytes(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if is_missing(&e) => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut content = Vec::new();
    match file.take(MOST_BYTES + 1).read_to_end(&mut content) {
        Ok(_) if content.len() as u64 > MOST_BYTES => Err(io::ErrorKind::InvalidData.into()),
        Ok(_) => Ok(Some(content)),
        Err(e) if is_missing(&e) => Ok(None),
        Err(e) => Err(e),
    }
}

/// The attribute as one line of printable text, or `None` where there is none that can be read.
pub(super) fn text(path: &Path) -> Option<String> {
    printable(&bytes(path).ok()??)
}

/// The attribute as a decimal number.
pub(super) fn number(path: &Path) -> Option<u64> {
    text(path)?.parse().ok()
}

/// The attribute as 0 or 1.
pub(super) fn flag(path: &Path) -> Option<bool> {
    match number(path)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// The attribute as `major:minor`.
pub(super) fn device_number(path: &Path) -> Option<(u32, u32)> {
    let text = text(path)?;
    let (major, minor) = text.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The entries of a directory, sorted; empty where there is none. Errors: it is there and can't be read.
pub(super) fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let listing = match std::fs::read_dir(directory) {
        Ok(listing) => listing,
        Err(e) if is_missing(&e) => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut paths = listing.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Last component of a path, as text.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// No such attribute or device, or one that went while it was read (ENODEV, ENXIO).
fn is_missing(error: &io::Error) -> bool {
    use crate::sys::open::{Cause, cause};
    matches!(cause(error), Cause::Missing | Cause::Gone)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hostile_attributes_are_bounded_and_made_printable() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let put = |content: &[u8]| std::fs::write(&path, content).unwrap();
        assert_eq!(bytes(&path).unwrap(), None);
        put(b"no newline");
        assert_eq!(text(&path).as_deref(), Some("no newline"));
        put(b"  \xff\xfe\x1b[2J evil \n");
        assert_eq!(text(&path).as_deref(), Some("???[2J evil"));
        put(b" \n");
        assert_eq!(text(&path), None);
        put(&vec![b'1'; 1 << 20]);
        assert!(bytes(&path).is_err());
        assert_eq!((text(&path), number(&path)), (None, None));
        put(&vec![b'1'; 4096]);
        assert_eq!(text(&path).unwrap().len(), 256);
        put(b"8:99999999999999999999\n");
        assert_eq!(device_number(&path), None);
        put(b"8:1\n");
        assert_eq!(device_number(&path), Some((8, 1)));
    }
}
