//! Keys from PKCS#12 files (RFC 7292), kept as they came: encrypted.
//!
//! `<state>/keys/imported/<digits>/` holds `key.p12` and `certificate.pem`, the certificate with its chain; of a key on a token the latter
//! alone. The digits are those of the certificate's fingerprint.

use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use der::EncodePem;
use der::pem::LineEnding;
use p12_keystore::Pkcs12Archive;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::super::{chain, x509};
use super::active::digits;
use super::local::{LocalError, LocalKey};
use super::pin::Pin;
use super::signer::KeySigner;
use super::{files, own};
use crate::problem::Problem;

/// The most rounds of a key derivation that are gone through: a hostile file could ask for hours.
const MOST_ROUNDS: u64 = 10_000_000;
/// The most certificates and keys of one file.
const MOST_BAGS: usize = 64;

/// Why a file gives no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ImportError {
    /// The PIN is another one, or the file was changed.
    #[error("the PIN is wrong, or the file is damaged")]
    Pin,
    /// It can't be used.
    #[error("{0}")]
    Unfit(String),
}

/// The key in the bytes of a PKCS#12 file, with the certificate that fits it, and the chain that the file holds.
pub(super) fn decode(bytes: &[u8], pin: &Pin) -> Result<KeySigner, ImportError> {
    let unfit = |why: &str| ImportError::Unfit(why.into());
    if !rounds_are_bounded(bytes, 0) {
        return Err(unfit("it is no PKCS#12 file in DER, or asks for too many rounds of key derivation"));
    }
    use p12_keystore::error::Error;
    let archive = Pkcs12Archive::from_pkcs12(bytes, pin.text()).map_err(|e| match e {
        // Without a MAC only the padding tells.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => ImportError::Pin,
        other => ImportError::Unfit(format!("it is no PKCS#12 file in DER, or is damaged ({other})")),
    })?;
    if archive.certs.len() > MOST_BAGS || archive.keys.len() > MOST_BAGS {
        return Err(unfit("it holds too many keys and certificates"));
    }
    let certificates: Vec<Certificate> =
        archive.certs.iter().filter_map(|bag| x509::from_der(bag.cert.as_der()).ok()).collect();
    let mut found = Vec::new();
    let mut reasons = Vec::new();
    for bag in &archive.keys {
        for certificate in &certificates {
            match LocalKey::from_pkcs8(bag.key.as_der(), certificate) {
                Ok(key) => found.push((key, certificate)),
                Err(LocalError::Other) => {}
                Err(LocalError::Malformed(why)) if !reasons.contains(&why) => reasons.push(why),
                Err(LocalError::Malformed(_)) => {}
            }
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some((key, certificate)), None) => {
            let chain = chain::above(certificate, &certificates);
            KeySigner::new(Box::new(key), certificate.clone(), chain).map_err(ImportError::Unfit)
        }
        (None, _) if reasons.is_empty() => Err(unfit("it holds no private key with a certificate that fits it")),
        (None, _) => Err(ImportError::Unfit(format!("it holds no key that can be used: {}", reasons.join("; ")))),
        (Some(_), Some(_)) => Err(unfit("it holds several keys with certificates; export the one to be used alone")),
    }
}

/// Whether no number in the DER that may be a count of rounds is above [`MOST_ROUNDS`]: an INTEGER that follows an OCTET STRING (the salt),
/// or another number (N, r and p of scrypt). Looks into octet strings, since the parts are nested in them.
pub(super) fn rounds_are_bounded(der: &[u8], depth: usize) -> bool {
    use der::{Reader, SliceReader, Tag, Tagged, asn1::AnyRef};
    if depth > 24 {
        return false;
    }
    let Ok(mut reader) = SliceReader::new(der) else { return false };
    let mut before = None;
    while !reader.is_finished() {
        let Ok(value) = reader.decode::<AnyRef<'_>>() else { return false };
        let tag = value.tag();
        let fine = match tag {
            Tag::Integer if matches!(before, Some(Tag::OctetString | Tag::Integer)) => {
                let short = value.value().len() <= 8;
                let number = value.value().iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
                short && number <= MOST_ROUNDS
            }
            // An octet string need not hold DER; what does is looked into.
            Tag::OctetString if looks_like_der(value.value()) => rounds_are_bounded(value.value(), depth + 1),
            _ if tag.is_constructed() => rounds_are_bounded(value.value(), depth + 1),
            _ => true,
        };
        if !fine {
            return false;
        }
        before = Some(tag);
    }
    true
}

