//! btrfs: which device it is on, and where its logical addresses lie there.

use std::fs::File;
use std::path::PathBuf;

use crate::media::ByteRange;
use crate::sys;

/// Where the first superblock lies, and how much of it is read.
pub(super) const SUPERBLOCK: u64 = 64 << 10;
pub(super) const SUPERBLOCK_BYTES: usize = 4096;
const MAGIC: &[u8] = b"_BHRfS_M";
/// BTRFS_BLOCK_GROUP_DATA, and with metadata in the same chunk. Any further bit is a profile other than `single`, or unknown.
const DATA: u64 = 1;
const MIXED: u64 = 5;
/// Bytes of a `struct btrfs_ioctl_search_header`, of a `struct btrfs_chunk` before its stripes, and of a stripe.
const HEADER: usize = 32;
const CHUNK: usize = 48;
const STRIPE: usize = 32;

/// The one device of a btrfs filesystem, by the filesystem's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Single {
    pub filesystem: [u8; 16],
    pub number: u64,
    pub uuid: [u8; 16],
    pub path: PathBuf,
}

/// The only device of the filesystem that holds `held`. Errors: it has several, or can't be asked.
pub(super) fn single(held: &File) -> Result<Single, String> {
    let info = sys::btrfs::filesystem(held).map_err(|e| format!("btrfs does not tell of its devices: {e}"))?;
    if info.devices != 1 {
        return Err(format!("the btrfs filesystem has {} devices; only one is supported", info.devices));
    }
    let device = (1..=info.highest_device.min(1024)).find_map(|number| sys::btrfs::device(held, number).ok());
    let device = device.ok_or("btrfs does not tell of its device")?;
    Ok(Single { filesystem: info.uuid, number: device.number, uuid: device.uuid, path: device.path })
}

impl Single {
    /// Whether this superblock is that of the filesystem's device.
    pub fn is_described_by(&self, superblock: &[u8]) -> bool {
        let has = |at: usize, bytes: &[u8]| superblock.get(at..).is_some_and(|rest| rest.starts_with(bytes));
        // struct btrfs_super_block: fsid, magic, and in dev_item number and uuid.
        has(0x20, &self.filesystem)
            && has(0x40, MAGIC)
            && has(0xc9, &self.number.to_le_bytes())
            && has(0x10b, &self.uuid)
    }
}

/// One chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Chunk {
    logical: u64,
    bytes: u64,
    kind: u64,
    stripes: u16,
    device: u64,
    physical: u64,
    uuid: [u8; 16],
}

/// Where logical addresses lie, as of one look at the chunk tree.
#[derive(Debug)]
pub(super) struct Chunks {
    chunks: Vec<Chunk>,
}

impl Chunks {
    /// Reads the chunk tree anew: a balance gives addresses another place, and the highest address can be given out again.
    pub fn read(held: &File) -> Result<Chunks, String> {
        let mut chunks: Vec<Chunk> = Vec::new();
        loop {
            let from = chunks.last().map_or(0, |c| c.logical.saturating_add(1));
            let (count, items) =
                sys::btrfs::chunk_items(held, from).map_err(|e| format!("the chunk tree can't be read: {e}"))?;
            let more = parse(count, &items).ok_or("the chunk tree can't be understood")?;
            if more.is_empty() {
                break;
            }
            chunks.extend(more);
            // In order and without overlaps, so that one search finds the only chunk of an address.
            let in_order = chunks.windows(2).all(|pair| match pair {
                [one, next] => one.logical.checked_add(one.bytes).is_some_and(|end| end <= next.logical),
                _ => true,
            });
            if !in_order {
                return Err("the chunk tree has chunks that overlap".into());
            }
        }
        Ok(Chunks { chunks })
    }

    /// Where the logical range lies on the device, cut at chunks. Errors: outside all chunks, or in one of another device or of a profile other than
    /// `single`.
    pub fn translate(&self, logical: ByteRange, on: &Single) -> Result<Vec<ByteRange>, String> {
        let mut parts = Vec::new();
        let mut at = logical.first_byte;
        let end = at.checked_add(logical.bytes).ok_or("an address beyond all chunks")?;
        while at < end {
            let after = self.chunks.partition_point(|c| c.logical <= at);
            let chunk = after.checked_sub(1).and_then(|before| self.chunks.get(before));
            let within = chunk.and_then(|c| Some((c, at - c.logical, c.bytes.checked_sub(at - c.logical)?)));
            let Some((chunk, offset, left)) = within.filter(|(_, _, left)| *left > 0) else {
                return Err(format!("logical byte {at} is in no chunk"));
            };
            if !matches!(chunk.kind, DATA | MIXED) || chunk.stripes != 1 {
                return Err("btrfs keeps this content under a data profile other than single".into());
            }
            if (chunk.device, chunk.uuid) != (on.number, on.uuid) {
                return Err("btrfs keeps this content on another device".into());
            }
            let bytes = left.min(end - at);
            let physical = chunk.physical.checked_add(offset).ok_or("a chunk beyond any device")?;
            parts.push(ByteRange::new(physical, bytes));
            at += bytes;
        }
        Ok(parts)
    }
}

/// `count` chunk items with their headers; `None` where they are not that.
fn parse(count: u32, mut items: &[u8]) -> Option<Vec<Chunk>> {
    let mut chunks = Vec::new();
    for _ in 0..count {
        let (header, rest) = items.split_at_checked(HEADER)?;
        // The header is in the machine's order of bytes, the item in that of the disk.
        let logical = u64::from_ne_bytes(header.get(16..24)?.try_into().ok()?);
        let kind = u32::from_ne_bytes(header.get(24..28)?.try_into().ok()?);
        let bytes = usize::try_from(u32::from_ne_bytes(header.get(28..32)?.try_into().ok()?)).ok()?;
        let (item, rest) = rest.split_at_checked(bytes)?;
        items = rest;
        if kind != 228 {
            return None;
        }
        chunks.push(chunk(logical, item)?);
    }
    Some(chunks)
}

