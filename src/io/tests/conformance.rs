//! What every engine must do, on every kind of target. One suite, run for each.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::targets::{BYTES, OnFile, Simulated, Target};
use super::*;
use crate::io::{Engine, Op, Shape, Slot, open_queue};

fn suite(target: &dyn Target) {
    leases_are_distinct_and_come_back(&mut *target.queue());
    answers_name_their_question(target);
    a_leased_buffer_is_left_alone(target);
    every_byte_is_written_and_read_back(target);
    impossible_operations_are_errors(target);
    a_stop_and_a_rate_are_heeded(target);
    a_queue_may_be_used_on_another_thread(target);
    a_queue_may_be_dropped_in_mid_flight(target);
}

fn lease_all(queue: &mut dyn Queue) -> Vec<Slot> {
    std::iter::from_fn(|| queue.lease()).collect()
}

fn leases_are_distinct_and_come_back(queue: &mut dyn Queue) {
    assert!(queue.complete().is_none(), "nothing is in flight");
    let slots = lease_all(queue);
    assert!(slots.len() >= 2);
    for (slot, value) in slots.iter().zip(1u8..) {
        queue.buffer(slot).fill(value);
    }
    for (slot, value) in slots.iter().zip(1u8..) {
        assert_eq!(queue.buffer(slot).len(), queue.block_bytes());
        assert!(queue.buffer(slot).iter().all(|byte| *byte == value), "the buffers overlap");
    }
    let count = slots.len();
    slots.into_iter().for_each(|slot| queue.give_back(slot));
    assert_eq!(lease_all(queue).len(), count);
}

fn answers_name_their_question(target: &dyn Target) {
    let mut queue = target.queue();
    let queue = &mut *queue;
    let bytes = target.logical_block() as usize * 2;
    let mut asked = BTreeMap::new();
    for (slot, number) in lease_all(queue).into_iter().zip(0u64..).collect::<Vec<_>>().into_iter().rev() {
        let offset = number * 3 * bytes as u64;
        fill(offset, &mut queue.buffer(&slot)[..bytes]);
        asked.insert(slot.0, offset);
        queue.submit(slot, Op::Write, offset, bytes);
    }
    assert!(queue.lease().is_none(), "all are in flight");
    let count = asked.len();
    for _ in 0..count {
        let done = queue.complete().expect("an operation was lost");
        assert_eq!(asked.remove(&done.slot.0), Some(done.offset));
        assert_eq!((done.op, done.asked, done.result.unwrap()), (Op::Write, bytes, bytes));
        queue.give_back(done.slot);
    }
    assert!(queue.complete().is_none());
    queue.flush().unwrap();
    let content = target.content();
    for number in 0..count {
        let at = number * 3 * bytes;
        let offset = at as u64;
        assert!(matches(offset, &content[at..at + bytes]));
        assert!(!matches(offset + bytes as u64, &content[at + bytes..at + 2 * bytes]), "more than asked was written");
    }
}

fn a_leased_buffer_is_left_alone(target: &dyn Target) {
    let mut queue = target.queue();
    let kept = queue.lease().unwrap();
    queue.buffer(&kept).fill(0x77);
    let block = queue.block_bytes();
    for _ in 0..3 {
        for slot in lease_all(&mut *queue) {
            queue.submit(slot, Op::Read, 0, block);
        }
        while let Some(done) = queue.complete() {
            assert_eq!(done.result.unwrap(), block);
            queue.give_back(done.slot);
        }
    }
    assert!(queue.buffer(&kept).iter().all(|byte| *byte == 0x77));
    queue.give_back(kept);
}

fn every_byte_is_written_and_read_back(target: &dyn Target) {
    let logical = target.logical_block();
    let ranges = [ByteRange::new(0, 4096), ByteRange::new(4096, BYTES - 4096)];
    let mut control = Recorder { every: Some(1 << 20), ..Recorder::default() };
    let mut ordered = ranges.iter().copied();
    let mut queue = target.queue();
    let (summary, result) = crate::io::write(&mut *queue, &mut ordered, logical, 1, &mut fill, &mut control);
    assert_eq!((result, summary.bytes, control.bad.len()), (Ok(()), BYTES, 0));
    assert!(
        control.durable.len() >= 3 && control.durable.is_sorted() && control.durable.last() == Some(&BYTES),
        "{:?}",
        control.durable
    );
    let content = target.content();
    assert_eq!(content.len() as u64, BYTES, "nothing is written behind the last block");
    assert!(matches(0, &content));

    let mut control = Recorder::default();
    let (summary, result) = read(&mut *queue, ByteRange::new(0, BYTES), logical, &mut control);
    assert_eq!((result, summary.bytes, control.bad), (Ok(()), BYTES, vec![]));
    let mut other = |offset, data: &[u8]| offset / 4096 != 77 && matches(offset, data);
    let mut control = Recorder::default();
    let mut range = std::iter::once(ByteRange::new(77 * 4096, BYTES - 77 * 4096));
    crate::io::read(&mut *queue, &mut range, logical, &mut other, &mut control).1.unwrap();
    assert_eq!(control.bad.first().map(|b| (b.kind, b.first_byte)), Some((Trouble::Mismatch, 77 * 4096)));
}

