//! What a check found, as lines and as JSON.

use serde_json::{Value, json};

use super::context::Context;
use super::out::clean;
use crate::conformity::Language;
use crate::words::Finding;

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
