//! Block-device ioctls that only read, or only drop caches, as safe functions over a file (`linux/fs.h`, `linux/loop.h`).
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

mod raw {
    // _IOR(0x12, 114, size_t), though the kernel writes a u64.
    nix::ioctl_read_bad!(blkgetsize64, nix::request_code_read!(0x12, 114, size_of::<usize>()), u64);
    // _IO(0x12, 104); writes an int.
    nix::ioctl_read_bad!(blksszget, nix::request_code_none!(0x12, 104), libc::c_int);
    // _IO(0x12, 123); writes an unsigned int.
    nix::ioctl_read_bad!(blkpbszget, nix::request_code_none!(0x12, 123), libc::c_uint);
    // _IO(0x12, 94); writes an int.
    nix::ioctl_read_bad!(blkroget, nix::request_code_none!(0x12, 94), libc::c_int);
    // _IO(0x12, 97); takes nothing.
    nix::ioctl_none_bad!(blkflsbuf, nix::request_code_none!(0x12, 97));
    // _IOR(0x12, 128, __u64)
    nix::ioctl_read!(blkgetdiskseq, 0x12, 128, u64);
    // LOOP_GET_STATUS64
    nix::ioctl_read_bad!(loop_get_status64, 0x4C05, super::LoopInfo64);
}

/// Size in bytes (BLKGETSIZE64). Errors: ENOTTY for what is no block device.
pub fn size_bytes(file: &File) -> io::Result<u64> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one u64 to a live u64.
    unsafe { raw::blkgetsize64(file.as_raw_fd(), &raw mut value) }?;
    Ok(value)
}

/// Logical block size in bytes (BLKSSZGET).
pub fn logical_block_bytes(file: &File) -> io::Result<u32> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one int to a live int.
    unsafe { raw::blksszget(file.as_raw_fd(), &raw mut value) }?;
    u32::try_from(value).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
}

/// Physical block size in bytes (BLKPBSZGET).
pub fn physical_block_bytes(file: &File) -> io::Result<u32> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one unsigned int to a live one.
    unsafe { raw::blkpbszget(file.as_raw_fd(), &raw mut value) }?;
    Ok(value)
}

/// Whether the device is read-only now (BLKROGET).
pub fn is_read_only(file: &File) -> io::Result<bool> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one int to a live int.
    unsafe { raw::blkroget(file.as_raw_fd(), &raw mut value) }?;
    Ok(value != 0)
}

/// Writes back and drops what the page cache holds of the device (BLKFLSBUF). Needs CAP_SYS_ADMIN.
pub fn flush_buffers(file: &File) -> io::Result<()> {
    // SAFETY: the descriptor is open for the call; the command takes no argument.
    unsafe { raw::blkflsbuf(file.as_raw_fd()) }?;
    Ok(())
}

/// The kernel's disk sequence number (BLKGETDISKSEQ, since Linux 5.15); `None` where the kernel has none.
pub fn disk_sequence(file: &File) -> io::Result<Option<u64>> {
    let mut value = 0;
    // SAFETY: the descriptor is open for the call, and the kernel writes one u64 to a live u64.
    match unsafe { raw::blkgetdiskseq(file.as_raw_fd(), &raw mut value) } {
        Ok(_) => Ok(Some(value)),
        Err(nix::errno::Errno::ENOTTY | nix::errno::Errno::EINVAL) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// `struct loop_info64` (`linux/loop.h`).
#[repr(C)]
#[derive(Clone, Copy)]
struct LoopInfo64 {
    device: u64,
    inode: u64,
    rdevice: u64,
    offset: u64,
    size_limit: u64,
    number: u32,
    encrypt_type: u32,
    encrypt_key_size: u32,
    flags: u32,
    file_name: [u8; 64],
    crypt_name: [u8; 64],
    encrypt_key: [u8; 32],
    init: [u64; 2],
}

/// What a loop device stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoopStatus {
    /// Device number of the filesystem that holds the backing file, as in `st_dev`.
    pub device: u64,
    /// Inode number of the backing file.
    pub inode: u64,
    /// Device number that the backing file itself stands for, as in `st_rdev`, where it is a device node; else 0.
    pub backing_device: u64,
}

/// What a loop device stands on (LOOP_GET_STATUS64). Errors: ENXIO where nothing is attached.
pub fn loop_status(file: &File) -> io::Result<LoopStatus> {
    let mut info = LoopInfo64 {
        device: 0,
        inode: 0,
        rdevice: 0,
        offset: 0,
        size_limit: 0,
        number: 0,
        encrypt_type: 0,
        encrypt_key_size: 0,
        flags: 0,
        file_name: [0; 64],
        crypt_name: [0; 64],
        encrypt_key: [0; 32],
        init: [0; 2],
    };
    // SAFETY: the descriptor is open for the call, and the kernel writes one loop_info64 to a live value of that layout,
    // every bit pattern of which is valid.
    unsafe { raw::loop_get_status64(file.as_raw_fd(), &raw mut info) }?;
    Ok(LoopStatus { device: info.device, inode: info.inode, backing_device: info.rdevice })
}

// The kernel copies exactly this many bytes.
const _: () = assert!(size_of::<LoopInfo64>() == 232);
