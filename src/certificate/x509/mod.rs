//! Signing certificates (RFC 5280): read strictly, made, and held against keys, dates and issuers.

mod make;
mod subject;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use const_oid::ObjectIdentifier as Oid;
use der::asn1::{GeneralizedTime, UtcTime};
use der::{Decode, DecodePem, Encode};
use rand::TryRng;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::time::Time;

use super::algorithm::{self, sha256};

pub(super) use make::self_signed;
pub(super) use subject::{kind, name};

/// keyUsage, basicConstraints, certificatePolicies, extKeyUsage: the extensions that may be critical (RFC 5280 §4.2). Any policy will
/// do, so that policies need no further look. Name constraints are not understood, and so refused.
const CRITICAL_KNOWN: [Oid; 4] = [
    Oid::new_unwrap("2.5.29.15"),
    Oid::new_unwrap("2.5.29.19"),
    Oid::new_unwrap("2.5.29.32"),
    Oid::new_unwrap("2.5.29.37"),
];
const NAME_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.30");
/// The most certificates that one file may hold.
const MOST_CERTIFICATES: usize = 64;

/// What a key is certified for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Signatures of documents.
    Documents,
    /// Time stamps (RFC 3161 §2.3).
    TimeStamps,
}

impl Purpose {
    /// The extended key usages that do. For documents: anyExtendedKeyUsage, id-kp-emailProtection (RFC 5280 §4.2.1.12),
    /// id-kp-documentSigning (RFC 9336).
    fn usages(self) -> &'static [Oid] {
        const ANY: Oid = Oid::new_unwrap("2.5.29.37.0");
        const FOR_DOCUMENTS: [Oid; 3] =
            [ANY, Oid::new_unwrap("1.3.6.1.5.5.7.3.4"), Oid::new_unwrap("1.3.6.1.5.5.7.3.36")];
        const FOR_TIME_STAMPS: [Oid; 2] = [ANY, TIME_STAMPING];
        match self {
            Purpose::Documents => &FOR_DOCUMENTS,
            Purpose::TimeStamps => &FOR_TIME_STAMPS,
        }
    }
}

const TIME_STAMPING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.8");
const EXTENDED_KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.37");

