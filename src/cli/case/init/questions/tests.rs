#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
use super::super::asked;
use super::*;
use crate::case::CaseFile;

/// The case that these lines make, the file it went to, and what was shown.
fn typed(
    lines: &[&str],
    profile: Option<Profile>,
    language: Option<Language>,
) -> (Result<CaseFile, Problem>, String, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new.toml");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let text = text.replace("FILE", file.to_str().unwrap());
    let (mut input, mut shown) = (text.as_bytes(), String::new());
    let mut say = |text: &str| shown.push_str(text);
    let begun = asked(Questions::new(&mut input, &mut say), profile, language);
    let read = begun.and_then(|begun| {
        let read = CaseFile::read(&begun.file)?;
        assert_eq!(read.case.id, begun.id);
        Ok(read)
    });
    (read, shown, dir)
}

const CONTRACT: &[&str] = &[
    "1",
    "1",
    "Eksempelby Kommune",
    "Rådhuset",
    "",
    "10000009",
    "Drift A/S",
    "Vej 2",
    "dk",
    "12345678",
    "25 31 37 63",
    "Hovedaftale",
    "2021-03-01",
    "J.nr. 7",
    "Databehandleraftale",
    "2021-13-01",
    "2021-03-02",
    "2021-03-01",
    "2026-11-30",
    "Journal",
    "egen server",
    "1,9",
    "1, 4",
    "",
    "Vej 2",
    "",
    "Vej 3",
    "Sverige",
    "se",
    "",
    "Tryk AB",
    "Vägen 1",
    "SE",
    "556036-0794",
    "556036-0793",
    "",
    "FILE",
];

#[test]
fn the_answers_make_a_case_and_wrong_ones_are_asked_again() {
    let (read, shown, _dir) = typed(CONTRACT, None, None);
    let case = read.unwrap_or_else(|e| panic!("{e:?}\n{shown}")).case;
    assert_eq!((case.profile, case.language), (Profile::ContractEnd, Language::Da));
    assert_eq!((case.controller.country.as_str(), case.controller.number.as_str()), ("DK", "10000009"));
    assert_eq!((case.processor.name.as_str(), case.processor.number.as_str()), ("Drift A/S", "25313763"));
    let main = case.agreements.main.unwrap();
    assert_eq!((main.title.as_str(), main.reference.as_deref()), ("Hovedaftale", Some("J.nr. 7")));
    assert_eq!(case.agreements.processing.unwrap().date, Some("2021-03-02".parse().unwrap()));
    assert_eq!(case.agreements.end, Some("2026-11-30".parse().unwrap()));
    assert_eq!(case.systems.len(), 1);
    assert_eq!(case.systems[0].categories, [Category::General, Category::NationalId]);
    assert_eq!(case.locations.iter().map(|l| l.country.as_str()).collect::<Vec<_>>(), ["DK", "SE"]);
    assert_eq!(case.subprocessors[0].party.number, "556036-0793");
    for said in
        ["ask-wrong-number-dk", "ask-wrong-number-se", "ask-wrong-date", "ask-wrong-choice", "ask-wrong-country"]
    {
        let said = words::text(Language::Da, said);
        assert_eq!(shown.matches(&said).count(), 1, "{said}: {shown}");
    }
    assert!(shown.contains("Ophøret kan ikke ligge før aftalens dato (2021-03-02)."), "{shown}");
}

#[test]
fn empty_answers_leave_a_form_that_parses() {
    for (profile, lines) in
        [(Profile::ContractEnd, 18), (Profile::Repair, 9), (Profile::Disposal, 9), (Profile::AssignmentEnd, 9)]
    {
        let mut typed_lines = vec![""; lines];
        typed_lines.push("FILE");
        let (read, shown, _dir) = typed(&typed_lines, Some(profile), Some(Language::Sv));
        let case = read.unwrap_or_else(|e| panic!("{profile:?}: {e:?}\n{shown}")).case;
        assert_eq!((case.profile, case.language, case.controller.country.as_str()), (profile, Language::Sv, "SE"));
        assert!(case.systems.is_empty() && case.agreements.end.is_none() && case.assignment.is_none());
    }
}

#[test]
fn of_a_person_no_number_is_asked_and_the_end_begins_the_assignment() {
    let lines = ["Kiruna kommun", "", "", "", "Gunilla Exempel", "", "", "", "2026-11-30", "FILE"];
    let (read, shown, _dir) = typed(&lines, Some(Profile::AssignmentEnd), Some(Language::Sv));
    let case = read.unwrap_or_else(|e| panic!("{e:?}\n{shown}")).case;
    assert_eq!(shown.matches(&words::text(Language::Sv, "ask-number-se")).count(), 1, "{shown}");
    assert_eq!(case.assignment.unwrap().ended.to_string(), "2026-11-30");
}

#[test]
fn an_existing_file_is_asked_about_again_and_stays() {
    let dir = tempfile::tempdir().unwrap();
    let there = dir.path().join("there.toml");
    std::fs::write(&there, "mine").unwrap();
    let mut lines = vec![""; 9];
    lines.push(there.to_str().unwrap());
    lines.push("FILE");
    let (read, shown, _dir) = typed(&lines, Some(Profile::Repair), Some(Language::Da));
    assert!(read.is_ok() && shown.contains("findes allerede"), "{shown}");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "mine");
}

#[test]
fn an_input_that_ends_writes_nothing() {
    for upto in [0, 1, 5, CONTRACT.len() - 1] {
        let (read, _, dir) = typed(&CONTRACT[..upto], None, None);
        let problem = read.unwrap_err();
        assert!(problem.what.contains("ended") && problem.todo.contains("Nothing was written"), "{problem:?}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

#[test]
fn an_answer_that_is_no_text_is_asked_again() {
    let mut input: &[u8] = b"\xff\xfe\nA\x1b[2J\nEksempelby\n";
    let mut shown = String::new();
    let mut say = |text: &str| shown.push_str(text);
    let mut questions = Questions::new(&mut input, &mut say);
    assert_eq!(questions.text("ask-name").unwrap(), "Eksempelby");
    let mut long: &[u8] = &[b'x'; 10_000];
    assert!(Questions::new(&mut long, &mut say).text("ask-name").unwrap_err().what.contains("too long"));
    assert_eq!(shown.matches("can't be read").count(), 2, "{shown}");
}
