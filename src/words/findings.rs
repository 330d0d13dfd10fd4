//! What a check found, as codes, and their sentences.

use fluent_bundle::{FluentArgs, FluentValue};

use super::files;
use crate::conformity::Language;

/// A sentence of a finding: its code in `findings.ftl`, and what belongs into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The message.
    pub code: &'static str,
    /// Its variables.
    pub with: Vec<(&'static str, String)>,
}

impl Told {
    /// A sentence without variables so far.
    pub fn new(code: &'static str) -> Self {
        Told { code, with: Vec::new() }
    }

    /// The same, with one more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.with.push((name, value.to_string()));
        self
    }

    /// The sentence. What comes from below, from a drive or from a library stays in English in every language.
    pub fn text(&self, language: Language) -> String {
        let args: FluentArgs =
            self.with.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str()))).collect();
        files::format(language, self.code, None, &args).unwrap_or_else(|| self.code.into())
    }

    /// The sentence in English, as it stands in JSON.
    pub fn english(&self) -> String {
        self.text(Language::En)
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What: a code of the family `topic`.
    pub topic: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// The finding.
    pub told: Told,
}

impl Finding {
    /// What holds (`Ok`) or does not.
    pub fn of(topic: &'static str, finding: Result<Told, Told>) -> Self {
        let holds = finding.is_ok();
        let (Ok(told) | Err(told)) = finding;
        Finding { topic, holds, told }
    }

    /// What was looked at, in words.
    pub fn what(&self, language: Language) -> String {
        topic(language, self.topic)
    }

    /// Both in English: `what: finding`.
    pub fn english(&self) -> String {
        format!("{}: {}", self.what(Language::En), self.told.english())
    }
}

/// The name of something that is looked at.
pub fn topic(language: Language, code: &str) -> String {
    files::value(language, "topic", code).unwrap_or_else(|| code.into())
}
