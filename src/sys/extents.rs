//! Where the blocks of a file lie, and its attributes: FIEMAP, FIBMAP, FS_IOC_GETFLAGS, FS_IOC_FSGETXATTR (`linux/fs.h`,
//! `linux/fiemap.h`). All of it only reads.
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::unistd::{Whence, lseek};

mod raw {
    // _IOWR('f', 11, struct fiemap), whose array of extents follows it.
    nix::ioctl_readwrite_bad!(fiemap, nix::request_code_readwrite!(b'f', 11, 32), super::Fiemap);
    // _IOR('f', 1, long), though the kernel writes an unsigned int.
    nix::ioctl_read_bad!(getflags, nix::request_code_read!(b'f', 1, size_of::<libc::c_long>()), libc::c_uint);
    // _IOR('X', 31, struct fsxattr)
    nix::ioctl_read!(fsgetxattr, b'X', 31, super::FsXattr);
    // _IO(0x00, 1): reads and writes an int.
    nix::ioctl_readwrite_bad!(fibmap, nix::request_code_none!(0, 1), libc::c_int);
    // _IO(0x00, 2): writes an int.
    nix::ioctl_read_bad!(figetbsz, nix::request_code_none!(0, 2), libc::c_int);
}

/// Extents asked for in one call.
const EXTENTS: usize = 64;

#[repr(C)]
#[derive(Clone, Copy)]
struct RawExtent {
    logical: u64,
    physical: u64,
    length: u64,
    reserved: [u64; 2],
    flags: u32,
    reserved_too: [u32; 3],
}

#[repr(C)]
struct Fiemap {
    start: u64,
    length: u64,
    flags: u32,
    mapped_extents: u32,
    extent_count: u32,
    reserved: u32,
    extents: [RawExtent; EXTENTS],
}

#[repr(C)]
#[derive(Default)]
struct FsXattr {
    xflags: u32,
    extsize: u32,
    nextents: u32,
    projid: u32,
    cowextsize: u32,
    pad: [u8; 8],
}

// What the kernel copies: a header of 32 bytes, extents of 56, and 28 bytes.
const _: () = assert!(size_of::<Fiemap>() == 32 + EXTENTS * 56 && size_of::<FsXattr>() == 28);

/// Flags of an extent (`FIEMAP_EXTENT_*`).
pub mod flag {
    /// The last one of the file.
    pub const LAST: u32 = 0x1;
    /// Where it lies is not known.
    pub const UNKNOWN: u32 = 0x2;
    /// Not given a place yet.
    pub const DELALLOC: u32 = 0x4;
    /// Can't be read from the device as it is.
    pub const ENCODED: u32 = 0x8;
    /// Encrypted by the filesystem.
    pub const DATA_ENCRYPTED: u32 = 0x80;
    /// Offsets are not those of whole blocks.
    pub const NOT_ALIGNED: u32 = 0x100;
    /// Inside metadata.
    pub const DATA_INLINE: u32 = 0x200;
    /// In a block with other files' tails.
    pub const DATA_TAIL: u32 = 0x400;
    /// Set aside, never written.
    pub const UNWRITTEN: u32 = 0x800;
    /// Not kept as an extent; made up of single blocks.
    pub const MERGED: u32 = 0x1000;
    /// Others have the same blocks.
    pub const SHARED: u32 = 0x2000;
    /// All of those above; an extent with any other can't be judged.
    pub const KNOWN: u32 = 0x3f8f;
}

/// Attributes as chattr(1) sets them (`FS_*_FL`).
pub mod attribute {
    /// `+c`: compressed.
    pub const COMPRESSED: u32 = 0x4;
    /// `+i`.
    pub const IMMUTABLE: u32 = 0x10;
    /// `+a`.
    pub const APPEND_ONLY: u32 = 0x20;
    /// Encrypted by the filesystem.
    pub const ENCRYPTED: u32 = 0x800;
    /// `+j`: data goes through the journal.
    pub const DATA_JOURNAL: u32 = 0x4000;
    /// Sealed by fs-verity: can't be written.
    pub const VERITY: u32 = 0x10_0000;
    /// `+C`: overwritten in place on btrfs.
    pub const NO_COPY_ON_WRITE: u32 = 0x80_0000;
    /// Content in the inode (ext4).
    pub const INLINE_DATA: u32 = 0x1000_0000;
}

/// `FS_XFLAG_REALTIME`: the content lies on the realtime device of xfs.
pub const XFLAG_REALTIME: u32 = 0x1;

/// One extent as the kernel tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Byte offset in the file.
    pub logical: u64,
    /// Byte offset in the space of the filesystem, which is not that of a device on all of them.
    pub physical: u64,
    /// Bytes.
    pub bytes: u64,
    /// See [`flag`].
    pub flags: u32,
}

