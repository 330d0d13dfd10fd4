//! `certificate check` and `certificate show` of a deletion certificate.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::case::table;
use super::context::Context;
use super::findings;
use super::out::clean;
use crate::case::{Checked, check as check_certificate, say};
use crate::certificate::{JSON_LIMIT, Require, Trust};
use crate::conformity::{Language, Profile};
use crate::document::{DeletionCertificate, ReasonEntry};
use crate::problem::{ExitCode, Problem};

/// What tells a document's kind.
#[derive(Deserialize)]
struct Head {
    schema: String,
    kind: String,
}

/// Whether a file calls itself a deletion certificate of the schema that is known here. Everything else takes the road of records, which says
/// what it is.
pub fn is_one(file: &Path) -> bool {
    let head = File::open(file)
        .ok()
        .filter(|opened| opened.metadata().is_ok_and(|found| found.is_file()))
        .and_then(|opened| serde_json::from_reader::<_, Head>(BufReader::new(opened.take(JSON_LIMIT))).ok());
    head.is_some_and(|h| h.schema == DeletionCertificate::SCHEMA && h.kind == DeletionCertificate::KIND)
}

/// The page of one that checks out, for people.
pub fn page_lines(context: &Context, checked: &Checked, language: Option<Language>) {
    if let Some(certificate) = &checked.certificate {
        context.out.line("");
        page(certificate, language.unwrap_or(certificate.language), checked).iter().for_each(|l| context.out.line(l));
    }
}

/// What one says, as JSON.
pub fn value(checked: &Checked) -> Value {
    let page = checked.certificate.as_ref();
    json!({
        "kind": DeletionCertificate::KIND,
        "status": page.map(|page| page.status),
        "validation": page.map(|page| page.validation.decision),
        "derived_again": checked.derived_again,
        "conformity": page.map(|page| &page.conformity),
    })
}

/// `certificate show` of one.
pub fn show(context: &Context, file: &Path, language: Option<Language>) -> Result<ExitCode, Problem> {
    let checked = check_certificate(file, &Trust::default(), &[])?;
    let code = match checked.exit_code {
        ExitCode::Success | ExitCode::Untrusted => ExitCode::Success,
        code => code,
    };
    let Some(certificate) = &checked.certificate else {
        let why = checked.findings.iter().find(|finding| !finding.holds).map(|f| f.told.english()).unwrap_or_default();
        return Err(Problem::not_authentic(
            format!("{} is no deletion certificate that holds: {why}", file.display()),
            "Ask its issuer for it again, with the .p7s.",
        ));
    };
    if context.json {
        let holds = code == ExitCode::Success;
        context.out.json(&json!({
            "file": file.display().to_string(), "signature_holds": holds, "derived_again": checked.derived_again,
            "certificate": certificate,
        }));
        return Ok(code);
    }
    context.out.line(&format!(
        "{}: {}",
        clean(&file.display().to_string()),
        match code {
            ExitCode::Success => "holds; whose key it is, `radera certificate check --trust` tells",
            _ => "does NOT hold: believe nothing below",
        }
    ));
    let failed: Vec<_> = checked.findings.iter().filter(|f| !f.holds && f.topic != "trust").cloned().collect();
    findings::lines(context, &failed, language.unwrap_or(Language::En));
    page(certificate, language.unwrap_or(certificate.language), &checked)
        .iter()
        .for_each(|line| context.out.line(line));
    Ok(code)
}

/// The first page for people; with the annex at hand in full.
fn page(c: &DeletionCertificate, language: Language, checked: &Checked) -> Vec<String> {
    let head = |key: &str| say::heading(language, key);
    let mut lines = vec![say::title(language, c.profile, with_return(c)), say::status(language, c.status)];
    let mut row = |name: String, value: String| lines.push(format!("{name}: {}", clean(&value)));
    let parties = [("controller", &c.controller), ("processor", &c.processor)];
    for (key, party) in parties {
        let name = if key == "processor" && c.profile == Profile::AssignmentEnd { "person-of-assignment" } else { key };
        row(head(name), [&*party.name, &party.address, &party.country, &party.number].join(", "));
    }
    let agreements = [("main-agreement", &c.agreements.main), ("processing-agreement", &c.agreements.processing)];
    for (key, agreement) in agreements {
        if let Some(agreement) = agreement {
            let date = agreement.date.map(|date| date.to_string());
            let parts = [Some(agreement.title.clone()), date, agreement.reference.clone()];
            row(head(key), parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
        }
    }
    if let Some(end) = c.agreements.end {
        row(head("end"), end.to_string());
    }
    if let Some(days) = &c.days_to_last_erasure {
        row(head("days-to-last-erasure"), days.clone());
    }
    if let Some(given) = &c.instruction {
        row(head("instruction"), format!("{}, {}", given.reference, given.date));
    }
    let roles = [
        ("operator", &c.roles.operator),
        ("verifier", &c.roles.verifier),
        ("signatory", &c.roles.signatory),
        ("receiver", &c.roles.receiver),
    ];
    for (key, person) in roles {
        let named = person.as_ref().filter(|person| !person.name.trim().is_empty());
        let shown = |p: &crate::conformity::Person| {
            [Some(p.name.clone()), Some(p.title.clone()), p.authority.clone()]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        };
        row(head(key), named.map_or_else(|| head("not-named"), shown));
    }
    row(head("issued"), format!("{} ({})", c.issued, c.id));
    if let Some(earlier) = &c.supersedes {
        row(head("supersedes"), earlier.clone());
    }
    row(head("signer"), c.signer.fingerprint.clone());
    lines.push(String::new());
    match &checked.annex {
        Some(annex) => lines.extend(table::lines(language, &annex.case, &annex.conformity, &c.validation)),
        None => rows(c, language, &mut lines),
    }
    lines.extend([String::new(), head("does-not-prove")]);
    lines.extend(say::does_not_prove(language, c.profile).iter().map(|line| format!("- {}", clean(line))));
    lines
}

fn with_return(c: &DeletionCertificate) -> bool {
    // The page alone can't tell a return from its rows: its title can.
    c.title == say::title(c.language, c.profile, true) && c.title != say::title(c.language, c.profile, false)
}

/// The rows as the page has them, without its annex.
fn rows(c: &DeletionCertificate, language: Language, lines: &mut Vec<String>) {
    let told = |reason: &ReasonEntry| {
        let times = if reason.count > 1 { format!(" (x {})", reason.count) } else { String::new() };
        format!("    - {}: {}{times}", say::responsible(language, c.profile, reason.who), clean(&reason.text))
    };
    for row in &c.conformity {
        let title = say::row(language, row.row);
        let who = say::responsible(language, c.profile, row.responsible);
        lines.push(format!("{}  {title}: {} ({who})", row.row.name(), say::finding(language, row.result)));
        lines.extend(row.reasons.iter().chain(&row.remarks).map(told));
    }
    for count in &c.counts {
        lines.push(format!("{}: {}", say::outcome(language, count.outcome), count.items));
    }
    lines.push(format!(
        "{}: {}",
        say::heading(language, "validation"),
        say::validated(language, c.validation.decision)
    ));
}
