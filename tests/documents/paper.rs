//! The paper itself, as other programs read it: PDF/A, fonts, attachment, where the words stand, what they are.

use std::path::{Path, PathBuf};

use super::bench::{Bench, Document, Key};
use super::papers::desk::{Desk, case_with};
use super::papers::support::record;
use super::support::poppler::{
    attachments, fonts, info, ink, ink_in_margin, metadata, misplaced, pages, picture, qpdf_accepts, words_of,
};
use super::support::{qr, sha256_of, skip};

const LANGUAGES: [&str; 3] = ["da", "sv", "en"];
/// Nothing stands nearer to the edge of an A4 page, in points; printers leave 12 to 18 of them white.
const MARGIN: f64 = 24.0;

/// A PDF of every kind that radera makes, in every language, with what it is.
fn every_paper(bench: &Bench) -> Vec<(String, PathBuf, Document)> {
    let mut documents = vec![("deletion-certificate", bench.close(&[])), ("record", synthetic_record(bench))];
    if skip::is_root() {
        documents.push(("record-of-a-wipe", bench.wipe(&[])));
    }
    let mut papers = Vec::new();
    for (kind, document) in documents {
        for language in LANGUAGES {
            let out = bench.at(&format!("{kind}-{language}.pdf"));
            let ended = bench.render(&document.json, &out, &["--lang", language]);
            assert_eq!(ended.code(), 0, "{ended:?}");
            papers.push((format!("{kind}-{language}"), out, document.clone()));
        }
        // As it was issued: signed.
        if document.pdf.exists() {
            papers.push((format!("{kind} as issued"), document.pdf.clone(), document));
        }
    }
    papers
}

/// A record that needs no disk, with long and foreign names and exceptions; signed JSON, no PDF.
fn synthetic_record(bench: &Bench) -> Document {
    use radera::outcome::Trouble;
    let desk = Desk::new();
    desk.record("record.json", |r| {
        let mut told = record(&*desk.press.signer);
        told.medium.model =
            Some("Ærø Ångström «Żółć» ext. — 2.5\" SSD with a name that is longer than any column".into());
        told.medium.serial = Some("WD-WX41A5ØÅ-0000000000000000000000001".into());
        told.operator =
            Some("Þórdís Ólafsdóttir-Świątek, Afdeling for Digital Forvaltning og Sikker Bortskaffelse".into());
        told.exceptions = (0..40u64)
            .map(|i| super::papers::support::exception(Trouble::Unreadable, 8192 + i * 1024, 512, 0))
            .collect();
        told.verification.unreadable = 40;
        told.verification.bytes_read -= 40 * 512;
        told.verification.status = "passed-with-exceptions".into();
        told.case = r.case.clone();
        *r = told;
    });
    let directory = bench.directory("synthetic");
    let document = Document::beside(&directory.join("record.json"));
    std::fs::copy(desk.at("record.json"), &document.json).unwrap();
    std::fs::copy(desk.at("record.json.p7s"), &document.p7s).unwrap();
    document
}

#[test]
fn every_paper_is_a_tagged_pdf_a_with_its_fonts_and_its_json() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    for (name, pdf, document) in every_paper(&bench) {
        let (fine, said) = qpdf_accepts(&pdf);
        assert!(fine, "{name}: {said}");
        assert!(info(&pdf, "Page size").contains("A4"), "{name}");
        assert_eq!(info(&pdf, "Tagged"), "yes", "{name}");
        assert_eq!(info(&pdf, "Encrypted"), "no", "{name}");
        assert_eq!(info(&pdf, "JavaScript"), "no", "{name}");
        assert!(!info(&pdf, "Title").is_empty(), "{name}");
        let said = metadata(&pdf);
        for claim in ["pdfaid:part>3<", "pdfaid:conformance>B<", "pdfuaid:part>1<"] {
            assert!(said.contains(claim), "{name}: {said}");
        }
        let fonts = fonts(&pdf);
        assert!(
            !fonts.is_empty() && fonts.iter().all(|(_, embedded, unicode)| *embedded && *unicode),
            "{name}: {fonts:?}"
        );
        let json = std::fs::read(&document.json).unwrap();
        let attached = attachments(&pdf, &bench.directory("attached"));
        assert_eq!(attached.iter().filter(|(_, bytes)| *bytes == json).count(), 1, "{name}: byte for byte, once");
    }
}

