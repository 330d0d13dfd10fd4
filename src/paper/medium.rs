//! The page of a medium: which it is, what was done to it, what it answered, what was read back, and everything that went otherwise.

use super::block::{self, BODY, SMALL, STRONG, Standing};
use super::layout::{Cell, Look, Sheet, Table};
use super::{command, files, say, surface, told};
use crate::conformity::Language;
use crate::document::{Record, Session};
use crate::media::HiddenArea;
use crate::outcome::{Claim, ScopeKind, Status, Trouble};
use crate::words;

/// How a record stands.
pub fn standing(record: &Record) -> Standing {
    match record.status {
        Status::Sanitized if record.claim != Claim::None => Standing::Good,
        Status::Sanitized | Status::SanitizedWithExceptions | Status::Unverified => Standing::Open,
        Status::Failed | Status::Interrupted => Standing::Bad,
    }
}

/// What the medium is called.
pub fn name(record: &Record) -> String {
    let medium = &record.medium;
    let parts = [medium.vendor.as_deref(), medium.model.as_deref(), medium.serial.as_deref()];
    let told: Vec<&str> = parts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    if told.is_empty() { medium.path.clone() } else { told.join(" ") }
}

/// Method and technique.
pub fn method(language: Language, record: &Record) -> String {
    let method = say::coded(language, "method", record.method.name());
    let technique = say::coded(language, "technique", record.technique.name());
    match &record.scheme {
        Some(scheme) => format!("{method}: {technique} ({scheme})"),
        None => format!("{method}: {technique}"),
    }
}

/// Kind and result of the readback.
pub fn verification(language: Language, record: &Record) -> String {
    let entry = &record.verification;
    let kind = say::coded(language, "verify", entry.kind.name());
    format!("{kind}: {}", say::coded(language, "verified", &entry.status))
}

/// Everything that tells the medium from others.
pub fn identity(language: Language, record: &Record) -> Vec<(String, String)> {
    let medium = &record.medium;
    let label = |key: &str| say::text(language, key);
    let given = |value: &Option<String>| value.clone().unwrap_or_default();
    let serial = match (&medium.serial, &medium.serial_source) {
        (Some(serial), Some(source)) => format!("{serial} ({source})"),
        (serial, _) => given(serial),
    };
    let layers: Vec<_> = medium.layers.iter().map(|layer| format!("{} ({})", layer.kind, layer.detail)).collect();
    let scope = &record.scope;
    vec![
        (label("paper-vendor"), given(&medium.vendor)),
        (label("paper-model"), given(&medium.model)),
        (label("item-serial"), serial),
        (label("paper-wwn"), given(&medium.wwn)),
        (label("item-asset"), given(&record.property)),
        (label("paper-firmware"), given(&medium.firmware)),
        (label("paper-size"), say::bytes(language, medium.size_bytes)),
        (label("paper-blocks"), format!("{} / {}", medium.logical_block_bytes, medium.physical_block_bytes)),
        (label("paper-bus"), format!("{}, {}", medium.bus, say::coded(language, "rotation", &medium.rotation))),
        (label("paper-removable"), say::yes(language, medium.removable)),
        (label("paper-path"), medium.path.clone()),
        (label("paper-disk-sequence"), given(&medium.disk_sequence)),
        (label("paper-layers"), layers.join(", ")),
        (label("paper-scope"), self::scope(language, record)),
        (label("paper-scope-path"), scope.path.clone()),
        (label("paper-scope-first"), say::number(language, scope.first_byte)),
        (label("paper-scope-bytes"), say::bytes(language, scope.bytes)),
    ]
}

/// What was named.
pub fn scope(language: Language, record: &Record) -> String {
    let kind = match record.scope.kind {
        ScopeKind::WholeMedium => "whole-medium",
        ScopeKind::Namespace => "namespace",
        ScopeKind::Partition => "partition",
        ScopeKind::PlainFile => "plain-file",
        ScopeKind::Files => "files",
        ScopeKind::FreeSpace => "free-space",
    };
    match &record.files {
        Some(told) => files::scope(language, kind, told),
        None => say::coded(language, "scope", kind),
    }
}

