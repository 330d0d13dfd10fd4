//! The five doubts.

use super::fixture::*;
use crate::conformity::*;

fn measured(case: &Case, evidence: &Evidence) -> Vec<(Measured, Vec<Code>)> {
    let found = derive(case, evidence, TODAY);
    found.doubts.iter().map(|doubt| (doubt.measured, doubt.remarks.iter().map(|r| r.code).collect())).collect()
}

/// One disk, purged by its own command.
fn purged() -> (Case, Evidence) {
    let mut case = empty(Profile::ContractEnd);
    case.items = vec![erased("M1", ItemKind::Medium, MediaType::MagneticDisk)];
    case.levels.insert(Category::General, Level::Clear);
    case.roles.operator = Some(person("Anna"));
    case.roles.verifier = Some(person("Bo"));
    let mut evidence = documents();
    evidence.records.insert("M1.json".into(), record("M1", Level::Purge));
    (case, evidence)
}

#[test]
fn what_was_measured_is_told_and_what_was_not_is_undetermined() {
    use Code::*;
    use Measured::*;
    let (case, evidence) = purged();
    let base = [
        (NoConcern, vec![RegionsReached]),
        (NoConcern, vec![LevelsReached]),
        (Undetermined, vec![PeopleUnknown]),
        (NoConcern, vec![LevelsReached]),
        (NoConcern, vec![ScopeWhole]),
    ];
    assert_eq!(measured(&case, &evidence), base);
    let ids: Vec<_> = derive(&case, &evidence, TODAY).doubts.iter().map(|d| d.doubt).collect();
    use DoubtId::*;
    assert_eq!(ids, [InaccessibleRegions, InappropriateMethod, PeopleAndTools, BelowMinimum, ScopeTooNarrow]);

    type Change = fn(&mut Case, &mut RecordFacts);
    type Differs = &'static [(usize, Measured, &'static [Code])];
    let changes: &[(&str, Change, Differs)] = &[
        ("hidden areas", |_, r| r.hidden_absent = false, &[(0, Concern, &[RegionsUnknown])]),
        ("an overwrite of a disk", |_, r| r.level = Level::Clear, &[(0, Concern, &[RegionsUnknown])]),
        (
            "an overwrite of flash",
            |_, r| (r.level, r.flash) = (Level::Clear, Some(true)),
            &[(0, Concern, &[RegionsUnknown]), (4, Concern, &[ScopeOverProvisioned])],
        ),
        (
            "an overwrite of what may be flash",
            |_, r| (r.level, r.flash) = (Level::Clear, Option::None),
            &[(0, Concern, &[RegionsUnknown]), (4, Concern, &[ScopeOverProvisioned])],
        ),
        ("purged flash", |_, r| r.flash = Some(true), &[]),
        (
            "a virtual disk",
            |_, r| r.level = Level::Logical,
            &[
                (0, Concern, &[RegionsUnknown]),
                (1, Concern, &[LevelsNotReached]),
                (3, Concern, &[LevelsNotReached]),
                (4, Concern, &[ScopePartial]),
            ],
        ),
        ("a part", |_, r| r.whole_medium = false, &[(4, Concern, &[ScopePartial])]),
        (
            "a higher level",
            |c, _| c.items[0].level = Some(Level::Destroy),
            &[(1, Concern, &[LevelsNotReached]), (3, Concern, &[LevelsNotReached])],
        ),
        ("no minimum", |c, _| c.levels.clear(), &[(3, Undetermined, &[MinimumUnknown])]),
        ("one person twice", |c, _| c.roles.verifier = Some(person(" ANNA")), &[(2, Concern, &[SamePerson])]),
        ("no verifier", |c, _| c.roles.verifier = Option::None, &[(2, Concern, &[SamePerson])]),
        ("no operator", |c, _| c.roles.operator = Option::None, &[(2, Concern, &[SamePerson])]),
        (
            "no record that holds",
            |_, r| r.standing = Standing::NotAuthentic("w".into()),
            &[
                (0, Undetermined, &[NothingMeasured]),
                (1, Undetermined, &[NothingMeasured]),
                (3, Undetermined, &[NothingMeasured]),
                (4, Undetermined, &[NothingMeasured]),
            ],
        ),
    ];
    for (what, change, differ) in changes {
        let (mut case, mut evidence) = purged();
        change(&mut case, evidence.records.get_mut("M1.json").unwrap());
        let mut expected = base.to_vec();
        for (index, measured, codes) in *differ {
            expected[*index] = (*measured, codes.to_vec());
        }
        assert_eq!(measured(&case, &evidence), expected, "{what}");
    }
}

#[test]
fn a_part_and_flash_are_both_told() {
    let (mut case, mut evidence) = purged();
    case.items.push(erased("M2", ItemKind::Medium, MediaType::Flash));
    evidence.records.get_mut("M1.json").unwrap().whole_medium = false;
    let flash = RecordFacts { flash: Some(true), ..record("M2", Level::Clear) };
    evidence.records.insert("M2.json".into(), flash);
    let found = derive(&case, &evidence, TODAY);
    let told: Vec<_> = found.doubts[4].remarks.iter().map(|r| (r.code, r.with["items"].as_str())).collect();
    assert_eq!(told, [(Code::ScopePartial, "M1"), (Code::ScopeOverProvisioned, "M2")]);
}
