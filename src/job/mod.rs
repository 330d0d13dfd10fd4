//! One job, from plan to record: plan, authorize, run, resume, verify again.
#![forbid(unsafe_code)]

mod authorize;
mod plan;
mod request;
mod resume;
mod run;
mod station;
mod stop;
mod verify;

pub use authorize::{authorize, match_confirmations};
pub use plan::{Plan, PlannedPass, Rung, plan, plan_plain_file};
pub use request::{OverwriteChoice, Request};
pub use resume::{Resumable, resumable, resume};
pub use run::{Finished, wipe};
pub use station::Station;
pub use stop::Stop;
pub use verify::{Verified, verify_again};
