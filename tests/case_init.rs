//! `case init` with the real binary: a form to a new file, never over anything, and usage where it can't ask.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use radera::case::CaseFile;
use radera::conformity::{Language, Profile};

fn radera(dir: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_radera")).args(words).current_dir(dir).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_case_is_begun_for_each_profile_and_language() {
    let dir = tempfile::tempdir().unwrap();
    let profiles = [
        ("contract-end", Profile::ContractEnd),
        ("repair", Profile::Repair),
        ("disposal", Profile::Disposal),
        ("assignment-end", Profile::AssignmentEnd),
    ];
    let languages = [("da", Language::Da), ("sv", Language::Sv), ("en", Language::En)];
    let mut ids = std::collections::BTreeSet::new();
    for (profile, as_profile) in profiles {
        for (lang, as_language) in languages {
            let file = format!("{profile}.{lang}.toml");
            let output = radera(dir.path(), &["--json", "--lang", lang, "case", "init", &file, "--profile", profile]);
            assert_eq!(output.status.code(), Some(0), "{file}: {}", text(&output.stderr));
            let event: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let case = CaseFile::read(&dir.path().join(&file)).unwrap().case;
            assert_eq!((case.profile, case.language), (as_profile, as_language));
            assert_eq!(event, serde_json::json!({"event": "case-begun", "file": file, "id": case.id}));
            assert!(ids.insert(case.id), "an id was drawn twice");
        }
    }
}

#[test]
fn what_is_there_already_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("case.toml");
    std::fs::write(&file, "mine").unwrap();
    let output = radera(dir.path(), &["case", "init", "case.toml", "--profile", "repair"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("case.toml exists already"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn without_a_file_or_a_profile_it_is_usage_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    for (words, todo) in [
        (&["case", "init"][..], "radera case init FILE"),
        (&["case", "init", "--profile", "repair"], "radera case init FILE"),
        (&["case", "init", "case.toml"], "contract-end, repair, disposal, assignment-end"),
    ] {
        let output = radera(dir.path(), words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(text(&output.stderr).contains(todo), "{words:?}: {}", text(&output.stderr));
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn what_was_written_is_told_in_the_language_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let output = radera(dir.path(), &["--lang", "da", "case", "init", "sag.toml", "--profile", "contract-end"]);
    assert!(text(&output.stdout).contains("Sagen er skrevet i sag.toml"), "{}", text(&output.stdout));
    let written = std::fs::read_to_string(dir.path().join("sag.toml")).unwrap();
    assert!(written.starts_with("# Sagsfil: Aftalens ophør"), "{written}");
}
