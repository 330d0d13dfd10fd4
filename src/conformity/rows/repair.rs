//! A device goes to a repairer: always bound to confidentiality, and, if possible, erased first.

use super::{entry, named, unsettled};
use crate::conformity::found::{Found, Ground};
use crate::conformity::profile::Repair;
use crate::conformity::reason::{Code, Reason};
use crate::conformity::verdict::{Entry, Finding, ItemVerdict, Outcome, Responsible, RowId};

pub(super) fn rows(ground: Ground, items: &[ItemVerdict]) -> Vec<Entry> {
    let repair = ground.case.repair.as_ref();
    vec![
        device(ground, repair),
        confidentiality(ground, repair),
        erasure(ground, repair, items),
        medium(repair),
        returned(ground, repair),
    ]
}

fn device(ground: Ground, repair: Option<&Repair>) -> Entry {
    let mut found = Found::default();
    named(ground, &mut found);
    let lacks = |lacks: &str| Reason::new(Code::RepairIncomplete).with("lacks", lacks);
    match repair {
        None => found.against(lacks("repair")),
        Some(r) => {
            let parts = [
                ("device", &r.device),
                ("identification", &r.identification),
                ("fault", &r.fault),
                ("repairer", &r.repairer),
            ];
            for (name, text) in parts {
                found.told(text, lacks(name));
            }
            found.statement("repair");
        }
    }
    entry(RowId::RepairDevice, found)
}

fn confidentiality(ground: Ground, repair: Option<&Repair>) -> Entry {
    let mut found = Found::default();
    match repair.and_then(|r| r.confidentiality.as_ref()) {
        None => found.against(Reason::new(Code::ConfidentialityMissing)),
        Some(given) => {
            found.confirmation(ground, "confidentiality", given, Responsible::Processor);
            if repair.and_then(|r| r.handed_over).is_some_and(|day| given.date > day) {
                found.against(Reason::new(Code::ConfidentialityTooLate).with("date", given.date));
            }
        }
    }
    entry(RowId::RepairConfidentiality, found)
}

/// Erased before the hand-over, or the reason why not.
fn erasure(ground: Ground, repair: Option<&Repair>, items: &[ItemVerdict]) -> Entry {
    let mut found = Found::default();
    unsettled(ground, &mut found);
    let because = repair.and_then(|r| r.not_erased_because.as_ref()).filter(|why| !why.trim().is_empty());
    if items.is_empty() && because.is_none() {
        found.against(Reason::new(Code::NoItems));
    }
    for verdict in items {
        verdict.evidence.iter().for_each(|proof| found.prove(proof.clone()));
        let gone = super::agreement::gone_on(ground, &verdict.item);
        let handed_over = repair.and_then(|r| r.handed_over);
        let late = gone.filter(|gone| handed_over.is_some_and(|day| *gone > day));
        if let Some(gone) = late.filter(|_| because.is_none()) {
            let after = Reason::new(Code::ErasedAfterHandOver).with("item", &verdict.item);
            found.against(after.with("date", gone));
        } else if verdict.result != Finding::Fulfilled && because.is_none() {
            found.against(Reason::new(Code::NotErasedNoReason).with("item", &verdict.item));
        } else if verdict.result != Finding::Fulfilled && !matches!(verdict.outcome, Outcome::Missing | Outcome::Failed)
        {
            // The reason stands for what was not done, not for what is said to be done and is not borne out.
            let open = Reason::new(Code::ItemOpen).with("item", &verdict.item);
            found.against(open.with("outcome", verdict.outcome.name()));
        }
    }
    if let Some(why) = because {
        found.statement("repair.not_erased_because");
        found.remarks.push(Reason::new(Code::NotErasedBecause).with("why", why));
    }
    entry(RowId::RepairErasure, found)
}

fn medium(repair: Option<&Repair>) -> Entry {
    let mut found = Found::default();
    match repair.and_then(|r| r.medium_removed) {
        None => found.against(Reason::new(Code::MediumRemovedUnknown)),
        Some(removed) => {
            found.statement("repair.medium_removed");
            found.remarks.push(Reason::new(if removed { Code::MediumRemoved } else { Code::MediumLeft }));
        }
    }
    entry(RowId::RepairMedium, found)
}

fn returned(ground: Ground, repair: Option<&Repair>) -> Entry {
    let mut found = Found::default();
    match repair.and_then(|r| Some((r, r.returned?, r.receipt.as_ref()?))) {
        None => found.against(Reason::new(Code::NotReturned)),
        Some((repair, day, receipt)) => {
            found.document(ground, "receipt", receipt, Responsible::Processor);
            found.not_ahead(ground, "repair", day, Responsible::Processor);
            if repair.handed_over.is_none_or(|over| day < over) {
                found.against(Reason::new(Code::RepairIncomplete).with("lacks", "handed_over"));
            }
        }
    }
    entry(RowId::RepairReturn, found)
}
