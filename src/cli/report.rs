//! Problems as people and scripts see them: two lines on standard error, and with `--json` an object on standard output.

use clap::error::ErrorKind;
use serde_json::{Value, json};

use super::out::{Out, clean};
use crate::problem::{ExitCode, Kind, Problem};

/// The two lines: what went wrong, and what to do.
pub fn lines(problem: &Problem) -> String {
    // A line feed in a file's name could pass for our own second line.
    format!("radera: {}\n  to do: {}", clean(&problem.what), clean(&problem.todo))
}

/// The event for `problem`; `target` and `job` where it concerns one.
pub fn event(problem: &Problem, target: Option<&str>, job: Option<&str>) -> Value {
    json!({
        "event": "error",
        "job": job,
        "target": target,
        "what": problem.what,
        "todo": problem.todo,
        "exit_code": ExitCode::from(problem.kind) as u8,
    })
}

/// Reports a problem that concerns no single target; its exit code.
pub fn report(out: &Out, as_json: bool, problem: &Problem) -> ExitCode {
    report_on(out, as_json, problem, None)
}

/// Reports a problem, with the target that it concerns; its exit code.
pub fn report_on(out: &Out, as_json: bool, problem: &Problem, target: Option<&str>) -> ExitCode {
    for one in std::iter::once(problem).chain(&problem.also) {
        out.note(&lines(one));
        if as_json {
            out.json(&event(one, target, None));
        }
    }
    problem.kind.into()
}

/// clap's finding as a problem. `None`: help or version was asked for.
pub fn usage(error: &clap::Error, command: &str) -> Option<Problem> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return None;
    }
    let help = format!("See `{command} --help`.");
    if matches!(error.kind(), ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) {
        return Some(Problem::new(Kind::Usage, "no command was given", help));
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let mut paragraphs = text.split("\n\n");
    let what = paragraphs.next().unwrap_or_default();
    let what = what.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
    let tips = paragraphs
        .flat_map(str::lines)
        .filter_map(|line| line.trim().strip_prefix("tip: "))
        .map(|tip| format!("Note: {tip}. "))
        .collect::<String>();
    Some(Problem::new(Kind::Usage, what, format!("{tips}{help}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::cli::args::Cli;
    use clap::Parser;

    fn problem_of(words: &[&str]) -> Problem {
        let error = Cli::try_parse_from(words).err().unwrap();
        usage(&error, "radera wipe").unwrap()
    }

    #[test]
    fn a_problem_is_what_and_what_to_do() {
        let problem = Problem::refused("/dev/sdx is mounted on /mnt", "unmount it: umount /mnt");
        assert_eq!(lines(&problem), "radera: /dev/sdx is mounted on /mnt\n  to do: unmount it: umount /mnt");
        let event = event(&problem, Some("/dev/sdx"), None);
        assert_eq!(event["event"], "error");
        assert_eq!(event["exit_code"], 3);
        assert_eq!(event["target"], "/dev/sdx");
    }

    #[test]
    fn usage_errors_name_the_word_that_is_off() {
        let problem = problem_of(&["radera", "wipe", "/dev/sdx"]);
        assert_eq!(ExitCode::from(problem.kind), ExitCode::Usage);
        assert!(problem.what.contains("--method"), "{problem:?}");
        assert!(problem.todo.contains("radera wipe --help"), "{problem:?}");
        let problem = problem_of(&["radera", "wipe", "/dev/sdx", "--method", "clear", "--pattern", "0xZZ"]);
        assert!(problem.what.contains("0xZZ") && problem.what.contains("--pattern"), "{problem:?}");
        assert!(!problem.what.contains('\n'));
        let problem = problem_of(&["radera", "wipe", "/dev/sdx", "--metod", "clear"]);
        assert!(problem.todo.contains("--method"), "{problem:?}");
        assert!(problem_of(&["radera"]).what.contains("no command"));
    }

    #[test]
    fn help_and_version_are_no_errors() {
        for words in [["radera", "--help"], ["radera", "--version"]] {
            assert!(usage(&Cli::try_parse_from(words).err().unwrap(), "radera").is_none());
        }
    }
}
