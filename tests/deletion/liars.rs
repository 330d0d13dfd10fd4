//! Certificates that are properly signed and say more than follows.

use radera::case::Closed;
use radera::certificate::sha256_text;
use radera::conformity::{CaseStatus, Finding, Level, Outcome, ProofKind};
use radera::document::{DeletionCertificate, Validated};
use radera::problem::ExitCode;
use serde_json::json;

use super::desk::*;

type Lie = fn(&mut DeletionCertificate);

fn annex(c: &mut DeletionCertificate) -> &mut radera::document::Annex {
    c.annex.document.as_mut().unwrap()
}

/// What the finding says, and the lie.
const LIES: &[(&str, Lie)] = &[
    ("the page, status: the paper says \"complete\", and \"incomplete\" follows", |c| c.status = CaseStatus::Complete),
    ("the annex, status", |c| annex(c).conformity.status = CaseStatus::Complete),
    ("the page, conformity 12-b, result", |c| c.conformity[1].result = Finding::Fulfilled),
    ("the annex, rows 12-b, result", |c| annex(c).conformity.rows[1].result = Finding::Fulfilled),
    ("the page, conformity 12-b, bars_complete", |c| c.conformity[1].bars_complete = false),
    ("the page, conformity 12-b, reasons", |c| drop(c.conformity[1].reasons.pop())),
    ("the annex, rows 12-b, reasons", |c| drop(annex(c).conformity.rows[1].reasons.pop())),
    ("the annex, items", |c| annex(c).conformity.items[0].outcome = Outcome::Destroyed),
    ("the annex, items disk-of-kim, reached", |c| annex(c).conformity.items[0].reached = Level::Purge),
    ("the annex, items: ", |c| annex(c).conformity.items.clear()),
    ("the page, counts", |c| c.counts[0].fulfilled = 1),
    ("the page, status_text", |c| c.status_text = "All is well".into()),
    ("the page, statements", |c| drop(c.statements.pop())),
    ("the page, validation, decision", |c| c.validation.decision = Validated::Accepted),
    ("the page, doubts", |c| drop(c.doubts.pop())),
    ("the page, processor, number", |c| c.processor.number = "29188335".into()),
    ("the page, days_to_last_erasure", |c| c.days_to_last_erasure = Some("0".into())),
    ("the page, conformity 12-a, evidence", |c| {
        c.conformity[0].evidence.push(radera::document::ProofEntry { kind: ProofKind::Certificate, digest: None });
    }),
    ("issuer's own is not the one that signed", |c| {
        annex(c).trusted.own = Some(format!("sha256:{}", "a".repeat(64)));
    }),
    ("not the document of its digest", |c| {
        let attached = &mut annex(c).evidence[0];
        attached.json = Some(attached.json.as_ref().unwrap().replace("S-1", "S-2"));
    }),
    ("the annex, ", |c| {
        let attached = &mut annex(c).evidence[0];
        let swapped = attached.json.as_ref().unwrap().replace("S-1", "S-2");
        (attached.digest, attached.json) = (sha256_text(swapped.as_bytes()), Some(swapped));
    }),
    ("the annex, ", |c| annex(c).evidence[0].signature = None),
    ("the annex, ", |c| annex(c).evidence.clear()),
    ("attached twice", |c| {
        let again = annex(c).evidence[0].clone();
        annex(c).evidence.push(again);
    }),
    ("the case does not name it", |c| annex(c).evidence[0].file = "other.json".into()),
    ("the annex, ", |c| annex(c).documents.clear()),
    ("the page, instruction, sha256", |c| {
        annex(c).documents.insert("instruction.pdf".into(), "b".repeat(64));
    }),
    ("another certificate's", |c| annex(c).id = "0".repeat(32)),
    ("another day than that of its issue", |c| c.as_of = "2030-01-01".parse().unwrap()),
    ("dated after today", |c| {
        (c.as_of, c.issued) = ("2090-01-01".parse().unwrap(), "2090-01-01T00:00:00Z".into());
    }),
    ("32 hexadecimal digits", |c| c.id = "../../etc/passwd".into()),
    ("SHA-256 digest", |c| c.supersedes = Some("sha256:1".into())),
];

/// A case that the record does not close: its data needs more than a Clear.
fn incomplete(desk: &Desk) -> Closed {
    let closed = desk.close(&case_with(|c| c["items"][0]["categories"] = json!(["national-id"])), false);
    assert!(!complete(&closed));
    closed
}