/// The whole of it, from the current place on. `digest`: of the record's JSON, where it stands in a certificate.
pub fn page(sheet: &mut Sheet, language: Language, record: &Record, digest: Option<&str>) {
    block::part(sheet, 2, &name(record));
    if let Some(digest) = digest {
        let line = [say::with(language, "paper-record", &record.id), digest.into()];
        sheet.paragraph(&line.join(" · "), block::FINE);
        sheet.skip(4.0);
        let lines = told::statement(language, record);
        let head = format!("{}. {}", told::status(language, record.status), told::claim(language, record.claim));
        block::banner(sheet, standing(record), &head, &lines, 10.5);
        sheet.skip(4.0);
    }
    block::part(sheet, 3, &say::text(language, "paper-identity"));
    block::facts_in_two(sheet, &identity(language, record));
    block::part(sheet, 3, &say::text(language, "paper-technique"));
    let tool = format!("{} {} ({})", record.tool.name, record.tool.version, record.tool.digest);
    let facts =
        [(say::text(language, "paper-method"), method(language, record)), (say::text(language, "paper-tool"), tool)];
    block::facts(sheet, 0.19, &facts);
    let facts = [
        (say::text(language, "paper-started"), say::moment(&record.started)),
        (say::text(language, "paper-finished"), say::moment(&record.finished)),
        (say::text(language, "operator"), record.operator.clone().unwrap_or_default()),
        (say::text(language, "instruction"), record.instruction.clone().unwrap_or_default()),
    ];
    block::facts_in_two(sheet, &facts);
    passes(sheet, language, record);
    if let Some(told) = &record.command {
        command::part(sheet, language, told);
    }
    files::part(sheet, language, record);
    sheet.skip(3.0);
    block::list(sheet, SMALL, &told::standards(language, record));
    readback(sheet, language, record);
    areas(sheet, language, record);
    exceptions(sheet, language, record);
    sessions(sheet, language, &record.sessions);
}

fn passes(sheet: &mut Sheet, language: Language, record: &Record) {
    if record.passes.is_empty() {
        return;
    }
    sheet.skip(4.0);
    let keys = ["paper-pass", "paper-pattern", "paper-written", "paper-time", "paper-whole"];
    let header = keys.map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.12, 0.26, 0.34, 0.14, 0.14], &header, STRONG);
    for pass in &record.passes {
        let number = format!("{}/{}", pass.number, record.passes_planned);
        let style = if pass.complete { SMALL } else { STRONG };
        table.row(vec![
            Cell::head(number, SMALL),
            Cell::of(say::coded(language, "pattern", &pass.pattern), SMALL),
            Cell::of(say::bytes(language, pass.bytes_written), SMALL),
            Cell::of(say::time(pass.milliseconds), SMALL),
            Cell::of(say::yes(language, pass.complete), style),
        ]);
    }
}

fn readback(sheet: &mut Sheet, language: Language, record: &Record) {
    block::part(sheet, 3, &say::text(language, "paper-readback"));
    let entry = &record.verification;
    let (planned, read) = (say::bytes(language, entry.bytes_planned), say::bytes(language, entry.bytes_read));
    let counted = |count: Option<u64>| count.map(|count| say::number(language, count)).unwrap_or_default();
    let facts = [
        (say::text(language, "result"), verification(language, record)),
        (say::text(language, "paper-asked"), say::coded(language, "verify", entry.asked.name())),
        (say::text(language, "paper-planned"), planned),
        (say::text(language, "paper-read"), read),
        (say::text(language, "paper-mismatches"), say::number(language, entry.mismatches)),
        (say::text(language, "paper-unreadable"), say::number(language, entry.unreadable)),
        (say::text(language, "paper-cells"), counted(entry.cells)),
        (say::text(language, "paper-cells-read"), counted(entry.cells_read)),
        (say::text(language, "paper-seed"), entry.seed.clone().unwrap_or_default()),
        (say::text(language, "paper-time"), say::time(entry.milliseconds)),
    ];
    block::facts_in_two(sheet, &facts);
    sheet.skip(2.0);
    for sentence in told::readback(language, record) {
        sheet.paragraph(&sentence, BODY);
    }
    surface::draw(sheet, language, record);
}

