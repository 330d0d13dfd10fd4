//! USB flash: a pattern, then its complement, both over every byte (NIST SP 800-88 Rev. 1, Appendix A).

use super::rig::{React, Rig, last_pattern, request};
use crate::io::Op;
use crate::io::simulated::Fault;
use crate::job::Stop;
use crate::media::{Bus, ByteRange, Rotation};
use crate::outcome::{Claim, Event, Status, Trouble};
use crate::pattern::Filler;
use crate::problem::ExitCode;

const BYTES: u64 = 8 << 20;

fn stick() -> Rig {
    let mut rig = Rig::new(BYTES);
    (rig.medium.bus, rig.medium.rotation, rig.medium.removable) = (Bus::Usb, Rotation::Unknown, true);
    rig
}

fn ends_first_pass(event: &Event) -> bool {
    matches!(event, Event::Pass { number: 1, .. })
}

#[test]
fn the_pattern_is_on_every_byte_and_then_its_complement() {
    let rig = stick();
    let device = rig.device.clone();
    let between = std::sync::OnceLock::new();
    let observer = React(|event: &Event| {
        if ends_first_pass(event) {
            between.set(device.content()).unwrap();
        }
    });
    let (plan, finished) = rig.wipe_watched(&request(), &observer, &Stop::new());
    assert_eq!(finished.exit_code, ExitCode::Success, "{finished:?}");
    let between = between.get().expect("a first pass");
    assert!(Filler::new(&plan.passes[0].pattern).unwrap().matches(0, between));
    assert!(rig.holds(&last_pattern(&plan)));
    assert!(rig.device.content().iter().zip(between).all(|(now, then)| *now == !then), "every bit was turned over");
    let written: u64 = rig.device.log().iter().filter(|(op, ..)| *op == Op::Write).map(|(.., n)| *n as u64).sum();
    assert_eq!(written, 2 * BYTES);

    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim, record.wants_complement), (Status::Sanitized, Claim::Clear, true));
    let passes: Vec<_> = record.passes.iter().map(|p| (p.pattern.as_str(), p.bytes_written, p.complete)).collect();
    assert_eq!(passes, [("random", BYTES, true), ("random-complement", BYTES, true)]);
    assert_eq!(record.verification.bytes_read, BYTES);
}

#[test]
fn a_block_that_took_only_the_complement_is_told_though_it_reads_back_right() {
    let rig = stick();
    rig.device.fault(Fault::permanent(Op::Write, 3 << 20, 512));
    let device = rig.device.clone();
    let observer = React(|event: &Event| {
        if ends_first_pass(event) {
            device.heal();
        }
    });
    let (plan, finished) = rig.wipe_watched(&request(), &observer, &Stop::new());
    assert_eq!(finished.exit_code, ExitCode::Exceptions);
    assert!(rig.holds(&last_pattern(&plan)));
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim), (Status::SanitizedWithExceptions, Claim::None));
    let told: Vec<_> = record.exceptions.iter().map(|e| (e.kind, e.pass, e.first_byte, e.bytes)).collect();
    assert_eq!(told, [(Trouble::WriteFailed, 1, 3 << 20, 512)]);
    assert_eq!(record.passes.iter().map(|p| p.bytes_written).collect::<Vec<_>>(), [BYTES - 512, BYTES]);
}

#[test]
fn a_stick_that_keeps_the_first_pattern_somewhere_fails() {
    let rig = stick();
    let device = rig.device.clone();
    let observer = React(|event: &Event| {
        if ends_first_pass(event) {
            device.drop_writes(ByteRange::new(3 << 20, 512));
        }
    });
    let (_, finished) = rig.wipe_watched(&request(), &observer, &Stop::new());
    assert_eq!(finished.exit_code, ExitCode::Failed);
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim, record.verification.mismatches), (Status::Failed, Claim::None, 1));
    assert!(record.exceptions.iter().any(|e| e.kind == Trouble::Mismatch && e.first_byte == 3 << 20));
}
