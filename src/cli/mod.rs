//! The command line: arguments, one file per command, screens, errors.
#![forbid(unsafe_code)]

mod args;
mod certificate;
mod confirm;
mod context;
mod demo;
#[cfg(test)]
mod fixtures;
mod generate;
mod help;
mod human;
mod inhibit;
mod key;
mod list;
#[cfg(test)]
#[path = "../../tests/support/logind.rs"]
mod logind;
mod medium;
mod out;
mod plan;
mod progress;
mod report;
mod resume;
mod run;
mod signals;
mod state;
mod targets;
mod values;
mod verify;
mod wipe;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use clap::Parser;

use args::{CertificateCommand, Cli, Command, KeyCommand};
use context::Context;
use out::Out;

use crate::problem::{ExitCode, Kind, Problem};

/// Carries out the command that `words` (program name first) ask for, and reports on it. The exit code of the program.
pub fn run(words: Vec<OsString>) -> ExitCode {
    let out = Arc::new(Out::default());
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => return answer_or_usage(&out, &words, &error),
    };
    let context = Context { out, json: cli.global.json, state: cli.global.state.clone() };
    let result = catch_unwind(AssertUnwindSafe(|| dispatch(&context, &cli))).unwrap_or_else(|_| {
        Err(Problem::failed(
            "an internal error ended the program; what a medium in work holds is not known",
            "Run `radera resume`, and report this with the lines above.",
        ))
    });
    let code = result.unwrap_or_else(|problem| context.problem(&problem, None));
    match context.out.lost() {
        Some(error) if code == ExitCode::Success => context.problem(
            &Problem::error(format!("standard output can't be written: {error}"), "Make room, or send it elsewhere."),
            None,
        ),
        _ => code,
    }
}

fn dispatch(context: &Context, cli: &Cli) -> Result<ExitCode, Problem> {
    if cli.global.lang != "en" {
        return Err(Problem::new(
            Kind::Usage,
            format!("--lang {}: this version speaks English only", cli.global.lang),
            "Leave --lang out, or give --lang en.",
        ));
    }
    match &cli.command {
        Command::List => list::list(context),
        Command::Show { target } => list::show(context, target),
        Command::Plan { targets, request } => plan::plan(context, targets, request),
        Command::Wipe(args) => wipe::wipe(context, args),
        Command::Verify(args) => verify::verify(context, args),
        Command::Resume { targets, out, max_rate } => resume::resume(context, targets, out.as_deref(), *max_rate),
        Command::Certificate(CertificateCommand::Check { files, trust, require }) => {
            certificate::check(context, files, trust, require)
        }
        Command::Certificate(CertificateCommand::Show { file }) => certificate::show(context, file),
        Command::Key(KeyCommand::Show { pem }) => key::show(context, *pem),
        Command::Demo { keep } => demo::demo(context, keep.as_deref()),
        Command::Completions { shell } => generate::completions(context, *shell),
        Command::Man { dir } => generate::man(context, dir),
    }
}

/// Help and version go to standard output; anything else is a usage error.
fn answer_or_usage(out: &Out, words: &[OsString], error: &clap::Error) -> ExitCode {
    let names = |word: &&OsString| <Cli as clap::CommandFactory>::command().find_subcommand(word).is_some();
    let command = match words.iter().skip(1).find(names) {
        Some(name) => format!("radera {}", name.to_string_lossy()),
        None => "radera".into(),
    };
    match report::usage(error, &command) {
        Some(problem) => {
            let json = words.iter().take_while(|w| *w != "--").any(|w| w == "--json");
            report::report(out, json, &problem)
        }
        None => {
            out.raw(error.render().to_string().as_bytes());
            if out.lost().is_some() { ExitCode::Error } else { ExitCode::Success }
        }
    }
}
