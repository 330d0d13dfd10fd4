//! The five doubts that a person weighs before accepting a result (NIST SP 800-88 Rev. 2 §4.5.2): what was measured of each.

use super::evidence::RecordFacts;
use super::found::Ground;
use super::item::Item;
use super::reason::{Code, Reason};
use super::records::deciding;
use super::verdict::{Doubt, DoubtId, ItemVerdict, Measured};
use super::{Case, Level};

/// The five, in the order of the standard.
pub(super) fn all(ground: Ground, items: &[ItemVerdict]) -> Vec<Doubt> {
    let measured: Vec<_> = ground
        .case
        .items
        .iter()
        .filter_map(|item| deciding(item, ground.evidence).map(|(_, facts)| (item, facts)))
        .collect();
    vec![
        regions(&measured),
        method(DoubtId::InappropriateMethod, items, &measured),
        people(ground.case),
        minimum(ground.case, items, &measured),
        scope(&measured),
    ]
}

fn doubt(doubt: DoubtId, measured: Measured, remark: Reason) -> Doubt {
    Doubt { doubt, measured, remarks: vec![remark] }
}

/// `concern` where there are ids to name, else `none`; undetermined where nothing was measured.
fn of(id: DoubtId, nothing: bool, ids: &[&str], concern: Code, none: Code) -> Doubt {
    if nothing {
        doubt(id, Measured::Undetermined, Reason::new(Code::NothingMeasured))
    } else if ids.is_empty() {
        doubt(id, Measured::NoConcern, Reason::new(none))
    } else {
        doubt(id, Measured::Concern, Reason::new(concern).with("items", ids.join(", ")))
    }
}

/// Regions that a host can't reach: only the drive's own erase reaches them, and only where no area was hidden.
fn regions(measured: &[(&Item, &RecordFacts)]) -> Doubt {
    let unknown = |facts: &RecordFacts| facts.level < Level::Purge || !facts.hidden_absent;
    let ids: Vec<_> = measured.iter().filter(|(_, facts)| unknown(facts)).map(|(item, _)| item.id.as_str()).collect();
    of(DoubtId::InaccessibleRegions, measured.is_empty(), &ids, Code::RegionsUnknown, Code::RegionsReached)
}

/// The level that the evidence shows against the one that the data needs; an acceptance does not lift the doubt.
fn method(id: DoubtId, items: &[ItemVerdict], measured: &[(&Item, &RecordFacts)]) -> Doubt {
    let has_record = |verdict: &&ItemVerdict| measured.iter().any(|(item, _)| item.id == verdict.item);
    let below = items.iter().filter(has_record).filter(|verdict| verdict.reached < verdict.needs);
    let ids: Vec<_> = below.map(|verdict| verdict.item.as_str()).collect();
    of(id, measured.is_empty(), &ids, Code::LevelsNotReached, Code::LevelsReached)
}

/// Competence and calibration are beyond software; that two roles are one person is not.
fn people(case: &Case) -> Doubt {
    let id = DoubtId::PeopleAndTools;
    let name = |person: &Option<super::Person>| {
        person.as_ref().map(|p| p.name.trim().to_lowercase()).filter(|name| !name.is_empty())
    };
    match (name(&case.roles.operator), name(&case.roles.verifier)) {
        (Some(operator), Some(verifier)) if operator != verifier => {
            doubt(id, Measured::Undetermined, Reason::new(Code::PeopleUnknown))
        }
        _ => doubt(id, Measured::Concern, Reason::new(Code::SamePerson)),
    }
}

/// The organisation's own minimum, where the case tells one.
fn minimum(case: &Case, items: &[ItemVerdict], measured: &[(&Item, &RecordFacts)]) -> Doubt {
    let id = DoubtId::BelowMinimum;
    if case.levels.is_empty() {
        return doubt(id, Measured::Undetermined, Reason::new(Code::MinimumUnknown));
    }
    method(id, items, measured)
}

/// Too narrow: a part, a virtual medium, or simple writes on over-provisioned flash.
fn scope(measured: &[(&Item, &RecordFacts)]) -> Doubt {
    let id = DoubtId::ScopeTooNarrow;
    let named = |test: fn(&RecordFacts) -> bool| -> Vec<&str> {
        measured.iter().filter(|(_, facts)| test(facts)).map(|(item, _)| item.id.as_str()).collect()
    };
    let partial = named(|facts| !facts.whole_medium || facts.level < Level::Clear);
    let flash = named(|facts| facts.whole_medium && facts.level == Level::Clear && facts.flash != Some(false));
    let mut found = of(id, measured.is_empty(), &partial, Code::ScopePartial, Code::ScopeWhole);
    if !flash.is_empty() {
        let remark = Reason::new(Code::ScopeOverProvisioned).with("items", flash.join(", "));
        if found.measured == Measured::NoConcern {
            found.remarks.clear();
        }
        found.measured = Measured::Concern;
        found.remarks.push(remark);
    }
    found
}
