//! `case close`.

use std::path::Path;

use serde_json::json;

use super::args::CloseArgs;
use super::check::{exit_code, read};
use super::table;
use crate::case::{CaseFile, Closed, Judged, close as issue, concur, own_side, say, superseded};
use crate::cli::certificate::{own_signers, trust};
use crate::cli::context::Context;
use crate::cli::out::clean;
use crate::cli::{pin, press};
use crate::conformity::{CaseStatus, Language};
use crate::problem::{ExitCode, Problem};

/// `case close`.
pub fn close(context: &Context, args: &CloseArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    // A file with faults makes no key.
    CaseFile::read(&args.file)?;
    let mut press = press::press(context, &args.issue, None, &pin::asker(context))?;
    let signers = own_signers(context, trust(&args.trust)?);
    let judged = read(&args.file, language, signers)?;
    let side = own_side(&judged.case, &judged.bundle, &judged.signers);
    if let Some(path) = &args.concur {
        let signature = concur(path, &judged.case.id, &side, &*press.signer)?;
        return Ok(told_concurrence(context, path, &signature, &press.signer.fingerprint()));
    }
    let supersedes =
        args.supersede.as_ref().map(|path| superseded(path, &judged.case.id, judged.at, &side)).transpose()?;
    press.paper = Some(language.unwrap_or(judged.case.language));
    let closed = issue(&judged, &args.out, args.split, supersedes, &press)?;
    press::troubles(context, &press);
    told(context, &judged, &closed);
    Ok(exit_code(judged.conformity.status))
}

fn told(context: &Context, judged: &Judged, closed: &Closed) {
    let status = judged.conformity.status;
    let page = &closed.certificate;
    let path = |path: &Path| path.display().to_string();
    if context.json {
        context.out.json(&json!({
            "event": "case-closed",
            "case": judged.case.id,
            "certificate": path(&closed.issued.json),
            "signature": path(&closed.issued.signature),
            "annex": closed.annex.as_deref().map(path),
            "document": closed.pdf.as_deref().map(path),
            "digest": closed.issued.digest,
            "status": status,
            "conformity": page.conformity,
            "validation": page.validation,
            "exit_code": exit_code(status) as u8,
        }));
        return;
    }
    let language = judged.case.language;
    if status == CaseStatus::Incomplete {
        context.out.line(&page.status_text);
        table::barring(language, judged.case.profile, &judged.conformity)
            .iter()
            .for_each(|line| context.out.line(line));
    }
    context.out.line(&format!("{}: {}", page.title, clean(&path(&closed.issued.json))));
    if let Some(annex) = &closed.annex {
        context.out.line(&format!("{}: {}", say::heading(language, "annex"), clean(&path(annex))));
    }
    context.out.line(&format!("{}: {}", say::heading(language, "signature"), clean(&path(&closed.issued.signature))));
    if let Some(pdf) = &closed.pdf {
        context.out.line(&format!("PDF: {}", clean(&path(pdf))));
    }
    if status == CaseStatus::Complete {
        context.out.line(&page.status_text);
    }
    context.out.line(&format!("{}: {}", say::heading(language, "validation"), page.validation.text));
}

fn told_concurrence(context: &Context, certificate: &Path, signature: &Path, signer: &str) -> ExitCode {
    if context.json {
        context.out.json(&json!({
            "event": "concurred",
            "certificate": certificate.display().to_string(),
            "signature": signature.display().to_string(),
            "signer": signer,
            "exit_code": ExitCode::Success as u8,
        }));
    } else {
        context.out.line(&clean(&signature.display().to_string()));
    }
    ExitCode::Success
}
