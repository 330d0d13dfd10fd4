//! What follows from a case, as lines for people.

mod item;
#[cfg(test)]
mod tests;

use crate::case::say;
use crate::cli::out::clean;
use crate::conformity::{
    Case, Code, Conformity, Entry, Finding, ItemVerdict, Language, Profile, Proof, ProofKind, Reason, SubVerdict,
};
use crate::document::ValidationEntry;

/// Status first, then rows, items, sub-processors, doubts and where the validation stands.
pub fn lines(language: Language, case: &Case, conformity: &Conformity, validation: &ValidationEntry) -> Vec<String> {
    let profile = case.profile;
    let mut lines = vec![say::status(language, conformity.status), String::new()];
    let who = |who| say::responsible(language, profile, who);
    for row in &conformity.rows {
        lines.push(format!("{} ({})", headline(language, profile, row), who(row.responsible)));
        standing(language, profile, &row.evidence, &row.reasons, &row.remarks, &mut lines);
    }
    let heading = |key: &str, lines: &mut Vec<String>| lines.extend([String::new(), say::heading(language, key)]);
    if !conformity.items.is_empty() {
        heading("items", &mut lines);
    }
    for item in &conformity.items {
        lines.push(of_item(language, item));
        if let Some(given) = case.items.iter().find(|given| given.id == item.item) {
            lines.push(format!("    {}", clean(&item::told(language, given))));
        }
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
        lines.push(of_subprocessor(language, sub));
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
        let shown = |proof: &Proof| {
            let kind = say::proof(language, proof.kind);
            match proof.kind {
                ProofKind::Statement => format!("{kind}: {}", clean(&say::place(language, profile, &proof.name))),
                _ => format!("{kind} {}", clean(&proof.name)),
            }
        };
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

/// A row and its result. Only section 12 has letters that a reader knows.
fn headline(language: Language, profile: Profile, row: &Entry) -> String {
    let said = format!("{}: {}", say::row(language, row.row), say::finding(language, row.result));
    match profile {
        Profile::ContractEnd => format!("{}  {said}", row.row.name()),
        Profile::Repair | Profile::Disposal | Profile::AssignmentEnd => said,
    }
}

fn of_item(language: Language, item: &ItemVerdict) -> String {
    let outcome = say::outcome(language, item.outcome);
    format!("{}: {outcome}. {}", clean(&item.item), say::finding(language, item.result))
}

fn of_subprocessor(language: Language, sub: &SubVerdict) -> String {
    let grade = say::grade(language, sub.grade);
    format!("{}: {grade}. {}", clean(&sub.subprocessor), say::finding(language, sub.result))
}

/// What keeps a case from being complete: the rows, each with its reasons, and the items and sub-processors that those name, with theirs.
pub fn barring(language: Language, profile: Profile, conformity: &Conformity) -> Vec<String> {
    let mut lines = Vec::new();
    let rows = || conformity.rows.iter().filter(|row| row.bars_complete);
    for row in rows() {
        lines.push(headline(language, profile, row));
        standing(language, profile, &[], &row.reasons, &[], &mut lines);
    }
    let named = |code: Code, argument: &str, id: &String| {
        let mut reasons = rows().flat_map(|row| &row.reasons);
        reasons.any(|reason| reason.code == code && reason.with.get(argument) == Some(id))
    };
    let mut heading = Some("items");
    for item in conformity.items.iter().filter(|item| named(Code::ItemOpen, "item", &item.item)) {
        lines.extend(heading.take().map(|key| say::heading(language, key)));
        lines.push(of_item(language, item));
        standing(language, profile, &[], &item.reasons, &[], &mut lines);
    }
    let mut heading = Some("sub-processors");
    let open = |sub: &&SubVerdict| named(Code::SubProcessorOpen, "subprocessor", &sub.subprocessor);
    for sub in conformity.subprocessors.iter().filter(open) {
        lines.extend(heading.take().map(|key| say::heading(language, key)));
        lines.push(of_subprocessor(language, sub));
        standing(language, profile, &[], &sub.reasons, &[], &mut lines);
    }
    lines
}
