//! The signed PDF of an issued document: rendered from its very bytes, then signed (PAdES) with the same key.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Form, Issued, NO_STAMP, Press, place, read_signed};
use crate::conformity::Language;
use crate::pades::{self, Dictionary};
use crate::paper::{self, Source};
use crate::problem::Problem;

/// Bytes kept in the PDF for the signature beside its certificates, and for a time stamp.
const ROOM: (usize, usize) = (4 << 10, 32 << 10);
/// What to do where a PDF could not be made: nothing is lost.
const AGAIN: &str = "The document itself stands, signed. Make the PDF with `radera certificate render --sign`.";

/// Makes the PDF of a document and signs it.
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
) -> Result<(Vec<u8>, Option<Problem>), Problem> {
    let base = paper::render(source, language, form)
        .map_err(|why| Problem::error(format!("the PDF can't be made: {why}"), AGAIN))?;
    if press.authority.is_none() {
        return Ok((sign(press, &base, false)?, None));
    }
    match sign(press, &base, true) {
        Err(trouble) if trouble.todo == NO_STAMP => Ok((sign(press, &base, false)?, Some(trouble))),
        signed => Ok((signed?, None)),
    }
}

fn sign(press: &Press, base: &[u8], stamped: bool) -> Result<Vec<u8>, Problem> {
    let entry = press.signer.entry();
    let at = SystemTime::now().duration_since(UNIX_EPOCH).map(|at| at.as_secs()).unwrap_or_default();
    let authority = press.authority.as_deref().filter(|_| stamped);
    let failed = |why: pades::PadesError| Problem::error(format!("the PDF can't be signed: {why}"), AGAIN);
    let dictionary = Dictionary {
        at,
        name: entry.name.unwrap_or(entry.fingerprint),
        reason: "radera".into(),
        location: None,
        time_stamp: authority.map(|authority| authority.url().to_string()),
    };
    let certificates =
        press.signer.chain_der().iter().map(Vec::len).sum::<usize>() + press.signer.certificate_der().len();
    let room = ROOM.0 + certificates + if stamped { ROOM.1 } else { 0 };
    let prepared = pades::prepare(base, &dictionary, room).map_err(failed)?;
    let cms = press.signer.sign(&prepared.content().concat(), Form::Pdf, authority)?;
    prepared.complete(&cms).map_err(failed)
}

impl Press {
    /// The PDF of a document that was issued, `<id>.pdf` beside it, over none. What keeps it from being made is told by [`Press::troubles`]:
    /// the document stands all the same.
    pub fn print(&self, issued: &Issued) -> Option<PathBuf> {
        let language = self.paper?;
        match self.printed(issued, language) {
            Ok((path, trouble)) => {
                trouble.into_iter().for_each(|trouble| self.note(trouble));
                Some(path)
            }
            Err(trouble) => {
                self.note(trouble);
                None
            }
        }
    }

    fn printed(&self, issued: &Issued, language: Language) -> Result<(PathBuf, Option<Problem>), Problem> {
        let (json, signature) = read_signed(&issued.json)?;
        let source = Source { json: &json, signature: signature.as_deref(), annex: None };
        let (pdf, trouble) = signed_pdf(self, language, paper::Form::Full, &source)?;
        let directory = issued.json.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = issued.json.file_stem().unwrap_or_default().to_string_lossy();
        let placed = place(directory, &format!("{name}.pdf"), &pdf)
            .map_err(|problem| Problem { todo: AGAIN.into(), ..problem })?;
        Ok((placed.keep(), trouble))
    }
}
