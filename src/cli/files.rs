//! `plan` and `wipe` for files, directories and free space.

use std::io::{self, BufRead, IsTerminal, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{FileArgs, RequestArgs, WipeArgs};
use super::case::member::{self, Member};
use super::context::Context;
use super::human::{bytes, duration, exact_bytes};
use super::inhibit::Inhibitor;
use super::out::clean;
use super::pin;
use super::press;
use super::progress::Front;
use super::run::{Tally, Work, run_all};
use super::signals::{self, Signals};
use super::state;
use super::wipe::check_places;
use crate::conformity::Language;
use crate::device::{Inventory, Roots};
use crate::job::{self, FilesOptions, FilesPlan, FilesWanted, Request, Station, Stop};
use crate::problem::{ExitCode, Kind, Problem};

/// More than any answer at the prompt.
const LONGEST_ANSWER: u64 = 4096;

/// What of the command line is about files: `None` where block devices are named.
///
/// # Errors
/// Usage: devices and files in one command; options for files with devices.
pub fn wanted(targets: &[PathBuf], args: &FileArgs) -> Result<Option<FilesWanted>, Problem> {
    let usage = |what: &str, todo: &str| Problem::new(Kind::Usage, what, todo);
    if let Some(directory) = &args.free_space {
        return Ok(Some(FilesWanted::FreeSpace(directory.clone())));
    }
    let of_file = args.keep || args.hardlinks || args.accept_trim || args.list_names || args.lift_attributes;
    let is_device = |path: &&PathBuf| std::fs::metadata(path).is_ok_and(|found| found.file_type().is_block_device());
    let is_file = |path: &&PathBuf| {
        let found = std::fs::metadata(path).map(|found| found.file_type());
        found.is_ok_and(|kind| !kind.is_block_device() && !kind.is_char_device())
    };
    match (targets.iter().find(is_device), targets.iter().find(is_file)) {
        (Some(device), Some(file)) => Err(usage(
            &format!("{} is a block device and {} is none", device.display(), file.display()),
            "Erase files and directories in one command, and block devices in another.",
        )),
        (Some(_), None) if of_file => Err(usage(
            "--keep, --hardlinks, --accept-trim, --list-names and --lift-attributes are for files, and devices are named",
            "Leave them out, or name files or directories.",
        )),
        (None, Some(_)) => Ok(Some(FilesWanted::Paths(targets.to_vec()))),
        (_, None) => Ok(None),
    }
}

fn options(args: &FileArgs) -> FilesOptions {
    FilesOptions {
        keep: args.keep,
        hardlinks: args.hardlinks,
        accept_trim: args.accept_trim,
        list_names: args.list_names,
        lift_attributes: args.lift_attributes,
        slack: args.slack,
    }
}

/// What the targets are called, as one.
fn name(wanted: &FilesWanted) -> String {
    match wanted {
        FilesWanted::FreeSpace(directory) => format!("free space of {}", directory.display()),
        FilesWanted::Paths(paths) => match paths.as_slice() {
            [only] => only.display().to_string(),
            [first, rest @ ..] => format!("{} and {} more", first.display(), rest.len()),
            [] => String::new(),
        },
    }
}

/// `plan`.
pub fn plan(
    context: &Context,
    wanted: &FilesWanted,
    args: &FileArgs,
    request: &RequestArgs,
) -> Result<ExitCode, Problem> {
    crate::sys::limits::raise_descriptors();
    let inventory = Inventory::read(Roots::default())?;
    let plan = job::plan_files(&inventory, wanted, options(args), &super::plan::request(request), None)?;
    let code = plan.refusals.iter().map(|p| p.kind.into()).fold(ExitCode::Success, ExitCode::worst);
    if context.json {
        context.out.json(&value(&name(wanted), &plan, code));
    } else {
        lines(&name(wanted), &plan).iter().for_each(|line| context.out.line(line));
    }
    Ok(code)
}

fn value(target: &str, plan: &FilesPlan, code: ExitCode) -> Value {
    let mut value = serde_json::to_value(plan).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("target".into(), json!(target));
        object.insert("refused".into(), json!(!plan.refusals.is_empty()));
        object.insert("exit_code".into(), json!(code as u8));
    }
    value
}

fn lines(target: &str, plan: &FilesPlan) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", clean(target), clean(&plan.what()))];
    let mut row = |name: &str, value: String| {
        lines.push(if name.is_empty() {
            format!("{:15}{value}", "")
        } else {
            format!("  {:<12} {value}", format!("{name}:"))
        })
    };
    let device = plan.device.as_deref().map_or(String::new(), |device| format!(" on {}", clean(device)));
    row("filesystem", format!("{}{device}", clean(&plan.filesystem)));
    row("method", plan.method.name().into());
    row("technique", plan.technique.name().into());
    if let Some(scheme) = &plan.scheme {
        row("scheme", clean(scheme));
    }
    for pass in &plan.passes {
        row(&format!("pass {}", pass.number), format!("{}, {}", pass.name, exact_bytes(plan.block_bytes)));
    }
    row("verify", plan.verify.name().into());
    if plan.released > 0 {
        row("released", format!("{} of them, and trimmed: they can't be overwritten in place", plan.released));
    }
    row(
        "time",
        format!("about {}, assuming {}/s", duration(plan.estimated_milliseconds), bytes(plan.assumed_bytes_per_second)),
    );
    row("claim", format!("at most {}", plan.claim.name()));
    row("", clean(&plan.statement));
    for residue in &plan.residue {
        row("residue", clean(residue));
    }
    for warning in &plan.warnings {
        row("warning", clean(warning));
    }
    for refusal in &plan.refusals {
        row("refused", clean(&refusal.what));
        row("", format!("to do: {}", clean(&refusal.todo)));
    }
    if plan.refusals.is_empty() {
        row("confirm", "--yes".into());
    }
    lines
}

