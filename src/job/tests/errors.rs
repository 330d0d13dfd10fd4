//! Media that fail: the verdict never says more than what is on them.

use std::sync::atomic::{AtomicBool, Ordering};

use super::rig::{BYTES, React, Recorder, Rig, last_pattern, request, with_verify};
use crate::io::Op;
use crate::io::simulated::{Device, Fault};
use crate::job::{Request, Stop};
use crate::media::{ByteRange, VerifyKind};
use crate::outcome::{Claim, Event, Status, Trouble};
use crate::problem::ExitCode;

#[test]
fn a_sound_medium_is_sanitized_and_every_byte_of_it_written() {
    let rig = Rig::new(8 << 20);
    let recorder = Recorder::default();
    let (plan, finished) = rig.wipe_watched(&request(), &recorder, &Stop::new());
    assert_eq!(finished.exit_code, ExitCode::Success, "{finished:?}");
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim), (Status::Sanitized, Claim::Clear));
    assert_eq!((record.passes.len(), record.passes[0].bytes_written), (1, 8 << 20));
    assert_eq!(record.verification.bytes_read, 8 << 20);
    assert!(rig.holds(&last_pattern(&plan)));
    let events = recorder.0.into_inner().unwrap();
    assert!(matches!(events.first(), Some(Event::Started { .. })));
    assert!(matches!(events.last(), Some(Event::TargetFinished { exit_code: 0, record: Some(_), .. })));
}

#[test]
fn ranges_that_cant_be_written_stand_in_the_record_to_the_block() {
    let rig = Rig::new(8 << 20);
    rig.device.fault(Fault::permanent(Op::Write, 512 * 10, 512));
    rig.device.fault(Fault::permanent(Op::Write, 4 << 20, 4096));
    let (_, finished) = rig.wipe(&request());
    assert_eq!(finished.exit_code, ExitCode::Exceptions);
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim), (Status::SanitizedWithExceptions, Claim::None));
    let failed: Vec<_> = record
        .exceptions
        .iter()
        .filter(|e| e.kind == Trouble::WriteFailed)
        .map(|e| (e.first_byte, e.bytes, e.pass))
        .collect();
    assert_eq!(failed, [(5120, 512, 1), (4 << 20, 4096, 1)]);
    // What those blocks still hold is seen by the readback as well.
    assert_eq!(record.verification.mismatches, 9);
    assert_eq!(record.passes[0].bytes_written, (8 << 20) - 512 - 4096);
}

#[test]
fn a_block_that_cant_be_read_back_is_never_clean() {
    let rig = Rig::new(8 << 20);
    rig.device.fault(Fault::permanent(Op::Read, 1 << 20, 1024));
    let (_, finished) = rig.wipe(&request());
    assert_eq!(finished.exit_code, ExitCode::Exceptions);
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim), (Status::SanitizedWithExceptions, Claim::None));
    assert_eq!(record.verification.unreadable, 2);
    assert!(
        record.exceptions.iter().any(|e| e.kind == Trouble::Unreadable && e.range() == ByteRange::new(1 << 20, 1024))
    );
}

#[test]
fn a_medium_that_lies_about_a_write_fails_verification() {
    for lie in 0..2 {
        let rig = Rig::new(8 << 20);
        if lie == 0 {
            rig.device.drop_writes(ByteRange::new(3 << 20, 512));
        } else {
            rig.device.corrupt(5 << 20, 0x10);
        }
        let (_, finished) = rig.wipe(&request());
        assert_eq!(finished.exit_code, ExitCode::Failed);
        let record = rig.record(&finished);
        assert_eq!((record.status, record.claim, record.verification.mismatches), (Status::Failed, Claim::None, 1));
    }
}

