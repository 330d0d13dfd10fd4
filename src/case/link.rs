//! What `wipe` takes from a case before anything is erased: its id, the instruction, and what must not be touched.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::CaseFile;
use crate::conformity::{Case, Item, Profile};
use crate::problem::Problem;

/// A case that records are made for.
#[derive(Debug)]
pub struct Link {
    /// Absolute path of the case file.
    pub file: PathBuf,
    /// Reference of the controller's instruction, where there is one.
    pub instruction: Option<String>,
    /// The case itself.
    pub case: Case,
}

impl Link {
    /// Reads the case at `path` and insists on what `wipe` carries out on the day `today`: at a contract's end the controller's
    /// instruction, at an assignment's end the approval to erase. Other profiles take an instruction where there is one.
    ///
    /// # Errors
    /// Faults of the file; kind `Refused` where instruction or approval is not there, its document is not beside the case, or it is dated
    /// later.
    pub fn read(path: &Path, today: Date) -> Result<Link, Problem> {
        let read = CaseFile::read(path)?;
        let documents = read.check_documents(read.directory())?;
        let shown = path.display();
        let named = read.case.instruction.as_ref().filter(|i| !i.reference.trim().is_empty());
        let instruction = named.map(|i| (i.date, &i.document.file));
        let approval = read.case.assignment.as_ref().and_then(|a| a.approval.as_ref());
        let approval = approval.map(|a| (a.date, &a.document.file));
        let (what, place, warrant) = match read.case.profile {
            Profile::ContractEnd => ("instruction", "[instruction]", instruction),
            Profile::AssignmentEnd => ("approval to erase", "[assignment.approval]", approval),
            Profile::Repair | Profile::Disposal => ("", "", None),
        };
        let refused = |why: String| {
            let todo = format!("Enter it under {place} with the controller's document beside the case, then wipe.");
            Problem::refused(format!("the case {shown}: {why}"), todo)
        };
        match warrant {
            None if what.is_empty() => {}
            None => return Err(refused(format!("there is no {what}"))),
            Some((_, file)) if !documents.contains_key(file) => {
                return Err(refused(format!("the document of the {what}, {file}, is not beside it")));
            }
            Some((date, _)) if date > today => {
                return Err(refused(format!("the {what} is dated {date}, which is to come")));
            }
            Some(_) => {}
        }
        let file = std::path::absolute(path).map_err(|error| {
            Problem::error(
                format!("the path of {shown} can't be made out: {error}"),
                "Name the case by its whole path.",
            )
        })?;
        Ok(Link { file, instruction: named.map(|i| i.reference.clone()), case: read.case })
    }

    /// Whether records that go to `out` lie beside the case, where it can name them.
    ///
    /// # Errors
    /// Kind `Error`: they would not.
    pub fn beside(&self, out: &Path) -> Result<(), Problem> {
        let directory = self.file.parent().unwrap_or(Path::new("/"));
        let inside = match (directory.canonicalize(), out.canonicalize()) {
            (Ok(directory), Ok(out)) => out.starts_with(directory),
            _ => false,
        };
        if inside {
            return Ok(());
        }
        Err(Problem::error(
            format!("records of the case {} can't go to {}, outside its directory", self.file.display(), out.display()),
            format!("Name a directory inside {} with --out, so that the case can name them.", directory.display()),
        ))
    }

    /// Why the case keeps a medium with this serial and property number from being erased.
    pub fn exclusion(&self, serial: Option<&str>, property: Option<&str>) -> Option<Problem> {
        let case = &self.case;
        let excluded = case.excluded.iter().find(|e| tied(&e.serial, serial) || tied(&e.asset, property));
        let its: Vec<&Item> = self.items(serial, property).collect();
        let why = match (excluded, its.iter().find_map(|item| self.kept(item)), its.as_slice()) {
            (Some(excluded), ..) => format!("the case excludes it: {}", excluded.reason),
            (None, Some(why), _) => why,
            (None, None, [one, other, ..]) => {
                format!(
                    "its serial number and its property number are those of two items of the case, {} and {}",
                    one.id, other.id
                )
            }
            (None, None, _) => return None,
        };
        Some(Problem::refused(
            format!("{why} ({})", self.file.display()),
            "Nothing is erased against the case: correct the case if it is wrong, or leave this medium alone.",
        ))
    }

    /// The items of the inventory that a medium with this serial and property number is: one, if numbers are right.
    pub fn items(&self, serial: Option<&str>, property: Option<&str>) -> impl Iterator<Item = &Item> {
        self.case.items.iter().filter(move |item| tied(&item.serial, serial) || tied(&item.asset, property))
    }

