//! A drive with several devices: an erase reaches all of them, so all are listed, all must be free, and all are confirmed together.

use super::rig::{Place, plan};
use crate::drives;
use crate::job::plan::take_in;
use crate::job::{Plan, authorize, match_confirmations};
use crate::media::{Medium, TechniqueId, Use, UseKind};
use crate::modelled::{Drive, Shared};
use crate::problem::Kind;

fn two() -> (Shared, Plan) {
    let drive = Shared::new(Drive::Nvme(drives::nvme(2)));
    let plan = plan(&drive, TechniqueId::NvmeSanitizeBlock);
    assert_eq!(plan.technique, Some(TechniqueId::NvmeSanitizeBlock), "{:?}", plan.rungs);
    (drive, plan)
}

#[test]
fn one_in_use_refuses_the_erase_and_is_named() {
    let (drive, mut plan) = two();
    let holder = "mounted on /srv/other";
    let used = Use { kind: UseKind::Mounted, holder: holder.into(), release: "umount /srv/other".into() };
    let other = Medium { uses: vec![used], ..drive.unit(1).medium() };
    let path = other.identity.path.clone();
    assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
    take_in(&mut plan, vec![other], "boot");
    let all = drive.truth();
    let Err(problem) = authorize(&Place::new().station, &plan, true) else { panic!("taken") };
    assert_eq!(problem.kind, Kind::Refused);
    assert!(problem.what.contains(&path) && problem.what.contains(holder), "{problem:?}");
    assert!(problem.todo.contains("umount /srv/other"), "{problem:?}");
    assert_eq!(drive.truth(), all);
}

#[test]
fn one_text_confirms_all_of_them_and_the_serial_number_none() {
    let (_, plan) = two();
    assert!(plan.confirm.starts_with("ERASE-ALL-") && plan.confirm_kind == "token", "{}", plan.confirm);
    let erase = plan.erase.as_ref().unwrap();
    assert!(erase.reached.iter().any(|reached| reached.contains("/dev/nvme7n2")), "{:?}", erase.reached);
    let serial = plan.medium.identity.serial.as_ref().unwrap().value.clone();
    let refused = match_confirmations(std::slice::from_ref(&plan), &[serial]).unwrap_err();
    assert!(refused.kind == Kind::Refused && refused.todo.contains(&plan.confirm), "{refused:?}");
    assert_eq!(match_confirmations(std::slice::from_ref(&plan), &[]), Ok(vec![false]));
    assert_eq!(match_confirmations(std::slice::from_ref(&plan), std::slice::from_ref(&plan.confirm)), Ok(vec![true]));
    let Err(unconfirmed) = authorize(&Place::new().station, &plan, false) else { panic!("taken") };
    assert!(unconfirmed.kind == Kind::Refused && unconfirmed.todo.contains(&plan.confirm), "{unconfirmed:?}");
}

#[test]
fn that_text_is_bound_to_every_one_of_them_and_to_the_boot() {
    let (drive, plan) = two();
    let with = |siblings: Vec<Medium>, boot: &str| {
        let mut plan = plan.clone();
        take_in(&mut plan, siblings, boot);
        plan.confirm
    };
    let other = drive.unit(1).medium();
    let mut grown = other.clone();
    grown.identity.size_bytes += 4096;
    assert_eq!(with(vec![other.clone()], "boot"), plan.confirm);
    for changed in [
        with(vec![other.clone()], "another boot"),
        with(vec![grown], "boot"),
        with(vec![other.clone(), drive.medium()], "boot"),
    ] {
        assert_ne!(changed, plan.confirm);
    }
}
