//! `completions` and `man`, from the one definition of the command line.

use std::path::Path;

use clap::CommandFactory;
use serde_json::json;

use super::args::Cli;
use super::context::Context;
use crate::problem::{ExitCode, Problem};

/// `completions`.
pub fn completions(context: &Context, shell: clap_complete::Shell) -> Result<ExitCode, Problem> {
    let script = script(shell);
    if context.json {
        context.out.json(&json!({"shell": shell.to_string(), "script": String::from_utf8_lossy(&script)}));
    } else {
        context.out.raw(&script);
    }
    Ok(ExitCode::Success)
}

fn script(shell: clap_complete::Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "radera", &mut script);
    script
}

/// `man`.
pub fn man(context: &Context, directory: &Path) -> Result<ExitCode, Problem> {
    std::fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(Cli::command(), directory)).map_err(
        |error| {
            Problem::error(
                format!("man pages can't be written to {}: {error}", directory.display()),
                "Name a directory that can be written to and has room.",
            )
        },
    )?;
    if context.json {
        context.out.json(&json!({"directory": directory.display().to_string()}));
    } else {
        context.out.line(&format!("man pages written to {}", directory.display()));
    }
    Ok(ExitCode::Success)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use clap::{Command, ValueEnum};

    /// Every command, with the words that lead to it.
    fn all(command: &Command, path: &str) -> Vec<(String, Command)> {
        let mut found = vec![(path.to_string(), command.clone())];
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            found.extend(all(below, &format!("{path} {}", below.get_name())));
        }
        found
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_fits_eighty_columns_everywhere() {
        let mut root = Cli::command();
        root.build();
        for (path, mut command) in all(&root, "radera") {
            for help in [command.render_help(), command.render_long_help()] {
                let text = help.to_string();
                assert!(text.contains("Usage:"), "{path}");
                for line in text.lines() {
                    assert!(line.chars().count() <= 80, "{path}: {line}");
                }
            }
        }
    }

    #[test]
    fn every_example_in_help_is_a_command_that_parses() {
        let mut root = Cli::command();
        root.build();
        let mut seen = 0;
        for (path, mut command) in all(&root, "radera") {
            let help = command.render_long_help().to_string();
            for line in
                help.lines().map(str::trim).filter(|l| l.starts_with("radera ") || l.starts_with("sudo radera "))
            {
                let words = line.trim_start_matches("sudo ").split_whitespace();
                let parsed = Cli::command().try_get_matches_from(words);
                assert!(parsed.is_ok(), "{path}: {line}: {}", parsed.unwrap_err());
                seen += 1;
            }
        }
        assert!(seen > 15, "{seen}");
    }

    #[test]
    fn long_help_has_a_line_for_each_exit_code() {
        let root = Cli::command().render_long_help().to_string();
        let wipe = Cli::command().find_subcommand_mut("wipe").unwrap().render_long_help().to_string();
        for code in 0..=8 {
            for help in [&root, &wipe] {
                assert_eq!(help.lines().filter(|l| l.starts_with(&format!("  {code}  "))).count(), 1, "{code}");
            }
        }
    }

    #[test]
    fn completions_know_every_command_and_the_schemes() {
        for shell in clap_complete::Shell::value_variants() {
            let script = String::from_utf8(script(*shell)).unwrap();
            for command in Cli::command().get_subcommands() {
                assert!(script.contains(command.get_name()), "{shell} {}", command.get_name());
            }
            assert!(script.contains("max-rate"), "{shell}");
        }
    }

    #[test]
    fn every_command_has_a_man_page_that_names_its_options() {
        let directory = tempfile::tempdir().unwrap();
        let context = Context { out: std::sync::Arc::default(), json: true, state: None, pin_file: None };
        man(&context, &directory.path().join("new")).unwrap();
        let mut root = Cli::command();
        root.build();
        for (path, command) in all(&root, "radera") {
            let file = directory.path().join("new").join(format!("{}.1", path.replace(' ', "-")));
            let page = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(!page.is_empty(), "{}", file.display());
            for long in command.get_opts().filter_map(|o| o.get_long()) {
                assert!(page.contains(&long.replace('-', "\\-")), "{path} --{long}");
            }
        }
        let taken = directory.path().join("file");
        std::fs::write(&taken, "").unwrap();
        assert!(man(&context, &taken).unwrap_err().what.contains("file"));
    }
}
