//! `certificate check` and `certificate show`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::context::Context;
use super::deletion;
use super::findings;
use super::out::clean;
use super::state;
use super::verify::read_record;
use crate::case::Signers;
use crate::certificate::{KeyStore, Require, Trust, check as check_record, place};
use crate::check::{Checked, Says, check as check_document, report, summary, verdict};
use crate::conformity::Language;
use crate::document::Record;
use crate::outcome::FileVerdict;
use crate::problem::{ExitCode, Kind, Problem};
use crate::words;

/// `certificate check`.
pub fn check(
    context: &Context,
    files: &[PathBuf],
    trusted: &[OsString],
    require: &[Require],
    report: Option<&Path>,
    language: Option<Language>,
) -> Result<ExitCode, Problem> {
    if report.is_some() && files.len() > 1 {
        return Err(Problem::new(
            Kind::Usage,
            "--report takes one document, and several are given",
            "Check them one by one, each with a report of its own.",
        ));
    }
    let mut trust = trust(trusted)?;
    trust.own_keys = own_fingerprints(context);
    let mut code = ExitCode::Success;
    for file in files {
        let found = check_document(file, &trust, require).and_then(|checked| {
            show_check(context, &checked, &trust, language);
            if let Some(path) = report {
                write_report(context, &checked, path, language)?;
            }
            Ok(checked.exit_code)
        });
        code = code.worst(found.unwrap_or_else(|problem| context.problem(&problem, Some(&file.display().to_string()))));
    }
    Ok(code)
}

/// Writes the validation report, over none.
fn write_report(context: &Context, checked: &Checked, path: &Path, language: Option<Language>) -> Result<(), Problem> {
    let at = jiff::Timestamp::now();
    let at = jiff::Timestamp::from_second(at.as_second()).unwrap_or(at).to_string();
    let pdf = report(checked, language.unwrap_or(spoken(checked)), &at)?;
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(Problem::error(
            format!("{} is no name for a report", path.display()),
            "Name a file, in UTF-8, with --report FILE.pdf.",
        ));
    };
    let written = place(directory, name, &pdf)
        .map_err(|problem| Problem { todo: "Name another file with --report FILE.pdf.".into(), ..problem })?
        .keep();
    context.say(&format!("report: {}", clean(&written.display().to_string())));
    Ok(())
}

/// The language of a document; a record has none.
fn spoken(checked: &Checked) -> Language {
    match &checked.says {
        Says::Deletion(deletion) => deletion.certificate.as_ref().map_or(Language::En, |page| page.language),
        Says::Record(_) | Says::Nothing => Language::En,
    }
}

/// The signers of `--trust`.
pub fn trust(given: &[OsString]) -> Result<Trust, Problem> {
    let mut trust = Trust::default();
    for one in given {
        trust.add(Trust::load(one)?);
    }
    Ok(trust)
}

/// The keys of this installation, this one's and former ones': its own records need no `--trust`.
pub fn own_fingerprints(context: &Context) -> Vec<String> {
    // A key that can't be opened vouches for nothing; the check itself does not need it.
    state::directory(context.state.as_deref()).map(|state| KeyStore::own_fingerprints(&state)).unwrap_or_default()
}

/// Whose signatures a case counts here: those of the key that is in use, of former keys, and `given`.
pub fn own_signers(context: &Context, given: Trust) -> Signers {
    let own = state::directory(context.state.as_deref())
        .and_then(|state| KeyStore::describe(&state))
        .ok()
        .and_then(|description| description.fingerprint);
    let former = own_fingerprints(context).into_iter().filter(|other| Some(other) != own.as_ref()).collect();
    Signers { own, former, given }
}

