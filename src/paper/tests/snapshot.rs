//! The text of each document, in reading order. `RADERA_WRITE_SNAPSHOTS=1` writes them anew.

use std::fmt::Write;
use std::path::Path;

use super::sample::{LANGUAGES, all};
use super::{FORMS, laid_out};
use crate::paper::Form;
use crate::paper::layout::{Mark, Sheet};

fn text(sheet: &Sheet) -> String {
    let mut told = String::new();
    for (number, page) in sheet.pages.iter().enumerate() {
        writeln!(told, "== {} ({} x {})", number + 1, page.width, page.height.round()).unwrap();
        for drawn in &page.drawn {
            if let Mark::Text { line, .. } = &drawn.mark {
                writeln!(told, "{}", line.text).unwrap();
            }
        }
    }
    told
}

#[test]
fn every_document_says_what_it_said() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/paper/tests/snapshots");
    let write = std::env::var_os("RADERA_WRITE_SNAPSHOTS").is_some();
    let mut odd = Vec::new();
    for (name, sample) in all() {
        for language in LANGUAGES {
            for form in FORMS {
                // Of the short forms, those that are made for it.
                if form != Form::Full
                    && !["record", "record-files", "certificate", "certificate-repair"].contains(&name)
                {
                    continue;
                }
                let file = folder.join(format!("{name}.{}.{}.txt", form.name(), language.name()));
                let now = text(&laid_out(&sample, language, form));
                if write {
                    std::fs::write(&file, &now).unwrap();
                } else if std::fs::read_to_string(&file).ok().as_deref() != Some(now.as_str()) {
                    odd.push(file.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
    }
    assert!(odd.is_empty(), "other text than before (RADERA_WRITE_SNAPSHOTS=1 writes it anew): {odd:?}");
}

/// A key that no file of words has would be printed as it is.
#[test]
fn no_key_is_printed_in_place_of_its_words() {
    for (name, sample) in all() {
        for language in LANGUAGES {
            for form in FORMS {
                let text = text(&laid_out(&sample, language, form));
                let keys: Vec<_> = text.split_whitespace().filter(|word| word.starts_with("paper-")).collect();
                assert!(keys.is_empty(), "{name}, {language:?}: {keys:?}");
            }
        }
    }
}

/// Every code that a record can hold has its word in every language.
#[test]
fn every_code_has_its_word() {
    use crate::media::TechniqueId;
    let families: [(&str, Vec<&str>); 12] = [
        ("technique", TechniqueId::ALL.iter().map(|technique| technique.name()).collect()),
        ("status", vec!["sanitized", "sanitized-with-exceptions", "unverified", "failed", "interrupted"]),
        ("claim", vec!["purge", "clear", "partial-clear", "logical-overwrite", "none"]),
        ("level", vec!["none", "logical", "clear", "purge", "destroy"]),
        ("scope", vec!["whole-medium", "namespace", "partition", "plain-file", "files", "free-space"]),
        ("verify", vec!["full", "sampled", "none"]),
        ("verified", vec!["passed", "passed-with-exceptions", "failed", "incomplete", "not-done"]),
        ("end", vec!["completed", "interrupted", "killed", "lost", "gave-up"]),
        ("field", crate::paper::map::Field::ALL.iter().map(|field| field.name()).collect()),
        ("field-of-drive", vec!["written", "not-written"]),
        ("area", vec!["unknown", "not-applicable", "unreachable", "absent", "present"]),
        (
            "ending",
            vec![
                "succeeded",
                "at-once",
                "answered",
                "deallocated",
                "failed",
                "stalled",
                "stale",
                "foreign",
                "not-run",
                "broken-chain",
                "rejected",
                "frozen",
                "not-sent",
                "unclear",
                "unknown",
                "left-running",
            ],
        ),
    ];
    for language in LANGUAGES {
        for (family, codes) in &families {
            for code in codes {
                let key = format!("paper-{family}-{code}");
                assert_ne!(crate::words::text(language, &key), key, "{language:?}");
            }
        }
    }
}
