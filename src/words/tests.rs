#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;

use super::*;

const LANGUAGES: [Language; 3] = [Language::Da, Language::Sv, Language::En];

/// Remarks about which nothing is to be done.
const NOTHING_TO_DO: &[Code] = &[
    Code::DaysAfterEnd,
    Code::RetainedUntil,
    Code::AcceptedByController,
    Code::NoticeInTime,
    Code::NotErasedBecause,
    Code::MediumRemoved,
    Code::MediumLeft,
    Code::AdvisedAgainst,
    Code::ApprovalIsPolicy,
    Code::DaysToReturn,
    Code::RegionsUnknown,
    Code::RegionsReached,
    Code::LevelsReached,
    Code::LevelsNotReached,
    Code::NothingMeasured,
    Code::SamePerson,
    Code::PeopleUnknown,
    Code::MinimumUnknown,
    Code::ScopeOverProvisioned,
    Code::ScopePartial,
    Code::ScopeWhole,
];

/// Message or `message.attribute`, and what follows its `=` up to the next, as the files have them.
fn messages(language: Language) -> BTreeMap<String, String> {
    messages_of(language, &files::sources(language).join("\n"))
}

pub(super) fn messages_of(language: Language, source: &str) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let (mut message, mut last) = (String::new(), String::new());
    for line in source.lines().filter(|l| !l.starts_with('#')) {
        let attribute = line.strip_prefix("    .");
        match attribute.unwrap_or(line).split_once(" =").filter(|_| attribute.is_some() || !line.starts_with(' ')) {
            Some((id, text)) => {
                last = if attribute.is_some() { format!("{message}.{id}") } else { id.into() };
                if attribute.is_none() {
                    message = id.into();
                }
                assert!(all.insert(last.clone(), text.trim().into()).is_none(), "{language:?}: {last} is there twice");
            }
            None => all.get_mut(&last).map(|text| text.push_str(line)).unwrap_or_default(),
        }
    }
    all
}

/// The names of the variables in a text.
pub(super) fn variables(text: &str) -> BTreeSet<&str> {
    let names = text.split('$').skip(1);
    names.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next().unwrap()).collect()
}

fn sample(code: Code) -> Reason {
    code.arguments().iter().fold(Reason::new(code), |reason, name| reason.with(name, format!("<{name}>")))
}

#[test]
fn every_file_parses() {
    for language in LANGUAGES {
        for source in files::sources(language) {
            let parsed = FluentResource::try_new(source.into());
            assert!(parsed.is_ok(), "{language:?}: {:?}", parsed.err().map(|(_, errors)| errors));
        }
    }
}

#[test]
fn the_languages_have_the_same_messages_with_the_same_variables() {
    let da = messages(Language::Da);
    assert!(da.len() > 400, "{}", da.len());
    for language in [Language::Sv, Language::En] {
        let other = messages(language);
        let keys = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<BTreeSet<_>>();
        let odd: Vec<_> = keys(&da).symmetric_difference(&keys(&other)).cloned().collect();
        assert!(odd.is_empty(), "da and {language:?}: {odd:?}");
        for (id, text) in &da {
            assert_eq!(variables(text), variables(&other[id]), "{language:?}: {id}");
        }
    }
}

#[test]
fn every_code_is_a_sentence_with_exactly_its_arguments() {
    for language in LANGUAGES {
        let all = messages(language);
        for code in Code::ALL {
            let id = code.name();
            let text = all.get(id).unwrap_or_else(|| panic!("{language:?}: no words for {id}"));
            assert_eq!(variables(text), code.arguments().iter().copied().collect(), "{language:?}: {id}");
            let printed = reason(language, &sample(*code));
            for name in code.arguments() {
                assert!(printed.contains(&format!("<{name}>")), "{language:?}: {id}: {printed}");
            }
            assert!(!printed.contains(['{', '}', '$']), "{language:?}: {id}: {printed}");
            assert!(printed.ends_with(['.', '>']), "{language:?}: {id} is no sentence: {printed}");
        }
    }
}

