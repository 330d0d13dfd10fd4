//! What the annex of a certificate adds: why each point stands as it does, each item, sub-processors, doubts, documents.

use std::collections::BTreeMap;

use super::block::{self, FINE, SMALL, STRONG};
use super::certificate::row_title;
use super::layout::{Cell, Look, Sheet, Table};
use super::{say, standing};
use crate::conformity::{Entry, Item, ItemVerdict, Language, Level};
use crate::document::{Annex, Attached, DeletionCertificate};
use crate::words;

/// All of it but the media.
pub fn pages(sheet: &mut Sheet, language: Language, page: &DeletionCertificate, annex: &Annex) {
    sheet.break_page();
    block::part(sheet, 2, &say::text(language, "paper-points"));
    rows(sheet, language, page, &annex.conformity.rows);
    block::part(sheet, 2, &say::text(language, "paper-items"));
    items(sheet, language, annex);
    gloss(sheet, language);
    subprocessors(sheet, language, page, annex);
    doubts(sheet, language, annex);
    documents(sheet, language, annex);
}

fn rows(sheet: &mut Sheet, language: Language, page: &DeletionCertificate, rows: &[Entry]) {
    let header = ["paper-point", "result", "paper-evidence-and-reasons"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.25, 0.15, 0.6], &header, STRONG);
    for row in rows {
        let (text, style) = standing::result(language, row.result);
        let Entry { evidence, reasons, remarks, .. } = row;
        table.row(vec![
            Cell::head(row_title(language, row.row), STRONG),
            Cell::of(text, style),
            standing::told(Cell::default(), language, page.profile, evidence, reasons, remarks),
        ]);
    }
}

/// The short name of a level; Clear, Purge and Destroy are the same in every language.
fn level(language: Language, level: Level) -> String {
    say::coded(language, "level", level.name())
}

/// One row an item.
pub fn items(sheet: &mut Sheet, language: Language, annex: &Annex) {
    if annex.conformity.items.is_empty() {
        sheet.paragraph(&say::text(language, "paper-no-items"), SMALL);
        return;
    }
    let given: BTreeMap<&str, &Item> = annex.case.items.iter().map(|item| (item.id.as_str(), item)).collect();
    let header = ["item", "result", "paper-level", "paper-evidence-and-reasons"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.27, 0.15, 0.15, 0.43], &header, STRONG);
    for item in &annex.conformity.items {
        table.row(item_row(language, annex, item, given.get(item.item.as_str()).copied()));
    }
}

/// What the levels of the items mean.
fn gloss(sheet: &mut Sheet, language: Language) {
    sheet.skip(3.0);
    let gloss = [Level::Clear, Level::Purge, Level::Destroy].map(|level| words::level(language, level));
    sheet.paragraph(&gloss.join(" · "), FINE);
}

fn item_row(language: Language, annex: &Annex, verdict: &ItemVerdict, given: Option<&Item>) -> Vec<Cell> {
    let (result, style) = standing::result(language, verdict.result);
    let mut what = Cell::head(verdict.item.clone(), STRONG);
    if let Some(item) = given {
        let media = format!("{}, {}", words::kind(language, item.kind), words::media(language, item.media));
        what = what.and(say::capital(&media), SMALL).and(item.description.clone(), SMALL);
        for (key, value) in [("item-serial", &item.serial), ("item-asset", &item.asset)] {
            what = what.and(value.as_ref().map(|value| say::with(language, key, value)).unwrap_or_default(), FINE);
        }
    }
    let levels = Cell::of(say::with(language, "paper-needed", &level(language, verdict.needs)), SMALL)
        .and(say::with(language, "paper-shown", &level(language, verdict.reached)), SMALL);
    let mut stands = Cell::default();
    for line in given.map(|item| outcome(language, item)).unwrap_or_default() {
        stands = stands.and(line, SMALL);
    }
    let ItemVerdict { evidence, reasons, remarks, .. } = verdict;
    vec![
        what,
        Cell::of(words::outcome(language, verdict.outcome), SMALL).and(result, style),
        levels,
        standing::told(stands, language, annex.case.profile, evidence, reasons, remarks),
    ]
}

