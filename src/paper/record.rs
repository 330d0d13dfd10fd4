//! The first page of a sanitization record: for the person who decides.

use super::block::{self, BODY, FINE, Seal, TITLE};
use super::layout::{Sheet, Style};
use super::{medium, roles, say, told};
use crate::conformity::{Language, Person, Roles};
use crate::document::Record;
use crate::outcome::Status;

/// What a record does not prove.
const LIMITS: [&str; 5] = ["limit-statement", "limit-tool", "limit-drive", "limit-validation", "limit-seal"];

/// The whole of the first page. `least`: height of a row of the roles.
pub fn front(sheet: &mut Sheet, language: Language, record: &Record, digest: &str, least: f32) {
    sheet.heading(1, &say::text(language, "title-record"), TITLE);
    let mut line = vec![say::with(language, "paper-finished", &say::moment(&record.finished))];
    line.extend(record.case.as_ref().map(|case| say::with(language, "paper-case", case)));
    line.push(say::with(language, "paper-job", &record.job));
    sheet.paragraph(&line.join(" · "), FINE);
    if let Some(earlier) = &record.supersedes {
        sheet.paragraph(&say::with(language, "supersedes", earlier), FINE);
    }
    sheet.skip(5.0);
    banner(sheet, language, record, 12.5);
    sheet.skip(6.0);
    sheet.paragraph(&told::statement(language, record).join(" "), BODY);
    block::part(sheet, 2, &say::text(language, "paper-medium"));
    block::facts(sheet, 0.24, &summary(language, record));
    block::part(sheet, 2, &say::text(language, "paper-done"));
    block::facts(sheet, 0.24, &done(language, record));
    sheet.skip(2.0);
    sheet.paragraph(&told::readback(language, record).join(" "), BODY);
    sheet.skip(9.0);
    roles::table(sheet, language, &roles_of(record), least);
    sheet.skip(8.0);
    let seal = Seal { kind: Record::KIND, id: &record.id, digest, signer: &record.signer };
    block::seal(sheet, language, &seal, 72.0);
    limits(sheet, language);
}

/// Status and claim. What is not borne out says so first.
pub fn banner(sheet: &mut Sheet, language: Language, record: &Record, size: f32) {
    let claim = say::with(language, "paper-claim", &told::claim(language, record.claim));
    let decision = say::with(language, "validation", &decision(language, record));
    let mut lines = vec![claim, decision];
    if matches!(record.status, Status::Failed | Status::Interrupted) {
        lines.insert(0, say::text(language, "paper-still-holds-data"));
    }
    block::banner(sheet, medium::standing(record), &told::status(language, record.status), &lines, size);
}

fn decision(language: Language, record: &Record) -> String {
    if record.validation == Record::VALIDATION {
        say::text(language, "awaiting-decision")
    } else {
        record.validation.clone()
    }
}

/// What tells the medium from others, in short.
pub fn summary(language: Language, record: &Record) -> Vec<(String, String)> {
    let medium = &record.medium;
    let text = |key: &str| say::text(language, key);
    let model: Vec<&str> = [medium.vendor.as_deref(), medium.model.as_deref()].into_iter().flatten().collect();
    vec![
        (text("paper-model"), model.join(" ")),
        (text("item-serial"), medium.serial.clone().unwrap_or_else(|| text("paper-no-serial"))),
        (text("paper-wwn"), medium.wwn.clone().unwrap_or_default()),
        (text("item-asset"), record.property.clone().unwrap_or_default()),
        (text("paper-size"), say::bytes(language, medium.size_bytes)),
        (text("paper-scope"), medium::scope(language, record)),
    ]
}

/// What was done to it, in short.
pub fn done(language: Language, record: &Record) -> Vec<(String, String)> {
    let text = |key: &str| say::text(language, key);
    let exceptions = (record.exceptions.len() as u64).saturating_add(record.exceptions_left_out);
    vec![
        (text("paper-method"), medium::method(language, record)),
        (text("paper-readback"), medium::verification(language, record)),
        (text("paper-exceptions"), if exceptions == 0 { text("none") } else { say::number(language, exceptions) }),
        (text("instruction"), record.instruction.clone().unwrap_or_default()),
        (text("paper-tool"), format!("{} {}", record.tool.name, record.tool.version)),
    ]
}

/// A record names the operator alone; the others sign by hand.
pub fn roles_of(record: &Record) -> Roles {
    let person = |name: &String| Person { name: name.clone(), title: String::new(), authority: None };
    Roles { operator: record.operator.as_ref().map(person), verifier: None, signatory: None, receiver: None }
}

/// What the document does not prove.
pub fn limits(sheet: &mut Sheet, language: Language) {
    block::part(sheet, 2, &say::text(language, "does-not-prove"));
    let told: Vec<_> = LIMITS.iter().map(|key| say::text(language, key)).collect();
    block::list(sheet, Style::plain(8.0), &told);
}
