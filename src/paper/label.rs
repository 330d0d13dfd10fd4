//! A label of the 62 mm roll: which medium, how it stands, and the code.

use super::block::{self, FINE, PART, Seal, Standing};
use super::layout::{LABEL, Sheet, Style};
use super::{certificate, medium, qr, record, say, told};
use crate::conformity::Language;
use crate::document::{DeletionCertificate, Record};
use crate::words;

/// Code of the label, in points.
const CODE: f32 = 92.0;

/// The label of a record.
pub fn of_record(language: Language, told_by: &Record, digest: &str) -> Sheet {
    let mut sheet = Sheet::new(LABEL);
    sheet.heading(1, &say::text(language, "title-record"), Style::bold(10.0));
    sheet.skip(2.0);
    let head = told::status(language, told_by.status);
    block::banner(&mut sheet, medium::standing(told_by), &head, &[told::claim(language, told_by.claim)], 9.0);
    sheet.skip(3.0);
    let mut facts = record::summary(language, told_by);
    facts.push((say::text(language, "paper-method"), medium::method(language, told_by)));
    facts.push((say::text(language, "paper-readback"), medium::verification(language, told_by)));
    facts.push((say::text(language, "paper-finished"), say::moment(&told_by.finished)));
    facts.push((say::text(language, "operator"), told_by.operator.clone().unwrap_or_default()));
    told_in(&mut sheet, &facts);
    code(&mut sheet, language, &Seal { kind: Record::KIND, id: &told_by.id, digest, signer: &told_by.signer });
    sheet.cut();
    sheet
}

/// The label of a certificate.
pub fn of_certificate(language: Language, page: &DeletionCertificate, digest: &str) -> Sheet {
    let mut sheet = Sheet::new(LABEL);
    sheet.heading(1, &certificate::title(language, page), Style::bold(10.0));
    sheet.skip(2.0);
    let standing: Standing = certificate::standing(page);
    let decision = certificate::decision(language, page);
    block::banner(&mut sheet, standing, &words::status(language, page.status), &[decision], 9.0);
    sheet.skip(3.0);
    let items: u64 = page.counts.iter().map(|count| count.items).fold(0, u64::saturating_add);
    let facts = [
        (say::text(language, "controller"), page.controller.name.clone()),
        (say::text(language, "processor"), page.processor.name.clone()),
        (say::text(language, "paper-case"), page.case.clone()),
        (say::text(language, "items"), say::number(language, items)),
        (say::text(language, "issued"), say::moment(&page.issued)),
    ];
    told_in(&mut sheet, &facts);
    let seal = Seal { kind: DeletionCertificate::KIND, id: &page.id, digest, signer: &page.signer };
    code(&mut sheet, language, &seal);
    sheet.cut();
    sheet
}

fn told_in(sheet: &mut Sheet, facts: &[(String, String)]) {
    block::facts(sheet, 0.42, facts);
}

fn code(sheet: &mut Sheet, language: Language, seal: &Seal<'_>) {
    sheet.skip(3.0);
    sheet.need(CODE);
    let (x, y) = ((sheet.left + sheet.right - CODE) / 2.0, sheet.y);
    let code = seal.code();
    qr::draw(sheet, x, y, CODE, &code, &say::with(language, "paper-code", &code));
    sheet.y += CODE;
    let (what, note) = block::signer(language, seal.signer);
    sheet.paragraph(&what, PART);
    sheet.paragraph(&note, FINE);
    sheet.paragraph(&say::with(language, "paper-document-id", seal.id), FINE);
    sheet.paragraph(&format!("sha256:{}", seal.digest), FINE);
}
