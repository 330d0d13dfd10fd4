//! What a sanitization record says, in the reader's language: nothing but what its evidence says, sentence by sentence as in its
//! English, which is the text that is signed.

use fluent_bundle::{FluentArgs, FluentValue};

use super::files;
pub use super::values::{
    certainty, claim, file_verdict, files_mapping, method, residue_kind, scope_kind, signer_kind, status_meaning,
    status_of, technique, trouble, verify_kind,
};
use crate::conformity::Language;
use crate::document::{Record, ResidueEntry, evidence};
use crate::media::{HiddenArea, Method};
use crate::outcome::{self, Ending, Figure, FilesStep, Said, Verdict};
use crate::pattern::Scheme;

/// What a record says, and whether it could be put into the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Sentences in the language, derived from the record's evidence; the record's English is what follows from the same.
    Derived(Vec<String>),
    /// The record's own English, word for word: it is not what this version derives, as with a record of another version.
    Verbatim(Vec<String>),
}

impl Told {
    /// The sentences, in whichever language they are.
    pub fn sentences(&self) -> &[String] {
        match self {
            Told::Derived(sentences) | Told::Verbatim(sentences) => sentences,
        }
    }

    /// Whether the sentences are the record's own English because they could not be derived.
    pub fn is_verbatim(&self) -> bool {
        matches!(self, Told::Verbatim(_))
    }
}

/// The statement: the reason for the status, the claim and its limits, and what to do now.
pub fn statement(language: Language, record: &Record) -> Told {
    let said = evidence(record).map(|evidence| Verdict::of(&evidence).said).unwrap_or_default();
    told(language, &said, std::slice::from_ref(&record.statement))
}

/// What the readback proves, and what it does not.
pub fn readback(language: Language, record: &Record) -> Told {
    let said = evidence(record).map(|evidence| outcome::said_of_readback(&evidence)).unwrap_or_default();
    told(language, &said, std::slice::from_ref(&record.verification.statement))
}

/// What is left of files, in a sentence; as it stands in the record where that is not what this version writes.
pub fn residue(language: Language, entry: &ResidueEntry) -> String {
    let said = outcome::said_of_residue(entry.kind, entry.certainty);
    if said.english == entry.detail { say(language, &said) } else { entry.detail.clone() }
}

/// What was done to files beside overwriting them.
pub fn step(language: Language, step: &FilesStep) -> String {
    let (code, figure) = match step {
        FilesStep::AttributesLifted { files } => ("attributes-lifted", Some(("files", *files))),
        FilesStep::SlackOverwritten { bytes } => ("slack-overwritten", Some(("bytes", *bytes))),
        FilesStep::NamesReplaced { names } => ("names-replaced", Some(("names", *names))),
        FilesStep::JournalCheckpointed => ("journal-checkpointed", None),
        FilesStep::FreeSpaceFilled { bytes } => ("free-space-filled", Some(("bytes", *bytes))),
        FilesStep::Trimmed { bytes } => ("trimmed", Some(("bytes", *bytes))),
    };
    let args: FluentArgs = figure.into_iter().map(|(name, number)| (name, numeral(number))).collect();
    files::format(language, "files-step", Some(code), &args).unwrap_or_else(|| code.into())
}

/// Standards and editions by which the record was judged.
pub fn standards(language: Language, record: &Record) -> Told {
    let scheme = record.scheme.as_deref().and_then(Scheme::named);
    let said = evidence(record).map(|evidence| outcome::said_of_standards(&evidence, scheme)).unwrap_or_default();
    if said.iter().map(|said| &said.english).eq(&record.standards) {
        return Told::Derived(said.iter().map(|said| say(language, said)).collect());
    }
    Told::Verbatim(record.standards.clone())
}

/// The sentences, if their English is what stands in the record.
fn told(language: Language, said: &[Said], in_record: &[String]) -> Told {
    let english: Vec<&str> = said.iter().map(|said| said.english.as_str()).collect();
    if !said.is_empty() && english.join(" ") == in_record.join(" ") {
        return Told::Derived(said.iter().map(|said| say(language, said)).collect());
    }
    Told::Verbatim(in_record.to_vec())
}

