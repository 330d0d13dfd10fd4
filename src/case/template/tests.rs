#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
use super::*;
use crate::case::CaseFile;
use crate::conformity::Category;

const ID: &str = "0123456789abcdef0123456789abcdef";
const PROFILES: [Profile; 4] = [Profile::ContractEnd, Profile::Repair, Profile::Disposal, Profile::AssignmentEnd];
const LANGUAGES: [Language; 3] = [Language::Da, Language::Sv, Language::En];

fn each(test: impl Fn(Profile, Language, &str)) {
    for profile in PROFILES {
        for language in LANGUAGES {
            test(profile, language, &template(profile, language, ID));
        }
    }
}

/// Each run of example lines, by its first and the one after its last.
fn examples(text: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if !is_example(line) {
            continue;
        }
        match runs.last_mut() {
            Some((_, end)) if *end == at => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

fn is_example(line: &str) -> bool {
    line.starts_with('#') && !line.starts_with("# ")
}

fn without_marks(text: &str, runs: &[(usize, usize)]) -> String {
    let lines = text.lines().enumerate().map(|(at, line)| {
        let taken = runs.iter().any(|(from, to)| (*from..*to).contains(&at));
        if taken { line.strip_prefix('#').unwrap_or(line) } else { line }
    });
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_template_is_a_case_as_it_stands() {
    each(|profile, language, text| {
        let read =
            CaseFile::parse(text, "case.toml").unwrap_or_else(|e| panic!("{profile:?} {language:?}: {e:?}\n{text}"));
        assert_eq!((read.case.profile, read.case.language, read.case.id.as_str()), (profile, language, ID));
        assert!(read.case.items.is_empty() && read.case.instruction.is_none(), "an answer that nobody gave");
    });
}

#[test]
fn every_example_alone_is_right_but_for_what_it_refers_to() {
    each(|profile, language, text| {
        let runs = examples(text);
        assert!(runs.len() > 10, "{profile:?}: {runs:?}");
        for run in runs {
            let Err(problem) = CaseFile::parse(without_marks(text, &[run]), "case.toml") else { continue };
            let all = [problem.clone()].into_iter().chain(problem.also);
            for fault in all {
                let refers = fault.what.contains(" has the id ");
                assert!(refers, "{profile:?} {language:?} line {}: {}", run.0 + 1, fault.what);
            }
        }
    });
}

#[test]
fn all_examples_together_are_one_case_with_every_outcome() {
    each(|profile, language, text| {
        let all = without_marks(text, &examples(text));
        let read =
            CaseFile::parse(&*all, "case.toml").unwrap_or_else(|e| panic!("{profile:?} {language:?}: {e:?}\n{all}"));
        let case = read.case;
        let outcomes: Vec<_> = case.items.iter().flat_map(|item| item.named_outcomes()).collect();
        let wanted: &[&str] = match profile {
            Profile::ContractEnd => {
                &["erased", "failed", "destroyed", "logically_deleted", "handed_over", "retained", "pending"]
            }
            Profile::Repair => &["erased", "failed"],
            Profile::Disposal => &["erased", "failed", "destroyed"],
            Profile::AssignmentEnd => &["erased", "failed", "destroyed", "logically_deleted", "handed_over"],
        };
        assert_eq!(outcomes, wanted, "{profile:?} {language:?}");
        let there = (case.repair.is_some(), case.disposal.is_some(), case.assignment.is_some(), case.notice.is_some());
        let only = |p| profile == p;
        let expected =
            (only(Profile::Repair), only(Profile::Disposal), only(Profile::AssignmentEnd), only(Profile::ContractEnd));
        assert_eq!(there, expected);
        assert!(case.validation.is_some() && !case.keys.is_empty() && !case.acceptances.is_empty());
        assert_eq!(case.subprocessors.len(), if only(Profile::ContractEnd) { 2 } else { 0 });
    });
}

#[test]
fn no_hook_and_no_key_is_left_in_the_text_and_comments_fit_a_screen() {
    each(|profile, language, text| {
        for line in text.lines() {
            let left = line.split('{').skip(1).any(|piece| hook(piece).is_some())
                || line.contains("{ $")
                || [" t-", "\"x-", " x-"].iter().any(|key| line.contains(key));
            assert!(!left, "{profile:?} {language:?}: {line}");
            let fits = line.chars().count() <= WIDTH + 2 || !line.starts_with("# ");
            assert!(fits, "{profile:?} {language:?}: {line}");
        }
    });
}

#[test]
fn every_word_of_the_template_is_used() {
    for file in ["da", "sv", "en"] {
        let path = format!("{}/src/words/{file}/template.ftl", env!("CARGO_MANIFEST_DIR"));
        let words = std::fs::read_to_string(path).unwrap();
        for key in words.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key) {
            let used = match key.strip_prefix("t-") {
                Some(rest) => SKELETON.lines().any(|l| l == format!("#: {rest}") || l == format!("#! {rest}")),
                None => SKELETON.contains(&format!("{{{key}}}")) || key == "x-main",
            };
            assert!(used, "{file}: {key}");
        }
    }
}

#[test]
fn answers_stand_where_they_belong_whatever_they_contain() {
    let party = |name: &str| Party {
        name: name.into(),
        address: "Vej 1 \"baghuset\"".into(),
        country: "DK".into(),
        number: "10000009".into(),
    };
    let answers = Answers {
        controller: party("Eksempelby Kommune"),
        processor: party("A\\S {x-sub} \n[items]"),
        main_title: "Hovedaftale".into(),
        main_date: Some("2021-03-01".parse().unwrap()),
        main_reference: Some("J.nr. 7".into()),
        processing_title: "Databehandleraftale".into(),
        processing_date: None,
        end: Some("2026-11-30".parse().unwrap()),
        systems: vec![System {
            id: "s1".into(),
            name: "Journal".into(),
            environment: "egen server".into(),
            categories: vec![Category::General, Category::NationalId],
        }],
        locations: vec![Location { id: "l1".into(), address: "Vej 2".into(), country: "DK".into() }],
        subprocessors: vec![("u1".into(), party("Drift A/S"))],
    };
    let text = filled(Profile::ContractEnd, Language::Da, ID, &answers);
    let case = CaseFile::parse(&*text, "case.toml").unwrap_or_else(|e| panic!("{e:?}\n{text}")).case;
    assert_eq!((&case.controller, &case.processor), (&answers.controller, &answers.processor));
    let main = case.agreements.main.unwrap();
    assert_eq!(
        (main.title, main.date, main.reference),
        ("Hovedaftale".into(), answers.main_date, answers.main_reference.clone())
    );
    let processing = case.agreements.processing.unwrap();
    assert_eq!((processing.title, processing.date), ("Databehandleraftale".into(), None));
    assert_eq!(case.agreements.end, answers.end);
    assert_eq!((&case.systems, &case.locations), (&answers.systems, &answers.locations));
    assert_eq!((case.subprocessors[0].id.as_str(), &case.subprocessors[0].party), ("u1", &party("Drift A/S")));

    let text = filled(Profile::AssignmentEnd, Language::Sv, ID, &answers);
    let case = CaseFile::parse(&*text, "case.toml").unwrap_or_else(|e| panic!("{e:?}\n{text}")).case;
    assert_eq!(case.assignment.map(|a| Some(a.ended)), Some(answers.end));
}
