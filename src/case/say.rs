//! What certificate and table say in words. The one place here that knows where the words come from.

use crate::conformity::{
    CaseStatus, DoubtId, Finding, Grade, Language, Level, Measured, Outcome, Profile, ProofKind, Reason, Responsible,
    RowId,
};
use crate::document::Validated;
fn name<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}
/// Words.
pub fn title(_: Language, _: Profile, with_return: bool) -> String {
    if with_return { "Certificate of deletion and return" } else { "Deletion certificate" }.into()
}
/// Words.
pub fn status(_: Language, v: CaseStatus) -> String {
    name(v)
}
/// Words.
pub fn row(_: Language, v: RowId) -> String {
    name(v)
}
/// Words.
pub fn finding(_: Language, v: Finding) -> String {
    name(v)
}
/// Words.
pub fn outcome(_: Language, v: Outcome) -> String {
    name(v)
}
/// Words.
pub fn responsible(_: Language, _: Profile, v: Responsible) -> String {
    name(v)
}
/// Words.
pub fn doubt(_: Language, v: DoubtId) -> String {
    name(v)
}
/// Words.
pub fn measured(_: Language, v: Measured) -> String {
    name(v)
}
/// Words.
pub fn validated(_: Language, v: Validated) -> String {
    name(v)
}
/// Words.
pub fn grade(_: Language, v: Grade) -> String {
    name(v)
}
/// Words.
pub fn level(_: Language, v: Level) -> String {
    name(v)
}
/// Words.
pub fn proof(_: Language, v: ProofKind) -> String {
    name(v)
}
/// Words.
pub fn heading(_: Language, v: &str) -> String {
    name(v)
}
/// Words.
pub fn reason(_: Language, reason: &Reason) -> String {
    reason.with.iter().fold(reason.code.name().to_string(), |text, (key, value)| format!("{text}, {key} {value}"))
}
/// Words.
pub fn todo(_: Language, _: &Reason) -> Option<String> {
    None
}
/// Words.
pub fn does_not_prove(_: Language, _: Profile) -> Vec<String> {
    Vec::new()
}
/// What stands for something that only the annex tells.
pub fn withheld(language: Language) -> &'static str {
    match language {
        Language::Da => "(bilag)",
        Language::Sv => "(bilaga)",
        Language::En => "(annex)",
    }
}
