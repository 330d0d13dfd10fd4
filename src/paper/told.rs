//! What a record says of itself, sentence by sentence. One place, so that it can be told in other words.

use crate::conformity::Language;
use crate::document::Record;
use crate::outcome::{Claim, Status};

use super::say;

/// How the job ended.
pub fn status(language: Language, status: Status) -> String {
    say::coded(language, "status", status.name())
}

/// The most that may be said.
pub fn claim(language: Language, claim: Claim) -> String {
    say::coded(language, "claim", claim.name())
}

/// Status and claim, with what they do not say.
pub fn statement(_: Language, record: &Record) -> Vec<String> {
    vec![record.statement.clone()]
}

/// What the readback proves and what it does not.
pub fn readback(_: Language, record: &Record) -> Vec<String> {
    vec![record.verification.statement.clone()]
}

/// The standards by which it was judged.
pub fn standards(_: Language, record: &Record) -> Vec<String> {
    record.standards.clone()
}
