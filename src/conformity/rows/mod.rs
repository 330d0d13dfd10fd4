//! The rows of each profile.

mod agreement;
mod assignment;
mod contract;
mod copies;
mod disposal;
mod repair;
mod subprocessors;
mod tool;

use super::found::{Found, Ground};
use super::reason::{Code, Reason};
use super::verdict::{Entry, Finding, ItemVerdict, Responsible, RowId, SubVerdict};
use super::{Decision, Party, Profile};

pub(super) use agreement::days_to_last_erasure;
pub(super) use subprocessors::judge_all as judge_subprocessors;

/// The rows of the case's profile, in order.
pub(super) fn all(ground: Ground, items: &[ItemVerdict], subs: &[SubVerdict]) -> Vec<Entry> {
    match ground.case.profile {
        Profile::ContractEnd => vec![
            agreement::parties_and_end(ground, items),
            contract::deletion_or_return(ground, items, subs),
            tool::erasure_tool(ground, items),
            contract::destruction(ground, items),
            agreement::written_notice(ground),
            copies::copies(ground, items),
            contract::retention(ground, items),
            subprocessors::row(ground, subs),
        ],
        Profile::Repair => repair::rows(ground, items),
        Profile::Disposal => disposal::rows(ground, items),
        Profile::AssignmentEnd => assignment::rows(ground, items),
    }
}

/// The row that what was found makes; by default the processor's, and in the way of *complete* unless it is fulfilled.
fn entry(row: RowId, found: Found) -> Entry {
    let result = found.finding();
    Entry {
        row,
        result,
        reasons: found.open(),
        evidence: found.proofs,
        responsible: Responsible::Processor,
        remarks: found.remarks,
        bars_complete: result != Finding::Fulfilled,
    }
}

/// A row whose question does not arise.
fn not_applicable(row: RowId) -> Entry {
    Entry {
        row,
        result: Finding::NotApplicable,
        reasons: Vec::new(),
        evidence: Vec::new(),
        responsible: Responsible::Processor,
        remarks: Vec::new(),
        bars_complete: false,
    }
}

/// Name, address and number of a party.
fn party(what: &str, party: &Party, who: Responsible, found: &mut Found) {
    for (lacks, text) in [("name", &party.name), ("address", &party.address), ("number", &party.number)] {
        found.told(text, Reason::new(Code::PartyIncomplete).by(who).with("party", what).with("lacks", lacks));
    }
}

/// Both parties are named: what more has to be told of them, section 12 asks for.
fn named(ground: Ground, found: &mut Found) {
    for (what, party) in [("controller", &ground.case.controller), ("processor", &ground.case.processor)] {
        found.told(&party.name, Reason::new(Code::PartyIncomplete).with("party", what).with("lacks", "name"));
    }
}

/// What stands in the way of every profile: media on no list, and a person who rejected the result.
fn unsettled(ground: Ground, found: &mut Found) {
    for file in &ground.case.unlisted {
        let serial = ground.evidence.records.get(file).and_then(|r| r.serial.clone().or_else(|| r.property.clone()));
        let reason = Reason::new(Code::UnlistedMedium).with("file", file);
        found.against(reason.with("serial", serial.unwrap_or_else(|| "-".into())));
    }
    if let Some(decision) = ground.case.validation.as_ref().filter(|v| v.decision == Decision::Rejected) {
        found.against(Reason::new(Code::Rejected).with("date", decision.date));
    }
}
