//! A verdict in words: what was done, what may be said of it, and what it does not say.

use super::reason::Reason;
use super::said::{Layers, Said, sentences};
use super::{Claim, Counts, Evidence, ScopeKind, Status, files_words};
use crate::media::{HiddenArea, Method, TechniqueId};
use crate::pattern::Scheme;

sentences! {
    /// What the status says, beside its reason.
    Ended "verdict" {
        Sanitized { reason: Said } = "sanitized", "Sanitized: {reason}.";
        WithExceptions { reason: Said } = "sanitized-with-exceptions", "Sanitized with exceptions: {reason}.";
        ContentUnknown = "content-unknown", "What those blocks hold is not known; it may be old data.";
        NothingForAll = "nothing-for-all", "Nothing is claimed for the medium as a whole.";
        Unverified { reason: Said } = "unverified", "Not verified: {reason}.";
        NothingClaimed = "nothing-claimed", "Nothing is claimed.";
        Failed { reason: Said } = "failed", "Failed: {reason}.";
        StillHolds = "still-holds", "The target is not sanitized; treat it as still holding data.";
        Interrupted { reason: Said } = "interrupted", "Interrupted: {reason}.";
        CanGoOn = "can-go-on", "The target is not sanitized; `radera resume` can go on.";
    }
}

