//! `case`: a file a command.

mod add;
pub mod args;
mod check;
mod close;
mod help;
mod init;
pub mod member;
pub mod table;

use args::CaseCommand;

use super::context::Context;
use crate::conformity::Language;
use crate::problem::{ExitCode, Problem};

/// `case`. `language` is what `--lang` asks for, if it was given.
pub fn run(context: &Context, command: &CaseCommand, language: Option<Language>) -> Result<ExitCode, Problem> {
    match command {
        CaseCommand::Init(args) => init::init(context, args, language),
        CaseCommand::Add(args) => add::add(context, args),
        CaseCommand::Check(args) => check::check(context, args, language),
        CaseCommand::Close(args) => close::close(context, args, language),
    }
}