#[test]
fn whatever_can_be_mended_says_how_to_each_of_the_three() {
    for language in LANGUAGES {
        let all = messages(language);
        for code in Code::ALL {
            let id = format!("{}.todo", code.name());
            assert_eq!(all.contains_key(&id), !NOTHING_TO_DO.contains(code), "{language:?}: {id}");
            let Some(text) = all.get(&id) else { continue };
            let allowed: BTreeSet<_> = code.arguments().iter().copied().chain(["who"]).collect();
            assert!(variables(text).is_subset(&allowed), "{language:?}: {id}: {text}");
            for who in [Responsible::Controller, Responsible::Processor, Responsible::SubProcessor] {
                let printed = todo(language, &sample(*code).by(who)).unwrap();
                assert!(printed.ends_with('.') && !printed.contains(['{', '$']), "{language:?}: {id}: {printed}");
            }
        }
    }
}

#[test]
fn every_code_of_a_family_has_its_word_and_is_the_one_of_the_documents() {
    for (family, codes) in values::all() {
        for (code, in_documents) in codes {
            assert_eq!(in_documents, serde_json::json!(code), "{family}");
            for language in LANGUAGES {
                let word = files::value(language, family, code);
                assert!(word.is_some_and(|word| !word.is_empty()), "{language:?}: {family}.{code}");
            }
        }
    }
}

/// Families that arguments are of, beside those of the model's types.
const LOOSE: [&str; 11] = [
    "files-step",
    "topic",
    "party",
    "lacks",
    "paper",
    "ending",
    "hidden-area",
    "layer",
    "medium-rotation",
    "session-end",
    "verification-status",
];

#[test]
fn no_message_is_unused_and_no_key_is_without_one() {
    let sources = sources();
    let families = values::all();
    let all = messages(Language::En);
    for id in all.keys() {
        let (message, attribute) = id.split_once('.').unwrap_or((id, ""));
        let code = Code::ALL.iter().any(|code| code.name() == message);
        let family = families.iter().find(|(name, _)| *name == message);
        let used = match attribute {
            "" => {
                code || sources.contains(&format!("\"{message}\""))
                    || LABELS.contains(&message)
                    || coded(message, &sources)
            }
            "todo" => code,
            value => {
                let value = value.strip_prefix("s12").map(|rest| format!("12{rest}")).unwrap_or_else(|| value.into());
                LOOSE.contains(&message) && sources.contains(&format!("\"{value}\""))
                    || family.is_some_and(|(_, codes)| codes.iter().any(|(code, _)| *code == value))
            }
        };
        assert!(used || message.starts_with("t-") || message.starts_with("x-"), "{id} is not used");
    }
    for call in ["words::text(", "words::text_with(", "words::ask("] {
        for after in sources.split(call).skip(1) {
            let key = after.split('"').nth(1).unwrap_or_default();
            let literal = after.split(')').next().unwrap_or_default().contains('"') && !key.contains('{');
            assert!(!literal || all.contains_key(key), "{call}… {key:?} has no words");
        }
    }
}

/// Families of codes on paper: their messages are named `paper-<family>-<code>`.
const ON_PAPER: [&str; 20] = [
    "area",
    "claim",
    "encryption",
    "end",
    "ending",
    "field",
    "field-of-drive",
    "level",
    "method",
    "pattern",
    "readback",
    "rotation",
    "scope",
    "signer",
    "signer-note",
    "status",
    "technique",
    "trouble",
    "verified",
    "verify",
];

fn coded(message: &str, sources: &str) -> bool {
    let code = |family: &&str| message.strip_prefix("paper-")?.strip_prefix(*family)?.strip_prefix('-');
    let mut codes = ON_PAPER.iter().filter(|family| sources.contains(&format!("\"{family}\""))).filter_map(code);
    codes.any(|code| sources.contains(&format!("\"{code}\"")))
}

/// Headings of the table and of the certificate.
const LABELS: &[&str] = &[
    "outcome",
    "status",
    "responsible",
    "row",
    "grade",
    "kind",
    "measured",
    "decision",
    "result",
    "evidence",
    "why",
    "what-to-do",
    "who",
    "item",
    "items",
    "needs",
    "reached",
    "sub-processor",
    "sub-processors",
    "controller",
    "processor",
    "person-of-assignment",
    "address",
    "country",
    "number",
    "agreements",
    "main-agreement",
    "processing-agreement",
    "end",
    "days-to-last-erasure",
    "instruction",
    "notice",
    "reference",
    "roles",
    "operator",
    "verifier",
    "signatory",
    "receiver",
    "name",
    "not-named",
    "date",
    "issued",
    "validation",
    "awaiting-decision",
    "doubts",
    "signature",
    "seal",
    "concurrence",
    "signer",
    "digest",
    "supersedes",
    "annex",
    "none",
    "yes",
    "no",
    "personal-numbers-masked",
    "does-not-prove",
    "title-record",
];

