//! What certificate and table say in words. The one place here that knows where the words come from.

use crate::conformity::Language;
use crate::document::Validated;
use crate::words;

pub use crate::words::{
    destruction, does_not_prove, doubt, finding, grade, kind, level, measured, media, outcome, place, proof, reason,
    responsible_in as responsible, row, status, text as heading, title, todo,
};

/// Where the validation stands.
pub fn validated(language: Language, decision: Validated) -> String {
    use crate::conformity::Decision;
    match decision {
        Validated::AwaitingDecision => words::text(language, "awaiting-decision"),
        Validated::Accepted => words::decision(language, Decision::Accepted),
        Validated::Rejected => words::decision(language, Decision::Rejected),
    }
}

/// What stands for something that only the annex tells.
pub fn withheld(language: Language) -> &'static str {
    match language {
        Language::Da => "(bilag)",
        Language::Sv => "(bilaga)",
        Language::En => "(annex)",
    }
}
