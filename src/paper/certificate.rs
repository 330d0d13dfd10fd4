//! The first page of a deletion certificate: for the person who decides.

use super::block::{self, FINE, LABEL, SMALL, STRONG, Seal, Standing, TITLE};
use super::layout::{Cell, Look, Sheet, Style, Table};
use super::{roles, say, standing};
use crate::conformity::{CaseStatus, Language, Party, Profile, RowId};
use crate::document::{AgreementEntry, DeletionCertificate, RowEntry, Validated};
use crate::words;

/// Its title in `language`.
pub fn title(language: Language, page: &DeletionCertificate) -> String {
    let with_return = page.title == words::title(page.language, page.profile, true);
    words::title(language, page.profile, with_return)
}

/// How it stands.
pub fn standing(page: &DeletionCertificate) -> Standing {
    match page.status {
        CaseStatus::Complete => Standing::Good,
        CaseStatus::Incomplete => Standing::Bad,
    }
}

/// Where the decision of a person stands.
pub fn decision(language: Language, page: &DeletionCertificate) -> String {
    use crate::conformity::Decision;
    let decision = &page.validation;
    let mut told = match decision.decision {
        Validated::AwaitingDecision => say::text(language, "awaiting-decision"),
        Validated::Accepted => words::decision(language, Decision::Accepted),
        Validated::Rejected => words::decision(language, Decision::Rejected),
    };
    if let (Some(by), Some(date)) = (&decision.by, decision.date) {
        told.push_str(&format!(": {}, {}, {date}", by.name, by.title));
    }
    told
}

/// The whole of the first page. `least`: height of a row of the roles.
pub fn front(sheet: &mut Sheet, language: Language, page: &DeletionCertificate, digest: &str, least: f32) {
    sheet.heading(1, &title(language, page), TITLE);
    dates(sheet, language, page);
    sheet.skip(5.0);
    banner(sheet, language, page, 12.5);
    sheet.skip(7.0);
    parties(sheet, language, page);
    sheet.skip(4.0);
    agreements(sheet, language, page);
    sheet.skip(7.0);
    rows(sheet, language, page);
    let counts: Vec<_> = page
        .counts
        .iter()
        .map(|count| {
            let (items, fulfilled) = (say::number(language, count.items), say::number(language, count.fulfilled));
            words::text_with(
                language,
                "paper-count",
                &[("outcome", &words::outcome(language, count.outcome)), ("items", &items), ("fulfilled", &fulfilled)],
            )
        })
        .collect();
    if !counts.is_empty() {
        sheet.skip(3.0);
        sheet.paragraph(&say::with(language, "items", &counts.join("; ")), FINE);
    }
    sheet.skip(7.0);
    roles::table(sheet, language, &page.roles, least);
    sheet.skip(6.0);
    let seal = Seal { kind: DeletionCertificate::KIND, id: &page.id, digest, signer: &page.signer };
    block::seal(sheet, language, &seal, 68.0);
    sheet.skip(3.0);
    limits(sheet, language, page, 7.8);
}

/// Case, moment of issue and day that it was derived for, and what it replaces.
pub fn dates(sheet: &mut Sheet, language: Language, page: &DeletionCertificate) {
    let line = [
        say::with(language, "paper-case", &page.case),
        say::with(language, "issued", &say::moment(&page.issued)),
        say::with(language, "paper-as-of", &page.as_of.to_string()),
    ];
    sheet.paragraph(&line.join(" · "), FINE);
    if let Some(earlier) = &page.supersedes {
        sheet.paragraph(&say::with(language, "supersedes", earlier), FINE);
    }
}

/// Status, and that a person still has to decide.
pub fn banner(sheet: &mut Sheet, language: Language, page: &DeletionCertificate, size: f32) {
    let decision = say::with(language, "validation", &decision(language, page));
    block::banner(sheet, standing(page), &words::status(language, page.status), &[decision], size);
}

