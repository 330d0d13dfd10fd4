//! Adds to a case file what bears it out, and leaves comments, order and blank lines as they are.

mod assets;
mod edit;
mod papers;
mod records;
mod write;

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;
use toml_edit::DocumentMut;

use super::CaseFile;
use super::file::{Step, shown};
use crate::conformity::Case;
use crate::problem::Problem;
pub use assets::Listed;

/// What one thing given to `case add` became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Added {
    /// What it is.
    pub thing: Thing,
    /// Its file, or of a line of a list its number.
    pub name: String,
    /// What became of it.
    pub result: Change,
    /// Id of the item, sub-processor or return that it belongs to now.
    pub to: Option<String>,
    /// What else a person should know, a sentence each.
    pub notes: Vec<String>,
}

/// What can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// A sanitization record.
    Record,
    /// A sub-processor's deletion certificate.
    Certificate,
    /// A receipt of data that was given back.
    Receipt,
    /// A line of the customer's list.
    Asset,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It stands in the case now.
    Added,
    /// It stands in the case now, as the record of a medium on no list.
    Unlisted,
    /// It stood there before.
    AlreadyThere,
}

/// A case file that is being added to. Nothing is written before [`Edit::finish`].
#[derive(Debug)]
pub struct Edit {
    read: CaseFile,
    directory: PathBuf,
    /// The text to be, and what it must mean.
    document: DocumentMut,
    case: Case,
    added: Vec<Added>,
    _lock: Option<File>,
}

/// Links sanitization records to the items of the case at `path`: each to the item with the medium's serial number or property number,
/// or to the list of unlisted media. All of them or none.
///
/// # Errors
/// Kind `Error` for a case or record that can't be read or lies elsewhere, `Refused` for an item that names another outcome. The file is
/// then as it was.
pub fn add_records(path: &Path, records: &[PathBuf]) -> Result<Vec<Added>, Problem> {
    let mut edit = Edit::open(path)?;
    edit.records(records, None)?;
    edit.finish()
}

impl Edit {
    /// Reads the case file at `path`, and keeps other runs of this program from adding to a case of the same directory meanwhile.
    ///
    /// # Errors
    /// Those of [`CaseFile::read`].
    pub fn open(path: &Path) -> Result<Edit, Problem> {
        let directory = write::directory_of(path)?;
        let lock = write::lock(&directory)?;
        let mut edit = Edit::of(CaseFile::read(path)?, directory);
        edit._lock = lock;
        Ok(edit)
    }

    /// The same for a case that was read, with the papers in `directory`.
    pub(super) fn of(read: CaseFile, directory: PathBuf) -> Edit {
        let document = read.document.clone().into_mut();
        Edit { case: read.case.clone(), document, directory, read, added: Vec::new(), _lock: None }
    }

    /// The case as it would stand now.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Holds the new text against what it must mean, and puts it in the place of the old one. What was added, in order.
    ///
    /// # Errors
    /// Kind `Error`: the file was changed by somebody else meanwhile, or can't be written. It is then as it was.
    pub fn finish(self) -> Result<Vec<Added>, Problem> {
        let text = self.text()?;
        if text != self.read.text {
            write::replace(self.read.path(), &self.read.text, &text)?;
        }
        Ok(self.added)
    }

    /// The new text, once it is sure that it reads as the case that it must be.
    pub(super) fn text(&self) -> Result<String, Problem> {
        if self.case == self.read.case {
            return Ok(self.read.text.clone());
        }
        let text = edit::rendered(&self.document, &self.read.text);
        let again = CaseFile::parse(text.clone(), &format!("{} with what is to be added", self.read.name))?;
        if again.case == self.case {
            return Ok(text);
        }
        Err(Problem::error(
            format!("{} can't be added to: the new text would not mean what it should", self.read.name),
            "Nothing was changed. Add it by hand, and report this as a bug.",
        ))
    }

    /// `file:line: field`.
    fn place(&self, at: &[Step]) -> String {
        format!("{}:{}", self.read.name, self.read.line(at))
    }

    fn no_such(&self, what: &str, id: &str, known: impl Iterator<Item = String>) -> Problem {
        let known: Vec<_> = known.take(20).collect();
        let todo = match known.is_empty() {
            true => format!("The case lists no {what} yet; add it to the file first."),
            false => format!("Name one of: {}.", known.join(", ")),
        };
        Problem::error(format!("{} has no {what} with the id {}", self.read.name, shown(id)), todo)
    }

    fn cant(&self, list: &str) -> Problem {
        Problem::error(
            format!("{}: {list} stands in a form that can't be added to", self.read.name),
            format!("Write it as [[{list}]] tables, then add again. Nothing was changed."),
        )
    }
}

#[cfg(test)]
mod tests;