sentences! {
    /// What a claim says and does not say.
    Limit "claim" {
        Nothing = "nothing", "Nothing can be claimed.";
        Purge { technique: &'static str } = "purge", "Claim: Purge of the whole medium by {technique}.";
        OnItsWord = "on-its-word",
            "For spare, remapped, over-provisioned and hidden areas this relies on the drive's own report that the command was carried out.";
        Clear = "clear",
            "Claim: Clear of the whole medium, at the level of user-addressable blocks; Clear is not Purge.";
        PartialOfMedium = "partial-of-medium",
            "Claim: partial Clear, of the blocks that the medium lets its host address.";
        PartialOfNamespace = "partial-of-namespace",
            "Claim: partial Clear, of this namespace or user area alone; whether the medium has other namespaces or areas was \
             not examined, and nothing is said of them.";
        PartialOfPartition = "partial-of-partition",
            "Claim: partial Clear, of this partition alone; the rest of the medium was not touched and nothing is said \
             of it.";
        ClearIsNotPurge = "clear-is-not-purge", "Clear is not Purge.";
        LogicalOfPartition = "logical-of-partition", "Claim: logical overwrite of this partition.";
        LogicalOfDevice = "logical-of-device", "Claim: logical overwrite of the device named.";
        NoComplement = "no-complement",
            "NIST SP 800-88 Rev. 1 asks for a pattern and its complement on a medium of this kind; that was not written, so Clear is \
             not claimed.";
        LayersBelow { layers: Layers } = "layers-below",
            "Layers lie between it and any medium ({layers}): where they keep copies, snapshots or spare blocks, those were not \
             reached, and nothing is said of the media below.";
        HiddenNotReached { hidden: u64 } = "hidden-not-reached",
            "The drive hides {hidden} bytes from its host (HPA, DCO or accessible maximum address): those were not reached.";
        HiddenNotExamined = "hidden-not-examined",
            "Hidden areas (HPA, DCO, accessible maximum address) were not examined, or not all of them could be: whether \
             there are any is unknown.";
        SpareNotReached = "spare-not-reached",
            "Spare, remapped and over-provisioned blocks can't be reached by an overwrite.";
        Attested = "attested",
            "That all data was always encrypted with the keys that were destroyed is the operator's attestation, not the drive's word.";
        HiddenNotRead { hidden: u64 } = "hidden-not-read",
            "The drive hides {hidden} bytes from its host: they could not be read back.";
        HiddenUnknown = "hidden-unknown",
            "Whether the drive hides more from its host (HPA, DCO or accessible maximum address) could not be found out; what is \
             hidden was not read back.";
        Untested = "untested",
            "Commands of this kind were tried on emulated drives only, by this version: untested on hardware.";
    }
}

sentences! {
    /// A standard and its edition, and what it was judged as by it.
    Standard "standard" {
        Rev2Overwrite = "rev2-overwrite",
            "NIST SP 800-88 Rev. 2 (September 2025): judged as Clear, by overwriting; verification by readback; validation is \
             a person's decision and is not part of this record";
        Rev1Overwrite = "rev1-overwrite",
            "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: judged as Clear, at least one pass";
        Rev1Complement = "rev1-complement",
            "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: judged as Clear of USB flash and memory cards, a pattern and its \
             complement";
        Scheme { scheme: &'static str } = "scheme", "{scheme} (legacy scheme; NIST level: Clear)";
        Rev2Purge { technique: &'static str } = "rev2-purge",
            "NIST SP 800-88 Rev. 2 (September 2025), which points to IEEE 2883-2022: {technique} is counted as Purge on this medium; \
             validation is a person's decision and is not part of this record";
        Rev2Clear { technique: &'static str } = "rev2-clear",
            "NIST SP 800-88 Rev. 2 (September 2025), which points to IEEE 2883-2022: {technique} is counted as Clear on this medium; \
             validation is a person's decision and is not part of this record";
        Rev2Nothing { technique: &'static str } = "rev2-nothing",
            "NIST SP 800-88 Rev. 2 (September 2025), which points to IEEE 2883-2022: {technique} is not counted on this medium; \
             validation is a person's decision and is not part of this record";
        Rev1Purge { technique: &'static str } = "rev1-purge",
            "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: {technique} is counted as Purge on this medium";
        Rev1Clear { technique: &'static str } = "rev1-clear",
            "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: {technique} is counted as Clear on this medium";
        Rev1Nothing { technique: &'static str } = "rev1-nothing",
            "NIST SP 800-88 Rev. 1 (December 2014), Appendix A: {technique} is not listed, or younger than this edition, on this medium";
    }
}

/// What every scheme's title ends in.
const LEGACY: &str = " (legacy scheme; NIST level: Clear)";

/// The standards and editions by which it was judged, a sentence each, in English.
pub fn standards(evidence: &Evidence, scheme: Option<&Scheme>) -> Vec<String> {
    said_of_standards(evidence, scheme).into_iter().map(|said| said.english).collect()
}

/// The same as codes.
pub fn said_of_standards(evidence: &Evidence, scheme: Option<&Scheme>) -> Vec<Said> {
    let mut said = vec![];
    if evidence.technique == TechniqueId::Overwrite {
        said.push(Standard::Rev2Overwrite);
        said.push(if evidence.wants_complement { Standard::Rev1Complement } else { Standard::Rev1Overwrite });
        let name = |scheme: &Scheme| scheme.title.strip_suffix(LEGACY).unwrap_or(scheme.title);
        said.extend(scheme.map(|scheme| Standard::Scheme { scheme: name(scheme) }));
    } else {
        let technique = evidence.technique.name();
        let counts = Counts::of(evidence.technique, evidence.rotation);
        said.push(match counts.ieee {
            Some(Method::Purge) => Standard::Rev2Purge { technique },
            Some(Method::Clear) => Standard::Rev2Clear { technique },
            None => Standard::Rev2Nothing { technique },
        });
        said.push(match counts.rev1 {
            Some(Method::Purge) => Standard::Rev1Purge { technique },
            Some(Method::Clear) => Standard::Rev1Clear { technique },
            None => Standard::Rev1Nothing { technique },
        });
    }
    said.into_iter().map(Said::from).collect()
}

/// The statement of a record: the reason for the status, the claim, and its limits.
pub(super) fn statement(evidence: &Evidence, status: Status, claim: Claim, reason: Reason) -> Vec<Said> {
    let reason = Said::from(reason);
    let ended = match status {
        Status::Sanitized => vec![Ended::Sanitized { reason }],
        Status::SanitizedWithExceptions if evidence.files.is_some() => {
            vec![Ended::WithExceptions { reason }, Ended::NothingClaimed]
        }
        Status::SanitizedWithExceptions => {
            vec![Ended::WithExceptions { reason }, Ended::ContentUnknown, Ended::NothingForAll]
        }
        Status::Unverified => vec![Ended::Unverified { reason }, Ended::NothingClaimed],
        Status::Failed => vec![Ended::Failed { reason }, Ended::StillHolds],
        Status::Interrupted => vec![Ended::Interrupted { reason }, Ended::CanGoOn],
    };
    let mut said: Vec<Said> = ended.into_iter().map(Said::from).collect();
    if claim != Claim::None {
        said.extend(limits(evidence, claim));
    } else if let Some(files) = &evidence.files {
        said.extend(files_words::left(files));
    }
    said.extend(super::way_out::of(evidence, status).map(Said::from));
    said
}

/// What a claim says and does not say, for this scope and these layers.
pub(super) fn limits(evidence: &Evidence, claim: Claim) -> Vec<Said> {
    if let Some(files) = &evidence.files {
        return files_words::limits(evidence, files, claim);
    }
    let mut said = Vec::new();
    match claim {
        Claim::None => said.push(Limit::Nothing),
        Claim::Purge => {
            said.extend([Limit::Purge { technique: evidence.technique.name() }, Limit::OnItsWord]);
        }
        Claim::Clear => said.push(Limit::Clear),
        Claim::PartialClear => {
            said.push(match evidence.scope.kind {
                ScopeKind::WholeMedium => Limit::PartialOfMedium,
                ScopeKind::Namespace => Limit::PartialOfNamespace,
                _ => Limit::PartialOfPartition,
            });
            said.push(Limit::ClearIsNotPurge);
        }
        Claim::LogicalOverwrite => {
            let partition = evidence.scope.kind == ScopeKind::Partition;
            said.push(if partition { Limit::LogicalOfPartition } else { Limit::LogicalOfDevice });
            said.push(layered(evidence));
        }
    }
    if evidence.technique != TechniqueId::Overwrite {
        said.extend(of_commands(evidence));
    } else if matches!(claim, Claim::Clear | Claim::PartialClear) {
        said.extend(not_reached(evidence));
    }
    said.into_iter().map(Said::from).collect()
}

/// Why an overwrite counts as a logical one alone.
pub(super) fn layered(evidence: &Evidence) -> Limit {
    if evidence.layers.is_empty() && evidence.wants_complement {
        return Limit::NoComplement;
    }
    let layers = evidence.layers.iter().map(|layer| layer.kind.clone()).collect();
    Limit::LayersBelow { layers: Layers(layers) }
}

/// What an overwrite can't reach.
fn not_reached(evidence: &Evidence) -> Vec<Limit> {
    let areas = &evidence.hidden_areas;
    let mut said = Vec::new();
    if areas.hidden_bytes() > 0 {
        said.push(Limit::HiddenNotReached { hidden: areas.hidden_bytes() });
    } else if !areas.nothing_hidden() {
        said.push(Limit::HiddenNotExamined);
    }
    said.push(Limit::SpareNotReached);
    said
}

/// What bounds every claim for an erase by the drive.
fn of_commands(evidence: &Evidence) -> Vec<Limit> {
    let mut said = Vec::new();
    if evidence.command.as_ref().and_then(|c| c.encryption.as_deref()) == Some("attested") {
        said.push(Limit::Attested);
    }
    let hidden = evidence.hidden_areas.hidden_bytes();
    if hidden > 0 {
        said.push(Limit::HiddenNotRead { hidden });
    }
    let known =
        |area: &HiddenArea| matches!(area, HiddenArea::Absent | HiddenArea::NotApplicable | HiddenArea::Present { .. });
    if !evidence.hidden_areas.all().iter().all(known) {
        said.push(Limit::HiddenUnknown);
    }
    said.push(Limit::Untested);
    said
}