/// Controller and processor.
pub fn parties(sheet: &mut Sheet, language: Language, page: &DeletionCertificate) {
    let processor = match page.profile {
        Profile::AssignmentEnd => "person-of-assignment",
        Profile::ContractEnd | Profile::Repair | Profile::Disposal => "processor",
    };
    let mut table = Table::new(sheet, Look::FACTS, &[0.5, 0.5], &[], SMALL);
    let cell = |key: &str, party: &Party| {
        let number = if party.number.is_empty() { String::new() } else { say::with(language, "number", &party.number) };
        let place: Vec<_> =
            [&party.address, &party.country].into_iter().filter(|text| !text.is_empty()).cloned().collect();
        Cell::of(say::text(language, key), LABEL)
            .and(party.name.clone(), Style::bold(9.6))
            .and(place.join(", "), SMALL)
            .and(number, SMALL)
    };
    table.row(vec![cell("controller", &page.controller), cell(processor, &page.processor)]);
}

fn agreements(sheet: &mut Sheet, language: Language, page: &DeletionCertificate) {
    let told = |agreement: &Option<AgreementEntry>| {
        let Some(agreement) = agreement else { return String::new() };
        let parts = [
            Some(agreement.title.clone()),
            agreement.date.map(|date| date.to_string()),
            agreement.reference.as_ref().map(|reference| say::with(language, "reference", reference)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let end = page.agreements.end.map(|end| {
        let days = page.days_to_last_erasure.as_ref();
        let days = days.map(|days| format!(". {}", say::with(language, "days-to-last-erasure", days)));
        format!("{end}{}", days.unwrap_or_default())
    });
    let instruction = page
        .instruction
        .as_ref()
        .map(|given| format!("{}, {}, {}", given.reference, given.date, words::choice(language, given.choice)));
    let facts = [
        (say::text(language, "main-agreement"), told(&page.agreements.main)),
        (say::text(language, "processing-agreement"), told(&page.agreements.processing)),
        (say::text(language, "end"), end.unwrap_or_default()),
        (say::text(language, "instruction"), instruction.unwrap_or_else(|| say::text(language, "none"))),
    ];
    block::facts(sheet, 0.24, &facts);
}

/// What a row is called; only section 12 has letters that a reader knows.
pub fn row_title(language: Language, row: RowId) -> String {
    let title = words::row(language, row);
    match row.name().strip_prefix("12-") {
        Some(letter) => format!("§\u{a0}12\u{a0}{letter}) {title}"),
        None => title,
    }
}

/// The rows and their results.
pub fn rows(sheet: &mut Sheet, language: Language, page: &DeletionCertificate) {
    let header = ["row", "result", "responsible"].map(|family| match family {
        "row" => say::text(language, "paper-point"),
        "result" => say::text(language, "result"),
        _ => say::text(language, "responsible"),
    });
    let look = Look { pad: 2.0, ..Look::ROWS };
    let mut table = Table::new(sheet, look, &[0.52, 0.24, 0.24], &header, STRONG);
    for row in &page.conformity {
        let (text, style) = standing::result(language, row.result);
        table.row(vec![
            Cell::head(row_title(language, row.row), SMALL),
            Cell::of(text, style),
            Cell::of(words::responsible_in(language, page.profile, row.responsible), SMALL),
        ]);
    }
}

/// The rows with what they stand on, as far as the first page alone tells.
pub fn rows_in_detail(sheet: &mut Sheet, language: Language, page: &DeletionCertificate) {
    let header = ["paper-point", "result", "paper-evidence-and-reasons"].map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.25, 0.15, 0.6], &header, STRONG);
    for row in &page.conformity {
        let RowEntry { evidence, reasons, remarks, .. } = row;
        let (text, style) = standing::result(language, row.result);
        table.row(vec![
            Cell::head(row_title(language, row.row), STRONG),
            Cell::of(text, style),
            standing::told_on_page(Cell::default(), language, page.profile, evidence, reasons, remarks),
        ]);
    }
}

/// What the document does not prove: in its own words where it is told in its own language.
pub fn limits(sheet: &mut Sheet, language: Language, page: &DeletionCertificate, size: f32) {
    let own = language == page.language;
    let told = if own { page.statements.clone() } else { words::does_not_prove(language, page.profile) };
    block::part(sheet, 2, &say::text(language, "does-not-prove"));
    block::list(sheet, Style::plain(size), &told);
}