/// The sources of the program, without these tests.
fn sources() -> String {
    let mut all = String::new();
    let mut open = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("words/tests.rs") {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn words_that_say_too_much_or_another_thing_are_absent() {
    // The first names a paper, the second quotes annex 3 §11.
    let allowed = ["fuldstændighedserklæring", "fuldstændig sikkerhedssletning"];
    for language in LANGUAGES {
        let mut text = messages(language).into_values().collect::<Vec<_>>().join("\n").to_lowercase();
        for phrase in allowed {
            text = text.replace(phrase, "");
        }
        for word in ["fuldstændig", "gallra", "gallring", "unrecoverable", "100 %", "99.99", "guaranteed gone"] {
            assert!(!text.contains(word), "{language:?}: {word}");
        }
    }
    for language in LANGUAGES {
        for (level_, name) in
            [(crate::conformity::Level::Clear, "Clear ("), (crate::conformity::Level::Purge, "Purge (")]
        {
            assert!(level(language, level_).starts_with(name), "{language:?}");
        }
    }
}

#[test]
fn the_words_of_the_mission_are_the_words() {
    use crate::conformity::{CaseStatus, Finding, Outcome};
    let said = |language| {
        let outcomes = [Outcome::Erased, Outcome::Failed, Outcome::Destroyed, Outcome::DataReturned];
        let more = [Outcome::Retained, Outcome::Missing];
        let findings = [Finding::Fulfilled, Finding::NotFulfilled, Finding::NotApplicable];
        [title(language, Profile::ContractEnd, false), title(language, Profile::ContractEnd, true)]
            .into_iter()
            .chain([CaseStatus::Complete, CaseStatus::Incomplete].map(|s| status(language, s)))
            .chain(findings.map(|f| finding(language, f)))
            .chain(outcomes.into_iter().chain(more).map(|o| outcome(language, o)))
            .chain(["awaiting-decision", "signature", "seal", "concurrence", "title-record"].map(|k| text(language, k)))
            .collect::<Vec<_>>()
            .join(" / ")
    };
    assert_eq!(
        said(Language::Da),
        "Sletteerklæring / Slette- og tilbageleveringserklæring / Alle relevante punkter er opfyldt / Ikke alle punkter er \
         opfyldt / Opfyldt / Ikke opfyldt / Ikke relevant / Slettet / Mislykket / Destrueret / Tilbageleveret / Opbevares \
         fortsat / Mangler / Afventer stillingtagen / Underskrift / Segl / Medunderskrift / Sletterapport"
    );
    assert_eq!(
        said(Language::Sv),
        "Raderingsintyg / Intyg om radering och återlämnande / Samtliga tillämpliga punkter är uppfyllda / Alla punkter är \
         inte uppfyllda / Uppfyllt / Ej uppfyllt / Ej tillämpligt / Raderad / Misslyckad / Förstörd / Återlämnad / Bevaras / \
         Saknas / Avvaktar ställningstagande / Underskrift / Stämpel / Kontrasignering / Raderingsprotokoll"
    );
}

#[test]
fn whole_sentences_read_as_they_should() {
    let low = || Reason::new(Code::LevelTooLow).with("item", "M3").with("reached", "clear").with("needs", "purge");
    let copy = || Reason::new(Code::CopyNotStated).with("kind", "home-print");
    let late = || Reason::new(Code::NoticeLate).with("days", -3).with("date", "2026-12-03");
    let party = || Reason::new(Code::PartyIncomplete).with("party", "processor").with("lacks", "number");
    let accepted = Reason::new(Code::AcceptedByController).with("item", "M1").with("acceptance", "A2");
    let accepted = accepted.with("what", "archive");
    let says = |language, given: Reason, text: &str| assert_eq!(reason(language, &given), text);
    says(
        Language::Da,
        low(),
        "Post M3: Det dokumenterede niveau er Clear (beskytter mod enkel gendannelse), men oplysningerne kræver Purge \
         (beskytter også mod gendannelse i laboratorium).",
    );
    says(
        Language::Sv,
        copy(),
        "Kopior av detta slag är varken upptagna eller förklarade obefintliga: utskrift på distansarbetsplats.",
    );
    says(
        Language::En,
        late(),
        "The municipality's notice is dated 2026-12-03. Days from the notice to the end: -3. The notice is due at the \
         latest 30 days before the end, and that duty is the controller's.",
    );
    says(Language::Da, party(), "Oplysninger mangler om databehandleren: CVR-nummer.");
    says(Language::Sv, party(), "Uppgifter saknas om personuppgiftsbiträdet: organisationsnummer.");
    says(
        Language::Da,
        accepted,
        "M1: Den dataansvarlige har accepteret følgende: at der blev slettet, før arkivspørgsmålet var besvaret (accept A2).",
    );
    let open = Reason::new(Code::DeclarationNotAccepted).with("subprocessor", "drift");
    assert_eq!(
        todo(Language::Sv, &open.clone().by(Responsible::Controller)).unwrap(),
        "Ta skriftligt ställning till om försäkran godtas."
    );
    assert_eq!(
        todo(Language::En, &open.by(Responsible::SubProcessor)).unwrap(),
        "Send the processor a signed deletion certificate."
    );
}

#[test]
fn what_is_no_known_code_is_printed_as_it_is() {
    let given = Reason::new(Code::ToolNotForMedia).with("item", "M{1} $x").with("media", "punch-card");
    let printed = reason(Language::En, &given);
    assert!(printed.starts_with("Item M{1} $x:") && printed.ends_with(": punch-card."), "{printed}");
    assert_eq!(text(Language::Da, "no-such-key"), "no-such-key");
}

#[test]
fn the_paper_that_a_date_stands_on_is_named_in_the_language() {
    let given = |item| Reason::new(Code::DateAhead).with("item", item).with("date", "2027-01-01");
    assert_eq!(
        reason(Language::Da, &given("notice")),
        "Datoen 2027-01-01 (skriftlig meddelelse) ligger efter dagen for denne kontrol."
    );
    assert!(reason(Language::Da, &given("M1")).contains("(M1)"));
}

#[test]
fn an_assignment_has_no_processor() {
    let end = |who| responsible_in(Language::Sv, Profile::AssignmentEnd, who);
    assert_eq!(end(Responsible::Processor), "Den vars uppdrag avslutas");
    assert_eq!(end(Responsible::Controller), "Personuppgiftsansvarig");
    assert_eq!(responsible_in(Language::Sv, Profile::Repair, Responsible::Processor), "Personuppgiftsbiträde");
    let limits = does_not_prove(Language::Sv, Profile::AssignmentEnd).join(" ");
    assert!(limits.contains("överenskommelsens") && !limits.contains("biträdesavtalet"), "{limits}");
    assert!(does_not_prove(Language::Sv, Profile::ContractEnd).join(" ").contains("biträdesavtalets punkt 8"));
}

#[test]
fn of_a_declaration_speaks_only_the_profile_that_asks_for_one() {
    for language in LANGUAGES {
        let sentence = text(language, "limit-inventory");
        for profile in [Profile::ContractEnd, Profile::Repair, Profile::Disposal, Profile::AssignmentEnd] {
            let said = does_not_prove(language, profile).contains(&sentence);
            assert_eq!(said, profile == Profile::ContractEnd, "{language:?} {profile:?}");
        }
    }
}

#[test]
fn a_place_is_named_and_an_unknown_one_stays_as_it_is() {
    let said = |name| place(Language::Da, Profile::ContractEnd, name);
    assert_eq!(said("items.P1.retained"), "post P1 (opbevaring)");
    assert_eq!(said("items.P.{2}.retained"), "post P.{2} (opbevaring)");
    assert_eq!((said("controller").as_str(), said("agreements").as_str()), ("den dataansvarlige", "aftaler"));
    assert_eq!(said("items.P1.elsewhere"), "items.P1.elsewhere");
    assert_eq!(place(Language::Sv, Profile::AssignmentEnd, "processor"), "Den vars uppdrag avslutas");
}
