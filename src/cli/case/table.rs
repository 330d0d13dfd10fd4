//! What follows from a case, as lines for people.

use crate::case::say;
use crate::cli::out::clean;
use crate::conformity::{Conformity, Finding, Language, Profile, Proof, Reason};
use crate::document::ValidationEntry;

/// Status first, then rows, items, sub-processors, doubts and where the validation stands.
pub fn lines(
    language: Language,
    profile: Profile,
    conformity: &Conformity,
    validation: &ValidationEntry,
) -> Vec<String> {
    let mut lines = vec![say::status(language, conformity.status), String::new()];
    let who = |who| say::responsible(language, profile, who);
    for row in &conformity.rows {
        let title = say::row(language, row.row);
        let result = say::finding(language, row.result);
        lines.push(format!("{}  {title}: {result} ({})", row.row.name(), who(row.responsible)));
        standing(language, profile, &row.evidence, &row.reasons, &row.remarks, &mut lines);
    }
    let heading = |key: &str, lines: &mut Vec<String>| lines.extend([String::new(), say::heading(language, key)]);
    if !conformity.items.is_empty() {
        heading("items", &mut lines);
    }
    for item in &conformity.items {
        let outcome = say::outcome(language, item.outcome);
        let result = say::finding(language, item.result);
        lines.push(format!("{}: {outcome}. {result}", clean(&item.item)));
        if item.result != Finding::Fulfilled {
            let (needs, reached) = (say::level(language, item.needs), say::level(language, item.reached));
            let words = [say::heading(language, "needs"), say::heading(language, "reached")];
            lines.push(format!("    {}: {needs}. {}: {reached}", words[0], words[1]));
        }
        standing(language, profile, &item.evidence, &item.reasons, &item.remarks, &mut lines);
    }
    if !conformity.subprocessors.is_empty() {
        heading("sub-processors", &mut lines);
    }
    for sub in &conformity.subprocessors {
        let grade = say::grade(language, sub.grade);
        lines.push(format!("{}: {grade}. {}", clean(&sub.subprocessor), say::finding(language, sub.result)));
        standing(language, profile, &sub.evidence, &sub.reasons, &sub.remarks, &mut lines);
    }
    heading("doubts", &mut lines);
    for doubt in &conformity.doubts {
        let measured = say::measured(language, doubt.measured);
        lines.push(format!("{}: {measured}", say::doubt(language, doubt.doubt)));
        for remark in &doubt.remarks {
            lines.push(format!("    {}", clean(&say::reason(language, remark))));
        }
    }
    heading("validation", &mut lines);
    lines.push(say::validated(language, validation.decision));
    if let (Some(by), Some(date)) = (&validation.by, validation.date) {
        lines.push(format!("    {}, {}, {date}", clean(&by.name), clean(&by.title)));
    }
    lines
}

/// Evidence, reasons with who and what to do, remarks.
fn standing(
    language: Language,
    profile: Profile,
    evidence: &[Proof],
    reasons: &[Reason],
    remarks: &[Reason],
    lines: &mut Vec<String>,
) {
    if !evidence.is_empty() {
        let shown = |proof: &Proof| format!("{} {}", say::proof(language, proof.kind), clean(&proof.name));
        let mut all: Vec<_> = evidence.iter().map(shown).collect();
        all.sort();
        all.dedup();
        lines.push(format!("    {}: {}", say::heading(language, "evidence"), all.join(", ")));
    }
    for (index, reason) in reasons.iter().enumerate() {
        let who = say::responsible(language, profile, reason.who);
        lines.push(format!("    - {who}: {}", clean(&say::reason(language, reason))));
        // Where the next one is mended by the same, that stands once, below the last.
        let todo = |reason: &Reason| say::todo(language, reason);
        let same_below =
            reasons.get(index + 1).is_some_and(|next| next.who == reason.who && todo(next) == todo(reason));
        if let Some(todo) = todo(reason).filter(|_| !same_below) {
            lines.push(format!("      {}: {}", say::heading(language, "what-to-do"), clean(&todo)));
        }
    }
    for remark in remarks {
        lines.push(format!("    {}", clean(&say::reason(language, remark))));
    }
}

/// What keeps a case from being complete: the rows, each with its reasons, and what the items say of those.
pub fn barring(language: Language, profile: Profile, conformity: &Conformity) -> Vec<String> {
    let mut lines = Vec::new();
    for row in conformity.rows.iter().filter(|row| row.bars_complete) {
        lines.push(format!(
            "{}  {}: {}",
            row.row.name(),
            say::row(language, row.row),
            say::finding(language, row.result)
        ));
        standing(language, profile, &[], &row.reasons, &[], &mut lines);
    }
    lines
}
