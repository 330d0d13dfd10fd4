//! `certificate check` and `certificate show`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::context::Context;
use super::deletion;
use super::out::clean;
use super::state;
use super::verify::read_record;
use crate::certificate::{Checked, KeyStore, Require, Trust, check as check_record};
use crate::conformity::Language;
use crate::document::Record;
use crate::problem::{ExitCode, Problem};

/// `certificate check`.
pub fn check(
    context: &Context,
    files: &[PathBuf],
    trusted: &[OsString],
    require: &[Require],
    language: Option<Language>,
) -> Result<ExitCode, Problem> {
    let mut trust = trust(trusted)?;
    trust.own_keys = own_fingerprints(context);
    let mut code = ExitCode::Success;
    for file in files {
        let found = if deletion::is_one(file) {
            deletion::check(context, file, &trust, require, language)
        } else {
            check_record(file, &trust, require).map(|checked| {
                show_check(context, file, &checked, &trust.own_keys);
                checked.exit_code
            })
        };
        code = code.worst(found.unwrap_or_else(|problem| context.problem(&problem, Some(&file.display().to_string()))));
    }
    Ok(code)
}

/// The signers of `--trust`.
pub fn trust(given: &[OsString]) -> Result<Trust, Problem> {
    let mut trust = Trust::default();
    for one in given {
        trust.add(Trust::load(one)?);
    }
    Ok(trust)
}

/// The key that this installation uses, if that can be read.
pub fn own_fingerprint(context: &Context) -> Option<String> {
    let state = state::directory(context.state.as_deref()).ok()?;
    // Where that can't be read, nothing is vouched for; the check itself does not need it.
    KeyStore::describe(&state).ok()?.fingerprint
}

/// All keys of this installation, current and former: what they signed needs no `--trust`.
pub fn own_fingerprints(context: &Context) -> Vec<String> {
    state::directory(context.state.as_deref()).map(|state| KeyStore::own_fingerprints(&state)).unwrap_or_default()
}

/// The verdict in words.
pub fn verdict(code: ExitCode) -> &'static str {
    match code {
        ExitCode::Success => "checks out",
        ExitCode::Untrusted => "the signature holds, but nothing says whose key it is (--trust settles it)",
        _ => "does NOT check out",
    }
}

fn show_check(context: &Context, file: &Path, checked: &Checked, own: &[String]) {
    let by_own_key = checked.signer.as_ref().is_some_and(|signer| own.contains(signer));
    if context.json {
        context.out.json(&check_value(file, checked, by_own_key));
        return;
    }
    context.out.line(&format!("{}: {}", clean(&file.display().to_string()), verdict(checked.exit_code)));
    for (what, holds, finding) in &checked.findings {
        let mark = if *holds { "ok " } else { "NO " };
        context.out.line(&format!("  {mark} {}: {}", clean(what), clean(finding)));
    }
    if let Some(signer) = &checked.signer {
        let own = if by_own_key { " (this installation's own key)" } else { "" };
        context.out.line(&format!("  signer: {}{own}", clean(signer)));
    }
    if let Some(record) = &checked.record {
        context.out.line(&format!("  it says: status {}, claim {}", record.status.name(), record.claim.name()));
    }
}

fn check_value(file: &Path, checked: &Checked, by_own_key: bool) -> Value {
    let findings: Vec<Value> = checked
        .findings
        .iter()
        .map(|(what, holds, finding)| json!({"what": what, "holds": holds, "finding": finding}))
        .collect();
    json!({
        "event": "checked",
        "file": file.display().to_string(),
        "exit_code": checked.exit_code as u8,
        "verdict": verdict(checked.exit_code),
        "signer": checked.signer,
        "own_key": by_own_key,
        "status": checked.record.as_ref().map(|r| r.status.name()),
        "claim": checked.record.as_ref().map(|r| r.claim.name()),
        "findings": findings,
    })
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
