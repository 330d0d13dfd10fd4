//! Files that lie beside the case, their digests, and fingerprints of keys.

use std::path::{Component, Path};

use serde_json::Value;

use super::{Fault, at, below};
use crate::case::file::{Step, shown};
use crate::conformity::Case;

/// Faults of every file name, digest and fingerprint.
pub fn find(case: &Case, value: &Value, faults: &mut Vec<Fault>) {
    documents(value, &mut |at, file, sha256| {
        file_name(&below(at, "file"), file, faults);
        if let Some(sha256) = sha256.filter(|digest| !digest.is_empty() && !is_hex64(digest)) {
            faults.push(Fault::at(
                &below(at, "sha256"),
                format!("{} is no SHA-256, which has 64 hexadecimal digits", shown(sha256)),
                "Write what `sha256sum FILE` prints, or take the line out: the digest is then taken from the file.",
            ));
        }
    });
    for (index, sub) in case.subprocessors.iter().enumerate() {
        if let Some(file) = &sub.certificate {
            file_name(at!["subprocessors", index, "certificate"], file, faults);
        }
    }
    for (index, item) in case.items.iter().enumerate() {
        for (nth, file) in item.erased.iter().flat_map(|erased| &erased.records).enumerate() {
            file_name(at!["items", index, "erased", "records", nth], file, faults);
        }
    }
    for (index, file) in case.unlisted.iter().enumerate() {
        file_name(at!["unlisted", index], file, faults);
    }
    for (index, key) in case.keys.iter().enumerate() {
        let digits = key.fingerprint.strip_prefix("sha256:");
        if !key.fingerprint.is_empty() && !digits.is_some_and(is_hex64) {
            faults.push(Fault::at(
                at!["keys", index, "fingerprint"],
                format!("{} is no fingerprint", shown(&key.fingerprint)),
                "Write sha256: and 64 hexadecimal digits, as `radera key show` prints it.",
            ));
        }
    }
}

/// Calls `each` with the place, file and digest of every document in `value`, in order.
pub fn documents(value: &Value, each: &mut impl FnMut(&[Step], &str, Option<&str>)) {
    walk(value, &mut Vec::new(), each);
}

fn walk(value: &Value, at: &mut Vec<Step>, each: &mut impl FnMut(&[Step], &str, Option<&str>)) {
    match value {
        Value::Object(map) => {
            if let Some(file) = map.get("file").and_then(Value::as_str) {
                each(at, file, map.get("sha256").and_then(Value::as_str));
            }
            for (key, value) in map {
                at.push(key.as_str().into());
                walk(value, at, each);
                at.pop();
            }
        }
        Value::Array(all) => {
            for (index, value) in all.iter().enumerate() {
                at.push(index.into());
                walk(value, at, each);
                at.pop();
            }
        }
        _ => {}
    }
}

fn is_hex64(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a file name stays beside the case: relative, without `..`, and nothing that no file can be called.
pub fn stays_beside(file: &str) -> bool {
    let steps = || Path::new(file).components();
    !file.contains('\0')
        && steps().all(|step| matches!(step, Component::Normal(_) | Component::CurDir))
        && steps().any(|step| matches!(step, Component::Normal(_)))
}

fn file_name(at: &[Step], file: &str, faults: &mut Vec<Fault>) {
    if !file.is_empty() && !stays_beside(file) {
        faults.push(Fault::at(
            at,
            format!("{} does not lie beside the case", shown(file)),
            "Put the file into the directory of the case, and name it from there, without a leading / and without `..`.",
        ));
    }
}
