//! A complete case of each other profile, and what opens when one thing is taken from it.

use super::fixture::*;
use crate::conformity::*;

type Change = fn(&mut Case, &mut Evidence);

fn check(complete: fn() -> (Case, Evidence), breaks: &[(&str, Change, &[&str])]) {
    let (case, evidence) = complete();
    let whole = derive(&case, &evidence, TODAY);
    assert_eq!((open(&whole), whole.status), (Default::default(), CaseStatus::Complete));
    for (what, change, expected) in breaks {
        let (mut case, mut evidence) = complete();
        change(&mut case, &mut evidence);
        let found = derive(&case, &evidence, TODAY);
        let expected: std::collections::BTreeSet<String> = expected.iter().map(|e| e.to_string()).collect();
        assert_eq!(open(&found), expected, "{what}");
        assert_eq!(found.status == CaseStatus::Complete, expected.is_empty(), "{what}");
        for row in &found.rows {
            let named = expected.iter().any(|e| e.starts_with(row.row.name()));
            let open = !matches!(row.result, Finding::Fulfilled | Finding::NotApplicable);
            assert_eq!(open, named, "{what}: {}", row.row.name());
        }
    }
}

fn rejected() -> Validation {
    Validation {
        decision: Decision::Rejected,
        by: person("p"),
        date: day("2026-11-10"),
        reason: "r".into(),
        sensitivity: "s".into(),
        remedy: None,
        document: document("decision.pdf"),
    }
}

fn repair() -> (Case, Evidence) {
    let mut case = empty(Profile::Repair);
    case.items = vec![erased("M1", ItemKind::Medium, MediaType::MagneticDisk)];
    case.repair = Some(Repair {
        device: "d".into(),
        identification: "i".into(),
        fault: "f".into(),
        repairer: "r".into(),
        confidentiality: Some(confirmation("2026-10-04", "confidentiality.pdf")),
        handed_over: Some(day("2026-10-05")),
        not_erased_because: None,
        medium_removed: Some(false),
        returned: Some(day("2026-10-20")),
        receipt: Some(document("receipt.pdf")),
    });
    let mut evidence = documents();
    evidence.records.insert("M1.json".into(), record("M1", Level::Clear));
    (case, evidence)
}

fn told(case: &mut Case) -> &mut Repair {
    case.repair.as_mut().unwrap()
}

#[test]
fn a_repair_is_confidential_always_and_erased_if_possible() {
    check(
        repair,
        &[
            (
                "repair",
                |c, _| c.repair = None,
                &[
                    "repair-device repair-incomplete",
                    "repair-confidentiality confidentiality-missing",
                    "repair-medium medium-removed-unknown",
                    "repair-return not-returned",
                ],
            ),
            ("the firm's name", |c, _| c.processor.name.clear(), &["repair-device party-incomplete"]),
            ("device", |c, _| told(c).device.clear(), &["repair-device repair-incomplete"]),
            ("identification", |c, _| told(c).identification.clear(), &["repair-device repair-incomplete"]),
            ("fault", |c, _| told(c).fault.clear(), &["repair-device repair-incomplete"]),
            ("repairer", |c, _| told(c).repairer.clear(), &["repair-device repair-incomplete"]),
            (
                "confidentiality",
                |c, _| told(c).confidentiality = None,
                &["repair-confidentiality confidentiality-missing"],
            ),
            (
                "its document",
                |_, e| drop(e.documents.remove("confidentiality.pdf")),
                &["repair-confidentiality document-missing"],
            ),
            (
                "its day",
                |c, _| told(c).handed_over = Some(day("2026-10-03")),
                &["repair-confidentiality confidentiality-too-late", "repair-erasure erased-after-hand-over"],
            ),
            ("erasure", |c, _| c.items[0].erased = None, &["repair-erasure not-erased-no-reason", "M1 item-missing"]),
            ("items", |c, _| c.items.clear(), &["repair-erasure no-items"]),
            (
                "order",
                |_, e| e.records.get_mut("M1.json").unwrap().finished = at("2026-10-06T00:00:00Z"),
                &["repair-erasure erased-after-hand-over"],
            ),
            ("acceptance of the result", |c, _| c.validation = Some(rejected()), &["repair-erasure rejected"]),
            ("the list", |c, _| c.unlisted = vec!["u.json".into()], &["repair-erasure unlisted-medium"]),
            ("medium", |c, _| told(c).medium_removed = None, &["repair-medium medium-removed-unknown"]),
            ("return", |c, _| told(c).returned = None, &["repair-return not-returned"]),
            ("receipt", |c, _| told(c).receipt = None, &["repair-return not-returned"]),
            ("receipt's document", |_, e| drop(e.documents.remove("receipt.pdf")), &["repair-return document-missing"]),
            (
                "return before the hand-over",
                |c, _| told(c).returned = Some(day("2026-10-04")),
                &["repair-return repair-incomplete"],
            ),
            ("hand-over", |c, _| told(c).handed_over = None, &["repair-return repair-incomplete"]),
            (
                "nothing by what is done on one day",
                |c, _| {
                    told(c).confidentiality.as_mut().unwrap().date = day("2026-10-05");
                    told(c).returned = Some(day("2026-10-05"));
                },
                &[],
            ),
            ("return tomorrow", |c, _| told(c).returned = Some(day("2026-11-21")), &["repair-return date-ahead"]),
        ],
    );
}

