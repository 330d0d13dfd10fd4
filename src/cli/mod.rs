//! The command line: arguments, one file per command, screens, errors.
#![forbid(unsafe_code)]

mod args;
mod capabilities;
mod case;
mod certificate;
mod confirm;
mod context;
mod deletion;
mod demo;
mod files;
mod findings;
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
mod pin;
mod plan;
mod press;
mod progress;
mod render;
mod report;
mod resume;
mod run;
mod signals;
mod state;
mod swap;
mod targets;
mod values;
mod verify;
mod wipe;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use clap::Parser;

use args::{CertificateCommand, Cli, Command};
use context::Context;
use out::Out;

use crate::conformity::Language;
use crate::problem::{ExitCode, Kind, Problem};

/// Carries out the command that `words` (program name first) ask for, and reports on it. The exit code of the program.
pub fn run(words: Vec<OsString>) -> ExitCode {
    let out = Arc::new(Out::default());
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => return answer_or_usage(&out, &words, &error),
    };
    let context =
        Context { out, json: cli.global.json, state: cli.global.state.clone(), pin_file: cli.global.pin_file.clone() };
    let result = catch_unwind(AssertUnwindSafe(|| dispatch(&context, &cli))).unwrap_or_else(|_| {
        Err(Problem::failed(
            "an internal error ended the program; what a medium in work holds is not known",
            "Run `radera resume`, and report this with the lines above.",
        ))
    });
    let code = result.unwrap_or_else(|problem| context.problem(&problem, None));
    let Some(error) = context.out.lost() else { return code };
    let told = context.problem(
        &Problem::error(format!("standard output can't be written: {error}"), "Make room, or send it elsewhere."),
        None,
    );
    // A job's code says what became of the media, whoever listened.
    let is_job = matches!(cli.command, Command::Wipe(_) | Command::Resume(_));
    if code == ExitCode::Success && !is_job { told } else { code }
}

fn dispatch(context: &Context, cli: &Cli) -> Result<ExitCode, Problem> {
    let issues = matches!(cli.command, Command::Wipe(_) | Command::Resume(_));
    let speaks = issues || matches!(cli.command, Command::Case(_) | Command::Certificate(_));
    if let Some(language) = cli.global.lang.filter(|language| *language != Language::En && !speaks) {
        return Err(Problem::new(
            Kind::Usage,
            format!(
                "--lang {}: only documents, `case` and `certificate` are in other languages than English",
                language.name()
            ),
            "Leave --lang out, or give --lang en.",
        ));
    }
    match &cli.command {
        Command::List => list::list(context),
        Command::Show { target } => list::show(context, target),
        Command::Plan { targets, request, files } => plan::plan(context, targets, request, files),
        Command::Wipe(args) => wipe::wipe(context, args, cli.global.lang),
        Command::Verify(args) => verify::verify(context, args),
        Command::Resume(args) => resume::resume(context, args, cli.global.lang),
        Command::Certificate(CertificateCommand::Check { files, trust, require, report }) => {
            certificate::check(context, files, trust, require, report.as_deref(), cli.global.lang)
        }
        Command::Certificate(CertificateCommand::Render(args)) => render::render(context, args, cli.global.lang),
        Command::Certificate(CertificateCommand::Show { files }) => certificate::show(context, files, cli.global.lang),
        Command::Case(command) => case::run(context, command, cli.global.lang),
        Command::Key(command) => key::run(context, command),
        Command::Demo { keep } => demo::demo(context, keep.as_deref()),
        Command::Completions { shell } => generate::completions(context, *shell),
        Command::Man { dir } => generate::man(context, dir),
    }
}

/// Help and version go to standard output; anything else is a usage error.
fn answer_or_usage(out: &Out, words: &[OsString], error: &clap::Error) -> ExitCode {
    let command = asked_for(words);
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

/// The command that `words` name, with its subcommands, as it is typed.
fn asked_for(words: &[OsString]) -> String {
    let mut definition = <Cli as clap::CommandFactory>::command();
    let mut typed = definition.get_name().to_string();
    for word in words.iter().skip(1) {
        if let Some(inner) = definition.find_subcommand(word).cloned() {
            typed = format!("{typed} {}", inner.get_name());
            definition = inner;
        }
    }
    typed
}
