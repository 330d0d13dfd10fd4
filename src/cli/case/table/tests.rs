#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
use super::*;
use crate::case::{CaseFile, template};
use crate::conformity::{Evidence, derive};

/// The form of a profile with all its examples taken: one item for each outcome. None of its papers is there.
fn filled(profile: Profile) -> (Case, Conformity) {
    let form = template(profile, Language::Da, "0123456789abcdef0123456789abcdef");
    let taken = form.lines().map(|line| match line.strip_prefix('#') {
        Some(example) if !example.starts_with(' ') => format!("{example}\n"),
        _ => format!("{line}\n"),
    });
    let case = CaseFile::parse(taken.collect::<String>(), "case.toml").unwrap().case;
    let conformity = derive(&case, &Evidence::default(), jiff::civil::date(2026, 11, 22));
    (case, conformity)
}

fn table(profile: Profile) -> (Case, String) {
    let (case, conformity) = filled(profile);
    let validation = crate::case::validation(&case, &Default::default(), jiff::civil::date(2026, 11, 20));
    let lines = lines(Language::Da, &case, &conformity, &validation);
    (case, lines.join("\n"))
}

#[test]
fn each_item_says_what_it_is_and_what_became_of_it() {
    let (case, printed) = table(Profile::ContractEnd);
    for item in &case.items {
        let at = printed.find(&format!("\n{}: ", item.id)).unwrap_or_else(|| panic!("no {}: {printed}", item.id));
        let line = printed[at + 1..].lines().nth(1).unwrap();
        let mut told = vec![say::kind(Language::Da, item.kind), say::media(Language::Da, item.media)];
        told.extend([&item.serial, &item.asset].into_iter().flatten().cloned());
        if let Some(d) = &item.destroyed {
            let how = say::destruction(Language::Da, d.how);
            told.extend([how, d.by.clone(), d.witness.clone(), d.place.clone(), d.date.to_string()]);
        }
        if let Some(h) = &item.handed_over {
            told.extend([h.to.clone(), h.date.to_string()]);
        }
        if let Some(r) = &item.retained {
            told.extend([r.act.clone(), r.section.clone(), r.until.to_string()]);
        }
        if let Some(l) = &item.logically_deleted {
            told.extend([l.by.name.clone(), l.date.to_string()]);
        }
        for part in told {
            assert!(!part.is_empty() && line.contains(&part), "{}: {part:?} is not in {line}", item.id);
        }
    }
}

#[test]
fn a_statement_is_shown_by_its_place_in_words() {
    let (case, printed) = table(Profile::ContractEnd);
    let kept = case.items.iter().find(|item| item.retained.is_some()).unwrap();
    assert!(printed.contains(&format!("Eget udsagn i sagen: post {} (opbevaring)", kept.id)), "{printed}");
    assert!(printed.contains("Eget udsagn i sagen: aftaler"), "{printed}");
    assert!(!printed.contains(".retained") && !printed.contains("i sagen agreements"), "{printed}");
}

#[test]
fn only_the_rows_of_section_12_carry_their_letters() {
    assert!(table(Profile::ContractEnd).1.contains("\n12-b  Sletning eller tilbagelevering: "));
    for profile in [Profile::Repair, Profile::Disposal, Profile::AssignmentEnd] {
        let (case, conformity) = filled(profile);
        let barring = barring(Language::Da, profile, &conformity).join("\n");
        for printed in [table(case.profile).1, barring] {
            for row in &conformity.rows {
                assert!(!printed.contains(row.row.name()), "{profile:?} {}: {printed}", row.row.name());
            }
        }
    }
}

#[test]
fn what_bars_a_case_is_told_down_to_the_items_and_sub_processors() {
    let (_, conformity) = filled(Profile::ContractEnd);
    let printed = barring(Language::Da, Profile::ContractEnd, &conformity);
    let open: Vec<_> = conformity.rows.iter().flat_map(|row| &row.reasons).collect();
    let sent_to = |code| open.iter().filter(move |reason| reason.code == code);
    let item = sent_to(Code::ItemOpen).next().expect("an open item").with["item"].clone();
    let verdict = conformity.items.iter().find(|verdict| verdict.item == item).unwrap();
    let sub = sent_to(Code::SubProcessorOpen).next().expect("an open sub-processor").with["subprocessor"].clone();
    let of_sub = conformity.subprocessors.iter().find(|verdict| verdict.subprocessor == sub).unwrap();
    for (id, reasons) in [(item, &verdict.reasons), (sub, &of_sub.reasons)] {
        let at = printed.iter().position(|line| line.starts_with(&format!("{id}: "))).expect("its line");
        assert!(!reasons.is_empty(), "{id}");
        for reason in reasons {
            let said = clean(&say::reason(Language::Da, reason));
            assert!(printed[at..].iter().any(|line| line.ends_with(&said)), "{id}: {said}");
        }
    }
}