#[test]
fn a_reason_stands_for_an_erasure_that_was_not_possible_and_nothing_else_does() {
    let (mut case, mut evidence) = repair();
    case.items[0].erased = None;
    told(&mut case).not_erased_because = Some("the drive does not answer".into());
    let found = derive(&case, &evidence, TODAY);
    assert_eq!(found.status, CaseStatus::Complete);
    let erasure = row(&found, RowId::RepairErasure);
    assert_eq!((erasure.result, erasure.remarks[0].code), (Finding::Fulfilled, Code::NotErasedBecause));
    assert_eq!(erasure.evidence[0].kind, ProofKind::Statement);
    assert_eq!(found.items[0].result, Finding::NotFulfilled, "the item itself is not called erased");
    case.items[0].failed = Some(Failed { date: day("2026-10-04"), why: "w".into() });
    assert_eq!(derive(&case, &evidence, TODAY).status, CaseStatus::Complete);
    case.items[0].failed = None;
    case.items[0].erased = Some(Erased { records: vec!["absent.json".into()] });
    let found = derive(&case, &evidence, TODAY);
    assert!(open(&found).contains("repair-erasure item-open"), "what is said to be erased has to be borne out");
    // A late erasure with the reason is fine; a rejection is not.
    case.items = vec![erased("M1", ItemKind::Medium, MediaType::MagneticDisk)];
    evidence.records.get_mut("M1.json").unwrap().finished = at("2026-10-06T00:00:00Z");
    assert_eq!(derive(&case, &evidence, TODAY).status, CaseStatus::Complete);
    case.validation = Some(rejected());
    assert_eq!(derive(&case, &evidence, TODAY).status, CaseStatus::Incomplete);
    case.validation = None;
    told(&mut case).not_erased_because = Some("  ".into());
    assert_eq!(derive(&case, &evidence, TODAY).status, CaseStatus::Incomplete);
}

#[test]
fn whether_the_medium_was_taken_out_is_told() {
    for (removed, code) in [(true, Code::MediumRemoved), (false, Code::MediumLeft)] {
        let (mut case, evidence) = repair();
        told(&mut case).medium_removed = Some(removed);
        let found = derive(&case, &evidence, TODAY);
        assert_eq!(row(&found, RowId::RepairMedium).remarks[0].code, code);
    }
}

fn disposal() -> (Case, Evidence) {
    let mut case = empty(Profile::Disposal);
    case.items = vec![
        erased("M1", ItemKind::Medium, MediaType::MagneticDisk),
        destroyed("M2", ItemKind::Medium, Destruction::Degaussed),
    ];
    case.disposal = Some(Disposal {
        way: DisposalWay::Sold,
        to: "t".into(),
        limb: DisposalLimb::GuaranteedErasure,
        guarantor: Some(person("p")),
        guarantee: Some(document("guarantee.pdf")),
    });
    let mut evidence = documents();
    evidence.records.insert("M1.json".into(), record("M1", Level::Clear));
    (case, evidence)
}

fn ways(case: &mut Case) -> &mut Disposal {
    case.disposal.as_mut().unwrap()
}

