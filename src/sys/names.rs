//! The names in a directory, read in bounded pieces (getdents64(2)).
#![allow(unsafe_code, reason = "a system call; the block says why it is sound")]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;

/// One name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The inode that the directory says it leads to; on the edge of a mount, the one below.
    pub inode: u64,
    /// The name, any bytes but `/` and NUL.
    pub name: OsString,
    /// Where to go on reading after it ([`seek`]).
    pub next: i64,
}

/// Bytes before the name in `struct linux_dirent64`: inode, offset, record length, type.
const HEAD: usize = 19;

/// Reads on in `directory` where its descriptor stands, at most `buffer` bytes; empty at its end. `.` and `..` are left out, so a
/// piece may hold no name and not be the last: then it is `Some` of an empty list.
///
/// # Errors
/// As getdents64(2); `InvalidData` for an answer that is none.
pub fn read(directory: &File, buffer: &mut [u8]) -> io::Result<Option<Vec<Name>>> {
    // SAFETY: the kernel writes at most `buffer.len()` bytes to a live buffer of that length.
    let got = unsafe { libc::syscall(libc::SYS_getdents64, directory.as_raw_fd(), buffer.as_mut_ptr(), buffer.len()) };
    let Ok(got) = usize::try_from(got) else { return Err(io::Error::last_os_error()) };
    if got == 0 {
        return Ok(None);
    }
    let bytes = buffer.get(..got);
    bytes
        .and_then(parse)
        .map(Some)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the kernel's list of names can't be read"))
}

/// Makes the next [`read`] begin at `position`: 0, or [`Name::next`] of a name.
pub fn seek(directory: &File, position: i64) -> io::Result<()> {
    nix::unistd::lseek(directory, position, nix::unistd::Whence::SeekSet)?;
    Ok(())
}

/// Where the next [`read`] begins; for [`seek`], also on another descriptor of the same directory.
pub fn position(directory: &File) -> io::Result<i64> {
    Ok(nix::unistd::lseek(directory, 0, nix::unistd::Whence::SeekCur)?)
}

fn parse(mut bytes: &[u8]) -> Option<Vec<Name>> {
    let mut names = Vec::new();
    while !bytes.is_empty() {
        let inode = u64::from_ne_bytes(bytes.get(0..8)?.try_into().ok()?);
        let next = i64::from_ne_bytes(bytes.get(8..16)?.try_into().ok()?);
        let length = usize::from(u16::from_ne_bytes(bytes.get(16..18)?.try_into().ok()?));
        let field = bytes.get(HEAD..length)?;
        let end = field.iter().position(|b| *b == 0)?;
        let name = field.get(..end)?;
        // A name that leads elsewhere is no name of an entry.
        if name.is_empty() || name.contains(&b'/') {
            return None;
        }
        if name != b"." && name != b".." {
            names.push(Name { inode, name: OsStr::from_bytes(name).to_os_string(), next });
        }
        bytes = bytes.get(length..)?;
    }
    Some(names)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_name_is_read_once_whatever_the_buffer() {
        let dir = tempfile::tempdir().unwrap();
        let mut expected: Vec<OsString> = (0..300).map(|i| OsString::from(format!("{i:0>40}"))).collect();
        expected.push(OsStr::from_bytes(b"\xff\n\x01").to_os_string());
        for name in &expected {
            std::fs::write(dir.path().join(name), b"").unwrap();
        }
        expected.sort();
        let held = File::open(dir.path()).unwrap();
        for size in [512, 4096, 65536] {
            seek(&held, 0).unwrap();
            let mut found = Vec::new();
            while let Some(piece) = read(&held, &mut vec![0; size]).unwrap() {
                found.extend(piece.into_iter().map(|n| n.name));
            }
            found.sort();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn reading_goes_on_after_any_name_with_another_descriptor() {
        let dir = tempfile::tempdir().unwrap();
        for i in 0..100 {
            std::fs::write(dir.path().join(i.to_string()), b"").unwrap();
        }
        let names = read(&File::open(dir.path()).unwrap(), &mut [0; 65536]).unwrap().unwrap();
        for (at, name) in names.iter().enumerate() {
            let again = File::open(dir.path()).unwrap();
            seek(&again, name.next).unwrap();
            let rest = read(&again, &mut [0; 65536]).unwrap().unwrap_or_default();
            assert_eq!(rest, names[at + 1..]);
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_taken_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..256), length in 0u16..64) {
            let mut bytes = bytes;
            if bytes.len() > 18 {
                bytes[16..18].copy_from_slice(&length.to_ne_bytes());
            }
            for name in parse(&bytes).unwrap_or_default() {
                prop_assert!(!name.name.is_empty() && !name.name.as_bytes().contains(&b'/'));
            }
        }
    }
}
