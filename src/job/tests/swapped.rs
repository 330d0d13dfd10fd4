//! Another disk in the medium's place: before each phase and at each bad block the identity is read again, and a job never goes on
//! with what it was not given.

use std::sync::OnceLock;

use super::rig::{BYTES, React, Rig, request, with_verify};
use super::sessions::{session_on, stopped_at};
use crate::document::Record;
use crate::io::Op;
use crate::io::simulated::Fault;
use crate::job::authorize::mint;
use crate::job::prove::Found;
use crate::job::{Request, Stop};
use crate::journal::Entry;
use crate::media::{Bus, Rotation, VerifyKind};
use crate::outcome::{Claim, Event, Status};
use crate::problem::{ExitCode, Kind};

/// Bytes that may be open at once, in a rig's blocks of 8 KiB: so far may a write or a read be ahead of one that turns out bad.
const WINDOW: u64 = crate::io::WINDOW_BLOCKS as u64 * (8 << 10);

type Log = Vec<(Op, u64, usize)>;

/// A job whose medium is swapped at the first event that fits: its record, which says that the medium was lost, and what was done
/// to the device after.
fn swapped(rig: &Rig, request: &Request, at: impl Fn(&Event) -> bool + Sync) -> (Record, Log) {
    let (device, swap, before) = (rig.device.clone(), rig.swap.clone(), OnceLock::new());
    let observer = React(|event: &Event| {
        if at(event) && before.set(device.log().len()).is_ok() {
            swap.swap();
        }
    });
    let (_, finished) = rig.wipe_watched(request, &observer, &Stop::new());
    let log = rig.device.log().split_off(*before.get().expect("the event never came"));
    assert_eq!(finished.exit_code, ExitCode::Failed);
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim), (Status::Failed, Claim::None));
    let session = &record.sessions[0];
    assert!(session.end == "lost" && session.detail.contains("disk sequence number"), "{session:?}");
    assert!(record.statement.contains("state is unknown"), "{}", record.statement);
    (record, log)
}

fn is_progress_of(event: &Event, wanted: &str) -> bool {
    matches!(event, Event::Progress { phase, .. } if phase.starts_with(wanted))
}

fn is_end_of_pass(event: &Event, wanted: u32) -> bool {
    matches!(event, Event::Pass { number, .. } if *number == wanted)
}

#[test]
fn before_the_clearance_it_is_refused() {
    let rig = Rig::new(8 << 20);
    let plan = rig.plan(&request());
    rig.swap.swap();
    let problem = mint(rig.held(&plan), Vec::new(), plan.medium.clone(), plan.technique.unwrap()).err().unwrap();
    assert_eq!(problem.kind, Kind::Refused);
    assert!(problem.what.contains("disk sequence number"), "{problem:?}");
}

#[test]
fn before_the_session_it_is_refused_and_nothing_is_written() {
    let rig = Rig::new(8 << 20);
    let plan = rig.plan(&request());
    let clearance = rig.clearance(&plan);
    rig.swap.swap();
    let finished = rig.carry_out(&plan, clearance, &rig.store, &React(|_: &Event| ()), &Stop::new());
    assert_eq!((finished.exit_code, finished.status, finished.record), (ExitCode::Refused, None, None));
    assert!(!rig.store.entries().iter().any(|entry| matches!(entry, Entry::Session { .. })));
    assert!(rig.device.log().iter().all(|(op, ..)| *op == Op::Read));
}

#[test]
fn before_a_later_session_it_is_refused_and_nothing_is_written() {
    let rig = Rig::new(BYTES);
    let (plan, _) = stopped_at(&rig, &request(), 20 << 20);
    let clearance = rig.clearance(&plan);
    rig.swap.swap();
    let before = rig.device.log().len();
    let found = Found { medium: plan.medium.clone(), same_attachment: true };
    let problem = session_on(&rig, clearance, &rig.store, &found).unwrap_err();
    assert!(problem.kind == Kind::Refused && problem.what.contains("disk sequence number"), "{problem:?}");
    assert!(rig.device.log()[before..].iter().all(|(op, ..)| *op == Op::Read));
    assert_eq!(rig.store.state().sessions.len(), 1);
}