fn show_check(context: &Context, checked: &Checked, trust: &Trust, language: Option<Language>) {
    let by_own_key = checked.signer.as_ref().is_some_and(|signer| trust.own_keys.contains(signer));
    if context.json {
        context.out.json(&value(checked, by_own_key));
        return;
    }
    let spoken = language.unwrap_or(spoken(checked));
    let word = words::text(spoken, verdict(checked));
    context.out.line(&format!("{}: {word}", clean(&checked.file.display().to_string())));
    findings::lines(context, &checked.findings, spoken);
    if let Says::Record(record) = &checked.says
        && checked.exit_code != ExitCode::NotAuthentic
    {
        let said = [words::record::status_of(spoken, record.status), words::record::claim(spoken, record.claim)];
        context.out.line(&format!("  {}", said.join("; ")));
    }
    if let Some(summary) = summary(checked) {
        findings::summary(context, &summary, spoken);
    }
    // What does not check out is not repeated as if it did.
    if let Says::Deletion(deletion) = &checked.says
        && checked.exit_code != ExitCode::NotAuthentic
    {
        deletion::page_lines(context, deletion, language);
    }
}

fn value(checked: &Checked, by_own_key: bool) -> Value {
    let mut value = json!({
        "event": "checked",
        "file": checked.file.display().to_string(),
        "form": if checked.is_pdf { "pdf" } else { "json" },
        "exit_code": checked.exit_code as u8,
        "verdict": words::text(Language::En, verdict(checked)),
        "signer": checked.signer,
        "signer_kind": checked.signature.as_ref().and_then(|signature| signature.kind),
        "signer_name": checked.signature.as_ref().and_then(|signature| signature.name.clone()),
        "own_key": by_own_key,
        "findings": findings::values(&checked.findings),
        "summary": summary(checked).map(|summary| findings::summary_value(&summary)),
    });
    let said = match &checked.says {
        Says::Nothing => json!({}),
        _ if checked.exit_code == ExitCode::NotAuthentic => json!({}),
        Says::Record(record) => json!({
            "kind": Record::KIND, "status": record.status.name(), "claim": record.claim.name(),
        }),
        Says::Deletion(deletion) => deletion::value(deletion),
    };
    if let (Some(value), Value::Object(said)) = (value.as_object_mut(), said) {
        value.extend(said);
    }
    value
}

/// `certificate show`.
pub fn show(context: &Context, files: &[PathBuf], language: Option<Language>) -> Result<ExitCode, Problem> {
    let mut code = ExitCode::Success;
    for file in files {
        let shown =
            if deletion::is_one(file) { deletion::show(context, file, language) } else { show_one(context, file) };
        code = code.worst(match shown {
            Ok(code) => code,
            Err(problem) => context.problem(&problem, Some(&file.display().to_string())),
        });
    }
    Ok(code)
}

fn show_one(context: &Context, file: &Path) -> Result<ExitCode, Problem> {
    let record = read_record(file)?;
    let checked = check_record(file, &Trust::default(), &[]);
    let (word, code) = match &checked {
        Ok(checked) if matches!(checked.exit_code, ExitCode::Success | ExitCode::Untrusted) => {
            ("holds; whose key it is, `radera certificate check --trust` tells", ExitCode::Success)
        }
        Ok(_) => ("does NOT hold, or the record contradicts itself: believe nothing below", ExitCode::NotAuthentic),
        Err(_) => ("can't be checked: it can't be read", ExitCode::NotAuthentic),
    };
    if context.json {
        let signature_holds = code == ExitCode::Success;
        context
            .out
            .json(&json!({"file": file.display().to_string(), "signature_holds": signature_holds, "record": record}));
    } else {
        context.out.line(&format!("file:         {}", clean(&file.display().to_string())));
        context.out.line(&format!("signature:    {word}"));
        record_lines(&record).iter().for_each(|line| context.out.line(line));
    }
    if let Err(problem) = checked {
        context.problem(&problem, None);
    }
    Ok(code)
}

