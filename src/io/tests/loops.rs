//! The loop without faults: order, ends, stop, rate.

use std::time::{Duration, Instant};

use super::*;
use crate::io::Op;
use crate::io::simulated::Fault;

#[test]
fn every_byte_is_written_once_in_order_and_read_back() {
    let device = Device::new(1 << 20, 512).with_seed(3);
    let mut control = Recorder { truth: Some(device.clone()), ..Recorder::default() };
    let (summary, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
    assert_eq!((result, summary.bytes), (Ok(()), 1 << 20));
    assert!(matches(0, &device.content()));
    assert_eq!((control.watermark(), control.durable, device.flushes()), (1 << 20, vec![1 << 20], 1));
    let offsets: Vec<u64> = device.log().iter().map(|(_, offset, _)| *offset).collect();
    assert!(
        offsets.is_sorted() && offsets.len() == (1 << 20) / (16 * 512),
        "one operation a block, in order of offset"
    );

    let mut control = Recorder::default();
    let (summary, result) = read(&mut *device.queue(), whole(&device), 512, &mut control);
    assert_eq!((result, summary.bytes, control.bad), (Ok(()), 1 << 20, vec![]));
    assert_eq!((control.watermarks.last(), control.durable), (Some(&(1 << 20)), Vec::<u64>::new()));
}

#[test]
fn only_the_ranges_are_touched_and_no_operation_spans_two() {
    let device = Device::new(1 << 20, 512);
    let ranges = [(0, 512), (4096, 20 * 512), (4096 + 20 * 512, 512), (65536, 0), (0x4_0000, 3 * 8192 + 512)];
    let ranges = ranges.map(|(first, bytes)| ByteRange::new(first, bytes));
    let mut control = Recorder::default();
    let mut queue = device.queue();
    let (summary, result) = crate::io::write(&mut *queue, &mut ranges.iter().copied(), 512, 1, &mut fill, &mut control);
    let total: u64 = ranges.iter().map(|r| r.bytes).sum();
    assert_eq!((result, summary.bytes, control.watermark()), (Ok(()), total, total));
    for (byte, at) in device.content().iter().zip(0u64..) {
        let inside = ranges.iter().any(|r| r.contains(ByteRange::new(at, 1)));
        assert_eq!(*byte == expected(at), inside, "byte {at}");
    }
    for (_, offset, bytes) in device.log() {
        assert!(ranges.iter().any(|r| r.contains(ByteRange::new(offset, bytes as u64))), "{bytes} bytes at {offset}");
    }
}

#[test]
fn short_completions_are_continued() {
    for seed in 0..20 {
        let device = Device::new(1 << 18, 512).with_seed(seed);
        device.short_every(3);
        let mut control = Recorder { truth: Some(device.clone()), ..Recorder::default() };
        let (summary, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
        assert_eq!((result, summary.bytes, control.bad.len()), (Ok(()), 1 << 18, 0));
        assert!(matches(0, &device.content()));
        let mut control = Recorder::default();
        let (summary, result) = read(&mut *device.queue(), whole(&device), 512, &mut control);
        assert_eq!((result, summary.bytes, control.bad.len()), (Ok(()), 1 << 18, 0));
    }
}

#[test]
fn a_stop_waits_for_what_is_in_flight_and_makes_it_durable() {
    for seed in 0..20 {
        let device = Device::new(1 << 20, 512).with_seed(seed).with_cache(crate::io::simulated::Cache::Volatile);
        let mut control = Recorder { stop_at: Some(200_000), ..Recorder::default() };
        let (summary, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
        assert_eq!(result, Err(Halt::Stopped));
        let reached = control.watermark();
        assert!((200_000..1 << 20).contains(&reached), "{reached}");
        assert_eq!((summary.bytes, control.durable), (reached, vec![reached]));
        let submitted: usize = device.log().iter().map(|(_, _, bytes)| bytes).sum();
        assert_eq!(submitted as u64, reached, "all that was begun has been waited for");
        device.crash();
        assert!(matches(0, &device.content()[..usize::try_from(reached).unwrap()]));
    }
}

#[test]
fn a_low_rate_is_kept_and_a_stop_is_seen_soon() {
    let device = Device::new(8 << 20, 512);
    let start = Instant::now();
    let stop_time = Some(start + Duration::from_millis(600));
    let mut control = Recorder { rate: Some(1 << 20), stop_time, ..Recorder::default() };
    let (summary, result) = write(&mut *device.queue_of(256 << 10, 8), whole(&device), 512, &mut control);
    assert_eq!(result, Err(Halt::Stopped));
    let took = start.elapsed();
    // Two blocks of what stands for 50 ms may be ahead of the clock. At this rate the whole would take 8 s.
    let most = u64::try_from((took.as_micros() << 20) / 1_000_000).unwrap() + (100 << 10);
    assert!(took < Duration::from_secs(5), "the stop was seen after {took:?}");
    assert!((1..=most).contains(&summary.bytes), "{} bytes in {took:?} at 1 MiB/s", summary.bytes);

    let mut control = Recorder { rate: Some(1), stop_time: Some(Instant::now()), ..Recorder::default() };
    let (summary, _) = read(&mut *device.queue(), whole(&device), 512, &mut control);
    assert_eq!(summary.bytes, 0);
}

#[test]
fn ranges_that_are_no_logical_blocks_are_refused() {
    let device = Device::new(1 << 20, 4096);
    for range in [ByteRange::new(512, 4096), ByteRange::new(0, 512), ByteRange::new(u64::MAX - 4095, 8192)] {
        let (summary, result) = write(&mut *device.queue(), range, 4096, &mut Recorder::default());
        assert!(matches!(result, Err(Halt::GaveUp(_))), "{range:?}: {result:?}");
        assert_eq!(summary.bytes, 0);
    }
    for block in [0, 3 << 20] {
        let (_, result) = write(&mut *device.queue(), whole(&device), block, &mut Recorder::default());
        assert!(matches!(result, Err(Halt::GaveUp(_))), "a logical block of {block}: {result:?}");
    }
    assert!(device.log().iter().all(|(op, ..)| *op != Op::Write));
}

#[test]
fn steady_content_is_filled_once_a_buffer_and_again_after_an_error() {
    let device = Device::new(1 << 20, 512);
    device.short_every(5);
    let mut fills = 0;
    let mut run = |device: &Device| {
        let mut queue = device.queue();
        for slot in std::iter::from_fn(|| queue.lease()).collect::<Vec<_>>() {
            queue.buffer(&slot).fill(1);
            queue.give_back(slot);
        }
        fills = 0;
        let mut fill = |_: u64, buffer: &mut [u8]| {
            fills += 1;
            buffer.fill(0xD7);
        };
        let mut ranges = [ByteRange::new(0, 512), ByteRange::new(512, (1 << 20) - 512)].into_iter();
        let mut control = Recorder::default();
        crate::io::write_steady(&mut *queue, &mut ranges, 512, 1, &mut fill, &mut control).1.unwrap();
        assert!(device.content().iter().all(|byte| *byte == 0xD7) && control.bad.is_empty());
        fills
    };
    assert!((1..=8).contains(&run(&device)), "8 buffers");
    device.fault(Fault { times: Some(1), ..Fault::permanent(Op::Write, 1 << 19, 512) });
    assert!((9..=16).contains(&run(&device)), "filled again after the error");
}
