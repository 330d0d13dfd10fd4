//! The English of every verdict, readback and list of standards is that of the file, byte for byte: it stands in records that were
//! signed, and is derived again when they are checked.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::media::{Rotation, TechniqueId, VerifyKind};
use crate::outcome::testing::{enough_for_every_sentence, every_evidence, overwrite, readback};
use crate::outcome::testing_files::every_files_evidence;
use crate::outcome::{
    Claim, Figure, Said, Verdict, every_sentence, readback_statement, said_of_readback, said_of_standards, standards,
    statement_of_readback,
};
use crate::pattern::Scheme;

const SAID: &str = include_str!("english.txt");
const SAID_OF_FILES: &str = include_str!("english_files.txt");

fn said() -> String {
    let mut all = String::new();
    for (name, evidence) in every_evidence() {
        let verdict = Verdict::of(&evidence);
        let (status, claim, exit) = (verdict.status.name(), verdict.claim.name(), verdict.exit_code as u8);
        writeln!(all, "# {name}\n{status} {claim} {exit}\n{}", verdict.statement).unwrap();
        writeln!(all, "{}", statement_of_readback(&evidence)).unwrap();
    }
    let claims = [Claim::Purge, Claim::Clear, Claim::PartialClear, Claim::LogicalOverwrite, Claim::None];
    for (name, evidence) in every_evidence().into_iter().filter(|(name, _)| name.contains('{') || name.contains("of "))
    {
        writeln!(all, "# limits, {name}").unwrap();
        for claim in claims {
            writeln!(all, "{}", Verdict::limits(&evidence, claim)).unwrap();
        }
    }
    for technique in TechniqueId::ALL {
        for rotation in [Rotation::Rotational, Rotation::Flash, Rotation::Unknown] {
            let evidence =
                crate::outcome::Evidence { technique: *technique, rotation, ..overwrite(1, VerifyKind::Full) };
            writeln!(all, "# standards, {} {rotation:?}\n{}", technique.name(), standards(&evidence, None).join("\n"))
                .unwrap();
        }
    }
    let complemented = crate::outcome::Evidence { wants_complement: true, ..overwrite(2, VerifyKind::Full) };
    for scheme in Scheme::all() {
        writeln!(all, "# {}\n{}", scheme.name, standards(&complemented, Some(scheme)).join("\n")).unwrap();
    }
    for asked in [VerifyKind::Full, VerifyKind::Sampled, VerifyKind::None] {
        for kind in [VerifyKind::Full, VerifyKind::Sampled] {
            for (mismatches, unreadable) in [(0, 0), (1, 0), (0, 1), (5, 7)] {
                for cells in [None, Some((20_000, 2_000)), Some((0, 0)), Some((20_000, 1_999))] {
                    for (complete, layered) in [(true, false), (false, false), (true, true)] {
                        let mut found = readback(kind, 1 << 20);
                        (found.mismatches, found.unreadable, found.cells) = (mismatches, unreadable, cells);
                        (found.complete, found.seed) = (complete, found.seed.filter(|_| layered));
                        writeln!(all, "{}", readback_statement(asked, Some(&found), layered)).unwrap();
                    }
                }
            }
        }
    }
    once(&all)
}

/// A line that stood before is told by the number of the first like it.
fn once(all: &str) -> String {
    let mut first = std::collections::HashMap::new();
    let line = |(number, line): (usize, &'_ str)| match first.get(line) {
        Some(number) => format!("= {number}\n"),
        None => {
            first.insert(line.to_string(), number + 1);
            format!("{line}\n")
        }
    };
    all.lines().enumerate().map(line).collect()
}

/// `RADERA_WRITE_SNAPSHOTS=1` writes it anew.
#[test]
fn what_is_said_of_files_stays_as_it_was() {
    let mut all = String::new();
    for (name, evidence) in every_files_evidence() {
        let verdict = Verdict::of(&evidence);
        let (status, claim, exit) = (verdict.status.name(), verdict.claim.name(), verdict.exit_code as u8);
        writeln!(all, "# {name}\n{status} {claim} {exit}\n{}", verdict.statement).unwrap();
        writeln!(all, "{}", statement_of_readback(&evidence)).unwrap();
    }
    let all = once(&all);
    if std::env::var_os("RADERA_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/outcome/tests/english_files.txt"), &all).unwrap();
    }
    for (number, (is, was)) in all.lines().zip(SAID_OF_FILES.lines()).enumerate() {
        assert_eq!(is, was, "line {}", number + 1);
    }
    assert_eq!(all.len(), SAID_OF_FILES.len());
}

#[test]
fn every_english_sentence_stays_as_it_was() {
    let said = said();
    for (number, (is, was)) in said.lines().zip(SAID.lines()).enumerate() {
        assert_eq!(is, was, "line {}", number + 1);
    }
    assert_eq!(said.len(), SAID.len());
}

fn codes(said: &[Said], into: &mut BTreeSet<&'static str>) {
    for said in said {
        into.insert(said.code);
        for (_, figure) in &said.figures {
            if let Figure::Said(inner) = figure {
                codes(std::slice::from_ref(inner), into);
            }
        }
    }
}

/// So that whoever goes through all evidence has gone through all that is ever said.
#[test]
fn every_sentence_is_said_of_some_evidence() {
    let mut reached = BTreeSet::new();
    for (_, evidence) in enough_for_every_sentence() {
        let verdict = Verdict::of(&evidence);
        assert_eq!(verdict.statement, verdict.said.iter().map(|s| s.english.as_str()).collect::<Vec<_>>().join(" "));
        codes(&verdict.said, &mut reached);
        codes(&said_of_readback(&evidence), &mut reached);
        codes(&said_of_standards(&evidence, Scheme::named("gost")), &mut reached);
    }
    let missed: Vec<_> = every_sentence().into_iter().filter(|(code, _)| !reached.contains(code)).collect();
    // Said where `plan` asks what could be claimed.
    assert_eq!(missed.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["claim-nothing"]);
}
