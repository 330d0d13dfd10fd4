//! Whatever is put in: *complete* only where every item is accounted for by what an independent reading of the agreement asks for.

use proptest::prelude::*;

use super::breaks::all;
use super::fixture::*;
use crate::conformity::*;

/// One thing done to a case or its evidence.
#[derive(Debug, Clone)]
enum Act {
    Break(usize),
    Standing(usize, u8),
    Foreign(usize, bool),
    Level(usize, Level),
    Scope(usize, bool),
    End(usize, u8),
    Started(usize, i64),
    Serial(usize, usize),
    Swap(usize, usize),
    Outcome(usize, usize),
    Category(usize, u8),
    NewItem(usize),
    Unlist(usize),
    LoseDocument(usize),
    LoseAcceptance(usize),
    Accept(usize, usize),
    Certificate(u8),
    OldUse(usize, i16),
    Levels(u8, Level),
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::None, Level::Logical, Level::Clear, Level::Purge, Level::Destroy])
}

fn act() -> impl Strategy<Value = Act> {
    let n = 0usize..16;
    prop_oneof![
        3 => (0..all().len()).prop_map(Act::Break),
        1 => (n.clone(), 0u8..4).prop_map(|(i, s)| Act::Standing(i, s)),
        1 => (n.clone(), any::<bool>()).prop_map(|(i, b)| Act::Foreign(i, b)),
        2 => (n.clone(), level()).prop_map(|(i, l)| Act::Level(i, l)),
        1 => (n.clone(), any::<bool>()).prop_map(|(i, b)| Act::Scope(i, b)),
        1 => (n.clone(), 0u8..3).prop_map(|(i, e)| Act::End(i, e)),
        1 => (n.clone(), -90i64..90).prop_map(|(i, d)| Act::Started(i, d)),
        1 => (n.clone(), n.clone()).prop_map(|(i, j)| Act::Serial(i, j)),
        1 => (n.clone(), n.clone()).prop_map(|(i, j)| Act::Swap(i, j)),
        2 => (n.clone(), n.clone()).prop_map(|(i, j)| Act::Outcome(i, j)),
        1 => (n.clone(), 0u8..4).prop_map(|(i, c)| Act::Category(i, c)),
        1 => n.clone().prop_map(Act::NewItem),
        1 => n.clone().prop_map(Act::Unlist),
        1 => (0usize..17).prop_map(Act::LoseDocument),
        1 => n.clone().prop_map(Act::LoseAcceptance),
        2 => (n.clone(), n.clone()).prop_map(|(i, j)| Act::Accept(i, j)),
        1 => (0u8..6).prop_map(Act::Certificate),
        1 => (n, -90i16..90).prop_map(|(i, d)| Act::OldUse(i, d)),
        1 => (0u8..4, level()).prop_map(|(c, l)| Act::Levels(c, l)),
    ]
}

fn category(which: u8) -> Category {
    [Category::General, Category::Special, Category::Criminal, Category::NationalId][usize::from(which) % 4]
}

fn standing(which: u8) -> Standing {
    match which % 4 {
        0 => Standing::Absent,
        1 => Standing::NotAuthentic("w".into()),
        2 => Standing::Untrusted("f".into()),
        _ => Standing::Trusted("f".into()),
    }
}

/// Takes the outcome of one item over to another.
fn take_outcome(from: &Item, to: &mut Item) {
    to.erased = from.erased.clone();
    to.logically_deleted = from.logically_deleted.clone();
    to.destroyed = from.destroyed.clone();
    to.handed_over = from.handed_over.clone();
    to.retained = from.retained.clone();
    to.pending = from.pending.clone();
    to.failed = from.failed.clone();
}

