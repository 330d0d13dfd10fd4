//! The signed PDF of an issued document: rendered from its very bytes, then signed (PAdES) with the same key.

use std::path::Path;

use super::{Form, Press, place};
use crate::conformity::Language;
use crate::document::SignerEntry;
use crate::pades::{self, Dictionary};
use crate::paper::{self, Source};
use crate::problem::Problem;

/// Bytes kept in the PDF for the signature: a chain of RSA certificates, and a time stamp with another.
const ROOM: usize = 32 << 10;
/// What to do where a PDF could not be made: nothing is lost.
const AGAIN: &str = "The document itself stands, signed. Make the PDF with `radera certificate render --sign`.";

/// Makes the PDF of a document and signs it; `entry` and `at` (seconds since 1970) are the document's own.
///
/// Where a time stamp was asked for and can't be had, it is signed without one, and that is told in the second place.
///
/// # Errors
/// Kind `Error`: it can't be rendered or signed.
pub fn signed_pdf(
    press: &Press,
    language: Language,
    form: paper::Form,
    source: &Source<'_>,
    entry: &SignerEntry,
    at: u64,
) -> Result<(Vec<u8>, Option<Problem>), Problem> {
    let base = paper::render(source, language, form)
        .map_err(|why| Problem::error(format!("the PDF can't be made: {why}"), AGAIN))?;
    let unstamped = |trouble: Option<Problem>| sign(press, &base, entry, at, false).map(|pdf| (pdf, trouble));
    if entry.time_stamp.is_none() {
        return unstamped(None);
    }
    sign(press, &base, entry, at, true).map(|pdf| (pdf, None)).or_else(|problem| unstamped(Some(problem)))
}

fn sign(press: &Press, base: &[u8], entry: &SignerEntry, at: u64, stamped: bool) -> Result<Vec<u8>, Problem> {
    let authority = press.authority.as_deref().filter(|_| stamped);
    let failed = |why: pades::PadesError| Problem::error(format!("the PDF can't be signed: {why}"), AGAIN);
    let dictionary = Dictionary {
        at,
        name: entry.name.clone().unwrap_or_else(|| entry.fingerprint.clone()),
        reason: "radera".into(),
        location: None,
        time_stamp: authority.map(|authority| authority.url().to_string()),
    };
    let prepared = pades::prepare(base, &dictionary, ROOM).map_err(failed)?;
    let cms = press.signer.sign(&prepared.content().concat(), Form::Pdf, authority)?;
    prepared.complete(&cms).map_err(failed)
}

/// The same, written as `<id>.pdf` into `directory`, over none.
///
/// # Errors
/// Kind `Error`: it can't be made or written. The document stands all the same.
pub(super) fn publish(
    press: &Press,
    directory: &Path,
    id: &str,
    source: &Source<'_>,
    entry: &SignerEntry,
    at: u64,
) -> Result<Option<(std::path::PathBuf, Option<Problem>)>, Problem> {
    let Some(language) = press.paper else { return Ok(None) };
    let (pdf, trouble) = signed_pdf(press, language, paper::Form::Full, source, entry, at)?;
    let placed =
        place(directory, &format!("{id}.pdf"), &pdf).map_err(|problem| Problem { todo: AGAIN.into(), ..problem })?;
    Ok(Some((placed.keep(), trouble)))
}
