//! What was found, and what may be said of it. Status and claim are derived from [`Evidence`] in [`Verdict::of`], and
//! nowhere else.
#![forbid(unsafe_code)]

mod event;
mod evidence;
mod verdict;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod verdict_tests;
mod words;

pub use event::{Event, Observer, Silent};
pub use evidence::{
    BadRange, End, Evidence, HiddenAreas, PassEvidence, Scope, ScopeKind, Trouble, VerificationEvidence,
};
pub use verdict::{Claim, Status, Verdict};