#[test]
fn a_liar_that_signs_properly_is_reported_thing_by_thing() {
    let desk = Desk::new();
    let closed = incomplete(&desk);
    assert_eq!(desk.check(&desk.lie(&closed, |_| ())).exit_code, ExitCode::Success, "without a lie it holds");
    for (number, (sentence, lie)) in LIES.iter().enumerate() {
        let found = desk.check(&desk.lie(&closed, lie));
        let told = failed(&found);
        assert_eq!(found.exit_code, ExitCode::NotAuthentic, "lie {number}, {sentence}");
        assert!(!found.derived_again, "lie {number}");
        assert!(told.contains(sentence), "lie {number}: expected {sentence:?}, found {told:?}");
    }
}

#[test]
fn a_lie_that_is_told_everywhere_alike_is_still_one() {
    let desk = Desk::new();
    let (honest, closed) = (desk.close(&case(), false), incomplete(&desk));
    // All of a complete case's conclusions, over the evidence of one that is not.
    let path = desk.lie(&closed, |c| {
        let mut whole = honest.certificate.clone();
        let good = whole.annex.document.take().unwrap();
        annex(c).conformity = good.conformity;
        (whole.id, whole.annex) = (c.id.clone(), c.annex.clone());
        (whole.as_of, whole.issued) = (c.as_of, c.issued.clone());
        *c = whole;
    });
    let found = desk.check(&path);
    assert_eq!(found.exit_code, ExitCode::NotAuthentic);
    assert!(failed(&found).contains("LevelTooLow") || failed(&found).contains("level-too-low"), "{}", failed(&found));
}

#[test]
fn the_sentences_of_another_version_are_its_own_and_its_results_are_not() {
    let desk = Desk::new();
    let closed = incomplete(&desk);
    let other = |c: &mut DeletionCertificate| {
        c.tool.version = "9.9".into();
        c.status_text = "In other words.".into();
        c.conformity[1].title = "Another title".into();
    };
    let found = desk.check(&desk.lie(&closed, other));
    assert_eq!((found.exit_code, found.derived_again), (ExitCode::Success, true));
    assert!(failed(&found).starts_with("sentences: are those of version \"9.9\""), "{}", failed(&found));
    assert!(failed(&found).lines().count() == 1, "{}", failed(&found));
    // A person's words are no sentences of ours, whatever their key is called.
    let theirs: &[(&str, Lie)] = &[
        ("conformity 12-b, result", |c| c.conformity[1].result = Finding::Fulfilled),
        ("agreements, main, title", |c| c.agreements.main.as_mut().unwrap().title = "Another".into()),
        ("roles, signatory, title", |c| c.roles.signatory.as_mut().unwrap().title = "Owner".into()),
    ];
    for (sentence, lie) in theirs {
        let found = desk.check(&desk.lie(&closed, |c| {
            other(c);
            lie(c);
        }));
        assert_eq!(found.exit_code, ExitCode::NotAuthentic, "{sentence}");
        assert!(failed(&found).contains(sentence), "{}", failed(&found));
    }
}

#[test]
fn without_its_annex_a_page_must_at_least_agree_with_itself() {
    let desk = Desk::new();
    let lies: [Lie; 8] = [
        |c| c.status = CaseStatus::Complete,
        |c| c.conformity[1].bars_complete = false,
        |c| c.conformity[1].result = Finding::Fulfilled,
        |c| drop(c.conformity.remove(1)),
        |c| c.conformity.swap(0, 1),
        |c| c.conformity[0].evidence.clear(),
        |c| c.conformity[3].reasons = c.conformity[1].reasons.clone(),
        |c| c.profile = radera::conformity::Profile::Repair,
    ];
    let closed = desk.close(&case_with(|c| c["items"][0]["categories"] = json!(["national-id"])), true);
    let found = desk.check(&desk.lie(&closed, |_| ()));
    assert_eq!((found.exit_code, found.derived_again), (ExitCode::Success, false));
    for (number, lie) in lies.iter().enumerate() {
        let found = desk.check(&desk.lie(&closed, lie));
        assert_eq!(found.exit_code, ExitCode::NotAuthentic, "lie {number}");
        assert!(failed(&found).contains("rows: "), "lie {number}: {}", failed(&found));
    }
}

#[test]
fn more_than_can_be_looked_through_is_refused_before_anything_is_derived() {
    let desk = Desk::new();
    let closed = incomplete(&desk);
    let found = desk.check(&desk.lie(&closed, |c| {
        let names = &mut annex(c).case.items[0].erased.as_mut().unwrap().records;
        names.extend((0..5000).map(|n| format!("{n}.json")));
    }));
    assert_eq!(found.exit_code, ExitCode::NotAuthentic);
    assert!(failed(&found).contains("more than the 5000 that this version looks through"), "{}", failed(&found));
    let large = case_with(|c| c["unlisted"] = (0..5000).map(|n| json!(format!("{n}.json"))).collect());
    let large = serde_json::from_value(large).unwrap();
    let refused = radera::case::judge(large, &desk.at(""), Default::default(), Default::default()).unwrap_err();
    assert!(refused.what.contains("looks through"), "{refused:?}");
}
