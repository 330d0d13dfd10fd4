//! Swap areas as targets of `plan` and `wipe`.

use std::path::Path;

use super::args::WipeArgs;
use super::context::Context;
use super::out::clean;
use super::targets::{self, Target};
use crate::device::Roots;
use crate::job::{self, Plan, PlannedSwap, Request};
use crate::problem::Problem;

/// The swap area on `device` as a target.
pub fn target(roots: &Roots, device: &Path, request: &Request) -> Result<Target, Problem> {
    let name = || device.display().to_string();
    let planned = targets::plan_with(roots, |inventory| {
        vec![Target { name: name(), plan: job::plan_swap(inventory, device, request) }]
    })?;
    let none = || Problem::error(format!("{} can't be planned for", clean(&name())), "Try again.");
    planned.into_iter().next().ok_or_else(none)
}

/// What `--yes` confirms: a swap area, which holds nothing that anybody needs, and no other device.
pub fn confirmed(args: &WipeArgs, targets: &[Target]) -> Vec<String> {
    let plans = targets.iter().filter_map(|target| target.plan.as_ref().ok());
    plans.filter(|plan| args.yes && plan.swap.is_some()).map(|plan| plan.confirm.clone()).collect()
}

/// Takes the plan's swap area, of which nothing was changed, into use again, and says so.
pub fn put_back(context: &Context, name: &str, plan: &Plan) {
    match job::put_swap_back(plan) {
        Ok(false) => {}
        Ok(true) => context.warn(&format!("{}: it is back in use as swap, unchanged", clean(name))),
        Err(problem) => {
            context.problem(&problem, Some(name));
        }
    }
}

/// What it is, in words.
pub fn sentence(swap: &PlannedSwap) -> String {
    let uuid = swap.uuid.as_ref().map_or("no UUID".into(), |uuid| format!("UUID {uuid}"));
    let label = swap.label.as_ref().map_or("no label".into(), |label| format!("label {label}"));
    let used = swap.priority.map_or("not in use".into(), |priority| format!("in use with priority {priority}"));
    format!("{uuid}, {label}, {used}")
}
