//! Places of a case file in words.

use crate::conformity::{Language, Profile};

/// The place of a case that a statement stands at, as a reader calls it; one that is not known is printed as it is.
pub fn place(language: Language, profile: Profile, name: &str) -> String {
    if let Some(item) = name.strip_prefix("items.").and_then(|rest| rest.strip_suffix(".retained")) {
        return super::text_with(language, "place-retained", &[("item", item)]);
    }
    let key = match name {
        "controller" => "place-controller",
        // The end of an assignment has no processor.
        "processor" if profile == Profile::AssignmentEnd => "person-of-assignment",
        "processor" => "place-processor",
        "agreements" => "place-agreements",
        "repair" => "place-repair",
        "repair.not_erased_because" => "place-repair-not-erased",
        "repair.medium_removed" => "place-repair-medium-removed",
        "disposal" => "place-disposal",
        _ => return name.into(),
    };
    super::text(language, key)
}
