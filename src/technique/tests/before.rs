//! How the drive stood before our command.

use super::bench::{Erased, all, erased, erased_in};
use crate::drives::Fault;
use crate::media::TechniqueId;
use crate::modelled::{Drive, Shared, Time};
use crate::outcome::Ending;
use crate::technique::drive::{Start, Told};
use crate::technique::erase;

fn again(drive: &Shared, technique: TechniqueId) -> Erased {
    erased_in(drive.clone(), technique, Time::new(drive))
}

#[test]
fn nothing_is_sent_where_another_erase_runs() {
    for model in all() {
        let technique = model.techniques[0];
        let drive = Shared::new((model.make)());
        let mut other = erase(technique, &drive.medium(), None).unwrap();
        assert_eq!(other.start(&mut drive.clone()), Start::Accepted);
        drive.clock().advance(5_000);
        let Erased { run, told, exchanges, .. } = again(&drive, technique);
        let detail = "another sanitize runs".to_string();
        assert_eq!(run.ending, Ending::NotSent { detail }, "{}", model.name);
        assert!(!run.accepted && told.is_empty() && exchanges.len() == 1, "{}", model.name);
    }
}

#[test]
fn a_second_erase_is_followed_for_itself_and_a_first_success_never_stands_for_it() {
    for model in all() {
        for technique in model.techniques {
            let drive = erased((model.make)(), technique, None).drive;
            assert_eq!(again(&drive, technique).run.ending, Ending::Succeeded, "{} {technique:?}", model.name);
            // The drive goes on showing the first success, of a command alike, and drops the next.
            drive.drive().machine().gear_mut().faults.0.push(Fault::StaleSuccess);
            let dropped = again(&drive, technique).run;
            assert_eq!(dropped.ending, Ending::Stale, "{} {technique:?}", model.name);
        }
    }
}

#[test]
fn a_success_that_looks_like_the_one_before_is_no_success_at_once() {
    let technique = TechniqueId::NvmeSanitizeBlock;
    let drive = erased(Drive::Nvme(crate::drives::nvme(1)), technique, None).drive;
    drive.inject(Fault::InstantSuccess);
    assert_eq!(again(&drive, technique).run.ending, Ending::Stale);
    assert_eq!(again(&drive, TechniqueId::NvmeSanitizeCrypto).run.ending, Ending::AtOnce, "another command");
}

#[test]
fn a_failure_before_is_no_obstacle_since_another_sanitize_is_the_way_out() {
    for model in all() {
        for technique in model.techniques {
            let fault = Fault::FailsAt { percent: 40, sectors_remain: false };
            let Erased { run, drive, .. } = erased((model.make)(), technique, Some(fault));
            assert!(matches!(run.ending, Ending::Failed { .. }));
            drive.drive().machine().gear_mut().faults.0.clear();
            let Erased { run, told, .. } = again(&drive, technique);
            assert_eq!(run.ending, Ending::Succeeded, "{} {technique:?}", model.name);
            assert_eq!(told[0], Told::Accepted);
            assert_eq!(drive.truth().total(), 0);
        }
    }
}

#[test]
fn a_unit_attention_before_is_asked_past() {
    for model in all() {
        let drive = Shared::new((model.make)());
        drive.cycle(std::time::Duration::from_secs(1));
        let run = again(&drive, model.techniques[0]).run;
        assert_eq!(run.ending, Ending::Succeeded, "{}", model.name);
        assert!(run.watch.resets().is_empty(), "{}: it was before", model.name);
    }
}

#[test]
fn a_drive_that_can_not_be_reached_is_sent_nothing() {
    for model in all() {
        let drive = Shared::new((model.make)());
        let before = drive.truth();
        drive.drive().machine().gear_mut().linked = false;
        let run = again(&drive, model.techniques[0]).run;
        assert!(matches!(run.ending, Ending::NotSent { .. }), "{run:?}");
        assert_eq!(drive.truth(), before);
    }
}

#[test]
fn a_controller_that_always_deallocates_is_not_asked_to_keep_and_not_believed_by_what_is_read() {
    let mut nvme = crate::drives::nvme(1);
    nvme.traits.sanicap |= 1 << 29;
    let Erased { run, drive, .. } = erased(Drive::Nvme(nvme), TechniqueId::NvmeSanitizeBlock, None);
    assert_eq!(run.ending, Ending::Deallocated);
    assert_eq!(drive.truth().total(), 0);
}
