//! Makes a [`Clearance`] out of a plan and a confirmation; the only place that does.

use super::{Plan, Station};
use crate::device::Clearance;
use crate::problem::Problem;

/// Holds the texts given with `--confirm` (or typed) against the plans, as a set. `Ok(confirmed)`: one flag a plan. A text
/// that confirms none of the plans is a mistake about the target: refused for all of them.
pub fn match_confirmations(_plans: &[Plan], _given: &[String]) -> Result<Vec<bool>, Problem> {
    todo!()
}

/// Opens the target of a confirmed plan exclusively, reads its identity again on the descriptors, and mints the clearance.
/// Refuses (kind Refused) if the plan has refusals, was not confirmed, is held by somebody, or is no longer the same medium.
pub fn authorize(_station: &Station, _plan: &Plan, _confirmed: bool) -> Result<Clearance, Problem> {
    todo!()
}
