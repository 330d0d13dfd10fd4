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

pub use check::{
    Checked, JSON_LIMIT, Require, SIGNATURE_LIMIT, check, check_record, holds, named_signer, read, read_signed,
    signature_path, signed,
};
pub use cms::{CmsError, Signature, verify as verify_signature};
pub use consistency::{contradiction, date, integers};
pub use issue::{Issuable, Issued, Placed, Reservation, place};
pub use key::{KeyStore, Signer};
pub use trust::Trust;
pub use x509::{random, sha256_text};
