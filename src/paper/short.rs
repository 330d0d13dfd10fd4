//! A repair shop's sheet: one page of a record, or of a repair case.

use super::block::{self, Seal, TITLE};
use super::layout::Sheet;
use super::{annex, certificate, record, say};
use crate::conformity::{Language, Repair};
use crate::document::{Annex, DeletionCertificate, Record};

/// Height of a row of the roles.
const LEAST: f32 = 21.0;

/// The sheet of a record: its first page.
pub fn of_record(sheet: &mut Sheet, language: Language, told: &Record, digest: &str) {
    record::front(sheet, language, told, digest, 27.0);
}

/// The sheet of a case: its first page, and of a repair the device and its media.
pub fn of_certificate(
    sheet: &mut Sheet,
    language: Language,
    page: &DeletionCertificate,
    annex: Option<&Annex>,
    digest: &str,
) {
    let Some((annex, repair)) = annex.and_then(|annex| Some((annex, annex.case.repair.as_ref()?))) else {
        certificate::front(sheet, language, page, digest, LEAST);
        return;
    };
    sheet.heading(1, &certificate::title(language, page), TITLE);
    certificate::dates(sheet, language, page);
    sheet.skip(5.0);
    certificate::banner(sheet, language, page, 12.5);
    sheet.skip(6.0);
    certificate::parties(sheet, language, page);
    block::part(sheet, 2, &say::text(language, "paper-device"));
    block::facts(sheet, 0.24, &device(language, repair));
    sheet.skip(6.0);
    certificate::rows(sheet, language, page);
    block::part(sheet, 2, &say::text(language, "paper-items"));
    annex::items(sheet, language, annex);
    sheet.skip(8.0);
    super::roles::table(sheet, language, &page.roles, LEAST);
    sheet.skip(6.0);
    let seal = Seal { kind: DeletionCertificate::KIND, id: &page.id, digest, signer: &page.signer };
    block::seal(sheet, language, &seal, 68.0);
    certificate::limits(sheet, language, page, 7.0);
}

/// The device that goes to the repairer.
pub fn device(language: Language, repair: &Repair) -> Vec<(String, String)> {
    let text = |key: &str| say::text(language, key);
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    vec![
        (text("paper-device-name"), repair.device.clone()),
        (text("paper-identification"), repair.identification.clone()),
        (text("paper-fault"), repair.fault.clone()),
        (text("paper-repairer"), repair.repairer.clone()),
        (text("paper-handed-over"), date(repair.handed_over)),
        (text("paper-returned"), date(repair.returned)),
        (text("place-repair-not-erased"), repair.not_erased_because.clone().unwrap_or_default()),
        (
            text("place-repair-medium-removed"),
            repair.medium_removed.map(|is| say::yes(language, is)).unwrap_or_default(),
        ),
    ]
}
