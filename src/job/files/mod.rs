//! A job on files: plan, run, go on, read again.

mod batch;
mod control;
mod free_space;
pub(in crate::job) mod kept;
mod names;
mod plan;
pub(in crate::job) mod planned;
mod refusals;
mod release;
mod request;
mod residue;
pub(in crate::job) mod resume;
pub(in crate::job) mod run;
mod slack;
pub(in crate::job) mod verify;
mod work;

pub use plan::{FilesPlan, plan_files};
pub use request::{Options as FilesOptions, Wanted as FilesWanted};
use request::{Options, Wanted};
pub use run::wipe_files;
pub use verify::verify_files;
