//! The case file: a person's TOML, read with the place of everything in it. Reading never writes.

mod documents;
mod said;
mod tree;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub use documents::digest as digest_beside;
pub use tree::Step;
use tree::{json, line_at, line_of};

use super::faults::{self, Fault};
use super::numbers;
use crate::conformity::Case;
use crate::problem::Problem;
use crate::sys::open;

/// The largest case file that is read, in bytes.
const LIMIT: u64 = 16 << 20;
/// The most faults that are told at once.
const MOST: usize = 50;

/// A case, and the text that it was read from.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The case. Digests and fingerprints are in lower case; all else is as written.
    pub case: Case,
    /// The text of the file.
    pub text: String,
    pub(super) name: String,
    path: PathBuf,
    pub(super) document: toml_edit::Document<String>,
}

impl CaseFile {
    /// Reads the case file at `path`: a regular file, UTF-8, of at most 16 MiB.
    ///
    /// # Errors
    /// Kind `Error`. Each names the file and, where there is one, the line and the field. Faults of TOML and of form come alone; those
    /// of the rules come all at once, in [`Problem::also`].
    pub fn read(path: &Path) -> Result<CaseFile, Problem> {
        let name = path.display().to_string();
        let mut read = CaseFile::parse(text_of(path)?, &name)?;
        read.path = path.to_path_buf();
        Ok(read)
    }

    /// Takes `text` for a case file that messages call `name`. Pure.
    ///
    /// # Errors
    /// See [`CaseFile::read`].
    pub fn parse(text: impl Into<String>, name: &str) -> Result<CaseFile, Problem> {
        let text = text.into();
        if text.len() as u64 > LIMIT {
            return Err(too_large(name));
        }
        let document = toml_edit::Document::parse(text.clone()).map_err(|error| {
            let line = error.span().map_or(1, |span| line_at(&text, span.start));
            Problem::error(
                format!("{name}:{line}: no TOML: {}", shown_whole(&error.message().replace('\n', "; "))),
                "Mend this line; text stands in \"quotes\", days as 2026-11-30, lists in [brackets]. Nothing was changed.",
            )
        })?;
        let tell = |fault: &Fault| told(&fault.at, &fault.what, &fault.todo, name, &text, &document);
        let value = json(document.as_table()).map_err(|fault| tell(&fault))?;
        let case =
            serde_path_to_error::deserialize::<_, Case>(&value).map_err(|error| tell(&said::fault(&value, &error)))?;
        let faults = faults::find(&case, &value, |at| line_of(&document, &text, at));
        match told_all(&faults, tell) {
            Some(problem) => Err(problem),
            None => Ok(CaseFile { case, text, name: name.into(), path: name.into(), document }),
        }
    }

    /// The line of a field, from 1; of what it stands in where it is not there itself.
    pub fn line(&self, at: &[Step]) -> usize {
        line_of(&self.document, &self.text, at)
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The directory in which everything lies that the case names.
    pub fn directory(&self) -> &Path {
        match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    fn tell(&self, fault: &Fault) -> Problem {
        told(&fault.at, &fault.what, &fault.todo, &self.name, &self.text, &self.document)
    }
}

fn told(at: &[Step], what: &str, todo: &str, name: &str, text: &str, doc: &toml_edit::Document<String>) -> Problem {
    let line = line_of(doc, text, at);
    let field = tree::dotted(at);
    let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
    Problem::error(format!("{name}:{line}: {field}{what}"), todo)
}

/// All of them as one problem, the first [`MOST`] by name.
fn told_all(faults: &[Fault], tell: impl Fn(&Fault) -> Problem) -> Option<Problem> {
    let mut problem = Problem::all(faults.iter().take(MOST).map(tell))?;
    if let Some(left) = faults.len().checked_sub(MOST).filter(|left| *left > 0) {
        problem.also.push(Problem::error(format!("and {left} more faults"), "Mend the ones above, then check again."));
    }
    Some(problem)
}

/// A person's text in a message: in quotes, cut, and with personal numbers masked.
pub(super) fn shown(text: &str) -> String {
    let masked = numbers::mask_prose(text);
    let cut: String = masked.chars().take(60).collect();
    if cut.len() < masked.len() { format!("{cut:?}…") } else { format!("{cut:?}") }
}

/// A whole sentence that may quote a person's text.
fn shown_whole(text: &str) -> String {
    let masked = numbers::mask_prose(text);
    let cut: String = masked.chars().take(300).collect();
    if cut.len() < masked.len() { format!("{cut}…") } else { cut }
}

fn too_large(name: &str) -> Problem {
    Problem::error(
        format!("{name} is larger than 16 MiB; no case file is"),
        "Name the case file, the TOML that `radera case init` makes.",
    )
}

fn text_of(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    let other = "Name the case file, the TOML that `radera case init` makes.";
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => Problem::error(
            format!("the case file {name} does not exist"),
            "Check the name, or begin a case: radera case init FILE --profile contract-end",
        ),
        _ => Problem::error(format!("can't read the case file {name}: {e}"), "Check the path and your rights to it."),
    };
    let file: File = open::for_probe(path).map_err(unreadable)?;
    let found = file.metadata().map_err(unreadable)?;
    if found.is_dir() {
        return Err(Problem::error(format!("{name} is a directory, and no case file"), other));
    }
    if !found.is_file() {
        return Err(Problem::error(format!("{name} is no regular file, so no case file"), other));
    }
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT {
        return Err(too_large(&name));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = e.as_bytes().get(..e.utf8_error().valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|b| **b == b'\n').count() + 1;
        Problem::error(
            format!("{name}:{line}: the file is not UTF-8 from here on"),
            "Save it as UTF-8 in your editor. Nothing was changed.",
        )
    })
}

#[cfg(test)]
mod tests;
