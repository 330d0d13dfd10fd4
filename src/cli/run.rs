//! Several targets at once: a thread each, and what they came to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use serde_json::json;

use super::context::Context;
use super::out::clean;
use super::progress::Front;
use crate::document;
use crate::job::Finished;
use crate::outcome::Observer;
use crate::problem::{ExitCode, Problem};

/// What one target's thread does.
pub type Work<'a> = Box<dyn FnOnce(&dyn Observer) -> Finished + Send + 'a>;

/// Exit code and records of a command so far.
#[derive(Debug)]
pub struct Tally {
    /// The worst so far.
    pub code: ExitCode,
    /// The records issued.
    pub records: Vec<PathBuf>,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { code: ExitCode::Success, records: Vec::new() }
    }
}

impl Tally {
    /// Reports what keeps a target from starting.
    pub fn refuse(&mut self, context: &Context, target: &str, problem: &Problem) {
        let code = context.problem(problem, Some(target));
        self.end_refused(context, target, code);
    }

    /// Ends a target that did not start, its problems having been reported.
    pub fn end_refused(&mut self, context: &Context, target: &str, code: ExitCode) {
        if context.json {
            context.out.json(&json!({
                "event": "target-finished", "job": null, "target": target,
                "status": null, "exit_code": code as u8, "record": null,
            }));
        }
        self.code = self.code.worst(code);
    }
}

/// Runs every piece of work on a thread of its own, to the end of all; then prints what each came to.
pub fn run_all(context: &Context, front: &Front, work: Vec<(String, Work)>, tally: &mut Tally) {
    let mut results = Vec::new();
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for (index, (name, work)) in work.into_iter().enumerate() {
            let run = move || guarded(&name, || work(&front.target(index)));
            // Where no thread can be had, the closure is dropped, and with it the clearance: nothing was changed.
            threads.push(std::thread::Builder::new().name(format!("target-{index}")).spawn_scoped(scope, run));
        }
        for (index, thread) in threads.into_iter().enumerate() {
            let finished = match thread {
                Ok(handle) => handle.join().unwrap_or_else(|_| Finished::before_any_change(internal())),
                Err(error) => Finished::before_any_change(Problem::error(
                    format!("no thread can be started: {error}"),
                    "Try again with fewer targets.",
                )),
            };
            front.ended(index, &finished);
            results.push(finished);
        }
    });
    front.close();
    for (index, finished) in results.iter().enumerate() {
        tally.code = tally.code.worst(finished.exit_code);
        tally.records.extend(finished.earlier.iter().chain(&finished.record).cloned());
        let lines = summary(front.name(index), finished);
        if !context.json {
            lines.iter().for_each(|line| context.out.line(line));
        }
        if context.out.lost().is_some() {
            lines.iter().for_each(|line| context.out.note(line));
        }
    }
}

fn guarded(name: &str, work: impl FnOnce() -> Finished) -> Finished {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let problem = internal();
        Finished::before_any_change(Problem { what: format!("{name}: {}", problem.what), ..problem })
    })
}

fn internal() -> Problem {
    Problem::failed(
        "an internal error ended the job; what is on the medium is not known",
        "Run `radera resume`, and report this with the lines above.",
    )
}

/// What a target came to: status, claim (read back from the record), statement, and where the record is.
fn summary(target: &str, finished: &Finished) -> Vec<String> {
    let status = finished.status.map_or("no record issued", |s| s.name());
    let claim = finished
        .record
        .as_ref()
        .and_then(|path| std::fs::read(path).ok())
        .and_then(|bytes| document::parse(&bytes).ok())
        .map(|record| format!(", claim: {}", record.claim.name()))
        .unwrap_or_default();
    let mut lines = vec![format!("{}: {status}{claim}", clean(target))];
    if !finished.statement.is_empty() {
        lines.push(format!("  {}", clean(&finished.statement)));
    }
    for earlier in &finished.earlier {
        lines.push(format!("  record of the interrupted session before: {}", earlier.display()));
    }
    if let Some(record) = &finished.record {
        lines.push(format!("  record:    {}", record.display()));
        lines.push(format!("  signature: {}.p7s", record.display()));
        let pdf = record.with_extension("pdf");
        if pdf.is_file() {
            lines.push(format!("  document:  {}", pdf.display()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Status;
    use std::sync::Arc;

    fn context() -> Context {
        Context { out: Arc::default(), json: true, state: None, pin_file: None }
    }

    fn finished(exit_code: ExitCode, record: Option<&str>) -> Finished {
        let status = Some(Status::Sanitized);
        Finished {
            job: None,
            status,
            exit_code,
            record: record.map(PathBuf::from),
            statement: String::new(),
            problem: None,
            earlier: Vec::new(),
        }
    }

    #[test]
    fn every_target_runs_and_the_worst_decides() {
        let context = context();
        let front = Front::new(&context, vec!["/dev/a".into(), "/dev/b".into(), "/dev/c".into()]);
        let barrier = std::sync::Barrier::new(3);
        let work = |code, record| -> Work<'_> {
            let barrier = &barrier;
            // All three must be running at once, or this never returns.
            Box::new(move |_| {
                barrier.wait();
                finished(code, record)
            })
        };
        let all = vec![
            ("/dev/a".to_string(), work(ExitCode::Success, Some("a.json"))),
            ("/dev/b".to_string(), work(ExitCode::Interrupted, None)),
            ("/dev/c".to_string(), work(ExitCode::Exceptions, Some("c.json"))),
        ];
        let mut tally = Tally::default();
        run_all(&context, &front, all, &mut tally);
        assert_eq!(tally.code, ExitCode::Interrupted);
        assert_eq!(tally.records, [PathBuf::from("a.json"), PathBuf::from("c.json")]);
    }

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_in_one_target_fails_it_and_no_other() {
        let context = context();
        let front = Front::new(&context, vec!["/dev/a".into(), "/dev/b".into()]);
        let broken: Work<'_> = Box::new(|_| panic!("made by the test"));
        let sound: Work<'_> = Box::new(|_| finished(ExitCode::Success, Some("b.json")));
        let mut tally = Tally::default();
        run_all(&context, &front, vec![("/dev/a".into(), broken), ("/dev/b".into(), sound)], &mut tally);
        assert_eq!(tally.code, ExitCode::Failed);
        assert_eq!(tally.records, [PathBuf::from("b.json")]);
    }

    #[test]
    fn the_summary_names_record_and_signature() {
        let lines = summary("/dev/a", &finished(ExitCode::Success, Some("/no/such/r.json")));
        assert_eq!(lines, ["/dev/a: sanitized", "  record:    /no/such/r.json", "  signature: /no/such/r.json.p7s"]);
    }
}
