//! The readback on simulated devices.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::io::simulated::{Device, Fault};
use crate::io::{self, Control, Halt, Op};
use crate::media::{ByteRange, VerifyKind};
use crate::outcome::{BadRange, SamplingPlan, Trouble, VerificationEvidence};
use crate::pattern::{Filler, Pattern, StreamSpec};
use crate::verify::{Request, bytes_planned, run};

#[derive(Default)]
struct Seen {
    bad: Vec<BadRange>,
    watermark: u64,
    stop_at: Option<u64>,
}

impl Control for Seen {
    fn stop(&mut self) -> bool {
        self.stop_at.is_some_and(|at| self.watermark >= at)
    }
    fn max_rate(&self) -> Option<u64> {
        None
    }
    fn progress(&mut self, watermark: u64) {
        self.watermark = watermark;
    }
    fn checkpoint_due(&mut self, _: u64) -> bool {
        false
    }
    fn durable(&mut self, _: u64) -> Result<(), Halt> {
        Ok(())
    }
    fn bad(&mut self, range: BadRange) -> Result<(), Halt> {
        self.bad.push(range);
        Ok(())
    }
}

const SEED: [u8; 16] = [9; 16];
const BYTES: u64 = 20_000 * 512 + 3 * 512;

fn request(kind: VerifyKind, bytes: u64) -> Request {
    let pattern = Pattern::Stream { spec: StreamSpec::aes_128_ctr([3; 16]), inverted: false };
    Request { kind, scope_bytes: bytes, logical_block_bytes: 512, pattern, seed: SEED }
}

fn written(bytes: u64) -> Device {
    let device = Device::new(bytes, 512);
    let mut filler = Filler::new(&request(VerifyKind::Full, bytes).pattern).unwrap();
    let mut ranges = std::iter::once(ByteRange::new(0, bytes));
    let mut fill = |offset, buffer: &mut [u8]| filler.fill(offset, buffer);
    io::write(&mut *device.queue_of(1 << 16, 8), &mut ranges, 512, 1, &mut fill, &mut Seen::default()).1.unwrap();
    device
}

fn verify(device: &Device, kind: VerifyKind, seen: &mut Seen) -> (VerificationEvidence, Result<(), Halt>) {
    run(&mut *device.queue_of(1 << 16, 8), &request(kind, device.bytes()), seen)
}

#[test]
fn a_full_readback_reads_every_byte() {
    let device = written(1 << 20);
    let before = device.log().len();
    let (found, result) = verify(&device, VerifyKind::Full, &mut Seen::default());
    assert_eq!((result, found.kind, found.complete), (Ok(()), VerifyKind::Full, true));
    assert_eq!((found.bytes_planned, found.bytes_read, found.mismatches, found.unreadable), (1 << 20, 1 << 20, 0, 0));
    assert_eq!((found.seed, found.cells), (None, None));
    let read: usize = device.log()[before..].iter().filter(|(op, ..)| *op == Op::Read).map(|(.., bytes)| bytes).sum();
    assert_eq!(read, 1 << 20);
}

#[test]
fn a_sampled_readback_reads_the_plan_and_nothing_else() {
    let device = written(BYTES);
    let before = device.log().len();
    let (found, result) = verify(&device, VerifyKind::Sampled, &mut Seen::default());
    let plan = SamplingPlan::new(SEED, BYTES, 512).unwrap();
    assert_eq!((result, found.kind, found.complete), (Ok(()), VerifyKind::Sampled, true));
    assert_eq!((found.bytes_planned, found.bytes_read), (plan.bytes(), plan.bytes()));
    assert_eq!((found.seed.as_deref(), found.cells), (Some("09".repeat(16).as_str()), Some((20_000, 2_000))));
    let read: Vec<_> = device.log()[before..].iter().map(|(_, at, bytes)| ByteRange::new(*at, *bytes as u64)).collect();
    assert!(read == plan.ranges().collect::<Vec<_>>());
}

#[test]
fn a_scope_too_small_to_sample_is_read_in_full() {
    let (found, result) = verify(&written(1 << 20), VerifyKind::Sampled, &mut Seen::default());
    assert_eq!((result, found.kind, found.seed, found.bytes_read), (Ok(()), VerifyKind::Full, None, 1 << 20));
}

