//! Signs, issues and checks documents. Speaks of outcomes, not of drives.
#![forbid(unsafe_code)]

mod algorithm;
mod chain;
mod check;
mod cms;
mod command;
mod consistency;
mod exceptions;
mod files;
mod foreign;
mod issue;
mod key;
mod press;
mod sheet;
mod stamp;
#[cfg(test)]
mod testing;
mod trust;
mod words;
mod x509;

pub use check::{
    Checked, JSON_LIMIT, Require, SIGNATURE_LIMIT, check, check_record, holds, moment, named_signer, read, read_signed,
    signature_path, signed, time_stamp,
};
pub use cms::{CmsError, Form, Signature, verify as verify_signature};
pub use consistency::{contradiction, date, integers};
pub use foreign::{Foreign, foreign};
pub use issue::{Issuable, Issued, Placed, Reservation, place};
pub use key::{
    AskPin, Choice as KeyChoice, Description as KeyDescription, KeyStore, NO_STAMP, NoPin, Pin,
    Settings as KeySettings, Signer, read_pin,
};
pub use press::Press;
pub use sheet::signed_pdf;
pub use stamp::{Authority, HttpAuthority, TimeStamp};
pub use trust::Trust;
pub use words::{fingerprint_of_words, fingerprint_words};
pub use x509::{random, sha256_text};
