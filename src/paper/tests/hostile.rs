//! No string in a document, however odd, makes a panic or moves anything else.

use proptest::prelude::*;
use serde_json::Value;

use super::FORMS;
use super::sample::{self, LANGUAGES};
use crate::document::{Annex, DeletionCertificate, Record, canonical_bytes};
use crate::paper::layout::font::visible;
use crate::paper::layout::wrap::{clip, wrap};
use crate::paper::layout::{Weight, font};
use crate::paper::{Source, render};

/// JSON pointers of every string below `value`.
fn strings(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.into()),
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(key, value)| strings(value, &format!("{at}/{key}"), found))
        }
        Value::Object(all) => all.iter().for_each(|(key, value)| strings(value, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

/// Those of them that may hold any text at all.
fn free(value: &Value, reads: impl Fn(&Value) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    strings(value, "", &mut all);
    all.retain(|at| {
        let fixed = ["/id", "/kind", "/finished", "/issued"].contains(&at.as_str());
        let mut changed = value.clone();
        *changed.pointer_mut(at).unwrap() = "x".into();
        !fixed && reads(&changed)
    });
    all
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> bool {
    serde_json::from_value::<T>(value.clone()).is_ok()
}

/// Documents, with the places where any text may stand.
fn documents() -> &'static [(Value, Vec<String>)] {
    static ALL: std::sync::OnceLock<Vec<(Value, Vec<String>)>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let value = |sample: sample::Sample| serde_json::from_slice::<Value>(&sample.json).unwrap();
        let records = [sample::of(&sample::drive()), sample::of(&sample::bad_disk(5))].map(value);
        let certificates = [sample::split(), sample::incomplete(), sample::repair()].map(value);
        let records = records.into_iter().map(|json| (free(&json, read::<Record>), json));
        let certificates = certificates.into_iter().map(|json| (free(&json, read::<DeletionCertificate>), json));
        records.chain(certificates).map(|(places, json)| (json, places)).collect()
    })
}

fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\PC\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{300}-\u{320}\u{0}-\u{1f}]{0,60}",
        "[a-zåäöæøA-Z0-9 /-]{0,400}",
        prop::collection::vec(any::<char>(), 0..40).prop_map(|all| all.into_iter().collect()),
    ]
}

#[test]
fn every_text_of_a_person_can_be_changed_in_this_test() {
    let (_, record) = &documents()[0];
    for place in ["/medium/serial", "/operator", "/signer/name", "/verification/seed", "/command/exchanges/0/answer"] {
        assert!(record.iter().any(|at| at == place), "{place}");
    }
    let (_, certificate) = &documents()[3];
    for place in ["/controller/name", "/annex/document/case/items/0/serial", "/roles/operator/name"] {
        assert!(certificate.iter().any(|at| at == place), "{place}");
    }
    assert!(read::<Annex>(&documents()[3].0["annex"]["document"]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_text_anywhere_makes_a_panic(
        which in 0usize..5,
        places in prop::collection::vec((any::<prop::sample::Index>(), odd()), 1..30),
        language in 0usize..3,
        form in 0usize..3,
    ) {
        let (json, free) = &documents()[which];
        let mut json = json.clone();
        for (place, text) in places {
            *json.pointer_mut(&free[place.index(free.len())]).unwrap() = text.into();
        }
        let bytes = canonical_bytes(&json).unwrap();
        let source = Source { json: &bytes, signature: None, annex: None };
        let pdf = render(&source, LANGUAGES[language], FORMS[form]);
        prop_assert!(pdf.is_ok(), "{:?}", pdf.err());
    }

    #[test]
    fn bytes_that_are_no_document_make_no_panic(json in prop::collection::vec(any::<u8>(), 0..200)) {
        let source = Source { json: &json, signature: Some(&json), annex: Some(&json) };
        prop_assert!(render(&source, LANGUAGES[0], FORMS[0]).is_err());
    }

    #[test]
    fn lines_hold_all_of_a_text_and_keep_to_their_column(text in odd(), width in 8.0f32..400.0, size in 6.0f32..20.0) {
        let lines = wrap(&text, Weight::Regular, size, width);
        let all: String = lines.iter().map(|line| line.text.as_str()).collect();
        let bare = |text: &str| text.replace([' ', '\u{a0}'], "");
        prop_assert_eq!(bare(&all), bare(&visible(&text)));
        for line in &lines {
            prop_assert!(line.width <= width + 0.01 || line.text.chars().count() == 1, "{:?}", line);
            prop_assert!((font::width(Weight::Regular, size, &line.text) - line.width).abs() < 0.01);
        }
        prop_assert!(clip(&text, Weight::Bold, size, 100.0).width <= 100.01);
    }

    #[test]
    fn no_two_texts_look_the_same(one in odd(), other in odd()) {
        prop_assert_eq!(visible(&one) == visible(&other), one == other);
    }
}

#[test]
fn what_the_faces_lack_or_can_not_show_is_written_out() {
    assert_eq!(visible("Ærø Åsgård, ±5 € – “x”"), "Ærø Åsgård, ±5 € – “x”");
    assert_eq!(visible("中"), "‹U+4E2D›");
    assert_eq!(visible("a\u{202e}b\u{200b}"), "a‹U+202E›b‹U+200B›");
    assert_eq!(visible("e\u{301}\n\u{feff}א"), "e‹U+0301›‹U+000A›‹U+FEFF›‹U+05D0›");
    assert_eq!(visible("‹U+4E2D›"), "‹U+2039›U+4E2D‹U+203A›");
}
