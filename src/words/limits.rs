//! What a deletion certificate does not prove.

use crate::conformity::{Language, Profile};

/// Sentences for every document.
const ALWAYS: [&str; 6] =
    ["limit-statement", "limit-papers", "limit-tool", "limit-drive", "limit-validation", "limit-seal"];

/// What the document of a case of `profile` does not prove, and what goes on in spite of it; one sentence or two each.
pub fn does_not_prove(language: Language, profile: Profile) -> Vec<String> {
    // Sections 8, 10 and 13 are those of the processing agreement, which does not bind a person whose assignment ends.
    let goes_on: &[&str] = match profile {
        Profile::AssignmentEnd => &["limit-confidentiality-assignment"],
        Profile::ContractEnd | Profile::Repair | Profile::Disposal => {
            &["limit-audit", "limit-confidentiality", "limit-lien"]
        }
    };
    // Only the end of a contract asks for the declaration that the sentence speaks of.
    let inventory: &[&str] = match profile {
        Profile::ContractEnd => &["limit-inventory"],
        Profile::Repair | Profile::Disposal | Profile::AssignmentEnd => &[],
    };
    ALWAYS.iter().chain(inventory).chain(goes_on).map(|key| super::text(language, key)).collect()
}
