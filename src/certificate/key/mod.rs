//! The keys of an installation: its own, one from a file (PKCS#12), or one on a token (PKCS#11).
//!
//! `<state>/keys/` holds `signing/` (the own key and its certificate), `former/` (certificates of own keys that were replaced), `imported/`
//! (files with keys, still encrypted, and the chains of all keys that are not own), and `active.json` (which one is used; without it the
//! own one).

mod active;
mod files;
mod imported;
mod local;
mod own;
mod pin;
mod signer;
mod store;
mod token;

pub use active::{Choice, Settings};
pub use files::read_pin;
pub use pin::{AskPin, NoPin, Pin};
pub use signer::{NO_STAMP, Signer};
pub use store::{Description, KeyStore};

/// A signer with a key in memory, for tests.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) fn signer_of(
    pkcs8: &[u8],
    certificate: x509_cert::Certificate,
    chain: Vec<x509_cert::Certificate>,
) -> Box<dyn Signer> {
    let key = local::LocalKey::from_pkcs8(pkcs8, &certificate).unwrap();
    Box::new(signer::KeySigner::new(Box::new(key), certificate, chain).unwrap())
}

/// The signature value of a key in memory, for tests.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) fn value_of(pkcs8: &[u8], certificate: &x509_cert::Certificate, message: &[u8]) -> Vec<u8> {
    signer::Key::value(&local::LocalKey::from_pkcs8(pkcs8, certificate).unwrap(), message).unwrap()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
