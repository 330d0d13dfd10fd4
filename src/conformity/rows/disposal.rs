//! Equipment is scrapped, sold or given away: which limb of annex 3 §11 is relied on, and who guarantees it.

use super::{entry, named, not_applicable, unsettled};
use crate::conformity::Level;
use crate::conformity::found::{Found, Ground};
use crate::conformity::items::pass_on;
use crate::conformity::profile::{Disposal, DisposalLimb, DisposalWay};
use crate::conformity::reason::{Code, Reason};
use crate::conformity::verdict::{Entry, Finding, ItemVerdict, Outcome, Responsible, RowId};

pub(super) fn rows(ground: Ground, items: &[ItemVerdict]) -> Vec<Entry> {
    let disposal = ground.case.disposal.as_ref();
    vec![way(ground, disposal), limb(disposal, items), media(ground, items), guarantee(ground, disposal)]
}

fn way(ground: Ground, disposal: Option<&Disposal>) -> Entry {
    let mut found = Found::default();
    named(ground, &mut found);
    match disposal {
        None => found.against(Reason::new(Code::DisposalMissing)),
        Some(disposal) => {
            found.told(&disposal.to, Reason::new(Code::PersonMissing).with("what", "receiver"));
            found.statement("disposal");
            if disposal.way != DisposalWay::Scrapped {
                found.remarks.push(Reason::new(Code::AdvisedAgainst).by(Responsible::Controller));
            }
        }
    }
    entry(RowId::DisposalWay, found)
}

/// Scrapping asks for destruction or degaussing; for a sale or a gift a guaranteed erasure or a recognised standard will do.
fn limb(disposal: Option<&Disposal>, items: &[ItemVerdict]) -> Entry {
    let mut found = Found::default();
    let Some(disposal) = disposal else {
        found.against(Reason::new(Code::DisposalMissing));
        return entry(RowId::DisposalLimb, found);
    };
    if items.is_empty() {
        found.against(Reason::new(Code::NoItems));
    }
    let destroyed = disposal.limb == DisposalLimb::Destroyed || disposal.way == DisposalWay::Scrapped;
    for verdict in items {
        // A standard's word for an erasure is at least Clear; a guarantee is the guarantor's.
        let by_standard = disposal.limb != DisposalLimb::RecognisedStandard || verdict.reached >= Level::Clear;
        let erased = verdict.outcome == Outcome::Erased && !destroyed && by_standard;
        let gone = verdict.outcome == Outcome::Destroyed || erased;
        if gone && verdict.result == Finding::Fulfilled {
            verdict.evidence.iter().for_each(|proof| found.prove(proof.clone()));
        } else {
            let code = if destroyed { Code::NotDestroyed } else { Code::NotSanitized };
            found.against(Reason::new(code).with("item", &verdict.item));
        }
    }
    entry(RowId::DisposalLimb, found)
}

fn media(ground: Ground, items: &[ItemVerdict]) -> Entry {
    let mut found = Found::default();
    if items.is_empty() {
        found.against(Reason::new(Code::NoItems));
    }
    unsettled(ground, &mut found);
    pass_on(items.iter(), &mut found);
    entry(RowId::DisposalMedia, found)
}

/// Somebody guarantees, where a guarantee is what is relied on.
fn guarantee(ground: Ground, disposal: Option<&Disposal>) -> Entry {
    if disposal.is_some_and(|d| d.limb != DisposalLimb::GuaranteedErasure) {
        return not_applicable(RowId::DisposalGuarantee);
    }
    let mut found = Found::default();
    match disposal.and_then(|d| Some((d.guarantor.as_ref()?, d.guarantee.as_ref()?))) {
        None => found.against(Reason::new(Code::GuarantorMissing)),
        Some((guarantor, document)) => {
            found.person("guarantee", guarantor, Responsible::Processor);
            found.document(ground, "guarantee", document, Responsible::Processor);
        }
    }
    entry(RowId::DisposalGuarantee, found)
}
