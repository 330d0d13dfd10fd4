//! The record of the session before, where it lies beside one.

use std::fs;
use std::path::Path;

use super::{Checked, Says};
use crate::certificate::{JSON_LIMIT, read, sha256_text};
use crate::document::parse;
use crate::words::{Finding, Told};

/// How many files of a directory are looked at.
const MANY: usize = 10_000;

/// Looks for the record that this one replaces, by its digest. It decides nothing about this one: it is told.
pub fn look(found: &mut Checked) {
    let Says::Record(record) = &found.says else { return };
    let Some(earlier) = record.supersedes.clone() else { return };
    let directory = found.file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(directory).into_iter().flatten().take(MANY).filter_map(Result::ok);
    let told = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json") && path.is_file())
        .find_map(|path| {
            let bytes = read(&path, JSON_LIMIT).ok()??;
            if sha256_text(&bytes) != earlier {
                return None;
            }
            let file = path.file_name().unwrap_or_default().display().to_string();
            let same_job = parse(&bytes).is_ok_and(|other| other.job == record.job);
            let told = |code| Told::new(code).with("file", file);
            Some(if same_job { Ok(told("linked-is")) } else { Err(told("linked-other")) })
        })
        .unwrap_or_else(|| Err(Told::new("linked-missing").with("digest", &earlier)));
    found.findings.push(Finding::of("linked", told));
}
