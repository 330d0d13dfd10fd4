//! `wipe`: plan, confirm, authorize, then a thread a target.

use std::path::Path;
use std::sync::Arc;

use super::args::WipeArgs;
use super::case::member::{self, Member};
use super::confirm;
use super::context::Context;
use super::files;
use super::inhibit::Inhibitor;
use super::out::clean;
use super::pin;
use super::plan;
use super::press;
use super::progress::{self, Front};
use super::run::{Tally, Work, run_all};
use super::signals::{self, Signals};
use super::state;
use super::swap;
use super::targets::{self, Target};
use crate::certificate::{AskPin, KeyStore};
use crate::conformity::Language;
use crate::device::{Clearance, Roots};
use crate::job::{self, Plan, Request, Station, Stop};
use crate::problem::{ExitCode, Problem};

/// `wipe`.
pub fn wipe(context: &Context, args: &WipeArgs, language: Option<Language>) -> Result<ExitCode, Problem> {
    let mut tally = Tally::default();
    if let Err(problem) = attempt(context, args, language, &mut tally) {
        tally.code = tally.code.worst(context.problem(&problem, None));
    }
    if context.json {
        context.out.json(&progress::finished(tally.code, &tally.records));
    }
    Ok(tally.code)
}

fn attempt(context: &Context, args: &WipeArgs, language: Option<Language>, tally: &mut Tally) -> Result<(), Problem> {
    let signals = Signals::watch(&context.out, context.json)?;
    if let Some(wanted) = files::wanted(&args.targets, &args.files)? {
        return files::wipe(context, &wanted, args, language, &signals, tally);
    }
    let case = Member::of(args.case.as_deref(), &args.out)?;
    let request = Request {
        operator: args.operator.clone(),
        instruction: case.instruction().or_else(|| args.instruction.clone()),
        property: args.property.clone(),
        case: case.link(),
        ..plan::request(&args.request)
    };
    let roots = Roots::default();
    let mut targets = match &args.files.swap {
        Some(device) => vec![swap::target(&roots, device, &request)?],
        None => targets::plan_all(&roots, &args.targets, &request)?,
    };
    case.hold_against(&mut targets);
    if let Some(problem) = targets::twice(&targets) {
        return Err(problem);
    }
    if args.yes && args.files.swap.is_none() && targets.iter().any(|t| t.plan.is_ok()) {
        return Err(Problem::refused(
            "--yes does not confirm a block device",
            "Give --confirm with the serial or token that `radera plan` prints, once a medium.",
        ));
    }
    let ask = pin::asker(context);
    let confirmed = admit(context, &targets, args, &ask, tally)?;
    if confirmed.is_empty() {
        return Ok(());
    }
    let stop = Stop::new();
    // Until the fronts are up, a signal has no bars to disturb.
    let out = Arc::clone(&context.out);
    signals.running(&stop, Arc::new(move |text| out.note(text)), "nothing is changed yet");
    let state = state::prepare(context)?;
    let language = language.or_else(|| case.language()).unwrap_or(Language::En);
    let press = Arc::new(press::press(context, &args.issue, Some(language), &ask)?);
    let station = Station { press, state, out: args.out.clone(), roots };
    let cleared = authorize(context, &station, confirmed, tally);
    if let Some(cause) = stop.cause() {
        let plans: Vec<_> = cleared.into_iter().map(|(name, plan, _)| (name, plan)).collect();
        plans.iter().for_each(|(name, plan)| swap::put_back(context, name, plan));
        return Err(Problem::refused(format!("stopped by {cause}; nothing was changed"), "Run the command again."));
    }
    if cleared.is_empty() {
        return Ok(());
    }
    let _inhibitor = Inhibitor::take(context, "erasing media");
    let front = Front::new(context, cleared.iter().map(|(name, ..)| name.clone()).collect());
    signals.running(&stop, front.say(), signals::RESUME);
    let (station, stop) = (&station, &stop);
    let work = cleared
        .into_iter()
        .map(|(name, plan, clearance)| {
            let work: Work = Box::new(move |observer| job::wipe(station, plan, clearance, observer, stop));
            (name, work)
        })
        .collect();
    run_all(context, &front, work, tally);
    press::troubles(context, &station.press);
    member::add_records(context, request.case.iter(), &tally.records);
    Ok(())
}

/// What the plans warn of, once each, and the targets that it concerns.
fn warnings(targets: &[Target]) -> Vec<(&str, Vec<&str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for target in targets.iter().filter(|t| t.refusals().is_empty()) {
        for warning in target.plan.iter().flat_map(|plan| &plan.warnings) {
            match all.iter_mut().find(|(known, _)| known == warning) {
                Some((_, names)) => names.push(&target.name),
                None => all.push((warning, vec![&target.name])),
            }
        }
    }
    all
}

/// The targets that nothing speaks against and that were confirmed; reports the others.
fn admit<'t>(
    context: &Context,
    targets: &'t [Target],
    args: &WipeArgs,
    ask: &dyn AskPin,
    tally: &mut Tally,
) -> Result<Vec<(&'t str, &'t Plan)>, Problem> {
    // Every reason is shown before anything is asked.
    for target in targets {
        let mut code = ExitCode::Success;
        for refusal in target.refusals() {
            code = code.worst(context.problem(refusal, Some(&target.name)));
        }
        if !target.refusals().is_empty() {
            tally.end_refused(context, &target.name, code);
        }
    }
    if targets.iter().all(|t| !t.refusals().is_empty()) {
        return Ok(Vec::new());
    }
    check_places(context, &args.out, ask)?;
    for (warning, names) in warnings(targets) {
        context.warn(&format!("{}: {}", clean(&names.join(", ")), clean(warning)));
    }
    let given = [args.confirm.as_slice(), &swap::confirmed(args, targets)].concat();
    let answers = confirm::confirm(context, targets, &given)?;
    let mut admitted = Vec::new();
    for (target, answer) in targets.iter().zip(answers) {
        match (&target.plan, answer) {
            (Ok(plan), Ok(())) if plan.refusals.is_empty() => admitted.push((target.name.as_str(), plan)),
            (Ok(plan), Err(problem)) if plan.refusals.is_empty() => tally.refuse(context, &target.name, &problem),
            // Reported above.
            _ => {}
        }
    }
    Ok(admitted)
}

/// A key that can't sign and a directory that is not there are told before anybody is asked to confirm; nothing is made yet.
pub(super) fn check_places(context: &Context, out: &Path, ask: &dyn AskPin) -> Result<(), Problem> {
    if !out.is_dir() {
        return Err(Problem::error(
            format!("the directory for records, {}, does not exist or is no directory", out.display()),
            "Make it, or name another one with --out DIR.",
        ));
    }
    let state = state::directory(context.state.as_deref())?;
    if state.exists() {
        KeyStore::open(&state, ask)?;
    }
    Ok(())
}

/// Opens every confirmed target; reports those that are held or changed meanwhile.
fn authorize<'t>(
    context: &Context,
    station: &Station,
    confirmed: Vec<(&str, &'t Plan)>,
    tally: &mut Tally,
) -> Vec<(String, &'t Plan, Clearance)> {
    let mut cleared = Vec::new();
    for (name, plan) in confirmed {
        let authorized = job::release_swap(&station.roots, plan).and_then(|()| {
            let taken = targets::patiently(|| job::authorize(station, plan, true));
            taken.inspect_err(|_| swap::put_back(context, name, plan))
        });
        match authorized {
            Ok(clearance) => cleared.push((name.to_string(), plan, clearance)),
            Err(problem) => tally.refuse(context, name, &problem),
        }
    }
    cleared
}
