//! Loss of power: of the machine, at any sync of the journal, with drives that lose what they had not flushed.

use proptest::prelude::*;

use super::rig::{BYTES, Rig, checked, last_pattern, request};
use super::sessions::session_on;
use crate::io::Op;
use crate::io::simulated::Cache;
use crate::job::prove::Found;
use crate::job::{Finished, Plan, Stop, prove};
use crate::journal::tests::MemoryStore;
use crate::journal::{Entry, Store};
use crate::media::{Bus, Rotation};
use crate::outcome::{Silent, Status};
use crate::problem::{ExitCode, Kind};

/// Bytes in a buffer: with 8 of them in flight, a window of 32 and a cache of 8 MiB, the margin of 16 MiB is used up.
const BLOCK: u64 = 256 << 10;
/// Reads of the head before the journal begins.
const HEAD_READS: u64 = 32;
/// Writes of a pass.
const WRITES: u64 = BYTES / BLOCK;
/// Flushes of a pass, at most: by the rig's clock one a second, one soon, one at its end.
const FLUSHES: u64 = 12;
/// Of so many bytes in a row the first that are known to be on the medium are enough to tell it by.
const TELLING: u64 = 128 << 10;
/// From this operation on a pass has a checkpoint behind the margin, whatever the order in which its writes ended.
const KNOWN: u64 = HEAD_READS + (29 << 20) / BLOCK + FLUSHES;

/// A medium, and when its power goes.
#[derive(Debug, Clone, Copy)]
struct Cut {
    /// The power goes when the device has done so many operations.
    operations: u64,
    /// And then once more, so many operations after the next session began.
    again: Option<u64>,
    cache: Cache,
    seed: u64,
}

fn cut(operations: impl Strategy<Value = u64>) -> impl Strategy<Value = Cut> {
    let unreported = Cache::Unreported { bytes: 8 << 20 };
    let caches = prop_oneof![1 => Just(Cache::WriteThrough), 1 => Just(Cache::Volatile), 2 => Just(unreported)];
    (operations, proptest::option::of(1u64..500), caches, any::<u64>())
        .prop_map(|(operations, again, cache, seed)| Cut { operations, again, cache, seed })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn before_enough_is_known_it_must_be_confirmed_anew(cut in cut(1..HEAD_READS + (16 << 20) / BLOCK)) {
        prop_assert_eq!(survives(cut, 1)?, None);
    }

    #[test]
    fn nothing_is_skipped_when_it_goes_within_a_pass(cut in cut(KNOWN..HEAD_READS + WRITES)) {
        prop_assert_eq!(survives(cut, 1)?, Some(1));
    }

    #[test]
    fn nothing_is_skipped_when_it_goes_within_a_second_pass(
        cut in cut(HEAD_READS + WRITES + FLUSHES..HEAD_READS + 2 * WRITES),
    ) {
        prop_assert!(survives(cut, 2)?.is_some());
    }

    #[test]
    fn nothing_is_skipped_when_it_goes_within_the_readback(
        (passes, cut) in (1..=2u64).prop_flat_map(|passes| {
            let begin = HEAD_READS + passes * (WRITES + FLUSHES) + 1;
            (Just(passes), cut(begin..begin + WRITES - passes * FLUSHES))
        }),
    ) {
        prop_assert_eq!(survives(cut, passes)?, Some(u32::try_from(passes).unwrap()));
    }

    #[test]
    fn a_session_never_begins_after_what_is_known(pass in 1u32..5, durable in 0u64..1 << 36, size in 1u64..1 << 36) {
        let size = size / 512 * 512;
        let durable = durable.min(size);
        let (from, byte) = prove::restart((pass, durable), size, 512);
        let linear = |pass: u32, byte: u64| u128::from(pass) * u128::from(size) + u128::from(byte);
        prop_assert!(linear(from, byte) <= linear(pass, durable));
        let back = linear(pass, durable) - linear(from, byte);
        let margin = u128::from(prove::margin(size));
        prop_assert!(back >= margin || (from, byte) == (1, 0) || byte == 0 && from + 1 == pass, "{back}");
        prop_assert!(byte % 512 == 0 && byte <= size);
    }
}

