//! Reading a signed file: its parts are taken out, the file is made again of them, and must be the same.

use super::file::View;
use super::later::{self, Later};
use super::prepare::{LARGEST, TIME_STAMP, content, prepare};
use super::syntax::{Dict, Reader, Value};
use super::{Dictionary, PadesError, der_length, is_pdf, write};

/// Most places that are tried as the end of what was signed.
const MOST_TRIES: usize = 64;

/// A PDF whose first signed revision is one of ours.
#[derive(Debug, Clone)]
pub struct Signed<'a> {
    /// Exactly what [`prepare`] was given.
    pub base: &'a [u8],
    /// What the signature says beside itself.
    pub dictionary: Dictionary,
    /// The CMS, without the padding behind it.
    pub cms: Vec<u8>,
    /// What the signature covers.
    pub content: [&'a [u8]; 2],
    /// Where our revision ends.
    pub end: usize,
    /// What others appended, in order.
    pub later: Vec<Later>,
    /// What others appended that changes or may change what is shown, said or attached, in English; empty if nothing.
    /// What could not be examined is among it.
    pub forbidden: Vec<String>,
}

/// Reads a PDF whose first signed revision is one of ours.
///
/// No byte of that revision outside the digits of the CMS is free: the revision is made again from the file before it,
/// the dictionary and the CMS, and must be the same. Whether the CMS holds is for the caller to say.
///
/// # Errors
/// [`PadesError::NotSigned`] if no signature of ours is there, [`PadesError::Changed`] or [`PadesError::Form`] if one
/// is, but not as it was made.
pub fn read(bytes: &[u8]) -> Result<Signed<'_>, PadesError> {
    if !is_pdf(bytes) {
        return Err(PadesError::NotPdf);
    }
    if bytes.len() > LARGEST {
        return Err(PadesError::Bounds("the size of the PDF"));
    }
    let mut found = PadesError::NotSigned;
    for base in bases(bytes) {
        match signed(bytes, base) {
            Ok(signed) => return Ok(signed),
            Err(error) if found == PadesError::NotSigned => found = error,
            Err(_) => {}
        }
    }
    Err(found)
}

/// The places where a file that was signed may end: behind an end-of-file mark whose table is there, with an object after it.
fn bases(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let marks = bytes.windows(6).enumerate().filter(|(_, window)| *window == b"%%EOF\n").map(|(at, _)| at + 5);
    marks.filter_map(|end| bytes.get(..end)).filter(|base| ends_as_file(base)).take(MOST_TRIES)
}

/// Whether `base` ends with `startxref`, and a table stands where it says. A look at the last bytes, to be quick.
fn ends_as_file(base: &[u8]) -> bool {
    let tail_at = base.len().saturating_sub(32);
    let tail = base.get(tail_at..).unwrap_or_default();
    let Some(found) = tail.windows(10).position(|window| window == b"startxref\n") else { return false };
    let mut reader = Reader::new(base, tail_at + found + 10);
    reader.integer().is_ok_and(|start| base.get(start..).is_some_and(|rest| rest.starts_with(b"xref")))
}

fn signed<'a>(bytes: &'a [u8], base: &'a [u8]) -> Result<Signed<'a>, PadesError> {
    let (dictionary, contents) = first_object(bytes, base.len() + 1)?;
    let cms = der_length(&contents).and_then(|length| contents.get(..length)).ok_or(PadesError::NotDer)?.to_vec();
    let prepared = prepare(base, &dictionary, contents.len())?;
    let place = prepared.contents();
    let again = prepared.complete(&cms)?;
    if !bytes.starts_with(&again) {
        let at = bytes.iter().zip(&again).position(|(is, should)| is != should).unwrap_or(bytes.len());
        return Err(PadesError::Changed { at });
    }
    let end = again.len();
    drop(again);
    let (later, forbidden) = later::examine(bytes, base, end);
    Ok(Signed { base, dictionary, cms, content: content(bytes, &place, end), end, later, forbidden })
}

/// The signature dictionary, which is the first object of our revision, and the bytes of its contents, padding with them.
fn first_object(bytes: &[u8], at: usize) -> Result<(Dictionary, Vec<u8>), PadesError> {
    let number = Reader::new(bytes, at).integer().ok().and_then(|number| u32::try_from(number).ok());
    let number = number.ok_or(PadesError::NotSigned)?;
    let view = View { bytes, entries: Default::default(), trailer: Dict::default() };
    let object = view.object_at(at, number)?;
    let dict =
        object.dict().filter(|dict| dict.says("SubFilter", "ETSI.CAdES.detached")).ok_or(PadesError::NotSigned)?;
    let text = |key: &str| dict.get(key).and_then(write::read_text);
    let needed = |key: &str| text(key).ok_or(PadesError::Changed { at });
    let dictionary = Dictionary {
        at: dict.get("M").and_then(write::read_date).ok_or(PadesError::Changed { at })?,
        name: needed("Name")?,
        reason: needed("Reason")?,
        location: text("Location"),
        time_stamp: text(TIME_STAMP),
    };
    let contents = dict.get("Contents").and_then(Value::as_text).ok_or(PadesError::Changed { at })?;
    Ok((dictionary, contents.bytes.clone()))
}
