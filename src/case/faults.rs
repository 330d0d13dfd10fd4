//! What can't be so in a case, before anything is judged. What is only not told yet is no fault: the rows say so.

mod papers;
mod references;

pub use papers::{documents, stays_beside};

use serde_json::Value;

use super::file::{Step, shown};
use super::numbers;
use crate::conformity::{Case, Party};

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub at: Vec<Step>,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub todo: String,
}

impl Fault {
    /// A fault of the field at `at`.
    pub fn at(at: &[Step], what: impl Into<String>, todo: impl Into<String>) -> Self {
        Fault { at: at.to_vec(), what: what.into(), todo: todo.into() }
    }
}

/// A way to a field, of keys and indices.
macro_rules! at {
    ($($step:expr),+ $(,)?) => { &[$(crate::case::file::Step::from($step)),+] };
}
use at;

/// Every fault of `case`, in the order of the file. `value` is the same case as JSON, and `line` the line of a field.
pub fn find(case: &Case, value: &Value, line: impl Fn(&[Step]) -> usize) -> Vec<Fault> {
    let mut faults = Vec::new();
    head(case, &mut faults);
    parties(case, &mut faults);
    dates(case, &mut faults);
    papers::find(case, value, &mut faults);
    references::find(case, &line, &mut faults);
    faults.sort_by_key(|fault| line(&fault.at));
    faults
}

fn head(case: &Case, faults: &mut Vec<Fault>) {
    if case.schema != Case::SCHEMA {
        faults.push(Fault::at(
            at!["schema"],
            format!("this version does not know case files of the schema {}", shown(&case.schema)),
            format!("Write schema = {:?}, or use the version that made the file.", Case::SCHEMA),
        ));
    }
    if !crate::document::is_id(&case.id) {
        faults.push(Fault::at(
            at!["id"],
            "is no id of a case, which has 32 hexadecimal digits in lower case",
            "Take the id from the file as `radera case init` made it, or begin a new case with it.",
        ));
    }
}

fn parties(case: &Case, faults: &mut Vec<Fault>) {
    party(at!["controller"], &case.controller, faults);
    party(at!["processor"], &case.processor, faults);
    for (index, sub) in case.subprocessors.iter().enumerate() {
        party(at!["subprocessors", index, "party"], &sub.party, faults);
    }
    for (index, location) in case.locations.iter().enumerate() {
        country(at!["locations", index, "country"], &location.country, faults);
    }
}

fn party(at: &[Step], party: &Party, faults: &mut Vec<Fault>) {
    country(&below(at, "country"), &party.country, faults);
    if let Some((what, todo)) = numbers::fault(&party.country, &party.number) {
        faults.push(Fault::at(&below(at, "number"), format!("{} {what}", shown(&party.number)), todo));
    }
}

fn country(at: &[Step], country: &str, faults: &mut Vec<Fault>) {
    let fits = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    if !country.is_empty() && !fits {
        faults.push(Fault::at(
            at,
            format!("{} is no country code", shown(country)),
            "Write the two capital letters of ISO 3166-1, as DK or SE.",
        ));
    }
}

fn below(at: &[Step], key: &str) -> Vec<Step> {
    at.iter().cloned().chain([key.into()]).collect()
}

fn dates(case: &Case, faults: &mut Vec<Fault>) {
    let agreements = [("main", &case.agreements.main), ("processing", &case.agreements.processing)];
    for (key, agreement) in agreements {
        let date = agreement.as_ref().and_then(|agreement| agreement.date);
        if let (Some(date), Some(end)) = (date, case.agreements.end)
            && end < date
        {
            faults.push(Fault::at(
                at!["agreements", "end"],
                format!("{end} is before {date}, the date of agreements.{key}"),
                "Correct the one that is wrong.",
            ));
        }
    }
    for (index, approval) in case.tool_approvals.iter().enumerate() {
        if approval.until < approval.date {
            faults.push(Fault::at(
                at!["tool_approvals", index, "until"],
                format!("{} is before {}, the date of the same approval", approval.until, approval.date),
                "Correct the one that is wrong.",
            ));
        }
    }
    if let Some(repair) = &case.repair
        && let (Some(out), Some(back)) = (repair.handed_over, repair.returned)
        && back < out
    {
        faults.push(Fault::at(
            at!["repair", "returned"],
            format!("{back} is before {out}, the day on which it was handed over"),
            "Correct the one that is wrong.",
        ));
    }
}
