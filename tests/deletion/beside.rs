//! What lies beside a certificate: its annex, second signatures, documents; and the certificate that it replaces.

use radera::case::{concur, superseded};
use radera::certificate::{Form, Require};
use radera::problem::{ExitCode, Kind};
use radera::words::Finding;
use serde_json::json;

use super::desk::*;
use super::support::signature_of;

#[test]
fn without_its_annex_it_is_said_that_nothing_was_derived_again() {
    let desk = Desk::new();
    let (closed, other) = (desk.close(&case(), true), desk.close(&case(), true));
    let (json, annex) = (&closed.issued.json, closed.annex.as_ref().unwrap());
    let good = std::fs::read(annex).unwrap();
    std::fs::remove_file(annex).unwrap();
    let found = desk.check(json);
    assert_eq!((found.exit_code, found.derived_again), (ExitCode::Success, false));
    assert!(failed(&found).contains("could not be derived again"), "{}", failed(&found));
    assert_eq!(desk.required(json, Require::Complete), ExitCode::NotAuthentic);
    std::fs::copy(other.annex.as_ref().unwrap(), annex).unwrap();
    let found = desk.check(json);
    assert_eq!(found.exit_code, ExitCode::NotAuthentic);
    assert!(failed(&found).contains("another's"), "{}", failed(&found));
    std::fs::write(annex, &good).unwrap();
    assert_eq!(desk.required(json, Require::Complete), ExitCode::Success);
}

#[test]
fn another_key_signs_the_same_bytes_and_the_same_key_does_not() {
    let (desk, second) = (Desk::new(), Desk::new());
    let json = desk.close(&case(), false).issued.json;
    let refused = concur(&json, CASE, &desk.trust(), &*desk.press.signer).unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    let foreign = concur(&json, "another", &desk.trust(), &*second.press.signer).unwrap_err();
    assert!(foreign.what.contains("another case"), "{foreign:?}");
    assert_eq!(concur(&json, CASE, &second.trust(), &*second.press.signer).unwrap_err().kind, Kind::Untrusted);

    let path = concur(&json, CASE, &desk.trust(), &*second.press.signer).unwrap();
    let fingerprint = second.press.signer.fingerprint();
    let suffix = format!(".json.concur-{}.p7s", &fingerprint["sha256:".len()..][..16]);
    assert!(path.to_str().unwrap().ends_with(&suffix), "{}", path.display());
    assert!(concur(&json, CASE, &desk.trust(), &*second.press.signer).unwrap_err().what.contains("there already"));
    let found = desk.check(&json);
    assert_eq!(found.exit_code, ExitCode::Success);
    let told = |trust: &radera::certificate::Trust| {
        let found = radera::case::check(&json, trust, &[]).unwrap();
        assert_eq!(found.exit_code, ExitCode::Success, "whose the second key is decides nothing");
        let about = found.findings.iter().filter(|f| f.topic == "concurrence" && f.holds);
        let told: Vec<_> = about.map(|f| f.told.english()).collect();
        told.join("\n")
    };
    assert!(
        told(&desk.trust()).contains(&format!("{fingerprint} signed the same bytes; nothing says whose key it is"))
    );
    let mut both = desk.trust();
    both.add(second.trust());
    assert!(told(&both).contains(&format!("{fingerprint} signed the same bytes; the signer {fingerprint} is trusted")));

    let good = std::fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(40) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(desk.check(&json).exit_code, ExitCode::NotAuthentic, "byte {at}");
    }
    // The first signature under the name of a second is none.
    std::fs::copy(signature_of(&json), &path).unwrap();
    assert!(failed(&desk.check(&json)).contains("same key"));
    std::fs::write(&path, second.press.signer.sign(b"other words", Form::Detached, None).unwrap()).unwrap();
    assert_eq!(desk.check(&json).exit_code, ExitCode::NotAuthentic);
}

