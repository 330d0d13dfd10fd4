//! Loss of power: of the machine, at any sync of the journal, with drives that lose what they had not flushed.

use proptest::prelude::*;

use super::rig::{BYTES, Recorder, Rig, checked, last_pattern, request};
use super::sessions::session_on;
use crate::io::Op;
use crate::io::simulated::Cache;
use crate::job::prove::Found;
use crate::job::{Request, Stop, prove};
use crate::journal::Entry;
use crate::journal::tests::MemoryStore;
use crate::outcome::Status;
use crate::problem::{ExitCode, Kind};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The power goes when the device has done so many operations: nothing after that reaches the medium or the journal. What
    /// was written and not flushed is lost, torn and reordered, also by a drive that never told of its cache.
    #[test]
    fn nothing_is_skipped_after_a_loss_of_power(operations in 1u64..330, seed in any::<u64>(), cache in 0usize..3) {
        let mut rig = Rig::new(BYTES);
        let cache = [Cache::WriteThrough, Cache::Volatile, Cache::Unreported { bytes: 8 << 20 }][cache];
        rig.device = rig.device.clone().with_cache(cache).with_seed(seed);
        rig.device.crash_after(operations);
        let request = Request { max_rate: Some(150 << 20), ..request() };
        let plan = rig.plan(&request);
        // The session's entries: started, session, checkpoints. The conclusion never reaches the disk.
        let store = Cutting { inner: rig.store.clone(), device: rig.device.clone() };
        let make = |_: &str| Ok(Box::new(store.clone()) as Box<dyn crate::journal::Store>);
        let clearance = rig.clearance(&plan);
        let first = crate::job::run::wipe_with(
            &rig.station, &plan, clearance, &Recorder::default(), &Stop::new(), None, &make,
        );
        if !rig.store.entries().iter().any(|e| matches!(e, Entry::Session { .. })) {
            prop_assert!(rig.device.log().iter().all(|(op, ..)| *op == Op::Read), "changed before the journal said so");
            return Ok(());
        }
        let whole = rig.store.state().is_over();
        prop_assert!(whole || first.exit_code == ExitCode::Failed, "{:?}", first);
        if whole {
            return Ok(());
        }
        rig.device.power_on();
        let survivors = rig.store.after_power_loss();
        let found = Found { medium: plan.medium.clone(), same_attachment: false };
        let known = prove::written_upto(&survivors.state(), false);
        let second = match session_on(&rig, &plan, &survivors, &Stop::new(), &found) {
            Ok(second) => second,
            // Too little was written to tell the medium by: it must be confirmed anew.
            Err(problem) => {
                prop_assert!(problem.kind == Kind::Refused && known < 128 << 10, "{:?} at {}", problem, known);
                return Ok(());
            }
        };
        prop_assert_eq!(second.exit_code, ExitCode::Success, "{:?}", second);
        let record = rig.record(&second);
        prop_assert_eq!(record.status, Status::Sanitized);
        prop_assert!(rig.holds(&last_pattern(&plan)));
        prop_assert_eq!(record.sessions.len(), 2);
        prop_assert_eq!(record.sessions[0].end.as_str(), "killed");
        prop_assert!(record.supersedes.is_some(), "the killed session gets its record from the next one");
        for entry in std::fs::read_dir(&rig.station.out).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "json") {
                let found = checked(&path, &rig.station.signer.fingerprint());
                prop_assert!(found.id == record.id || found.status == Status::Interrupted);
            }
        }
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

/// A journal on the machine that loses power together with the device.
#[derive(Clone)]
struct Cutting {
    inner: MemoryStore,
    device: crate::io::simulated::Device,
}

impl crate::journal::Store for Cutting {
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
