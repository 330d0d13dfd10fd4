//! What radera says of files: the command, its exit code, the record.

use std::path::Path;

use serde_json::Value;

use crate::support::radera::{Ended, Issued, Radera, Running};

/// The arguments of `wipe --method clear --yes` of these paths, with `more` options.
pub fn words<'a>(radera: &'a Radera, paths: &[&'a Path], more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["wipe"];
    words.extend(paths.iter().map(|path| path.to_str().unwrap()));
    words.extend(["--method", "clear", "--yes", "--out", radera.out.to_str().unwrap()]);
    words.extend_from_slice(more);
    words
}

pub fn wipe(radera: &Radera, paths: &[&Path], more: &[&str]) -> Ended {
    radera.run(&words(radera, paths, more))
}

pub fn start(radera: &Radera, paths: &[&Path], more: &[&str]) -> Running {
    Running::start(radera.command(&words(radera, paths, more)))
}

/// How many files the record has under a verdict.
pub fn verdicts(record: &Issued, name: &str) -> u64 {
    let verdicts = record.value("/files/verdicts").as_object().expect("`files.verdicts` is an object");
    verdicts.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// The verdict of a record about one file.
pub fn verdict(record: &Issued) -> String {
    let verdicts = record.value("/files/verdicts").as_object().expect("`files.verdicts` is an object");
    let said: Vec<_> = verdicts.iter().filter(|(_, count)| count.as_u64() != Some(0)).collect();
    assert!(said.len() == 1 && said[0].1 == 1, "one file, one verdict: {}", record.json);
    assert_eq!(record.number("/files/count"), 1, "{}", record.json);
    let known = ["cleared-verified", "overwritten-unverified", "trimmed-not-overwritten", "not-cleared"];
    assert!(known.contains(&said[0].0.as_str()), "{}", record.json);
    said[0].0.clone()
}

/// The kinds of residue in a record.
pub fn residue(record: &Issued) -> Vec<String> {
    let list = record.value("/residue").as_array().expect("`residue` is a list");
    list.iter()
        .map(|entry| {
            assert!(entry["certainty"] == "certain" || entry["certainty"] == "possible", "{entry}");
            assert!(entry["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{entry}");
            entry["kind"].as_str().expect("`kind`").to_string()
        })
        .collect()
}

pub fn assert_cleared(ended: &Ended, files: u64) -> Issued {
    assert_eq!(ended.code(), 0, "{ended:?}");
    let record = ended.record();
    assert_eq!(verdicts(&record, "cleared-verified"), files, "{}", record.json);
    assert_eq!(record.number("/files/count"), files, "{}", record.json);
    assert_eq!(record.text("/status"), "sanitized", "{}", record.json);
    record
}

/// Refused with exit 3, some words that must be among the reasons, no record.
pub fn assert_refused(radera: &Radera, ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code(), 3, "{ended:?}");
    let said = ended.said().to_lowercase();
    assert!(words.iter().any(|word| said.contains(word)), "none of {words:?} is in {ended:?}");
    assert_eq!(radera.records().len(), 0, "nothing was changed, so there is nothing to record");
}
