//! PAdES signatures (ETSI EN 319 142-1, ISO 32000-1 12.8) on the PDF files that this tool makes: put on by incremental
//! update, and read back so strictly that no byte outside the signature is free.
//!
//! Callers make and check the CMS. This module says which bytes it covers, and what was done to the file afterwards.
#![forbid(unsafe_code)]

mod added;
mod attachments;
mod changes;
mod file;
mod later;
mod prepare;
mod read;
mod syntax;
mod write;
mod xmp;

#[cfg(test)]
mod tests;

pub use attachments::attachments;
pub use later::{Added, Later, LaterKind, Visible};
pub use prepare::{Prepared, prepare};
pub use read::{Signed, read};
pub use syntax::Unreadable;

/// What stands in the signature dictionary beside the signature (ISO 32000-1, table 252).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    /// The claimed time of signing: seconds since 1970, UTC. At most the end of the year 9999.
    pub at: u64,
    /// Who signs.
    pub name: String,
    /// What is signed, in the language of the document.
    pub reason: String,
    /// Where it was signed.
    pub location: Option<String>,
    /// Address of the time-stamp authority whose stamp the CMS must carry. It is covered by the signature, so that a
    /// stamp that was taken away is noticed.
    pub time_stamp: Option<String>,
}

/// Why a file could not be signed or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PadesError {
    /// Not a PDF at all.
    #[error("not a PDF file")]
    NotPdf,
    /// A PDF, but no revision of it carries a signature that this module made.
    #[error("no signature of this tool is on the PDF")]
    NotSigned,
    /// The signed revision is not byte for byte what is made of its own parts.
    #[error("the signed PDF is not the one that was issued: it differs at byte {at}")]
    Changed {
        /// Offset of the first byte that differs.
        at: usize,
    },
    /// The file is not of the form that our generator writes.
    #[error("not of the form that this tool writes: {0}")]
    Form(#[from] Unreadable),
    /// What is to be signed has a form or signatures already.
    #[error("the PDF has {0} already")]
    Taken(&'static str),
    /// The CMS does not fit.
    #[error("the signature takes {needed} bytes, and {room} were kept for it")]
    Room {
        /// Bytes of the CMS.
        needed: usize,
        /// Bytes kept.
        room: usize,
    },
    /// The CMS is not one DER sequence of definite length.
    #[error("the signature is no DER structure")]
    NotDer,
    /// A date after the year 9999, a text over 4096 characters, or a file, a room or a number of objects out of bounds.
    #[error("{0} is out of bounds")]
    Bounds(&'static str),
    /// An attachment that is not written as this tool writes them.
    #[error("the attachments are not written as this tool writes them: {0}")]
    Attachment(&'static str),
}

/// Whether `bytes` begin as a PDF does. Whether there is a signature of ours in it, [`read`] tells:
/// [`PadesError::NotSigned`] says that there is none.
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// The length of the DER value at the start of `bytes`, header included, if it is a sequence of definite length (X.690, 8.1.3 and 10.1).
fn der_length(bytes: &[u8]) -> Option<usize> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (header, length) = match first {
        0..=0x7f => (2, usize::from(first)),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let digits = rest.get(..count)?;
            let length = digits.iter().fold(0usize, |sum, digit| sum << 8 | usize::from(*digit));
            let shortest = digits.first().is_some_and(|digit| *digit != 0) && length > 0x7f;
            (2 + count, shortest.then_some(length)?)
        }
        _ => return None,
    };
    let whole = header.checked_add(length)?;
    (tag == 0x30 && whole <= bytes.len()).then_some(whole)
}