/// What a record says of files: names and values.
fn files_lines(record: &Record) -> Vec<(&'static str, String)> {
    let Some(files) = &record.files else { return Vec::new() };
    let mut lines = vec![(
        "files",
        format!(
            "{} on {}: {} bytes; {} extents, {} bytes of them overwritten, {} bytes trimmed",
            files.count, files.filesystem, files.bytes, files.extents, files.extent_bytes, files.trimmed_bytes
        ),
    )];
    lines.extend(FileVerdict::ALL.map(|verdict| ("", format!("{}: {}", verdict.name(), files.verdicts.get(verdict)))));
    let removed = format!("{} files and links, {} directories", files.removed, files.directories_removed);
    lines.push(("removed", removed));
    if files.kept {
        lines.push(("kept", "the files stay, overwritten".into()));
    }
    if files.left > 0 {
        lines.push(("left alone", format!("{} FIFOs, sockets or device nodes", files.left)));
    }
    lines.extend(files.steps.iter().map(|step| ("step", words::record::step(Language::En, step))));
    for left in record.residue.iter().flatten() {
        let of = if left.files > 0 { format!(", of {} files", left.files) } else { String::new() };
        lines.push(("residue", format!("{} ({}){of}: {}", left.kind.name(), left.certainty.name(), left.detail)));
    }
    if let Some(manifest) = &files.manifest {
        lines.push(("list", format!("{} ({} lines, {})", manifest.file, manifest.lines, manifest.digest)));
    }
    lines
}

/// A record in words, a line each.
fn record_lines(record: &Record) -> Vec<String> {
    let mut lines = Vec::new();
    let mut row = |name: &str, value: String| {
        let name = if name.is_empty() { String::new() } else { format!("{name}:") };
        lines.push(format!("{name:<13} {}", clean(&value)));
    };
    let optional = |value: &Option<String>| value.clone().unwrap_or_else(|| "not given".into());
    row("status", record.status.name().into());
    row("claim", record.claim.name().into());
    row("statement", record.statement.clone());
    row("record", record.id.clone());
    row("job", record.job.clone());
    if let Some(earlier) = &record.supersedes {
        row("supersedes", earlier.clone());
    }
    let medium = &record.medium;
    let names: Vec<&str> = [&medium.vendor, &medium.model].into_iter().flatten().map(String::as_str).collect();
    row("medium", format!("{} ({}), {} bytes", medium.path, medium.bus, medium.size_bytes));
    row("model", if names.is_empty() { "not told".into() } else { names.join(" ") });
    row(
        "serial",
        match (&medium.serial, &medium.serial_source) {
            (Some(serial), Some(source)) => format!("{serial} (from {source})"),
            (serial, _) => serial.clone().unwrap_or_else(|| "not told".into()),
        },
    );
    for layer in &medium.layers {
        row("layer below", format!("{}: {}", layer.kind, layer.detail));
    }
    row(
        "scope",
        format!("{}: {} bytes from byte {} on", record.scope.path, record.scope.bytes, record.scope.first_byte),
    );
    row("method", format!("{}, by {}", record.method.name(), record.technique.name()));
    for pass in &record.passes {
        let complete = if pass.complete { "complete" } else { "NOT complete" };
        row("pass", format!("{} ({}): {} bytes, {complete}", pass.number, pass.pattern, pass.bytes_written));
    }
    let check = &record.verification;
    row("verification", format!("{} ({}): {} bytes read", check.status, check.kind.name(), check.bytes_read));
    row("", check.statement.clone());
    files_lines(record).into_iter().for_each(|(name, value)| row(name, value));
    row("exceptions", record.exceptions.len().to_string());
    for bad in &record.exceptions {
        let kind = super::medium::name_of(&bad.kind);
        row("", format!("{kind}: {} bytes from byte {} on", bad.bytes, bad.first_byte));
    }
    if record.exceptions_left_out > 0 {
        row("", format!("and {} more that the record does not list", record.exceptions_left_out));
    }
    for session in &record.sessions {
        let end = session.finished.as_deref().unwrap_or("?");
        let detail = if session.detail.is_empty() { String::new() } else { format!(", {}", session.detail) };
        row("session", format!("{} to {end}: {}{detail}", session.started, session.end));
    }
    row("operator", optional(&record.operator));
    row("instruction", optional(&record.instruction));
    row("property", optional(&record.property));
    row("validation", record.validation.clone());
    row("tool", format!("{} {} ({})", record.tool.name, record.tool.version, record.tool.digest));
    row("signer", record.signer.fingerprint.clone());
    lines
}
