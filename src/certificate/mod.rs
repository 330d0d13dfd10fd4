//! Signs, issues and checks documents. Speaks of outcomes, not of drives.
#![forbid(unsafe_code)]

mod check;
mod cms;
mod command;
mod consistency;
mod exceptions;
mod issue;
mod key;
mod trust;
mod x509;

pub use check::{Checked, Require, check};
pub use cms::{CmsError, Signature, verify as verify_signature};
pub use consistency::contradiction;
pub use issue::{Issued, Reservation};
pub use key::{KeyStore, Signer};
pub use trust::Trust;
