//! `certificate check` and `certificate render` of documents, as a receiver runs them.

use super::bench::{Bench, Document, Key};
use super::support::pki::{Holder, ORGANISATION, PERSON, identity};
use super::support::poppler::{attachments, fonts, info, nss, pages, pdfsig, qpdf_accepts, words_of};
use super::support::{pyhanko, skip};

const LANGUAGES: [&str; 3] = ["da", "sv", "en"];

#[test]
fn a_document_checks_out_is_unknown_without_trust_and_not_authentic_when_it_is_spoilt() {
    let Some(bench) = Bench::judged(Key::Imported(Holder::Organisation)) else { return };
    let document = bench.close_stamped();
    let spoilt = document.copy(&bench.directory("spoilt"));
    let mut bytes = std::fs::read(&document.pdf).unwrap();
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    std::fs::write(&spoilt.pdf, bytes).unwrap();
    assert_eq!(bench.check(&document.pdf, &[]).code(), 0);
    assert_eq!(bench.stranger(&document.pdf, &[]).code(), 8);
    assert_eq!(bench.stranger(&document.pdf, &["--require", "trusted"]).code(), 7);
    assert_eq!(bench.check(&spoilt.pdf, &[]).code(), 7);
    // The PDF alone, with nothing beside it: the JSON in it is the document.
    let alone = bench.directory("alone").join("received.pdf");
    std::fs::copy(&document.pdf, &alone).unwrap();
    assert_eq!(bench.check(&alone, &[]).code(), 0);
    // Trust in the signer's own certificate, or its fingerprint, is enough too.
    for trust in [bench.signing_certificate().to_str().unwrap(), &bench.holder.as_ref().unwrap().fingerprint()] {
        let (tsa, records) = (bench.tsa.root.to_str().unwrap(), bench.records_key());
        let words = ["--trust", trust, "--trust", tsa, "--trust", &records];
        assert_eq!(bench.stranger(&document.pdf, &words).code(), 0, "{trust}");
        assert_eq!(bench.stranger(&document.pdf, &words[2..]).code(), 8);
    }
    // What is no document at all.
    for bytes in [&b""[..], b"%PDF-1.7\n", b"not a PDF", &std::fs::read(&document.pdf).unwrap()[..4000]] {
        std::fs::write(&spoilt.pdf, bytes).unwrap();
        assert_eq!(bench.check(&spoilt.pdf, &[]).code(), 7, "{} bytes", bytes.len());
    }
    let plain = bench.at("plain.pdf");
    pyhanko::sample(&document.json, &plain);
    assert_eq!(bench.check(&plain, &[]).code(), 7, "nobody signed it");
}

#[test]
fn later_signatures_and_stamps_are_tolerated_and_listed() {
    let Some(bench) = Bench::judged(Key::Imported(Holder::Organisation)) else { return };
    let document = bench.close_stamped();
    let receiver = identity(Holder::Person, &bench.directory("receiver"));
    let out = Document::beside(&bench.directory("later").join("later.json"));
    let later = |what: &str| match what {
        "seen" => pyhanko::sign(&document.pdf, &out.pdf, &receiver, "Receiver", true),
        "unseen" => pyhanko::sign(&document.pdf, &out.pdf, &receiver, "Receiver", false),
        _ => pyhanko::stamp(&document.pdf, &out.pdf, &bench.tsa.identity),
    };
    for what in ["seen", "unseen", "stamp"] {
        later(what);
        let ended = bench.check(&out.pdf, &[]);
        assert_eq!(ended.code(), 0, "{what}: {ended:?}");
        let named = if what == "stamp" { "Tidsstämpling 1" } else { PERSON };
        assert!(ended.stdout.contains(named) && ended.stdout.contains(ORGANISATION), "{what}: {ended:?}");
        assert!(!bench.check(&document.pdf, &[]).stdout.contains(PERSON));
        // The later one spoilt is told as well; the first one's bytes are as they were.
        let mut bytes = std::fs::read(&out.pdf).unwrap();
        let at = bytes.len() - 9;
        bytes[at] ^= 1;
        let spoilt = bench.at("spoilt.pdf");
        std::fs::write(&spoilt, bytes).unwrap();
        assert_eq!(bench.check(&spoilt, &[]).code(), 7, "{what}");
    }
}

/// What a summary says is proved, as codes.
fn proved(ended: &super::support::radera::Ended) -> Vec<String> {
    let checked = ended.events("checked").remove(0);
    let list = checked["summary"]["proved"].as_array().cloned().unwrap_or_default();
    list.iter().map(|told| told["code"].as_str().unwrap().to_string()).collect()
}

