//! Papers beside the case: where they lie, receipts, and sub-processors' certificates.

use std::fs;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use toml_edit::{Array, InlineTable, Item, Value};

use super::{Added, Change, Edit, Thing, edit};
use crate::case::file::{digest_beside, shown};
use crate::conformity::{Document, Return};
use crate::problem::Problem;
use crate::sys::open;

/// The largest certificate that is read, in bytes.
const LIMIT: u64 = 64 << 20;

impl Edit {
    /// The name of `file` as the case gives it: from the case's directory on.
    pub(super) fn beside(&self, file: &Path, what: &str) -> Result<String, Problem> {
        let name = file.display().to_string();
        let real = fs::canonicalize(file).map_err(|e| {
            Problem::error(format!("can't find the {what} {name}: {e}"), "Check the name; it is looked for from here.")
        })?;
        let inside = real.strip_prefix(&self.directory).map_err(|_| {
            Problem::error(
                format!("the {what} {name} does not lie in the directory of the case, {}", self.directory.display()),
                "Copy it there, with its .p7s if it has one, and add the copy: everything that a case names lies beside it.",
            )
        })?;
        inside.to_str().map(Into::into).ok_or_else(|| {
            Problem::error(format!("the name of the {what} {name} is not UTF-8"), "Rename the file, then add it again.")
        })
    }

    /// The bytes of a file beside the case.
    pub(super) fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, Problem> {
        let cant = |why: String| {
            Problem::error(format!("can't read {}: {why}", shown(name)), "Name a regular file that you may read.")
        };
        let file = open::beneath(&self.directory, Path::new(name)).map_err(|e| cant(e.to_string()))?;
        if !file.metadata().is_ok_and(|found| found.is_file()) {
            return Err(cant("it is no regular file".into()));
        }
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| cant(e.to_string()))?;
        match bytes.len() as u64 > limit {
            true => Err(cant(format!("it is larger than {} MiB", limit >> 20))),
            false => Ok(bytes),
        }
    }

    pub(super) fn is_there(&self, name: &str) -> bool {
        open::beneath(&self.directory, Path::new(name)).is_ok()
    }

    /// Names a sub-processor's deletion certificate. One that it names already is only replaced by one that says so itself.
    ///
    /// # Errors
    /// Kind `Error` or `Refused`; nothing is then to be written.
    pub fn certificate(&mut self, file: &Path, subprocessor: &str) -> Result<(), Problem> {
        let subs = &self.case.subprocessors;
        let index = subs
            .iter()
            .position(|sub| sub.id == subprocessor)
            .ok_or_else(|| self.no_such("sub-processor", subprocessor, subs.iter().map(|sub| shown(&sub.id))))?;
        let name = self.beside(file, "certificate")?;
        let bytes = self.bytes(&name, LIMIT)?;
        let json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        if json.get("kind").and_then(Json::as_str) != Some("deletion-certificate") {
            return Err(Problem::error(
                format!("{} is no deletion certificate", shown(&name)),
                "Name the JSON of the certificate; other papers stand in the case as declaration or statement.",
            ));
        }
        let mut notes = Vec::new();
        if !self.is_there(&format!("{name}.p7s")) {
            notes.push(format!("its signature {} does not lie beside it", shown(&format!("{name}.p7s"))));
        }
        let earlier = subs.get(index).and_then(|sub| sub.certificate.clone()).filter(|earlier| !earlier.is_empty());
        let mut result = Change::Added;
        match earlier {
            Some(earlier) if earlier == name => result = Change::AlreadyThere,
            Some(earlier) => {
                let digest = self.bytes(&earlier, LIMIT).ok().map(|bytes| format!("sha256:{}", sha256(&bytes)));
                let replaces = json.get("supersedes").and_then(Json::as_str);
                if digest.is_none() || replaces != digest.as_deref() {
                    return Err(Problem::refused(
                        format!(
                            "the sub-processor {} has the certificate {}, and {} does not say that it replaces it",
                            shown(subprocessor),
                            shown(&earlier),
                            shown(&name)
                        ),
                        "Take the earlier one out of the case if the new one is to stand in its place.",
                    ));
                }
                notes.push(format!("it replaces {}, as it says itself; that file stays", shown(&earlier)));
            }
            None => {}
        }
        if result == Change::Added {
            let cant = self.cant("subprocessors");
            let table = edit::entry(self.document.as_table_mut(), "subprocessors", index).ok_or(cant)?;
            match table.get_mut("certificate").and_then(Item::as_value_mut) {
                Some(value) => {
                    let decor = value.decor().clone();
                    *value = Value::from(name.as_str());
                    *value.decor_mut() = decor;
                }
                None => drop(table.insert("certificate", Item::Value(name.as_str().into()))),
            }
            if let Some(sub) = self.case.subprocessors.get_mut(index) {
                sub.certificate = Some(name.clone());
            }
        }
        self.added.push(Added { thing: Thing::Certificate, name, result, to: Some(subprocessor.into()), notes });
        Ok(())
    }

    /// Adds a return: its receipt, what was given back, and the items that held it.
    ///
    /// # Errors
    /// Kind `Error`; nothing is then to be written.
    pub fn receipt(&mut self, file: &Path, what: &str, sources: &[String], date: Date) -> Result<(), Problem> {
        for id in sources {
            self.item_with(id)?;
        }
        let name = self.beside(file, "receipt")?;
        let sha256 = digest_beside(&self.directory, &name)
            .and_then(|digest| digest.ok_or_else(|| "is not there".into()))
            .map_err(|why| Problem::error(format!("the receipt {} {why}", shown(&name)), "Name a regular file."))?;
        let mut notes = vec![format!(
            "the data was given back; its sources still have to be erased: {}",
            sources.iter().map(|id| shown(id)).collect::<Vec<_>>().join(", ")
        )];
        let same = |one: &&Return| one.receipt.file == name && one.what == what;
        if let Some(there) = self.case.returns.iter().find(same) {
            let to = Some(there.id.clone());
            if there.sources != sources || there.date != date {
                notes.push("the case has other sources or another day for it; they stay".into());
            }
            self.added.push(Added { thing: Thing::Receipt, name, result: Change::AlreadyThere, to, notes });
            return Ok(());
        }
        let id = (1..)
            .map(|number| format!("return-{number}"))
            .find(|id| self.case.returns.iter().all(|one| one.id != *id))
            .unwrap_or_default();
        let receipt = InlineTable::from_iter([("file", name.as_str()), ("sha256", sha256.as_str())]);
        let fields = vec![
            ("id", id.as_str().into()),
            ("date", edit::day(date)),
            ("what", what.into()),
            ("sources", Value::Array(Array::from_iter(sources.iter().map(String::as_str)))),
            ("receipt", Value::InlineTable(receipt)),
        ];
        edit::append(self.document.as_table_mut(), "returns", fields).ok_or_else(|| self.cant("returns"))?;
        self.case.returns.push(Return {
            id: id.clone(),
            date,
            what: what.into(),
            sources: sources.to_vec(),
            receipt: Document { file: name.clone(), sha256: Some(sha256) },
        });
        self.added.push(Added { thing: Thing::Receipt, name, result: Change::Added, to: Some(id), notes });
        Ok(())
    }
}

/// SHA-256 as 64 hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
