//! Keys and time-stamp authorities that fail: found before anything is signed or wiped, and told.

use super::bench::{Bench, Key};
use super::support::disk::Disk;
use super::support::pki::{Holder, identity};
use super::support::softhsm::PIN;
use super::support::tsa::{FAULTS, Fault, nobody};
use super::support::{MIB, pyhanko, skip};

/// Nothing was signed or written.
fn nothing_was_issued(bench: &Bench) {
    let left: Vec<_> = std::fs::read_dir(&bench.radera.out).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_key_that_cannot_sign_is_found_before_anything_is_changed() {
    for holder in [Holder::Expired, Holder::NotYetValid, Holder::WrongUsage, Holder::WrongPurpose] {
        for key in [Key::Imported(holder), Key::Token(holder)] {
            let Some(bench) = Bench::without_key(key) else { return };
            // It is told when it is taken into use, or at the latest before a job starts.
            let taken = bench.take_key(key).code();
            assert!([0, 1, 3].contains(&taken), "{key:?}: {taken}");
            if taken != 0 {
                continue;
            }
            let ended = bench.try_close(&[]);
            assert!([1, 3].contains(&ended.code()), "{key:?}: {ended:?}");
            nothing_was_issued(&bench);
            if skip::root() {
                let scratch = super::support::disk::Scratch::plain();
                let disk = Disk::filled(&scratch, "disk", MIB);
                let before = disk.image.digest();
                let words = bench.radera.wipe_arguments(&[disk.node()], &[]);
                let ended = bench.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
                assert!([1, 3].contains(&ended.code()), "{key:?}: {ended:?}");
                assert_eq!(disk.image.digest(), before, "{key:?}");
                nothing_was_issued(&bench);
            }
        }
    }
}

#[test]
fn both_forms_of_pkcs12_and_both_kinds_of_key_are_taken() {
    for holder in [Holder::Organisation, Holder::Person] {
        let Some(bench) = Bench::without_key(Key::Imported(holder)) else { return };
        let files = bench.holder.clone().unwrap();
        for file in [&files.p12, &files.old_p12] {
            let ended = bench.run(&["key", "import", file.to_str().unwrap()]);
            assert!([0, 1, 3].contains(&ended.code()), "{holder:?}: {ended:?}");
        }
        let fingerprint = files.fingerprint();
        assert_eq!(bench.run(&["key", "use", &format!("imported:{fingerprint}")]).code(), 0);
        assert!(bench.run(&["key", "show"]).said().contains(fingerprint.trim_start_matches("sha256:")));
        let document = bench.close(&[]);
        assert_eq!(document.value()["signer"]["fingerprint"], fingerprint);
        // Back to its own: the old document still checks out, the new one names the other key.
        assert_eq!(bench.run(&["key", "use", "own"]).code(), 0);
        assert_ne!(bench.close(&[]).value()["signer"]["fingerprint"], fingerprint);
        assert_eq!(bench.check(&document.json, &[]).code(), 0);
        assert_eq!(bench.check(&document.pdf, &[]).code(), 0);
    }
}

#[test]
fn a_wrong_password_or_pin_is_told_once_and_stands_nowhere() {
    let Some(mut bench) = Bench::without_key(Key::Imported(Holder::Organisation)) else { return };
    let wrong = bench.at("wrong");
    std::fs::write(&wrong, "a wrong password\n").unwrap();
    super::support::softhsm::private(&wrong);
    bench.set_pin(Some(wrong));
    let ended = bench.take_key(Key::Imported(Holder::Organisation));
    assert!([1, 3].contains(&ended.code()) && !ended.said().contains("a wrong password"), "{ended:?}");

    let key = Key::Token(Holder::Organisation);
    let Some(mut bench) = Bench::new(key) else { return };
    assert!(!bench.close(&[]).value().to_string().contains(PIN));
    let wrong = bench.token().wrong_pin_file();
    bench.set_pin(Some(wrong));
    let ended = bench.try_close(&[]);
    assert!([1, 3].contains(&ended.code()), "{ended:?}");
    // One try, of the few that a card allows.
    bench.set_pin(Some(bench.token().pin_file.clone()));
    assert!(bench.close(&[]).pdf.exists());
    // A PIN file that others read, and none at all where nobody can be asked.
    let open = bench.at("open-pin");
    std::fs::write(&open, format!("{PIN}\n")).unwrap();
    for pin in [Some(open), Some(bench.at("no-such-file"))] {
        bench.set_pin(pin.clone());
        let ended = bench.try_close(&[]);
        assert!([1, 2, 3].contains(&ended.code()) && !ended.said().contains(PIN), "{pin:?}: {ended:?}");
    }
}

#[test]
fn a_certificate_of_another_key_on_the_token_is_refused() {
    let Some(bench) = Bench::without_key(Key::Token(Holder::Organisation)) else { return };
    let token = bench.token();
    let other = identity(Holder::Impostor, &bench.directory("other"));
    token.import_key(&other, "bare", "02");
    let take = |object: &str| {
        let module = token.module.to_str().unwrap();
        bench.run(&["key", "use", "pkcs11", "--module", module, "--token", &token.label, "--object", object])
    };
    assert!([1, 3].contains(&take("bare").code()), "it has no certificate");
    token.write_certificate(&bench.holder.as_ref().unwrap().der(), "bare", "02");
    let taken = take("bare");
    let refused = [1, 3].contains(&taken.code()) || [1, 3].contains(&bench.try_close(&[]).code());
    assert!(refused, "the certificate is another key's: {taken:?}");
    nothing_was_issued(&bench);
    assert!([1, 3].contains(&take("no such object").code()));
    assert_eq!(take("segl").code(), 0);
}

#[test]
fn no_faulty_answer_of_an_authority_ends_up_in_a_document() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let token = bench.at("stamp-token");
    let url = bench.tsa.url();
    for fault in FAULTS.map(Some).into_iter().chain([None]) {
        let nobody = nobody();
        bench.tsa.set(fault.unwrap_or(Fault::None));
        let asked = bench.tsa.asked();
        let started = std::time::Instant::now();
        let ended = bench.try_close(&["--timestamp", if fault.is_some() { &url } else { &nobody }]);
        assert!(started.elapsed().as_secs() < 100, "{fault:?} holds it up");
        assert!([0, 1, 3, 4].contains(&ended.code()), "{fault:?}: {ended:?}");
        assert!(
            ended.said().to_lowercase().contains("time stamp") || ended.said().contains("timestamp"),
            "{fault:?}: {ended:?}"
        );
        assert_eq!(bench.tsa.asked() > asked, fault.is_some(), "{fault:?}");
        let Some(json) = ended.find("certificate") else { continue };
        let document = super::bench::Document::beside(std::path::Path::new(&json));
        for file in [&document.p7s, &document.pdf] {
            assert!(!pyhanko::stamp_token(file, &token), "{fault:?}: {} bears a time stamp", file.display());
        }
        assert_eq!(bench.check(&document.json, &[]).code(), 0, "{fault:?}");
    }
}

