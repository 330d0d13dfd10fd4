#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use proptest::prelude::*;

use super::record::*;
use super::tests::{messages_of, variables};
use super::{Language, files};
use crate::document::{
    self, MediumEntry, PassEntry, Record, ScopeEntry, Session, SignerEntry, ToolEntry, VerificationEntry,
};
use crate::media::{HiddenArea, TechniqueId, VerifyKind};
use crate::outcome::testing::{enough_for_every_sentence, erase, every_ending, overwrite};
use crate::outcome::{self, End, Ending, Evidence, Said, Status, Verdict};
use crate::pattern::{Pattern, Scheme};

const TRANSLATED: [Language; 2] = [Language::Da, Language::Sv];

fn sentences(language: Language) -> BTreeMap<String, String> {
    messages_of(language, files::sentences(language).unwrap())
}

/// All that is said of any evidence, and with every scheme.
fn everything_said() -> Vec<Said> {
    let mut all = Vec::new();
    for (_, evidence) in enough_for_every_sentence() {
        all.extend(Verdict::of(&evidence).said);
        all.extend(outcome::said_of_readback(&evidence));
        all.extend(outcome::said_of_standards(&evidence, None));
    }
    let plain = overwrite(1, VerifyKind::Full);
    for scheme in Scheme::all() {
        all.extend(outcome::said_of_standards(&plain, Some(scheme)));
    }
    all.sort_by(|a, b| a.english.cmp(&b.english));
    all.dedup();
    assert!(all.len() > 200, "{}", all.len());
    all
}

#[test]
fn every_sentence_has_its_words_with_exactly_its_figures() {
    let codes = outcome::every_sentence();
    for language in TRANSLATED {
        let parsed = FluentResource::try_new(files::sentences(language).unwrap().into());
        assert!(parsed.is_ok(), "{language:?}: {:?}", parsed.err().map(|(_, errors)| errors));
        let all = sentences(language);
        let known: BTreeSet<_> = codes.iter().map(|(code, _)| code.to_string()).collect();
        assert_eq!(known.len(), codes.len(), "a code is there twice");
        let odd: Vec<_> = known.symmetric_difference(&all.keys().cloned().collect()).cloned().collect();
        assert!(odd.is_empty(), "{language:?}: {odd:?}");
        for (code, figures) in &codes {
            assert_eq!(variables(&all[*code]), figures.iter().copied().collect(), "{language:?}: {code}");
        }
    }
    assert!(files::sentences(Language::En).is_none());
}

fn numbers(text: &str) -> Vec<&str> {
    let mut all: Vec<_> = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    all.sort_unstable();
    all
}

#[test]
fn every_figure_of_the_english_stands_in_each_language() {
    for said in everything_said() {
        for language in TRANSLATED {
            let told = say(language, &said);
            assert_eq!(numbers(&told), numbers(&said.english), "{language:?}: {}: {told}", said.code);
            assert!(!told.contains(['{', '}', '$']), "{language:?}: {}: {told}", said.code);
            assert_ne!(told, said.english, "{language:?}: {}", said.code);
        }
        assert_eq!(say(Language::En, &said), said.english);
    }
}

/// The text without what others said and without commands.
fn own_words(text: &str) -> String {
    let mut own = String::new();
    let mut until: Option<char> = None;
    let mut last = ' ';
    for c in text.chars() {
        match until {
            Some(end) if c == end => until = None,
            Some(_) => {}
            None => match c {
                '»' => until = Some('«'),
                '”' => until = Some('”'),
                '`' => until = Some('`'),
                _ => own.push(c),
            },
        }
        last = c;
    }
    assert!(until.is_none(), "a quotation is open: {text} {last}");
    own
}

const ENGLISH: [&str; 23] = [
    "the", "and", "was", "were", "not", "drive", "drives", "of", "that", "which", "with", "from", "nothing", "could",
    "erase", "erased", "reports", "before", "unknown", "this", "address", "spare", "readback",
];

#[test]
fn no_english_is_left_but_what_others_said() {
    let is_english = |text: &str| {
        let mut own = own_words(text).to_lowercase();
        // The longest first, since one is the beginning of another.
        let mut names: Vec<_> = TechniqueId::ALL.iter().map(|technique| technique.name()).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.iter().for_each(|name| own = own.replace(name, ""));
        let words: Vec<_> = own.split(|c: char| !c.is_alphabetic()).collect();
        ENGLISH.iter().find(|english| words.contains(english)).copied()
    };
    for language in TRANSLATED {
        for said in everything_said() {
            let told = say(language, &said);
            assert_eq!(is_english(&told), None, "{language:?}: {told}");
        }
        for ending in every_ending().iter().map(|e| super::record::ending(language, e)) {
            assert_eq!(is_english(&ending), None, "{language:?}: {ending}");
        }
    }
    assert_eq!(is_english("Drevet was »the drive« væk"), Some("was"));
}

