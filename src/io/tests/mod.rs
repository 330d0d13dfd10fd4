//! Tests of the engines and the streaming loop.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod conformance;
mod crash;
mod faults;
mod loops;
mod recorder;
mod targets;

use recorder::Recorder;

use super::simulated::Device;
use super::{Halt, Queue, Summary};
use crate::media::ByteRange;
use crate::outcome::{BadRange, Trouble};

/// Bytes that differ at every offset and from what a device held before.
fn expected(offset: u64) -> u8 {
    u8::try_from((offset ^ (offset >> 8) ^ (offset >> 16)) & 0x7f).unwrap() | 0x80
}

fn fill(offset: u64, buffer: &mut [u8]) {
    buffer.iter_mut().zip(offset..).for_each(|(byte, at)| *byte = expected(at));
}

fn matches(offset: u64, data: &[u8]) -> bool {
    data.iter().zip(offset..).all(|(byte, at)| *byte == expected(at))
}

fn whole(device: &Device) -> ByteRange {
    ByteRange::new(0, device.bytes())
}

fn write(
    queue: &mut dyn Queue,
    range: ByteRange,
    logical_block: u32,
    control: &mut Recorder,
) -> (Summary, Result<(), Halt>) {
    super::write(queue, &mut std::iter::once(range), logical_block, 1, &mut fill, control)
}

fn read(
    queue: &mut dyn Queue,
    range: ByteRange,
    logical_block: u32,
    control: &mut Recorder,
) -> (Summary, Result<(), Halt>) {
    super::read(queue, &mut std::iter::once(range), logical_block, &mut matches, control)
}

/// The numbers of the logical blocks that `bad` names with this trouble; each may be named once only.
fn blocks(bad: &[BadRange], kind: Trouble, logical_block: u64) -> Vec<u64> {
    let mut blocks = Vec::new();
    for range in bad.iter().filter(|b| b.kind == kind) {
        assert_eq!((range.first_byte % logical_block, range.bytes % logical_block), (0, 0), "{range:?} is not aligned");
        blocks.extend(range.first_byte / logical_block..range.range().end() / logical_block);
    }
    let named = blocks.len();
    blocks.sort_unstable();
    blocks.dedup();
    assert_eq!(blocks.len(), named, "a block is named twice in {bad:?}");
    blocks
}
