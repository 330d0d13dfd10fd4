//! What `wipe` would do and why, and the confirmation it asks for. Touches nothing.

use std::path::Path;

use serde::Serialize;

use super::Request;
use crate::device::Inventory;
use crate::media::{Medium, Method, TechniqueId, VerifyKind};
use crate::outcome::Claim;
use crate::pattern::Pattern;
use crate::problem::Problem;

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rung {
    /// The technique.
    pub technique: TechniqueId,
    /// Taken, or rejected.
    pub taken: bool,
    /// Why.
    pub reason: String,
}

/// One planned pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedPass {
    /// Number, from 1.
    pub number: u32,
    /// What is written, by name.
    pub name: String,
    /// What is written; a random pass gets its key when the plan is made. Not shown.
    #[serde(skip)]
    pub pattern: Pattern,
}

/// The plan for one target.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The target, as found.
    pub medium: Medium,
    /// Method asked for.
    pub method: Method,
    /// The technique taken; `None`: refused.
    pub technique: Option<TechniqueId>,
    /// Every rung, taken or rejected, with its reason.
    pub rungs: Vec<Rung>,
    /// The passes of an overwrite.
    pub passes: Vec<PlannedPass>,
    /// Name of the scheme, where one was asked for.
    pub scheme: Option<String>,
    /// Readback.
    pub verify: VerifyKind,
    /// Estimate in milliseconds, at `assumed_bytes_per_second`.
    pub estimated_milliseconds: u64,
    /// The rate that the estimate assumes: `--max-rate`, or what media of this kind commonly do.
    pub assumed_bytes_per_second: u64,
    /// The most that the result could claim.
    pub claim: Claim,
    /// That claim in words, with what it will not say.
    pub statement: String,
    /// The confirmation that `wipe` will ask for: the serial, or a token where that is missing or not unique.
    pub confirm: String,
    /// `serial` or `token`.
    pub confirm_kind: String,
    /// Why `wipe` will refuse, each in two sentences; empty if it will not.
    #[serde(serialize_with = "super::plan::refusals_as_json")]
    pub refusals: Vec<Problem>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// What was asked for.
    #[serde(skip)]
    pub request: Request,
}

/// `{what, todo}` for each.
pub(super) fn refusals_as_json<S: serde::Serializer>(refusals: &[Problem], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(refusals.iter().map(|p| serde_json::json!({"what": p.what, "todo": p.todo})))
}

/// The plan for the block device that `path` names. An error is a target that can't be planned for at all (no such path, not a
/// block device, empty); a refusal stands in the plan.
pub fn plan(_inventory: &Inventory, _path: &Path, _request: &Request) -> Result<Plan, Problem> {
    todo!()
}

/// The plan for a plain file that stands in for a device (`radera demo` without root).
pub fn plan_plain_file(_path: &Path, _request: &Request) -> Result<Plan, Problem> {
    todo!()
}