#[test]
fn the_sentences_say_neither_too_much_nor_another_thing() {
    for language in TRANSLATED {
        let text = sentences(language).into_values().collect::<Vec<_>>().join("\n").to_lowercase();
        for word in
            ["fuldstændig", "gallra", "gallring", "garanter", "godkendt", "godkänd", "100 %", "umulig", "omöjlig"]
        {
            assert!(!text.contains(word), "{language:?}: {word}");
        }
    }
}

#[test]
fn what_drive_and_kernel_said_stands_in_quotation_marks_as_it_was_said() {
    let text = "Key 0x4 { $x } Ω";
    for end in every_ending() {
        let end = match end {
            Ending::Failed { .. } => Ending::Failed { detail: text.into() },
            Ending::Rejected { .. } => Ending::Rejected { detail: text.into() },
            Ending::BrokenChain { .. } => Ending::BrokenChain { resets: vec![text.into()] },
            Ending::NotSent { .. } => Ending::NotSent { detail: text.into() },
            Ending::Unclear { .. } => Ending::Unclear { detail: text.into() },
            _ => continue,
        };
        let mut evidence = erase(TechniqueId::AtaSanitizeBlock);
        evidence.command.as_mut().unwrap().ending = end.clone();
        let verdict = Verdict::of(&evidence);
        for (language, quoted) in [(Language::Da, format!("»{text}«")), (Language::Sv, format!("”{text}”"))] {
            assert!(say(language, &verdict.said[0]).contains(&quoted), "{end:?}");
            assert!(ending(language, &end).contains(&quoted), "{end:?}");
        }
    }
    let foreign = Ending::Rejected { detail: "x«. Slettet”. Raderad\". Sanitized".into() };
    assert_eq!(ending(Language::Da, &foreign).matches(['»', '«']).count(), 2);
    assert_eq!(ending(Language::Sv, &foreign).matches('”').count(), 2);
    assert_eq!(ending(Language::En, &foreign).matches('"').count(), 2);
}

/// A record of `evidence`, in the words of this version.
fn record(evidence: &Evidence, scheme: Option<&Scheme>) -> Record {
    let verdict = Verdict::of(evidence);
    let digest = format!("sha256:{}", "0".repeat(64));
    let found = evidence.verification.as_ref();
    let explained = verdict.status == Status::SanitizedWithExceptions;
    let (end, detail) = match &evidence.end {
        End::Completed => ("completed", String::new()),
        End::Interrupted { cause } => ("interrupted", cause.clone()),
        End::Lost { detail } => ("lost", detail.clone()),
        End::GaveUp { detail } => ("gave-up", detail.clone()),
    };
    let pass = |pass: &outcome::PassEvidence| {
        let Pattern::Fixed { bytes } = &pass.pattern else { panic!("{pass:?}") };
        PassEntry {
            number: pass.number,
            pattern: pass.pattern.name(),
            bytes_hex: Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
            stream: None,
            inverted: false,
            bytes_written: pass.bytes_written,
            milliseconds: pass.milliseconds,
            complete: pass.complete,
        }
    };
    Record {
        schema: Record::SCHEMA.into(),
        id: "0".repeat(32),
        job: "0".repeat(32),
        case: None,
        supersedes: None,
        kind: Record::KIND.into(),
        status: verdict.status,
        claim: verdict.claim,
        statement: verdict.statement,
        tool: ToolEntry { name: "radera".into(), version: "0".into(), digest: digest.clone() },
        signer: SignerEntry::of(digest),
        medium: MediumEntry {
            path: "/dev/sdx".into(),
            bus: "ata".into(),
            vendor: None,
            model: None,
            firmware: None,
            serial: None,
            serial_source: None,
            wwn: None,
            size_bytes: evidence.scope.bytes,
            logical_block_bytes: 512,
            physical_block_bytes: 512,
            rotation: serde_json::to_value(evidence.rotation).unwrap().as_str().unwrap().into(),
            removable: false,
            disk_sequence: None,
            layers: evidence.layers.clone(),
        },
        scope: ScopeEntry {
            kind: evidence.scope.kind,
            path: "/dev/sdx".into(),
            first_byte: evidence.scope.first_byte,
            bytes: evidence.scope.bytes,
        },
        method: evidence.method,
        technique: evidence.technique,
        scheme: scheme.map(|scheme| scheme.name.into()),
        wants_complement: evidence.wants_complement,
        passes_planned: evidence.passes_planned,
        passes: evidence.passes.iter().map(pass).collect(),
        command: evidence.command.clone(),
        files: document::files_entry(evidence),
        residue: document::residue_entries(evidence),
        standards: outcome::standards(evidence, scheme),
        verification: VerificationEntry {
            asked: evidence.verification_asked,
            kind: found.map_or(VerifyKind::None, |v| v.kind),
            status: outcome::readback_status(found, explained).into(),
            bytes_planned: found.map_or(0, |v| v.bytes_planned),
            bytes_read: found.map_or(0, |v| v.bytes_read),
            mismatches: found.map_or(0, |v| v.mismatches),
            unreadable: found.map_or(0, |v| v.unreadable),
            seed: found.and_then(|v| v.seed.clone()),
            cells: found.and_then(|v| v.cells).map(|(all, _)| all),
            cells_read: found.and_then(|v| v.cells).map(|(_, read)| read),
            milliseconds: 1,
            statement: outcome::statement_of_readback(evidence),
        },
        hidden_areas: evidence.hidden_areas,
        health: evidence.health,
        exceptions: evidence.bad.clone(),
        exceptions_left_out: evidence.bad_left_out,
        sessions: vec![Session {
            started: "2026-11-22T08:00:00Z".into(),
            finished: Some("2026-11-22T09:00:00Z".into()),
            end: end.into(),
            detail,
            from_pass: None,
            from_byte: None,
            engine: None,
        }],
        operator: None,
        instruction: None,
        property: None,
        validation: Record::VALIDATION.into(),
        started: "2026-11-22T08:00:00Z".into(),
        finished: "2026-11-22T09:00:00Z".into(),
    }
}

