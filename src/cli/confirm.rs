//! Confirmations: given with `--confirm`, or typed at a prompt, once a medium.

use std::io::{self, BufRead, IsTerminal, Read};

use super::context::Context;
use super::medium::sentence;
use super::out::clean;
use super::plan::quoted;
use super::targets::Target;
use crate::job::{self, Plan};
use crate::problem::Problem;

/// More than any serial or token.
const LONGEST_ANSWER: u64 = 4096;

/// For each target: confirmed, or why not. Asks on a terminal for those that `given` leaves open. An error refuses all: a text
/// that fits none of them, or a wrong answer at the prompt.
pub fn confirm(context: &Context, targets: &[Target], given: &[String]) -> Result<Vec<Result<(), Problem>>, Problem> {
    let plans: Vec<Plan> = targets.iter().filter_map(|t| t.plan.as_ref().ok().cloned()).collect();
    let mut confirmed = job::match_confirmations(&plans, given)?.into_iter();
    let on_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut answers = Vec::new();
    for target in targets {
        let answer = match &target.plan {
            Err(problem) => Err(problem.clone()),
            Ok(_) if confirmed.next() == Some(true) => Ok(()),
            Ok(_) if !target.refusals().is_empty() => Ok(()),
            Ok(plan) if on_terminal => {
                ask(plan, &mut io::stdin().lock(), &mut |text| context.out.note_part(text))?;
                Ok(())
            }
            Ok(plan) => Err(unconfirmed(plan)),
        };
        answers.push(answer);
    }
    Ok(answers)
}

fn unconfirmed(plan: &Plan) -> Problem {
    Problem::refused(
        format!("{} was not confirmed, and there is no terminal to ask on", clean(&plan.medium.identity.path)),
        match plan.swap {
            Some(_) => "Look at `radera plan`, then add --yes.".to_string(),
            None => format!(
                "Check that this is the medium ({}), then add --confirm {}.",
                sentence(&plan.medium),
                quoted(&plan.confirm)
            ),
        },
    )
}

/// Shows what is about to be erased and reads one line, which must be the confirmation exactly.
fn ask(plan: &Plan, input: &mut dyn BufRead, say: &mut dyn FnMut(&str)) -> Result<(), Problem> {
    say(&format!("\nEverything on this medium will be erased for good:\n  {}\n", sentence(&plan.medium)));
    say(&format!("  the result can claim at most {}: {}\n", plan.claim.name(), clean(&plan.statement)));
    say(&format!("To go ahead, type its {}: {}\n> ", clean(&plan.confirm_kind), clean(&plan.confirm)));
    let mut line = Vec::new();
    let path = clean(&plan.medium.identity.path);
    let again = "Nothing was changed; run the command again and type the text that is shown.";
    if let Err(error) = input.take(LONGEST_ANSWER).read_until(b'\n', &mut line) {
        return Err(Problem::refused(format!("the confirmation of {path} can't be read: {error}"), again));
    }
    if line.pop_if(|byte| *byte == b'\n').is_none() {
        say("\n");
        return Err(Problem::refused(format!("{path} was not confirmed: the input ended"), again));
    }
    line.pop_if(|byte| *byte == b'\r');
    if line == plan.confirm.as_bytes() && !plan.confirm.is_empty() {
        Ok(())
    } else {
        Err(Problem::refused(format!("{path} was not confirmed: that is not its {}", clean(&plan.confirm_kind)), again))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cli::fixtures;
    use crate::problem::Kind;

    fn answer(typed: &[u8]) -> (Result<(), Problem>, String) {
        let plan = fixtures::plan(fixtures::disk("sda", (8, 0)));
        let mut shown = String::new();
        let mut input = typed;
        let result = ask(&plan, &mut input, &mut |text| shown.push_str(text));
        (result, shown)
    }

    #[test]
    fn only_the_exact_text_confirms() {
        assert!(answer(b"S-sda\n").0.is_ok());
        assert!(answer(b"S-sda\r\n").0.is_ok());
        for typed in [&b"s-sda\n"[..], b"S-sda \n", b" S-sda\n", b"\n", b"yes\n", b"S-sdaS-sda\n", b"\xff\n"] {
            assert_eq!(answer(typed).0.unwrap_err().kind, Kind::Refused, "{typed:?}");
        }
    }

    #[test]
    fn the_end_of_input_refuses_even_after_the_right_text() {
        assert!(answer(b"").0.unwrap_err().what.contains("ended"));
        assert!(answer(b"S-sda").0.unwrap_err().what.contains("ended"));
        assert!(answer(&[b'x'; 10_000]).0.is_err());
    }

    #[test]
    fn the_prompt_shows_what_will_be_erased() {
        let shown = answer(b"\n").1;
        for part in ["/dev/sda", "Stick 3000", "S-sda", "1048576 bytes", "nothing recognised", "clear"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
    }
}
