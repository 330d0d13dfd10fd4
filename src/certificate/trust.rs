//! Whose key counts.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::SystemTime;

use x509_cert::Certificate;

use super::cms::Signature;
use super::stamp::TimeStamp;
use super::x509::Purpose;
use super::{chain, words, x509};
use crate::problem::Problem;
use crate::words::Told;

const FILE_LIMIT: u64 = 1 << 20;

/// Whose key counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Fingerprints (`sha256:…` or bare hexadecimal, colons and spaces ignored) that count.
    pub fingerprints: Vec<String>,
    /// DER of certificates that count: as the signer or time-stamp authority itself, or at the end of its chain.
    pub certificates: Vec<Vec<u8>>,
    /// Fingerprints of this installation's own keys, current and former, which count for its own records.
    pub own_keys: Vec<String>,
}

impl Trust {
    /// What one `--trust` names: a whole fingerprint, in hexadecimal digits or in words, or the path of a file with certificates in PEM or DER.
    ///
    /// # Errors
    /// Kind `Usage` for a cut-off fingerprint, `Error` for a file that can't be read or holds no certificate.
    pub fn load(path_or_fingerprint: impl AsRef<OsStr>) -> Result<Self, Problem> {
        let path = Path::new(&path_or_fingerprint);
        let shown = path.display();
        let text = path.to_str().unwrap_or_default();
        if let Some(fingerprint) = words::fingerprint_of_words(text) {
            return Ok(Trust { fingerprints: vec![fingerprint], ..Trust::default() });
        }
        if let Some(digits) = fingerprint_digits(text) {
            return Ok(Trust { fingerprints: vec![format!("sha256:{digits}")], ..Trust::default() });
        }
        if !path.exists() && looks_like_digits(text) {
            return Err(Problem::new(
                crate::problem::Kind::Usage,
                format!("{shown} is neither a file nor a whole SHA-256 fingerprint (64 hexadecimal digits)"),
                "Give the whole fingerprint, as `radera key show` prints it, or the certificate's file.",
            ));
        }
        let todo = "Name a file with a certificate in PEM or DER, or a whole SHA-256 fingerprint.";
        let read = || -> std::io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            File::open(path)?.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|e| Problem::error(format!("can't read {shown}: {e}"), todo))?;
        Self::from_bytes(&bytes).map_err(|why| Problem::error(format!("{shown} is no certificate file: {why}"), todo))
    }

    /// The certificates in the bytes of a PEM or DER file; at most 1 MiB.
    ///
    /// # Errors
    /// Why there are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() as u64 > FILE_LIMIT {
            return Err("it is larger than 1 MiB".into());
        }
        Ok(Trust { certificates: x509::from_file(bytes)?, ..Trust::default() })
    }

    /// Adds what `other` trusts.
    pub fn add(&mut self, other: Trust) {
        self.fingerprints.extend(other.fingerprints);
        self.certificates.extend(other.certificates);
        self.own_keys.extend(other.own_keys);
    }

    /// Whether the signer of `signature` counts, and why, or why not: by [`Self::judge_at`], with the signer's word on the time, or now
    /// where it gives none.
    pub fn judge(&self, signature: &Signature) -> (bool, Told) {
        let claimed = signature.signing_time.or_else(|| x509::unix_seconds(SystemTime::now()).ok());
        self.judge_at(signature, claimed.unwrap_or(0))
    }

    /// Whether the signer of `signature` counts, and why, or why not. `claimed`: when it was made, in seconds since 1970, by the signer's own
    /// word. A chain must have been valid then; where there is a time stamp that counts, at the time of that instead.
    pub fn judge_at(&self, signature: &Signature, claimed: u64) -> (bool, Told) {
        let signer = &signature.fingerprint;
        if is_among(&self.own_keys, signer) {
            return (true, Told::new("trust-own").with("signer", signer));
        }
        if self.fingerprints.is_empty() && self.certificates.is_empty() {
            return (false, Told::new("trust-nobody").with("signer", signer));
        }
        if is_among(&self.fingerprints, signer) {
            return (true, Told::new("trust-fingerprint").with("signer", signer));
        }
        if self.certificates.contains(&signature.certificate_der) {
            return (true, Told::new("trust-certificate").with("signer", signer));
        }
        let at = self.time_of(signature).unwrap_or(claimed);
        match self.path(&signature.certificate, &signature.chain, at, Purpose::Documents) {
            Ok(issuer) => (true, Told::new("trust-issued").with("signer", signer).with("issuer", issuer)),
            Err(why) if why.is_empty() => (false, Told::new("trust-none").with("signer", signer)),
            Err(why) => (false, Told::new("trust-none-because").with("signer", signer).with("why", why)),
        }
    }

    /// The time of the signature's time stamp, in seconds since 1970, where its authority counts.
    pub fn time_of(&self, signature: &Signature) -> Option<u64> {
        signature.time_stamp.as_ref().filter(|stamp| self.judge_stamp(stamp).0).map(|stamp| stamp.time)
    }

    /// Whether the authority of a time stamp counts, and why, or why not. An own key stamps nothing.
    pub fn judge_stamp(&self, stamp: &TimeStamp) -> (bool, String) {
        let name = &stamp.authority;
        if is_among(&self.fingerprints, &stamp.fingerprint) {
            return (true, format!("the time-stamp authority {name} is trusted by its fingerprint"));
        }
        if self.certificates.contains(&stamp.certificate_der) {
            return (true, format!("the time-stamp authority {name} is trusted by its certificate"));
        }
        match self.path(&stamp.certificate, &stamp.chain, stamp.time, Purpose::TimeStamps) {
            Ok(issuer) => {
                (true, format!("the time-stamp authority {name} is trusted: {issuer} issued its certificate"))
            }
            Err(why) => (
                false,
                format!(
                    "the time-stamp authority {name} is none of those that are trusted{why}; its time is claimed only"
                ),
            ),
        }
    }

    /// The name of the trusted certificate at the end of a path, or the reasons in brackets why there is none.
    fn path(&self, leaf: &Certificate, between: &[Certificate], at: u64, purpose: Purpose) -> Result<String, String> {
        let anchors: Vec<Certificate> = self.certificates.iter().filter_map(|der| x509::from_der(der).ok()).collect();
        chain::path(leaf, between, &anchors, at, purpose)
            .map(|anchor| anchor.tbs_certificate.subject.to_string())
            .map_err(|why| if why.is_empty() { String::new() } else { format!(" ({})", why.join("; ")) })
    }
}

