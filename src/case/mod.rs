//! The contract case: its file, its evidence, its certificate.
#![forbid(unsafe_code)]

mod add;
mod assets;
mod begin;
mod faults;
mod file;
mod link;
pub mod numbers;
mod template;

pub use add::{Added, Change, Edit, Listed, Thing, add_records};
pub use assets::{Asset, AssetList, Column, Field, LIMIT as ASSET_LIST_LIMIT};
pub use begin::{begin, draw_id};
pub use file::{CaseFile, Step};
pub use link::Link;
pub use template::{Answers, filled, template};