#[test]
fn no_password_goes_into_the_address_of_an_authority() {
    let Some(bench) = Bench::without_key(Key::Own) else { return };
    for url in ["http://user:secret@127.0.0.1/", "https://127.0.0.1/", "127.0.0.1"] {
        let ended = bench.radera.run(&["key", "use", "own", "--timestamp", url]);
        assert!(ended.code() == 2 && !ended.said().contains("secret"), "{ended:?}");
    }
}

#[test]
fn a_fingerprint_is_shown_as_words_too() {
    let [Some(bench), Some(other)] = [Bench::without_key(Key::Own), Bench::without_key(Key::Own)] else { return };
    let shown = bench.radera.run_plain(&["key", "show"]);
    let (fingerprint, _) = bench.radera.signing_certificate();
    assert!(shown.code() == 0 && shown.stdout.contains(&fingerprint), "{shown:?}");
    assert_eq!(bench.radera.run_plain(&["key", "show"]).stdout, shown.stdout, "the same key has the same words");
    // What another key does not have, but for the digits, is words.
    let others = other.radera.run_plain(&["key", "show"]).stdout;
    let own: Vec<&str> = shown.stdout.split([' ', '-', '\n']).filter(|word| !others.contains(word)).collect();
    let words = own
        .iter()
        .filter(|w| w.len() > 2 && !w.chars().all(|c| c.is_ascii_hexdigit()) && !w.contains(char::is_numeric));
    assert!(words.count() >= 6, "{own:?}");
}
