//! Signing certificates (RFC 5280): read strictly, made, and held against keys, dates and issuers.

use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use const_oid::ObjectIdentifier as Oid;
use der::asn1::{GeneralizedTime, UtcTime};
use der::{Decode, DecodePem, Encode};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use rand::TryRng;
use sha2::{Digest, Sha256};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::Certificate;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

const ECDSA_WITH_SHA256: Oid = Oid::new_unwrap("1.2.840.10045.4.3.2");
/// keyUsage, basicConstraints, extKeyUsage: the extensions that may be critical (RFC 5280 §4.2).
const CRITICAL_KNOWN: [Oid; 3] =
    [Oid::new_unwrap("2.5.29.15"), Oid::new_unwrap("2.5.29.19"), Oid::new_unwrap("2.5.29.37")];
/// anyExtendedKeyUsage, id-kp-emailProtection (RFC 5280 §4.2.1.12), id-kp-documentSigning (RFC 9336): what a key for documents
/// may be restricted to.
const FOR_DOCUMENTS: [Oid; 3] =
    [Oid::new_unwrap("2.5.29.37.0"), Oid::new_unwrap("1.3.6.1.5.5.7.3.4"), Oid::new_unwrap("1.3.6.1.5.5.7.3.36")];
const BACKDATED: Duration = Duration::from_secs(24 * 3600);
const LIFETIME: Duration = Duration::from_secs(3652 * 24 * 3600);

/// `sha256:` and the digest of `bytes` in lower-case hexadecimal.
pub fn sha256_text(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
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
        found.push(der);
        rest = &block[end..];
    }
    if found.is_empty() { Err("it holds no certificate".into()) } else { Ok(found) }
}

/// The P-256 key of a certificate.
pub(super) fn public_key(certificate: &Certificate) -> Result<VerifyingKey, String> {
    let spki = certificate.tbs_certificate.subject_public_key_info.to_der().map_err(|e| e.to_string())?;
    VerifyingKey::from_public_key_der(&spki).map_err(|_| "its key is not on the curve P-256".into())
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
    if purposes.is_some_and(|(_, purposes)| !purposes.0.iter().any(|oid| FOR_DOCUMENTS.contains(oid))) {
        return Err("its extKeyUsage does not allow signatures of documents".into());
    }
    match certificate.tbs_certificate.get::<KeyUsage>().map_err(|e| e.to_string())? {
        Some((_, usage)) if !usage.digital_signature() && !usage.non_repudiation() => {
            Err("its keyUsage does not allow signatures".into())
        }
        _ => Ok(()),
    }
}

/// Whether `issuer` issued `certificate`: name, CA, keyUsage, no critical extension that is not understood, and the signature.
pub(super) fn issued_by(certificate: &Certificate, issuer: &Certificate) -> Result<(), String> {
    let (tbs, by) = (&certificate.tbs_certificate, &issuer.tbs_certificate);
    if tbs.issuer != by.subject {
        return Err("its issuer has another name".into());
    }
    match by.get::<BasicConstraints>().map_err(|e| e.to_string())? {
        Some((_, constraints)) if constraints.ca => {}
        _ => return Err("the issuer is no certification authority".into()),
    }
    if by.get::<KeyUsage>().map_err(|e| e.to_string())?.is_some_and(|(_, usage)| !usage.key_cert_sign()) {
        return Err("the issuer's keyUsage does not allow certificates".into());
    }
    let unknown = |c: &x509_cert::TbsCertificate| {
        c.extensions.iter().flatten().any(|e| e.critical && !CRITICAL_KNOWN.contains(&e.extn_id))
    };
    if unknown(tbs) || unknown(by) {
        return Err("a critical extension is not understood".into());
    }
    if certificate.signature_algorithm.oid != ECDSA_WITH_SHA256 || tbs.signature != certificate.signature_algorithm {
        return Err("it is not signed with ecdsa-with-SHA256, the only algorithm this version checks".into());
    }
    let signed = tbs.to_der().map_err(|e| e.to_string())?;
    let bits = certificate.signature.as_bytes().ok_or("its signature is cut off")?;
    let signature = DerSignature::try_from(bits).map_err(|_| "its signature is malformed")?;
    public_key(issuer)?.verify(&signed, &signature).map_err(|_| "the issuer's key did not sign it".into())
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

/// A new P-256 key with a self-signed certificate that is valid for ten years, starting a day before `now`.
pub(super) fn self_signed(now: SystemTime) -> Result<(SigningKey, Certificate), String> {
    let key = new_key()?;
    let spki = SubjectPublicKeyInfoOwned::from_key(*key.verifying_key()).map_err(|e| e.to_string())?;
    let short = hex(&Sha256::digest(spki.to_der().map_err(|e| e.to_string())?)[..8]);
    let subject = Name::from_str(&format!("CN=radera signing key {short}")).map_err(|e| e.to_string())?;
    let mut serial: [u8; 16] = random()?;
    // Positive and of full length, so that DER has one form of it.
    serial[0] = serial[0] & 0x7f | 0x40;
    let profile =
        Profile::Leaf { issuer: subject.clone(), enable_key_agreement: false, enable_key_encipherment: false };
    let validity = Validity { not_before: time(now - BACKDATED)?, not_after: time(now + LIFETIME)? };
    let serial = SerialNumber::new(&serial).map_err(|e| e.to_string())?;
    let certificate = CertificateBuilder::new(profile, serial, validity, subject, spki, &key)
        .and_then(|builder| builder.build::<DerSignature>())
        .map_err(|e| e.to_string())?;
    Ok((key, certificate))
}

fn new_key() -> Result<SigningKey, String> {
    loop {
        // All but 2^-32 of the 32-byte strings are scalars of the curve.
        if let Ok(key) = SigningKey::from_slice(&random::<32>()?) {
            return Ok(key);
        }
    }
}

/// `N` bytes from the kernel's random number generator.
pub fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|e| format!("the kernel's random number generator failed: {e}"))?;
    Ok(bytes)
}
