//! The validation report: what a check found, as a PDF to file beside the document. Record systems strip signatures; it tells that they
//! were there, and what they said.

use super::{Checked, Says, summary};
use crate::conformity::Language;
use crate::paper::{self, Line, Report, Section};
use crate::problem::{ExitCode, Problem};
use crate::words::{Told, text, text_with};

/// The PDF, in `language`; `at`: RFC 3339, when it was checked. The signed document is attached as it was checked.
///
/// # Errors
/// Kind `Error`: it can't be laid out.
pub fn report(checked: &Checked, language: Language, at: &str) -> Result<Vec<u8>, Problem> {
    let told = |list: &[Told], mark| -> Vec<Line> {
        list.iter().map(|told| Line { mark, text: told.text(language) }).collect()
    };
    let section = |heading: String, lines: Vec<Line>| Section { heading, lines };
    let mut sections = Vec::new();
    match summary(checked) {
        Some(summary) => {
            let who = summary.who.text(language);
            sections.push(section(text(language, "summary-proved"), told(&summary.proved, Some(true))));
            let claimed = text_with(language, "summary-claimed", &[("who", &who)]);
            sections.push(section(claimed, told(&summary.claimed, None)));
            sections.push(section(text(language, "summary-open"), told(&summary.open, None)));
        }
        None => sections.push(section(
            text(language, verdict(checked)),
            vec![Line { mark: Some(false), text: text(language, "verdict-nothing") }],
        )),
    }
    let looked_at = checked.findings.iter().map(|finding| Line {
        mark: Some(finding.holds),
        text: format!("{}: {}", finding.what(language), finding.told.text(language)),
    });
    sections.push(section(text(language, "report-looked-at"), looked_at.collect()));
    let made_by = text_with(language, "report-made-by", &[("version", env!("CARGO_PKG_VERSION"))]);
    let last = vec![
        Line { mark: None, text: format!("{at}, {made_by}") },
        Line { mark: None, text: text(language, "report-no-signature") },
    ];
    sections.push(section(text(language, "report-checked"), last));
    let file = checked.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let report = Report {
        title: text(language, "report-title"),
        file,
        verdict: text(language, verdict(checked)),
        verdict_good: checked.exit_code == ExitCode::Success,
        at: at.into(),
        sections,
        attachments: checked.documents.clone(),
    };
    paper::report(&report, language).map_err(|why| {
        Problem::error(
            format!("the validation report can't be laid out: {why}"),
            "Report this as a bug; --json has it all.",
        )
    })
}

/// The verdict as a key of words.
pub fn verdict(checked: &Checked) -> &'static str {
    let derived = match &checked.says {
        Says::Deletion(deletion) => deletion.derived_again,
        Says::Record(_) | Says::Nothing => true,
    };
    match checked.exit_code {
        ExitCode::Success if derived => "verdict-good",
        ExitCode::Success => "verdict-good-not-derived",
        ExitCode::Untrusted => "verdict-untrusted",
        _ => "verdict-bad",
    }
}
