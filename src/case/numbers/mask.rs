//! Personal numbers in text, their last four digits hidden.

use serde_json::Value;

use super::{is_danish_person, is_swedish_person};
use crate::conformity::Case;

/// What the last four digits become.
const HIDDEN: &str = "****";

/// Hides the last four digits of every personal number in `text` that stands there in a form that only such numbers have: with its
/// hyphen or plus, or of twelve digits (Swedish).
pub fn mask(text: &str) -> String {
    masked_text(text, false)
}

/// The same for prose and names, where ten bare digits with the date and check digit of a personal number, or with a space before the
/// last four, are taken for one as well.
pub fn mask_prose(text: &str) -> String {
    masked_text(text, true)
}

/// Hyphen, plus, and what word processors make of them.
const SEPARATORS: [char; 7] = ['-', '+', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'];

fn masked_text(text: &str, prose: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let begins = c.is_ascii_digit() && !at.checked_sub(1).and_then(|i| chars.get(i)).is_some_and(|c| joins(*c));
        let found = if begins { chars.get(at..).and_then(|rest| number(rest, prose)) } else { None };
        match found {
            Some(length) => {
                out.extend(chars.get(at..at + length - 4).unwrap_or_default());
                out.push_str(HIDDEN);
                at += length;
            }
            None => {
                out.push(c);
                at += 1;
            }
        }
    }
    out
}

/// Whether a character makes what touches it part of another word or number.
fn joins(c: char) -> bool {
    c.is_alphanumeric()
}

/// The length of the personal number at the start of `rest`.
fn number(rest: &[char], prose: bool) -> Option<usize> {
    let head = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let separator = rest.get(head).copied().filter(|c| SEPARATORS.contains(c) || (prose && *c == ' '));
    let length = match (head, separator) {
        (6 | 8, Some(_)) => head + 5,
        (10, _) if prose => 10,
        (12, _) => 12,
        _ => return None,
    };
    let whole = rest.get(..length)?;
    let tail = whole.get(length - 4..)?;
    if !tail.iter().all(char::is_ascii_digit) || rest.get(length).is_some_and(|c| joins(*c)) {
        return None;
    }
    let digits: String = whole.iter().filter(|c| c.is_ascii_digit()).collect();
    let person = match digits.len() {
        10 => is_danish_person(&digits) || is_swedish_person(&digits),
        _ => is_swedish_person(&digits),
    };
    person.then_some(length)
}

/// The case with every personal number in it masked, for output.
///
/// Left as they are: ids and what refers to them, serial and property numbers, file names, digests, countries. They tie the case to its
/// evidence, and a digit that is hidden there would cut the tie; the comments of a new case ask for none that is a person's. References
/// and identifications are masked in the strict form, names, descriptions and all other prose also without the hyphen.
pub fn masked(case: &Case) -> Case {
    let walked = serde_json::to_value(case).map(|value| walk(value, "")).and_then(serde_json::from_value);
    #[allow(
        clippy::expect_used,
        reason = "masking changes free text only, and a case is made of nothing that JSON has not"
    )]
    walked.expect("a masked case is a case")
}

/// How the text under a key is masked.
fn masker(key: &str) -> fn(&str) -> String {
    match key {
        "id" | "schema" | "systems" | "location" | "locations" | "sources" | "of" | "holder" | "serial" | "asset"
        | "file" | "records" | "unlisted" | "certificate" | "sha256" | "fingerprint" | "country" => str::to_owned,
        "reference" | "identification" => mask,
        _ => mask_prose,
    }
}

/// `key` is that of the table in which `value` stands, also for what stands in a list there.
fn walk(value: Value, key: &str) -> Value {
    match value {
        Value::String(text) => Value::String(masker(key)(&text)),
        Value::Array(all) => Value::Array(all.into_iter().map(|one| walk(one, key)).collect()),
        Value::Object(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| {
                    let value = walk(value, &key);
                    (key, value)
                })
                .collect(),
        ),
        other => other,
    }
}
