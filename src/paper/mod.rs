//! The document that an official files: a signed JSON document as PDF/A-3b, in Danish, Swedish or English, with that JSON attached.
//!
//! Everything printed is the JSON's, and the same JSON gives the same bytes: dates are those that it states, ids are its digest. The file is
//! tagged for screen readers (PDF/UA-1). It has a classic cross-reference table, so that a signature can be appended.
#![forbid(unsafe_code)]

mod annex;
mod block;
mod certificate;
mod command;
mod draw;
mod files;
mod furniture;
mod label;
mod laid;
mod layout;
mod map;
mod medium;
mod qr;
mod record;
mod report;
mod roles;
mod say;
mod short;
mod standing;
mod subject;
mod surface;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
mod tests;
mod told;

use krilla::embed::AssociationKind;
use sha2::{Digest, Sha256};

use crate::conformity::Language;
use crate::document::{Annex, Record, parse};
use draw::{About, Attachment};
use layout::{A4, Sheet};
use subject::Subject;

pub use laid::LaidOut;
pub use report::{Line, Report, Section, report};

/// Raised when the same JSON would come out as other bytes than before.
pub const LAYOUT: u32 = 1;

/// A signed document.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Canonical JSON of a record or deletion certificate: attached byte for byte under `<id>.json`.
    pub json: &'a [u8],
    /// Its detached CMS signature, attached as `<id>.json.p7s` where given.
    pub signature: Option<&'a [u8]>,
    /// Canonical JSON of the annex where it was split off (`<id>.annex.json`), attached too, and rendered.
    pub annex: Option<&'a [u8]>,
}

/// Which paper is made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// All of it, A4.
    Full,
    /// A repair shop's sheet of a record or repair case: the first page alone, A4.
    Sheet,
    /// A summary 62 mm wide, with the code.
    Label,
}

impl Form {
    /// Its name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Form::Full => "full",
            Form::Sheet => "sheet",
            Form::Label => "label",
        }
    }
}

/// Why there is no paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The JSON is no document that can be printed.
    #[error("it is no document that can be printed: {0}")]
    Document(String),
    /// The PDF could not be made.
    #[error("the PDF could not be made: {0}")]
    Pdf(String),
}

/// The PDF of `source`.
///
/// # Errors
/// JSON that is not canonical or no record or certificate, a moment or id that is none, or what PDF/A can't hold.
pub fn render(source: &Source<'_>, language: Language, form: Form) -> Result<Vec<u8>, PaperError> {
    let subject = Subject::read(source.json, source.annex)?;
    let at = subject.moment()?;
    let digest = hex(&Sha256::digest(source.json));
    let sheet = pages(&subject, language, form, &digest);
    let id = subject.id();
    let mut attachments = vec![Attachment {
        name: format!("{id}.json"),
        mime: "application/json",
        description: say::text(language, "paper-attached-json"),
        kind: AssociationKind::Data,
        bytes: source.json.to_vec(),
    }];
    attachments.extend(source.signature.map(|signature| Attachment {
        name: format!("{id}.json.p7s"),
        mime: "application/pkcs7-signature",
        description: say::text(language, "paper-attached-signature"),
        kind: AssociationKind::Supplement,
        bytes: signature.to_vec(),
    }));
    attachments.extend(source.annex.map(|annex| Attachment {
        name: format!("{id}.annex.json"),
        mime: "application/json",
        description: say::text(language, "paper-attached-annex"),
        kind: AssociationKind::Data,
        bytes: annex.to_vec(),
    }));
    let keywords = [
        ("layout", LAYOUT.to_string()),
        ("kind", subject.kind().into()),
        ("id", id.into()),
        ("form", form.name().into()),
        ("language", language.name().into()),
        ("sha256", digest.clone()),
    ];
    let about = About {
        title: format!("{} {id}", title(&subject, language)),
        language: language.name(),
        at,
        digest,
        keywords: keywords.iter().map(|(key, value)| format!("radera-{key}={value}")).collect(),
        attachments,
    };
    draw::pdf(&sheet, about)
}

fn title(subject: &Subject, language: Language) -> String {
    match subject {
        Subject::Record(_) => say::text(language, "title-record"),
        Subject::Certificate(page, _) => certificate::title(language, page),
    }
}

/// The pages of a document.
fn pages(subject: &Subject, language: Language, form: Form, digest: &str) -> Sheet {
    let mut sheet = Sheet::new(A4);
    match (subject, form) {
        (Subject::Record(told), Form::Label) => return label::of_record(language, told, digest),
        (Subject::Certificate(page, _), Form::Label) => return label::of_certificate(language, page, digest),
        (Subject::Record(told), Form::Sheet) => short::of_record(&mut sheet, language, told, digest),
        (Subject::Certificate(page, annex), Form::Sheet) => {
            short::of_certificate(&mut sheet, language, page, annex.as_deref(), digest);
        }
        (Subject::Record(told), Form::Full) => {
            record::front(&mut sheet, language, told, digest, 27.0);
            sheet.break_page();
            medium::page(&mut sheet, language, told, None);
        }
        (Subject::Certificate(page, annex), Form::Full) => {
            certificate::front(&mut sheet, language, page, digest, 25.0);
            match annex {
                Some(annex) => {
                    annex::pages(&mut sheet, language, page, annex);
                    media(&mut sheet, language, annex);
                }
                None => {
                    sheet.break_page();
                    block::part(&mut sheet, 2, &say::text(language, "paper-points"));
                    certificate::rows_in_detail(&mut sheet, language, page);
                    sheet.skip(8.0);
                    sheet.paragraph(&say::with(language, "paper-annex-apart", &page.annex.digest), block::SMALL);
                }
            }
        }
    }
    furniture::on(&mut sheet, language, &title(subject, language), subject.id(), &format!("sha256:{digest}"));
    sheet
}

/// A page a medium: of each record that is attached.
fn media(sheet: &mut Sheet, language: Language, annex: &Annex) {
    for attached in &annex.evidence {
        let record: Option<Record> = attached.json.as_deref().and_then(|json| parse(json.as_bytes()).ok());
        if let Some(record) = record {
            sheet.break_page();
            medium::page(sheet, language, &record, Some(&attached.digest));
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
