//! What makes a filesystem let go of what it no longer needs: syncfs(2), FITRIM (`linux/fs.h`) and ext4's checkpoint.
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

mod raw {
    // _IOWR('X', 121, struct fstrim_range)
    nix::ioctl_readwrite!(fitrim, b'X', 121, super::Range);
    // EXT4_IOC_CHECKPOINT: _IOW('f', 43, __u32), by pointer.
    nix::ioctl_write_ptr!(ext4_checkpoint, b'f', 43, u32);
}

#[repr(C)]
struct Range {
    start: u64,
    length: u64,
    least: u64,
}

/// `EXT4_IOC_CHECKPOINT_FLAG_ZEROOUT`: the journal's blocks are overwritten with zeros.
const ZERO_OUT: u32 = 2;

/// Writes everything of the filesystem that holds `file` to its device (syncfs(2)).
pub fn sync_filesystem(file: &File) -> io::Result<()> {
    Ok(nix::unistd::syncfs(file)?)
}

/// Tells the device that the free blocks of this range of the filesystem are not needed (FITRIM); blocks in use are left alone by the
/// filesystem. `bytes` u64::MAX: to the end. Returns the bytes that it told of. Needs CAP_SYS_ADMIN. Errors: EOPNOTSUPP where filesystem or device
/// can't.
pub fn trim(file: &File, first_byte: u64, bytes: u64) -> io::Result<u64> {
    let mut range = Range { start: first_byte, length: bytes, least: 0 };
    // SAFETY: the descriptor is open for the call, and the kernel reads and writes one fstrim_range in a live one.
    unsafe { raw::fitrim(file.as_raw_fd(), &raw mut range) }?;
    Ok(range.length)
}

/// Writes ext4's journal to its places and overwrites it with zeros (EXT4_IOC_CHECKPOINT, since Linux 5.15). Needs CAP_SYS_ADMIN. Errors: ENODEV
/// where it has no journal; ENOTTY where the kernel does not know this.
pub fn checkpoint_ext4(file: &File) -> io::Result<()> {
    let flags = ZERO_OUT;
    // SAFETY: the descriptor is open for the call, and the kernel reads one u32 from a live one.
    unsafe { raw::ext4_checkpoint(file.as_raw_fd(), &raw const flags) }?;
    Ok(())
}
