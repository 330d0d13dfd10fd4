//! The files of a case as a certificate's annex carries them.

use super::base64;
use super::bundle::{Bundle, Paper};
use crate::certificate::sha256_text;
use crate::document::{Annex, Attached};

/// The signed documents of a bundle, in the order of their names.
pub fn attach(bundle: &Bundle) -> Vec<Attached> {
    let attach = |(file, paper): (&String, &Paper)| Attached {
        file: file.clone(),
        digest: paper.digest.clone(),
        json: paper.json.as_ref().ok().cloned(),
        signature: paper.signature.as_deref().map(base64::encode),
        annex: paper.annex.clone(),
        unusable: paper.json.as_ref().err().cloned(),
    };
    bundle.signed.iter().map(attach).collect()
}

/// What `annex` carries.
///
/// # Errors
/// What is wrong with an attached document: named twice, not the one of its digest, a signature that is no base64.
pub fn detach(annex: &Annex) -> Result<Bundle, String> {
    let mut bundle = Bundle { documents: annex.documents.clone(), ..Bundle::default() };
    for attached in &annex.evidence {
        let file = &attached.file;
        let json = match (&attached.json, &attached.unusable) {
            (Some(json), None) if sha256_text(json.as_bytes()) == attached.digest => Ok(json.clone()),
            (Some(_), None) => return Err(format!("the attached {file} is not the document of its digest")),
            (None, Some(why)) => Err(why.clone()),
            _ => return Err(format!("of {file} neither the text nor why there is none is attached, or both are")),
        };
        let signature = match &attached.signature {
            Some(text) => {
                Some(base64::decode(text).ok_or_else(|| format!("the attached signature of {file} is no base64"))?)
            }
            None => None,
        };
        let paper = Paper { json, digest: attached.digest.clone(), signature, annex: attached.annex.clone() };
        if bundle.signed.insert(file.clone(), paper).is_some() {
            return Err(format!("{file} is attached twice"));
        }
    }
    Ok(bundle)
}
