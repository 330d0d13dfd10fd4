//! Time stamps of signatures (RFC 3161): got from an authority, and verified.
//!
//! A token is kept as it came, byte for byte. The authority's signature covers its TSTInfo and its signed attributes, these cover the
//! authority's certificate by its digest, and the TSTInfo covers the signature value of the document. Nothing covers the rest: the
//! other certificates in it, revocation lists, unsigned attributes, version numbers, the list of digest algorithms, how lengths and
//! identifiers of algorithms are written, and the second valid form of an ECDSA value. A change there makes the token unreadable,
//! takes away a path to a trusted authority, or changes nothing of what is said.

mod form;
mod http;

use std::time::SystemTime;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier as Oid;
use der::asn1::OctetString;
use der::{Any, Decode, Encode};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::algorithm::{self, Digest, sha1, sha256};
use super::x509;
use form::{Info, LegacySigningCertificate, SigningCertificate, unix_seconds};

pub use http::HttpAuthority;

/// By how much the clocks of a station and of an authority may differ, in seconds.
pub(super) const CLOCKS_DIFFER: u64 = 24 * 3600;
/// The longest token that is kept, in bytes, so that a signature with it stays within its own limit.
const TOKEN_LIMIT: usize = 32 << 10;
/// The most certificates in a token.
const MOST_CERTIFICATES: usize = 16;

const ID_SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo (RFC 3161 §2.4.2).
const ID_TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Gives time stamps.
pub trait Authority: Send + Sync {
    /// Its address.
    fn url(&self) -> &str;
    /// The TimeStampResp (DER) to a TimeStampReq (DER).
    ///
    /// # Errors
    /// Why there is no answer, in words that end a sentence.
    fn stamp(&self, request_der: &[u8]) -> Result<Vec<u8>, String>;
}

/// A time stamp that holds: a signature stood at that time, says the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStamp {
    /// The time that it says, in seconds since 1970.
    pub time: u64,
    /// The name of the authority, as in its certificate.
    pub authority: String,
    /// DER of the authority's certificate.
    pub certificate_der: Vec<u8>,
    /// `sha256:` and the digest of that DER.
    pub fingerprint: String,
    /// DER of the other certificates in the token; nothing covers them.
    pub chain_der: Vec<Vec<u8>>,
    pub(super) certificate: Certificate,
    pub(super) chain: Vec<Certificate>,
}

/// Gets a time stamp over the signature `value`: its token, as it came, and verified.
///
/// # Errors
/// Why there is none, in words that end a sentence.
pub(super) fn get(authority: &dyn Authority, value: &[u8], now: SystemTime) -> Result<Vec<u8>, String> {
    let nonce: [u8; 16] = x509::random()?;
    let request = form::request(&sha256(value), &nonce).map_err(|e| e.to_string())?;
    let token = form::token(&authority.stamp(&request)?)?;
    let (stamp, info) = verify_token(&token, value)?;
    if !form::is_nonce(&info, &nonce) {
        return Err("the answer belongs to another request (its nonce is another one)".into());
    }
    if stamp.time.abs_diff(x509::unix_seconds(now)?) > CLOCKS_DIFFER {
        return Err(format!(
            "the authority's time ({}) and this station's differ by more than a day; check the clock",
            info.gen_time()
        ));
    }
    Ok(token)
}

/// Verifies a token over the signature `value`: its imprint, its signature, and that the key of the authority is for time stamps alone
/// and was valid then.
///
/// # Errors
/// What does not hold. Whose key it is, is not looked at here.
pub(super) fn verify(token: &[u8], value: &[u8]) -> Result<TimeStamp, String> {
    verify_token(token, value).map(|(stamp, _)| stamp)
}

