//! Same in, same out; and what is attached is what was given.

use super::sample::{LANGUAGES, all, complete, disk, of, split};
use super::{FORMS, source};
use crate::paper::{Form, PaperError, Source, render};

fn holds(pdf: &[u8], bytes: &[u8]) -> bool {
    pdf.windows(bytes.len()).any(|window| window == bytes)
}

#[test]
fn the_same_json_gives_the_same_bytes() {
    for (name, sample) in all() {
        for language in LANGUAGES {
            for form in FORMS {
                let once = render(&source(&sample), language, form).unwrap();
                let again = render(&source(&sample), language, form).unwrap();
                assert!(once == again, "{name}, {language:?}, {form:?}");
            }
        }
    }
}

#[test]
fn another_json_language_or_form_gives_another_document() {
    let mut seen = std::collections::BTreeSet::new();
    for number in [1, 2] {
        for language in LANGUAGES {
            for form in FORMS {
                assert!(seen.insert(render(&source(&of(&disk(number))), language, form).unwrap()));
            }
        }
    }
}

#[test]
fn json_signature_and_annex_are_attached_byte_for_byte() {
    let sample = split();
    let signature: Vec<u8> = (0..=255).collect();
    let given = Source { signature: Some(&signature), ..source(&sample) };
    for form in FORMS {
        let pdf = render(&given, LANGUAGES[0], form).unwrap();
        for bytes in [&sample.json, sample.annex.as_ref().unwrap(), &signature] {
            assert!(holds(&pdf, bytes));
        }
        for name in [".json", ".json.p7s", ".annex.json"] {
            assert!(holds(&pdf, format!("({}{name})", "ab".repeat(16)).as_bytes()), "{name}");
        }
    }
    let alone = render(&source(&complete()), LANGUAGES[0], Form::Full).unwrap();
    assert!(!holds(&alone, b".json.p7s") && !holds(&alone, b".annex.json"));
}

#[test]
fn the_file_says_what_it_is_and_has_a_classic_cross_reference_table() {
    let pdf = render(&source(&complete()), LANGUAGES[1], Form::Full).unwrap();
    for told in ["radera-layout=1", "radera-kind=deletion-certificate", "radera-form=full", "radera-language=sv"] {
        assert!(holds(&pdf, told.as_bytes()), "{told}");
    }
    assert!(holds(&pdf, b"/Lang(sv)") && holds(&pdf, b"/MarkInfo") && holds(&pdf, b"/StructTreeRoot"));
    assert!(holds(&pdf, b"pdfaid:part>3<") && holds(&pdf, b"pdfaid:conformance>B<") && holds(&pdf, b"pdfuaid:part>1<"));
    assert!(
        holds(&pdf, b"\nxref\n") && holds(&pdf, b"\ntrailer\n") && !holds(&pdf, b"/ObjStm") && !holds(&pdf, b"/XRef")
    );
    assert!(holds(&pdf, b"D:20261120101500"));
}

#[test]
fn what_is_no_document_is_refused() {
    let record = disk(1);
    let good = of(&record).json;
    let text = String::from_utf8(good.clone()).unwrap();
    let mut moment = record.clone();
    moment.finished = "yesterday".into();
    let mut id = record;
    id.id = "x".into();
    let bad: [Vec<u8>; 6] = [
        Vec::new(),
        b"{}".to_vec(),
        text.replacen('{', "{ ", 1).into_bytes(),
        text.replace("sanitization-record\"", "else\"").into_bytes(),
        of(&moment).json,
        of(&id).json,
    ];
    for json in bad {
        let source = Source { json: &json, signature: None, annex: None };
        assert!(matches!(render(&source, LANGUAGES[0], Form::Full), Err(PaperError::Document(_))));
    }
    let source = Source { json: &split().json, signature: None, annex: Some(b"{}") };
    assert!(matches!(render(&source, LANGUAGES[0], Form::Full), Err(PaperError::Document(_))));
}