#[test]
fn a_later_certificate_names_the_earlier_one_only_if_that_holds_and_is_of_the_case() {
    let desk = Desk::new();
    let now = || jiff::Timestamp::now();
    let earlier = desk.close(&case(), false);
    let json = &earlier.issued.json;
    assert_eq!(superseded(json, CASE, now(), &desk.trust()).unwrap(), earlier.issued.digest);
    assert!(superseded(json, "another", now(), &desk.trust()).unwrap_err().what.contains("another case"));
    let before: jiff::Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
    assert!(superseded(json, CASE, before, &desk.trust()).unwrap_err().what.contains("later than now"));
    assert_eq!(superseded(json, CASE, now(), &Desk::new().trust()).unwrap_err().kind, Kind::Untrusted);
    let liar = desk.lie(&earlier, |c| c.conformity[1].result = radera::conformity::Finding::Pending);
    assert_eq!(superseded(&liar, CASE, now(), &desk.trust()).unwrap_err().kind, Kind::NotAuthentic);

    // What another version issued need not follow again, but must hold, be of the case and be known. It is not signed a second time.
    let older = desk.lie(&earlier, |c| {
        c.tool.version = "0.0.1".into();
        c.conformity[1].result = radera::conformity::Finding::Pending;
    });
    assert!(superseded(&older, CASE, now(), &desk.trust()).unwrap().starts_with("sha256:"));
    assert!(superseded(&older, "another", now(), &desk.trust()).unwrap_err().what.contains("another case"));
    assert_eq!(superseded(&older, CASE, now(), &Desk::new().trust()).unwrap_err().kind, Kind::Untrusted);
    let second = Desk::new();
    assert_eq!(concur(&older, CASE, &desk.trust(), &*second.press.signer).unwrap_err().kind, Kind::NotAuthentic);

    let digest = superseded(json, CASE, now(), &desk.trust()).unwrap();
    let judged = desk.judged(&case());
    let later = radera::case::close(&judged, &desk.out(), false, Some(digest.clone()), &desk.press).unwrap();
    assert_eq!(later.certificate.supersedes, Some(digest));
    assert_eq!(desk.check(&later.issued.json).exit_code, ExitCode::Success);
}

#[test]
fn documents_beside_it_are_hashed_and_names_that_lead_elsewhere_are_not_followed() {
    let desk = Desk::new();
    let closed = desk.close(&case(), false);
    std::fs::copy(desk.at("instruction.pdf"), desk.out().join("instruction.pdf")).unwrap();
    std::fs::write(desk.out().join("paper.pdf"), "another").unwrap();
    let found = desk.check(&closed.issued.json);
    let about = |name: &str| {
        let told = |f: &&Finding| f.topic == "document" && f.told.english().contains(name);
        found.findings.iter().find(told).unwrap().holds
    };
    assert!(about("instruction.pdf") && !about("paper.pdf"));
    assert_eq!(found.exit_code, ExitCode::Success, "what lies beside it may have changed since");

    std::fs::write(desk.dir.path().join("secret"), "x").unwrap();
    let liar = desk.lie(&closed, |c| {
        let annex = c.annex.document.as_mut().unwrap();
        annex.documents.insert("../secret".into(), "c".repeat(64));
        annex.documents.insert("/etc/hostname".into(), "c".repeat(64));
    });
    let found = desk.check(&liar);
    assert!(
        !found.findings.iter().map(Finding::english).any(|told| told.contains("secret") || told.contains("hostname")),
        "{:?}",
        found.findings
    );
}

#[test]
fn a_certificate_is_issued_whole_or_not_at_all_and_over_none() {
    let desk = Desk::new();
    let judged = desk.judged(&case_with(|c| c["language"] = json!("da")));
    let missing = desk.dir.path().join("nowhere");
    for split in [false, true] {
        assert!(radera::case::close(&judged, &missing, split, None, &desk.press).is_err());
    }
    let names = || std::fs::read_dir(desk.out()).unwrap().count();
    assert_eq!(names(), 0);
    let closed = radera::case::close(&judged, &desk.out(), true, None, &desk.press).unwrap();
    assert_eq!(names(), 3);
    let other = Desk::new();
    // A key that is not the one the page names can't issue it.
    let mut wrong = closed.certificate.clone();
    wrong.id = "1".repeat(32);
    let room = radera::certificate::Reservation::make(&desk.out(), &wrong.id).unwrap();
    assert!(room.issue(&wrong, &other.press).is_err());
    assert_eq!(names(), 3, "nothing is left of it");
}
