//! `case add`.

use super::args::AddArgs;
use crate::cli::context::Context;

use crate::problem::{ExitCode, Problem};

/// `case add`.
pub fn add(context: &Context, args: &AddArgs) -> Result<ExitCode, Problem> {
    let _ = (context, args);
    Err(Problem::error("not built yet", "Wait."))
}