#[test]
fn a_disposal_says_which_limb_it_relies_on_and_who_guarantees() {
    check(
        disposal,
        &[
            (
                "disposal",
                |c, _| c.disposal = None,
                &[
                    "disposal-way disposal-missing",
                    "disposal-limb disposal-missing",
                    "disposal-guarantee guarantor-missing",
                ],
            ),
            ("the controller's name", |c, _| c.controller.name.clear(), &["disposal-way party-incomplete"]),
            (
                "a standard's level",
                |c, e| {
                    ways(c).limb = DisposalLimb::RecognisedStandard;
                    e.records.get_mut("M1.json").unwrap().level = Level::Logical;
                    c.acceptances = vec![acceptance("A", Accepted::Level, "M1")];
                },
                &["disposal-limb not-sanitized"],
            ),
            ("receiver", |c, _| ways(c).to.clear(), &["disposal-way person-missing"]),
            (
                "a sale, when it is scrapped",
                |c, _| ways(c).way = DisposalWay::Scrapped,
                &["disposal-limb not-destroyed"],
            ),
            (
                "a limb of erasure, when it is destruction",
                |c, _| ways(c).limb = DisposalLimb::Destroyed,
                &["disposal-limb not-destroyed"],
            ),
            (
                "a guarantee, when it is a standard",
                |c, _| {
                    *ways(c) = Disposal {
                        limb: DisposalLimb::RecognisedStandard,
                        guarantor: None,
                        guarantee: None,
                        ..ways(c).clone()
                    };
                },
                &[],
            ),
            (
                "the erasure",
                |c, _| c.items[0].erased = None,
                &["disposal-limb not-sanitized", "disposal-media item-open", "M1 item-missing"],
            ),
            (
                "an erasure that holds",
                |_, e| e.records.get_mut("M1.json").unwrap().end = RecordEnd::Other,
                &["disposal-limb not-sanitized", "disposal-media item-open", "M1 record-not-sanitized"],
            ),
            (
                "what was not handed over",
                |c, _| {
                    c.items[0].erased = None;
                    c.items[0].retained = Some(Retained {
                        what: "w".into(),
                        act: "a".into(),
                        section: "s".into(),
                        until: TODAY,
                        responsible: person("p"),
                    });
                },
                &["disposal-limb not-sanitized"],
            ),
            ("the items", |c, _| c.items.clear(), &["disposal-limb no-items", "disposal-media no-items"]),
            ("the list", |c, _| c.unlisted = vec!["u.json".into()], &["disposal-media unlisted-medium"]),
            ("acceptance of the result", |c, _| c.validation = Some(rejected()), &["disposal-media rejected"]),
            ("the guarantor", |c, _| ways(c).guarantor = None, &["disposal-guarantee guarantor-missing"]),
            (
                "his name",
                |c, _| ways(c).guarantor.as_mut().unwrap().name.clear(),
                &["disposal-guarantee person-missing"],
            ),
            ("the guarantee", |c, _| ways(c).guarantee = None, &["disposal-guarantee guarantor-missing"]),
            (
                "its document",
                |_, e| drop(e.documents.remove("guarantee.pdf")),
                &["disposal-guarantee document-missing"],
            ),
        ],
    );
}

#[test]
fn selling_is_advised_against_and_scrapping_is_not() {
    for (way, advised) in [(DisposalWay::Sold, true), (DisposalWay::GivenAway, true), (DisposalWay::Scrapped, false)] {
        let (mut case, evidence) = disposal();
        ways(&mut case).way = way;
        let found = derive(&case, &evidence, TODAY);
        let remarks = &row(&found, RowId::DisposalWay).remarks;
        assert_eq!(remarks.iter().any(|r| r.code == Code::AdvisedAgainst), advised, "{way:?}");
    }
}

fn assignment() -> (Case, Evidence) {
    let mut case = empty(Profile::AssignmentEnd);
    let handed = Item {
        handed_over: Some(HandedOver { date: day("2026-10-01"), to: "t".into(), receipt: document("receipt.pdf") }),
        ..item("P1", ItemKind::Portable, MediaType::Flash)
    };
    case.items = vec![erased("U1", ItemKind::UsbKey, MediaType::Flash), handed];
    case.assignment = Some(Assignment {
        ended: day("2026-09-30"),
        returned: vec![Returned {
            what: "w".into(),
            kind: ReturnedKind::Equipment,
            date: day("2026-10-01"),
            receipt: document("receipt.pdf"),
        }],
        nothing_kept: Some(confirmation("2026-10-06", "kept.pdf")),
        approval: Some(confirmation("2026-10-05", "approval.pdf")),
        confidentiality: Some(confirmation("2026-10-01", "confidentiality.pdf")),
    });
    let mut evidence = documents();
    evidence.records.insert("U1.json".into(), record("U1", Level::Clear));
    (case, evidence)
}

fn ends(case: &mut Case) -> &mut Assignment {
    case.assignment.as_mut().unwrap()
}