#[test]
fn a_medium_that_vanishes_shrinks_or_turns_read_only_is_lost_in_an_unknown_state() {
    type Loss = (fn(&Device), &'static str);
    let losses: [Loss; 4] = [
        (|device| device.vanish_after(3 << 20), "No such device"),
        (|device| device.turn_read_only_after(3 << 20), "Read-only"),
        (|device| device.fault(Fault { errno: 6, ..Fault::permanent(Op::Write, 2 << 20, 512) }), "write at byte"),
        (|device| device.shrink(4 << 20), "size in bytes"),
    ];
    for (happen, told) in losses {
        let rig = Rig::new(8 << 20);
        let device = rig.device.clone();
        let first = AtomicBool::new(true);
        let observer = React(|event: &Event| {
            if matches!(event, Event::Progress { .. }) && first.swap(false, Ordering::SeqCst) {
                happen(&device);
            }
        });
        let (_, finished) = rig.wipe_watched(&request(), &observer, &Stop::new());
        assert_eq!(finished.exit_code, ExitCode::Failed);
        let record = rig.record(&finished);
        assert_eq!((record.status, record.claim), (Status::Failed, Claim::None));
        assert_eq!(record.sessions[0].end, "lost", "{told}");
        assert!(record.sessions[0].detail.contains(told), "{told}: {}", record.sessions[0].detail);
        assert!(record.statement.contains("state is unknown"), "{}", record.statement);
        assert!(!record.passes[0].complete && record.exceptions.is_empty(), "{told}: {record:?}");
    }
}

#[test]
fn a_medium_that_vanishes_or_shrinks_during_verification_is_not_sanitized() {
    for happen in [|device: &Device| device.vanish(), |device: &Device| device.shrink(4 << 20)] {
        let rig = Rig::new(8 << 20);
        let device = rig.device.clone();
        let observer = React(|event: &Event| {
            if matches!(event, Event::Progress { phase, .. } if phase == "verify") {
                happen(&device);
            }
        });
        let (_, finished) = rig.wipe_watched(&request(), &observer, &Stop::new());
        let record = rig.record(&finished);
        assert_eq!((finished.exit_code, record.status), (ExitCode::Failed, Status::Failed));
        assert_eq!((record.sessions[0].end.as_str(), record.passes[0].bytes_written), ("lost", 8 << 20));
        assert!(record.verification.bytes_read < 8 << 20 && record.exceptions.is_empty(), "{record:?}");
    }
}

#[test]
fn a_failed_flush_is_a_failed_job() {
    let rig = Rig::new(8 << 20);
    rig.device.fail_flushes(1);
    let (_, finished) = rig.wipe(&request());
    assert_eq!(finished.exit_code, ExitCode::Failed);
    assert_eq!(rig.record(&finished).status, Status::Failed);
}

#[test]
fn a_medium_of_which_too_much_is_bad_is_given_up() {
    let rig = Rig::new(8 << 20);
    rig.device.fault(Fault::permanent(Op::Write, 4 << 20, 4 << 20));
    let (_, finished) = rig.wipe(&request());
    assert_eq!(finished.exit_code, ExitCode::Failed);
    let record = rig.record(&finished);
    assert_eq!((record.status, record.sessions[0].end.as_str()), (Status::Failed, "gave-up"));
}

#[test]
fn what_is_not_verified_is_not_claimed() {
    let rig = Rig::new(8 << 20);
    let (plan, finished) = rig.wipe(&with_verify(VerifyKind::None));
    assert_eq!(finished.exit_code, ExitCode::Exceptions);
    let record = rig.record(&finished);
    assert_eq!((record.status, record.claim), (Status::Unverified, Claim::None));
    assert!(rig.holds(&last_pattern(&plan)));
}

#[test]
fn a_sampled_verification_says_how_much_it_read() {
    let rig = Rig::new(BYTES);
    let (_, finished) = rig.wipe(&with_verify(VerifyKind::Sampled));
    assert_eq!(finished.exit_code, ExitCode::Success);
    let record = rig.record(&finished);
    assert_eq!(record.verification.kind, VerifyKind::Sampled);
    assert!(record.verification.seed.is_some());
    let tenth = BYTES / 10;
    assert!((tenth..tenth + tenth / 5).contains(&record.verification.bytes_read), "{}", record.verification.bytes_read);
}

#[test]
fn nothing_is_written_where_the_record_could_not_be() {
    let rig = Rig::new(8 << 20);
    std::fs::remove_dir(&rig.station.out).unwrap();
    let (_, finished) = rig.wipe(&request());
    assert_eq!((finished.exit_code, finished.status), (ExitCode::Error, None));
    assert!(rig.device.log().iter().all(|(op, ..)| *op == Op::Read));
    assert!(rig.store.entries().is_empty());
}

#[test]
fn nothing_is_written_where_the_journal_can_not_be() {
    for syncs in 0..2 {
        let mut rig = Rig::new(8 << 20);
        rig.store = crate::journal::tests::MemoryStore::failing_after(syncs);
        let (_, finished) = rig.wipe(&request());
        assert_eq!((finished.exit_code, finished.status), (ExitCode::Error, None));
        assert!(rig.device.log().iter().all(|(op, ..)| *op == Op::Read));
    }
}

#[test]
fn passes_end_with_the_last_pattern_on_the_medium() {
    for scheme in crate::pattern::Scheme::all() {
        let rig = Rig::new(1 << 20);
        let request = Request { overwrite: crate::job::OverwriteChoice::Scheme(scheme.name.into()), ..request() };
        let (plan, finished) = rig.wipe(&request);
        assert_eq!(finished.exit_code, ExitCode::Success, "{}", scheme.name);
        assert_eq!(plan.passes.len(), scheme.passes.len());
        assert!(rig.holds(&last_pattern(&plan)), "{}", scheme.name);
        let record = rig.record(&finished);
        assert_eq!(record.scheme.as_deref(), Some(scheme.name));
        assert!(record.passes.iter().all(|p| p.bytes_written == 1 << 20 && p.complete));
    }
}
