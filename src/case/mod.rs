//! The contract case: its file, its evidence, its certificate.
#![forbid(unsafe_code)]

mod add;
mod assets;
mod attached;
mod base64;
mod begin;
mod bundle;
mod check;
mod close;
mod differences;
mod faults;
mod file;
mod gather;
mod link;
pub mod numbers;
mod open;
mod page;
pub mod say;
mod template;

pub use add::{Added, Change, Edit, Listed, Thing, add_records};
pub use assets::{Asset, AssetList, Column, Field, LIMIT as ASSET_LIST_LIMIT};
pub use begin::{begin, draw_id};
pub use bundle::{Bundle, annex_path, plain};
pub use check::{Checked, Given, check, check_given};
pub use close::{Closed, Judged, close, concur, judge, superseded};
pub use file::{CaseFile, Step};
pub use gather::{Signers, own_side};
pub use link::Link;
pub use open::day_of;
pub use page::{Issue, page, validation};
pub use template::{Answers, filled, template};
