//! A validation report: what a check of a document found, to be filed beside it.

use sha2::{Digest, Sha256};

use super::block::{self, BODY, FINE, SMALL, Standing, TITLE};
use super::draw::{self, About, Attachment};
use super::layout::{A4, Cell, Look, Role, Sheet, Table};
use super::{LAYOUT, PaperError, furniture, say};
use crate::conformity::Language;
use krilla::embed::AssociationKind;

/// What a report says. Every text is printed as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Title.
    pub title: String,
    /// The file that was checked.
    pub file: String,
    /// What came of it, in a sentence.
    pub verdict: String,
    /// Whether it checked out.
    pub verdict_good: bool,
    /// When it was checked, RFC 3339.
    pub at: String,
    /// What was found.
    pub sections: Vec<Section>,
    /// Files that are attached, by name.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub heading: String,
    /// Lines.
    pub lines: Vec<Line>,
}

/// A line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether it speaks for the document or against it; `None`: neither.
    pub mark: Option<bool>,
    /// What it says.
    pub text: String,
}

/// The report as PDF/A-3b.
///
/// # Errors
/// A moment that is none, two attachments of one name, or what the PDF can't hold.
pub fn report(report: &Report, language: Language) -> Result<Vec<u8>, PaperError> {
    let at: jiff::Timestamp =
        report.at.parse().map_err(|_| PaperError::Document(format!("{:?} is no moment (RFC 3339)", report.at)))?;
    let sheet = pages(report, language);
    let about = About {
        title: super::layout::sheet::short(&report.title),
        language: language.name(),
        at,
        digest: digest(report),
        keywords: vec![
            format!("radera-layout={LAYOUT}"),
            "radera-kind=validation-report".into(),
            format!("radera-language={}", language.name()),
        ],
        attachments: report.attachments.iter().map(|(name, bytes)| attachment(language, name, bytes)).collect(),
    };
    draw::pdf(&sheet, about)
}

fn attachment(language: Language, name: &str, bytes: &[u8]) -> Attachment {
    let mime = match name.rsplit('.').next() {
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("p7s") => "application/pkcs7-signature",
        _ => "application/octet-stream",
    };
    let description = say::with(language, "paper-attached-file", name);
    Attachment { name: name.into(), mime, description, kind: AssociationKind::Supplement, bytes: bytes.to_vec() }
}

/// The pages.
pub fn pages(report: &Report, language: Language) -> Sheet {
    let mut sheet = Sheet::new(A4);
    sheet.heading(1, &report.title, TITLE);
    sheet.paragraph(&say::with(language, "paper-checked-at", &say::moment(&report.at)), FINE);
    sheet.skip(5.0);
    let standing = if report.verdict_good { Standing::Good } else { Standing::Bad };
    let file = say::with(language, "paper-file", &report.file);
    block::banner(&mut sheet, standing, &report.verdict, &[file], 12.5);
    for section in &report.sections {
        block::part(&mut sheet, 2, &section.heading);
        let mut table = Table::new(&mut sheet, Look { pad: 1.8, ..Look::ROWS }, &[0.16, 0.84], &[], SMALL);
        for line in &section.lines {
            let (mark, style) = match line.mark {
                Some(true) => ("paper-holds", SMALL.ink(Standing::Good.ink())),
                Some(false) => ("paper-fails", block::STRONG.ink(Standing::Bad.ink())),
                None => ("paper-noted", SMALL.ink(Standing::Aside.ink())),
            };
            table.row(vec![Cell::head(say::text(language, mark), style), Cell::of(line.text.clone(), SMALL)]);
        }
    }
    if !report.attachments.is_empty() {
        block::part(&mut sheet, 2, &say::text(language, "paper-attached"));
        for (name, bytes) in &report.attachments {
            let node = sheet.node(Role::Paragraph, None);
            sheet.set(node, &format!("{name}, {}", say::bytes(language, bytes.len() as u64)), BODY);
        }
    }
    furniture::on(&mut sheet, language, &report.title, &report.file, "");
    sheet
}

/// The digest of all that the report holds.
fn digest(report: &Report) -> String {
    let mut hash = Sha256::new();
    let mut put = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for text in [&report.title, &report.file, &report.verdict, &report.at] {
        put(text.as_bytes());
    }
    put(&[u8::from(report.verdict_good)]);
    for section in &report.sections {
        put(section.heading.as_bytes());
        for line in &section.lines {
            put(&[line.mark.map_or(2, u8::from)]);
            put(line.text.as_bytes());
        }
    }
    for (name, bytes) in &report.attachments {
        put(name.as_bytes());
        put(bytes);
    }
    super::hex(&hash.finalize())
}
