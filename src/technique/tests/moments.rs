//! Losses of power, of the connection and of the program in the middle of an erase, and what a session that joins makes of it.

use std::time::Duration;

use super::bench::{Erased, Family, Model, all, erased, erased_in, says_done};
use crate::drives::Fault;
use crate::media::TechniqueId;
use crate::modelled::{Shared, Time};
use crate::outcome::Ending;
use crate::technique::drive::{Run, follow};
use crate::technique::erase;
use crate::technique::watch::Watch;

/// A session that comes later, knowing what `first` wrote down.
fn joined(drive: &Shared, technique: TechniqueId, first: &Run) -> Run {
    let mut erase = erase(technique, &drive.medium(), None).unwrap();
    let resets = first.watch.resets().to_vec();
    let watch = if first.watch.seen_running() { Watch::joining(None, resets) } else { Watch::new(true, None) };
    let doubt = (!first.accepted).then(|| "no answer came to the command".to_string());
    follow(&mut *erase, &mut drive.clone(), watch, &mut Time::new(drive), &mut |_| (), doubt)
}

/// Every model and technique at twenty moments: by itself in one session, and joined by another.
fn at_twenty_moments(check: impl Fn(&Model, TechniqueId, u8, Shared, &Run)) {
    for model in all() {
        for &technique in &model.techniques {
            for percent in (0..100).step_by(5) {
                let fault = Fault::PowerCutAt { percent };
                let first = erased((model.make)(), technique, Some(fault.clone()));
                assert!(matches!(first.run.ending, Ending::Unknown { .. }), "{:?}", first.run);
                first.drive.recover();
                let second = joined(&first.drive, technique, &first.run);
                check(&model, technique, percent, first.drive, &second);

                let drive = Shared::new((model.make)());
                drive.inject(fault);
                let mut time = Time::new(&drive);
                time.mended_after = Some(Duration::from_secs(20));
                let through = erased_in(drive, technique, time);
                check(&model, technique, percent, through.drive, &through.run);
            }
        }
    }
}

#[test]
fn power_lost_at_twenty_moments_and_back() {
    use TechniqueId::{AtaSanitizeCrypto, ScsiSanitizeCrypto};
    at_twenty_moments(|model, technique, percent, drive, run| {
        let cell = format!("{} {technique:?} {percent}%: {:?}", model.name, run.ending);
        let left = drive.truth().total();
        assert!(left == 0 || !says_done(&run.ending), "{cell}, left {left}");
        // The drive goes on by itself when the power is back, whatever is known of it here.
        drive.clock().advance(3_600_000);
        drive.drive().machine().gear_mut().tick();
        assert_eq!(drive.truth().total(), 0, "{cell}");
        let quick = matches!(technique, AtaSanitizeCrypto | ScsiSanitizeCrypto);
        match run.ending {
            Ending::Succeeded => assert!(model.family == Family::Nvme || percent > 0, "{cell}"),
            // Cut at the command: no answer, and neither ATA nor SCSI say whose erase it is that runs.
            Ending::Unknown { .. } => assert!(model.family != Family::Nvme && percent == 0, "{cell}"),
            // Over before it was seen running again.
            Ending::BrokenChain { .. } => assert!(quick && percent >= 95, "{cell}"),
            _ => panic!("{cell}"),
        }
    });
}

#[test]
fn a_connection_lost_at_the_command_is_known_only_where_the_drive_names_it() {
    for model in all() {
        for &technique in &model.techniques {
            for taken in [false, true] {
                let drive = Shared::new((model.make)());
                drive.inject(Fault::CutAtCommand { taken });
                let mut time = Time::new(&drive);
                time.mended_after = Some(Duration::from_millis(200));
                let Erased { run, told, .. } = erased_in(drive, technique, time);
                assert_eq!(told.is_empty(), !run.accepted, "{} {technique:?}: {told:?}", model.name);
                let cell = format!("{} {technique:?} taken {taken}: {:?}", model.name, run.ending);
                assert_eq!(run.accepted, model.family == Family::Nvme && taken, "{cell}");
                match run.ending {
                    Ending::Succeeded => assert!(run.accepted, "{cell}"),
                    Ending::Unknown { .. } => assert!(!run.accepted, "{cell}"),
                    _ => panic!("{cell}"),
                }
            }
        }
    }
}

#[test]
fn a_connection_lost_at_a_look_is_taken_up_again() {
    for model in all().into_iter().filter(|model| model.family != Family::Nvme) {
        for &technique in &model.techniques {
            for look in 1..=4 {
                let drive = Shared::new((model.make)());
                drive.inject(Fault::CutAtPoll(look));
                let mut time = Time::new(&drive);
                time.mended_after = Some(Duration::from_millis(100));
                let Erased { run, drive, .. } = erased_in(drive, technique, time);
                let cell = format!("{} {technique:?} look {look}: {:?}", model.name, run.ending);
                assert!(matches!(run.ending, Ending::Succeeded | Ending::BrokenChain { .. }), "{cell}");
                assert_eq!(drive.truth().total(), 0, "{cell}");
            }
        }
    }
}

#[test]
fn resets_do_not_stop_a_sanitize_and_are_kept() {
    for model in all() {
        let technique = model.techniques[0];
        for percent in (5..100).step_by(15) {
            let Erased { run, .. } = erased((model.make)(), technique, Some(Fault::ResetAt { percent }));
            let cell = format!("{} {technique:?} {percent}%: {run:?}", model.name);
            assert!(matches!(run.ending, Ending::Succeeded | Ending::BrokenChain { .. }), "{cell}");
            // NVMe has no unit attention; its log names the command instead.
            assert_eq!(run.watch.resets().len(), usize::from(model.family != Family::Nvme), "{cell}");
        }
    }
}

#[test]
fn a_session_that_is_stopped_leaves_it_running_and_the_next_one_joins() {
    for model in all() {
        let technique = model.techniques[0];
        let drive = Shared::new((model.make)());
        let mut time = Time::new(&drive);
        time.stop_at = Some(Duration::from_secs(3));
        let first = erased_in(drive, technique, time);
        assert_eq!(first.run.ending, Ending::LeftRunning { cause: "SIGTERM".into() }, "{}", model.name);
        assert!(first.drive.truth().total() > 0);
        let second = joined(&first.drive, technique, &first.run);
        assert_eq!(second.ending, Ending::Succeeded, "{}", model.name);
        assert_eq!(first.drive.truth().total(), 0, "{}", model.name);
        // Long after its end as well.
        let third = joined(&first.drive, technique, &first.run);
        assert_eq!(third.ending, Ending::Succeeded, "{}", model.name);
    }
}
