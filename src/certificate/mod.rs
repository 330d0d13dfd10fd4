//! Signs, issues and checks documents. Speaks of outcomes, not of drives.
#![forbid(unsafe_code)]

mod check;
mod cms;
mod issue;
mod key;

pub use check::{Checked, Require, Trust, check};
pub use issue::{Issued, Reservation};
pub use key::{KeyStore, Signer};