#[test]
fn a_record_in_our_words_is_told_in_each_language_sentence_by_sentence() {
    let mut told = 0;
    for (name, evidence) in enough_for_every_sentence() {
        let record = record(&evidence, Scheme::named("gost"));
        // Some of what the verdict is tried on can't stand in a record.
        if document::evidence(&record).as_ref() != Ok(&evidence) {
            continue;
        }
        told += 1;
        let english = [statement, readback, standards].map(|of| of(Language::En, &record));
        assert_eq!(english[0].sentences().join(" "), record.statement, "{name}");
        assert_eq!(english[1].sentences().join(" "), record.verification.statement, "{name}");
        assert_eq!(english[2].sentences(), record.standards, "{name}");
        for language in TRANSLATED {
            for (of, english) in [statement, readback, standards].into_iter().zip(&english) {
                let said = of(language, &record);
                assert!(!said.is_verbatim() && said.sentences().len() == english.sentences().len(), "{name}: {said:?}");
                assert!(said.sentences().iter().zip(english.sentences()).all(|(a, b)| a != b), "{name}: {said:?}");
            }
        }
    }
    assert!(told > 200, "{told}");
}

#[test]
fn what_this_version_does_not_derive_is_told_word_for_word() {
    let mut older = record(&overwrite(1, VerifyKind::Full), Scheme::named("gost"));
    older.statement.push_str(" Said otherwise.");
    older.verification.statement = "Read back.".into();
    older.standards.pop();
    for language in [Language::Da, Language::Sv, Language::En] {
        assert_eq!(statement(language, &older), Told::Verbatim(vec![older.statement.clone()]));
        assert_eq!(readback(language, &older), Told::Verbatim(vec!["Read back.".into()]));
        assert_eq!(standards(language, &older), Told::Verbatim(older.standards.clone()));
    }
    let mut unreadable = record(&overwrite(1, VerifyKind::Full), None);
    unreadable.sessions.clear();
    for of in [statement, readback, standards] {
        assert!(of(Language::Da, &unreadable).is_verbatim());
    }
    unreadable.statement.clear();
    assert_eq!(statement(Language::Sv, &unreadable), Told::Verbatim(vec![String::new()]));
}

