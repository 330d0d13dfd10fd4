//! Which targets a device-mapper device is made of (`linux/dm-ioctl.h`). Only reads, and asks for the status rather than the table, in which
//! keys may stand.
#![allow(unsafe_code, reason = "system calls; each block says why it is sound")]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

mod raw {
    // _IOWR(0xfd, 12, struct dm_ioctl), whose data follow it.
    nix::ioctl_readwrite_bad!(table_status, nix::request_code_readwrite!(0xfd, 12, 312), super::Request);
}

const ROOM: usize = 64 << 10;
const HEAD: usize = 312;
/// DM_BUFFER_FULL_FLAG
const BUFFER_FULL: u32 = 1 << 8;
/// Bytes of a `struct dm_target_spec`.
const SPEC: usize = 40;

#[repr(C)]
struct Request {
    version: [u32; 3],
    data_size: u32,
    data_start: u32,
    target_count: u32,
    open_count: i32,
    flags: u32,
    event: u32,
    padding: u32,
    device: u64,
    name: [u8; 128],
    uuid: [u8; 129],
    padding_too: [u8; 7],
    data: [u8; ROOM],
}

const _: () = assert!(size_of::<Request>() == HEAD + ROOM);

/// The kinds of target (`linear`, `crypt`, `thin` …) that the device `major:minor` is made of, in order (DM_TABLE_STATUS on
/// `/dev/mapper/control`). Needs CAP_SYS_ADMIN. Errors: ENXIO where it is no device of the mapper; InvalidData for an answer that can't be read.
pub fn targets(control: &Path, number: (u32, u32)) -> io::Result<Vec<String>> {
    let file = File::options().read(true).write(true).open(control)?;
    let mut request = Box::new(Request {
        version: [4, 0, 0],
        #[allow(clippy::cast_possible_truncation, reason = "64 KiB")]
        data_size: (HEAD + ROOM) as u32,
        data_start: 312,
        target_count: 0,
        open_count: 0,
        flags: 0,
        event: 0,
        padding: 0,
        device: libc::makedev(number.0, number.1),
        name: [0; 128],
        uuid: [0; 129],
        padding_too: [0; 7],
        data: [0; ROOM],
    });
    // SAFETY: the descriptor is open for the call; the kernel reads and writes at most `data_size` bytes, which is the size of the live box,
    // every bit pattern of which is valid.
    unsafe { raw::table_status(file.as_raw_fd(), &raw mut *request) }?;
    let start = usize::try_from(request.data_start).ok().and_then(|at| at.checked_sub(HEAD));
    let data = start.and_then(|at| request.data.get(at..));
    let parsed = data.filter(|_| request.flags & BUFFER_FULL == 0).and_then(|data| parse(data, request.target_count));
    parsed.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The kinds of `count` targets in `data`; `None` where there are not that many, none, or one without a name.
fn parse(data: &[u8], count: u32) -> Option<Vec<String>> {
    let mut kinds = Vec::new();
    let mut at = 0;
    for number in 0..count {
        let spec = data.get(at..)?.get(..SPEC)?;
        let name = spec.get(24..)?.split(|b| *b == 0).next().filter(|n| !n.is_empty())?;
        kinds.push(String::from_utf8_lossy(name).into_owned());
        let next = usize::try_from(u32::from_ne_bytes(spec.get(20..24)?.try_into().ok()?)).ok()?;
        if number + 1 < count && next < at + SPEC {
            return None;
        }
        at = next;
    }
    (!kinds.is_empty()).then_some(kinds)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spec(next: u32, kind: &str) -> Vec<u8> {
        let mut spec = vec![0; 20];
        spec.extend(next.to_ne_bytes());
        spec.extend(kind.as_bytes());
        spec.resize(SPEC, 0);
        spec
    }

    #[test]
    fn targets_are_found_behind_their_status_and_a_broken_answer_is_none() {
        let mut data = spec(48, "snapshot-origin");
        data.extend(b"253:1\0\0\0");
        data.extend(spec(88, "linear"));
        assert_eq!(parse(&data, 2).unwrap(), ["snapshot-origin", "linear"]);
        assert_eq!(parse(&data, 0), None);
        assert_eq!(parse(&data, 3), None);
        assert_eq!(parse(&[spec(0, "linear"), spec(0, "thin")].concat(), 2), None);
        assert_eq!(parse(&spec(40, ""), 1), None);
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(data in proptest::collection::vec(any::<u8>(), 0..400), count in 0u32..5) {
            if let Some(kinds) = parse(&data, count) {
                prop_assert_eq!(kinds.len(), count as usize);
            }
        }
    }
}
