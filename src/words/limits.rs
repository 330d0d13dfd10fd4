//! What a deletion certificate does not prove.

use crate::conformity::{Language, Profile};

/// Sentences for every document.
const ALWAYS: [&str; 7] = [
    "limit-statement",
    "limit-papers",
    "limit-inventory",
    "limit-tool",
    "limit-drive",
    "limit-validation",
    "limit-seal",
];

/// What the document of a case of `profile` does not prove, and what goes on in spite of it; one sentence or two each.
pub fn does_not_prove(language: Language, profile: Profile) -> Vec<String> {
    // Sections 8, 10 and 13 are those of the processing agreement, which does not bind a person whose assignment ends.
    let goes_on: &[&str] = match profile {
        Profile::AssignmentEnd => &["limit-confidentiality-assignment"],
        Profile::ContractEnd | Profile::Repair | Profile::Disposal => {
            &["limit-audit", "limit-confidentiality", "limit-lien"]
        }
    };
    ALWAYS.iter().chain(goes_on).map(|key| super::text(language, key)).collect()
}
