//! Whose key counts.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::cms::Signature;
use super::x509;
use crate::problem::Problem;
use crate::words::Told;

const FILE_LIMIT: u64 = 1 << 20;

/// Whose key counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Fingerprints (`sha256:…` or bare hexadecimal, colons and spaces ignored) that count.
    pub fingerprints: Vec<String>,
    /// DER of certificates that count, as the signer itself or as its issuer.
    pub certificates: Vec<Vec<u8>>,
    /// Fingerprint of this installation's own key, which counts for its own records.
    pub own_key: Option<String>,
}

impl Trust {
    /// What one `--trust` names: a whole fingerprint, or the path of a file with certificates in PEM or DER.
    ///
    /// # Errors
    /// Kind `Usage` for a cut-off fingerprint, `Error` for a file that can't be read or holds no certificate.
    pub fn load(path_or_fingerprint: impl AsRef<OsStr>) -> Result<Self, Problem> {
        let path = Path::new(&path_or_fingerprint);
        let shown = path.display();
        let text = path.to_str().unwrap_or_default();
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
    }

    /// Whether the signer of `signature` counts, and why, or why not.
    pub fn judge(&self, signature: &Signature) -> (bool, Told) {
        let signer = &signature.fingerprint;
        let bare = fingerprint_digits(signer);
        let is = |given: &String| bare.is_some() && fingerprint_digits(given) == bare;
        if self.own_key.as_ref().is_some_and(is) {
            return (true, Told::new("trust-own").with("signer", signer));
        }
        if self.fingerprints.is_empty() && self.certificates.is_empty() {
            return (false, Told::new("trust-nobody").with("signer", signer));
        }
        if self.fingerprints.iter().any(is) {
            return (true, Told::new("trust-fingerprint").with("signer", signer));
        }
        if self.certificates.contains(&signature.certificate_der) {
            return (true, Told::new("trust-certificate").with("signer", signer));
        }
        let mut reasons = Vec::new();
        for der in &self.certificates {
            match issued(signature, der) {
                Ok(issuer) => {
                    return (true, Told::new("trust-issued").with("signer", signer).with("issuer", issuer));
                }
                Err(why) => reasons.push(why),
            }
        }
        if reasons.is_empty() {
            return (false, Told::new("trust-none").with("signer", signer));
        }
        (false, Told::new("trust-none-because").with("signer", signer).with("why", reasons.join("; ")))
    }
}

fn issued(signature: &Signature, der: &[u8]) -> Result<String, String> {
    let issuer = x509::from_der(der)?;
    let name = issuer.tbs_certificate.subject.to_string();
    x509::issued_by(&signature.certificate, &issuer)
        .and_then(|()| x509::valid_at(&issuer, signature.signing_time))
        .map_err(|why| format!("{name}: {why}"))?;
    Ok(name)
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
}