/// Hidden areas and health.
fn areas(sheet: &mut Sheet, language: Language, record: &Record) {
    block::part(sheet, 3, &say::text(language, "paper-hidden"));
    let area = |area: HiddenArea| match area {
        HiddenArea::Unknown => say::coded(language, "area", "unknown"),
        HiddenArea::NotApplicable => say::coded(language, "area", "not-applicable"),
        HiddenArea::Unreachable => say::coded(language, "area", "unreachable"),
        HiddenArea::Absent => say::coded(language, "area", "absent"),
        HiddenArea::Present { bytes } => {
            format!("{}: {}", say::coded(language, "area", "present"), say::bytes(language, bytes))
        }
    };
    let hidden = &record.hidden_areas;
    let mut facts = vec![
        ("HPA".to_string(), area(hidden.host_protected_area)),
        ("DCO".to_string(), area(hidden.device_configuration_overlay)),
        ("AMA".to_string(), area(hidden.accessible_max_address)),
    ];
    let (before, after) = (record.health.before.unwrap_or_default(), record.health.after.unwrap_or_default());
    let numbers = [
        ("paper-reallocated", before.reallocated, after.reallocated),
        ("paper-spare", before.spare_percent, after.spare_percent),
        ("paper-media-errors", before.media_errors, after.media_errors),
        ("paper-hours", before.power_on_hours, after.power_on_hours),
        ("paper-lifetime-written", before.bytes_written, after.bytes_written),
        ("paper-failing", before.failing.map(u64::from), after.failing.map(u64::from)),
    ];
    for (key, before, after) in numbers {
        let shown = |value: Option<u64>| match value {
            None => "–".to_string(),
            Some(value) if key == "paper-failing" => say::yes(language, value > 0),
            Some(value) => say::number(language, value),
        };
        if before.is_some() || after.is_some() {
            facts.push((say::text(language, key), format!("{} → {}", shown(before), shown(after))));
        }
    }
    block::facts_in_two(sheet, &facts);
}

fn exceptions(sheet: &mut Sheet, language: Language, record: &Record) {
    block::part(sheet, 3, &say::text(language, "paper-exceptions"));
    if record.exceptions.is_empty() && record.exceptions_left_out == 0 {
        sheet.paragraph(&say::text(language, "none"), SMALL);
        return;
    }
    let keys = ["paper-trouble", "paper-first-byte", "paper-length", "paper-pass", "paper-error"];
    let header = keys.map(|key| say::text(language, key));
    let mut table =
        Table::new(sheet, Look { pad: 1.4, ..Look::ROWS }, &[0.22, 0.22, 0.17, 0.12, 0.27], &header, STRONG);
    for exception in &record.exceptions {
        let kind = match exception.kind {
            Trouble::WriteFailed => "write-failed",
            Trouble::Unreadable => "unreadable",
            Trouble::Mismatch => "mismatch",
        };
        let pass = match exception.pass {
            0 => say::text(language, "paper-on-readback"),
            pass => pass.to_string(),
        };
        table.row(vec![
            Cell::head(say::coded(language, "trouble", kind), SMALL),
            Cell::of(say::number(language, exception.first_byte), SMALL),
            Cell::of(say::number(language, exception.bytes), SMALL),
            Cell::of(pass, SMALL),
            Cell::of(exception.error.clone().unwrap_or_else(|| "–".into()), SMALL),
        ]);
    }
    if record.exceptions_left_out > 0 {
        sheet.skip(2.0);
        let count = say::number(language, record.exceptions_left_out);
        sheet.paragraph(&say::with(language, "paper-left-out", &count), STRONG);
    }
}

fn sessions(sheet: &mut Sheet, language: Language, sessions: &[Session]) {
    block::part(sheet, 3, &say::text(language, "paper-sessions"));
    let keys = ["paper-started", "paper-finished", "paper-ended", "paper-from", "paper-engine"];
    let header = keys.map(|key| say::text(language, key));
    let mut table = Table::new(sheet, Look::ROWS, &[0.23, 0.23, 0.22, 0.2, 0.12], &header, STRONG);
    for session in sessions {
        let from = match (session.from_pass, session.from_byte) {
            (Some(pass), Some(byte)) => {
                let (pass, byte) = (pass.to_string(), say::number(language, byte));
                words::text_with(language, "paper-from-place", &[("pass", &pass), ("byte", &byte)])
            }
            _ => "–".into(),
        };
        let finished = session.finished.as_deref().map(say::moment);
        table.row(vec![
            Cell::head(say::moment(&session.started), SMALL),
            Cell::of(finished.unwrap_or_else(|| "–".into()), SMALL),
            Cell::of(say::coded(language, "end", &session.end), SMALL).and(session.detail.clone(), block::FINE),
            Cell::of(from, SMALL),
            Cell::of(session.engine.clone().unwrap_or_else(|| "–".into()), SMALL),
        ]);
    }
}
