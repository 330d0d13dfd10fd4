//! The map of the surface, drawn. Each kind of field has a pattern of its own, so that it is told without its colour.

use super::block::{self, FINE, SMALL};
use super::layout::{Area, Ink, Mark, Role, Sheet};
use super::map::{COLUMNS, Field, Map, ROWS, map};
use super::say;
use crate::conformity::Language;
use crate::document::Record;
use crate::words;

/// Draws the map of `record` with its legend.
#[allow(clippy::cast_precision_loss)] // Columns, rows and counts far below 2^24.
pub fn draw(sheet: &mut Sheet, language: Language, record: &Record) {
    let Some(map) = map(record) else { return };
    let side = sheet.width() / COLUMNS as f32;
    let height = side * ROWS as f32;
    // Heading, map and legend stay together.
    sheet.need(height + 100.0);
    block::part(sheet, 3, &say::text(language, "paper-map"));
    let kinds: Vec<(Field, usize)> = Field::ALL
        .into_iter()
        .map(|kind| (kind, map.fields.iter().filter(|field| **field == kind).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let told: Vec<_> = kinds.iter().map(|(kind, count)| told(language, record, *kind, *count)).collect();
    let node = sheet.node(Role::Figure(told.join(" ")), None);
    let (left, top) = (sheet.left, sheet.y);
    for (kind, _) in &kinds {
        let runs = runs(&map, *kind).into_iter().map(|(row, column, length)| Area {
            x: left + column as f32 * side,
            y: top + row as f32 * side,
            width: length as f32 * side,
            height: side,
        });
        paint(sheet, node, *kind, &runs.collect::<Vec<_>>(), side);
    }
    let (right, bottom) = (left + side * COLUMNS as f32, top + height);
    let upright = (0..=COLUMNS).map(|at| [left + at as f32 * side, top, left + at as f32 * side, bottom]);
    let level = (0..=ROWS).map(|at| [left, top + at as f32 * side, right, top + at as f32 * side]);
    sheet.draw(Some(node), Mark::Lines(Ink::WHITE, 0.7, upright.chain(level).collect()));
    let frame = [
        [left, top, right, top],
        [right, top, right, bottom],
        [left, bottom, right, bottom],
        [left, top, left, bottom],
    ];
    sheet.draw(Some(node), Mark::Lines(Ink::GREY, 0.6, frame.to_vec()));
    sheet.y = bottom + 4.0;
    for ((kind, _), text) in kinds.iter().zip(told) {
        sheet.need(SMALL.leading());
        let swatch = Area { x: left + 1.0, y: sheet.y + 1.0, width: side, height: side };
        let artifact = sheet.node(Role::Figure(say::coded(language, "field", kind.name())), None);
        paint(sheet, artifact, *kind, &[swatch], side);
        let (x, y) = (swatch.x, swatch.y);
        let edge = [
            [x, y, x + side, y],
            [x + side, y, x + side, y + side],
            [x, y + side, x + side, y + side],
            [x, y, x, y + side],
        ];
        sheet.draw(Some(artifact), Mark::Lines(Ink::GREY, 0.4, edge.to_vec()));
        sheet.left = left + side + 6.0;
        sheet.paragraph(&text, SMALL);
        sheet.left = left;
    }
    let bytes = say::bytes(language, map.bytes);
    let mut note = words::text_with(language, "paper-map-note", &[("bytes", &bytes)]);
    if let Some((fewest, most)) = map.drawn {
        let numbers = [say::number(language, fewest), say::number(language, most)];
        let with = [("fewest", numbers[0].as_str()), ("most", numbers[1].as_str())];
        note = format!("{note} {}", words::text_with(language, "paper-map-drawn", &with));
    }
    sheet.paragraph(&note, FINE);
}

/// The legend of a kind, with the number of its fields.
fn told(language: Language, record: &Record, kind: Field, count: usize) -> String {
    let by_drive = record.command.is_some() && matches!(kind, Field::Written | Field::NotWritten);
    let family = if by_drive { "field-of-drive" } else { "field" };
    let count = say::number(language, count as u64);
    words::text_with(
        language,
        "paper-field-count",
        &[("field", &say::coded(language, family, kind.name())), ("count", &count)],
    )
}

/// Row, column and length of each run of fields of a kind.
fn runs(map: &Map, kind: Field) -> Vec<(usize, usize, usize)> {
    let mut runs = Vec::new();
    for (row, fields) in map.fields.chunks(COLUMNS).enumerate() {
        let mut column = 0;
        while column < fields.len() {
            let length = fields[column..].iter().take_while(|field| **field == kind).count();
            if length > 0 {
                runs.push((row, column, length));
            }
            column += length.max(1);
        }
    }
    runs
}

/// Ground and pattern of a kind, over runs of fields.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // As above.
fn paint(sheet: &mut Sheet, node: usize, kind: Field, runs: &[Area], side: f32) {
    let ground = match kind {
        Field::Verified => Ink(0x3f, 0x8f, 0x60),
        Field::Sampled => Ink(0xa9, 0xd3, 0xb8),
        Field::Written => Ink(0xdc, 0xe3, 0xec),
        Field::NotWritten => Ink::WHITE,
        Field::Unreadable => Ink(0xf6, 0xd9, 0x8a),
        Field::WriteFailed => Ink(0xf2, 0xb5, 0xa7),
        Field::Mismatch => Ink(0x9c, 0x1c, 0x1c),
    };
    sheet.draw(Some(node), Mark::Fill(ground, runs.to_vec()));
    let cells = runs.iter().flat_map(|run| {
        let count = (run.width / side).round().max(1.0) as usize;
        (0..count).map(move |at| (run.x + at as f32 * side, run.y))
    });
    let ink = if kind == Field::Mismatch { Ink::WHITE } else { Ink::BLACK };
    let (near, far, mid) = (side * 0.25, side * 0.75, side * 0.5);
    let mut lines = Vec::new();
    for (x, y) in cells {
        match kind {
            Field::Verified | Field::Written => {}
            Field::Sampled => lines.push([x + mid - 0.5, y + mid, x + mid + 0.5, y + mid]),
            Field::NotWritten => lines.push([x + near, y + mid, x + far, y + mid]),
            Field::Unreadable => lines.push([x + near, y + far, x + far, y + near]),
            Field::WriteFailed => {
                lines.push([x + near, y + near, x + far, y + far]);
                lines.push([x + near, y + far, x + far, y + near]);
            }
            Field::Mismatch => {
                lines.push([x + near, y + side * 0.4, x + far, y + side * 0.4]);
                lines.push([x + near, y + side * 0.6, x + far, y + side * 0.6]);
                lines.push([x + side * 0.35, y + far, x + side * 0.65, y + near]);
            }
        }
    }
    if !lines.is_empty() {
        sheet.draw(Some(node), Mark::Lines(ink, if kind == Field::Sampled { 1.0 } else { 0.8 }, lines));
    }
}