/// `sha256:` and the digest of `bytes` in lower-case hexadecimal.
pub fn sha256_text(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&sha256(bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// `sha256:` and the digest of the certificate's DER. One that has none has no fingerprint either: the text is none of any.
pub(super) fn fingerprint(certificate: &Certificate) -> String {
    certificate.to_der().map(|der| sha256_text(&der)).unwrap_or_default()
}

/// Reads one certificate and insists that `der` is its DER, to the byte.
pub(super) fn from_der(der: &[u8]) -> Result<Certificate, String> {
    let certificate = Certificate::from_der(der).map_err(|e| e.to_string())?;
    match certificate.to_der() {
        Ok(again) if again == der => Ok(certificate),
        _ => Err("not strict DER".into()),
    }
}

/// The DER of every certificate in `bytes`, a file in PEM or DER; never empty.
pub(super) fn from_file(bytes: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN ")) else {
        return from_der(bytes).map(|_| vec![bytes.to_vec()]);
    };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(BEGIN) {
        let block = &rest[start..];
        let end = block.find(END).ok_or("a PEM block has no end")? + END.len();
        let certificate = Certificate::from_pem(&block[..end]).map_err(|e| e.to_string())?;
        let der = certificate.to_der().map_err(|e| e.to_string())?;
        if found.len() == MOST_CERTIFICATES {
            return Err(format!("it holds more than {MOST_CERTIFICATES} certificates"));
        }
        found.push(der);
        rest = &block[end..];
    }
    if found.is_empty() { Err("it holds no certificate".into()) } else { Ok(found) }
}

/// Whether the certificate is valid at `at`, in seconds since 1970; the error says from when to when it is.
pub(super) fn valid_at(certificate: &Certificate, at: u64) -> Result<(), String> {
    let validity = &certificate.tbs_certificate.validity;
    let (from, until) = (validity.not_before.to_unix_duration(), validity.not_after.to_unix_duration());
    if (from.as_secs()..=until.as_secs()).contains(&at) {
        Ok(())
    } else {
        Err(format!("it is valid from {} to {}", validity.not_before, validity.not_after))
    }
}

/// Whether the key may sign documents: no keyUsage, or one with digitalSignature or nonRepudiation; no extKeyUsage, or one for
/// documents.
pub(super) fn may_sign(certificate: &Certificate) -> Result<(), String> {
    let purposes = certificate.tbs_certificate.get::<ExtendedKeyUsage>().map_err(|e| e.to_string())?;
    if purposes.is_some_and(|(_, purposes)| !purposes.0.iter().any(|oid| Purpose::Documents.usages().contains(oid))) {
        return Err("its extKeyUsage does not allow signatures of documents".into());
    }
    usage_allows_signatures(certificate)
}

/// Whether the key may make time stamps, and nothing else: extKeyUsage is critical and timeStamping alone (RFC 3161 §2.3).
pub(super) fn may_stamp(certificate: &Certificate) -> Result<(), String> {
    let tbs = &certificate.tbs_certificate;
    let critical = tbs.extensions.iter().flatten().any(|e| e.extn_id == EXTENDED_KEY_USAGE && e.critical);
    match tbs.get::<ExtendedKeyUsage>().map_err(|e| e.to_string())? {
        Some((_, purposes)) if critical && purposes.0 == [TIME_STAMPING] => usage_allows_signatures(certificate),
        _ => Err("its extKeyUsage is not critical and timeStamping alone".into()),
    }
}

fn usage_allows_signatures(certificate: &Certificate) -> Result<(), String> {
    match certificate.tbs_certificate.get::<KeyUsage>().map_err(|e| e.to_string())? {
        Some((_, usage)) if !usage.digital_signature() && !usage.non_repudiation() => {
            Err("its keyUsage does not allow signatures".into())
        }
        _ => Ok(()),
    }
}

/// Whether `issuer` issued `certificate`: name, CA with room for `below` more authorities under it (pathLenConstraint), keyUsage, a
/// purpose that it may certify for, no critical extension that is not understood, and the signature.
pub(super) fn issued_by(
    certificate: &Certificate,
    issuer: &Certificate,
    below: usize,
    purpose: Purpose,
) -> Result<(), String> {
    let (tbs, by) = (&certificate.tbs_certificate, &issuer.tbs_certificate);
    if tbs.issuer != by.subject {
        return Err("its issuer has another name".into());
    }
    match by.get::<BasicConstraints>().map_err(|e| e.to_string())? {
        Some((_, constraints)) if constraints.ca => {
            if constraints.path_len_constraint.is_some_and(|most| below > usize::from(most)) {
                return Err("the issuer may not have so many authorities below it (pathLenConstraint)".into());
            }
        }
        _ => return Err("the issuer is no certification authority".into()),
    }
    if by.get::<KeyUsage>().map_err(|e| e.to_string())?.is_some_and(|(_, usage)| !usage.key_cert_sign()) {
        return Err("the issuer's keyUsage does not allow certificates".into());
    }
    let purposes = by.get::<ExtendedKeyUsage>().map_err(|e| e.to_string())?;
    if purposes.is_some_and(|(_, purposes)| !purposes.0.iter().any(|oid| purpose.usages().contains(oid))) {
        return Err("the issuer's extKeyUsage is for other purposes".into());
    }
    for found in [tbs, by] {
        understood(found)?;
    }
    signed_by(certificate, issuer)
}

/// Whether the key of `issuer` signed `certificate`, which names it as its issuer.
pub(super) fn signed_by(certificate: &Certificate, issuer: &Certificate) -> Result<(), String> {
    let (tbs, by) = (&certificate.tbs_certificate, &issuer.tbs_certificate);
    if tbs.issuer != by.subject {
        return Err("its issuer has another name".into());
    }
    if tbs.signature != certificate.signature_algorithm {
        return Err("it names two signature algorithms".into());
    }
    let signed = tbs.to_der().map_err(|e| e.to_string())?;
    let bits = certificate.signature.as_bytes().ok_or("its signature is cut off")?;
    algorithm::verify(&by.subject_public_key_info, &certificate.signature_algorithm, None, &signed, bits)
        .map_err(|why| format!("the issuer's key did not sign it: {why}"))
}

/// No extension stands there twice, none that is critical is unknown, and none constrains names (RFC 5280 §4.2).
fn understood(found: &x509_cert::TbsCertificate) -> Result<(), String> {
    let extensions = found.extensions.as_deref().unwrap_or_default();
    for (at, extension) in extensions.iter().enumerate() {
        let unknown = extension.critical && !CRITICAL_KNOWN.contains(&extension.extn_id);
        if unknown || extension.extn_id == NAME_CONSTRAINTS {
            return Err(format!("a critical extension is not understood ({})", extension.extn_id));
        }
        if extensions[..at].iter().any(|other| other.extn_id == extension.extn_id) {
            return Err(format!("an extension stands there twice ({})", extension.extn_id));
        }
    }
    Ok(())
}

/// RFC 5652 §11.3 and RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on; whole seconds.
pub(super) fn time(at: SystemTime) -> Result<Time, String> {
    let seconds = Duration::from_secs(unix_seconds(at)?);
    match UtcTime::from_unix_duration(seconds) {
        Ok(time) => Ok(Time::UtcTime(time)),
        Err(_) => GeneralizedTime::from_unix_duration(seconds).map(Time::GeneralTime).map_err(|e| e.to_string()),
    }
}

/// Seconds since 1970.
pub(super) fn unix_seconds(at: SystemTime) -> Result<u64, String> {
    at.duration_since(UNIX_EPOCH).map(|d| d.as_secs()).map_err(|_| "the clock stands before 1970".into())
}

/// `N` bytes from the kernel's random number generator.
pub fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|e| format!("the kernel's random number generator failed: {e}"))?;
    Ok(bytes)
}
