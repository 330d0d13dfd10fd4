//! The documents beside the case: found, hashed, and held against the digests that the case gives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::super::faults::{Fault, documents, stays_beside};
use super::{CaseFile, Step, shown, told_all};
use crate::problem::Problem;
use crate::sys::open;

/// The largest document that is hashed, in bytes.
const LIMIT: u64 = 1 << 30;

impl CaseFile {
    /// The SHA-256 of every document of the case that lies in `directory`, by the file name that the case gives. A document that is not
    /// there is not in the map. Only regular files inside the directory count; a symlink that leads out of it does not.
    ///
    /// # Errors
    /// Kind `Error`, all at once: a digest in the case that is not the file's, a file that can't be read, one above 1 GiB.
    pub fn check_documents(&self, directory: &Path) -> Result<BTreeMap<String, String>, Problem> {
        let mut wanted: Vec<(Vec<Step>, String, Option<String>)> = Vec::new();
        let value = serde_json::to_value(&self.case).unwrap_or(Value::Null);
        documents(&value, &mut |at, file, sha256| {
            if !file.is_empty() {
                wanted.push((at.to_vec(), file.into(), sha256.filter(|digest| !digest.is_empty()).map(Into::into)));
            }
        });
        let mut found: BTreeMap<String, Result<Option<String>, String>> = BTreeMap::new();
        let mut faults = Vec::new();
        for (at, file, given) in wanted {
            let digest = found.entry(file.clone()).or_insert_with(|| digest(directory, &file));
            let with = |key: &str| at.iter().cloned().chain([key.into()]).collect::<Vec<_>>();
            match (digest, given) {
                (Err(why), _) => faults.push(Fault::at(
                    &with("file"),
                    format!("{} {why}", shown(&file)),
                    "Put the document itself beside the case, as a file that you may read.",
                )),
                (Ok(Some(digest)), Some(given)) if *digest != given => faults.push(Fault::at(
                    &with("sha256"),
                    format!("the digest is not that of {}: the case says {given}, the file has {digest}", shown(&file)),
                    "If the file is the right one, write its digest; if not, put the right file there.",
                )),
                _ => {}
            }
        }
        faults.sort_by_key(|fault| self.line(&fault.at));
        match told_all(&faults, |fault| self.tell(fault)) {
            Some(problem) => Err(problem),
            None => Ok(found.into_iter().filter_map(|(file, digest)| Some((file, digest.ok()??))).collect()),
        }
    }
}

/// The SHA-256 of a file in `directory` as 64 hexadecimal digits; `None` where there is none.
pub fn digest(directory: &Path, file: &str) -> Result<Option<String>, String> {
    if !stays_beside(file) {
        return Err("does not lie beside the case".into());
    }
    let unreadable = |e: io::Error| format!("can't be read: {e}");
    let mut opened: File = match open::beneath(directory, Path::new(file)) {
        Ok(opened) => opened,
        Err(e) => {
            return match (open::cause(&e), e.kind()) {
                (open::Cause::Missing, _) => Ok(None),
                (_, io::ErrorKind::CrossesDevices) => {
                    Err("is a link that leads out of the directory of the case".into())
                }
                _ => Err(unreadable(e)),
            };
        }
    };
    let found = opened.metadata().map_err(unreadable)?;
    if !found.is_file() {
        return Err("is no regular file".into());
    }
    if found.len() == 0 {
        return Err("is empty, and shows nothing".into());
    }
    if found.len() > LIMIT {
        return Err("is larger than 1 GiB".into());
    }
    let mut hash = Sha256::new();
    let mut window = vec![0; 64 << 10];
    let mut total = 0;
    loop {
        let read = match opened.read(&mut window) {
            Ok(0) => break,
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(unreadable(e)),
        };
        total += read as u64;
        if total > LIMIT {
            return Err("is larger than 1 GiB".into());
        }
        hash.update(window.get(..read).unwrap_or_default());
    }
    Ok(Some(hash.finalize().iter().map(|b| format!("{b:02x}")).collect()))
}
