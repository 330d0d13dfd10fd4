//! What people read, in Danish, Swedish and English. The sentences stand in the `.ftl` files; here they are looked up.
//!
//! In those files a message is named as its code, its attribute `.todo` says what to do; a family of codes (`outcome`, `level` …) is a
//! message whose attributes are the codes.
#![forbid(unsafe_code)]

mod files;
mod findings;
mod limits;
mod places;
pub mod record;
#[cfg(test)]
mod record_tests;
#[cfg(test)]
mod tests;
mod values;

use fluent_bundle::{FluentArgs, FluentValue};

use crate::conformity::{Code, Language, Profile, Reason, Responsible};

pub use findings::{Finding, Told, topic};
pub use limits::does_not_prove;
pub use places::place;
pub use values::{
    accepted, category, choice, codes, decision, destruction, doubt, finding, grade, kind, legend, level, limb,
    measured, media, outcome, profile, proof, responsible, returned_kind, row, status, way,
};

/// What is wrong, or what a reader should know: one sentence or two.
pub fn reason(language: Language, reason: &Reason) -> String {
    let args = arguments(language, reason);
    files::format(language, reason.code.name(), None, &args).unwrap_or_else(|| reason.code.name().into())
}

/// What the one in `reason.who` can do about it; `None` where nothing is to be done.
pub fn todo(language: Language, reason: &Reason) -> Option<String> {
    let mut args = arguments(language, reason);
    args.set("who", codes::responsible(reason.who));
    files::format(language, reason.code.name(), Some("todo"), &args)
}

/// A heading, label or fixed sentence; a key that no file has is printed as it is.
pub fn text(language: Language, key: &str) -> String {
    files::format(language, key, None, &FluentArgs::new()).unwrap_or_else(|| key.into())
}

/// The same, with what belongs into it.
pub fn text_with(language: Language, key: &str, with: &[(&str, &str)]) -> String {
    let args = with.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
    files::format(language, key, None, &args).unwrap_or_else(|| key.into())
}

/// The title of the document that a case of `profile` ends in; `with_return`: data or media were given back.
pub fn title(language: Language, profile: Profile, with_return: bool) -> String {
    let key = match profile {
        Profile::ContractEnd if with_return => "title-contract-end-return",
        Profile::ContractEnd => "title-contract-end",
        Profile::Repair => "title-repair",
        Profile::Disposal => "title-disposal",
        Profile::AssignmentEnd => "title-assignment-end",
    };
    text(language, key)
}

/// Who answers for something in a case of `profile`: the end of an assignment has no processor, but the person whose assignment it is.
pub fn responsible_in(language: Language, profile: Profile, who: Responsible) -> String {
    match (profile, who) {
        (Profile::AssignmentEnd, Responsible::Processor) => text(language, "person-of-assignment"),
        _ => responsible(language, who),
    }
}

/// What belongs to a reason, with codes put into words of the language.
fn arguments(language: Language, reason: &Reason) -> FluentArgs<'static> {
    let mut args = FluentArgs::new();
    for (name, value) in &reason.with {
        let word = family(reason.code, name).and_then(|family| files::value(language, family, value));
        args.set(name.clone(), FluentValue::from(word.unwrap_or_else(|| value.clone())));
    }
    args
}

/// The family of codes that an argument is of, if it is one.
fn family(code: Code, argument: &str) -> Option<&'static str> {
    Some(match argument {
        "reached" | "needs" | "method" => "level",
        "kind" => "kind",
        "outcome" => "outcome",
        "grade" => "grade",
        "media" => "media",
        "party" => "party",
        "lacks" => "lacks",
        "what" if code == Code::AcceptedByController => "accepted",
        "what" => "paper",
        // A date belongs to an item or to a paper of the case.
        "item" if code == Code::DateAhead => "paper",
        _ => return None,
    })
}