fn is_among(given: &[String], fingerprint: &str) -> bool {
    let bare = fingerprint_digits(fingerprint);
    bare.is_some() && given.iter().any(|one| fingerprint_digits(one) == bare)
}

/// The 64 hexadecimal digits of a whole SHA-256 fingerprint, in lower case.
fn fingerprint_digits(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_prefix("sha256:").unwrap_or(&text);
    let digits: String = text.chars().filter(|c| *c != ':' && !c.is_whitespace()).collect();
    (digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}

fn looks_like_digits(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.starts_with("sha256:") || text.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_counts_in_any_writing_but_only_whole() {
        let digits = "0123456789abcdef".repeat(4);
        let colons = digits.as_bytes().chunks(2).map(|c| String::from_utf8_lossy(c).to_uppercase()).collect::<Vec<_>>();
        let written = [
            digits.clone(),
            format!("sha256:{digits}"),
            colons.join(":"),
            colons.join(" "),
            format!(" SHA256:{digits}\n"),
        ];
        for text in written {
            assert_eq!(fingerprint_digits(&text).as_ref(), Some(&digits), "{text}");
        }
        for text in [&digits[..63], &digits[..16], "", "sha256:", &format!("{digits}0"), &digits.replace('0', "g")] {
            assert_eq!(fingerprint_digits(text), None, "{text}");
            assert!(Trust::load(text).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_of_certificates_makes_it_panic(
            text in "(-----BEGIN CERTIFICATE-----|-----END CERTIFICATE-----|-----BEGIN |MII|[A-Za-z0-9+/=\n æ-]){0,40}",
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        ) {
            let _ = Trust::from_bytes(text.as_bytes());
            let _ = Trust::from_bytes(&bytes);
            let _ = fingerprint_digits(&text);
        }
    }
}
