//! Blocks that several documents share.

use super::layout::{Area, Cell, Ink, Look, Mark, Sheet, Style, Table, Weight, wrap};
use super::{qr, say};
use crate::conformity::Language;
use crate::document::{SignerEntry, SignerKind};

/// Text of the document.
pub const BODY: Style = Style::plain(8.8);
/// Text in tables.
pub const SMALL: Style = Style::plain(8.0);
/// The same in bold.
pub const STRONG: Style = Style::bold(8.0);
/// Labels.
pub const LABEL: Style = Style::plain(8.0).ink(Ink::GREY);
/// Small print.
pub const FINE: Style = Style::plain(7.0).ink(Ink::GREY);
/// Title of the document.
pub const TITLE: Style = Style::bold(19.0);
/// Heading of a page.
pub const HEADING: Style = Style::bold(12.5);
/// Heading of a part.
pub const PART: Style = Style::bold(9.6);

/// How something stands: told in words, by a sign, and by a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Borne out.
    Good,
    /// Open.
    Open,
    /// Not borne out.
    Bad,
    /// Does not arise.
    Aside,
}

impl Standing {
    /// Its colour.
    pub fn ink(self) -> Ink {
        match self {
            Standing::Good => Ink::GOOD,
            Standing::Open => Ink::OPEN,
            Standing::Bad => Ink::BAD,
            Standing::Aside => Ink::GREY,
        }
    }

    fn ground(self) -> Ink {
        match self {
            Standing::Good => Ink(0xee, 0xf5, 0xf0),
            Standing::Open => Ink(0xfb, 0xf4, 0xe4),
            Standing::Bad => Ink(0xfb, 0xee, 0xee),
            Standing::Aside => Ink::GROUND,
        }
    }
}

/// The status: a coloured ground, a bar that is wider the worse it is, and the words.
pub fn banner(sheet: &mut Sheet, standing: Standing, head: &str, lines: &[String], size: f32) {
    let bar = if standing == Standing::Good { 3.0 } else { 7.0 };
    let (head_style, style) = (Style::bold(size).ink(standing.ink()), Style::plain(size * 0.68));
    let (outer, pad) = (sheet.left, 7.0);
    sheet.left += bar + 9.0;
    let width = sheet.width() - 9.0;
    let count = |text: &str, style: Style| wrap::wrap(text, style.weight, style.size, width).len();
    #[allow(clippy::cast_precision_loss)] // Far fewer lines than 2^24.
    let height = 2.0 * pad
        + head_style.leading() * count(head, head_style) as f32
        + lines.iter().map(|line| style.leading() * count(line, style) as f32).sum::<f32>();
    sheet.need(height);
    let (y, right) = (sheet.y, sheet.right);
    if height <= sheet.room() {
        let area = |x, width| vec![Area { x, y, width, height }];
        sheet.draw(None, Mark::Fill(standing.ground(), area(outer, right - outer)));
        sheet.draw(None, Mark::Fill(standing.ink(), area(outer, bar)));
    }
    sheet.right -= 9.0;
    sheet.y += pad;
    sheet.paragraph(head, head_style);
    for line in lines {
        sheet.paragraph(line, style);
    }
    sheet.y += pad;
    (sheet.left, sheet.right) = (outer, right);
}

/// The heading of a part.
pub fn part(sheet: &mut Sheet, level: u16, text: &str) {
    sheet.skip(if level < 3 { 8.0 } else { 5.5 });
    sheet.heading(level, text, if level < 3 { HEADING } else { PART });
    sheet.y += if level < 3 { 3.0 } else { 1.5 };
}

/// Labels and values, one below the other.
pub fn facts(sheet: &mut Sheet, share: f32, facts: &[(String, String)]) {
    let mut table = Table::new(sheet, Look::FACTS, &[share, 1.0 - share], &[], SMALL);
    for (label, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        table.row(vec![Cell::head(label, LABEL), Cell::of(value, SMALL)]);
    }
}

/// Labels and values in two columns, read row by row.
pub fn facts_in_two(sheet: &mut Sheet, facts: &[(String, String)]) {
    let told: Vec<_> = facts.iter().filter(|(_, value)| !value.is_empty()).collect();
    let mut table = Table::new(sheet, Look::FACTS, &[0.19, 0.31, 0.19, 0.31], &[], SMALL);
    for pair in told.chunks(2) {
        let cells = pair.iter().flat_map(|(label, value)| [Cell::head(label, LABEL), Cell::of(value, SMALL)]);
        table.row(cells.collect());
    }
}

/// A list, each entry with a dash before it.
pub fn list(sheet: &mut Sheet, style: Style, entries: &[String]) {
    let left = sheet.left;
    for entry in entries {
        let node = sheet.node(super::layout::Role::Paragraph, None);
        sheet.need(style.leading());
        let y = sheet.y;
        sheet.line(Some(node), left, y, style, wrap::wrap("–", Weight::Regular, style.size, 20.0).remove(0));
        sheet.left = left + style.size;
        sheet.set(node, entry, style);
        sheet.left = left;
    }
}

/// What the code and the lines beside it are made of.
pub struct Seal<'a> {
    /// `sanitization-record` or `deletion-certificate`.
    pub kind: &'a str,
    /// Id of the document.
    pub id: &'a str,
    /// SHA-256 of its JSON, 64 hexadecimal digits.
    pub digest: &'a str,
    /// Who signs.
    pub signer: &'a SignerEntry,
}

impl Seal<'_> {
    /// What the code says.
    pub fn code(&self) -> String {
        format!("radera:1:{}:{}:{}", self.kind, self.id, self.digest)
    }
}

/// What the key of the document makes: a signature, a seal, or no more than a proof that nothing was changed.
pub fn signer(language: Language, signer: &SignerEntry) -> (String, String) {
    let key = match signer.kind {
        Some(SignerKind::Person) => "person",
        Some(SignerKind::Organisation) => "organisation",
        Some(SignerKind::Installation) => "installation",
        None => "unknown",
    };
    (say::coded(language, "signer", key), say::coded(language, "signer-note", key))
}

/// The code, and beside it what it says, who signs, and with which key.
pub fn seal(sheet: &mut Sheet, language: Language, seal: &Seal<'_>, size: f32) {
    sheet.need(size + 4.0);
    let (left, top, page) = (sheet.left, sheet.y, sheet.pages.len());
    let code = seal.code();
    qr::draw(sheet, left - size * 0.06, top, size, &code, &say::with(language, "paper-code", &code));
    sheet.left += size + 4.0;
    sheet.y += 3.0;
    let (what, note) = signer(language, seal.signer);
    let name = seal.signer.name.clone().unwrap_or_default();
    let who = if name.is_empty() { what } else { format!("{what}: {name}") };
    let facts_of = [
        (say::text(language, "paper-signed"), format!("{who}. {note}")),
        (say::text(language, "paper-fingerprint"), seal.signer.fingerprint.clone()),
        (say::text(language, "paper-time-stamp"), seal.signer.time_stamp.clone().unwrap_or_default()),
        (say::text(language, "paper-document-id"), seal.id.into()),
        (say::text(language, "paper-digest"), format!("sha256:{}", seal.digest)),
    ];
    facts(sheet, 0.24, &facts_of);
    sheet.left = left;
    if sheet.pages.len() == page {
        sheet.y = sheet.y.max(top + size);
    }
}