/// One SEQUENCE, exactly.
fn looks_like_der(bytes: &[u8]) -> bool {
    use der::{Decode, Tagged, asn1::AnyRef};
    AnyRef::from_der(bytes).is_ok_and(|value| value.tag() == der::Tag::Sequence)
}

/// Where the parts of an imported key lie.
pub(super) fn place(keys: &Path, fingerprint: &str) -> Option<PathBuf> {
    digits(fingerprint).map(|digits| keys.join("imported").join(digits))
}

/// Keeps a certificate with its chain, and the encrypted file with its key, if it is in one.
pub(super) fn keep(
    keys: &Path,
    fingerprint: &str,
    certificates: &[Certificate],
    file: Option<&[u8]>,
) -> Result<(), Problem> {
    let failed = |why: &dyn std::fmt::Display| {
        Problem::error(
            format!("the key can't be kept in {}: {why}", keys.join("imported").display()),
            "See to it that the state directory can be written to and has room.",
        )
    };
    let place = place(keys, fingerprint).ok_or_else(|| failed(&"its fingerprint is none"))?;
    let above = keys.join("imported");
    let mut pem = String::new();
    for certificate in certificates {
        pem.push_str(&certificate.to_pem(LineEnding::LF).map_err(|e| failed(&e))?);
    }
    files::make_directory(&above).map_err(|e| failed(&e))?;
    for directory in [keys, &above] {
        files::private_directory(directory)?;
    }
    let write = || -> std::io::Result<()> {
        match DirBuilder::new().mode(0o700).create(&place) {
            Err(e) if e.kind() != ErrorKind::AlreadyExists => return Err(e),
            _ => {}
        }
        files::replace(&place.join("certificate.pem"), pem.as_bytes())?;
        if let Some(file) = file {
            files::replace(&place.join("key.p12"), file)?;
        }
        File::open(&above)?.sync_all()
    };
    write().map_err(|e| failed(&e))
}

/// The certificate of an imported key and its chain, as they were kept.
pub(super) fn certificates(keys: &Path, fingerprint: &str) -> Result<(Certificate, Vec<Certificate>), Problem> {
    let gone = || {
        Problem::error(
            format!("the key {fingerprint} that is to be used is not among the imported ones"),
            "Import it again, or choose another key.",
        )
    };
    let place = place(keys, fingerprint).ok_or_else(gone)?;
    for directory in [&keys.join("imported"), &place] {
        if !files::private_directory(directory)? {
            return Err(gone());
        }
    }
    own::read_certificates(&place.join("certificate.pem"))
}

/// The encrypted file of an imported key.
pub(super) fn file(keys: &Path, fingerprint: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    certificates(keys, fingerprint)?;
    let place = place(keys, fingerprint).unwrap_or_default();
    files::read(&place.join("key.p12"), true).map(Zeroizing::new)
}

/// The fingerprints of all certificates in a directory of `former` or `imported` keys that can be read.
pub(super) fn fingerprints(directory: &Path) -> Vec<String> {
    let Ok(true) = files::private_directory(directory) else { return Vec::new() };
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let file = if path.is_dir() { path.join("certificate.pem") } else { path };
            let (certificate, _) = own::read_certificates(&file).ok()?;
            der::Encode::to_der(&certificate).ok().map(|der| x509::sha256_text(&der))
        })
        .collect();
    found.sort();
    found
}
