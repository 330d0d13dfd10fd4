//! `plan`: what `wipe` would do and why. Touches nothing.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{FileArgs, RequestArgs};
use super::context::Context;
use super::human::{bytes, duration, exact_bytes};
use super::medium::{as_json, sentence};
use super::out::clean;
use super::targets::{self, Target};
use super::values::Pattern;
use crate::device::Roots;
use crate::job::{OverwriteChoice, Plan, Request};
use crate::problem::{ExitCode, Problem};

/// Said of every erase by the drive.
const UNTESTED: &str = "erases by the drive are untested on hardware: this version was tried on emulated drives only";

/// The request that the words ask for.
pub fn request(args: &RequestArgs) -> Request {
    let overwrite = match (&args.scheme, &args.pattern) {
        (Some(scheme), _) => OverwriteChoice::Scheme(scheme.clone()),
        (None, Some(Pattern(choice))) => choice.clone(),
        (None, None) => OverwriteChoice::Random,
    };
    Request {
        method: args.method,
        technique: args.technique,
        overwrite,
        attest_encryption: args.attest_encryption,
        verify: args.verify,
        max_rate: args.max_rate,
        operator: None,
        instruction: None,
        property: None,
        case: None,
    }
}

/// `plan`.
pub fn plan(context: &Context, paths: &[PathBuf], args: &RequestArgs, files: &FileArgs) -> Result<ExitCode, Problem> {
    if let Some(device) = &files.swap {
        return Ok(show(context, &super::swap::target(&Roots::default(), device, &request(args))?));
    }
    if let Some(wanted) = super::files::wanted(paths, files)? {
        return super::files::plan(context, &wanted, files, args);
    }
    let targets = targets::plan_all(&Roots::default(), paths, &request(args))?;
    let mut code = ExitCode::Success;
    for target in &targets {
        code = code.worst(show(context, target));
    }
    if let Some(problem) = targets::twice(&targets) {
        code = code.worst(context.problem(&problem, None));
    }
    Ok(code)
}

/// Prints one plan; 0 if `wipe` would go ahead.
fn show(context: &Context, target: &Target) -> ExitCode {
    match &target.plan {
        Err(problem) => context.problem(problem, Some(&target.name)),
        Ok(plan) => {
            let code = plan.refusals.iter().map(|p| p.kind.into()).fold(ExitCode::Success, ExitCode::worst);
            if context.json {
                context.out.json(&value(&target.name, plan, code));
            } else {
                lines(plan).iter().for_each(|line| context.out.line(line));
            }
            code
        }
    }
}

/// The plan as one object.
fn value(target: &str, plan: &Plan, code: ExitCode) -> Value {
    let mut value = serde_json::to_value(plan).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("target".into(), json!(target));
        object.insert("medium".into(), as_json(&plan.medium));
        if plan.erase.is_some() {
            object.insert("untested_on_hardware".into(), json!(true));
        }
        object.insert("refused".into(), json!(!plan.refusals.is_empty()));
        object.insert("exit_code".into(), json!(code as u8));
    }
    value
}

/// The plan in words, a line each.
pub fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = vec![sentence(&plan.medium)];
    let mut row = |name: &str, value: String| {
        lines.push(if name.is_empty() {
            format!("{:15}{value}", "")
        } else {
            format!("  {:<12} {value}", format!("{name}:"))
        })
    };
    if let Some(swap) = &plan.swap {
        row("swap", clean(&super::swap::sentence(swap)));
        row("", "taken out of use (swapoff), overwritten and verified as below, made anew with the same names".into());
        if swap.active {
            row("", "and taken into use again (swapon)".into());
        }
    }
    row("method", plan.method.name().into());
    row("technique", plan.technique.map_or("none", |t| t.name()).into());
    for rung in plan.rungs.iter().filter(|rung| rung.taken) {
        row("", format!("{} taken: {}", rung.technique.name(), clean(&rung.reason)));
        row("", clean(&rung.editions));
    }
    let rejected: Vec<_> = plan.rungs.iter().filter(|rung| !rung.taken).collect();
    for same in rejected.chunk_by(|a, b| (&a.reason, &a.editions) == (&b.reason, &b.editions)) {
        let names: Vec<_> = same.iter().map(|rung| rung.technique.name()).collect();
        let (reason, editions) = same.first().map_or(("", ""), |rung| (&rung.reason, &rung.editions));
        row("", format!("rejected: {}: {} ({})", names.join(", "), clean(reason), clean(editions)));
    }
    for reached in plan.erase.iter().flat_map(|erase| &erase.reached) {
        row("reaches", clean(reached));
    }
    if plan.erase.is_some() {
        row("warning", UNTESTED.into());
    }
    if let Some(scheme) = &plan.scheme {
        row("scheme", clean(scheme));
    }
    for pass in &plan.passes {
        let size = exact_bytes(plan.medium.identity.size_bytes);
        row(&format!("pass {}", pass.number), format!("{}, {size}", pass.name));
    }
    row("verify", plan.verify.name().into());
    if plan.technique.is_some() {
        let rate = bytes(plan.assumed_bytes_per_second);
        row("time", format!("about {}, assuming {rate}/s", duration(plan.estimated_milliseconds)));
        row("claim", format!("at most {}", plan.claim.name()));
        row("", clean(&plan.statement));
    }
    for warning in &plan.warnings {
        row("warning", clean(warning));
    }
    for refusal in &plan.refusals {
        row("refused", clean(&refusal.what));
        row("", format!("to do: {}", clean(&refusal.todo)));
    }
    if plan.refusals.is_empty() && plan.swap.is_some() {
        row("confirm", format!("--yes, or --confirm {} (its {})", quoted(&plan.confirm), plan.confirm_kind));
    } else if plan.refusals.is_empty() {
        row("confirm", format!("--confirm {} (its {})", quoted(&plan.confirm), plan.confirm_kind));
    }
    lines
}