/// All extents, past the end of the file too, in order (FIEMAP, repeated until the last one). Syncs nothing: content that is still in memory has
/// [`flag::DELALLOC`]. Errors: as ioctl(2); EOPNOTSUPP where the filesystem has no FIEMAP; InvalidData for an answer that goes backwards.
pub fn fiemap(file: &File) -> io::Result<Vec<Told>> {
    let mut all: Vec<Told> = Vec::new();
    let mut start = 0;
    loop {
        let empty = RawExtent { logical: 0, physical: 0, length: 0, reserved: [0; 2], flags: 0, reserved_too: [0; 3] };
        let mut request = Fiemap {
            start,
            length: u64::MAX - start,
            flags: 0,
            mapped_extents: 0,
            #[allow(clippy::cast_possible_truncation, reason = "64")]
            extent_count: EXTENTS as u32,
            reserved: 0,
            extents: [empty; EXTENTS],
        };
        // SAFETY: the descriptor is open for the call; the kernel reads the header and writes it and at most `extent_count` extents behind
        // it, all of them within the live `request`, every bit pattern of which is valid.
        unsafe { raw::fiemap(file.as_raw_fd(), &raw mut request) }?;
        let mapped = usize::try_from(request.mapped_extents).unwrap_or(usize::MAX);
        let told = request.extents.get(..mapped).ok_or(io::ErrorKind::InvalidData)?;
        let Some(last) = told.last() else { return Ok(all) };
        for raw in told {
            let extent = Told { logical: raw.logical, physical: raw.physical, bytes: raw.length, flags: raw.flags };
            let before = all.last().map_or(0, |e| e.logical.saturating_add(e.bytes));
            if extent.logical < before || extent.logical.checked_add(extent.bytes).is_none() {
                return Err(io::ErrorKind::InvalidData.into());
            }
            all.push(extent);
        }
        let end = last.logical.saturating_add(last.length);
        if last.flags & flag::LAST != 0 {
            return Ok(all);
        }
        if end <= start {
            return Err(io::ErrorKind::InvalidData.into());
        }
        start = end;
    }
}

/// The filesystem's block that holds block `number` of the file (FIBMAP), 0 for a hole. Needs CAP_SYS_RAWIO. Errors: as ioctl(2); ERANGE for
/// blocks beyond what an int can tell.
pub fn block_of(file: &File, number: u64) -> io::Result<u64> {
    let mut value = libc::c_int::try_from(number).map_err(|_| io::Error::from_raw_os_error(libc::ERANGE))?;
    // SAFETY: the descriptor is open for the call, and the kernel reads and writes one int in a live int.
    unsafe { raw::fibmap(file.as_raw_fd(), &raw mut value) }?;
    u64::try_from(value).map_err(|_| io::Error::from_raw_os_error(libc::ERANGE))
}

/// Bytes of the filesystem's blocks (FIGETBSZ).
pub fn block_bytes(file: &File) -> io::Result<u32> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one int to a live int.
    unsafe { raw::figetbsz(file.as_raw_fd(), &raw mut value) }?;
    u32::try_from(value).ok().filter(|b| *b > 0).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Attributes of the file (FS_IOC_GETFLAGS, see [`attribute`]); `None` where the filesystem has none.
pub fn attributes(file: &File) -> io::Result<Option<u32>> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one unsigned int to a live one.
    answered(unsafe { raw::getflags(file.as_raw_fd(), &raw mut value) }).map(|there| there.then_some(value))
}

/// Extended attributes of the file in the sense of xfs (FS_IOC_FSGETXATTR); `None` where the filesystem has none.
pub fn extended_flags(file: &File) -> io::Result<Option<u32>> {
    let mut value = FsXattr::default();
    // SAFETY: the descriptor is open for the call, and the kernel writes one fsxattr to a live one.
    answered(unsafe { raw::fsgetxattr(file.as_raw_fd(), &raw mut value) }).map(|there| there.then_some(value.xflags))
}

fn answered(result: nix::Result<libc::c_int>) -> io::Result<bool> {
    match result {
        Ok(_) => Ok(true),
        Err(nix::Error::ENOTTY | nix::Error::EOPNOTSUPP | nix::Error::ENOSYS) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// The parts of the first `bytes` bytes of a file that are no holes: offset and length (lseek(2), SEEK_DATA and SEEK_HOLE); all of it where the
/// filesystem does not tell.
pub fn data(file: &File, bytes: u64) -> io::Result<Vec<(u64, u64)>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < bytes {
        let from = i64::try_from(at).map_err(io::Error::other)?;
        let start = match lseek(file, from, Whence::SeekData) {
            Ok(start) => u64::try_from(start).map_err(io::Error::other)?,
            Err(Errno::ENXIO) => break,
            Err(Errno::EINVAL | Errno::EOPNOTSUPP) => return Ok(vec![(0, bytes)]),
            Err(error) => return Err(error.into()),
        };
        let end = lseek(file, i64::try_from(start).map_err(io::Error::other)?, Whence::SeekHole)?;
        let end = u64::try_from(end).map_err(io::Error::other)?.min(bytes);
        if start >= bytes || end <= start {
            break;
        }
        parts.push((start, end - start));
        at = end;
    }
    Ok(parts)
}