#[test]
fn no_word_overlaps_another_or_leaves_the_page() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    for (name, pdf, _) in every_paper(&bench) {
        let pages = pages(&pdf);
        let wrong = misplaced(&pages, MARGIN);
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        for (number, page) in (1..).zip(&pages) {
            assert!(page.words.len() > 10, "{name}: page {number} is all but empty");
            let picture = picture(&pdf, number, &bench.at(""));
            assert_eq!(ink_in_margin(&picture, MARGIN as usize - 2), 0, "{name}, page {number}");
            assert!(ink(&picture) > 500, "{name}, page {number}");
        }
    }
}

#[test]
fn hundreds_of_items_break_over_pages_and_stay_in_place() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let long = case_with(|c| {
        let item = c["items"][0].clone();
        let more = (0..300).map(|i| {
            let mut item = item.clone();
            item["id"] = format!("disk-{i}").into();
            item["serial"] = format!("S-{i}-ÆØÅ").into();
            item["description"] =
                "en meget lang beskrivelse af et medie, som ikke kan stå på en enkelt linje ".repeat(1 + i % 4).into();
            item.as_object_mut().unwrap().remove("erased");
            item
        });
        c["items"].as_array_mut().unwrap().extend(more);
    });
    bench.set_case(&long);
    for language in LANGUAGES {
        let document = bench.close(&["--lang", language]);
        let pages = pages(&document.pdf);
        assert!(pages.len() > 8, "{} pages", pages.len());
        let wrong = misplaced(&pages, MARGIN);
        assert!(wrong.is_empty(), "{language}:\n{}", wrong.join("\n"));
        let words = words_of(&document.pdf);
        let squeezed: String = words.split_whitespace().collect();
        for i in [0, 150, 299] {
            assert!(squeezed.contains(&format!("S-{i}-ÆØÅ")), "{language}: item {i} is not on the paper");
        }
    }
}

/// Text of the paper, a word a line, without what differs from run to run: digits, and runs of hexadecimal digits.
fn snapshot(pdf: &Path) -> String {
    let text = words_of(pdf);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let letters = word.trim_start_matches("sha256:").trim_matches(|c: char| !c.is_alphanumeric());
        let is_hex = letters.len() >= 8 && letters.chars().all(|c| c.is_ascii_hexdigit() || c == ':');
        let short_hex = letters.len() == 4 && letters.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        let masked: String = if is_hex || short_hex {
            "HEX".into()
        } else {
            word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
        };
        // However long a number or a digest is, and however it was broken over lines, it is one word.
        let same = masked == "HEX" && lines.last().is_some_and(|last| last == "HEX");
        if !same {
            let mut squeezed = String::new();
            for c in masked.chars() {
                if c != '0' || !squeezed.ends_with('0') {
                    squeezed.push(c);
                }
            }
            lines.push(squeezed);
        }
    }
    lines.join("\n") + "\n"
}

/// `RADERA_WRITE_SNAPSHOTS=1` writes them anew; read what changed before it is committed.
#[test]
fn the_text_of_each_paper_is_the_one_that_was_read_and_kept() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let kept = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/documents"));
    let mut different = Vec::new();
    for (name, pdf, _) in every_paper(&bench) {
        // A wipe's device and machine differ from run to run, and what was issued is one of the others, signed.
        if name.starts_with("record-of-a-wipe") || name.ends_with("as issued") {
            continue;
        }
        let (file, told) = (kept.join(format!("{name}.txt")), snapshot(&pdf));
        if std::env::var_os("RADERA_WRITE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(kept).unwrap();
            std::fs::write(&file, &told).unwrap();
        }
        if std::fs::read_to_string(&file).unwrap_or_default() != told {
            let now = bench.at(&format!("{name}.txt"));
            std::fs::write(&now, &told).unwrap();
            let output = super::support::attempt("diff", &["-u", file.to_str().unwrap(), now.to_str().unwrap()]);
            different.push(String::from_utf8_lossy(&output.stdout).into_owned());
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn the_qr_code_says_the_digest_of_the_json_on_every_form() {
    let Some(bench) = Bench::judged(Key::Own) else { return };
    let document = bench.close(&[]);
    let digest = sha256_of(&document.json).replace("sha256:", "");
    // 150 dots an inch is a poor print, 203 what printers of labels have.
    for (form, dots) in [("full", 150), ("sheet", 150), ("label", 203)] {
        let out = bench.at(&format!("{form}.pdf"));
        let ended = bench.render(&document.json, &out, &["--form", form]);
        assert_eq!(ended.code(), 0, "{ended:?}");
        let codes = qr::codes(&out, 1, dots, &bench.at(""));
        assert!(codes.iter().any(|text| text.to_lowercase().contains(&digest)), "{form}: {codes:?}");
    }
}
