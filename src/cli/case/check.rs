//! `case check`.

use std::path::Path;

use serde_json::json;

use super::args::CheckArgs;
use super::table;
use crate::case::numbers::masked;
use crate::case::{CaseFile, Judged, Signers, day_of, judge};
use crate::cli::certificate::{own_signers, trust};
use crate::cli::context::Context;
use crate::cli::out::clean;
use crate::conformity::{CaseStatus, Language};
use crate::problem::{ExitCode, Problem};

/// `case check`.
pub fn check(context: &Context, args: &CheckArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let signers = own_signers(context, trust(&args.trust)?);
    let judged = read(&args.file, language, signers)?;
    if context.json {
        let mut value =
            json!({"event": "case-checked", "file": args.file.display().to_string(), "case": judged.case.id});
        if let (Some(object), Ok(serde_json::Value::Object(conformity))) =
            (value.as_object_mut(), serde_json::to_value(&judged.conformity))
        {
            object.extend(conformity);
        }
        context.out.json(&value);
    } else {
        context.out.line(&clean(&args.file.display().to_string()));
        let validation = crate::case::validation(&judged.case, &judged.bundle.documents, day_of(judged.at));
        table::lines(judged.case.language, &judged.case, &judged.conformity, &validation)
            .iter()
            .for_each(|line| context.out.line(line));
    }
    Ok(exit_code(judged.conformity.status))
}

/// The case of a file, personal numbers masked, and what follows from all that lies beside it. `language` outweighs the file's.
pub fn read(file: &Path, language: Option<Language>, signers: Signers) -> Result<Judged, Problem> {
    let found = CaseFile::read(file)?;
    let documents = found.check_documents(found.directory())?;
    let mut case = masked(&found.case);
    case.language = language.unwrap_or(case.language);
    judge(case, found.directory(), documents, signers)
}

/// 0 for a complete case, 4 for another.
pub fn exit_code(status: CaseStatus) -> ExitCode {
    match status {
        CaseStatus::Complete => ExitCode::Success,
        CaseStatus::Incomplete => ExitCode::Exceptions,
    }
}