/// A sentence in the language; in English where there are no words for it.
pub fn say(language: Language, said: &Said) -> String {
    if language == Language::En {
        return said.english.clone();
    }
    let mut args = FluentArgs::new();
    for (name, figure) in &said.figures {
        let value = match figure {
            Figure::Number(number) => numeral(*number),
            Figure::Text(text) => quoted(language, text),
            // The sentence is about what it counts as, not about what that protects against.
            Figure::Method(method) => FluentValue::from(name_of(*method)),
            Figure::Layers(layers) if layers.is_empty() => FluentValue::from(layer(language, "unknown")),
            Figure::Layers(layers) => {
                let layers: Vec<_> = layers.iter().map(|kind| layer(language, kind)).collect();
                FluentValue::from(layers.join(", "))
            }
            Figure::Said(inner) => FluentValue::from(say(language, inner)),
        };
        args.set(*name, value);
    }
    files::format(language, said.code, None, &args).unwrap_or_else(|| said.english.clone())
}

/// What others said stands in quotation marks, which it can't end by itself.
fn quoted(language: Language, text: &str) -> FluentValue<'static> {
    let marks: &[char] = match language {
        Language::Da => &['»', '«'],
        Language::Sv => &['”'],
        Language::En => &['"'],
    };
    FluentValue::from(text.replace(marks, "'"))
}

/// A number that plural forms go by; past 2^53 one that keeps its digits instead.
fn numeral(number: u64) -> FluentValue<'static> {
    if number < 1 << 53 { FluentValue::from(number) } else { FluentValue::from(number.to_string()) }
}

fn name_of(method: Method) -> &'static str {
    match method {
        Method::Clear => "Clear",
        Method::Purge => "Purge",
    }
}

/// The word of a verification's status; one that is not known is printed as it is.
pub fn verification_status(language: Language, status: &str) -> String {
    word(language, "verification-status", status)
}

/// How a session ended; a word that is not known is printed as it is.
pub fn session_end(language: Language, end: &str) -> String {
    word(language, "session-end", end)
}

/// The kind of a layer; one that is not known is printed as it is.
pub fn layer(language: Language, kind: &str) -> String {
    word(language, "layer", kind)
}

/// Whether a medium rotates, by the record's word; one that is not known is printed as it is.
pub fn rotation(language: Language, rotation: &str) -> String {
    word(language, "medium-rotation", rotation)
}

fn word(language: Language, family: &str, code: &str) -> String {
    files::value(language, family, code).unwrap_or_else(|| code.into())
}

/// What is known of one hidden area, with its size in bytes.
pub fn hidden_area(language: Language, area: HiddenArea) -> String {
    let mut args = FluentArgs::new();
    let code = match area {
        HiddenArea::Unknown => "unknown",
        HiddenArea::NotApplicable => "not-applicable",
        HiddenArea::Unreachable => "unreachable",
        HiddenArea::Absent => "absent",
        HiddenArea::Present { bytes } => {
            args.set("bytes", numeral(bytes));
            "present"
        }
    };
    files::format(language, "hidden-area", Some(code), &args).unwrap_or_else(|| code.into())
}

/// How an erase by the drive ended, in a sentence; what drive or kernel said of it stands in quotation marks.
pub fn ending(language: Language, ending: &Ending) -> String {
    let mut args = FluentArgs::new();
    let (code, detail) = match ending {
        Ending::Succeeded => ("succeeded", None),
        Ending::AtOnce => ("at-once", None),
        Ending::Answered => ("answered", None),
        Ending::Deallocated => ("deallocated", None),
        Ending::Failed { detail } => ("failed", Some(detail.clone())),
        Ending::Stalled { seconds, .. } => {
            args.set("seconds", numeral(*seconds));
            ("stalled", None)
        }
        Ending::Stale => ("stale", None),
        Ending::Foreign => ("foreign", None),
        Ending::NotRun => ("not-run", None),
        Ending::BrokenChain { resets } => ("broken-chain", Some(resets.join("; "))),
        Ending::Rejected { detail } => ("rejected", Some(detail.clone())),
        Ending::Frozen => ("frozen", None),
        Ending::NotSent { detail } => ("not-sent", Some(detail.clone())),
        Ending::Unclear { detail } => ("unclear", Some(detail.clone())),
        Ending::Unknown { detail } => ("unknown", Some(detail.clone())),
        Ending::LeftRunning { cause } => ("left-running", Some(cause.clone())),
    };
    if let Some(detail) = detail {
        args.set("detail", quoted(language, &detail));
    }
    files::format(language, "ending", Some(code), &args).unwrap_or_else(|| code.into())
}