/// Cuts the power of a job of one or two passes: nothing after that reaches the medium or the journal. What was written and not
/// flushed is lost, torn and reordered, also by a drive that never told of its cache. The job then goes on, and ends with every
/// byte as its last pass wrote it; or too little was known to have been written to tell its medium by: then it is refused. The pass
/// in which it went on after the first cut; `None` where it was refused then.
fn survives(cut: Cut, passes: u64) -> Result<Option<u32>, TestCaseError> {
    let mut rig = Rig::new(BYTES);
    rig.block_bytes = usize::try_from(BLOCK).unwrap();
    if passes == 2 {
        // A pattern and its complement.
        (rig.medium.bus, rig.medium.rotation) = (Bus::Usb, Rotation::Flash);
    }
    rig.device = rig.device.clone().with_cache(cut.cache).with_seed(cut.seed);
    let plan = rig.plan(&request());
    prop_assert_eq!(plan.passes.len() as u64, passes);
    rig.device.crash_after(cut.operations);
    let store = Cutting { inner: rig.store.clone(), device: rig.device.clone() };
    let first = rig.carry_out(&plan, rig.clearance(&plan), &store, &Silent, &Stop::new());
    prop_assert!(!rig.device.is_there(), "the power did not go");
    rig.device.power_on();
    let mut survivor = rig.store.after_power_loss();
    if survivor.entries().is_empty() || survivor.state().sessions.is_empty() {
        prop_assert!(rig.device.log().iter().all(|(op, ..)| *op == Op::Read), "changed before the journal said so");
        return Ok(None);
    }
    prop_assert_eq!(first.exit_code, ExitCode::Failed, "{:?}", first);
    let found = Found { medium: plan.medium.clone(), same_attachment: false };
    let mut went_on = None;
    for (session, operations) in [cut.again, None].into_iter().enumerate() {
        forget_unsaved_records(&rig, &survivor);
        let known = prove::written_upto(&survivor.state(), false);
        let from = prove::restart(survivor.state().reached, BYTES, 512).0;
        if let Some(operations) = operations {
            rig.device.crash_after(operations);
        }
        let store = Cutting { inner: survivor.clone(), device: rig.device.clone() };
        let outcome = session_on(&rig, rig.clearance(&plan), &store, &found);
        if !rig.device.is_there() {
            rig.device.power_on();
            went_on = went_on.or((known >= TELLING).then_some(from));
            survivor = survivor.after_power_loss();
            continue;
        }
        match outcome {
            Ok(last) => {
                prop_assert!(known >= TELLING, "went on with {known} known bytes");
                ended(&rig, &plan, &survivor, &last)?;
                return Ok(went_on.or(Some(from)));
            }
            Err(problem) => {
                prop_assert!(problem.kind == Kind::Refused && known < TELLING, "{problem:?} at {known}");
                return Ok(if session == 0 { None } else { went_on });
            }
        }
    }
    Err(TestCaseError::fail("the power went in a session that was not cut"))
}

/// The machine's own disk: a record that the journal does not know of came after the power had gone.
fn forget_unsaved_records(rig: &Rig, survivor: &MemoryStore) {
    let known = |path: &std::path::Path| {
        let name = path.to_string_lossy();
        survivor.entries().iter().any(|e| matches!(e, Entry::Issued { record, .. } if name.contains(record.as_str())))
    };
    for entry in std::fs::read_dir(&rig.station.out).unwrap() {
        let path = entry.unwrap().path();
        if !known(&path) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// The job's end, and the records of all its sessions.
fn ended(rig: &Rig, plan: &Plan, journal: &MemoryStore, last: &Finished) -> Result<(), TestCaseError> {
    prop_assert_eq!(last.exit_code, ExitCode::Success, "{:?}", last);
    prop_assert!(rig.holds(&last_pattern(plan)));
    let record = rig.record(last);
    prop_assert_eq!(record.status, Status::Sanitized);
    let (ended, killed) = record.sessions.split_last().unwrap();
    prop_assert!(
        ended.end == "completed" && killed.iter().all(|session| session.end == "killed"),
        "{:?}",
        record.sessions
    );
    prop_assert!(record.supersedes.is_some(), "the killed session gets its record from the next one");
    let sessions = journal.state().sessions;
    prop_assert_eq!(sessions.len(), record.sessions.len());
    for session in &sessions {
        let (_, path) = session.issued.as_ref().expect("every session has a record");
        let issued = checked(path.as_ref(), &rig.station.press.signer.fingerprint());
        prop_assert!(issued.id == record.id || issued.status == Status::Interrupted, "{issued:?}");
    }
    Ok(())
}

/// A journal on the machine that loses power together with the device.
#[derive(Clone)]
struct Cutting {
    inner: MemoryStore,
    device: crate::io::simulated::Device,
}

impl Store for Cutting {
    fn name(&self) -> String {
        "cutting".into()
    }

    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.inner.append(bytes)
    }

    fn sync(&mut self) -> std::io::Result<()> {
        if self.device.is_there() { self.inner.sync() } else { Err(std::io::Error::other("no power")) }
    }

    fn read_all(&mut self) -> std::io::Result<Vec<u8>> {
        self.inner.read_all()
    }

    fn truncate(&mut self, bytes: u64) -> std::io::Result<()> {
        self.inner.truncate(bytes)
    }
}
