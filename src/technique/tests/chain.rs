//! The chain from our command to the drive's own success, fault by fault, beside the shadow's truth.

use super::bench::{Erased, Family, all, erased, says_done};
use crate::drives::{Fault, Refusal, SenseLayout};
use crate::media::TechniqueId;
use crate::outcome::Ending;
use crate::technique::drive::Told;

#[test]
fn a_drive_that_works_is_seen_to_and_nothing_is_left() {
    for model in all() {
        for technique in model.techniques {
            let Erased { run, drive, told, exchanges } = erased((model.make)(), technique, None);
            let name = format!("{} {technique:?}", model.name);
            assert_eq!(run.ending, Ending::Succeeded, "{name}");
            assert!(run.accepted && run.watch.seen_running(), "{name}");
            assert_eq!(drive.truth().total(), 0, "{name}: {:?}", drive.truth());
            assert_eq!(exchanges.len(), 3, "{name}: before, the erase, the last look");
            assert_eq!(exchanges[0].command, exchanges[2].command, "{name}");
            assert_ne!(exchanges[0].received, exchanges[1].received, "{name}");
            assert_eq!(told[0], Told::Accepted, "{name}");
            let moving = told[1..].iter().map(|told| match told {
                Told::Running { progress } => progress.unwrap(),
                Told::Accepted => panic!("{name}: accepted once"),
            });
            assert!(moving.clone().is_sorted() && moving.count() > 1, "{name}");
        }
    }
}

/// A fault, and whether an ending tells it.
type Row = (Fault, fn(Family, TechniqueId, &Ending) -> bool);

/// Two seconds: it can come and go between two looks.
fn is_quick(technique: TechniqueId) -> bool {
    use TechniqueId::{AtaSanitizeCrypto, NvmeSanitizeCrypto, ScsiSanitizeCrypto};
    matches!(technique, AtaSanitizeCrypto | ScsiSanitizeCrypto | NvmeSanitizeCrypto)
}

/// What the way back of ATA registers makes of a SATA drive; no other drive has one.
fn behind_a_bridge(family: Family, ending: &Ending, sata: impl Fn(&Ending) -> bool) -> bool {
    if family == Family::Ata { sata(ending) } else { *ending == Ending::Succeeded }
}

/// Nothing was sent: what can't be followed is not begun.
fn not_sent(ending: &Ending) -> bool {
    matches!(ending, Ending::NotSent { .. })
}

