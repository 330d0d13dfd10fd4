//! What the certificate says in words. The one place that knows where the words come from.

use crate::conformity::{CaseStatus, DoubtId, Finding, Language, Measured, Outcome, Reason, Responsible, RowId};
use crate::document::Validated;

/// Name of a value as documents have it.
fn name<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

/// What the document is called.
pub fn title(_language: Language, with_return: bool) -> String {
    if with_return { "Certificate of deletion and return" } else { "Deletion certificate" }.into()
}

/// Status.
pub fn status(_language: Language, status: CaseStatus) -> String {
    name(status)
}

/// Title of a row.
pub fn row(_language: Language, row: RowId) -> String {
    row.name().into()
}

/// Result of a row or item.
pub fn result(_language: Language, result: Finding) -> String {
    name(result)
}

/// Outcome of an item.
pub fn outcome(_language: Language, outcome: Outcome) -> String {
    outcome.name().into()
}

/// Who answers for it.
pub fn responsible(_language: Language, who: Responsible) -> String {
    name(who)
}

/// A doubt.
pub fn doubt(_language: Language, doubt: DoubtId) -> String {
    name(doubt)
}

/// What was measured of it.
pub fn measured(_language: Language, measured: Measured) -> String {
    name(measured)
}

/// Where the validation stands.
pub fn validated(_language: Language, decision: Validated) -> String {
    name(decision)
}

/// A reason or remark.
pub fn reason(_language: Language, reason: &Reason) -> String {
    reason.with.iter().fold(reason.code.name().to_string(), |text, (key, value)| format!("{text}, {key} {value}"))
}

/// What the one who can mend it does.
pub fn todo(_language: Language, _reason: &Reason) -> Option<String> {
    None
}

/// What stands for something that only the annex tells.
pub fn withheld(language: Language) -> &'static str {
    match language {
        Language::Da => "(bilag)",
        Language::Sv => "(bilaga)",
        Language::En => "(annex)",
    }
}

/// What the document does not prove, and what goes on regardless.
pub fn statements(_language: Language) -> Vec<String> {
    Vec::new()
}
