//! Deletion certificates: derived from their annex, and refused after any change, by anybody, properly signed or not.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "deletion/beside.rs"]
mod beside;
#[path = "deletion/commands.rs"]
mod commands;
#[path = "deletion/desk.rs"]
mod desk;
#[path = "deletion/liars.rs"]
mod liars;
#[path = "deletion/schemas.rs"]
mod schemas;
#[path = "support/skip.rs"]
mod skip;
#[path = "deletion/subprocessors.rs"]
mod subprocessors;
#[path = "certificate/support.rs"]
#[allow(dead_code)]
mod support;

use desk::*;
use radera::case::check;
use radera::certificate::{Require, Trust, sha256_text};
use radera::conformity::Finding;
use radera::document::{Validated, canonical_bytes};
use radera::problem::ExitCode;
use serde_json::{Value, json};
use support::{openssl_verify, signature_of};

/// Cases of every status, with the row that is open.
fn honest() -> Vec<(&'static str, Value)> {
    vec![
        ("", case()),
        ("12-b not-fulfilled", case_with(|c| drop(c["items"][0].as_object_mut().unwrap().remove("erased")))),
        (
            "12-b pending",
            case_with(|c| {
                c["items"][0].as_object_mut().unwrap().remove("erased");
                c["items"][0]["pending"] = json!({"until": "2090-01-01", "why": "immutable"});
            }),
        ),
        ("12-b not-fulfilled", case_with(|c| c["items"][0]["erased"]["records"] = json!(["gone.json"]))),
        ("12-b not-fulfilled", case_with(|c| c["items"][0]["categories"] = json!(["national-id"]))),
        ("12-c not-fulfilled", case_with(|c| c["tool_approvals"][0]["version"] = json!("0.0.1"))),
    ]
}

#[test]
fn certificates_of_every_status_check_out_split_or_not() {
    for (open, case) in honest() {
        for split in [false, true] {
            let desk = Desk::new();
            let judged = desk.judged(&case);
            let closed = desk.close(&case, split);
            let open_rows: Vec<String> = judged.conformity.rows.iter().filter(|r| r.bars_complete).map(row).collect();
            assert!(open.is_empty() == open_rows.is_empty() && (open.is_empty() || open_rows.contains(&open.into())));
            assert_eq!(complete(&closed), open.is_empty(), "{open}: {}", reasons(&judged));
            let found = desk.check(&closed.issued.json);
            assert_eq!((found.exit_code, failed(&found)), (ExitCode::Success, String::new()), "{open} {split}");
            assert!(found.derived_again);
            let required = desk.required(&closed.issued.json, Require::Complete);
            assert_eq!(required == ExitCode::Success, open.is_empty(), "{open}");
            assert!(openssl_verify(&closed.issued.json, &["-noverify"]).status.success());
        }
    }
}

fn row(entry: &radera::conformity::Entry) -> String {
    let result = match entry.result {
        Finding::NotFulfilled => "not-fulfilled",
        Finding::Pending => "pending",
        _ => "settled",
    };
    format!("{} {result}", entry.row.name())
}

#[test]
fn the_digest_of_the_annex_is_the_same_split_or_not() {
    let desk = Desk::new();
    let closed = desk.close(&case(), true);
    let bytes = std::fs::read(closed.annex.as_ref().unwrap()).unwrap();
    assert_eq!(closed.certificate.annex.digest, sha256_text(&bytes));
    assert!(closed.certificate.annex.document.is_none());
    // Put into the page, it has the digest that the page names already.
    let mut whole = closed.certificate.clone();
    whole.annex.document = Some(serde_json::from_slice(&bytes).unwrap());
    let path = desk.sign(&canonical_bytes(&whole).unwrap());
    assert_eq!((desk.check(&path).exit_code, failed(&desk.check(&path))), (ExitCode::Success, String::new()));
}

#[test]
fn the_page_names_no_serial_number_item_or_file() {
    for (open, case) in honest() {
        let desk = Desk::new();
        let closed = desk.close(&case, true);
        let page = std::fs::read_to_string(&closed.issued.json).unwrap();
        for word in ["S-1", "disk-of-kim", "record.json", "gone.json", "paper.pdf", "server's disk"] {
            assert!(!page.contains(word), "{open}: the page names {word}");
        }
    }
}

