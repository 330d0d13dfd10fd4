//! What btrfs says of itself: its devices, and where its chunks lie (`linux/btrfs.h`). All of it only reads.
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

mod raw {
    nix::ioctl_read!(fs_info, 0x94, 31, super::FsInfo);
    nix::ioctl_readwrite!(dev_info, 0x94, 30, super::DevInfo);
    // _IOWR(0x94, 17, struct btrfs_ioctl_search_args_v2), whose buffer follows it.
    nix::ioctl_readwrite_bad!(tree_search, nix::request_code_readwrite!(0x94, 17, 112), super::Search);
}

#[repr(C)]
struct FsInfo {
    max_id: u64,
    num_devices: u64,
    fsid: [u8; 16],
    node_size: u32,
    sector_size: u32,
    clone_alignment: u32,
    csum_type: u16,
    csum_size: u16,
    flags: u64,
    rest: [u64; 121],
}

#[repr(C)]
struct DevInfo {
    devid: u64,
    uuid: [u8; 16],
    bytes_used: u64,
    total_bytes: u64,
    rest: [u64; 379],
    path: [u8; 1024],
}

/// Bytes for the items of one answer.
const ROOM: usize = 64 << 10;

#[repr(C)]
struct Search {
    tree: u64,
    min_objectid: u64,
    max_objectid: u64,
    min_offset: u64,
    max_offset: u64,
    min_transaction: u64,
    max_transaction: u64,
    min_kind: u32,
    max_kind: u32,
    items: u32,
    unused: u32,
    unused_too: [u64; 4],
    room: u64,
    answer: [u8; ROOM],
}

// What the kernel copies.
const _: () = assert!(size_of::<FsInfo>() == 1024 && size_of::<DevInfo>() == 4096 && size_of::<Search>() == 112 + ROOM);

/// A btrfs filesystem (BTRFS_IOC_FS_INFO).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filesystem {
    /// How many devices it has.
    pub devices: u64,
    /// The highest number of a device.
    pub highest_device: u64,
    /// Its UUID.
    pub uuid: [u8; 16],
    /// Bytes of its sectors: the unit of extents.
    pub sector_bytes: u32,
}

/// A device of one (BTRFS_IOC_DEV_INFO).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its number.
    pub number: u64,
    /// Its UUID within the filesystem.
    pub uuid: [u8; 16],
    /// The node that it was found by, when it was mounted.
    pub path: PathBuf,
}

/// The filesystem that holds `file`. Errors: ENOTTY for any other.
pub fn filesystem(file: &File) -> io::Result<Filesystem> {
    let mut info = FsInfo {
        max_id: 0,
        num_devices: 0,
        fsid: [0; 16],
        node_size: 0,
        sector_size: 0,
        clone_alignment: 0,
        csum_type: 0,
        csum_size: 0,
        flags: 0,
        rest: [0; 121],
    };
    // SAFETY: the descriptor is open for the call, and the kernel reads and writes 1,024 bytes in a live value of that size.
    unsafe { raw::fs_info(file.as_raw_fd(), &raw mut info) }?;
    Ok(Filesystem {
        devices: info.num_devices,
        highest_device: info.max_id,
        uuid: info.fsid,
        sector_bytes: info.sector_size,
    })
}

/// Its device of this number. Errors: ENODEV where there is none.
pub fn device(file: &File, number: u64) -> io::Result<Device> {
    let mut info =
        DevInfo { devid: number, uuid: [0; 16], bytes_used: 0, total_bytes: 0, rest: [0; 379], path: [0; 1024] };
    // SAFETY: the descriptor is open for the call, and the kernel reads and writes 4,096 bytes in a live value of that size.
    unsafe { raw::dev_info(file.as_raw_fd(), &raw mut info) }?;
    let path = info.path.split(|b| *b == 0).next().unwrap_or_default();
    Ok(Device { number: info.devid, uuid: info.uuid, path: OsString::from_vec(path.to_vec()).into() })
}

/// The items of the chunk tree from logical byte `from` on, as many as one answer holds: how many, and each with its header, back to back
/// (BTRFS_IOC_TREE_SEARCH_V2). Needs CAP_SYS_ADMIN.
pub fn chunk_items(file: &File, from: u64) -> io::Result<(u32, Vec<u8>)> {
    /// BTRFS_CHUNK_TREE_OBJECTID, BTRFS_FIRST_CHUNK_TREE_OBJECTID and BTRFS_CHUNK_ITEM_KEY (`linux/btrfs_tree.h`).
    const TREE: u64 = 3;
    const OBJECT: u64 = 256;
    const KIND: u32 = 228;
    let mut search = Box::new(Search {
        tree: TREE,
        min_objectid: OBJECT,
        max_objectid: OBJECT,
        min_offset: from,
        max_offset: u64::MAX,
        min_transaction: 0,
        max_transaction: u64::MAX,
        min_kind: KIND,
        max_kind: KIND,
        items: u32::MAX,
        unused: 0,
        unused_too: [0; 4],
        room: ROOM as u64,
        answer: [0; ROOM],
    });
    // SAFETY: the descriptor is open for the call; the kernel reads and writes the head and at most `room` bytes behind it, all of them within
    // the live box, every bit pattern of which is valid.
    unsafe { raw::tree_search(file.as_raw_fd(), &raw mut *search) }?;
    Ok((search.items, search.answer.to_vec()))
}