#[test]
fn what_is_proved_does_not_outlast_what_bears_it() {
    let Some(bench) = Bench::judged(Key::Imported(Holder::Organisation)) else { return };
    let document = bench.close_stamped();
    let good = proved(&bench.check(&document.pdf, &[]));
    for code in ["proved-bytes", "proved-derived", "proved-pages", "proved-time", "proved-issued"] {
        assert!(good.contains(&code.to_string()), "{code}: {good:?}");
    }
    // A later signature that is seen may cover what is printed.
    let receiver = identity(Holder::Person, &bench.directory("receiver"));
    let seen = Document::beside(&bench.directory("seen").join("seen.json")).pdf;
    pyhanko::sign(&document.pdf, &seen, &receiver, "Receiver", true);
    assert!(!proved(&bench.check(&seen, &[])).contains(&"proved-pages".to_string()));
    // A stamp proves a time where its authority is trusted, and the promise of one is not enough.
    let root = bench.root();
    let ended =
        bench.radera.run(&["certificate", "check", document.json.to_str().unwrap(), "--trust", root.to_str().unwrap()]);
    let told = proved(&ended);
    assert!(!told.is_empty() && !told.contains(&"proved-time".to_string()), "{told:?}");
}

#[test]
fn the_record_before_is_looked_for_beside_a_later_one() {
    let Some(bench) = Bench::new(Key::Own).filter(|_| skip::root()) else { return };
    let [stopped, resumed] = bench.stopped_and_resumed();
    let linked = |file: &std::path::Path| -> Vec<String> {
        let ended = bench.check(file, &[]);
        assert_eq!(ended.code(), 0, "{ended:?}");
        let findings = ended.events("checked").remove(0)["findings"].as_array().cloned().unwrap();
        let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_string());
        codes.filter(|code| code.starts_with("linked")).collect()
    };
    assert!(linked(&stopped).is_empty());
    for form in [resumed.clone(), resumed.with_extension("pdf")] {
        assert_eq!(linked(&form), ["linked-is"], "{}", form.display());
    }
    std::fs::remove_file(&stopped).unwrap();
    assert_eq!(linked(&resumed), ["linked-missing"]);
}

#[test]
fn nothing_rides_along_in_a_copy() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let document = bench.close(&[]);
    let (json, signature) = (std::fs::read(&document.json).unwrap(), std::fs::read(&document.p7s).unwrap());
    let value = document.value();
    let annex = radera::document::canonical_bytes(&value["annex"]["document"]).unwrap();
    let copy = |annex: Option<&[u8]>| {
        let source = radera::paper::Source { json: &json, signature: Some(&signature), annex };
        let path = bench.at("copy.pdf");
        let pdf = radera::paper::render(&source, radera::conformity::Language::Sv, radera::paper::Form::Full);
        std::fs::write(&path, pdf.unwrap()).unwrap();
        bench.check(&path, &[]).code()
    };
    assert_eq!(copy(None), 0);
    assert_eq!(copy(Some(&annex)), 7, "its annex is inside, and another one is attached");
}

#[test]
fn a_stranger_s_signature_on_the_pdf_is_no_trusted_signer() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let document = bench.close(&[]);
    let ended = bench.radera.run(&["key", "new"]);
    assert_eq!(ended.code(), 0, "{ended:?}");
    let out = bench.at("by-another.pdf");
    let words = ["certificate", "render", document.json.to_str().unwrap(), "--sign", "--out", out.to_str().unwrap()];
    let ended = bench.radera.run(&words);
    assert_eq!(ended.code(), 0, "{ended:?}");
    // Here it is a key of this installation's, and the former one is as well.
    assert_eq!(bench.check(&out, &["--require", "trusted"]).code(), 0);
    let fingerprint = document.value()["signer"]["fingerprint"].as_str().unwrap().to_string();
    let elsewhere =
        super::support::radera::Radera { state: bench.directory("elsewhere"), out: bench.directory("none") };
    let check = |more: &[&str]| {
        let words = [&["certificate", "check", out.to_str().unwrap(), "--trust", &fingerprint], more].concat();
        elsewhere.run(&words).code()
    };
    assert_eq!((check(&[]), check(&["--require", "trusted"])), (8, 7));
}

