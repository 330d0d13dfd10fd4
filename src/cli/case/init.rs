//! `case init`.

mod questions;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::InitArgs;
use crate::case;
use crate::cli::context::Context;
use crate::conformity::{Language, Profile};
use crate::problem::{ExitCode, Kind, Problem};
use crate::words;
use questions::Questions;

/// What a case begins with.
struct Begun {
    file: PathBuf,
    language: Language,
    id: String,
}

/// `case init`. `language` is what `--lang` asks for, if it was given.
pub fn init(context: &Context, args: &InitArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let begun = match (&args.file, args.profile) {
        (Some(file), Some(profile)) => form(file, profile, language.unwrap_or(Language::En))?,
        (Some(file), None) => return Err(without_profile(file)),
        (None, profile) => {
            // Questions go to standard error: standard output may be JSON, or a file.
            if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
                return Err(without_file());
            }
            let (mut input, mut say) = (io::stdin().lock(), |text: &str| context.out.note_part(text));
            asked(Questions::new(&mut input, &mut say), profile, language)?
        }
    };
    let file = begun.file.display().to_string();
    if context.json {
        context.out.json(&json!({"event": "case-begun", "file": file, "id": begun.id}));
    } else {
        context.say(&words::text_with(begun.language, "ask-written", &[("file", &file)]));
    }
    Ok(ExitCode::Success)
}

/// Writes the form to be filled in.
fn form(file: &Path, profile: Profile, language: Language) -> Result<Begun, Problem> {
    let id = case::draw_id()?;
    case::begin(file, &case::template(profile, language, &id))?;
    Ok(Begun { file: file.into(), language, id })
}

/// Asks, and writes the form with the answers in it.
fn asked(mut questions: Questions, profile: Option<Profile>, language: Option<Language>) -> Result<Begun, Problem> {
    let id = case::draw_id()?;
    let language = questions.language(language)?;
    let profile = questions.profile(profile)?;
    let answers = questions.answers(profile)?;
    let file = questions.file()?;
    case::begin(&file, &case::filled(profile, language, &id, &answers))?;
    Ok(Begun { file, language, id })
}

fn without_profile(file: &Path) -> Problem {
    let codes: Vec<_> = words::legend(Language::En, "profile").into_iter().map(|(code, _)| code).collect();
    Problem::new(
        Kind::Usage,
        format!("--profile is missing: which questions the case in {} answers", file.display()),
        format!("Add --profile with one of: {}.", codes.join(", ")),
    )
}

fn without_file() -> Problem {
    Problem::new(
        Kind::Usage,
        "no case file was named, and there is no terminal to ask on",
        "Name the file to make: radera case init FILE --profile contract-end --lang da",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use clap::Parser;

    use crate::cli::args::Cli;

    /// The words of a command, with what stands in quotes as one.
    fn split(command: &str) -> Vec<String> {
        let parts = command.split('"').enumerate();
        let words = parts.flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(String::from).collect(),
            _ => vec![part.to_string()],
        });
        words.collect()
    }

    #[test]
    fn the_commands_of_the_guides_are_commands() {
        let guides = [
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide-da.md")),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide-sv.md")),
        ];
        for guide in guides {
            // Blocks and spans alike stand between backquotes.
            let commands = guide.split('`').flat_map(str::lines).map(|line| line.trim_start_matches("sudo "));
            let commands: Vec<_> = commands.filter(|line| line.starts_with("radera ") && line.len() > 10).collect();
            assert!(commands.len() >= 11, "{commands:?}");
            for command in commands {
                // Where its output goes is the shell's.
                let command = command.split(" > ").next().unwrap_or_default();
                if let Err(error) = Cli::try_parse_from(split(command)) {
                    panic!("{command}: {error}");
                }
            }
        }
    }
}