#[test]
fn no_byte_of_page_signature_or_annex_is_free() {
    let desk = Desk::new();
    for split in [false, true] {
        let closed = desk.close(&case(), split);
        let json = closed.issued.json.clone();
        let files = [Some(json.clone()), Some(signature_of(&json)), closed.annex.clone()];
        for path in files.into_iter().flatten() {
            let good = std::fs::read(&path).unwrap();
            for at in (0..good.len()).step_by(good.len() / 60 + 1) {
                let mut bytes = good.clone();
                bytes[at] ^= 0x01;
                std::fs::write(&path, &bytes).unwrap();
                let found = desk.check(&json);
                assert_eq!(found.exit_code, ExitCode::NotAuthentic, "{} byte {at}", path.display());
                assert!(!found.derived_again && !failed(&found).is_empty());
            }
            std::fs::write(&path, &good).unwrap();
        }
        assert_eq!(desk.check(&json).exit_code, ExitCode::Success);
    }
}

#[test]
fn hostile_bytes_properly_signed_get_a_finding_and_no_panic() {
    let desk = Desk::new();
    let nested = [b"{\"kind\":".to_vec(), vec![b'['; 1 << 20]].concat();
    let deep = [vec![b'['; 1 << 20], vec![b']'; 1 << 20]].concat();
    let wide = [b"[0".to_vec(), b",0".repeat(16 << 20), b"]".to_vec()].concat();
    let large = vec![b' '; (64 << 20) + 1];
    for bytes in [&b""[..], b"{}", b"\xff\xfe", &nested, &deep, &wide, &large] {
        let path = desk.sign(bytes);
        let found = desk.check(&path);
        assert_eq!(found.exit_code, ExitCode::NotAuthentic);
        assert!(!failed(&found).is_empty() && found.certificate.is_none());
    }
    let closed = desk.close(&case(), true);
    for bytes in [&b""[..], b"{}", &nested, &deep, &large] {
        std::fs::write(closed.annex.as_ref().unwrap(), bytes).unwrap();
        assert_eq!(desk.check(&closed.issued.json).exit_code, ExitCode::NotAuthentic);
    }
}

#[test]
fn every_signer_that_it_stands_on_must_be_trusted() {
    let (desk, station) = (Desk::new(), Desk::new());
    station.record("record.json", |_| ());
    for name in ["record.json", "record.json.p7s"] {
        std::fs::copy(station.at(name), desk.at(name)).unwrap();
    }
    let fingerprint = station.press.signer.fingerprint();
    assert!(reasons(&desk.judged(&case())).contains("RecordUntrusted"));
    let key = |holder: &str, file: &str| {
        let key = json!([{"fingerprint": fingerprint, "holder": holder, "document": {"file": file, "sha256": null}}]);
        case_with(|c| c["keys"] = key.clone())
    };
    // A key counts only once its document was found, and for its holder's own things.
    assert!(!complete(&desk.close(&key("processor", "gone.pdf"), false)));
    assert!(!complete(&desk.close(&key("host", "paper.pdf"), false)));
    let closed = desk.close(&key("processor", "paper.pdf"), false);
    assert!(complete(&closed));
    let found = desk.check(&closed.issued.json);
    assert_eq!(found.exit_code, ExitCode::Untrusted);
    assert!(failed(&found).contains(&fingerprint), "{}", failed(&found));
    assert_eq!(desk.required(&closed.issued.json, Require::Trusted), ExitCode::NotAuthentic);
    let mut both = desk.trust();
    both.add(station.trust());
    assert_eq!(check(&closed.issued.json, &both, &[Require::Complete]).unwrap().exit_code, ExitCode::Success);
    assert_eq!(check(&closed.issued.json, &Trust::default(), &[]).unwrap().exit_code, ExitCode::Untrusted);
}

