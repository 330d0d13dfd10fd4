//! The end of a person's assignment: everything is given back at once, and nothing is erased without approval.

use super::{entry, named, not_applicable, unsettled};
use crate::conformity::found::{Found, Ground};
use crate::conformity::items::pass_on;
use crate::conformity::profile::Assignment;
use crate::conformity::reason::{Code, Reason};
use crate::conformity::verdict::{Entry, ItemVerdict, Responsible, RowId};

pub(super) fn rows(ground: Ground, items: &[ItemVerdict]) -> Vec<Entry> {
    let assignment = ground.case.assignment.as_ref();
    vec![
        returned(ground, assignment),
        approval(ground, assignment),
        copies(ground, assignment, items),
        confidentiality(ground, assignment),
    ]
}

/// What was given back, with receipts, and the declaration that nothing was kept.
fn returned(ground: Ground, assignment: Option<&Assignment>) -> Entry {
    let mut found = Found::default();
    named(ground, &mut found);
    let Some(assignment) = assignment else {
        found.against(Reason::new(Code::AssignmentMissing));
        return entry(RowId::AssignmentReturn, found);
    };
    for given in &assignment.returned {
        found.document(ground, "receipt", &given.receipt, Responsible::Controller);
        found.not_ahead(ground, &given.what, given.date, Responsible::Processor);
    }
    nothing_kept(ground, assignment, &mut found);
    if assignment.returned.is_empty() {
        // A person who was given nothing has nothing to give back: the declaration says so.
        found.remarks.push(Reason::new(Code::NothingReturned));
    }
    if assignment.ended > ground.today {
        found.pending.push(Reason::new(Code::EndAhead).with("date", assignment.ended));
    }
    let last = assignment.returned.iter().map(|given| given.date).max();
    if let Some(days) = last.and_then(|last| super::agreement::days(assignment.ended, last)) {
        found.remarks.push(Reason::new(Code::DaysToReturn).with("days", days));
    }
    entry(RowId::AssignmentReturn, found)
}

fn nothing_kept(ground: Ground, assignment: &Assignment, found: &mut Found) {
    match &assignment.nothing_kept {
        Some(given) => found.confirmation(ground, "nothing-kept", given, Responsible::Processor),
        None => found.against(Reason::new(Code::NothingKeptMissing)),
    }
}

/// Approval before anything is erased. For copies outside the municipality it is our own policy to ask.
fn approval(ground: Ground, assignment: Option<&Assignment>) -> Entry {
    let gone: Vec<_> = ground
        .case
        .items
        .iter()
        .filter(|item| {
            item.erased.is_some()
                || item.logically_deleted.is_some()
                || item.destroyed.is_some()
                || item.failed.is_some()
        })
        .collect();
    if gone.is_empty() {
        return not_applicable(RowId::AssignmentApproval);
    }
    let mut found = Found::default();
    match assignment.and_then(|a| a.approval.as_ref()) {
        None => found.against(Reason::new(Code::ApprovalMissing).by(Responsible::Controller)),
        Some(given) => {
            found.confirmation(ground, "approval", given, Responsible::Controller);
            for item in gone {
                if let Some(begun) = begun_on(ground, &item.id).filter(|begun| *begun < given.date) {
                    let early = Reason::new(Code::ErasedBeforeApproval).with("item", &item.id);
                    found.against(early.with("date", begun));
                }
            }
        }
    }
    found.remarks.push(Reason::new(Code::ApprovalIsPolicy));
    Entry { responsible: Responsible::Controller, ..entry(RowId::AssignmentApproval, found) }
}

/// The day on which the erasure of an item began.
fn begun_on(ground: Ground, id: &str) -> Option<jiff::civil::Date> {
    use crate::conformity::records::{day, deciding};
    let item = ground.case.items.iter().find(|item| item.id == id)?;
    let erased = deciding(item, ground.evidence).map(|(_, facts)| day(facts.started));
    let told = item.destroyed.as_ref().map(|d| d.date).or(item.logically_deleted.as_ref().map(|d| d.date));
    erased.or(told).or(item.failed.as_ref().map(|f| f.date))
}

/// Copies that the person had: each gone. Without any, the declaration that nothing was kept stands for it.
fn copies(ground: Ground, assignment: Option<&Assignment>, items: &[ItemVerdict]) -> Entry {
    let mut found = Found::default();
    unsettled(ground, &mut found);
    if items.is_empty() {
        match assignment {
            Some(assignment) => nothing_kept(ground, assignment, &mut found),
            None => found.against(Reason::new(Code::AssignmentMissing)),
        }
    }
    pass_on(items.iter(), &mut found);
    entry(RowId::AssignmentCopies, found)
}

fn confidentiality(ground: Ground, assignment: Option<&Assignment>) -> Entry {
    let mut found = Found::default();
    match assignment.and_then(|a| a.confidentiality.as_ref()) {
        Some(given) => found.confirmation(ground, "confidentiality", given, Responsible::Processor),
        None => found.against(Reason::new(Code::ConfidentialityMissing)),
    }
    entry(RowId::AssignmentConfidentiality, found)
}
