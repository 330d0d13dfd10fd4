//! The chain from our command to the drive's own success, fault by fault, beside the shadow's truth.

use super::bench::{Erased, all, erased, says_done};
use crate::drives::{Fault, Refusal, SenseLayout};
use crate::outcome::Ending;

#[test]
fn a_drive_that_works_is_seen_to_and_nothing_is_left() {
    for (name, make, techniques) in all() {
        for technique in techniques {
            let Erased { run, drive, .. } = erased(make(), technique, None);
            assert_eq!(run.ending, Ending::Succeeded, "{name} {technique:?}");
            assert!(run.accepted && run.watch.seen_running(), "{name} {technique:?}");
            assert_eq!(drive.truth().total(), 0, "{name} {technique:?}: {:?}", drive.truth());
        }
    }
}

/// A fault, and the endings that tell it.
type Told = (Fault, fn(&Ending) -> bool);

const TOLD: &[Told] = &[
    (Fault::FailsAt { percent: 40, sectors_remain: false }, |e| matches!(e, Ending::Failed { .. })),
    (Fault::FailsAt { percent: 99, sectors_remain: true }, |e| matches!(e, Ending::Failed { .. })),
    (Fault::StallsAt { percent: 40, seconds: None }, |e| matches!(e, Ending::Stalled { .. })),
    (Fault::StallsAt { percent: 0, seconds: None }, |e| matches!(e, Ending::Stalled { .. })),
    (Fault::StallsAt { percent: 40, seconds: Some(900) }, |e| *e == Ending::Succeeded),
    (Fault::StaleSuccess, |e| matches!(e, Ending::Stale | Ending::Foreign | Ending::NotRun)),
    (Fault::LateReport { seconds: 3 }, |e| says_done(e) || matches!(e, Ending::Stale)),
    (Fault::Refuses(Refusal::Abort), |e| matches!(e, Ending::Rejected { .. })),
    (Fault::Refuses(Refusal::InvalidOpcode), |e| matches!(e, Ending::Rejected { .. })),
    (Fault::Refuses(Refusal::InvalidField), |e| matches!(e, Ending::Rejected { .. })),
    (Fault::InstantSuccess, |e| matches!(e, Ending::AtOnce | Ending::Stale | Ending::Succeeded)),
    (Fault::CutAtCommand { taken: false }, |e| !says_done(e)),
    (Fault::PowerCutAt { percent: 50 }, |e| matches!(e, Ending::Unknown { .. })),
    (Fault::Sense(SenseLayout::FixedFromEight), says_done),
    (Fault::Sense(SenseLayout::FixedFromThree), |_| true),
    (Fault::Sense(SenseLayout::FixedBare), |_| true),
    (Fault::Sense(SenseLayout::Nothing), |_| true),
    (Fault::Sense(SenseLayout::CountZeroed), |_| true),
];

#[test]
fn every_fault_is_told_and_no_success_leaves_anything() {
    let mut table = String::new();
    for (name, make, techniques) in all() {
        for technique in techniques {
            for (fault, told) in TOLD {
                let Erased { run, drive, .. } = erased(make(), technique, Some(fault.clone()));
                let left = drive.truth().total();
                table += &format!("{name:<22} {:<24} {fault:?}: {:?}, left {left}\n", technique.name(), run.ending);
                assert!(told(&run.ending), "\n{table}");
                assert!(left == 0 || !says_done(&run.ending), "\n{table}");
            }
        }
    }
    println!("{table}");
}
