//! The files of words and how a message of them is formatted. They are part of the program.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::conformity::Language;

type Bundle = FluentBundle<FluentResource>;

/// The files of a language.
pub(super) fn sources(language: Language) -> [&'static str; 7] {
    match language {
        Language::Da => [
            include_str!("da/reasons.ftl"),
            include_str!("da/table.ftl"),
            include_str!("da/template.ftl"),
            include_str!("da/questions.ftl"),
            include_str!("da/findings.ftl"),
            include_str!("da/paper.ftl"),
            include_str!("da/record.ftl"),
        ],
        Language::Sv => [
            include_str!("sv/reasons.ftl"),
            include_str!("sv/table.ftl"),
            include_str!("sv/template.ftl"),
            include_str!("sv/questions.ftl"),
            include_str!("sv/findings.ftl"),
            include_str!("sv/paper.ftl"),
            include_str!("sv/record.ftl"),
        ],
        Language::En => [
            include_str!("en/reasons.ftl"),
            include_str!("en/table.ftl"),
            include_str!("en/template.ftl"),
            include_str!("en/questions.ftl"),
            include_str!("en/findings.ftl"),
            include_str!("en/paper.ftl"),
            include_str!("en/record.ftl"),
        ],
    }
}

/// The sentences of a record; its English is made in `outcome`, and is the one that is signed.
pub(super) fn sentences(language: Language) -> Option<&'static str> {
    match language {
        Language::Da => Some(include_str!("da/said.ftl")),
        Language::Sv => Some(include_str!("sv/said.ftl")),
        Language::En => None,
    }
}

/// Formats a message or one of its attributes; `None` where there is none.
pub(super) fn format(language: Language, id: &str, attribute: Option<&str>, args: &FluentArgs<'_>) -> Option<String> {
    with(language, |bundle| {
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        // What lacks an argument is still printed, with the argument's name.
        Some(bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
    })
}

/// The word of a code in its family.
pub(super) fn value(language: Language, family: &str, code: &str) -> Option<String> {
    // No identifier of Fluent begins with a digit.
    let digit = code.starts_with(|c: char| c.is_ascii_digit());
    let attribute = if digit { format!("s{code}") } else { code.into() };
    format(language, family, Some(&attribute), &FluentArgs::new())
}

fn with<T>(language: Language, ask: impl FnOnce(&Bundle) -> T) -> T {
    thread_local! {
        static DA: Bundle = bundle(Language::Da);
        static SV: Bundle = bundle(Language::Sv);
        static EN: Bundle = bundle(Language::En);
    }
    match language {
        Language::Da => DA.with(ask),
        Language::Sv => SV.with(ask),
        Language::En => EN.with(ask),
    }
}

fn bundle(language: Language) -> Bundle {
    let mut bundle = FluentBundle::new(vec![language.name().parse::<LanguageIdentifier>().unwrap_or_default()]);
    // The marks that isolate an argument's direction would stand in documents and file names.
    bundle.set_use_isolating(false);
    for source in sources(language).into_iter().chain(sentences(language)) {
        // The tests see to it that each file parses and that no message is there twice.
        let resource = FluentResource::try_new(source.into()).unwrap_or_else(|(parsed, _)| parsed);
        let _ = bundle.add_resource(resource);
    }
    bundle
}
