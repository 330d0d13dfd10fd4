//! A verdict in words: what was done, what may be said of it, and what it does not say.

use super::{Claim, Counts, Evidence, Readback, ScopeKind, Status, most_share_missed, readback_statement};
use crate::media::{HiddenArea, Method, Rotation, TechniqueId};
use crate::pattern::Scheme;

/// The standards and editions by which it was judged, a sentence each.
pub fn standards(evidence: &Evidence, scheme: Option<&Scheme>) -> Vec<String> {
    if evidence.technique != TechniqueId::Overwrite {
        return editions(evidence.technique, evidence.rotation);
    }
    let rev2 = "NIST SP 800-88 Rev. 2 (September 2025): judged as Clear, by overwriting; verification by readback; validation is \
                a person's decision and is not part of this record";
    let rev1 = if evidence.wants_complement {
        "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: judged as Clear of USB flash and memory cards, a pattern and its \
         complement"
    } else {
        "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: judged as Clear, at least one pass"
    };
    [rev2, rev1].into_iter().chain(scheme.map(|scheme| scheme.title)).map(String::from).collect()
}

/// What each edition counts a technique of the drive's own as, on a medium that rotates or does not, a sentence each.
pub fn editions(technique: TechniqueId, rotation: Rotation) -> Vec<String> {
    let counts = Counts::of(technique, rotation);
    let word = |method: Option<Method>, otherwise: &str| match method {
        Some(Method::Purge) => "counted as Purge".to_string(),
        Some(Method::Clear) => "counted as Clear".to_string(),
        None => otherwise.to_string(),
    };
    let name = technique.name();
    vec![
        format!(
            "NIST SP 800-88 Rev. 2 (September 2025), which points to IEEE 2883-2022: {name} is {} on this medium; validation is a \
             person's decision and is not part of this record",
            word(counts.ieee, "not counted")
        ),
        format!(
            "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: {name} is {} on this medium",
            word(counts.rev1, "not listed, or younger than this edition,")
        ),
    ]
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
    if let Some(way_out) = super::way_out::of(evidence, status) {
        text.push(' ');
        text.push_str(way_out);
    }
    text
}

/// What a claim says and does not say, for this scope and these layers.
pub(super) fn limits(evidence: &Evidence, claim: Claim) -> String {
    let mut sentences: Vec<String> = Vec::new();
    match claim {
        Claim::None => sentences.push("Nothing can be claimed.".into()),
        Claim::Purge => sentences.push(format!(
            "Claim: Purge of the whole medium by {}. For spare, remapped, over-provisioned and hidden areas this relies on the drive's \
             own report that the command was carried out.",
            evidence.technique.name()
        )),
        Claim::Clear => sentences.push(
            "Claim: Clear of the whole medium, at the level of user-addressable blocks; Clear is not Purge.".into(),
        ),
        Claim::PartialClear if evidence.scope.kind == ScopeKind::WholeMedium => sentences.push(
            "Claim: partial Clear, of the blocks that the medium lets its host address. Clear is not Purge.".into(),
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
    if evidence.technique != TechniqueId::Overwrite {
        sentences.extend(of_commands(evidence));
    } else if matches!(claim, Claim::Clear | Claim::PartialClear) {
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

/// What bounds every claim for an erase by the drive.
fn of_commands(evidence: &Evidence) -> Vec<String> {
    let mut sentences = Vec::new();
    if evidence.command.as_ref().and_then(|c| c.encryption.as_deref()) == Some("attested") {
        let what = "That all data was always encrypted with the keys that were destroyed is the operator's attestation, not the drive's word.";
        sentences.push(what.into());
    }
    let hidden = evidence.hidden_areas.hidden_bytes();
    if hidden > 0 {
        sentences.push(format!("The drive hides {hidden} bytes from its host: they could not be read back."));
    }
    let known =
        |area: &HiddenArea| matches!(area, HiddenArea::Absent | HiddenArea::NotApplicable | HiddenArea::Present { .. });
    if !evidence.hidden_areas.all().iter().all(known) {
        let what = "Whether the drive hides more from its host (HPA, DCO or accessible maximum address) could not be found out; what is \
                    hidden was not read back.";
        sentences.push(what.into());
    }
    let what = "Commands of this kind were tried on emulated drives only, by this version: untested on hardware.";
    sentences.push(what.into());
    sentences
}

/// What the readback proves, and what it does not, for whatever was done.
pub fn statement_of_readback(evidence: &Evidence) -> String {
    let found = evidence.verification.as_ref();
    let plain = readback_statement(evidence.verification_asked, found, !evidence.layers.is_empty());
    let Some(c) = &evidence.command else { return plain };
    let Some(markers) = &c.markers else { return plain };
    let mut text = format!(
        "{} blocks at places that nobody could foresee were marked before the erase; after it {} hold something else, {} still hold their \
         mark, {} could not be read. ",
        markers.written, markers.gone, markers.survived, markers.unreadable
    );
    match &c.witnesses {
        Some(w) => text.push_str(&format!(
            "{} more were compared with what they held before: {} changed, {} are the same, {} could not be read, {} were blank and tell \
             nothing. ",
            w.read, w.changed, w.same, w.unreadable, w.blank
        )),
        None => text.push_str("What other blocks held before could not be compared. "),
    }
    match c.readback {
        Readback::Pattern => text.push_str(&format!("Held against what the drive was told to write: {plain}")),
        Readback::Uniform => text.push_str(&format!(
            "Every marked block now reads as {}, and that was expected of the others. {plain} A drive may answer so for blocks that it no \
             longer maps, without reading what its cells hold.",
            c.expected.as_deref().map_or_else(String::new, |hex| format!("0x{hex}"))
        )),
        Readback::Changed => {
            let looked = markers.gone + c.witnesses.as_ref().map_or(0, |w| w.changed);
            text.push_str(&format!(
                "What this erase leaves can't be foreseen, so only a difference can be shown. With 95 % confidence at most {} and with 99 % \
                 at most {} millionths of the addressable blocks were left as they were.",
                most_share_missed(looked, 95),
                most_share_missed(looked, 99)
            ));
        }
        Readback::ProvesNothing => text.push_str(
            "Blocks are deallocated, or must be written before they can be read: what reading gives is not what the medium holds, and \
             proves nothing.",
        ),
    }
    text
}
