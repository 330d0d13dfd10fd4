//! What a check found, as lines and as JSON.

use serde_json::{Value, json};

use super::context::Context;
use super::out::clean;
use crate::check::Summary;
use crate::conformity::Language;
use crate::words::{Finding, Told, text, text_with};

/// Each finding on a line, the ones that do not hold marked.
pub fn lines(context: &Context, findings: &[Finding], language: Language) {
    for finding in findings {
        let mark = if finding.holds { "ok " } else { "NO " };
        context.out.line(&format!(
            "  {mark} {}: {}",
            clean(&finding.what(language)),
            clean(&finding.told.text(language))
        ));
    }
}

/// The same as JSON: sentences in English, and their codes.
pub fn values(findings: &[Finding]) -> Vec<Value> {
    let value = |finding: &Finding| {
        json!({
            "what": finding.what(Language::En),
            "holds": finding.holds,
            "finding": finding.told.english(),
            "code": finding.told.code,
        })
    };
    findings.iter().map(value).collect()
}

/// What is proved, what is claimed and by whom, what is not settled.
pub fn summary(context: &Context, summary: &Summary, language: Language) {
    let who = summary.who.text(language);
    let lists = [
        (text(language, "summary-proved"), &summary.proved),
        (text_with(language, "summary-claimed", &[("who", &who)]), &summary.claimed),
        (text(language, "summary-open"), &summary.open),
    ];
    for (heading, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        context.out.line(&format!("{}:", clean(heading)));
        list.iter().for_each(|told| context.out.line(&format!("  - {}", clean(&told.text(language)))));
    }
}

/// The same as JSON.
pub fn summary_value(summary: &Summary) -> Value {
    let list = |list: &[Told]| -> Vec<Value> {
        list.iter().map(|told| json!({"code": told.code, "text": told.english()})).collect()
    };
    json!({
        "proved": list(&summary.proved), "claimed": list(&summary.claimed), "by": summary.who.english(),
        "open": list(&summary.open),
    })
}