fn apply(act: &Act, case: &mut Case, evidence: &mut Evidence) {
    let items = case.items.len().max(1);
    let files: Vec<String> = evidence.records.keys().cloned().collect();
    let file = |i: usize| files.get(i % files.len().max(1)).cloned().unwrap_or_default();
    let record = |i: usize| file(i);
    match act.clone() {
        // A break may look for what an act before it took away.
        Act::Break(i) => {
            let (mut c, mut e) = (case.clone(), evidence.clone());
            let quiet = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| all()[i].1(&mut c, &mut e)));
            if quiet.is_ok() {
                (*case, *evidence) = (c, e);
            }
        }
        Act::Standing(i, s) => {
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.standing = standing(s);
            }
        }
        Act::Foreign(i, none) => {
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.case = (!none).then(|| "f".repeat(32));
            }
        }
        Act::Level(i, l) => {
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.level = l;
            }
        }
        Act::Scope(i, whole) => {
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.whole_medium = whole;
            }
        }
        Act::End(i, e) => {
            let end = [RecordEnd::Sanitized, RecordEnd::WithExceptions, RecordEnd::Other][usize::from(e) % 3];
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.end = end;
            }
        }
        Act::Started(i, days) => {
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.started += jiff::SignedDuration::from_hours(days * 24);
                r.finished = r.finished.max(r.started);
            }
        }
        Act::Serial(i, j) => {
            let other = case.items.get(j % items).and_then(|item| item.serial.clone());
            if let Some(r) = evidence.records.get_mut(&record(i)) {
                r.serial = other;
            }
        }
        Act::Swap(i, j) => {
            let records = case.items.get(i % items).and_then(|item| item.erased.clone());
            if let (Some(records), Some(item)) = (records, case.items.get_mut(j % items))
                && item.erased.is_some()
            {
                item.erased = Some(records);
            }
        }
        Act::Outcome(i, j) => {
            let from = case.items.get(i % items).cloned();
            if let (Some(from), Some(to)) = (from, case.items.get_mut(j % items)) {
                take_outcome(&from, to);
            }
        }
        Act::Category(i, c) => drop(case.items.get_mut(i % items).map(|item| item.categories.push(category(c)))),
        Act::NewItem(i) => case.items.push(item(&format!("N{i}"), ItemKind::Medium, MediaType::Flash)),
        Act::Unlist(i) => case.unlisted.push(file(i)),
        Act::LoseDocument(i) => {
            let name = evidence.documents.keys().nth(i).cloned();
            name.map(|name| evidence.documents.remove(&name));
        }
        Act::LoseAcceptance(i) => {
            if i < case.acceptances.len() {
                case.acceptances.remove(i);
            }
        }
        Act::Accept(i, j) => {
            let id = case.items.get(i % items).map(|item| item.id.clone()).unwrap_or_default();
            let all = [
                Accepted::Level,
                Accepted::Exceptions,
                Accepted::LogicalDeletion,
                Accepted::Degaussing,
                Accepted::Declaration,
                Accepted::Archive,
            ];
            case.acceptances.push(acceptance("N", all[j % all.len()], &id));
        }
        Act::Certificate(which) => {
            if let Some(facts) = evidence.certificates.values_mut().next() {
                match which {
                    0..=3 => facts.standing = standing(which),
                    4 => facts.status = CaseStatus::Incomplete,
                    _ => facts.instruction = None,
                }
            }
        }
        Act::OldUse(i, days) => {
            let used = TODAY.saturating_add(jiff::Span::new().days(days));
            if let Some(item) = case.items.get_mut(i % items) {
                item.last_used = Some(Moment::Day(used));
            }
        }
        Act::Levels(c, l) => drop(case.levels.insert(category(c), l)),
    }
}

