//! What is seen of single blocks: witnesses by themselves, blocks that must be written before they read, and no readback at all.

use super::rig::{Place, all, live_in, plan, record};
use crate::drives::{self, Fault};
use crate::io::simulated::Blocks;
use crate::job::Stop;
use crate::job::tests::rig::React;
use crate::journal::Entry;
use crate::journal::tests::MemoryStore;
use crate::media::{TechniqueId, VerifyKind};
use crate::modelled::{Drive, Shared};
use crate::outcome::{Event, Places, Status};
use crate::problem::ExitCode;

/// The places of a job's first device, drawn from the seed that it put down before it changed anything.
fn places(store: &MemoryStore) -> Places {
    let Some(Entry::Started { plan, .. }) = store.entries().into_iter().next() else { panic!("not begun") };
    let identity = plan.medium.identity;
    let seed = u128::from_str_radix(&plan.erase.unwrap().seed, 16).unwrap().to_be_bytes();
    Places::draw(seed, 0, identity.size_bytes, identity.logical_block_bytes).unwrap()
}

#[test]
fn one_witness_that_is_left_is_enough_to_fail_it() {
    let place = Place::new();
    for model in all() {
        for &technique in &model.techniques {
            let drive = Shared::new((model.make)());
            let _time = live_in(&drive, None);
            let plan = plan(&drive, technique);
            let store = MemoryStore::default();
            let leave_one = React(|event: &Event| {
                if matches!(event, Event::Started { .. }) {
                    let witnesses = places(&store).witnesses;
                    let (first, count) =
                        (witnesses[witnesses.len() / 2] / 512, plan.medium.identity.logical_block_bytes / 512);
                    drive.inject(Fault::SkipsSectors { first, count: count.into() });
                }
            });
            let finished = place.wipe(&drive, &plan, &store, &leave_one, &Stop::new());
            let cell = format!("{} {}: {finished:?}", model.name, technique.name());
            let command = &record(&finished)["command"];
            assert_eq!(command["markers"]["gone"], command["markers"]["written"], "{cell}");
            assert_eq!(command["witnesses"]["same"], 1, "{cell}");
            assert_eq!((finished.status, finished.exit_code), (Some(Status::Failed), ExitCode::Failed), "{cell}");
            assert!(finished.statement.contains("1 blocks still hold what they held before"), "{cell}");
            assert_eq!(place.fault_of(&finished), None, "{cell}");
        }
    }
}

#[test]
fn blocks_that_must_be_written_before_they_read_are_written_and_prove_nothing() {
    for technique in [TechniqueId::ScsiSanitizeBlock, TechniqueId::ScsiSanitizeCrypto] {
        let mut sas = drives::sas_ssd();
        (sas.traits.write_after_block, sas.traits.write_after_crypto) = (2, 2);
        let drive = Shared::new(Drive::Sas(sas));
        let (place, _time) = (Place::new(), live_in(&drive, None));
        // So that the drive is seen at it.
        drive.inject(Fault::StallsAt { percent: 40, seconds: Some(60) });
        let plan = plan(&drive, technique);
        let finished = place.wipe_quietly(&drive, &plan, &MemoryStore::default());
        assert_eq!(finished.status, Some(Status::Unverified), "{finished:?}");
        assert!(finished.statement.contains("must be written before they can be read"), "{finished:?}");
        assert_eq!(place.fault_of(&finished), None);
        assert_eq!(drive.truth().total(), 0);
        // The drive can be used again, from its first block to its last.
        let mut content = vec![1; usize::try_from(plan.medium.identity.size_bytes).unwrap()];
        for (at, piece) in (0..).step_by(64 << 10).zip(content.chunks_mut(64 << 10)) {
            assert_eq!(Blocks::read(&mut drive.clone(), at, piece).unwrap(), piece.len());
        }
        assert!(content.iter().all(|byte| *byte == 0));
    }
}

#[test]
fn without_a_readback_nothing_is_claimed_and_marks_that_are_left_still_fail_it() {
    let place = Place::new();
    for model in all() {
        for &technique in &model.techniques {
            for fault in [None, Some(Fault::Lies)] {
                let drive = Shared::new((model.make)());
                let _time = live_in(&drive, None);
                let mut plan = plan(&drive, technique);
                plan.verify = VerifyKind::None;
                fault.iter().for_each(|fault| drive.inject(fault.clone()));
                let finished = place.wipe_quietly(&drive, &plan, &MemoryStore::default());
                let wanted = if fault.is_none() { Status::Unverified } else { Status::Failed };
                let cell = format!("{} {} {fault:?}: {finished:?}", model.name, technique.name());
                assert_eq!(finished.status, Some(wanted), "{cell}");
                assert_eq!(place.fault_of(&finished), None, "{cell}");
            }
        }
    }
}