/// `wipe`.
pub fn wipe(
    context: &Context,
    wanted: &FilesWanted,
    args: &WipeArgs,
    language: Option<Language>,
    signals: &Signals,
    tally: &mut Tally,
) -> Result<(), Problem> {
    if !args.confirm.is_empty() {
        return Err(Problem::new(
            Kind::Usage,
            "--confirm is for block devices; files are confirmed with --yes",
            "Look at `radera plan`, then add --yes.",
        ));
    }
    let case = Member::of(args.case.as_deref(), &args.out)?;
    let request = Request {
        operator: args.operator.clone(),
        instruction: case.instruction().or_else(|| args.instruction.clone()),
        property: args.property.clone(),
        case: case.link(),
        ..super::plan::request(&args.request)
    };
    crate::sys::limits::raise_descriptors();
    let roots = Roots::default();
    let inventory = Inventory::read(roots.clone())?;
    let name = name(wanted);
    // What radera itself is about to write to must not lie in what is erased.
    let mut own: Vec<&Path> = vec![&args.out];
    let state_directory = state::directory(context.state.as_deref())?;
    own.push(&state_directory);
    own.extend(args.case.as_deref());
    let mut plan = job::plan_files(&inventory, wanted, options(&args.files), &request, Some(&own))?;
    case.hold_files_against(&mut plan);
    if !plan.refusals.is_empty() {
        let codes = plan.refusals.iter().map(|refusal| context.problem(refusal, Some(&name)));
        let code = codes.fold(ExitCode::Success, ExitCode::worst);
        tally.end_refused(context, &name, code);
        return Ok(());
    }
    let ask = pin::asker(context);
    check_places(context, &args.out, &ask)?;
    for warning in &plan.warnings {
        context.warn(&format!("{}: {}", clean(&name), clean(warning)));
    }
    if !args.yes {
        let on_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        let answer = match on_terminal {
            true => confirm(&name, &plan, &mut io::stdin().lock(), &mut |text| context.out.note_part(text)),
            false => Err(Problem::refused(
                format!("{} was not confirmed, and there is no terminal to ask on", clean(&name)),
                "Look at `radera plan`, then add --yes.",
            )),
        };
        if let Err(problem) = answer {
            tally.refuse(context, &name, &problem);
            return Ok(());
        }
    }
    let stop = Stop::new();
    let out = Arc::clone(&context.out);
    signals.running(&stop, Arc::new(move |text| out.note(text)), "nothing is changed yet");
    let state = state::prepare(context)?;
    let language = language.or_else(|| case.language()).unwrap_or(Language::En);
    let press = Arc::new(press::press(context, &args.issue, Some(language), &ask)?);
    let station = Station { press, state, out: args.out.clone(), roots };
    if let Some(cause) = stop.cause() {
        return Err(Problem::refused(format!("stopped by {cause}; nothing was changed"), "Run the command again."));
    }
    let _inhibitor = Inhibitor::take(context, "erasing files");
    let front = Front::new(context, vec![name.clone()]);
    signals.running(&stop, front.say(), signals::RESUME);
    let (station, stop) = (&station, &stop);
    let work: Work = Box::new(move |observer| job::wipe_files(station, plan, observer, stop));
    run_all(context, &front, vec![(name, work)], tally);
    press::troubles(context, &station.press);
    member::add_records(context, request.case.iter(), &tally.records);
    Ok(())
}

/// Shows what is about to be erased and reads one line, which must be `yes`.
fn confirm(name: &str, plan: &FilesPlan, input: &mut dyn BufRead, say: &mut dyn FnMut(&str)) -> Result<(), Problem> {
    say(&format!("\nThis will be erased for good:\n  {}: {}\n", clean(name), clean(&plan.what())));
    say(&format!("  the result can claim at most {}: {}\n", plan.claim.name(), clean(&plan.statement)));
    say("To go ahead, type: yes\n> ");
    let mut line = Vec::new();
    let again = "Nothing was changed; run the command again.";
    if let Err(error) = input.take(LONGEST_ANSWER).read_until(b'\n', &mut line) {
        return Err(Problem::refused(format!("the confirmation of {} can't be read: {error}", clean(name)), again));
    }
    if line.pop_if(|byte| *byte == b'\n').is_none() {
        say("\n");
        return Err(Problem::refused(format!("{} was not confirmed: the input ended", clean(name)), again));
    }
    line.pop_if(|byte| *byte == b'\r');
    match line.as_slice() {
        b"yes" => Ok(()),
        _ => Err(Problem::refused(format!("{} was not confirmed", clean(name)), again)),
    }
}
