//! What fails is told, exactly; everything else is done.

use proptest::prelude::*;

use super::*;
use crate::io::Op;
use crate::io::simulated::Fault;
use crate::sys::errno;

const BLOCK: u64 = 512;

fn sectors() -> impl Strategy<Value = Vec<u64>> {
    let scattered = prop::collection::btree_set(0u64..512, 0..12);
    let run = (0u64..500, 0u64..60);
    (scattered, run).prop_map(|(mut set, (first, count))| {
        set.extend(first..(first + count).min(512));
        set.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bad_sectors_are_told_exactly_and_the_rest_is_written(bad in sectors(), seed: u64, short in 1u64..9) {
        let device = Device::new(512 * BLOCK, 512).with_seed(seed);
        device.short_every(short + 1);
        bad.iter().for_each(|sector| device.fault(Fault::permanent(Op::Write, sector * BLOCK, BLOCK)));
        let mut control = Recorder { truth: Some(device.clone()), ..Recorder::default() };
        let (summary, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
        prop_assert_eq!(result, Ok(()));
        prop_assert_eq!(blocks(&control.bad, Trouble::WriteFailed, BLOCK), bad.clone());
        prop_assert_eq!(summary.bytes, (512 - bad.len() as u64) * BLOCK);
        prop_assert_eq!(control.durable, vec![512 * BLOCK]);
        for (at, chunk) in (0u64..).zip(device.content().chunks(512)) {
            prop_assert_eq!(matches(at * BLOCK, chunk), !bad.contains(&at), "sector {}", at);
        }
        for range in &control.bad {
            prop_assert_eq!(range.error.as_deref(), Some("EIO (Input/output error)"));
            prop_assert_eq!(range.pass, 1);
        }
    }

    #[test]
    fn unreadable_sectors_and_differences_are_told_exactly(
        bad in sectors(), flips in prop::collection::btree_set(0u64..512 * BLOCK, 0..12), seed: u64,
    ) {
        let device = Device::new(512 * BLOCK, 512).with_seed(seed);
        write(&mut *device.queue(), whole(&device), 512, &mut Recorder::default()).1.unwrap();
        flips.iter().for_each(|at| device.flip(*at, 0x10));
        bad.iter().for_each(|sector| device.fault(Fault::permanent(Op::Read, sector * BLOCK, BLOCK)));
        let mut control = Recorder::default();
        let (summary, result) = read(&mut *device.queue(), whole(&device), 512, &mut control);
        prop_assert_eq!(result, Ok(()));
        prop_assert_eq!(blocks(&control.bad, Trouble::Unreadable, BLOCK), bad.clone());
        let mut differ: Vec<u64> = flips.iter().map(|at| at / BLOCK).filter(|s| !bad.contains(s)).collect();
        differ.dedup();
        prop_assert_eq!(blocks(&control.bad, Trouble::Mismatch, BLOCK), differ);
        prop_assert_eq!(summary.bytes, (512 - bad.len() as u64) * BLOCK);
        prop_assert!(control.bad.is_sorted_by_key(|b| b.first_byte), "in order");
    }
}

#[test]
fn neighbours_come_as_one_range_over_block_borders() {
    let device = Device::new(1 << 20, 512);
    device.fault(Fault::permanent(Op::Write, 8192 - 1024, 8192 * 2));
    device.fault(Fault { errno: errno::ETIMEDOUT, ..Fault::permanent(Op::Write, 8192 * 3 - 1024, 512) });
    let mut control = Recorder { truth: Some(device.clone()), ..Recorder::default() };
    write(&mut *device.queue(), whole(&device), 512, &mut control).1.unwrap();
    let told: Vec<_> = control.bad.iter().map(|b| (b.first_byte, b.bytes, b.error.as_deref().unwrap())).collect();
    let expected = [
        (8192 - 1024, 8192 * 2, "EIO (Input/output error)"),
        (8192 * 3 - 1024, 512, "ETIMEDOUT (Connection timed out)"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn passing_errors_are_retried_and_not_told() {
    for (number, times) in [(errno::EIO, 2), (errno::ENODATA, 2), (errno::EAGAIN, 8)] {
        for op in [Op::Write, Op::Read] {
            let device = Device::new(1 << 18, 512);
            let mut control = Recorder::default();
            let fault = Fault { op, range: ByteRange::new(70_000, 1), errno: number, times: Some(times) };
            device.fault(fault);
            write(&mut *device.queue(), whole(&device), 512, &mut control).1.unwrap();
            let mut reader = Recorder::default();
            read(&mut *device.queue(), whole(&device), 512, &mut reader).1.unwrap();
            assert_eq!((control.bad, reader.bad), (vec![], vec![]), "{number} {times} times");
            assert!(matches(0, &device.content()));
        }
    }
}

#[test]
fn a_device_that_is_lost_ends_the_stream_at_once_and_says_where() {
    let vanish = |device: &Device| device.vanish_after(300_000);
    let read_only = |device: &Device| device.turn_read_only_after(300_000);
    for (name, break_it) in [("ENODEV", &vanish as &dyn Fn(&Device)), ("EROFS", &read_only)] {
        let device = Device::new(1 << 20, 512);
        break_it(&device);
        let mut control = Recorder { truth: Some(device.clone()), ..Recorder::default() };
        let (summary, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
        let Err(Halt::Lost(text)) = result else { panic!("{result:?}") };
        assert!(text.starts_with("write at byte ") && text.contains(name), "{text}");
        assert_eq!((summary.bytes, control.bad), (control.watermarks.last().copied().unwrap(), vec![]));
        assert!(control.durable.is_empty(), "nothing is known to be durable");
        assert!(summary.bytes <= 310_000);
    }
}

#[test]
fn a_device_that_shrank_is_lost_on_reading_and_bad_on_writing() {
    let device = Device::new(1 << 18, 512);
    let (mut queue, range) = (device.queue(), whole(&device));
    device.shrink(100 * BLOCK);
    let (_, result) = read(&mut *queue, range, 512, &mut Recorder::default());
    let Err(Halt::Lost(text)) = result else { panic!("{result:?}") };
    assert!(text.contains("shrunk"), "{text}");
    let mut control = Recorder::default();
    let (summary, result) = write(&mut *queue, range, 512, &mut control);
    assert_eq!((result, summary.bytes), (Ok(()), 100 * BLOCK));
    assert_eq!(blocks(&control.bad, Trouble::WriteFailed, BLOCK), (100..512).collect::<Vec<_>>());
}

#[test]
fn the_control_can_give_up_and_the_watermark_stays_before_what_it_refused() {
    let device = Device::new(1 << 20, 512);
    device.fault(Fault::permanent(Op::Write, 100 * BLOCK, BLOCK));
    device.fault(Fault::permanent(Op::Write, 300 * BLOCK, BLOCK));
    let mut control = Recorder { give_up_at: Some(2), truth: Some(device.clone()), ..Recorder::default() };
    let (_, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
    assert_eq!(result, Err(Halt::GaveUp("enough".into())));
    assert_eq!(control.bad.len(), 2, "it is not asked again");
    assert!(control.watermark() <= 300 * BLOCK && control.durable.is_empty());
}

#[test]
fn a_failed_flush_or_checkpoint_ends_the_stream() {
    let device = Device::new(1 << 20, 512);
    device.fail_flushes(1);
    let mut control = Recorder::default();
    let (_, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
    let Err(Halt::GaveUp(text)) = result else { panic!("{result:?}") };
    assert!(text.contains("flush") && text.contains("EIO") && control.durable.is_empty(), "{text}");

    let mut control = Recorder { every: Some(1 << 17), refuse_durable: true, ..Recorder::default() };
    let (_, result) = write(&mut *device.queue(), whole(&device), 512, &mut control);
    assert_eq!(result, Err(Halt::GaveUp("no checkpoint".into())));
    assert!(control.watermark() < 1 << 18);
}

#[test]
fn silent_corruption_and_dropped_writes_are_found_on_reading() {
    let device = Device::new(1 << 18, 512);
    device.corrupt(12_345, 1);
    device.drop_writes(ByteRange::new(50 * BLOCK, 2 * BLOCK));
    let mut control = Recorder::default();
    write(&mut *device.queue(), whole(&device), 512, &mut control).1.unwrap();
    assert_eq!(control.bad, vec![]);
    let mut control = Recorder::default();
    read(&mut *device.queue(), whole(&device), 512, &mut control).1.unwrap();
    assert_eq!(blocks(&control.bad, Trouble::Mismatch, BLOCK), [12_345 / BLOCK, 50, 51]);
}
