//! One job, from plan to record: plan, authorize, run, resume, verify again.
#![forbid(unsafe_code)]

mod authorize;
mod clock;
mod close;
mod confirm;
mod control;
mod draw;
mod erase;
mod evidence;
mod files;
mod plan;
mod prove;
mod prove_erase;
mod record;
mod refusals;
mod request;
mod resume;
mod run;
mod session;
mod station;
mod stop;
mod swap;
mod verify;

#[cfg(test)]
mod tests;

pub use crate::journal::CaseLink;
pub use crate::technique::Rung;
pub use authorize::{authorize, match_confirmations};
pub use close::give_up;
pub use files::{FilesOptions, FilesPlan, FilesWanted, plan_files, verify_files, wipe_files};
pub use plan::{Plan, PlannedErase, PlannedPass, plan, plan_plain_file};
pub use request::{OverwriteChoice, Request};
pub use resume::{Resumable, resumable, resume};
pub use run::{Finished, wipe};
pub use station::Station;
pub use stop::Stop;
pub use swap::{PlannedSwap, plan_swap, put_swap_back, release_swap};
pub use verify::{Verified, verify_again};
