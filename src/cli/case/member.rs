//! A wipe whose records belong to a case.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::case::{self, Link};
use crate::cli::context::Context;
use crate::cli::out::clean;
use crate::cli::targets::Target;
use crate::conformity::Language;
use crate::document;
use crate::job::{CaseLink, FilesPlan};
use crate::problem::Problem;

/// Today, in UTC.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// The case of a wipe, if it has one.
pub struct Member(Option<Link>);

impl Member {
    /// Reads the case that was named, and insists that records in `out` lie beside it.
    pub fn of(file: Option<&Path>, out: &Path) -> Result<Self, Problem> {
        let Some(file) = file else { return Ok(Member(None)) };
        let link = Link::read(file, today())?;
        link.beside(out)?;
        Ok(Member(Some(link)))
    }

    /// Reference of its instruction.
    pub fn instruction(&self) -> Option<String> {
        self.0.as_ref().and_then(|link| link.instruction.clone())
    }

    /// Its language: that of its documents.
    pub fn language(&self) -> Option<Language> {
        self.0.as_ref().map(|link| link.case.language)
    }

    /// What a journal keeps of it.
    pub fn link(&self) -> Option<CaseLink> {
        self.0.as_ref().map(|link| CaseLink { id: link.case.id.clone(), file: link.file.display().to_string() })
    }

    /// Refuses files on a medium that the case excludes.
    pub fn hold_files_against(&self, plan: &mut FilesPlan) {
        let Some(link) = &self.0 else { return };
        let serial = plan.serial();
        if let Some(problem) = link.exclusion(serial.as_deref(), plan.property()) {
            plan.refusals.push(problem);
        }
    }

    /// Refuses what the case excludes, and warns of what it does not list.
    pub fn hold_against(&self, targets: &mut [Target]) {
        let Some(link) = &self.0 else { return };
        for plan in targets.iter_mut().filter_map(|target| target.plan.as_mut().ok()) {
            let serial = plan.medium.identity.serial.as_ref().map(|serial| serial.value.as_str());
            let property = plan.request.property.as_deref();
            if let Some(problem) = link.exclusion(serial, property) {
                plan.refusals.push(problem);
            } else if link.items(serial, property).next().is_none() {
                plan.warnings.push(format!(
                    "the case {} lists no such medium (by serial number or --property): its record will stand there as unlisted",
                    link.file.display()
                ));
            }
        }
    }
}

/// Adds to each case those of `records` that carry it. What can't be added is told, and changes nothing of what was erased; so is a record
/// of another case, which a job left that was closed on the way.
pub fn add_records<'a>(context: &Context, cases: impl Iterator<Item = &'a CaseLink>, records: &[PathBuf]) {
    let case_of = |record: &PathBuf| std::fs::read(record).ok().and_then(|bytes| document::parse(&bytes).ok()?.case);
    let mut done: Vec<&CaseLink> = Vec::new();
    for case in cases {
        if done.contains(&case) {
            continue;
        }
        done.push(case);
        let its: Vec<PathBuf> =
            records.iter().filter(|record| case_of(record).as_ref() == Some(&case.id)).cloned().collect();
        if its.is_empty() {
            continue;
        }
        match case::add_records(Path::new(&case.file), &its) {
            Ok(added) => {
                for added in &added {
                    let to = added.to.as_deref().map_or("unlisted".into(), |item| format!("item {}", clean(item)));
                    context.say(&format!("case: record {}, {to}", clean(&added.name)));
                    added.notes.iter().for_each(|note| context.say(&format!("  {}", clean(note))));
                }
            }
            Err(problem) => {
                let (what, todo) = (clean(&problem.what), clean(&problem.todo));
                let names: Vec<_> = its.iter().map(|record| clean(&record.display().to_string())).collect();
                context.warn(&format!(
                    "the records were issued, but not added to the case: {what} {todo} Then run `radera case add {} --record {}`.",
                    clean(&case.file),
                    names.join(" ")
                ));
            }
        }
    }
    for record in records {
        if let Some(id) = case_of(record).filter(|id| done.iter().all(|case| case.id != *id)) {
            let record = clean(&record.display().to_string());
            context.warn(&format!(
                "{record} belongs to the case {}, and was not added to it: run `radera case add FILE --record {record}` with its file.",
                clean(&id)
            ));
        }
    }
}
