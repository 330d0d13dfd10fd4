//! When a running pass makes checkpoints, and what they hold.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::rig::{BYTES, RATE, Rig, request};
use crate::io::Control;
use crate::job::Stop;
use crate::job::clock::testing as clock;
use crate::job::control::{PassControl, Position};
use crate::journal::tests::MemoryStore;
use crate::journal::{Entry, Journal, StoredPass, StoredPlan, replay};
use crate::media::{Method, TechniqueId, VerifyKind, testing};
use crate::outcome::{BadRange, Silent, Trouble};
use crate::pattern::Pattern;

/// A clock that stands still unless it is told to go.
#[derive(Clone, Default)]
struct Time(Rc<Cell<Duration>>);

impl Time {
    fn pass(&self, milliseconds: u64) {
        self.0.set(self.0.get() + Duration::from_millis(milliseconds));
    }

    fn set(&self) -> clock::Set {
        let (time, begun) = (self.clone(), Instant::now());
        clock::set(move || begun + time.0.get())
    }
}

fn started() -> Vec<Entry> {
    let medium = testing::medium(1 << 30);
    let session = Entry::Session {
        record: "record".into(),
        started: "2026-01-01T00:00:00Z".into(),
        boot: "boot".into(),
        identity: medium.identity.clone(),
        from_pass: 1,
        from_byte: 4096,
    };
    let plan = StoredPlan {
        medium,
        method: Method::Clear,
        technique: TechniqueId::Overwrite,
        passes: vec![StoredPass { number: 1, pattern: Pattern::zeros() }],
        files: None,
        erase: None,
        swap: None,
        scheme: None,
        verify: VerifyKind::Full,
        max_rate: None,
        operator: None,
        instruction: None,
        property: None,
        case: None,
        head: None,
        partition_heads: Vec::new(),
        out: "/tmp".into(),
    };
    vec![Entry::Started { job: "job".into(), plan: Box::new(plan), version: "0".into() }, session]
}

/// Steers a pass that begins at byte 4096 as `steer` says; the checkpoints that its journal then holds.
fn steered(steer: impl FnOnce(&mut PassControl<'_>, &Time)) -> Vec<Entry> {
    let time = Time::default();
    let _clock = time.set();
    let store = MemoryStore::default();
    let mut journal = Journal::begin(Box::new(store.clone()));
    started().iter().for_each(|entry| journal.append(entry).unwrap());
    let mut state = replay(started()).unwrap();
    let stop = Stop::new();
    let position = Position { phase: "pass 1 of 1".into(), before: 0, total: 1 << 30 };
    steer(&mut PassControl::new(&stop, &Silent, position, &mut journal, &mut state), &time);
    store.entries().split_off(2)
}

/// Asserts that the next checkpoint is due `milliseconds` from now and not before, and begins it.
fn due_after(control: &mut PassControl<'_>, time: &Time, milliseconds: u64) {
    assert!(!control.checkpoint_due(0));
    time.pass(milliseconds - 1);
    assert!(!control.checkpoint_due(0), "due before {milliseconds} ms");
    time.pass(1);
    assert!(control.checkpoint_due(0), "not due after {milliseconds} ms");
}

#[test]
fn the_first_comes_soon_and_the_later_ones_at_a_bounded_interval() {
    steered(|control, time| {
        due_after(control, time, 250);
        control.durable(0).unwrap();
        for _ in 0..3 {
            due_after(control, time, 1000);
            control.durable(0).unwrap();
        }
    });
}

#[test]
fn a_slow_flush_is_paid_for_more_rarely_but_once_a_minute() {
    steered(|control, time| {
        due_after(control, time, 250);
        for (flush, next) in [(20, 1000), (21, 1050), (100, 5000), (1200, 60_000), (30_000, 60_000), (0, 1000)] {
            // The interval begins when the flush has ended.
            time.pass(flush);
            control.durable(0).unwrap();
            due_after(control, time, next);
        }
    });
}

#[test]
fn they_hold_bytes_and_time_and_the_bad_ranges_before_them() {
    let bad = |first_byte| BadRange {
        kind: Trouble::WriteFailed,
        first_byte,
        bytes: 512,
        pass: 1,
        error: Some("EIO".into()),
    };
    let (near, far) = (bad(4096 + 512), bad(4096 + 8192));
    let checkpoints = steered(|control, time| {
        control.bad(near.clone()).unwrap();
        control.bad(far.clone()).unwrap();
        time.pass(300);
        control.durable(8192).unwrap();
        time.pass(700);
        control.durable(16384).unwrap();
    });
    let expected = [
        Entry::Checkpoint { pass: 1, durable: 4096 + 8192, milliseconds: 300, bad: vec![near] },
        Entry::Checkpoint { pass: 1, durable: 4096 + 16384, milliseconds: 1000, bad: vec![far] },
    ];
    assert_eq!(format!("{checkpoints:?}"), format!("{expected:?}"));
}

#[test]
fn a_job_makes_them_as_it_goes_and_not_only_at_the_end() {
    let rig = Rig::new(BYTES);
    rig.wipe(&request());
    let made: Vec<u64> = rig.store.entries().iter().filter_map(durable).collect();
    // By the device's clock: after a quarter of a second, then each second, at its end.
    let seconds = BYTES / RATE;
    assert_eq!(made.len() as u64, seconds + 1, "{made:?}");
    assert!(
        made[0] <= RATE / 4 + (1 << 20) && made.windows(2).all(|two| two[1] - two[0] <= RATE + (1 << 20)),
        "{made:?}"
    );
    assert_eq!((made.last(), rig.device.flushes()), (Some(&BYTES), seconds + 1));
}

fn durable(entry: &Entry) -> Option<u64> {
    if let Entry::Checkpoint { durable, .. } = entry { Some(*durable) } else { None }
}