#[test]
fn short_words_are_there_and_unknown_codes_stay_as_they_are() {
    let area = HiddenArea::Present { bytes: 9_007_199_254_740_993 };
    for language in [Language::Da, Language::Sv, Language::En] {
        assert!(hidden_area(language, area).contains("9007199254740993"), "{language:?}");
        for area in [HiddenArea::Unknown, HiddenArea::NotApplicable, HiddenArea::Unreachable, HiddenArea::Absent] {
            assert!(hidden_area(language, area).contains(' '), "{language:?} {area:?}");
        }
        for ending in every_ending() {
            let told = super::record::ending(language, &ending);
            assert!(told.contains(' ') && !told.contains(['{', '$']), "{language:?} {ending:?}: {told}");
            let detail = format!("{ending:?}").contains(outcome::testing::DETAIL);
            assert_eq!(told.contains(outcome::testing::DETAIL), detail, "{language:?} {ending:?}: {told}");
        }
        for of in [verification_status, session_end, layer, rotation] {
            assert_eq!(of(language, "odd {$x}"), "odd {$x}");
        }
    }
    assert_eq!(verification_status(Language::Da, "passed-with-exceptions"), "Bestået med undtagelser");
    assert_eq!(session_end(Language::Sv, "gave-up"), "Uppgiven");
    assert_eq!(status_of(Language::Da, Status::Sanitized), "Slettet");
    assert_eq!(status_of(Language::Sv, Status::Failed), "Misslyckad");
    for id in TechniqueId::ALL {
        assert_ne!(technique(Language::Da, *id), technique(Language::En, *id));
    }
}

proptest! {
    #[test]
    fn whatever_stands_in_a_record_is_told_without_panic_and_with_its_figures(
        detail in ".*", written in any::<u64>(), gone in any::<u64>(), same in any::<u64>(), changed in any::<u64>(),
        hidden in any::<u64>(), cells in prop::option::of(any::<(u64, u64)>()), rejected in any::<bool>(),
    ) {
        let mut evidence = erase(TechniqueId::NvmeSanitizeBlock);
        let c = evidence.command.as_mut().unwrap();
        c.markers.iter_mut().for_each(|m| (m.written, m.gone, m.survived) = (written, gone, same));
        c.witnesses.iter_mut().for_each(|w| (w.changed, w.same) = (changed, same));
        if rejected {
            c.ending = Ending::Rejected { detail: detail.clone() };
        }
        evidence.verification.iter_mut().for_each(|v| v.cells = cells);
        evidence.hidden_areas.host_protected_area = HiddenArea::Present { bytes: hidden };
        for said in Verdict::of(&evidence).said.into_iter().chain(outcome::said_of_readback(&evidence)) {
            for language in TRANSLATED {
                let told = say(language, &said);
                prop_assert_eq!(numbers(&told), numbers(&said.english), "{}", told);
            }
        }
    }
}

#[test]
fn whole_statements_read_as_they_should() {
    let said = |language, evidence: &Evidence| statement(language, &record(evidence, None)).sentences().join(" ");
    let mut lost = overwrite(1, VerifyKind::Full);
    lost.end = End::GaveUp { detail: "write failed: EIO (Input/output error)".into() };
    assert_eq!(
        said(Language::Da, &lost),
        "Mislykket: Arbejdet blev opgivet. Værktøjets egen begrundelse, på engelsk: »write failed: EIO (Input/output error)«. \
         Det, der skulle slettes, er ikke slettet; behandl det som noget, der stadig indeholder data."
    );
    let mut part = overwrite(2, VerifyKind::Sampled);
    part.scope.kind = outcome::ScopeKind::Partition;
    part.hidden_areas = crate::media::HiddenAreas::NONE;
    assert_eq!(
        said(Language::Sv, &part),
        "Raderad: Varje planerad överskrivningsomgång är utförd, och ett stickprov av den är verifierat. Görs gällande: partiell \
         Clear, enbart av denna partition; resten av lagringsmediet har inte berörts och inget sägs om den. Clear är inte Purge. \
         Reservblock, omadresserade block och överprovisionerade block kan inte nås genom överskrivning."
    );
    let mut same = erase(TechniqueId::AtaSanitizeBlock);
    same.command.as_mut().unwrap().witnesses.iter_mut().for_each(|w| (w.same, w.changed) = (1, 1023));
    assert_eq!(
        said(Language::Da, &same),
        "Mislykket: Drevet melder, at sletningen lykkedes, og 1 blok indeholder stadig det, den indeholdt før. Det, der skulle \
         slettes, er ikke slettet; behandl det som noget, der stadig indeholder data. Slet drevet igen, med en anden teknik, hvis \
         `radera plan` tilbyder en; bliver udfaldet det samme, så destruer det."
    );
    let gost = record(&overwrite(2, VerifyKind::Full), Scheme::named("gost"));
    assert_eq!(standards(Language::Sv, &gost).sentences()[2], "”GOST R 50739-95” (äldre schema; NIST-nivå: Clear)");
    let mut one = overwrite(1, VerifyKind::Full);
    one.verification.iter_mut().for_each(|v| (v.unreadable, v.mismatches) = (1, 2));
    assert_eq!(
        readback(Language::Da, &record(&one, None)).sentences()[1..3],
        [
            "2 logiske blokke afveg fra det, der blev skrevet.",
            "1 logisk blok kunne ikke læses: Om dens indhold vides intet."
        ]
    );
}