fn impossible_operations_are_errors(target: &dyn Target) {
    let mut queue = target.queue();
    let (block, logical) = (queue.block_bytes(), target.logical_block() as usize);
    let mut answer = |op, offset, bytes| {
        let slot = queue.lease().unwrap();
        queue.submit(slot, op, offset, bytes);
        let done = queue.complete().unwrap();
        queue.give_back(done.slot);
        done.result.map_err(|error| error.raw_os_error())
    };
    for op in [Op::Write, Op::Read] {
        for (offset, bytes) in [(0, block + logical), (0, usize::MAX), (u64::MAX - 4095, logical)] {
            let result = answer(op, offset, bytes);
            assert!(result.is_err(), "{op:?} of {bytes} at {offset}: {result:?}");
        }
    }
    assert!(matches!(answer(Op::Read, BYTES, logical), Ok(0) | Err(_)), "there is nothing to read behind the end");
    if target.is_device() {
        assert!(matches!(answer(Op::Write, BYTES, logical), Err(Some(_))));
        assert!(matches!(answer(Op::Write, 1, logical), Err(Some(_))), "a misaligned write went somewhere");
        assert!(matches!(answer(Op::Read, 0, logical - 1), Err(Some(_))));
        assert_eq!(answer(Op::Read, BYTES - logical as u64, 2 * logical), Ok(logical), "short at the end");
    }
    assert_eq!(answer(Op::Read, 0, block), Ok(block), "the queue is well after errors");
}

fn a_stop_and_a_rate_are_heeded(target: &dyn Target) {
    let (logical, range) = (target.logical_block(), ByteRange::new(0, BYTES));
    let mut control = Recorder { stop_at: Some(1 << 20), ..Recorder::default() };
    let (summary, result) = write(&mut *target.queue(), range, logical, &mut control);
    assert_eq!(result, Err(Halt::Stopped));
    assert!((1 << 20..BYTES).contains(&summary.bytes) && control.durable == [summary.bytes], "{summary:?}");

    let began = Instant::now();
    let mut control = Recorder { rate: Some(1 << 20), ..Recorder::default() };
    let range = ByteRange::new(0, 300 << 10);
    let (summary, result) = read(&mut *target.queue(), range, logical, &mut control);
    assert_eq!((result, summary.bytes), (Ok(()), 300 << 10));
    let took = began.elapsed();
    assert!(took > Duration::from_millis(200) && summary.milliseconds >= 200, "300 KiB at 1 MiB/s took {took:?}");
}

fn a_queue_may_be_used_on_another_thread(target: &dyn Target) {
    let (mut queue, logical) = (target.queue(), target.logical_block());
    let range = ByteRange::new(0, 1 << 20);
    write(&mut *queue, range, logical, &mut Recorder::default()).1.unwrap();
    let result =
        std::thread::spawn(move || read(&mut *queue, range, logical, &mut Recorder::default())).join().unwrap();
    assert_eq!((result.0.bytes, result.1), (1 << 20, Ok(())));
}

fn a_queue_may_be_dropped_in_mid_flight(target: &dyn Target) {
    for op in [Op::Read, Op::Write] {
        let mut queue = target.queue();
        for (slot, number) in lease_all(&mut *queue).into_iter().zip(0u64..) {
            let (block, offset) = (queue.block_bytes(), number * queue.block_bytes() as u64);
            fill(offset, queue.buffer(&slot));
            queue.submit(slot, op, offset, block);
        }
    }
    assert!(matches(0, &target.content()), "a write in flight took something else along");
}

#[test]
fn simulated() {
    for logical_block in [512, 4096] {
        suite(&Simulated(Device::new(BYTES, logical_block)));
    }
}

#[test]
fn plain_file() {
    for engine in [Engine::Uring, Engine::Sync] {
        suite(&OnFile::plain(engine));
    }
}

#[test]
fn loop_device() {
    for engine in [Engine::Uring, Engine::Sync] {
        for logical_block in [512, 4096] {
            if let Some(target) = OnFile::on_loop(engine, logical_block) {
                suite(&target);
            }
        }
    }
}

#[test]
fn a_file_without_o_direct_is_refused_by_every_engine() {
    let target = OnFile::plain(Engine::Sync);
    for prefer in [None, Some(Engine::Uring), Some(Engine::Sync)] {
        let cached = tempfile::tempfile().unwrap();
        let error = open_queue(cached, target.shape(), prefer).err().expect("the page cache was taken");
        assert!(error.to_string().contains("O_DIRECT"), "{error}");
        let odd = Shape { logical_block_bytes: 520, ..target.shape() };
        assert!(open_queue(target.file(), odd, prefer).is_err(), "520-byte blocks");
    }
    let probed = open_queue(target.file(), target.shape(), None).unwrap().engine();
    assert!(matches!(probed, Engine::Uring | Engine::Sync));
}
