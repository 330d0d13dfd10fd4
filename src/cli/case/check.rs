//! `case check`.

use super::args::CheckArgs;
use crate::cli::context::Context;
use crate::conformity::Language;
use crate::problem::{ExitCode, Problem};

/// `case check`.
pub fn check(context: &Context, args: &CheckArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let _ = (context, args);
    Err(Problem::error("not built yet", "Wait."))
}
