//! A job on files: plan, run, go on, read again.

pub(in crate::job) mod kept;
mod batch;
mod control;
mod names;
mod residue;
mod plan;
pub(in crate::job) mod planned;
mod refusals;
mod request;
pub(in crate::job) mod resume;
pub(in crate::job) mod run;
pub(in crate::job) mod verify;
mod work;

pub use plan::{FilesPlan, plan_files};
pub use request::{Options as FilesOptions, Wanted as FilesWanted};
pub use run::wipe_files;
pub use verify::verify_files;
use request::{Options, Wanted};
