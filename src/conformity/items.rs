//! What became of each item, and whether that is borne out.

use jiff::civil::Date;

use super::found::{Found, Ground};
use super::item::{Destroyed, Destruction, Item};
use super::moment::Moment;
use super::reason::{Code, Reason};
use super::records;
use super::verdict::{Finding, ItemVerdict, Outcome, Responsible};
use super::{Accepted, Case, Category, Choice, Level, MediaType, Profile};

/// The verdict on every item, in the order of the case.
pub(super) fn judge_all(ground: Ground) -> Vec<ItemVerdict> {
    ground.case.items.iter().map(|item| judge(ground, item)).collect()
}

/// The level that the item's data needs: the highest of its categories and its systems'. Where no category is told: Purge.
pub(super) fn needs(case: &Case, item: &Item) -> Level {
    let named = || case.systems.iter().filter(|system| item.systems.contains(&system.id));
    // A system whose categories nobody told may hold any.
    if named().any(|system| system.categories.is_empty()) {
        return Level::Purge.max(item.level.unwrap_or(Level::None));
    }
    let of_systems = named().flat_map(|system| &system.categories);
    let wanted = |category: &Category| category.floor().max(case.levels.get(category).copied().unwrap_or(Level::None));
    let highest = of_systems.chain(&item.categories).map(wanted).max().unwrap_or(Level::Purge);
    highest.max(item.level.unwrap_or(Level::None))
}

/// What the item names, without a look at the evidence.
pub(super) fn outcome(case: &Case, item: &Item) -> Outcome {
    match item.named_outcomes().as_slice() {
        ["erased"] => Outcome::Erased,
        ["logically_deleted"] => Outcome::LogicallyDeleted,
        ["destroyed"] => Outcome::Destroyed,
        ["handed_over"] => Outcome::HandedOver,
        ["retained"] => Outcome::Retained,
        ["pending"] => Outcome::Pending,
        ["failed"] => Outcome::Failed,
        [] if case.returns.iter().any(|r| r.sources.contains(&item.id)) => Outcome::DataReturned,
        // Two at once say nothing.
        _ => Outcome::Missing,
    }
}

fn judge(ground: Ground, item: &Item) -> ItemVerdict {
    let needs = needs(ground.case, item);
    let outcome = outcome(ground.case, item);
    let mut found = Found::default();
    let reason = |code| Reason::new(code).with("item", &item.id);
    let reached = match outcome {
        Outcome::Erased => records::judge(ground, item, needs, &mut found),
        Outcome::LogicallyDeleted => logically_deleted(ground, item, &mut found),
        Outcome::Destroyed => {
            item.destroyed.as_ref().map_or(Level::None, |how| destroyed(ground, item, how, &mut found))
        }
        Outcome::HandedOver => {
            handed_over(ground, item, &mut found);
            Level::None
        }
        Outcome::Retained => {
            retained(ground, item, &mut found);
            Level::None
        }
        Outcome::Pending => {
            pending(ground, item, &mut found);
            Level::None
        }
        Outcome::Failed => {
            let date = item.failed.as_ref().map(|f| f.date.to_string()).unwrap_or_default();
            found.against(reason(Code::ItemFailed).with("date", date));
            Level::None
        }
        Outcome::DataReturned => {
            for given in ground.case.returns.iter().filter(|r| r.sources.contains(&item.id)) {
                found.against(reason(Code::SourceNotErased).with("return", &given.id));
            }
            Level::None
        }
        Outcome::Missing => {
            found.against(reason(Code::ItemMissing));
            Level::None
        }
    };
    ItemVerdict {
        item: item.id.clone(),
        outcome,
        result: found.finding(),
        needs,
        reached,
        reasons: found.open(),
        evidence: found.proofs,
        remarks: found.remarks,
    }
}

/// The order of dates: instruction, receipt of what was given back, answer to the archive question, then what was done on `on`.
pub(super) fn in_order(ground: Ground, item: &Item, on: Date, found: &mut Found) {
    let reason = |code| Reason::new(code).with("item", &item.id).with("date", on);
    instructed(ground, item, on, found);
    for given in ground.case.returns.iter().filter(|r| r.sources.contains(&item.id)) {
        found.document(ground, "receipt", &given.receipt, Responsible::Controller);
        if on < given.date {
            found.against(reason(Code::ErasedBeforeReceipt).with("return", &given.id));
        }
    }
    if ground.case.profile == Profile::ContractEnd && ground.case.archive.as_ref().is_some_and(|a| on < a.date) {
        let late = reason(Code::ArchiveTooLate).by(Responsible::Controller);
        found.accepted(ground, Accepted::Archive, &item.id, late);
    }
    if on > ground.today {
        found.against(reason(Code::DateAhead));
    }
}

/// Not before the instruction, unless the controller accepted that.
fn instructed(ground: Ground, item: &Item, on: Date, found: &mut Found) {
    if let Some(instruction) = ground.case.instruction.as_ref().filter(|i| on < i.date) {
        let early = Reason::new(Code::BeforeInstruction).with("item", &item.id).with("date", on);
        found.accepted(ground, Accepted::Instruction, &item.id, early.with("instruction", instruction.date));
    }
}