/// `text` as one word of a shell.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fixtures;
    use crate::job::PlannedErase;

    #[test]
    fn a_plan_in_words_ends_with_the_confirmation() {
        let expected = "\
/dev/sda: whole usb medium, model Vendor Stick 3000, serial S-sda, 1 MiB (1048576 bytes), holds: nothing recognised
  method:      clear
  technique:   overwrite
  :            overwrite taken: one pass
  :            counts as Clear
  pass 1:      zeros, 1 MiB (1048576 bytes)
  verify:      full
  time:        about 12 s, assuming 30 MiB/s
  claim:       at most clear
  :            Clear of a whole medium.
  warning:     hidden areas were not examined
  confirm:     --confirm S-sda (its serial)";
        let found = lines(&fixtures::plan(fixtures::disk("sda", (8, 0)))).join("\n");
        assert_eq!(found, expected.replace("  : ", "    "));
    }

    #[test]
    fn a_refused_plan_shows_every_refusal_and_no_confirmation() {
        let mut plan = fixtures::plan(fixtures::disk("sda", (8, 0)));
        plan.refusals = vec![Problem::refused("mounted on /a", "umount /a"), Problem::refused("swap", "swapoff")];
        let text = lines(&plan).join("\n");
        for part in ["mounted on /a", "umount /a", "swap", "swapoff"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("--confirm"));
        let value = value("/dev/sda", &plan, ExitCode::Refused);
        assert_eq!(value["refusals"].as_array().map(Vec::len), Some(2));
        assert_eq!(value["exit_code"], 3);
        assert_eq!(value["confirm"], "S-sda");
        assert_eq!(value["medium"]["serial"], "S-sda");
    }

    #[test]
    fn an_erase_by_the_drive_is_said_to_be_untested_on_hardware() {
        let mut plan = fixtures::plan(fixtures::disk("sda", (8, 0)));
        assert!(!lines(&plan).join("\n").contains("untested on hardware"));
        assert_eq!(value("/dev/sda", &plan, ExitCode::Success).get("untested_on_hardware"), None);
        plan.technique = Some(crate::media::TechniqueId::AtaSanitizeBlock);
        let reached = vec!["/dev/sdb, 4096 bytes".to_string()];
        plan.erase = Some(PlannedErase { encryption: None, estimate_seconds: Some(30), reached });
        let text = lines(&plan).join("\n");
        assert!(text.contains("warning:     erases by the drive are untested on hardware"), "{text}");
        assert!(text.contains("reaches:     /dev/sdb, 4096 bytes"), "{text}");
        let value = value("/dev/sda", &plan, ExitCode::Success);
        assert_eq!(value["untested_on_hardware"], true);
        assert_eq!(value["erase"]["reached"][0], "/dev/sdb, 4096 bytes");
    }

    #[test]
    fn a_confirmation_can_be_pasted_into_a_shell() {
        assert_eq!(quoted("WD-123_4"), "WD-123_4");
        assert_eq!(quoted("AB 12'3"), r"'AB 12'\''3'");
        assert_eq!(quoted(""), "''");
    }
}
