//! What was found, and what may be said of it. Status and claim are derived from [`Evidence`] in [`Verdict::of`], and
//! nowhere else.
#![forbid(unsafe_code)]

mod command;
mod command_verdict;
mod counts;
mod event;
mod evidence;
mod places;
mod readback;
mod sampling;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod verdict;
mod way_out;
mod words;

pub use command::{CommandEvidence, Ending, Exchange, Markers, Progress, Readback, Witnesses};
pub use counts::Counts;
pub use event::{Event, Observer, Silent};
pub use evidence::{
    BadRange, End, Evidence, HealthBeforeAfter, PassEvidence, Scope, ScopeKind, Trouble, VerificationEvidence,
};
pub use places::{Places, most_share_missed};
pub use readback::{readback_statement, readback_status};
pub use sampling::{SamplingPlan, most_cells_missed};
pub use verdict::{Claim, Status, Verdict};
pub use words::{editions, standards, statement_of_readback};
