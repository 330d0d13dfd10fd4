//! What serde finds wrong, in words for a person, at the field that it is about.

use serde_json::Value as Json;
use serde_path_to_error::{Error, Segment};

use super::super::faults::Fault;
use super::tree::Step;
use super::{shown, shown_whole};

/// The fault that an error of deserializing `value` is.
pub fn fault(value: &Json, error: &Error<serde_json::Error>) -> Fault {
    let mut at: Vec<Step> = error.path().iter().filter_map(step).collect();
    let said = error.inner().to_string();
    let (head, expected) = said.split_at(said.rfind(", expected ").unwrap_or(said.len()));
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    if let Some(key) = quoted(head, "unknown field") {
        if at.last() != Some(&key.into()) {
            at.push(key.into());
        }
        return Fault::at(&at, "no case has this key", nearest(key, &known, "key"));
    }
    if let Some(word) = quoted(head, "unknown variant") {
        at.extend(lookup(value, &at).and_then(|found| entry_with(found, word)));
        return Fault::at(&at, format!("{} is none of the words that can stand here", shown(word)), {
            nearest(word, &known, "word")
        });
    }
    if let Some(key) = quoted(head, "missing field") {
        at.push(key.into());
        return Fault::at(&at, "is not there", format!("Write {key} = … here."));
    }
    if let Some(found) = head.strip_prefix("invalid type: ") {
        let wanted = expected.strip_prefix(", expected ").unwrap_or("another");
        return wrong_type(&at, found, wanted);
    }
    match lookup(value, &at).and_then(Json::as_str) {
        Some(text) => Fault::at(
            &at,
            format!("{} is no day", shown(text)),
            match at.last() {
                Some(Step::Key(key)) if key == "last_used" => {
                    "Write a day as 2026-11-30, or a moment with its offset as 2026-11-30T14:05:00+01:00."
                }
                _ => "Write a day as 2026-11-30.",
            },
        ),
        None => Fault::at(&at, shown_whole(&said), "Mend this field."),
    }
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Seq { index } => Some(Step::At(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// The value at `at`.
pub fn lookup<'a>(value: &'a Json, at: &[Step]) -> Option<&'a Json> {
    at.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::At(index) => value.get(index),
    })
}

/// Of a table whose keys are words themselves, the entry in which the key or the value is `word`.
fn entry_with(table: &Json, word: &str) -> Option<Step> {
    let table = table.as_object()?;
    let (key, _) = table.iter().find(|(key, value)| *key == word || value.as_str() == Some(word))?;
    Some(Step::Key(key.clone()))
}

/// What stands between the first backtick and the last one of `head`, if it begins with `what`.
fn quoted<'a>(head: &'a str, what: &str) -> Option<&'a str> {
    let rest = head.strip_prefix(what)?.trim_start().strip_prefix('`')?;
    rest.get(..rest.rfind('`')?)
}

fn wrong_type(at: &[Step], found: &str, wanted: &str) -> Fault {
    let (wanted, example) = match wanted {
        "a string" => ("text", "Write it in \"quotes\"."),
        "a sequence" => ("a list", "Write a list, as [\"one\", \"two\"]."),
        "a boolean" => ("true or false", "Write true or false."),
        w if w.starts_with("struct") => ("a table", "Write a table, as [header] or { key = \"value\" }."),
        w if w.starts_with("a map") => ("a table", "Write a table, as [header] or { key = \"value\" }."),
        _ => ("another", "See the comments of a new case: radera case init."),
    };
    let found = match found {
        "map" => "a table".into(),
        "sequence" => "a list".into(),
        other => shown_whole(&other.replace('`', "")),
    };
    Fault::at(at, format!("{found} stands where {wanted} belongs"), example)
}

/// What to write instead of `given`: the nearest of `known`, or all of them.
fn nearest(given: &str, known: &[&str], what: &str) -> String {
    let allowed = (given.chars().count() / 3).max(1);
    let best = known.iter().map(|k| (distance(given, k), *k)).filter(|(d, _)| *d <= allowed + 1).min();
    match best {
        Some((_, key)) => format!("Did you mean {key}?"),
        None if known.is_empty() => format!("Take the {what} out."),
        None => format!("Known here: {}.", known.join(", ")),
    }
}

/// Edits between two words, two neighbours that swap places counted as one (restricted Damerau-Levenshtein). Words longer than 64
/// characters are far from everything.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().replace('-', "_").chars().take(65).collect();
    let b: Vec<char> = b.replace('-', "_").chars().collect();
    if a.len() > 64 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = (get(&row, j) + usize::from(x != y)).min(get(&row, j + 1) + 1).min(get(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(get(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_the_one_with_the_fewest_edits() {
        assert_eq!(distance("serail", "serial"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("Last-Used", "last_used"), 0);
        assert_eq!(nearest("serail", &["asset", "serial"], "key"), "Did you mean serial?");
        assert_eq!(nearest("colour", &["asset", "serial"], "key"), "Known here: asset, serial.");
    }
}
