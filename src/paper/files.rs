//! What was found of files or of the free space of a filesystem.

use super::block::{self, FINE, SMALL, STRONG};
use super::layout::{Cell, Look, Sheet, Table};
use super::say;
use crate::conformity::Language;
use crate::document::{FilesEntry, Record, ResidueEntry};
use crate::outcome::{Certainty, FileVerdict, FilesSubject};
use crate::words::{self, record};

/// What was named, so that it is not taken for the medium: kind, number of files, filesystem.
pub fn scope(language: Language, kind: &str, files: &FilesEntry) -> String {
    let scope = say::coded(language, "scope", kind);
    let count = match files.subject {
        FilesSubject::Files => say::with(language, "paper-files-count", &say::number(language, files.count)),
        FilesSubject::FreeSpace => say::bytes(language, files.extent_bytes),
    };
    let with = [("scope", scope.as_str()), ("count", count.as_str()), ("filesystem", files.filesystem.as_str())];
    words::text_with(language, "paper-scope-of", &with)
}

/// The files: figures, verdicts, what is left, what was done besides.
pub fn part(sheet: &mut Sheet, language: Language, told: &Record) {
    let Some(files) = &told.files else { return };
    block::part(sheet, 3, &say::text(language, "paper-files"));
    block::facts(sheet, 0.36, &figures(language, files));
    verdicts(sheet, language, files);
    block::part(sheet, 3, &say::text(language, "paper-residue"));
    residue(sheet, language, told.residue.as_deref().unwrap_or_default());
    block::part(sheet, 3, &say::text(language, "paper-steps"));
    let steps: Vec<_> = files.steps.iter().map(|step| record::step(language, step)).collect();
    if steps.is_empty() {
        sheet.paragraph(&say::text(language, "none"), SMALL);
    } else {
        block::list(sheet, SMALL, &steps);
    }
}

fn figures(language: Language, files: &FilesEntry) -> Vec<(String, String)> {
    let label = |key: &str| say::text(language, key);
    let number = |number: u64| say::number(language, number);
    let manifest = files.manifest.as_ref();
    vec![
        (label("paper-filesystem"), files.filesystem.clone()),
        (label("paper-filesystem-bytes"), say::bytes(language, files.device_bytes)),
        (label("paper-mapping"), record::files_mapping(language, files.mapping)),
        (label("paper-redirected"), say::yes(language, files.redirected)),
        (label("paper-files-count"), number(files.count)),
        (label("paper-files-bytes"), say::bytes(language, files.bytes)),
        (label("paper-extents"), number(files.extents)),
        (label("paper-extent-bytes"), say::bytes(language, files.extent_bytes)),
        (label("paper-trimmed"), say::bytes(language, files.trimmed_bytes)),
        (label("paper-removed"), format!("{} / {}", number(files.removed), number(files.directories_removed))),
        (label("paper-left-alone"), number(files.left)),
        (label("paper-kept"), say::yes(language, files.kept)),
        (label("paper-extents-digest"), files.extents_digest.clone()),
        (label("paper-manifest"), manifest.map(|list| list.file.clone()).unwrap_or_default()),
        (label("paper-manifest-lines"), manifest.map(|list| number(list.lines)).unwrap_or_default()),
        (label("paper-digest"), manifest.map(|list| list.digest.clone()).unwrap_or_default()),
    ]
}

fn verdicts(sheet: &mut Sheet, language: Language, files: &FilesEntry) {
    sheet.skip(4.0);
    let header = ["paper-verdict", "paper-files"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.7, 0.3], &header, STRONG);
    for verdict in FileVerdict::ALL {
        let count = files.verdicts.get(verdict);
        let style = if verdict == FileVerdict::ClearedVerified || count == 0 { SMALL } else { STRONG };
        table.row(vec![
            Cell::head(record::file_verdict(language, verdict), style),
            Cell::of(say::number(language, count), style),
        ]);
    }
}

fn residue(sheet: &mut Sheet, language: Language, left: &[ResidueEntry]) {
    if left.is_empty() {
        sheet.paragraph(&say::text(language, "none"), SMALL);
        return;
    }
    let header = ["paper-residue", "paper-certainty", "paper-residue-files"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.66, 0.22, 0.12], &header, STRONG);
    for entry in left {
        let style = if entry.certainty == Certainty::Certain { STRONG } else { SMALL };
        let of = if entry.files == 0 { "–".into() } else { say::number(language, entry.files) };
        table.row(vec![
            Cell::head(say::capital(&record::residue_kind(language, entry.kind)), style)
                .and(record::residue(language, entry), FINE),
            Cell::of(say::capital(&record::certainty(language, entry.certainty)), style),
            Cell::of(of, SMALL),
        ]);
    }
}
