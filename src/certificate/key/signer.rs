//! Signing: one way, whatever keeps the key.

use std::time::SystemTime;

use x509_cert::Certificate;

use super::super::cms::{self, Form, Unsigned};
use super::super::stamp::{self, Authority};
use super::super::x509;
use crate::document::SignerEntry;
use crate::problem::Problem;

/// What to do where a time stamp can't be had; the key itself signs.
pub const NO_STAMP: &str = "See to it that the authority can be reached; a later document gets its stamp then.";
/// What is signed to try a key out.
const TRIAL: &[u8] = b"radera tries a key out";

/// Signs bytes, and names the certificate that goes with it.
pub trait Signer: Send + Sync {
    /// DER of the signing certificate.
    fn certificate_der(&self) -> &[u8];
    /// DER of the certificates that are put into a signature beside the signer's, the issuer's first; the root is not among them.
    fn chain_der(&self) -> &[Vec<u8>];
    /// `sha256:` and the digest of the signing certificate's DER in lower-case hexadecimal.
    fn fingerprint(&self) -> String;
    /// The signer as documents name it, by its certificate; without a time stamp.
    fn entry(&self) -> SignerEntry;
    /// CMS SignedData (DER) over `content`, which is not in it; with a time stamp from `stamp`, if there is one to ask. It was
    /// verified.
    ///
    /// # Errors
    /// Kind `Failed`, where the key, its certificate, or the authority does not do.
    fn sign(&self, content: &[u8], form: Form, stamp: Option<&dyn Authority>) -> Result<Vec<u8>, Problem>;
}

/// A private key.
pub(super) trait Key: Send + Sync {
    /// The signature value over `message`, as CMS has it: DER and low-S of ECDSA, a number of the key's length of RSA.
    fn value(&self, message: &[u8]) -> Result<Vec<u8>, String>;
}

/// A key with its certificate and chain.
pub(super) struct KeySigner {
    key: Box<dyn Key>,
    certificate: Certificate,
    der: Vec<u8>,
    chain: Vec<Certificate>,
    chain_der: Vec<Vec<u8>>,
}

/// The signer by its certificate.
pub(super) fn entry_of(certificate: &Certificate) -> SignerEntry {
    SignerEntry {
        kind: x509::kind(certificate),
        name: x509::name(certificate),
        ..SignerEntry::of(x509::fingerprint(certificate))
    }
}

enum Unmade {
    Signature(String),
    Stamp(String),
}

impl KeySigner {
    /// Puts them together; `chain` from the issuer on, without the root.
    pub(super) fn new(key: Box<dyn Key>, certificate: Certificate, chain: Vec<Certificate>) -> Result<Self, String> {
        let der = |c: &Certificate| der::Encode::to_der(c).map_err(|e| e.to_string());
        if chain.len() >= cms::MOST_CERTIFICATES {
            return Err(format!("its chain has {} certificates", chain.len()));
        }
        let chain_der = chain.iter().map(der).collect::<Result<_, _>>()?;
        Ok(KeySigner { key, der: der(&certificate)?, certificate, chain, chain_der })
    }

    /// Whether it can sign at `now`: dates, usages, and a signature that holds.
    pub(super) fn try_out(&self, now: SystemTime) -> Result<(), String> {
        x509::may_sign(&self.certificate)?;
        match self.make(TRIAL, Form::Detached, None, now) {
            Ok(_) => Ok(()),
            Err(Unmade::Signature(why) | Unmade::Stamp(why)) => Err(why),
        }
    }

    fn make(
        &self,
        content: &[u8],
        form: Form,
        authority: Option<&dyn Authority>,
        now: SystemTime,
    ) -> Result<Vec<u8>, Unmade> {
        let plain = |why: String| Unmade::Signature(why);
        x509::unix_seconds(now).and_then(|at| x509::valid_at(&self.certificate, at)).map_err(plain)?;
        let unsigned = Unsigned::new(content, form, &self.certificate, &self.chain, now).map_err(plain)?;
        let value = unsigned.bytes().and_then(|bytes| self.key.value(&bytes)).map_err(plain)?;
        let token = match authority {
            Some(authority) => Some(
                stamp::get(authority, &value, now)
                    .map_err(|why| Unmade::Stamp(format!("{}: {why}", authority.url())))?,
            ),
            None => None,
        };
        let signature = unsigned.with(&value, token.as_deref()).map_err(plain)?;
        match cms::verify(content, &signature, form) {
            Ok(found) if found.certificate_der == self.der => Ok(signature),
            Ok(_) => Err(plain("the new signature is another key's".into())),
            Err(e) => Err(plain(format!("the new signature does not hold: {e}"))),
        }
    }
}

impl Signer for KeySigner {
    fn certificate_der(&self) -> &[u8] {
        &self.der
    }

    fn chain_der(&self) -> &[Vec<u8>] {
        &self.chain_der
    }

    fn fingerprint(&self) -> String {
        x509::sha256_text(&self.der)
    }

    fn entry(&self) -> SignerEntry {
        entry_of(&self.certificate)
    }

    fn sign(&self, content: &[u8], form: Form, stamp: Option<&dyn Authority>) -> Result<Vec<u8>, Problem> {
        self.make(content, form, stamp, SystemTime::now()).map_err(|unmade| match unmade {
            Unmade::Signature(why) => Problem::failed(
                format!("can't sign with the key {}: {why}", self.fingerprint()),
                "Check the clock and the signing certificate, then run `radera resume` to issue the record.",
            ),
            Unmade::Stamp(why) => Problem::failed(format!("there is no time stamp for the signature: {why}"), NO_STAMP),
        })
    }
}

impl KeySigner {
    /// Its certificate, and those of its chain.
    pub(super) fn certificates(&self) -> Vec<Certificate> {
        std::iter::once(&self.certificate).chain(&self.chain).cloned().collect()
    }
}
