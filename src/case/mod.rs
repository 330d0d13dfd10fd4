//! The contract case: its file, its evidence, its certificate.
#![forbid(unsafe_code)]

mod attached;
mod base64;
mod bundle;
mod check;
mod close;
mod differences;
mod gather;
mod open;
mod page;
mod say;

pub use bundle::Bundle;
pub use check::{Checked, check};
pub use close::{Closed, Judged, close, concur, judge, superseded};
pub use gather::{Signers, own_side};
pub use page::{Issue, page};
