//! Certificates that stand behind certificates.

use std::path::Path;

use radera::case::Closed;
use radera::certificate::Trust;
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
    let key = theirs.press.signer.fingerprint();
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
    let unknown = with_host(CASE, "25313763", ("12345674", &ours.press.signer.fingerprint()));
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
    let case = with_host(CASE, "25313763", ("25313763", &desk.press.signer.fingerprint()));
    let told = standing(&desk, &case);
    assert!(told.contains("stands behind itself"), "{told}");
}

#[test]
fn only_so_many_certificates_stand_one_behind_another() {
    let desks = [Desk::new(), Desk::new()];
    let mut both = desks[0].trust();
    both.add(desks[1].trust());
    let id = |n: usize| format!("{n:032x}");
    named(&desks[1], &id(9));
    let mut last = desks[1].close(&case_with(|c| c["id"] = json!(id(9))), false);
    for n in (1..9).rev() {
        // Each names the other's key: nobody's own speaks for another.
        let (desk, other) = (&desks[n % 2], &desks[(n + 1) % 2]);
        copy_certificate(&last, desk);
        named(desk, &id(n));
        let case = with_host(&id(n), "25313763", ("25313763", &other.press.signer.fingerprint()));
        let (told, behind) = (standing(desk, &case), 9 - n);
        if behind > 4 {
            assert!(told.contains("one behind another"), "{behind}: {told}");
            return;
        }
        assert_eq!(told, "verified", "{behind} behind it");
        last = desk.close(&case, false);
        let found = radera::case::check(&last.issued.json, &both, &[]).unwrap();
        assert_eq!(found.exit_code, ExitCode::Success, "{behind}: {}", failed(&found));
    }
    panic!("no chain was too long");
}

#[test]
fn the_processors_own_keys_never_speak_for_a_sub_processor() {
    let (desk, second, other) = (Desk::new(), Desk::new(), Desk::new());
    let id = "a".repeat(32);
    let their_case = case_with(|c| {
        c["id"] = json!(id);
        c["processor"]["number"] = json!("12345674");
    });
    for (signer, counts) in [(&desk, false), (&second, false), (&other, true)] {
        named(signer, &id);
        let closed = signer.close(&their_case, false);
        copy_certificate(&closed, &desk);
        let key = signer.press.signer.fingerprint();
        let mut case = with_host(CASE, "25313763", ("12345674", &key));
        // A second key of the processor's own, written another way, whose document is not even there.
        let bare = second.press.signer.fingerprint().replace("sha256:", "").to_uppercase();
        case["keys"].as_array_mut().unwrap().push(
            json!({"fingerprint": bare, "holder": "processor", "document": {"file": "gone.pdf", "sha256": null}}),
        );
        named(&desk, CASE);
        // Named as the host's, given as a fingerprint, given as the certificate itself: all the same.
        let pem = signer.dir.path().join("state/keys/signing/certificate.pem");
        let given = [Trust::default(), signer.trust(), Trust::load(&pem).unwrap()];
        for (way, given) in given.into_iter().enumerate() {
            let judged = desk.judged_with(&case, given);
            let grade = judged.conformity.subprocessors[0].grade;
            assert_eq!(grade == Grade::VerifiedCertificate, counts, "{way}");
        }
    }
    // Nor does it help to say nothing of the own key in the annex.
    named(&other, &id);
    copy_certificate(&other.close(&their_case, false), &desk);
    let closed = desk.close(&with_host(CASE, "25313763", ("12345674", &other.press.signer.fingerprint())), false);
    assert!(complete(&closed));
    named(&desk, &id);
    let theirs = desk.close(&their_case, false);
    let lie = desk.lie(&closed, |c| {
        let annex = c.annex.document.as_mut().unwrap();
        annex.trusted.own = None;
        annex.trusted.given.push(desk.press.signer.fingerprint());
        annex.case.keys[0].fingerprint = desk.press.signer.fingerprint();
        let attached = annex.evidence.iter_mut().find(|a| a.file == "theirs.json").unwrap();
        let read = |path: &Path| std::fs::read(path).unwrap();
        attached.json = Some(String::from_utf8(read(&theirs.issued.json)).unwrap());
        attached.digest = theirs.issued.digest.clone();
        attached.signature = Some(base64(&read(&theirs.issued.signature)));
    });
    let mut both = desk.trust();
    both.add(other.trust());
    let found = radera::case::check(&lie, &both, &[]).unwrap();
    assert_eq!(found.exit_code, ExitCode::NotAuthentic);
    assert!(failed(&found).contains("the annex, subprocessors host, grade"), "{}", failed(&found));
}

fn base64(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let output = std::process::Command::new("base64").arg("-w0").arg(file.path()).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().into()
}
