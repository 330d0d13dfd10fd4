//! `certificate render`: the PDF of a signed document, made again.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::RenderArgs;
use super::context::Context;
use super::out::clean;
use super::pin;
use super::press;
use crate::certificate::{JSON_LIMIT, Press, Trust, place, read, sha256_text, signed_pdf};
use crate::check::{self, Checked, Says};
use crate::conformity::Language;
use crate::paper::{self, Form, Source};
use crate::problem::{ExitCode, Kind, Problem};

/// `certificate render`.
pub fn render(context: &Context, args: &RenderArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let file = args.out.as_ref().filter(|out| !out.is_dir());
    if file.is_some() && args.files.len() > 1 {
        return Err(Problem::new(
            Kind::Usage,
            "--out names no directory, and several documents are given",
            "Name a directory that exists, or one document.",
        ));
    }
    if args.issue.timestamp.is_some() && !args.sign {
        return Err(Problem::new(
            Kind::Usage,
            "--timestamp stamps a signature, and without --sign there is none",
            "Give --sign too, or leave --timestamp out.",
        ));
    }
    let press = if args.sign { Some(press::press(context, &args.issue, None, &pin::asker(context))?) } else { None };
    let mut code = ExitCode::Success;
    for json in &args.files {
        let made = one(args, json, file.map(PathBuf::as_path), press.as_ref(), language);
        match made {
            Ok(path) => {
                if context.json {
                    context.out.json(&json!({
                        "event": "rendered", "document": json.display().to_string(), "file": path.display().to_string(),
                        "signed": press.is_some(),
                    }));
                } else {
                    context.out.line(&clean(&path.display().to_string()));
                }
            }
            Err(problem) => code = code.worst(context.problem(&problem, Some(&json.display().to_string()))),
        }
    }
    press.iter().for_each(|press| press::troubles(context, press));
    Ok(code)
}

/// Renders one document whose own signature holds: nothing else gets such a paper.
fn one(
    args: &RenderArgs,
    json: &Path,
    file: Option<&Path>,
    press: Option<&Press>,
    language: Option<Language>,
) -> Result<PathBuf, Problem> {
    let checked = check::check(json, &Trust::default(), &[])?;
    let why = || {
        let failed = checked.findings.iter().find(|f| !f.holds);
        failed.map(crate::words::Finding::english).unwrap_or_default()
    };
    if checked.is_pdf || checked.exit_code == ExitCode::NotAuthentic {
        let why = if checked.is_pdf { "it is a PDF already".into() } else { why() };
        return Err(Problem::not_authentic(
            format!("{}: no paper is made of it: {why}", json.display()),
            "Name the document's JSON file, with its .p7s beside it.",
        ));
    }
    let Some(Facts { spoken, annex }) = facts(&checked, &json.with_extension("annex.json"))? else {
        return Err(Problem::not_authentic(
            format!("{} is no document of radera", json.display()),
            "Name the JSON file of a record or deletion certificate.",
        ));
    };
    let part = |suffix: &str| checked.documents.iter().find(|(name, _)| name.ends_with(suffix)).map(|(_, b)| &b[..]);
    let source =
        Source { json: part(".json").unwrap_or_default(), signature: part(".json.p7s"), annex: annex.as_deref() };
    let language = language.unwrap_or(spoken);
    let pdf = match press {
        None => paper::render(&source, language, args.form).map_err(|why| {
            Problem::error(format!("{}: the PDF can't be made: {why}", json.display()), "Report this as a bug.")
        })?,
        Some(press) => {
            let (pdf, trouble) = signed_pdf(press, language, args.form, &source)?;
            trouble.into_iter().for_each(|trouble| press.note(trouble));
            pdf
        }
    };
    let (directory, name) = destination(args, json, file, language)?;
    let placed = place(&directory, &name, &pdf).map_err(|problem| Problem {
        todo: "Name another directory or file with --out; nothing is written over.".into(),
        ..problem
    })?;
    Ok(placed.keep())
}

/// What a document has beside its bytes.
struct Facts {
    spoken: Language,
    annex: Option<Vec<u8>>,
}

/// The language of a document, and its annex where that is a file of its own: `file` is taken for it only if it is the one.
fn facts(checked: &Checked, file: &Path) -> Result<Option<Facts>, Problem> {
    match &checked.says {
        Says::Record(_) => Ok(Some(Facts { spoken: Language::En, annex: None })),
        Says::Deletion(deletion) => {
            let Some(page) = &deletion.certificate else { return Ok(None) };
            let annex = match page.annex.document {
                Some(_) => None,
                None => read(file, JSON_LIMIT)?.filter(|bytes| sha256_text(bytes) == page.annex.digest),
            };
            Ok(Some(Facts { spoken: page.language, annex }))
        }
        Says::Nothing => Ok(None),
    }
}

/// Where the PDF goes: what `--out` names, else beside the document, with language and form in its name.
fn destination(
    args: &RenderArgs,
    json: &Path,
    file: Option<&Path>,
    language: Language,
) -> Result<(PathBuf, String), Problem> {
    let not_utf8 = || Problem::error(format!("{} has no name in UTF-8", json.display()), "Give it a name in UTF-8.");
    let parent = |path: &Path| {
        path.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    };
    if let Some(file) = file {
        let name = file.file_name().and_then(|name| name.to_str()).ok_or_else(not_utf8)?;
        return Ok((parent(file), name.to_string()));
    }
    let stem = json.file_stem().and_then(|stem| stem.to_str()).ok_or_else(not_utf8)?;
    let form = match args.form {
        Form::Full => "",
        Form::Sheet => ".sheet",
        Form::Label => ".label",
    };
    let directory = args.out.clone().unwrap_or_else(|| parent(json));
    Ok((directory, format!("{stem}{form}.{}.pdf", language.name())))
}