/// Not before the day on which it was last used, where that is told. Of a record the moment counts.
fn used_no_more(item: &Item, on: Date, found: &mut Found) {
    let last = item.last_used.map(|last| match last {
        Moment::Day(day) => day,
        Moment::At(moment) => records::day(moment),
    });
    if let Some(last) = last.filter(|last| on < *last) {
        found.against(Reason::new(Code::GoneBeforeLastUse).with("item", &item.id).with("date", last));
    }
}

fn logically_deleted(ground: Ground, item: &Item, found: &mut Found) -> Level {
    let Some(how) = &item.logically_deleted else { return Level::None };
    found.person("logical-deletion", &how.by, Responsible::Processor);
    found.document(ground, "logical-deletion", &how.document, Responsible::Processor);
    in_order(ground, item, how.date, found);
    used_no_more(item, how.date, found);
    let refused = Reason::new(Code::LogicalNotAccepted).by(Responsible::Controller).with("item", &item.id);
    found.accepted(ground, Accepted::LogicalDeletion, &item.id, refused);
    Level::Logical
}

fn destroyed(ground: Ground, item: &Item, how: &Destroyed, found: &mut Found) -> Level {
    let reason = |code| Reason::new(code).with("item", &item.id);
    for (lacks, text) in [("by", &how.by), ("witness", &how.witness), ("place", &how.place)] {
        found.told(text, reason(Code::DestructionIncomplete).with("lacks", lacks));
    }
    found.document(ground, "destruction", &how.document, Responsible::Processor);
    in_order(ground, item, how.date, found);
    used_no_more(item, how.date, found);
    if how.how != Destruction::Degaussed {
        return Level::Destroy;
    }
    match item.media {
        MediaType::MagneticDisk | MediaType::Tape => {}
        MediaType::Flash => found.against(reason(Code::FlashDegaussed)),
        _ => found.against(reason(Code::NotMagnetic)),
    }
    // Annex 3 §11 names degaussing for what is scrapped; section 12 does not.
    if ground.case.profile != Profile::Disposal {
        let refused = reason(Code::DegaussingNotAccepted).by(Responsible::Controller);
        found.accepted(ground, Accepted::Degaussing, &item.id, refused);
    }
    Level::Purge
}

fn handed_over(ground: Ground, item: &Item, found: &mut Found) {
    let Some(given) = &item.handed_over else { return };
    let reason = |code| Reason::new(code).with("item", &item.id);
    found.told(&given.to, Reason::new(Code::PersonMissing).with("what", "receiver"));
    found.document(ground, "receipt", &given.receipt, Responsible::Controller);
    let to_return = ground.case.instruction.as_ref().is_some_and(|i| i.choice != Choice::Delete);
    // A person whose assignment ends gives everything back without being told to.
    if ground.case.profile != Profile::AssignmentEnd {
        if !to_return {
            found.against(reason(Code::NotToBeReturned));
        }
        instructed(ground, item, given.date, found);
    }
    used_no_more(item, given.date, found);
    if given.date > ground.today {
        found.against(reason(Code::DateAhead).with("date", given.date));
    }
}

fn retained(ground: Ground, item: &Item, found: &mut Found) {
    let Some(kept) = &item.retained else { return };
    let reason = |code| Reason::new(code).with("item", &item.id);
    let parts =
        [("what", &kept.what), ("act", &kept.act), ("section", &kept.section), ("responsible", &kept.responsible.name)];
    for (lacks, text) in parts {
        found.told(text, reason(Code::RetentionIncomplete).with("lacks", lacks));
    }
    if kept.until < ground.today {
        found.against(reason(Code::RetentionOver).with("date", kept.until));
    }
    found.statement(format!("items.{}.retained", item.id));
    let until = reason(Code::RetainedUntil).with("act", &kept.act).with("section", &kept.section);
    found.remarks.push(until.with("date", kept.until));
}

fn pending(ground: Ground, item: &Item, found: &mut Found) {
    let Some(waits) = &item.pending else { return };
    let reason = |code| Reason::new(code).with("item", &item.id).with("date", waits.until);
    if waits.until < ground.today {
        found.against(reason(Code::ItemPendingOver));
    } else {
        found.pending.push(reason(Code::ItemPending));
    }
}

/// Passes the open items of `verdicts` on to a row.
pub(super) fn pass_on<'a>(verdicts: impl Iterator<Item = &'a ItemVerdict>, found: &mut Found) {
    for verdict in verdicts {
        let open = Reason::new(Code::ItemOpen).with("item", &verdict.item).with("outcome", verdict.outcome.name());
        match verdict.result {
            Finding::Fulfilled => verdict.evidence.iter().for_each(|proof| found.prove(proof.clone())),
            Finding::Pending => found.pending.push(open),
            Finding::NotFulfilled | Finding::NotApplicable => found.against(open),
        }
    }
}