#[test]
fn at_the_end_of_an_assignment_everything_goes_back_and_nothing_is_erased_without_approval() {
    check(
        assignment,
        &[
            (
                "assignment",
                |c, _| c.assignment = None,
                &[
                    "assignment-return assignment-missing",
                    "assignment-approval approval-missing",
                    "assignment-confidentiality confidentiality-missing",
                ],
            ),
            ("what was given back", |c, _| ends(c).returned.clear(), &[]),
            (
                "the receipt",
                |_, e| drop(e.documents.remove("receipt.pdf")),
                &["assignment-return document-missing", "assignment-copies item-open", "P1 document-missing"],
            ),
            ("the day", |c, _| ends(c).returned[0].date = day("2026-11-21"), &["assignment-return date-ahead"]),
            ("the declaration", |c, _| ends(c).nothing_kept = None, &["assignment-return nothing-kept-missing"]),
            ("its document", |_, e| drop(e.documents.remove("kept.pdf")), &["assignment-return document-missing"]),
            ("who ends", |c, _| c.processor.name.clear(), &["assignment-return party-incomplete"]),
            ("nothing by an end today", |c, _| ends(c).ended = TODAY, &[]),
            ("the end", |c, _| ends(c).ended = day("2026-11-21"), &["assignment-return end-ahead"]),
            ("the approval", |c, _| ends(c).approval = None, &["assignment-approval approval-missing"]),
            (
                "its document",
                |_, e| drop(e.documents.remove("approval.pdf")),
                &["assignment-approval document-missing"],
            ),
            (
                "its order",
                |c, _| ends(c).approval.as_mut().unwrap().date = day("2026-10-06"),
                &["assignment-approval erased-before-approval"],
            ),
            ("the erasure", |c, _| c.items[0].erased = None, &["assignment-copies item-open", "U1 item-missing"]),
            ("the list", |c, _| c.unlisted = vec!["u.json".into()], &["assignment-copies unlisted-medium"]),
            ("acceptance of the result", |c, _| c.validation = Some(rejected()), &["assignment-copies rejected"]),
            (
                "confidentiality",
                |c, _| ends(c).confidentiality = None,
                &["assignment-confidentiality confidentiality-missing"],
            ),
            (
                "its document",
                |_, e| drop(e.documents.remove("confidentiality.pdf")),
                &["assignment-confidentiality document-missing"],
            ),
            ("every item", |c, _| c.items.clear(), &[]),
            (
                "every item and the declaration",
                |c, _| {
                    c.items.clear();
                    ends(c).nothing_kept = None;
                },
                &["assignment-return nothing-kept-missing", "assignment-copies nothing-kept-missing"],
            ),
            (
                "every item and the assignment",
                |c, _| {
                    c.items.clear();
                    c.assignment = None;
                },
                &[
                    "assignment-return assignment-missing",
                    "assignment-copies assignment-missing",
                    "assignment-confidentiality confidentiality-missing",
                ],
            ),
        ],
    );
}

#[test]
fn the_approval_is_asked_for_whatever_way_something_is_gone() {
    let (base, evidence) = assignment();
    let found = derive(&base, &evidence, TODAY);
    let approval = row(&found, RowId::AssignmentApproval);
    assert_eq!((approval.responsible, approval.remarks[0].code), (Responsible::Controller, Code::ApprovalIsPolicy));
    assert_eq!(row(&found, RowId::AssignmentReturn).remarks[0].with["days"], "1");
    let ways: [fn(&mut Item); 3] = [
        |item| item.destroyed = destroyed("x", ItemKind::UsbKey, Destruction::Shredded).destroyed,
        |item| {
            item.logically_deleted = Some(LogicallyDeleted {
                date: day("2026-10-04"),
                by: person("p"),
                how: "h".into(),
                document: document("deletion.pdf"),
            });
        },
        |item| item.failed = Some(Failed { date: day("2026-10-04"), why: "w".into() }),
    ];
    for (index, way) in ways.iter().enumerate() {
        let mut case = base.clone();
        case.items[0].erased = None;
        way(&mut case.items[0]);
        ends(&mut case).approval.as_mut().unwrap().date = day("2026-10-07");
        let open = open(&derive(&case, &evidence, TODAY));
        assert!(open.contains("assignment-approval erased-before-approval"), "{index}: {open:?}");
        ends(&mut case).approval.as_mut().unwrap().date = day("2026-10-04");
        let open = super::fixture::open(&derive(&case, &evidence, TODAY));
        assert!(!open.iter().any(|o| o.starts_with("assignment-approval")), "{index}: {open:?}");
    }
    // Nothing gone: nothing to approve of.
    let mut case = base;
    case.items.remove(0);
    ends(&mut case).approval = None;
    let found = derive(&case, &evidence, TODAY);
    assert_eq!(row(&found, RowId::AssignmentApproval).result, Finding::NotApplicable);
    assert_eq!(found.status, CaseStatus::Complete);
}
