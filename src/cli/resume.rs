//! `resume`: go on with interrupted jobs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::ResumeArgs;
use super::case::member;
use super::context::Context;
use super::inhibit::Inhibitor;
use super::out::clean;
use super::pin;
use super::press;
use super::progress::{self, Front};
use super::run::{Tally, Work, run_all};
use super::signals::{self, Signals};
use super::state;
use super::targets;
use crate::certificate::Press;
use crate::conformity::Language;
use crate::device::{Inventory, Roots};
use crate::job::{self, Resumable, Station, Stop};
use crate::problem::{ExitCode, Kind, Problem};

/// `resume`.
pub fn resume(context: &Context, args: &ResumeArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let mut tally = Tally::default();
    let result = match args.give_up.as_slice() {
        [] => attempt(context, args, language, &mut tally),
        jobs => give_up(context, jobs, args, language, &mut tally),
    };
    if let Err(problem) = result {
        tally.code = tally.code.worst(context.problem(&problem, None));
    }
    if context.json {
        context.out.json(&progress::finished(tally.code, &tally.records));
    }
    Ok(tally.code)
}

/// Closes jobs that nobody will go on with.
fn give_up(
    context: &Context,
    jobs: &[String],
    args: &ResumeArgs,
    language: Option<Language>,
    tally: &mut Tally,
) -> Result<(), Problem> {
    let state = state::directory(context.state.as_deref())?;
    let out = args.out.as_deref();
    let station = station(&state, out.unwrap_or(Path::new(".")), &press(context, args, language)?);
    for job in jobs {
        match job::give_up(&station, out, job) {
            Ok((record, code)) => {
                tally.code = tally.code.worst(code);
                context.say(&format!(
                    "job {job} is closed{}",
                    if code == ExitCode::Failed { "; its medium is not sanitized" } else { "" }
                ));
                record.iter().for_each(|path| context.say(&format!("  record:    {}", path.display())));
                tally.records.extend(record);
            }
            Err(problem) => tally.code = tally.code.worst(context.problem(&problem, None)),
        }
    }
    press::troubles(context, &station.press);
    member::add_records(context, std::iter::empty(), &tally.records);
    Ok(())
}

fn attempt(context: &Context, args: &ResumeArgs, language: Option<Language>, tally: &mut Tally) -> Result<(), Problem> {
    let (targets, out, max_rate) = (&args.targets[..], args.out.as_deref(), args.max_rate);
    crate::sys::limits::raise_descriptors();
    let signals = Signals::watch(&context.out, context.json)?;
    let state = state::directory(context.state.as_deref())?;
    if !state.exists() {
        return nothing(context, targets, &state);
    }
    let (inventory, jobs) = look(&state, targets)?;
    if jobs.is_empty() {
        return nothing(context, targets, &state);
    }
    let mut ready: Vec<(String, &Resumable)> = Vec::new();
    for resumable in &jobs {
        let name = resumable.path.display().to_string();
        context.say(&format!("{}: job {}: {}", clean(&name), clean(&resumable.job), clean(&resumable.description)));
        match &resumable.ready {
            Ok(()) => ready.push((name, resumable)),
            Err(problem) => tally.refuse(context, &name, problem),
        }
    }
    if ready.is_empty() {
        return Ok(());
    }
    let press = press(context, args, language)?;
    let cases: Vec<_> = ready.iter().filter_map(|(_, resumable)| resumable.case.clone()).collect();
    let stop = Stop::new();
    let _inhibitor = Inhibitor::take(context, "erasing media");
    let front = Front::new(context, ready.iter().map(|(name, ..)| name.clone()).collect());
    signals.running(&stop, front.say(), signals::RESUME);
    let (inventory, stop) = (&inventory, &stop);
    let work = ready
        .into_iter()
        .map(|(name, resumable)| {
            let station = station(&state, out.unwrap_or(&resumable.out), &press);
            let work: Work =
                Box::new(move |observer| job::resume(&station, inventory, resumable, max_rate, observer, stop));
            (name, work)
        })
        .collect();
    run_all(context, &front, work, tally);
    press::troubles(context, &press);
    member::add_records(context, cases.iter(), &tally.records);
    Ok(())
}

/// The interrupted jobs. Where only somebody who has the device open stands in the way, it is looked at again for a moment.
fn look(state: &Path, targets: &[PathBuf]) -> Result<(Inventory, Vec<Resumable>), Problem> {
    let mut found = None;
    let settled = targets::patiently(|| {
        let inventory = Inventory::read(Roots::default())?;
        let jobs = job::resumable(state, &inventory, targets)?;
        let held = jobs.iter().find_map(|j| j.ready.clone().err().filter(|p| p.kind == Kind::Refused));
        found = Some((inventory, jobs));
        held.map_or(Ok(()), Err)
    });
    match (found, settled) {
        (_, Err(problem)) if problem.kind != Kind::Refused => Err(problem),
        (Some(found), _) => Ok(found),
        (None, Err(problem)) => Err(problem),
        (None, Ok(())) => Err(Problem::error("the interrupted jobs can't be listed", "Try again.")),
    }
}

/// A job goes on with the state's key; its records go where its first one was to go, unless another place is named.
fn station(state: &Path, out: &Path, press: &Arc<Press>) -> Station {
    let press = Arc::clone(press);
    Station { press, state: state.to_path_buf(), out: out.to_path_buf(), roots: Roots::default() }
}

fn press(context: &Context, args: &ResumeArgs, language: Option<Language>) -> Result<Arc<Press>, Problem> {
    let language = language.unwrap_or(Language::En);
    press::press(context, &args.issue, Some(language), &pin::asker(context)).map(Arc::new)
}

/// No interrupted job: well and good, unless one was named.
fn nothing(context: &Context, targets: &[PathBuf], state: &Path) -> Result<(), Problem> {
    let Some(target) = targets.first() else {
        let made = if state.exists() { "" } else { ", which does not exist" };
        context.say(&format!("no interrupted jobs in {}{made}", state.display()));
        return Ok(());
    };
    Err(Problem::error(
        format!("there is no interrupted job for {} in {}", target.display(), state.display()),
        "Run `radera resume` for all jobs, name their state directory with --state, or start anew with `radera wipe`.",
    ))
}