fn chunk(logical: u64, item: &[u8]) -> Option<Chunk> {
    let u64_at = |at: usize| Some(u64::from_le_bytes(item.get(at..at + 8)?.try_into().ok()?));
    let stripes = u16::from_le_bytes(item.get(44..46)?.try_into().ok()?);
    let needed = CHUNK + usize::from(stripes) * STRIPE;
    if stripes == 0 || item.len() < needed {
        return None;
    }
    Some(Chunk {
        logical,
        bytes: u64_at(0).filter(|bytes| *bytes > 0)?,
        kind: u64_at(24)?,
        stripes,
        device: u64_at(CHUNK)?,
        physical: u64_at(CHUNK + 8)?,
        uuid: item.get(CHUNK + 16..CHUNK + 32)?.try_into().ok()?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn on() -> Single {
        Single { filesystem: [1; 16], number: 1, uuid: [2; 16], path: "/dev/x".into() }
    }

    /// One item as the kernel hands it out.
    fn item(logical: u64, bytes: u64, kind: u64, stripes: &[(u64, u64, [u8; 16])]) -> Vec<u8> {
        let mut chunk = Vec::new();
        for value in [bytes, 2, 65536, kind] {
            chunk.extend(value.to_le_bytes());
        }
        chunk.extend([0; 12]);
        chunk.extend(u16::try_from(stripes.len()).unwrap().to_le_bytes());
        chunk.extend([0; 2]);
        for (device, physical, uuid) in stripes {
            chunk.extend(device.to_le_bytes());
            chunk.extend(physical.to_le_bytes());
            chunk.extend(uuid);
        }
        let mut item = Vec::new();
        for value in [9u64, 256, logical] {
            item.extend(value.to_ne_bytes());
        }
        item.extend(228u32.to_ne_bytes());
        item.extend(u32::try_from(chunk.len()).unwrap().to_ne_bytes());
        item.extend(chunk);
        item
    }

    fn chunks(items: &[Vec<u8>]) -> Chunks {
        Chunks { chunks: parse(u32::try_from(items.len()).unwrap(), &items.concat()).unwrap() }
    }

    #[test]
    fn addresses_are_translated_and_cut_at_chunks() {
        let of = [2; 16];
        let chunks =
            chunks(&[item(1 << 20, 1 << 20, 1, &[(1, 5 << 20, of)]), item(2 << 20, 1 << 20, 5, &[(1, 9 << 20, of)])]);
        let at = |first, bytes| chunks.translate(ByteRange::new(first, bytes), &on());
        assert_eq!(at(1 << 20, 4096).unwrap(), [ByteRange::new(5 << 20, 4096)]);
        let across = at((2 << 20) - 4096, 8192).unwrap();
        assert_eq!(across, [ByteRange::new((6 << 20) - 4096, 4096), ByteRange::new(9 << 20, 4096)]);
        for (first, bytes) in [(0, 4096), (3 << 20, 1), ((3 << 20) - 1, 2), (u64::MAX, 2), (u64::MAX - 1, 1)] {
            assert!(at(first, bytes).is_err(), "{first} {bytes}");
        }
    }

    #[test]
    fn other_profiles_and_other_devices_are_told() {
        let of = [2; 16];
        let here = (1, 5 << 20, of);
        let bad: [(u64, Vec<_>); 6] = [
            (0x21, vec![here, here]),
            (0x11, vec![here, (2, 0, of)]),
            (0x11, vec![here]),
            (1, vec![(2, 0, of)]),
            (1, vec![(1, 0, [3; 16])]),
            (2, vec![here]),
        ];
        for (kind, stripes) in bad {
            let chunks = chunks(&[item(0, 1 << 20, kind, &stripes)]);
            assert!(chunks.translate(ByteRange::new(0, 4096), &on()).is_err(), "{kind:#x} {stripes:?}");
        }
    }

    #[test]
    fn broken_items_are_none() {
        let good = item(0, 4096, 1, &[(1, 0, [2; 16])]);
        assert!(parse(1, &good).is_some() && parse(2, &good).is_none() && parse(0, &good).unwrap().is_empty());
        for cut in 0..good.len() {
            assert!(parse(1, &good[..cut]).is_none(), "{cut}");
        }
        assert!(parse(1, &item(0, 4096, 1, &[])).is_none());
        assert!(parse(1, &item(0, 0, 1, &[(1, 0, [2; 16])])).is_none());
    }

    proptest! {
        #[test]
        fn what_is_translated_has_the_right_length_and_nothing_panics(
            items in proptest::collection::vec((any::<u64>(), any::<u64>(), 0u64..8, any::<u64>()), 0..6),
            first in any::<u64>(), bytes in any::<u64>(),
            noise in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let _ = parse(2, &noise);
            let mut items: Vec<_> = items.into_iter().filter(|i| i.1 > 0).collect();
            items.sort_unstable();
            let items: Vec<_> = items.iter().map(|(l, b, k, p)| item(*l, *b, *k, &[(1, *p, [2; 16])])).collect();
            if let Ok(parts) = chunks(&items).translate(ByteRange::new(first, bytes), &on()) {
                prop_assert_eq!(parts.iter().map(|p| p.bytes).sum::<u64>(), bytes);
            }
        }
    }
}
