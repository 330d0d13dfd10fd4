//! What a drive was told to do by itself, and what it answered.

use super::block::{self, FINE, SMALL, STRONG};
use super::layout::{Cell, Look, Sheet, Table};
use super::say;
use crate::conformity::Language;
use crate::outcome::{CommandEvidence, Ending, Readback};

/// The command and its answers.
pub fn part(sheet: &mut Sheet, language: Language, told: &CommandEvidence) {
    block::part(sheet, 3, &say::text(language, "paper-command"));
    let label = |key: &str| say::text(language, key);
    let mut facts = vec![
        (label("paper-ending"), ending(language, &told.ending)),
        (label("paper-accepted"), say::yes(language, told.accepted)),
        (label("paper-seen-running"), say::yes(language, told.seen_running)),
        (label("paper-time"), say::time(told.milliseconds)),
        (label("paper-estimate"), told.estimate_seconds.map(|s| say::time(s.saturating_mul(1000))).unwrap_or_default()),
        (label("paper-resets"), told.resets.join("; ")),
        (label("paper-readback-after"), say::coded(language, "readback", readback(told.readback))),
        (label("paper-expected"), told.expected.as_ref().map(|hex| format!("0x{hex}")).unwrap_or_default()),
        (label("paper-encryption"), encryption(language, told.encryption.as_deref())),
        (label("paper-reached"), told.reached.join(", ")),
        (label("paper-seed"), told.seed.clone().unwrap_or_default()),
    ];
    if let Some(m) = &told.markers {
        let counts = [m.written, m.gone, m.survived, m.unreadable].map(|count| say::number(language, count));
        facts.push((label("paper-markers"), counts.join(" / ")));
    }
    if let Some(w) = &told.witnesses {
        let counts = [w.read, w.changed, w.same, w.unreadable, w.blank].map(|count| say::number(language, count));
        facts.push((label("paper-witnesses"), counts.join(" / ")));
    }
    block::facts(sheet, 0.36, &facts);
    if told.exchanges.is_empty() {
        return;
    }
    sheet.skip(4.0);
    let header = ["paper-exchange", "paper-sent", "paper-answer", "paper-received"].map(label);
    let mut table = Table::new(sheet, Look::ROWS, &[0.22, 0.24, 0.27, 0.27], &header, STRONG);
    for exchange in &told.exchanges {
        let bytes = |hex: &str| Cell::of(if hex.is_empty() { "–" } else { hex }, FINE);
        table.row(vec![
            Cell::head(exchange.command.clone(), SMALL),
            bytes(&exchange.sent),
            Cell::of(exchange.answer.clone(), SMALL),
            bytes(exchange.received.as_deref().unwrap_or_default()),
        ]);
    }
}

fn encryption(language: Language, word: Option<&str>) -> String {
    word.map(|word| say::coded(language, "encryption", word)).unwrap_or_default()
}

fn readback(readback: Readback) -> &'static str {
    match readback {
        Readback::Pattern => "pattern",
        Readback::Uniform => "uniform",
        Readback::Changed => "changed",
        Readback::ProvesNothing => "proves-nothing",
    }
}

/// How it ended, with the drive's own words.
fn ending(language: Language, ending: &Ending) -> String {
    let (code, detail) = match ending {
        Ending::Succeeded => ("succeeded", String::new()),
        Ending::AtOnce => ("at-once", String::new()),
        Ending::Answered => ("answered", String::new()),
        Ending::Deallocated => ("deallocated", String::new()),
        Ending::Failed { detail } => ("failed", detail.clone()),
        Ending::Stalled { progress, seconds } => {
            let at = progress.map(|progress| format!("{progress}/65536, ")).unwrap_or_default();
            ("stalled", format!("{at}{}", say::time(seconds.saturating_mul(1000))))
        }
        Ending::Stale => ("stale", String::new()),
        Ending::Foreign => ("foreign", String::new()),
        Ending::NotRun => ("not-run", String::new()),
        Ending::BrokenChain { resets } => ("broken-chain", resets.join("; ")),
        Ending::Rejected { detail } => ("rejected", detail.clone()),
        Ending::Frozen => ("frozen", String::new()),
        Ending::NotSent { detail } => ("not-sent", detail.clone()),
        Ending::Unclear { detail } => ("unclear", detail.clone()),
        Ending::Unknown { detail } => ("unknown", detail.clone()),
        Ending::LeftRunning { cause } => ("left-running", cause.clone()),
    };
    let word = say::coded(language, "ending", code);
    if detail.is_empty() { word } else { format!("{word}: {detail}") }
}
