//! 12-a, agreements and end; 12-e, the controller's written notice.

use jiff::civil::Date;

use super::{entry, party};
use crate::conformity::found::{Found, Ground};
use crate::conformity::reason::{Code, Reason};
use crate::conformity::records;
use crate::conformity::verdict::{Entry, Finding, ItemVerdict, Responsible, RowId};
use crate::conformity::{Agreement, Case};

/// The notice is to be given this many days before the end ("senest 30 dage inden").
const NOTICE_DAYS: i32 = 30;

/// 12-a.
pub(super) fn parties_and_end(ground: Ground, items: &[ItemVerdict]) -> Entry {
    let case = ground.case;
    let mut found = Found::default();
    party("controller", &case.controller, Responsible::Processor, &mut found);
    party("processor", &case.processor, Responsible::Processor, &mut found);
    found.statement("controller");
    found.statement("processor");
    found.statement("agreements");
    let parts = [
        (&case.agreements.main, "agreement", Code::MainAgreementMissing),
        (&case.agreements.processing, "processing-agreement", Code::ProcessingAgreementMissing),
    ];
    for (agreement, what, missing) in parts {
        match agreement.as_ref().filter(|a| identified(a)) {
            Some(agreement) => {
                if let Some(document) = &agreement.document {
                    found.document(ground, what, document, Responsible::Processor);
                }
            }
            None => found.against(Reason::new(missing)),
        }
    }
    match case.agreements.end {
        None => found.against(Reason::new(Code::EndMissing)),
        Some(end) if end > ground.today => found.pending.push(Reason::new(Code::EndAhead).with("date", end)),
        Some(_) => {}
    }
    if let Some((days, last)) = days_to_last_erasure(ground, items) {
        found.remarks.push(Reason::new(Code::DaysAfterEnd).with("days", days).with("date", last));
    }
    entry(RowId::AgreementsAndEnd, found)
}

/// Title, and date or another unique identification.
fn identified(agreement: &Agreement) -> bool {
    let told = |text: &Option<String>| text.as_ref().is_some_and(|t| !t.trim().is_empty());
    !agreement.title.trim().is_empty() && (agreement.date.is_some() || told(&agreement.reference))
}

/// Days from the end of the agreement to the last erasure that is borne out, and its day.
pub(in crate::conformity) fn days_to_last_erasure(ground: Ground, items: &[ItemVerdict]) -> Option<(i32, Date)> {
    let end = ground.case.agreements.end?;
    let settled = items.iter().filter(|verdict| verdict.result == Finding::Fulfilled);
    let last = settled.filter_map(|verdict| gone_on(ground, &verdict.item)).max()?;
    Some((days(end, last)?, last))
}

/// The day on which an item was gone.
pub(in crate::conformity) fn gone_on(ground: Ground, id: &str) -> Option<Date> {
    let case: &Case = ground.case;
    let item = case.items.iter().find(|item| item.id == id)?;
    let erased = records::deciding(item, ground.evidence).map(|(_, facts)| records::day(facts.finished));
    let destroyed = item.destroyed.as_ref().map(|d| d.date);
    let deleted = item.logically_deleted.as_ref().map(|d| d.date);
    erased.or(destroyed).or(deleted)
}

/// Days from one day to another.
pub(in crate::conformity) fn days(from: Date, to: Date) -> Option<i32> {
    from.until(to).ok().map(|span| span.get_days())
}

/// 12-e. The controller's duty: late or missing, it is told and does not keep the supplier from *complete* if there is an instruction.
pub(super) fn written_notice(ground: Ground) -> Entry {
    let mut found = Found::default();
    let reason = |code| Reason::new(code).by(Responsible::Controller);
    match &ground.case.notice {
        None => found.against(reason(Code::NoticeMissing)),
        Some(notice) => {
            found.person("notice", &notice.by, Responsible::Controller);
            found.document(ground, "notice", &notice.document, Responsible::Controller);
            found.not_ahead(ground, "notice", notice.date, Responsible::Controller);
            match ground.case.agreements.end.and_then(|end| days(notice.date, end)) {
                None => found.against(Reason::new(Code::EndMissing)),
                Some(days) if days < NOTICE_DAYS => {
                    found.against(reason(Code::NoticeLate).with("days", days).with("date", notice.date));
                }
                Some(days) => {
                    found.remarks.push(reason(Code::NoticeInTime).with("days", days).with("date", notice.date));
                }
            }
            if ground.case.instruction.as_ref().is_some_and(|i| i.choice != notice.choice) {
                found.remarks.push(reason(Code::NoticeDiffers));
            }
        }
    }
    let entry = entry(RowId::WrittenNotice, found);
    let instructed = super::contract::instruction(ground).finding() == Finding::Fulfilled;
    Entry { responsible: Responsible::Controller, bars_complete: entry.bars_complete && !instructed, ..entry }
}
