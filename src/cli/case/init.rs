//! `case init`.

use super::args::InitArgs;
use crate::cli::context::Context;
use crate::conformity::Language;
use crate::problem::{ExitCode, Problem};

/// `case init`.
pub fn init(context: &Context, args: &InitArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let _ = (context, args);
    Err(Problem::error("not built yet", "Wait."))
}