#[test]
fn before_the_first_pass_nothing_is_written() {
    let rig = Rig::new(8 << 20);
    let (record, log) = swapped(&rig, &request(), |event| matches!(event, Event::Started { .. }));
    assert_eq!((log, record.passes[0].bytes_written), (vec![], 0));
}

#[test]
fn between_two_passes_nothing_more_is_written() {
    let mut rig = Rig::new(8 << 20);
    (rig.medium.bus, rig.medium.rotation) = (Bus::Usb, Rotation::Flash);
    let (record, log) = swapped(&rig, &request(), |event| is_end_of_pass(event, 1));
    assert_eq!((log, record.passes_planned, record.passes[0].bytes_written), (vec![], 2, 8 << 20));
    assert!(record.passes.iter().all(|pass| pass.number == 1 || pass.bytes_written == 0), "{:?}", record.passes);
}

#[test]
fn between_the_last_pass_and_the_readback_nothing_is_read_for_it() {
    for verify in [VerifyKind::Full, VerifyKind::Sampled, VerifyKind::None] {
        let rig = Rig::new(8 << 20);
        let (record, log) = swapped(&rig, &with_verify(verify), |event| is_end_of_pass(event, 1));
        assert_eq!((log, record.verification.bytes_read, record.passes[0].complete), (vec![], 0, true), "{verify:?}");
    }
}

#[test]
fn within_a_pass_it_is_seen_at_the_first_block_that_fails() {
    let rig = Rig::new(8 << 20);
    rig.device.fault(Fault::permanent(Op::Write, (4 << 20) + 1024, 512));
    let (record, log) = swapped(&rig, &request(), |event| is_progress_of(event, "pass 1"));
    assert!(log.iter().all(|&(op, at, _)| op == Op::Write && at < (4 << 20) + WINDOW), "{:?}", log.last());
    assert!(!record.passes[0].complete && record.exceptions.is_empty(), "{record:?}");
}

#[test]
fn within_the_readback_it_is_seen_at_the_first_block_that_fails_or_differs() {
    for differs in [false, true] {
        let rig = Rig::new(8 << 20);
        if differs {
            rig.device.corrupt(4 << 20, 1);
        } else {
            rig.device.fault(Fault::permanent(Op::Read, 4 << 20, 512));
        }
        let (record, log) = swapped(&rig, &request(), |event| is_progress_of(event, "verify"));
        assert!(log.iter().all(|&(op, at, _)| op == Op::Read && at < (4 << 20) + WINDOW), "{:?}", log.last());
        assert!(record.exceptions.is_empty(), "what is wrong with another disk is no exception of this one");
    }
}

#[test]
fn within_the_readback_it_is_seen_at_the_end_at_the_latest() {
    let rig = Rig::new(8 << 20);
    let (record, _) = swapped(&rig, &request(), |event| is_progress_of(event, "verify"));
    assert_eq!((record.verification.bytes_read, record.verification.mismatches), (8 << 20, 0));
}

/// What differed on the one and what the other gave are no readback of one medium.
#[test]
fn a_readback_that_ends_on_another_medium_was_not_carried_out_on_this_one() {
    let rig = Rig::new(8 << 20);
    rig.device.corrupt(0, 1);
    let late = |event: &Event| matches!(event, Event::Progress { phase, bytes_done, .. } if phase == "verify" && *bytes_done >= 12 << 20);
    let (record, _) = swapped(&rig, &request(), late);
    assert!(record.verification.mismatches > 0 && record.verification.status == "failed", "{record:?}");
    assert!(record.verification.statement.contains("not carried to its end"), "{}", record.verification.statement);
}
