//! What is rendered: a record, or a certificate with its annex.

use serde::Deserialize;

use super::PaperError;
use crate::document::{Annex, DeletionCertificate, Record, is_id, parse, parse_as};

/// A document that was read.
pub enum Subject {
    /// A sanitization record.
    Record(Box<Record>),
    /// A deletion certificate; its annex where it was given.
    Certificate(Box<DeletionCertificate>, Option<Box<Annex>>),
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

impl Subject {
    /// Reads canonical JSON, and the annex where it is a file of its own.
    pub fn read(json: &[u8], annex: Option<&[u8]>) -> Result<Subject, PaperError> {
        let wrong = |what: &dyn std::fmt::Display| PaperError::Document(what.to_string());
        let kind: Kind = serde_json::from_slice(json).map_err(|error| wrong(&error))?;
        let subject = match kind.kind.as_str() {
            Record::KIND => Subject::Record(Box::new(parse(json).map_err(|error| wrong(&error))?)),
            DeletionCertificate::KIND => {
                let mut page: DeletionCertificate = parse_as(json).map_err(|error| wrong(&error))?;
                let given = annex.map(parse_as::<Annex>).transpose().map_err(|error| wrong(&error))?;
                // It is printed from here on, and may be large.
                let inside = page.annex.document.take();
                Subject::Certificate(Box::new(page), inside.or(given.map(Box::new)))
            }
            other => return Err(wrong(&format!("there is no kind of document {other:?}"))),
        };
        if !is_id(subject.id()) {
            return Err(wrong(&"its id is not 32 hexadecimal digits"));
        }
        Ok(subject)
    }

    /// Id of the document.
    pub fn id(&self) -> &str {
        match self {
            Subject::Record(record) => &record.id,
            Subject::Certificate(page, _) => &page.id,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Record(_) => Record::KIND,
            Subject::Certificate(..) => DeletionCertificate::KIND,
        }
    }

    /// The moment that it gives for itself: when it was issued, or the job ended.
    pub fn moment(&self) -> Result<jiff::Timestamp, PaperError> {
        let text = match self {
            Subject::Record(record) => &record.finished,
            Subject::Certificate(page, _) => &page.issued,
        };
        text.parse().map_err(|_| PaperError::Document(format!("{text:?} is no moment (RFC 3339)")))
    }
}