/// What a person stated of how the item ended.
fn outcome(language: Language, item: &Item) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(gone) = &item.destroyed {
        let how = words::destruction(language, gone.how);
        told.push(format!("{}, {how}, {}", gone.date, gone.by));
        told.push(format!(
            "{}, {}",
            say::with(language, "item-witness", &gone.witness),
            say::with(language, "item-place", &gone.place)
        ));
    }
    if let Some(gone) = &item.logically_deleted {
        told.push(format!("{}, {}, {}", gone.date, gone.how, gone.by.name));
    }
    if let Some(gone) = &item.handed_over {
        told.push(format!("{}, {}", gone.date, say::with(language, "item-to", &gone.to)));
    }
    if let Some(kept) = &item.retained {
        told.push(format!("{}: {}, {}", kept.what, kept.act, kept.section));
        told.push(format!("{}, {}", say::with(language, "item-until", &kept.until.to_string()), kept.responsible.name));
    }
    if let Some(open) = &item.pending {
        told.push(format!("{}: {}", say::with(language, "item-until", &open.until.to_string()), open.why));
    }
    if let Some(failed) = &item.failed {
        told.push(format!("{}: {}", failed.date, failed.why));
    }
    told
}

fn subprocessors(sheet: &mut Sheet, language: Language, page: &DeletionCertificate, annex: &Annex) {
    if annex.conformity.subprocessors.is_empty() {
        return;
    }
    block::part(sheet, 2, &say::text(language, "sub-processors"));
    let header = ["sub-processor", "result", "paper-evidence-and-reasons"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.27, 0.25, 0.48], &header, STRONG);
    for sub in &annex.conformity.subprocessors {
        let (text, style) = standing::result(language, sub.result);
        let party =
            annex.case.subprocessors.iter().find(|given| given.id == sub.subprocessor).map(|given| &given.party);
        let mut who = Cell::head(sub.subprocessor.clone(), STRONG);
        if let Some(party) = party {
            who = who.and(party.name.clone(), SMALL).and(party.number.clone(), FINE);
        }
        table.row(vec![
            who,
            Cell::of(words::grade(language, sub.grade), SMALL).and(text, style),
            standing::told(Cell::default(), language, page.profile, &sub.evidence, &sub.reasons, &sub.remarks),
        ]);
    }
}

fn doubts(sheet: &mut Sheet, language: Language, annex: &Annex) {
    block::part(sheet, 2, &say::text(language, "doubts"));
    let header = ["paper-doubt", "paper-measured", "paper-remarks"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.27, 0.25, 0.48], &header, STRONG);
    for doubt in &annex.conformity.doubts {
        table.row(vec![
            Cell::head(words::doubt(language, doubt.doubt), STRONG),
            Cell::of(words::measured(language, doubt.measured), SMALL),
            standing::told(Cell::default(), language, annex.case.profile, &[], &[], &doubt.remarks),
        ]);
    }
}

/// The documents that were found, by their digest, and the signed ones that are attached.
fn documents(sheet: &mut Sheet, language: Language, annex: &Annex) {
    if annex.documents.is_empty() && annex.evidence.is_empty() {
        return;
    }
    block::part(sheet, 2, &say::text(language, "paper-documents"));
    let header = ["paper-file", "digest"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.4, 0.6], &header, STRONG);
    for (file, digest) in &annex.documents {
        table.row(vec![Cell::head(file.clone(), SMALL), Cell::of(digest.clone(), FINE)]);
    }
    for Attached { file, digest, unusable, .. } in &annex.evidence {
        let digest = Cell::of(digest.strip_prefix("sha256:").unwrap_or(digest), FINE);
        table.row(vec![Cell::head(file.clone(), SMALL), digest.and(unusable.clone().unwrap_or_default(), FINE)]);
    }
}