/// A second reading of the agreement, written apart from the code under test: what each item of a complete case must show.
fn accounted_for(case: &Case, evidence: &Evidence, item: &Item) -> Result<(), String> {
    let there = |file: &str| if evidence.documents.contains_key(file) { Ok(()) } else { Err(format!("no {file}")) };
    let accepted = |what: Accepted| {
        case.acceptances.iter().any(|a| {
            a.what == what && a.of.contains(&item.id) && !a.by.name.is_empty() && there(&a.document.file).is_ok()
        })
    };
    if item.named_outcomes().len() != 1 {
        return Err(format!("{} outcomes", item.named_outcomes().len()));
    }
    if let Some(erased) = &item.erased {
        let facts: Option<Vec<_>> = erased.records.iter().map(|file| evidence.records.get(file)).collect();
        let facts = facts.filter(|f| !f.is_empty()).ok_or("a record is missing")?;
        for r in &facts {
            if !matches!(r.standing, Standing::Trusted(_)) || r.case.as_deref() != Some(CASE) {
                return Err("an untrusted or foreign record".into());
            }
            if r.serial.is_none() || r.serial != item.serial {
                return Err("another medium".into());
            }
        }
        let last = facts.iter().max_by_key(|r| (r.finished, r.started)).ok_or("no record")?;
        let mut categories = item.categories.clone();
        for system in case.systems.iter().filter(|s| item.systems.contains(&s.id)) {
            categories.extend(&system.categories);
        }
        let sensitive = categories.is_empty() || categories.iter().any(|c| *c != Category::General);
        let least = if sensitive { Level::Purge } else { Level::Clear };
        match last.end {
            RecordEnd::Sanitized if last.level < least && !accepted(Accepted::Level) => return Err("too low".into()),
            RecordEnd::WithExceptions if !accepted(Accepted::Exceptions) => return Err("exceptions".into()),
            RecordEnd::Other => return Err("not sanitized".into()),
            _ => {}
        }
        if !last.whole_medium {
            return Err("a part".into());
        }
        let Some(Moment::Day(used)) = item.last_used else { return Err("no last use".into()) };
        if last.started.to_zoned(jiff::tz::TimeZone::UTC).date() <= used {
            return Err("used since".into());
        }
        if last.started < at("2026-08-20T00:00:00Z") || last.finished >= at("2026-11-21T00:00:00Z") {
            return Err("before the instruction, or after today".into());
        }
    }
    if let Some(how) = &item.destroyed {
        there(&how.document.file)?;
        let magnetic = matches!(item.media, MediaType::MagneticDisk | MediaType::Tape);
        if how.how == Destruction::Degaussed && !(magnetic && accepted(Accepted::Degaussing)) {
            return Err("degaussed".into());
        }
    }
    if let Some(how) = &item.logically_deleted {
        there(&how.document.file)?;
        if !accepted(Accepted::LogicalDeletion) {
            return Err("logically deleted".into());
        }
    }
    if let Some(how) = &item.handed_over {
        there(&how.receipt.file)?;
    }
    if item.pending.is_some() || item.failed.is_some() {
        return Err("pending or failed".into());
    }
    if item.retained.as_ref().is_some_and(|kept| kept.until < TODAY || kept.act.is_empty()) {
        return Err("kept without law".into());
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_talks_a_case_into_complete(acts in prop::collection::vec(act(), 0..7)) {
        let (mut case, mut evidence) = complete();
        for act in &acts {
            apply(act, &mut case, &mut evidence);
        }
        let found = derive(&case, &evidence, TODAY);
        if found.status == CaseStatus::Complete {
            for item in &case.items {
                if let Err(why) = accounted_for(&case, &evidence, item) {
                    return Err(TestCaseError::fail(format!("{}: {why}", item.id)));
                }
            }
            prop_assert!(case.unlisted.is_empty());
            for name in ["instruction", "archive", "inventory", "approval"] {
                let needed = format!("{name}.pdf");
                let concerned = name != "approval" || case.items.iter().any(|item| item.erased.is_some());
                prop_assert!(!concerned || evidence.documents.contains_key(&needed), "{} is missing", needed);
            }
            for row in &found.rows {
                let open = !matches!(row.result, Finding::Fulfilled | Finding::NotApplicable);
                prop_assert!(!open || row.row == RowId::WrittenNotice, "{:?} is open", row.row);
            }
        }
        // In any case: what is open says why, what is fulfilled shows what it stands on, and the same question has the same answer.
        for row in &found.rows {
            match row.result {
                Finding::Fulfilled => prop_assert!(row.reasons.is_empty() && !row.evidence.is_empty(), "{row:?}"),
                Finding::NotApplicable => prop_assert!(row.reasons.is_empty() && !row.bars_complete, "{row:?}"),
                _ => prop_assert!(!row.reasons.is_empty(), "{row:?}"),
            }
        }
        for item in &found.items {
            let fulfilled = item.result == Finding::Fulfilled;
            prop_assert_eq!(fulfilled, item.reasons.is_empty() && !item.evidence.is_empty());
        }
        prop_assert_eq!(found.items.len(), case.items.len());
        for proof in found.rows.iter().flat_map(|row| &row.evidence) {
            prop_assert!(proof.digest.is_some() || proof.kind == ProofKind::Statement, "{proof:?}");
        }
        prop_assert_eq!(found, derive(&case, &evidence, TODAY));
    }
}

#[test]
fn every_reason_carries_what_belongs_to_it() {
    let all = all().into_iter().map(|(_, change, _)| {
        let (mut case, mut evidence) = complete();
        change(&mut case, &mut evidence);
        derive(&case, &evidence, TODAY)
    });
    let mut seen = std::collections::BTreeSet::new();
    for found in all {
        let rows = found.rows.iter().flat_map(|row| row.reasons.iter().chain(&row.remarks));
        let items = found.items.iter().flat_map(|item| item.reasons.iter().chain(&item.remarks));
        let subs = found.subprocessors.iter().flat_map(|sub| sub.reasons.iter().chain(&sub.remarks));
        let doubts = found.doubts.iter().flat_map(|doubt| &doubt.remarks);
        for reason in rows.chain(items).chain(subs).chain(doubts) {
            let given: Vec<_> = reason.with.keys().map(String::as_str).collect();
            let mut expected = reason.code.arguments().to_vec();
            expected.sort_unstable();
            assert_eq!(given, expected, "{}", reason.code.name());
            seen.insert(reason.code);
        }
    }
    assert!(seen.len() > 70, "only {} codes were seen", seen.len());
}
