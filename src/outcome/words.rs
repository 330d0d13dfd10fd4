//! A verdict in words: what was done, what may be said of it, and what it does not say.

use super::{Claim, Evidence, ScopeKind, Status};
use crate::pattern::Scheme;

/// The standards and editions by which an overwrite is judged, a sentence each.
pub fn standards(wants_complement: bool, scheme: Option<&Scheme>) -> Vec<String> {
    let rev2 = "NIST SP 800-88 Rev. 2 (September 2025): judged as Clear, by overwriting; verification by readback; validation is \
                a person's decision and is not part of this record";
    let rev1 = if wants_complement {
        "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: judged as Clear of USB flash and memory cards, a pattern and its \
         complement"
    } else {
        "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: judged as Clear, at least one pass"
    };
    [rev2, rev1].into_iter().chain(scheme.map(|scheme| scheme.title)).map(String::from).collect()
}

/// The statement of a record: the reason for the status, the claim, and its limits.
pub(super) fn statement(evidence: &Evidence, status: Status, claim: Claim, reason: &str) -> String {
    let mut text = match status {
        Status::Sanitized => format!("Sanitized: {reason}."),
        Status::SanitizedWithExceptions => format!(
            "Sanitized with exceptions: {reason}. What those blocks hold is not known; it may be old data. Nothing is \
             claimed for the medium as a whole."
        ),
        Status::Unverified => format!("Not verified: {reason}. Nothing is claimed."),
        Status::Failed => format!("Failed: {reason}. The target is not sanitized; treat it as still holding data."),
        Status::Interrupted => {
            format!("Interrupted: {reason}. The target is not sanitized; `radera resume` can go on.")
        }
    };
    if claim != Claim::None {
        text.push(' ');
        text.push_str(&limits(evidence, claim));
    }
    text
}

/// What a claim says and does not say, for this scope and these layers.
pub(super) fn limits(evidence: &Evidence, claim: Claim) -> String {
    let mut sentences: Vec<String> = Vec::new();
    match claim {
        Claim::None => sentences.push("Nothing can be claimed.".into()),
        Claim::Purge => sentences.push(format!(
            "Claim: Purge of the whole medium by {}. For spare, remapped and over-provisioned areas this relies on the drive's own report that \
             the command was carried out.",
            evidence.technique.name()
        )),
        Claim::Clear => sentences.push(
            "Claim: Clear of the whole medium, at the level of user-addressable blocks; Clear is not Purge.".into(),
        ),
        Claim::PartialClear if evidence.scope.kind == ScopeKind::Namespace => sentences.push(
            "Claim: partial Clear, of this namespace or user area alone; whether the medium has other namespaces or areas was \
             not examined, and nothing is said of them. Clear is not Purge."
                .into(),
        ),
        Claim::PartialClear => sentences.push(
            "Claim: partial Clear, of this partition alone; the rest of the medium was not touched and nothing is said \
             of it. Clear is not Purge."
                .into(),
        ),
        Claim::LogicalOverwrite => {
            let layers: Vec<_> = evidence.layers.iter().map(|layer| layer.kind.as_str()).collect();
            let what = if evidence.scope.kind == ScopeKind::Partition { "this partition" } else { "the device named" };
            if layers.is_empty() && evidence.wants_complement {
                return format!(
                    "Claim: logical overwrite of {what}. NIST SP 800-88 Rev. 1 asks for a pattern and its complement on \
                     a medium of this kind; that was not written, so Clear is not claimed."
                );
            }
            sentences.push(format!(
                "Claim: logical overwrite of {what}. Layers lie between it and any medium ({}): where they keep copies, \
                 snapshots or spare blocks, those were not reached, and nothing is said of the media below.",
                if layers.is_empty() { "unknown".to_string() } else { layers.join(", ") }
            ));
        }
    }
    if matches!(claim, Claim::Clear | Claim::PartialClear) {
        sentences.extend(not_reached(evidence));
    }
    sentences.join(" ")
}

/// What an overwrite can't reach.
fn not_reached(evidence: &Evidence) -> Vec<String> {
    let areas = &evidence.hidden_areas;
    let mut sentences = Vec::new();
    if areas.hidden_bytes() > 0 {
        sentences.push(format!(
            "The drive hides {} bytes from its host (HPA, DCO or accessible maximum address): those were not reached.",
            areas.hidden_bytes()
        ));
    } else if !areas.nothing_hidden() {
        let what = "Hidden areas (HPA, DCO, accessible maximum address) were not examined, or not all of them could be: whether \
                    there are any is unknown.";
        sentences.push(what.into());
    }
    sentences.push("Spare, remapped and over-provisioned blocks can't be reached by an overwrite.".into());
    sentences
}
