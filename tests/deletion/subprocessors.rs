//! Certificates that stand behind certificates.

use std::path::Path;

use radera::case::Closed;
use radera::conformity::Grade;
use radera::problem::ExitCode;
use serde_json::{Value, json};

use super::desk::*;
use super::support::signature_of;

/// A case with `id` of the party `number`, whose sub-processor `host` gave the certificate `theirs.json` under its key.
fn with_host(id: &str, number: &str, host: (&str, &str)) -> Value {
    let paper = json!({"file": "paper.pdf", "sha256": null});
    case_with(|c| {
        c["id"] = json!(id);
        c["processor"]["number"] = json!(number);
        c["inventory"]["no_subprocessors"] = json!(false);
        c["subprocessors"] = json!([{
            "id": "host", "systems": [], "locations": [], "certificate": "theirs.json",
            "party": {"name": "Host A/S", "address": "Street 2", "country": "DK", "number": host.0},
            "forwarded": {"date": "2024-01-05", "document": {"file": "instruction.pdf", "sha256": null}},
        }]);
        c["keys"] = json!([{"fingerprint": host.1, "holder": "host", "document": paper}]);
    })
}

fn copy_certificate(from: &Closed, to: &Desk) {
    std::fs::copy(&from.issued.json, to.at("theirs.json")).unwrap();
    std::fs::copy(signature_of(&from.issued.json), signature_of(&to.at("theirs.json"))).unwrap();
    let annex = to.at("theirs.annex.json");
    match &from.annex {
        Some(path) => drop(std::fs::copy(path, annex).unwrap()),
        None => drop(std::fs::remove_file(annex)),
    }
}

fn standing(desk: &Desk, case: &Value) -> String {
    let judged = desk.judged(case);
    let verdict = &judged.conformity.subprocessors[0];
    match verdict.grade {
        Grade::VerifiedCertificate => "verified".into(),
        _ => format!("{:?}", verdict.reasons),
    }
}

fn named(desk: &Desk, id: &str) {
    desk.record("record.json", |r| r.case = Some(id.into()));
}

#[test]
fn a_subprocessors_certificate_counts_when_it_follows_from_its_own_annex_split_or_not() {
    let (ours, theirs) = (Desk::new(), Desk::new());
    let id = "a".repeat(32);
    named(&theirs, &id);
    let their_case = case_with(|c| {
        c["id"] = json!(id);
        c["processor"]["number"] = json!("12345674");
    });
    let key = theirs.signer.fingerprint();
    let case = with_host(CASE, "25313763", ("12345674", &key));
    for split in [false, true] {
        let closed = theirs.close(&their_case, split);
        assert!(complete(&closed), "{}", reasons(&theirs.judged(&their_case)));
        copy_certificate(&closed, &ours);
        assert_eq!(standing(&ours, &case), "verified", "{split}");
        let certificate = ours.close(&case, false);
        assert!(complete(&certificate));
        // Who receives it must know both keys.
        assert_eq!(ours.check(&certificate.issued.json).exit_code, ExitCode::Untrusted);
        let mut both = ours.trust();
        both.add(theirs.trust());
        let found = radera::case::check(&certificate.issued.json, &both, &[]).unwrap();
        assert_eq!((found.exit_code, failed(&found)), (ExitCode::Success, String::new()));
    }
    // Without its annex, after a lie, under another party's number, or by our own key, it does not.
    std::fs::remove_file(ours.at("theirs.annex.json")).unwrap();
    assert!(standing(&ours, &case).contains("annex is not at hand"));
    let closed = theirs.close(&their_case, false);
    let lie = theirs.lie(&closed, |c| c.counts.clear());
    copy_paths(&lie, &ours);
    assert!(standing(&ours, &case).contains("more or other than follows"), "{}", standing(&ours, &case));
    copy_certificate(&closed, &ours);
    assert!(standing(&ours, &with_host(CASE, "25313763", ("29188335", &key))).contains("CertificateOtherParty"));
    let unknown = with_host(CASE, "25313763", ("12345674", &ours.signer.fingerprint()));
    assert!(standing(&ours, &unknown).contains("CertificateUntrusted"));
}

fn copy_paths(json: &Path, to: &Desk) {
    std::fs::copy(json, to.at("theirs.json")).unwrap();
    std::fs::copy(signature_of(json), signature_of(&to.at("theirs.json"))).unwrap();
}

#[test]
fn a_certificate_of_the_case_itself_does_not_stand_behind_it() {
    let desk = Desk::new();
    let own = desk.close(&case(), false);
    copy_certificate(&own, &desk);
    let case = with_host(CASE, "25313763", ("25313763", &desk.signer.fingerprint()));
    let told = standing(&desk, &case);
    assert!(told.contains("stands behind itself"), "{told}");
}

#[test]
fn only_so_many_certificates_stand_one_behind_another() {
    let desk = Desk::new();
    let key = desk.signer.fingerprint();
    let id = |n: usize| format!("{n:032x}");
    named(&desk, &id(9));
    let mut last = desk.close(&case_with(|c| c["id"] = json!(id(9))), false);
    for n in (1..9).rev() {
        copy_certificate(&last, &desk);
        named(&desk, &id(n));
        let case = with_host(&id(n), "25313763", ("25313763", &key));
        let (told, behind) = (standing(&desk, &case), 9 - n);
        if behind > 4 {
            assert!(told.contains("one behind another"), "{behind}: {told}");
            return;
        }
        assert_eq!(told, "verified", "{behind} behind it");
        last = desk.close(&case, false);
        assert_eq!(desk.check(&last.issued.json).exit_code, ExitCode::Success, "{behind}");
    }
    panic!("no chain was too long");
}
