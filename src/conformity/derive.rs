//! From a case and its evidence to what follows.

use jiff::civil::Date;

use super::Case;
use super::evidence::Evidence;
use super::found::Ground;
use super::verdict::{CaseStatus, Conformity, Entry, Finding};
use super::{doubts, items, rows};

/// Rows, items, sub-processors, doubts and status of `case`, as they follow from `evidence` on the day `today`.
pub fn derive(case: &Case, evidence: &Evidence, today: Date) -> Conformity {
    let ground = Ground { case, evidence, today };
    let items = items::judge_all(ground);
    let subprocessors = rows::judge_subprocessors(ground);
    let rows = rows::all(ground, &items, &subprocessors);
    let days = rows::days_to_last_erasure(ground, &items).map(|(days, _)| days.to_string());
    Conformity {
        status: status(&rows),
        doubts: doubts::all(ground, &items),
        days_to_last_erasure: days,
        rows,
        items,
        subprocessors,
    }
}

/// Complete only if no row bars it and at least one is fulfilled. The rows pass on every item, every sub-processor, every medium on no list,
/// and a rejection.
fn status(rows: &[Entry]) -> CaseStatus {
    let complete = rows.iter().all(|row| !row.bars_complete) && rows.iter().any(|row| row.result == Finding::Fulfilled);
    if complete { CaseStatus::Complete } else { CaseStatus::Incomplete }
}
