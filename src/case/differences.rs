//! Where a paper and what follows from its evidence differ, each in a sentence.

use serde::Serialize;
use serde_json::{Map, Value};

/// The most that are told.
const MOST: usize = 40;
/// Keys by which the members of lists are told apart.
const NAMES: [&str; 6] = ["row", "item", "subprocessor", "doubt", "outcome", "digest"];
/// Places whose values are this tool's words, which another version may choose otherwise. A title or a reason that stands anywhere else is
/// what a person wrote.
const WORDS: [&str; 12] = [
    "title",
    "status_text",
    "statements",
    "conformity.title",
    "conformity.result_text",
    "conformity.reasons.text",
    "conformity.remarks.text",
    "counts.text",
    "validation.text",
    "doubts.title",
    "doubts.measured_text",
    "doubts.remarks.text",
];
/// Reasons whose `with.why` is a sentence of this tool: why a document is not authentic.
const EXPLAINED: [&str; 2] = ["record-not-authentic", "certificate-not-authentic"];

/// Each difference between what `paper` says and what `follows`. Without `same_words` the words are left out.
pub fn differences<T: Serialize>(place: &str, paper: &T, follows: &T, same_words: bool) -> Vec<String> {
    let (Ok(paper), Ok(follows)) = (serde_json::to_value(paper), serde_json::to_value(follows)) else {
        return vec![format!("{place} can't be compared")];
    };
    let mut found = Vec::new();
    compare(&At { told: place.into(), keys: String::new() }, &paper, &follows, same_words, &mut found);
    if found.len() > MOST {
        let more = found.len() - MOST;
        found.truncate(MOST);
        found.push(format!("and {more} more differences"));
    }
    found
}

/// Where something stands: for people, and by its keys alone.
struct At {
    told: String,
    keys: String,
}

impl At {
    fn key(&self, key: &str) -> Self {
        let keys = if self.keys.is_empty() { key.into() } else { format!("{}.{key}", self.keys) };
        At { told: format!("{}, {key}", self.told), keys }
    }

    fn one(&self, name: &str) -> Self {
        At { told: format!("{} {name}", self.told), keys: self.keys.clone() }
    }
}

fn compare(at: &At, paper: &Value, follows: &Value, same_words: bool, found: &mut Vec<String>) {
    match (paper, follows) {
        (Value::Object(paper), Value::Object(follows)) => {
            let explained = follows.get("code").and_then(Value::as_str).is_some_and(|code| EXPLAINED.contains(&code));
            let keys = paper.keys().chain(follows.keys().filter(|key| !paper.contains_key(*key)));
            for key in keys {
                let at = at.key(key);
                if !same_words && WORDS.contains(&at.keys.as_str()) {
                    continue;
                }
                let (mut paper, mut follows) = (paper.get(key).cloned(), follows.get(key).cloned());
                if !same_words && explained && key == "with" {
                    for with in [&mut paper, &mut follows].into_iter().flatten() {
                        drop(with.as_object_mut().and_then(|with| with.remove("why")));
                    }
                }
                let (paper, follows) = (paper.unwrap_or(Value::Null), follows.unwrap_or(Value::Null));
                compare(&at, &paper, &follows, same_words, found);
            }
        }
        (Value::Array(paper), Value::Array(follows)) => lists(at, paper, follows, same_words, found),
        _ if paper == follows => {}
        _ => found.push(format!("{}: the paper says {}, and {} follows", at.told, shown(paper), shown(follows))),
    }
}

fn lists(at: &At, paper: &[Value], follows: &[Value], same_words: bool, found: &mut Vec<String>) {
    let same_order = paper.len() == follows.len() && paper.iter().zip(follows).all(|(p, f)| name(p) == name(f));
    if same_order {
        for (number, (paper, follows)) in paper.iter().zip(follows).enumerate() {
            let at = match name(paper) {
                Some(name) => at.one(name),
                None => at.one(&(number + 1).to_string()),
            };
            compare(&at, paper, follows, same_words, found);
        }
        return;
    }
    let place = &at.told;
    let left_out = |from: &[Value], of: &[Value]| {
        let mut rest: Vec<&Value> = of.iter().collect();
        let mut missing = Vec::new();
        for one in from {
            match rest.iter().position(|other| *other == one) {
                Some(at) => drop(rest.remove(at)),
                None => missing.push(shown(one)),
            }
        }
        missing
    };
    let before = found.len();
    found.extend(
        left_out(follows, paper).iter().map(|one| format!("{place}: {one} follows, and the paper leaves it out")),
    );
    found.extend(
        left_out(paper, follows).iter().map(|one| format!("{place}: the paper says {one}, and it does not follow")),
    );
    if found.len() == before {
        found.push(format!("{place}: the paper has another order"));
    }
}

fn name(value: &Value) -> Option<&str> {
    NAMES.iter().find_map(|key| value.get(key)?.as_str())
}

/// A value in few words.
fn shown(value: &Value) -> String {
    let object = |map: &Map<String, Value>| {
        let part = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_string);
        let parts: Vec<_> = NAMES.iter().chain(&["code", "kind", "result"]).filter_map(|key| part(key)).collect();
        if parts.is_empty() { Value::Object(map.clone()).to_string() } else { parts.join(" ") }
    };
    let text = match value {
        Value::Null => "nothing".into(),
        Value::String(text) => format!("{text:?}"),
        Value::Object(map) => format!("{:?}", object(map)),
        other => other.to_string(),
    };
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
