//! What a record says of itself, sentence by sentence.

use crate::conformity::Language;
use crate::document::Record;
use crate::outcome::{Claim, Status};
use crate::words::record::{self, Told};

use super::say;

/// How the job ended.
pub fn status(language: Language, status: Status) -> String {
    record::status_of(language, status)
}

/// The most that may be said.
pub fn claim(language: Language, claim: Claim) -> String {
    record::claim(language, claim)
}

/// Status and claim, with what they do not say.
pub fn statement(language: Language, told: &Record) -> Vec<String> {
    sentences(language, record::statement(language, told))
}

/// What the readback proves and what it does not.
pub fn readback(language: Language, told: &Record) -> Vec<String> {
    sentences(language, record::readback(language, told))
}

/// The standards by which it was judged.
pub fn standards(language: Language, told: &Record) -> Vec<String> {
    sentences(language, record::standards(language, told))
}

/// English in a document of another language is announced.
fn sentences(language: Language, told: Told) -> Vec<String> {
    match told {
        Told::Derived(sentences) => sentences,
        Told::Verbatim(sentences) if language == Language::En => sentences,
        Told::Verbatim(mut sentences) => {
            sentences.insert(0, say::text(language, "paper-verbatim"));
            sentences
        }
    }
}