    /// Why an item is not to be erased.
    fn kept(&self, item: &Item) -> Option<String> {
        let id = &item.id;
        if let Some(kept) = &item.retained {
            Some(format!("the case keeps it (item {id}) until {} under {} {}", kept.until, kept.act, kept.section))
        } else if item.handed_over.is_some() {
            Some(format!("by the case it (item {id}) was handed over and is not here"))
        } else if item.destroyed.is_some() {
            Some(format!("by the case it (item {id}) was destroyed and is not here"))
        } else {
            None
        }
    }
}

/// Both are told, and the same.
fn tied(own: &Option<String>, found: Option<&str>) -> bool {
    let own = own.as_deref().map(str::trim).filter(|own| !own.is_empty());
    own.is_some() && own == found.map(str::trim)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 20);

    const TEXT: &str = r#"
schema = "radera/case/1"
id = "00112233445566778899aabbccddeeff"
profile = "contract-end"
language = "en"
controller = {}
processor = {}
agreements = {}
excluded = [{ serial = "S-9", reason = "a court asked for it" }]

[instruction]
reference = "I-7"
date = 2026-11-20
by = { name = "P" }
choice = "delete"
document = { file = "instruction.txt" }

[[items]]
id = "M1"
kind = "medium"
media = "flash"
serial = "S-1"
asset = "A-1"

[[items]]
id = "M2"
kind = "medium"
media = "flash"
serial = "S-2"
retained = { what = "w", act = "Bogføringsloven", section = "§ 12", until = 2031-12-31, responsible = { name = "P" } }
"#;

    fn case(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("case.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::write(dir.path().join("instruction.txt"), "erase").unwrap();
        (dir, path)
    }

    #[test]
    fn a_case_gives_its_instruction_only_if_it_has_one_today() {
        let (dir, path) = case(TEXT);
        let link = Link::read(&path, TODAY).unwrap();
        assert_eq!((link.instruction.as_deref(), link.file.is_absolute()), (Some("I-7"), true));
        let refused = |path: &Path| Link::read(path, TODAY).unwrap_err();
        let later = Link::read(&path, jiff::civil::date(2026, 11, 19)).unwrap_err();
        assert!(later.what.contains("2026-11-20"), "{later}");
        std::fs::remove_file(dir.path().join("instruction.txt")).unwrap();
        assert!(refused(&path).what.contains("instruction.txt"));
        let (_dir, without) = case(&TEXT.replace("\"I-7\"", "\" \""));
        assert_eq!(refused(&without).kind, crate::problem::Kind::Refused);
        // A repair needs none, and the end of an assignment needs the approval.
        let (_dir, repair) = case(&TEXT.replace("\"I-7\"", "\" \"").replace("contract-end", "repair"));
        assert_eq!(Link::read(&repair, TODAY).unwrap().instruction, None);
        let approval = "\n[assignment]\nended = 2026-11-01\napproval = { date = 2026-11-20, by = { name = \"P\" }, document = { file = \"instruction.txt\" } }\n";
        let ends = TEXT.replace("contract-end", "assignment-end");
        let (_dir, without) = case(&ends);
        assert!(refused(&without).what.contains("approval"));
        let (_dir, with) = case(&(ends + approval));
        assert_eq!(Link::read(&with, TODAY).unwrap().instruction.as_deref(), Some("I-7"));
    }

    #[test]
    fn what_the_case_keeps_or_excludes_is_not_erased() {
        let (_dir, path) = case(TEXT);
        let link = Link::read(&path, TODAY).unwrap();
        let why = |serial, property| link.exclusion(serial, property).map(|problem| problem.what);
        assert_eq!(why(Some("S-1"), None), None);
        assert_eq!(why(None, Some("A-1")), None);
        assert_eq!(why(Some("S-3"), None), None);
        assert_eq!(why(None, None), None);
        assert!(why(Some(" S-9 "), None).unwrap().contains("a court asked for it"));
        assert!(why(Some("S-2"), None).unwrap().contains("Bogføringsloven § 12"));
        // A property number that is another item's hides nothing.
        assert!(why(Some("S-2"), Some("A-1")).unwrap().contains("Bogføringsloven § 12"));
        assert!(why(Some("S-9"), Some("A-1")).unwrap().contains("a court asked for it"));
        let (_dir, path) = case(&TEXT.replace("retained = {", "pending = { until = 2031-12-31, why = \"w\" } #"));
        let link = Link::read(&path, TODAY).unwrap();
        assert!(link.exclusion(Some("S-2"), Some("A-1")).unwrap().what.contains("two items"));
        assert_eq!(link.exclusion(Some("S-2"), None), None);
    }

    #[test]
    fn records_lie_beside_the_case() {
        let (dir, path) = case(TEXT);
        let link = Link::read(&path, TODAY).unwrap();
        std::fs::create_dir(dir.path().join("records")).unwrap();
        link.beside(dir.path()).unwrap();
        link.beside(&dir.path().join("records")).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(link.beside(elsewhere.path()).unwrap_err().todo.contains("--out"));
        assert!(link.beside(&dir.path().join("missing")).is_err());
    }
}