#[test]
fn no_harmful_change_after_the_signature_checks_out() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let document = bench.close(&[]);
    let out = bench.at("harmed.pdf");
    // The last is one that other readers let pass: what is seen is signed by nobody.
    for how in pyhanko::HARMS.into_iter().chain(["empty-field"]) {
        pyhanko::harm(&document.pdf, &out, how);
        assert_eq!(bench.check(&out, &[]).code(), 7, "{how}");
        // Nor once somebody signed on top of it.
        let later = identity(Holder::Person, &bench.directory("later"));
        if how != "field-gone" {
            let signed = bench.at("signed-over.pdf");
            pyhanko::sign(&out, &signed, &later, "Receiver", false);
            assert_eq!(bench.check(&signed, &[]).code(), 7, "{how}, signed over");
        }
    }
}

#[test]
fn a_report_can_be_filed_in_each_language_beside_the_document() {
    let Some(bench) = Bench::judged(Key::Imported(Holder::Organisation)) else { return };
    let document = bench.close_stamped();
    let mut told = Vec::new();
    for language in LANGUAGES {
        let report = bench.at(&format!("report-{language}.pdf"));
        let ended = bench.check(&document.pdf, &["--report", report.to_str().unwrap(), "--lang", language]);
        assert_eq!(ended.code(), 0, "{ended:?}");
        assert!(qpdf_accepts(&report).0 && info(&report, "Page size").contains("A4"));
        assert!(fonts(&report).iter().all(|f| f.1));
        let text = words_of(&report);
        let id = document.value()["id"].as_str().unwrap().to_string();
        let squeezed: String = text.split_whitespace().collect();
        assert!(squeezed.contains(&id) && text.contains(ORGANISATION), "{language}: {text}");
        told.push(text);
    }
    assert!(told[0] != told[1] && told[1] != told[2] && told[0] != told[2]);
    // Of a spoilt document there is a report too, and it is another.
    let spoilt = document.copy(&bench.directory("spoilt"));
    pyhanko::harm(&document.pdf, &spoilt.pdf, "content");
    let report = bench.at("report-bad.pdf");
    assert_eq!(bench.check(&spoilt.pdf, &["--report", report.to_str().unwrap(), "--lang", "en"]).code(), 7);
    assert_ne!(words_of(&report), told[2]);
}

#[test]
fn the_same_json_renders_to_the_same_bytes_in_each_language() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let document = bench.close(&[]);
    let json = std::fs::read(&document.json).unwrap();
    let mut texts = Vec::new();
    for language in LANGUAGES {
        let [first, second] = ["first", "second"].map(|name| bench.at(&format!("{name}-{language}.pdf")));
        for out in [&first, &second] {
            let ended = bench.render(&document.json, out, &["--lang", language]);
            assert_eq!(ended.code(), 0, "{ended:?}");
        }
        assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap(), "{language}");
        let attached = attachments(&first, &bench.at(""));
        assert!(attached.iter().any(|(_, bytes)| *bytes == json), "{language}");
        texts.push(words_of(&first));
    }
    assert!(texts[0].contains("Sletteerklæring") && texts[1].contains("Raderingsintyg"));
    assert!(texts[2].contains("Deletion certificate"));
    // Signed at once it is as good as the first.
    let signed = bench.at("signed.pdf");
    let ended = bench.render(&document.json, &signed, &["--lang", "sv", "--sign"]);
    assert_eq!(ended.code(), 0, "{ended:?}");
    assert_eq!(bench.check(&signed, &[]).code(), 0);
    assert!(pdfsig(&signed, &nss(&bench.directory("database"), &[]))[0].holds());
    // What is not signed is a copy, which stands on the signed document attached to it, and says so.
    let copy = bench.check(&bench.at("first-sv.pdf"), &[]);
    assert_eq!(copy.code(), 0, "{copy:?}");
    assert_eq!(bench.stranger(&bench.at("first-sv.pdf"), &[]).code(), 8);
    let mut bytes = std::fs::read(bench.at("first-sv.pdf")).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(bench.at("spoilt.pdf"), bytes).unwrap();
    assert_eq!(bench.check(&bench.at("spoilt.pdf"), &[]).code(), 7, "nor may a copy differ from what is signed");
}

#[test]
fn the_sheet_and_the_label_are_one_page_each_of_their_size() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let document = bench.close(&[]);
    for (form, width) in [("sheet", 595.28), ("label", 175.75)] {
        for language in LANGUAGES {
            let out = bench.at(&format!("{form}-{language}.pdf"));
            let ended = bench.render(&document.json, &out, &["--form", form, "--lang", language]);
            assert_eq!(ended.code(), 0, "{ended:?}");
            let pages = pages(&out);
            assert!(pages.len() == 1 && (pages[0].width - width).abs() < 0.5, "{form}: {}", pages[0].width);
            assert!(qpdf_accepts(&out).0 && fonts(&out).iter().all(|f| f.1));
        }
    }
}
