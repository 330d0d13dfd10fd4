//! Makes a [`Clearance`] out of a plan and a confirmation; the only place that does.

use super::{Plan, Station};
use crate::device::{Clearance, Held, Inventory, open_exclusive, open_plain_file};
use crate::media::{Medium, Node, TechniqueId};
use crate::problem::Problem;

/// Holds the texts given with `--confirm` (or typed) against the plans, as a set. `Ok(confirmed)`: one flag a plan. A text
/// that confirms none of the plans is a mistake about the target: refused for all of them.
pub fn match_confirmations(plans: &[Plan], given: &[String]) -> Result<Vec<bool>, Problem> {
    if let Some(stray) = given.iter().find(|text| !plans.iter().any(|plan| plan.confirm == **text)) {
        let wanted: Vec<_> =
            plans.iter().map(|plan| format!("{} for {}", plan.confirm, plan.medium.identity.path)).collect();
        return Err(Problem::refused(
            format!("the confirmation {stray:?} fits none of the targets"),
            format!("Look again at which medium you mean. Asked for: {}.", wanted.join("; ")),
        ));
    }
    Ok(plans.iter().map(|plan| given.contains(&plan.confirm)).collect())
}

/// Opens the target of a confirmed plan exclusively, reads its identity again on the descriptors, and mints the clearance.
/// Refuses (kind Refused) if the plan has refusals, was not confirmed, is held by somebody, or is no longer the same medium.
pub fn authorize(station: &Station, plan: &Plan, confirmed: bool) -> Result<Clearance, Problem> {
    if let Some(refusal) = plan.refusals.first() {
        return Err(refusal.clone());
    }
    let path = &plan.medium.identity.path;
    let Some(technique) = plan.technique else {
        return Err(Problem::refused(format!("{path}: no technique was taken"), "Run `radera plan` to see why."));
    };
    if !confirmed {
        return Err(Problem::refused(
            format!("{path} was not confirmed"),
            format!("Check that it is the medium you mean, then add --confirm {:?}.", plan.confirm),
        ));
    }
    if plan.medium.node == Node::File {
        let (_, held) = open_plain_file(std::path::Path::new(path))?;
        return mint(held, Vec::new(), plan.medium.clone(), technique);
    }
    take(station, &plan.medium, &plan.siblings, technique)
}

/// Opens a medium that was confirmed, now or in an earlier session, and mints the clearance. That nothing else uses it is
/// looked at once more with the device held, so that a mount between a look and the open can't go unseen.
pub(super) fn take(
    station: &Station,
    confirmed: &Medium,
    siblings: &[Medium],
    technique: TechniqueId,
) -> Result<Clearance, Problem> {
    let medium = as_it_is_now(station, confirmed)?;
    if technique != TechniqueId::Overwrite {
        let now = Inventory::read(station.roots.clone())?.medium(std::path::Path::new(&medium.identity.path))?;
        same_siblings(&now, siblings)?;
    }
    let mut others = Vec::new();
    for sibling in siblings {
        let sibling = as_it_is_now(station, sibling)?;
        others.push((open_exclusive(&station.roots, &sibling)?, sibling));
    }
    mint(open_exclusive(&station.roots, &medium)?, others, medium, technique)
}

/// What the drive erases by itself reaches its other devices: those that were confirmed, and no other.
fn same_siblings(now: &Medium, confirmed: &[Medium]) -> Result<(), Problem> {
    let mut found: Vec<_> = now.siblings.iter().flatten().map(|s| (s.path.clone(), s.size_bytes)).collect();
    let known = |medium: &Medium| (medium.identity.path.clone(), medium.identity.size_bytes);
    let mut then: Vec<_> = confirmed.iter().map(known).collect();
    found.sort();
    then.sort();
    if now.siblings.is_some() && found == then {
        return Ok(());
    }
    Err(changed(&now.identity.path, "the drive has other devices than those that were confirmed"))
}

/// The medium with its partitions as they are now: nodes of this disk, not of another that took their names since.
fn as_it_is_now(station: &Station, confirmed: &Medium) -> Result<Medium, Problem> {
    let path = &confirmed.identity.path;
    let now = Inventory::read(station.roots.clone())?.medium(std::path::Path::new(path))?;
    if let Some(difference) = confirmed.identity.difference(&now.identity, false) {
        return Err(changed(path, &difference));
    }
    Ok(Medium { partitions: now.partitions, ..confirmed.clone() })
}

/// Mints without looking for other users; for plain files, which carry a lock of their own, and simulations.
pub(super) fn mint(
    held: Box<dyn Held>,
    siblings: Vec<(Box<dyn Held>, Medium)>,
    medium: Medium,
    technique: TechniqueId,
) -> Result<Clearance, Problem> {
    let path = medium.identity.path.clone();
    let clearance = Clearance::mint(held, medium, technique).with_siblings(siblings);
    clearance.recheck().map_err(|difference| changed(&path, &difference))?;
    Ok(clearance)
}

/// What to say of a medium that is not the one that was confirmed.
pub(super) fn changed(path: &str, difference: &str) -> Problem {
    Problem::refused(
        format!("{path} is no longer the medium that was confirmed: {difference}"),
        "Run the command again and look at what it shows.",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::media::{Sibling, SiblingKind, testing};

    #[test]
    fn a_drive_with_other_devices_than_were_confirmed_is_not_taken() {
        let beside = |path: &str| Sibling { path: path.into(), kind: SiblingKind::Namespace, size_bytes: 1 << 20 };
        let confirmed = |path: &str| {
            let medium = testing::medium(1 << 20);
            Medium { identity: crate::media::Identity { path: path.into(), ..medium.identity.clone() }, ..medium }
        };
        let now = |siblings| Medium { siblings, ..testing::medium(1 << 20) };
        let (two, three) = ("/dev/nvme7n2", "/dev/nvme7n3");
        let both = Some(vec![beside(three), beside(two)]);
        assert!(same_siblings(&now(both.clone()), &[confirmed(two), confirmed(three)]).is_ok());
        let grown = Sibling { size_bytes: 2 << 20, ..beside(two) };
        for (found, then) in [
            (both, vec![confirmed(two)]),
            (Some(vec![beside(two)]), vec![confirmed(two), confirmed(three)]),
            (Some(vec![beside(three)]), vec![confirmed(two)]),
            (Some(vec![grown]), vec![confirmed(two)]),
            (None, vec![]),
        ] {
            let problem = same_siblings(&now(found), &then).unwrap_err();
            assert!(problem.what.contains("other devices"), "{problem:?}");
        }
    }
}
