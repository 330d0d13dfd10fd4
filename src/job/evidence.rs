//! From a plan and a journal to evidence.

use crate::journal::JobState;
use crate::media::{Bus, Medium, Method, Node, TechniqueId, VerifyKind};
use crate::outcome::{
    Claim, End, Evidence, HealthBeforeAfter, PassEvidence, Scope, ScopeKind, Trouble, Verdict, VerificationEvidence,
};
use crate::pattern::Pattern;

/// The scope that naming `medium` means for an overwrite.
pub(super) fn scope(medium: &Medium) -> Scope {
    scope_for(medium, TechniqueId::Overwrite)
}

/// The scope that naming `medium` means: what the drive erases by itself reaches all namespaces, and the plan lists them.
fn scope_for(medium: &Medium, technique: TechniqueId) -> Scope {
    let reaches_all = technique != TechniqueId::Overwrite
        && medium.siblings.is_some()
        && medium.capabilities.as_ref().is_some_and(|capabilities| capabilities.namespaces.is_some());
    let kind = match medium.node {
        Node::Disk if medium.bus == Bus::Nvme && reaches_all => ScopeKind::WholeMedium,
        Node::Disk if matches!(medium.bus, Bus::Nvme | Bus::Mmc) => ScopeKind::Namespace,
        Node::Disk => ScopeKind::WholeMedium,
        Node::Partition => ScopeKind::Partition,
        Node::File => ScopeKind::PlainFile,
    };
    Scope { kind, first_byte: medium.identity.offset_bytes, bytes: medium.identity.size_bytes }
}

/// Evidence of a job that has not begun: what `plan` can say a claim about.
pub(super) fn planned(
    medium: &Medium,
    method: Method,
    technique: Option<TechniqueId>,
    passes: usize,
    verify: VerifyKind,
) -> Evidence {
    Evidence {
        method,
        technique: technique.unwrap_or(TechniqueId::Overwrite),
        scope: scope_for(medium, technique.unwrap_or(TechniqueId::Overwrite)),
        layers: medium.layers.clone(),
        hidden_areas: medium.hidden_areas(),
        health: HealthBeforeAfter { before: medium.capabilities.as_ref().map(|c| c.health), after: None },
        rotation: medium.rotation,
        wants_complement: medium.wants_complement(),
        passes_planned: u32::try_from(passes).unwrap_or(u32::MAX),
        passes: Vec::new(),
        command: None,
        files: None,
        verification_asked: verify,
        verification: None,
        bad: Vec::new(),
        bad_left_out: 0,
        end: End::GaveUp { detail: "not begun".into() },
    }
}

/// What every block should read as after an erase by the drive, from its hexadecimal digits.
pub(super) fn expected(hex: &str) -> Option<Pattern> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes: Vec<u8> = pairs.collect::<Option<_>>()?;
    (!bytes.is_empty() && bytes.len() <= 16).then_some(Pattern::Fixed { bytes })
}

/// What the result could claim, in words.
pub(super) fn could_say(evidence: &Evidence, claim: Claim) -> String {
    Verdict::limits(evidence, claim)
}

/// What was found out, from what the journal holds and what the readback found.
pub(super) fn of(state: &JobState, verification: Option<VerificationEvidence>, end: End, left_out: u64) -> Evidence {
    let plan = &state.plan;
    let size = plan.medium.identity.size_bytes;
    let (reached_pass, durable) = state.reached;
    let passes = plan.passes.iter().take_while(|pass| pass.number <= reached_pass).map(|pass| {
        let upto = if pass.number < reached_pass { size } else { durable };
        let bad: u64 = state
            .bad
            .iter()
            .filter(|b| b.pass == pass.number && b.kind == Trouble::WriteFailed && b.range().end() <= upto)
            .map(|b| b.bytes)
            .sum();
        PassEvidence {
            number: pass.number,
            pattern: pass.pattern.clone(),
            bytes_written: upto.saturating_sub(bad),
            milliseconds: state.milliseconds.get(pass.number as usize - 1).copied().unwrap_or(0),
            complete: upto == size,
        }
    });
    Evidence {
        passes: passes.collect(),
        command: state.erase.as_ref().map(|(_, command)| command.clone()),
        verification,
        bad: state.bad.clone(),
        bad_left_out: left_out,
        end,
        ..planned(&plan.medium, plan.method, Some(plan.technique), plan.passes.len(), plan.verify)
    }
}