const ROWS: &[Row] = &[
    (Fault::FailsAt { percent: 0, sectors_remain: false }, |_, _, e| matches!(e, Ending::Failed { .. })),
    (Fault::FailsAt { percent: 40, sectors_remain: false }, |_, _, e| matches!(e, Ending::Failed { .. })),
    (Fault::FailsAt { percent: 99, sectors_remain: true }, |_, _, e| matches!(e, Ending::Failed { .. })),
    (Fault::StallsAt { percent: 0, seconds: None }, |_, _, e| matches!(e, Ending::Stalled { .. })),
    (Fault::StallsAt { percent: 40, seconds: None }, |_, _, e| matches!(e, Ending::Stalled { .. })),
    (Fault::StallsAt { percent: 40, seconds: Some(900) }, |_, _, e| *e == Ending::Succeeded),
    // NVMe names the command that succeeded: another one than ours here. The others only say that there was one.
    (Fault::StaleSuccess, |family, _, e| match family {
        Family::Nvme => *e == Ending::Foreign,
        _ => *e == Ending::Stale,
    }),
    // A quick one is over when the drive begins to tell: success at the first sight of it, which on SCSI looks like idleness before.
    (Fault::LateReport { seconds: 3 }, |family, technique, e| match (family, is_quick(technique)) {
        (_, false) => *e == Ending::Succeeded,
        (Family::Scsi, true) => *e == Ending::Stale,
        (_, true) => *e == Ending::AtOnce,
    }),
    // Longer than a drive is given to show that it has begun. It runs all the same, and that is not known.
    (Fault::LateReport { seconds: 15 }, |family, _, e| match family {
        Family::Scsi => *e == Ending::Stale,
        _ => *e == Ending::NotRun,
    }),
    // ABRT alone, ABORTED COMMAND and Internal Error do not say that nothing was begun.
    (Fault::Refuses(Refusal::Abort), |_, _, e| matches!(e, Ending::Unclear { .. })),
    (Fault::Refuses(Refusal::InvalidOpcode), |family, _, e| match family {
        Family::Ata => matches!(e, Ending::Unclear { .. }),
        _ => matches!(e, Ending::Rejected { .. }),
    }),
    (Fault::Refuses(Refusal::InvalidField), |_, _, e| matches!(e, Ending::Rejected { .. })),
    (Fault::Frozen, |family, _, e| match family {
        Family::Ata => *e == Ending::Frozen,
        _ => matches!(e, Ending::Rejected { .. }),
    }),
    (Fault::Locked, |family, _, e| match family {
        Family::Ata => matches!(e, Ending::Unclear { .. }),
        _ => matches!(e, Ending::Rejected { .. }),
    }),
    // On SCSI a success at the first look can't be told from idleness.
    (Fault::InstantSuccess, |family, _, e| match family {
        Family::Scsi => *e == Ending::Stale,
        _ => *e == Ending::AtOnce,
    }),
    (Fault::DeallocatedDespite, |family, _, e| match family {
        Family::Nvme => *e == Ending::Deallocated,
        _ => *e == Ending::Succeeded,
    }),
    // Nobody plugs it in again, or gives it power.
    (Fault::CutAtCommand { taken: false }, |_, _, e| matches!(e, Ending::Unknown { .. })),
    (Fault::CutAtCommand { taken: true }, |_, _, e| matches!(e, Ending::Unknown { .. })),
    (Fault::PowerCutAt { percent: 0 }, |_, _, e| matches!(e, Ending::Unknown { .. })),
    (Fault::PowerCutAt { percent: 50 }, |_, _, e| matches!(e, Ending::Unknown { .. })),
    // NVMe has no look of its own that the model could cut at.
    (Fault::CutAtPoll(3), |_, _, e| matches!(e, Ending::Unknown { .. })),
    // Seen running again after the reset, it is the same one.
    (Fault::ResetAt { percent: 50 }, |_, _, e| *e == Ending::Succeeded),
    // What takes no longer than half a minute is over by the next look, and only NVMe names it.
    (Fault::ResetAt { percent: 90 }, |family, technique, e| match family {
        Family::Nvme => *e == Ending::Succeeded,
        _ if technique.name().ends_with("overwrite") => *e == Ending::Succeeded,
        _ => matches!(e, Ending::BrokenChain { .. }),
    }),
    // Both fixed formats have no room for COUNT (15:8), where the state stands: what they tell of an idle drive they can't tell of a
    // running one. Linux itself sends them for failures alone; for a success only bridges do.
    (Fault::Sense(SenseLayout::FixedFromEight), |family, _, e| behind_a_bridge(family, e, not_sent)),
    (Fault::Sense(SenseLayout::FixedFromThree), |family, _, e| behind_a_bridge(family, e, not_sent)),
    (Fault::Sense(SenseLayout::FixedBare), |family, _, e| behind_a_bridge(family, e, not_sent)),
    (Fault::Sense(SenseLayout::Nothing), |family, _, e| behind_a_bridge(family, e, not_sent)),
    // Zeros for the state look like idleness, before and after: it runs all the same, and that is not known.
    (Fault::Sense(SenseLayout::CountZeroed), |family, _, e| behind_a_bridge(family, e, |e| *e == Ending::NotRun)),
];

#[test]
fn every_fault_is_told_and_no_success_leaves_anything() {
    let (mut table, mut wrong) = (String::new(), 0);
    for model in all() {
        for technique in model.techniques {
            for (fault, told) in ROWS {
                let Erased { run, drive, .. } = erased((model.make)(), technique, Some(fault.clone()));
                let left = drive.truth().total();
                let holds = told(model.family, technique, &run.ending) && (left == 0 || !says_done(&run.ending));
                wrong += u32::from(!holds);
                let mark = if holds { " " } else { "!" };
                let name = technique.name();
                table += &format!("{mark} {:<22} {name:<24} {fault:?}: {:?}, left {left}\n", model.name, run.ending);
            }
        }
    }
    println!("{table}");
    assert_eq!(wrong, 0, "\n{table}");
}

/// What a drive's own word can't show, whatever one asks: it says that it succeeded, and did not reach everything. This is what blocks
/// are marked for; and what lies where no host can look, no host can tell.
const UNSEEN: &[Fault] = &[Fault::Lies, Fault::SkipsSectors { first: 100, count: 50 }, Fault::SkipsRemapped];

#[test]
fn the_drives_word_alone_is_not_enough() {
    for model in all() {
        for technique in model.techniques {
            for fault in UNSEEN {
                let Erased { run, drive, .. } = erased((model.make)(), technique, Some(fault.clone()));
                assert_eq!(run.ending, Ending::Succeeded, "{} {technique:?} {fault:?}", model.name);
                assert!(drive.truth().total() > 0, "{} {technique:?} {fault:?}", model.name);
            }
        }
    }
}
