//! `case close`.

use super::args::CloseArgs;
use crate::cli::context::Context;
use crate::conformity::Language;
use crate::problem::{ExitCode, Problem};

/// `case close`.
pub fn close(context: &Context, args: &CloseArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let _ = (context, args);
    Err(Problem::error("not built yet", "Wait."))
}
