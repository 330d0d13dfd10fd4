//! From a case and its evidence to what follows.

use jiff::civil::Date;

use super::case::{Case, Decision, Profile};
use super::evidence::Evidence;
use super::found::Ground;
use super::verdict::{CaseStatus, Conformity, Entry, Finding, ItemVerdict, SubVerdict};
use super::{doubts, items, rows};

/// Rows, items, sub-processors, doubts and status of `case`, as they follow from `evidence` on the day `today`.
pub fn derive(case: &Case, evidence: &Evidence, today: Date) -> Conformity {
    let ground = Ground { case, evidence, today };
    let items = items::judge_all(ground);
    let subprocessors = rows::judge_subprocessors(ground);
    let rows = rows::all(ground, &items, &subprocessors);
    let days = rows::days_to_last_erasure(ground, &items).map(|(days, _)| days.to_string());
    Conformity {
        status: status(case, &rows, &items, &subprocessors),
        doubts: doubts::all(ground, &items),
        days_to_last_erasure: days,
        rows,
        items,
        subprocessors,
    }
}

/// Complete only if no row bars it, at least one is fulfilled, every item and sub-processor is accounted for, no medium stands on no list,
/// and nobody rejected the result.
fn status(case: &Case, rows: &[Entry], items: &[ItemVerdict], subs: &[SubVerdict]) -> CaseStatus {
    let settled = |result: Finding| result == Finding::Fulfilled;
    let with_a_reason = case.profile == Profile::Repair && rows::repaired_with_a_reason(case);
    let complete = rows.iter().all(|row| !row.bars_complete)
        && rows.iter().any(|row| settled(row.result))
        && (with_a_reason || items.iter().all(|item| settled(item.result)))
        && (case.profile != Profile::ContractEnd || subs.iter().all(|sub| settled(sub.result)))
        && case.unlisted.is_empty()
        && case.validation.as_ref().is_none_or(|v| v.decision != Decision::Rejected);
    if complete { CaseStatus::Complete } else { CaseStatus::Incomplete }
}
