//! One thing at a time is taken from a complete case: exactly the rows and items that stood on it open up, and no other.

use super::breaks_of_items::OF_ITEMS;
use super::fixture::*;
use crate::conformity::*;

pub type Change = fn(&mut Case, &mut Evidence);

pub fn it<'a>(case: &'a mut Case, id: &str) -> &'a mut Item {
    case.items.iter_mut().find(|item| item.id == id).unwrap()
}

pub fn rec<'a>(evidence: &'a mut Evidence, id: &str) -> &'a mut RecordFacts {
    evidence.records.get_mut(&format!("{id}.json")).unwrap()
}

pub fn lose(evidence: &mut Evidence, name: &str) {
    evidence.documents.remove(&format!("{name}.pdf")).unwrap();
}

pub fn cert(evidence: &mut Evidence) -> &mut CertificateFacts {
    evidence.certificates.get_mut("theirs.json").unwrap()
}

/// Everything that is taken away, one at a time.
pub fn all() -> Vec<(&'static str, Change, &'static [&'static str])> {
    OF_ROWS.iter().chain(OF_ITEMS).copied().collect()
}

#[test]
fn everything_borne_out_is_complete() {
    let (case, evidence) = complete();
    let found = derive(&case, &evidence, TODAY);
    assert_eq!(open(&found), Default::default());
    assert_eq!(found.status, CaseStatus::Complete);
    assert_eq!(found.days_to_last_erasure.as_deref(), Some("7"), "30 September to 7 October");
    assert!(found.rows.iter().all(|row| row.result == Finding::Fulfilled && !row.evidence.is_empty()));
    let rows: Vec<_> = found.rows.iter().map(|row| row.row.name()).collect();
    assert_eq!(rows, ["12-a", "12-b", "12-c", "12-d", "12-e", "12-f", "12-g", "12-h"]);
    assert_eq!(row(&found, RowId::WrittenNotice).responsible, Responsible::Controller);
    let outcomes: Vec<_> =
        found.items.iter().map(|i| (i.item.as_str(), i.outcome.name(), i.needs, i.reached)).collect();
    use Level::*;
    assert_eq!(
        outcomes,
        [
            ("M1", "erased", Purge, Purge),
            ("M2", "erased", Clear, Clear),
            ("M3", "destroyed", Clear, Destroy),
            ("M4", "retained", Clear, None),
            ("M5", "logically-deleted", Clear, Logical),
            ("M6", "handed-over", Clear, None),
            ("B1", "erased", Clear, Clear),
            ("X1", "erased", Clear, Logical),
            ("X2", "erased", Clear, Clear),
            ("X3", "destroyed", Clear, Purge),
        ]
    );
    let grades: Vec<_> = found.subprocessors.iter().map(|s| s.grade).collect();
    assert_eq!(grades, [Grade::VerifiedCertificate, Grade::SignedDeclaration]);
}

#[test]
fn what_is_done_on_the_last_day_is_in_time() {
    let (mut case, mut evidence) = complete();
    let erased = day("2026-10-05");
    case.agreements.end = Some(TODAY);
    case.notice.as_mut().unwrap().date = day("2026-10-21");
    case.instruction.as_mut().unwrap().date = erased;
    case.archive.as_mut().unwrap().date = erased;
    case.inventory.as_mut().unwrap().date = TODAY;
    it(&mut case, "M2").added = Some(TODAY);
    case.returns[0].date = erased;
    case.acceptances.iter_mut().for_each(|a| a.date = TODAY);
    case.tool_approvals[0].date = erased;
    case.tool_approvals[0].until = erased;
    it(&mut case, "M2").last_used = Some("2026-10-05T08:00:00Z".parse().unwrap());
    it(&mut case, "M4").last_used = Some(Moment::Day(TODAY));
    it(&mut case, "M3").destroyed.as_mut().unwrap().date = TODAY;
    it(&mut case, "M4").retained.as_mut().unwrap().until = TODAY;
    it(&mut case, "M5").logically_deleted.as_mut().unwrap().date = TODAY;
    it(&mut case, "M6").handed_over.as_mut().unwrap().date = erased;
    rec(&mut evidence, "M1").finished = at("2026-11-20T23:59:59Z");
    for sub in &mut case.subprocessors {
        sub.forwarded.as_mut().unwrap().date = erased;
    }
    case.subprocessors[1].declaration.as_mut().unwrap().date = erased;
    cert(&mut evidence).date = erased;
    let found = derive(&case, &evidence, TODAY);
    assert_eq!((open(&found), found.status), (Default::default(), CaseStatus::Complete));
    assert_eq!(found.days_to_last_erasure.as_deref(), Some("0"));
    it(&mut case, "M6").handed_over.as_mut().unwrap().date = TODAY;
    assert_eq!(derive(&case, &evidence, TODAY).status, CaseStatus::Complete);
}

#[test]
fn an_instruction_counts_from_its_day_on() {
    for (date, ahead) in [("2026-11-20", false), ("2026-11-21", true), ("2026-12-21", true)] {
        let (mut case, evidence) = complete();
        case.instruction.as_mut().unwrap().date = day(date);
        case.notice = None;
        let found = derive(&case, &evidence, TODAY);
        assert_eq!(open(&found).contains("12-b instruction-ahead"), ahead, "{date}");
        // A notice that was not given bars where there is no instruction either.
        assert_eq!(row(&found, RowId::WrittenNotice).bars_complete, ahead, "{date}");
    }
}

#[test]
fn of_several_approvals_one_is_enough_and_else_the_nearest_says_why() {
    let with = |change: fn(&mut ToolApproval)| {
        let mut approval = approval();
        change(&mut approval);
        approval
    };
    // From the farthest to the nearest.
    let short = [
        (with(|a| a.tool = "t".into()), Code::ToolWithoutApproval),
        (with(|a| a.media.clear()), Code::ToolNotForMedia),
        (with(|a| a.methods.clear()), Code::ToolNotForMethod),
        (with(|a| a.until = day("2026-10-04")), Code::ToolApprovalNotValid),
    ];
    for (near, (one, code)) in short.iter().enumerate() {
        for (other, _) in &short[..=near] {
            for both in [[one.clone(), other.clone()], [other.clone(), one.clone()]] {
                let (mut case, evidence) = complete();
                case.tool_approvals = both.to_vec();
                let found = derive(&case, &evidence, TODAY);
                let codes: Vec<_> = row(&found, RowId::ErasureTool).reasons.iter().map(|reason| reason.code).collect();
                assert!(!codes.is_empty() && codes.iter().all(|found| found == code), "{codes:?}");
                case.tool_approvals.push(approval());
                assert_eq!(derive(&case, &evidence, TODAY).status, CaseStatus::Complete);
            }
        }
    }
}

#[test]
fn where_there_are_no_sub_processors_a_named_person_declares_it() {
    let (mut case, mut evidence) = complete();
    case.subprocessors.clear();
    case.systems.pop();
    case.locations.pop();
    let declared = case.inventory.as_mut().unwrap();
    declared.no_subprocessors = true;
    let found = derive(&case, &evidence, TODAY);
    let none = row(&found, RowId::SubProcessors);
    assert_eq!((found.status, none.result), (CaseStatus::Complete, Finding::NotApplicable));
    assert_eq!(none.evidence.iter().map(|proof| proof.name.as_str()).collect::<Vec<_>>(), ["inventory.pdf"]);
    lose(&mut evidence, "inventory");
    let found = derive(&case, &evidence, TODAY);
    assert_eq!(row(&found, RowId::SubProcessors).result, Finding::NotFulfilled);
    assert!(open(&found).contains("12-h document-missing"));
}

#[test]
fn a_location_outside_the_eea_is_told() {
    for (country, outside) in [("DK", false), ("SE", false), ("NO", false), ("US", true), ("", true)] {
        let (mut case, evidence) = complete();
        case.locations[1].country = country.into();
        let found = derive(&case, &evidence, TODAY);
        let remarks = &row(&found, RowId::DeletionOrReturn).remarks;
        let told: Vec<_> = remarks.iter().filter(|r| r.code == Code::LocationOutsideEu).collect();
        assert_eq!(told.len(), usize::from(outside), "{country}");
        assert!(told.iter().all(|r| r.with["location"] == "THERE"), "{country}");
    }
}

#[test]
fn a_notice_that_asks_for_another_thing_than_the_instruction_is_told() {
    let (mut case, evidence) = complete();
    let differs = |case: &Case| {
        let found = derive(case, &evidence, TODAY);
        assert_eq!(found.status, CaseStatus::Complete);
        row(&found, RowId::WrittenNotice).remarks.iter().any(|remark| remark.code == Code::NoticeDiffers)
    };
    assert!(!differs(&case));
    case.notice.as_mut().unwrap().choice = Choice::Delete;
    assert!(differs(&case));
}

/// What is taken away, and all that opens.
pub const OF_ROWS: &[(&str, Change, &[&str])] = &[
    // 12-a.
    ("controller's name", |c, _| c.controller.name.clear(), &["12-a party-incomplete"]),
    ("processor's address", |c, _| c.processor.address = " ".into(), &["12-a party-incomplete"]),
    ("processor's number", |c, _| c.processor.number.clear(), &["12-a party-incomplete"]),
    ("main agreement", |c, _| c.agreements.main = None, &["12-a main-agreement-missing"]),
    (
        "main agreement's title",
        |c, _| c.agreements.main.as_mut().unwrap().title.clear(),
        &["12-a main-agreement-missing"],
    ),
    (
        "what tells the main agreement from others",
        |c, _| c.agreements.main.as_mut().unwrap().date = None,
        &["12-a main-agreement-missing"],
    ),
    (
        "a reference that is blank",
        |c, _| {
            let main = c.agreements.main.as_mut().unwrap();
            (main.date, main.reference) = (None, Some(" ".into()));
        },
        &["12-a main-agreement-missing"],
    ),
    ("processing agreement", |c, _| c.agreements.processing = None, &["12-a processing-agreement-missing"]),
    ("the agreement's document", |_, e| lose(e, "contract"), &["12-a document-missing"]),
    ("the end", |c, _| c.agreements.end = None, &["12-a end-missing", "12-e end-missing"]),
    ("an end ahead", |c, _| c.agreements.end = Some(day("2026-11-21")), &["12-a end-ahead"]),
    // 12-b.
    (
        "the instruction",
        |c, _| c.instruction = None,
        // Nothing says that media were to be given back, and the notice is no instruction.
        &["12-b instruction-missing", "12-b item-open", "M6 not-to-be-returned"],
    ),
    (
        "the instruction's reference",
        |c, _| c.instruction.as_mut().unwrap().reference.clear(),
        &["12-b instruction-missing"],
    ),
    ("the instruction's author", |c, _| c.instruction.as_mut().unwrap().by.name.clear(), &["12-b person-missing"]),
    ("the instruction's document", |_, e| lose(e, "instruction"), &["12-b document-missing"]),
    (
        "an instruction that deletes everything",
        |c, _| c.instruction.as_mut().unwrap().choice = Choice::Delete,
        &["12-b item-open", "M6 not-to-be-returned"],
    ),
    ("the archive question", |c, _| c.archive = None, &["12-b archive-missing"]),
    ("its document", |_, e| lose(e, "archive"), &["12-b document-missing"]),
    ("its author", |c, _| c.archive.as_mut().unwrap().by.name.clear(), &["12-b person-missing"]),
    ("the inventory declaration", |c, _| c.inventory = None, &["12-b inventory-missing", "12-f copy-not-stated"]),
    ("its document", |_, e| lose(e, "inventory"), &["12-b document-missing", "12-f document-missing"]),
    (
        "its author",
        |c, _| c.inventory.as_mut().unwrap().by.name.clear(),
        &["12-b person-missing", "12-f person-missing"],
    ),
    ("a later item", |c, _| it(c, "M2").added = Some(day("2026-11-02")), &["12-b inventory-older"]),
    (
        "a use since the declaration",
        |c, _| it(c, "M4").last_used = Some("2026-11-02".parse().unwrap()),
        &["12-b inventory-too-early"],
    ),
    ("nothing by a use on its day", |c, _| it(c, "M4").last_used = Some("2026-11-01T09:00:00Z".parse().unwrap()), &[]),
    (
        "what was to be given back",
        |c, _| {
            c.returns.clear();
            it(c, "M6").handed_over.as_mut().unwrap().to.clear();
        },
        &["12-b item-open", "12-b nothing-given-back", "M6 person-missing"],
    ),
    ("nothing by a return without a hand-over", |c, _| c.items.retain(|item| item.id != "M6"), &[]),
    ("nothing by a hand-over without a return", |c, _| c.returns.clear(), &[]),
    ("its date", |c, _| c.inventory.as_mut().unwrap().date = day("2026-11-21"), &["12-b date-ahead"]),
    ("every system", |c, _| c.systems.clear(), &["12-b no-systems"]),
    ("every location", |c, _| c.locations.clear(), &["12-b no-locations"]),
    ("what holds a system", |c, _| it(c, "M1").systems.clear(), &["12-b system-without-item"]),
    ("what is at a location", |c, _| it(c, "M1").location = None, &["12-b location-without-item"]),
    (
        "the sub-processor's system and location",
        |c, _| {
            c.subprocessors[0].systems.clear();
            c.subprocessors[0].locations.clear();
        },
        &["12-b system-without-item", "12-b location-without-item"],
    ),
    ("a medium on no list", |c, _| c.unlisted = vec!["u.json".into()], &["12-b unlisted-medium"]),
    (
        "a rejection",
        |c, _| {
            c.validation = Some(Validation {
                decision: Decision::Rejected,
                by: person("p"),
                date: day("2026-11-10"),
                reason: "r".into(),
                sensitivity: "s".into(),
                remedy: None,
                document: document("decision.pdf"),
            });
        },
        &["12-b rejected"],
    ),
    (
        "the receipt of the return",
        |_, e| lose(e, "receipt"),
        &["12-b document-missing", "12-b item-open", "M1 document-missing", "M6 document-missing"],
    ),
    (
        "a receipt of tomorrow",
        |c, _| c.returns[0].date = day("2026-11-21"),
        &["12-b date-ahead", "12-b item-open", "M1 erased-before-receipt"],
    ),
    // 12-c.
    ("the tool's approval", |c, _| c.tool_approvals.clear(), &["12-c tool-without-approval"]),
    ("another version", |c, _| c.tool_approvals[0].version = "1.1".into(), &["12-c tool-without-approval"]),
    ("another tool", |c, _| c.tool_approvals[0].tool = "t".into(), &["12-c tool-without-approval"]),
    ("other media", |c, _| c.tool_approvals[0].media = vec![MediaType::MagneticDisk], &["12-c tool-not-for-media"]),
    ("another method", |c, _| c.tool_approvals[0].methods = vec![Level::Clear], &["12-c tool-not-for-method"]),
    ("an approval since", |c, _| c.tool_approvals[0].date = day("2026-10-06"), &["12-c tool-approval-not-valid"]),
    ("an approval before", |c, _| c.tool_approvals[0].until = day("2026-10-04"), &["12-c tool-approval-not-valid"]),
    ("its author", |c, _| c.tool_approvals[0].by.name.clear(), &["12-c person-missing"]),
    ("its document", |_, e| lose(e, "approval"), &["12-c document-missing"]),
    // 12-e: told, and not in the way.
    ("the notice", |c, _| c.notice = None, &["12-e notice-missing"]),
    ("the notice's author", |c, _| c.notice.as_mut().unwrap().by.name.clear(), &["12-e person-missing"]),
    ("the notice's document", |_, e| lose(e, "notice"), &["12-e document-missing"]),
    ("thirty days", |c, _| c.notice.as_mut().unwrap().date = day("2026-09-01"), &["12-e notice-late"]),
    // 12-f.
    (
        "a word on mail",
        |c, _| c.inventory.as_mut().unwrap().none.retain(|k| *k != ItemKind::Mail),
        &["12-f copy-not-stated"],
    ),
    (
        "a kind that an item holds besides, denied",
        |c, _| it(c, "M1").also.push(ItemKind::UsageLog),
        &["12-f copy-denied"],
    ),
    (
        "nothing by a kind that an item holds besides",
        |c, _| {
            it(c, "M1").also.push(ItemKind::UsageLog);
            c.inventory.as_mut().unwrap().none.retain(|kind| *kind != ItemKind::UsageLog);
        },
        &[],
    ),
    ("a denied backup", |c, _| c.inventory.as_mut().unwrap().none.push(ItemKind::Backup), &["12-f copy-denied"]),
    // 12-h.
    (
        "the sub-processors",
        |c, _| {
            c.subprocessors.clear();
            it(c, "M2").systems.push("SAAS".into());
            it(c, "M2").location = Some("THERE".into());
        },
        &["12-b item-open", "12-h subprocessors-not-stated", "M2 level-too-low"],
    ),
    (
        "denied sub-processors",
        |c, _| c.inventory.as_mut().unwrap().no_subprocessors = true,
        &["12-h subprocessors-denied"],
    ),
    (
        "the forwarded notice",
        |c, _| c.subprocessors[1].forwarded = None,
        &["12-h subprocessor-open", "H2 not-forwarded"],
    ),
    (
        "its document",
        |_, e| lose(e, "forwarded"),
        &["12-h subprocessor-open", "H1 certificate-other-instruction", "H1 document-missing", "H2 document-missing"],
    ),
    (
        "the order of notice and forwarding",
        |c, _| c.subprocessors[1].forwarded.as_mut().unwrap().date = day("2026-08-14"),
        &["12-h subprocessor-open", "H2 forwarded-too-early"],
    ),
    (
        "a forwarding of tomorrow",
        |c, _| c.subprocessors[1].forwarded.as_mut().unwrap().date = day("2026-11-21"),
        &["12-h subprocessor-open", "H2 date-ahead", "H2 declaration-too-old"],
    ),
    (
        "all evidence",
        |c, _| c.subprocessors[0].certificate = None,
        &["12-h subprocessor-open", "H1 subprocessor-nothing"],
    ),
    (
        "all but a statement",
        |c, _| {
            c.subprocessors[0].certificate = None;
            c.subprocessors[0].statement = Some(document("statement.pdf"));
        },
        &["12-h subprocessor-open", "H1 only-statement"],
    ),
    ("the declaration's document", |_, e| lose(e, "declaration"), &["12-h subprocessor-open", "H2 document-missing"]),
    (
        "the declaration's author",
        |c, _| c.subprocessors[1].declaration.as_mut().unwrap().by.name.clear(),
        &["12-h subprocessor-open", "H2 person-missing"],
    ),
    (
        "the declaration's order",
        |c, _| c.subprocessors[1].declaration.as_mut().unwrap().date = day("2026-08-20"),
        &["12-h subprocessor-open", "H2 declaration-too-old"],
    ),
    ("the certificate's file", |_, e| e.certificates.clear(), &["12-h subprocessor-open", "H1 certificate-absent"]),
    (
        "the certificate itself",
        |_, e| cert(e).standing = Standing::Absent,
        &["12-h subprocessor-open", "H1 certificate-absent"],
    ),
    (
        "the certificate's signature",
        |_, e| cert(e).standing = Standing::NotAuthentic("w".into()),
        &["12-h subprocessor-open", "H1 certificate-not-authentic"],
    ),
    (
        "trust in the certificate",
        |_, e| cert(e).standing = Standing::Untrusted("f".into()),
        &["12-h subprocessor-open", "H1 certificate-untrusted"],
    ),
    (
        "its questions",
        |_, e| cert(e).profile = Profile::AssignmentEnd,
        &["12-h subprocessor-open", "H1 certificate-other-profile"],
    ),
    (
        "its completeness",
        |_, e| cert(e).status = CaseStatus::Incomplete,
        &["12-h subprocessor-open", "H1 certificate-incomplete"],
    ),
    ("its party", |_, e| cert(e).number = "1".into(), &["12-h subprocessor-open", "H1 certificate-other-party"]),
    (
        "two parties without a number",
        |c, e| {
            cert(e).number.clear();
            c.subprocessors[0].party.number.clear();
        },
        &["12-h subprocessor-open", "H1 certificate-other-party"],
    ),
    (
        "its instruction",
        |_, e| cert(e).instruction = Some("x".into()),
        &["12-h subprocessor-open", "H1 certificate-other-instruction"],
    ),
    (
        "any instruction",
        |_, e| cert(e).instruction = None,
        &["12-h subprocessor-open", "H1 certificate-other-instruction"],
    ),
    ("its order", |_, e| cert(e).date = day("2026-08-20"), &["12-h subprocessor-open", "H1 declaration-too-old"]),
];

#[test]
fn what_is_taken_away_opens_what_stood_on_it_and_nothing_else() {
    let mut wrong = Vec::new();
    for (what, change, expected) in all() {
        let (mut case, mut evidence) = complete();
        change(&mut case, &mut evidence);
        let found = derive(&case, &evidence, TODAY);
        let expected: std::collections::BTreeSet<String> = expected.iter().map(|e| e.to_string()).collect();
        if open(&found) != expected {
            wrong.push(format!("{what}: {:#?} instead of {expected:#?}", open(&found)));
        }
        // Only the controller's own notice may be open in a complete case.
        let bars = expected.iter().any(|e| !e.starts_with("12-e"));
        if (found.status == CaseStatus::Incomplete) != bars {
            wrong.push(format!("{what}: {:?}", found.status));
        }
        let waits = ["an end ahead", "a backup that waits"].contains(&what);
        for row in &found.rows {
            if (row.result == Finding::Pending) != (waits && !row.reasons.is_empty()) {
                wrong.push(format!("{what}: {} is {:?}", row.row.name(), row.result));
            }
            let named = expected.iter().any(|e| e.starts_with(row.row.name()));
            if (row.result != Finding::Fulfilled) != named {
                wrong.push(format!("{what}: {} is {:?}", row.row.name(), row.result));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
