//! 12-b, deletion or return; 12-d, physical destruction; 12-g, statutory retention.

use super::{entry, not_applicable, unsettled};
use crate::conformity::found::{Found, Ground};
use crate::conformity::items::pass_on;
use crate::conformity::reason::{Code, Reason};
use crate::conformity::records::day;
use crate::conformity::verdict::{Entry, Finding, ItemVerdict, Outcome, Responsible, RowId, SubVerdict};
use crate::conformity::{Choice, Moment};

/// Member states of the EU and the EEA, ISO 3166-1 alpha-2 ("indenfor EU"; section 7: "EU eller EØS").
const EEA: &[&str] = &[
    "AT", "BE", "BG", "HR", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The controller's documented instruction.
pub(super) fn instruction(ground: Ground) -> Found {
    let mut found = Found::default();
    let controller = Responsible::Controller;
    let Some(given) = &ground.case.instruction else {
        found.against(Reason::new(Code::InstructionMissing).by(controller));
        return found;
    };
    found.person("instruction", &given.by, controller);
    found.told(&given.reference, Reason::new(Code::InstructionMissing).by(controller));
    found.document(ground, "instruction", &given.document, controller);
    if given.date > ground.today {
        found.against(Reason::new(Code::InstructionAhead).by(controller).with("date", given.date));
    }
    found
}

/// 12-b: the instruction, the inventory as a whole, and what became of each source.
pub(super) fn deletion_or_return(ground: Ground, items: &[ItemVerdict], subs: &[SubVerdict]) -> Entry {
    let mut found = instruction(ground);
    match &ground.case.archive {
        Some(given) => found.confirmation(ground, "archive", given, Responsible::Controller),
        None => found.against(Reason::new(Code::ArchiveMissing).by(Responsible::Controller)),
    }
    inventory(ground, &mut found);
    mapped(ground, &mut found);
    if items.is_empty() && subs.is_empty() {
        found.against(Reason::new(Code::NoItems));
    }
    unsettled(ground, &mut found);
    // A source whose data was given back is what 12-f is about: "i begge tilfælde".
    let is_source = |verdict: &&ItemVerdict| {
        let item = ground.case.items.iter().find(|item| item.id == verdict.item);
        item.is_some_and(|item| !item.kind.is_copy()) && verdict.outcome != Outcome::DataReturned
    };
    pass_on(items.iter().filter(is_source), &mut found);
    for given in &ground.case.returns {
        found.document(ground, "receipt", &given.receipt, Responsible::Controller);
        found.not_ahead(ground, &given.id, given.date, Responsible::Controller);
    }
    let to_return = ground.case.instruction.as_ref().is_some_and(|i| i.choice != Choice::Delete);
    let handed_over =
        |verdict: &ItemVerdict| verdict.outcome == Outcome::HandedOver && verdict.result == Finding::Fulfilled;
    if to_return && ground.case.returns.is_empty() && !items.iter().any(handed_over) {
        found.against(Reason::new(Code::NothingGivenBack));
    }
    entry(RowId::DeletionOrReturn, found)
}

/// A named person declares the inventory complete, and did so after the last item came into it.
pub(super) fn inventory(ground: Ground, found: &mut Found) {
    let Some(declared) = &ground.case.inventory else {
        return found.against(Reason::new(Code::InventoryMissing));
    };
    found.person("inventory", &declared.by, Responsible::Processor);
    found.document(ground, "inventory", &declared.document, Responsible::Processor);
    found.not_ahead(ground, "inventory", declared.date, Responsible::Processor);
    for item in &ground.case.items {
        let used = item.last_used.map(|last| match last {
            Moment::Day(day) => day,
            Moment::At(moment) => day(moment),
        });
        if let Some(used) = used.filter(|used| *used > declared.date) {
            found.against(Reason::new(Code::InventoryTooEarly).with("item", &item.id).with("date", used));
        }
        if let Some(added) = item.added.filter(|added| *added > declared.date) {
            found.against(Reason::new(Code::InventoryOlder).with("item", &item.id).with("date", added));
        }
    }
}

/// Every system of annex 1 and every location of annex 2 is that of an item or of a sub-processor.
fn mapped(ground: Ground, found: &mut Found) {
    let case = ground.case;
    if case.systems.is_empty() {
        found.against(Reason::new(Code::NoSystems));
    }
    if case.locations.is_empty() {
        found.against(Reason::new(Code::NoLocations));
    }
    for system in &case.systems {
        let held = case.items.iter().any(|item| item.systems.contains(&system.id))
            || case.subprocessors.iter().any(|sub| sub.systems.contains(&system.id));
        if !held {
            found.against(Reason::new(Code::SystemWithoutItem).with("system", &system.id));
        }
    }
    for location in &case.locations {
        let used = case.items.iter().any(|item| item.location.as_ref() == Some(&location.id))
            || case.subprocessors.iter().any(|sub| sub.locations.contains(&location.id));
        if !used {
            found.against(Reason::new(Code::LocationWithoutItem).with("location", &location.id));
        }
        if !EEA.contains(&location.country.as_str()) {
            let outside = Reason::new(Code::LocationOutsideEu).with("location", &location.id);
            found.remarks.push(outside.with("country", &location.country));
        }
    }
}

/// The row over the items of one outcome; it does not arise where there are none.
fn of_outcome(row: RowId, items: &[ItemVerdict], outcome: Outcome) -> Entry {
    let those: Vec<_> = items.iter().filter(|verdict| verdict.outcome == outcome).collect();
    if those.is_empty() {
        return not_applicable(row);
    }
    let mut found = Found::default();
    for verdict in &those {
        found.remarks.extend(verdict.remarks.iter().cloned());
    }
    pass_on(those.into_iter(), &mut found);
    entry(row, found)
}

/// 12-d.
pub(super) fn destruction(_: Ground, items: &[ItemVerdict]) -> Entry {
    of_outcome(RowId::Destruction, items, Outcome::Destroyed)
}

/// 12-g.
pub(super) fn retention(_: Ground, items: &[ItemVerdict]) -> Entry {
    of_outcome(RowId::Retention, items, Outcome::Retained)
}
