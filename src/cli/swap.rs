//! `plan` and `wipe` for swap areas.

use std::path::Path;

use super::args::{RequestArgs, WipeArgs};
use super::context::Context;
use super::run::Tally;
use super::signals::Signals;
use crate::conformity::Language;
use crate::problem::{ExitCode, Problem};

pub fn plan(_context: &Context, _device: &Path, _args: &RequestArgs) -> Result<ExitCode, Problem> {
    Ok(ExitCode::Refused)
}

pub fn wipe(
    _context: &Context,
    _device: &Path,
    _args: &WipeArgs,
    _language: Option<Language>,
    _signals: &Signals,
    _tally: &mut Tally,
) -> Result<(), Problem> {
    Ok(())
}