#[test]
fn a_readback_that_ends_early_is_not_complete_and_counts_what_it_read() {
    let device = written(BYTES);
    let mut seen = Seen { stop_at: Some(100_000), ..Seen::default() };
    let (found, result) = verify(&device, VerifyKind::Sampled, &mut seen);
    assert_eq!((result, found.complete), (Err(Halt::Stopped), false));
    assert!(found.bytes_read >= 100_000 && found.bytes_read < found.bytes_planned);
    let cells = found.cells.unwrap().1;
    assert!(cells * 512 <= found.bytes_read && (cells + 2) * 512 > found.bytes_read, "{cells} cells");

    device.vanish_after(300_000);
    let (found, result) = verify(&device, VerifyKind::Full, &mut Seen::default());
    assert!(matches!(result, Err(Halt::Lost(_))) && !found.complete && found.bytes_read <= 300_000 + (1 << 16));
}

#[test]
fn nothing_is_said_of_what_can_not_be_compared() {
    let device = written(1 << 20);
    for change in [
        (|request: &mut Request| request.pattern = Pattern::Fixed { bytes: vec![] }) as fn(&mut Request),
        |request| request.scope_bytes = 0,
        |request| request.scope_bytes += 1,
        |request| request.logical_block_bytes = 0,
        |request| request.kind = VerifyKind::None,
    ] {
        let mut request = request(VerifyKind::Full, 1 << 20);
        change(&mut request);
        let (found, result) = run(&mut *device.queue(), &request, &mut Seen::default());
        assert!(matches!(result, Err(Halt::GaveUp(_))), "{request:?}: {result:?}");
        assert_eq!((found.complete, found.bytes_read), (false, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn counts_and_ranges_agree_with_what_was_done_to_the_device(
        flips in prop::collection::btree_set(0..BYTES, 0..400),
        unreadable in prop::collection::btree_set(0..BYTES / 512, 0..100),
        sampled: bool,
    ) {
        let device = written(BYTES);
        flips.iter().for_each(|at| device.flip(*at, 1));
        unreadable.iter().for_each(|block| device.fault(Fault::permanent(Op::Read, block * 512, 512)));
        let plan = SamplingPlan::new(SEED, BYTES, 512).unwrap();
        let ranges: Vec<ByteRange> = if sampled { plan.ranges().collect() } else { vec![ByteRange::new(0, BYTES)] };
        let read = |block: &u64| {
            let at = ranges.partition_point(|range| range.end() <= block * 512);
            ranges.get(at).is_some_and(|range| range.contains(ByteRange::new(block * 512, 512)))
        };
        let unread: BTreeSet<u64> = unreadable.iter().copied().filter(read).collect();
        let differ: BTreeSet<u64> = flips.iter().map(|at| at / 512).filter(read).filter(|b| !unread.contains(b)).collect();

        let mut seen = Seen::default();
        let kind = if sampled { VerifyKind::Sampled } else { VerifyKind::Full };
        let (found, result) = verify(&device, kind, &mut seen);
        prop_assert_eq!((result, found.complete), (Ok(()), true));
        prop_assert_eq!((found.mismatches, found.unreadable), (differ.len() as u64, unread.len() as u64));
        prop_assert_eq!(found.bytes_read, found.bytes_planned - unread.len() as u64 * 512);
        for (kind, expected) in [(Trouble::Mismatch, &differ), (Trouble::Unreadable, &unread)] {
            let told: BTreeSet<u64> = seen.bad.iter().filter(|bad| bad.kind == kind)
                .flat_map(|bad| bad.first_byte / 512..bad.range().end() / 512).collect();
            prop_assert_eq!(&told, expected);
        }
        if sampled {
            // A cell is one logical block here, and the tail is no cell.
            let lost = unread.iter().filter(|block| plan.is_drawn(**block)).count() as u64;
            prop_assert_eq!(found.cells, Some((20_000, 2_000 - lost)));
        }
    }
}

#[test]
fn what_is_foreseen_is_what_is_read() {
    // 4 MiB are too small for a sample.
    for (kind, bytes) in [
        (VerifyKind::Sampled, 4 << 20),
        (VerifyKind::Sampled, BYTES),
        (VerifyKind::Full, BYTES),
        (VerifyKind::Full, 512),
    ] {
        let device = written(bytes);
        let (evidence, end) = run(&mut *device.queue_of(1 << 16, 8), &request(kind, bytes), &mut Seen::default());
        end.unwrap();
        assert_eq!(bytes_planned(kind, bytes, 512, SEED), evidence.bytes_read, "{kind:?} of {bytes}");
    }
    assert_eq!(bytes_planned(VerifyKind::None, BYTES, 512, SEED), 0);
}
