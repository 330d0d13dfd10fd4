//! The signing key: P-256, made on first use, private to its owner.

use std::path::Path;

use crate::problem::Problem;

/// Signs bytes, and names the certificate that goes with it.
pub trait Signer: Send + Sync {
    /// DER of the signing certificate.
    fn certificate_der(&self) -> &[u8];
    /// `sha256:` and the digest of that DER in lower-case hexadecimal.
    fn fingerprint(&self) -> String;
    /// Detached CMS SignedData (DER) over `content`.
    fn sign_detached(&self, content: &[u8]) -> Result<Vec<u8>, Problem>;
}

/// The keys of one state directory.
pub struct KeyStore {}

impl KeyStore {
    /// The key of `state`, made with mode 0600 (directory 0700) if there is none. Fails, and says so, on a key that is
    /// readable by others, expired, or does not fit its certificate: found before any wipe starts.
    pub fn open_or_create(_state: &Path) -> Result<Box<dyn Signer>, Problem> {
        todo!()
    }

    /// The key of `state`, if there is one.
    pub fn open(_state: &Path) -> Result<Option<Box<dyn Signer>>, Problem> {
        todo!()
    }
}