#[test]
fn validation_stays_open_until_a_named_person_decided_all_of_it_in_a_document_that_was_found() {
    type Change = fn(&mut Value);
    let decided = |decision: &str, change: Change| {
        let by = json!({"name": "Kim", "title": "DPO", "authority": null});
        let mut validation = json!({
            "decision": decision, "by": by, "date": "2024-03-03", "reason": "all read back", "sensitivity": "general",
            "remedy": "destroy", "document": {"file": "paper.pdf", "sha256": null},
        });
        change(&mut validation);
        case_with(|c| c["validation"] = validation.clone())
    };
    let desk = Desk::new();
    std::fs::write(desk.at("empty.pdf"), "").unwrap();
    let lacking: [Change; 6] = [
        |v| v["by"]["name"] = json!(" "),
        |v| v["document"]["file"] = json!("gone.pdf"),
        |v| v["document"]["file"] = json!("empty.pdf"),
        |v| v["reason"] = json!(" "),
        |v| v["sensitivity"] = json!(""),
        |v| v["date"] = json!("2090-01-01"),
    ];
    let mut all = vec![
        (case(), Validated::AwaitingDecision),
        (decided("accepted", |_| ()), Validated::Accepted),
        (decided("accepted", |v| v["remedy"] = json!(null)), Validated::Accepted),
        (decided("rejected", |_| ()), Validated::Rejected),
        (decided("rejected", |v| v["remedy"] = json!(null)), Validated::AwaitingDecision),
        (decided("rejected", |v| v["remedy"] = json!(" ")), Validated::AwaitingDecision),
    ];
    all.extend(lacking.map(|change| (decided("accepted", change), Validated::AwaitingDecision)));
    for (number, (case, expected)) in all.into_iter().enumerate() {
        let closed = desk.close(&case, false);
        let validation = &closed.certificate.validation;
        assert_eq!(validation.decision, expected, "{number}");
        assert_eq!(validation.by.is_some(), expected != Validated::AwaitingDecision, "{number}");
        assert_eq!(desk.check(&closed.issued.json).exit_code, ExitCode::Success, "{number}");
        let rejected = case["validation"]["decision"] == "rejected";
        assert!(!(rejected && complete(&closed)), "{number}: a rejection bars complete, even half a one");
    }
}

#[test]
fn an_empty_document_bears_nothing_out() {
    let desk = Desk::new();
    let whole = desk.close(&case(), false);
    assert!(complete(&whole) && whole.certificate.instruction.as_ref().unwrap().sha256.is_some());
    std::fs::write(desk.at("instruction.pdf"), "").unwrap();
    let closed = desk.close(&case(), false);
    assert!(!complete(&closed));
    assert_eq!(closed.certificate.instruction.as_ref().unwrap().sha256, None);
    assert_eq!(desk.check(&closed.issued.json).exit_code, ExitCode::Success);
    // Nor does a digest that is none.
    for digest in ["", "x", &"E".repeat(64)] {
        let lie = desk.lie(&whole, |c| {
            drop(c.annex.document.as_mut().unwrap().documents.insert("instruction.pdf".into(), digest.into()));
        });
        assert_eq!(desk.check(&lie).exit_code, ExitCode::NotAuthentic, "{digest:?}");
    }
    // An empty document confirms nobody's key either.
    let station = Desk::new();
    for name in ["record.json", "record.json.p7s"] {
        std::fs::copy(station.at(name), desk.at(name)).unwrap();
    }
    let key = |file: &str| {
        let document = json!({"file": file, "sha256": null});
        let key =
            json!([{"fingerprint": station.press.signer.fingerprint(), "holder": "processor", "document": document}]);
        reasons(&desk.judged(&case_with(|c| c["keys"] = key.clone())))
    };
    assert!(key("instruction.pdf").contains("RecordUntrusted") && !key("paper.pdf").contains("RecordUntrusted"));
}

#[test]
fn the_title_names_a_return_only_where_something_was_given_back() {
    let desk = Desk::new();
    let title = |change: fn(&mut Value)| desk.close(&case_with(change), false).certificate.title;
    let plain = title(|_| ());
    assert_eq!(title(|c| c["instruction"]["choice"] = json!("return-and-delete")), plain, "asked for, and not done");
    let handed = title(|c| {
        c["items"][0].as_object_mut().unwrap().remove("erased");
        let receipt = json!({"file": "paper.pdf", "sha256": null});
        c["items"][0]["handed_over"] = json!({"date": "2024-03-01", "to": "The municipality", "receipt": receipt});
    });
    assert!(handed != plain && handed.contains("eturn"), "{handed}");
}
