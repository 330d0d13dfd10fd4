//! What is asked of an authority and what it answers (RFC 3161 §2.4), as ASN.1.

use const_oid::ObjectIdentifier as Oid;
use der::asn1::{Int, OctetString, Uint};
use der::{Any, Decode, Encode, Sequence, Tag, Tagged};
use spki::AlgorithmIdentifierOwned as Identifier;
use x509_cert::ext::Extension;

use super::super::algorithm::Digest;

/// The longest answer that is read, in bytes.
pub(super) const ANSWER_LIMIT: u64 = 1 << 20;

/// MessageImprint.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Imprint {
    algorithm: Identifier,
    digest: OctetString,
}

/// TimeStampReq, with any policy, and with the authority's certificate wanted in the token.
#[derive(Sequence)]
struct Request {
    version: u8,
    imprint: Imprint,
    nonce: Uint,
    certificate: bool,
}

/// PKIStatusInfo (RFC 4210 §5.2.3).
#[derive(Sequence)]
struct Status {
    status: u8,
    #[asn1(optional = "true")]
    text: Option<Vec<String>>,
    #[asn1(optional = "true")]
    failure: Option<der::asn1::BitString>,
}

/// TimeStampResp.
#[derive(Sequence)]
struct Response {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

/// Accuracy.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<Uint>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<u16>,
}

fn unordered() -> bool {
    false
}

/// TSTInfo (RFC 3161 §2.4.2).
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct TstInfo {
    version: u8,
    policy: Oid,
    imprint: Imprint,
    serial: Int,
    gen_time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "unordered")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

/// What a token says.
pub(super) struct Info {
    read: TstInfo,
    time: String,
}

impl Info {
    /// Reads a TSTInfo; one with a critical extension is refused, since none is known.
    pub(super) fn read(der: &[u8]) -> Result<Self, String> {
        let read = TstInfo::from_der(der).map_err(|e| format!("what it says can't be read ({e})"))?;
        if read.version != 1 || read.extensions.iter().flatten().any(|extension| extension.critical) {
            return Err("it says something that is not understood".into());
        }
        if read.gen_time.tag() != Tag::GeneralizedTime {
            return Err("it says no time".into());
        }
        let time = String::from_utf8(read.gen_time.value().to_vec()).map_err(|_| "it says no time")?;
        Ok(Info { read, time })
    }

    /// Its time, as it stands there.
    pub(super) fn gen_time(&self) -> &str {
        &self.time
    }

    /// Whether it was made over that SHA-256 digest.
    pub(super) fn is_over(&self, digest: &[u8]) -> bool {
        Digest::named(&self.read.imprint.algorithm) == Some(Digest::Sha256)
            && self.read.imprint.digest.as_bytes() == digest
    }
}

/// Seconds since 1970 of a GeneralizedTime in the form of RFC 3161 §2.4.2: UTC, seconds, perhaps a fraction (which is dropped).
pub(super) fn unix_seconds(text: &str) -> Option<u64> {
    let (whole, fraction) = match text.strip_suffix('Z')?.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.strip_suffix('Z')?, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || fraction.is_some_and(|f| !digits(f) || f.len() > 9) {
        return None;
    }
    let value = Any::new(Tag::GeneralizedTime, format!("{whole}Z").into_bytes()).ok()?;
    let time: der::asn1::GeneralizedTime = value.decode_as().ok()?;
    Some(time.to_unix_duration().as_secs())
}

/// The request for a stamp over a SHA-256 digest.
pub(super) fn request(digest: &[u8], nonce: &[u8]) -> der::Result<Vec<u8>> {
    let imprint = Imprint { algorithm: Digest::Sha256.identifier(), digest: OctetString::new(digest)? };
    Request { version: 1, imprint, nonce: Uint::new(nonce)?, certificate: true }.to_der()
}

/// Whether the token carries that nonce.
pub(super) fn is_nonce(info: &Info, nonce: &[u8]) -> bool {
    let expected = Uint::new(nonce).and_then(|number| number.to_der());
    let found = info.read.nonce.as_ref().map(Encode::to_der);
    matches!((expected, found), (Ok(expected), Some(Ok(found))) if expected == found)
}

/// The token in an answer.
///
/// # Errors
/// Why there is none, with what the authority says.
pub(super) fn token(answer: &[u8]) -> Result<Vec<u8>, String> {
    if answer.len() as u64 > ANSWER_LIMIT {
        return Err("the answer is longer than 1 MiB".into());
    }
    let response = Response::from_der(answer).map_err(|e| format!("the answer is no TimeStampResp ({e})"))?;
    // granted, grantedWithMods
    if response.status.status > 1 {
        let said: String = response.status.text.unwrap_or_default().join("; ").chars().take(300).collect();
        return Err(format!("the authority refused (status {}{})", response.status.status, prefixed(&said)));
    }
    let token = response.token.ok_or("the answer holds no time stamp")?;
    token.to_der().map_err(|e| e.to_string())
}

fn prefixed(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// ESSCertIDv2 (RFC 5035 §4).
#[derive(Sequence)]
struct Reference {
    #[asn1(optional = "true")]
    algorithm: Option<Identifier>,
    digest: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<IssuerSerial>,
}

/// IssuerSerial (RFC 5035 §5): not looked at, since the digest says it all.
#[derive(Sequence)]
struct IssuerSerial {
    issuer: Any,
    serial: Int,
}

/// SigningCertificateV2 (RFC 5035 §3).
#[derive(Sequence)]
pub(super) struct SigningCertificate {
    certs: Vec<Reference>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

impl SigningCertificate {
    /// Whether the first of them is the certificate with that DER.
    pub(super) fn is_of(&self, der: &[u8]) -> bool {
        self.certs.first().is_some_and(|first| {
            let digest = first.algorithm.as_ref().map_or(Some(Digest::Sha256), Digest::named);
            digest.is_some_and(|digest| digest.of(der) == first.digest.as_bytes())
        })
    }
}

/// ESSCertID (RFC 2634 §5.4).
#[derive(Sequence)]
struct LegacyReference {
    digest: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<IssuerSerial>,
}

/// SigningCertificate (RFC 2634 §5.4).
#[derive(Sequence)]
pub(super) struct LegacySigningCertificate {
    certs: Vec<LegacyReference>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

impl LegacySigningCertificate {
    /// Whether the first of them is the certificate with that SHA-1 digest.
    pub(super) fn is_of(&self, digest: &[u8]) -> bool {
        self.certs.first().is_some_and(|first| first.digest.as_bytes() == digest)
    }
}