fn verify_token(token: &[u8], value: &[u8]) -> Result<(TimeStamp, Info), String> {
    let data = parse(token)?;
    let content = content(&data)?;
    let [signer] = data.signer_infos.0.as_slice() else { return Err("it has not exactly one signer".into()) };
    let certificates = certificates(&data)?;
    let signed = signer.signed_attrs.as_ref().ok_or("it has no signed attributes")?;
    let digest = Digest::named(&signer.digest_alg).ok_or("its digest algorithm is none of the SHA-2 family")?;
    check_attributes(signed, &digest.of(&content))?;
    let by = certificates
        .iter()
        .find(|c| is_signer(signer, c) && is_referred_to(signed, c))
        .ok_or("the certificate that it was signed with is not in it")?;
    let message = signed.to_der().map_err(|e| e.to_string())?;
    let key = &by.tbs_certificate.subject_public_key_info;
    algorithm::verify(key, &signer.signature_algorithm, Some(digest), &message, signer.signature.as_bytes())?;
    x509::may_stamp(by).map_err(|why| format!("the authority's certificate: {why}"))?;
    let info = Info::read(&content)?;
    if !info.is_over(&sha256(value)) {
        return Err("it was made over another signature".into());
    }
    let time = unix_seconds(info.gen_time()).ok_or_else(|| format!("its time {:?} can't be read", info.gen_time()))?;
    x509::valid_at(by, time).map_err(|why| format!("the authority's certificate: {why}"))?;
    let der = |c: &Certificate| c.to_der().map_err(|e| e.to_string());
    let chain: Vec<Certificate> = certificates.iter().filter(|c| *c != by).cloned().collect();
    let certificate_der = der(by)?;
    let stamp = TimeStamp {
        time,
        authority: by.tbs_certificate.subject.to_string(),
        fingerprint: x509::sha256_text(&certificate_der),
        certificate_der,
        chain_der: chain.iter().map(der).collect::<Result<_, _>>()?,
        certificate: by.clone(),
        chain,
    };
    Ok((stamp, info))
}

fn parse(token: &[u8]) -> Result<SignedData, String> {
    if token.len() > TOKEN_LIMIT {
        return Err("it is longer than 32 KiB".into());
    }
    let malformed = |e: der::Error| format!("it is no time stamp, or damaged ({e})");
    let info = ContentInfo::from_der(token).map_err(malformed)?;
    if info.content_type != ID_SIGNED_DATA {
        return Err("it is no SignedData".into());
    }
    info.content.decode_as().map_err(malformed)
}

/// The DER of the TSTInfo.
fn content(data: &SignedData) -> Result<Vec<u8>, String> {
    if data.encap_content_info.econtent_type != ID_TST_INFO {
        return Err("it is a signature over something else than a time".into());
    }
    let inside = data.encap_content_info.econtent.as_ref().ok_or("it holds no time")?;
    let octets: OctetString = inside.decode_as().map_err(|e| e.to_string())?;
    Ok(octets.into_bytes())
}

fn certificates(data: &SignedData) -> Result<Vec<Certificate>, String> {
    let found = data.certificates.as_ref().map_or(&[][..], |set| set.0.as_slice());
    if found.len() > MOST_CERTIFICATES {
        return Err(format!("it holds {} certificates", found.len()));
    }
    let plain = |choice: &CertificateChoices| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    };
    Ok(found.iter().filter_map(plain).collect())
}

fn check_attributes(signed: &SignedAttributes, digest: &[u8]) -> Result<(), String> {
    let is = |oid, expected: der::Result<Any>| match (only_value(signed, oid), expected) {
        (Some(found), Ok(expected)) => *found == expected,
        _ => false,
    };
    if !is(CONTENT_TYPE, Any::encode_from(&ID_TST_INFO)) {
        return Err("its signed content type is another".into());
    }
    if !is(MESSAGE_DIGEST, OctetString::new(digest).and_then(|octets| Any::encode_from(&octets))) {
        return Err("it was changed after it was signed".into());
    }
    Ok(())
}

fn is_signer(signer: &SignerInfo, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == tbs.issuer && named.serial_number == tbs.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            tbs.get::<SubjectKeyIdentifier>().is_ok_and(|found| found.is_some_and(|(_, own)| own == *named))
        }
    }
}

/// Whether the first signed reference is to `certificate` (RFC 3161 §2.4.1, RFC 5816 §2.2.1). Where both kinds are there, both are.
fn is_referred_to(signed: &SignedAttributes, certificate: &Certificate) -> bool {
    let Ok(der) = certificate.to_der() else { return false };
    let newer = only_value(signed, SIGNING_CERTIFICATE_V2).map(|value| {
        let found: Option<SigningCertificate> = value.decode_as().ok();
        found.is_some_and(|found| found.is_of(&der))
    });
    let older = only_value(signed, SIGNING_CERTIFICATE).map(|value| {
        let found: Option<LegacySigningCertificate> = value.decode_as().ok();
        found.is_some_and(|found| found.is_of(&sha1(&der)))
    });
    match (newer, older) {
        (None, None) => false,
        (newer, older) => newer.unwrap_or(true) && older.unwrap_or(true),
    }
}

fn only_value(attributes: &SignedAttributes, oid: Oid) -> Option<&Any> {
    let mut with_oid = attributes.iter().filter(|a| a.oid == oid);
    match (with_oid.next().map(|a| a.values.as_slice()), with_oid.next()) {
        (Some([value]), None) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
