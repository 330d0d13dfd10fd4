//! CMS signatures (RFC 5652), detached: made and verified.
//!
//! One form only, so that no byte of a signature is free: it is rebuilt from the certificates, the signed attributes, the signature
//! value and the time stamp, and must come out the same. The attributes are signed; every certificate is bound to them by its digest
//! (RFC 5035); an ECDSA value is held to its low-S form, and an RSA value (PKCS#1 v1.5) has only one; everything else is constant. What
//! is not covered is a part of the time stamp, see [`super::stamp`].

mod parts;

use std::time::SystemTime;

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedAttributes, SignedData, SignerInfo};
use der::asn1::SetOfVec;
use der::{Any, Decode, Encode, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::time::Time;

use super::algorithm::{self, KeyKind};
use super::stamp::{self, TimeStamp};
use super::x509;
use crate::document::SignerKind;
use crate::words::Told;
use parts::{
    CONTENT_TYPE, ID_DATA, ID_SIGNED_DATA, MESSAGE_DIGEST, Reference, SIGNING_CERTIFICATE_V2, SIGNING_TIME,
    TIME_STAMP_TOKEN, assemble, encapsulated, identifier, octets,
};

/// The longest signature that is read, in bytes: a chain of RSA certificates and a time stamp with another take a third of it.
pub(super) const LIMIT: usize = 64 << 10;
/// The most certificates in a signature.
pub(super) const MOST_CERTIFICATES: usize = 8;

/// Which signed attributes a signature has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Beside a document: contentType, messageDigest, signingTime, signingCertificateV2.
    Detached,
    /// Inside a PDF (ETSI EN 319 142-1 §6.3, baseline): the same without signingTime, which the PDF has instead.
    Pdf,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Cut off, damaged, or something else altogether.
    #[error("the signature file is no detached CMS signature, is cut off or is damaged ({0})")]
    Malformed(String),
    /// CMS, but with parts or algorithms that such a signature never has, so that some of its bytes would be covered by nothing.
    #[error("the signature has another form than the one radera issues: {0}")]
    Form(String),
    /// Made over other bytes.
    #[error("the document was changed after it was signed, or the signature belongs to another document")]
    Content,
    /// The certificate in it is not the one it was signed with.
    #[error("the signing certificate does not fit the signature: {0}")]
    Certificate(String),
    /// The key of the certificate did not make it.
    #[error("the signature value was not made with the key of the signing certificate")]
    Value,
    /// Its time stamp does not hold.
    #[error("the time stamp in the signature does not hold: {0}")]
    Stamp(String),
}

impl CmsError {
    /// The same as a finding.
    pub fn told(&self) -> Told {
        match self {
            CmsError::Malformed(why) => Told::new("signature-malformed").with("why", why),
            CmsError::Form(why) => Told::new("signature-form").with("why", why),
            CmsError::Content => Told::new("signature-content"),
            CmsError::Certificate(why) => Told::new("signature-certificate").with("why", why),
            CmsError::Value => Told::new("signature-value"),
            CmsError::Stamp(why) => Told::new("signature-stamp").with("why", why),
        }
    }
}

impl Signature {
    /// Whether the signing certificate was valid at `at`, in seconds since 1970; the error says from when to when it is.
    ///
    /// # Errors
    /// That it was not.
    pub fn valid_at(&self, at: u64) -> Result<(), String> {
        x509::valid_at(&self.certificate, at)
    }
}

/// A signature that holds.
#[derive(Debug, Clone)]
pub struct Signature {
    /// DER of the signing certificate.
    pub certificate_der: Vec<u8>,
    /// `sha256:` and the digest of that DER.
    pub fingerprint: String,
    /// The signer's word on when it was made, in seconds since 1970; `None` in [`Form::Pdf`].
    pub signing_time: Option<u64>,
    /// DER of the other certificates in it, as the signer ordered them: the issuer first.
    pub chain_der: Vec<Vec<u8>>,
    /// A time stamp over the signature value that holds. Whose it is, is not looked at here.
    pub time_stamp: Option<TimeStamp>,
    /// Whose key it is, as far as the certificate says.
    pub kind: Option<SignerKind>,
    /// The name of the signer in the certificate.
    pub name: Option<String>,
    pub(super) certificate: Certificate,
    pub(super) chain: Vec<Certificate>,
}

/// What is signed, before it is: the signer, the chain below its root, and the attributes.
pub(super) struct Unsigned<'a> {
    by: &'a Certificate,
    chain: &'a [Certificate],
    kind: KeyKind,
    attributes: SignedAttributes,
}

impl<'a> Unsigned<'a> {
    /// A signature over `content` to be made at `now`.
    pub(super) fn new(
        content: &[u8],
        form: Form,
        by: &'a Certificate,
        chain: &'a [Certificate],
        now: SystemTime,
    ) -> Result<Self, String> {
        let kind = KeyKind::of(&by.tbs_certificate.subject_public_key_info)?;
        let time = match form {
            Form::Detached => Some(x509::time(now)?),
            Form::Pdf => None,
        };
        let digest = kind.digest().of(content);
        let attributes = parts::attributes(&digest, by, chain, time).map_err(|e| e.to_string())?;
        Ok(Unsigned { by, chain, kind, attributes })
    }

    /// The bytes that the key signs.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, String> {
        self.attributes.to_der().map_err(|e| e.to_string())
    }

    /// DER of the signature, with the value that the key made and the token of a time stamp over that value.
    pub(super) fn with(self, value: &[u8], token: Option<&[u8]>) -> Result<Vec<u8>, String> {
        let stamp = token.map(Any::from_der).transpose().map_err(|e| e.to_string())?;
        let certificates: Vec<_> = std::iter::once(self.by).chain(self.chain).cloned().collect();
        assemble(self.kind, self.by, &certificates, self.attributes, value, stamp).map_err(|e| e.to_string())
    }
}

/// Verifies that `signature` is a CMS signature over exactly `content`, in the one form that is issued. A time stamp in it must hold too.
///
/// # Errors
/// What does not hold. Whose key it is, is not looked at here.
pub fn verify(content: &[u8], signature: &[u8], form: Form) -> Result<Signature, CmsError> {
    let data = parse(signature)?;
    let signer = only_signer(&data)?;
    let certificates = certificates(&data)?;
    let by = certificates
        .iter()
        .find(|c| signer.sid == identifier(c))
        .ok_or_else(|| CmsError::Certificate("issuer and serial number are another certificate's".into()))?;
    let found = signer.signed_attrs.as_ref().ok_or_else(|| CmsError::Form("it has no signed attributes".into()))?;
    let kind = KeyKind::of(&by.tbs_certificate.subject_public_key_info).map_err(CmsError::Certificate)?;
    let value = signer.signature.as_bytes();
    let token = token(signer)?;
    let form_error = |e: der::Error| CmsError::Form(e.to_string());
    if assemble(kind, by, &certificates, found.clone(), value, token.cloned()).map_err(form_error)? != signature {
        return Err(CmsError::Form(difference(&data, signer, kind).into()));
    }
    let references = check_references(found, &certificates, by)?;
    let signing_time = check_attributes(&kind.digest().of(content), found, form)?;
    check_value(kind, by, &found.to_der().map_err(form_error)?, value)?;
    let time_stamp = match token {
        Some(token) => Some(check_stamp(&token.to_der().map_err(form_error)?, value, signing_time)?),
        None => None,
    };
    let certificate_der = by.to_der().map_err(form_error)?;
    let chain: Vec<Certificate> = references.into_iter().skip(1).cloned().collect();
    Ok(Signature {
        fingerprint: x509::sha256_text(&certificate_der),
        certificate_der,
        signing_time,
        chain_der: chain.iter().map(Encode::to_der).collect::<Result<_, _>>().map_err(form_error)?,
        time_stamp,
        kind: x509::kind(by),
        name: x509::name(by),
        certificate: by.clone(),
        chain,
    })
}

fn parse(signature: &[u8]) -> Result<SignedData, CmsError> {
    if signature.len() > LIMIT {
        return Err(CmsError::Malformed("it is longer than 64 KiB".into()));
    }
    let malformed = |e: der::Error| CmsError::Malformed(e.to_string());
    let info = ContentInfo::from_der(signature).map_err(malformed)?;
    if info.content_type != ID_SIGNED_DATA {
        return Err(CmsError::Malformed("its content is no SignedData".into()));
    }
    info.content.decode_as().map_err(malformed)
}

fn only_signer(data: &SignedData) -> Result<&SignerInfo, CmsError> {
    match data.signer_infos.0.as_slice() {
        [signer] => Ok(signer),
        others => Err(CmsError::Form(format!("it has {} signers instead of one", others.len()))),
    }
}

fn certificates(data: &SignedData) -> Result<Vec<Certificate>, CmsError> {
    let found = data.certificates.as_ref().map_or(&[][..], |set| set.0.as_slice());
    let plain = |choice: &CertificateChoices| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    };
    match found.iter().map(plain).collect::<Option<Vec<_>>>() {
        Some(all) if (1..=MOST_CERTIFICATES).contains(&all.len()) => Ok(all),
        Some(all) => Err(CmsError::Form(format!("it holds {} certificates", all.len()))),
        None => Err(CmsError::Form("it holds something else than X.509 certificates".into())),
    }
}

/// The token of a time stamp (RFC 3161 appendix A): the only unsigned attribute there may be, with one value.
fn token(signer: &SignerInfo) -> Result<Option<&Any>, CmsError> {
    let Some(unsigned) = &signer.unsigned_attrs else { return Ok(None) };
    match unsigned.as_slice() {
        [one] if one.oid == TIME_STAMP_TOKEN => match one.values.as_slice() {
            [token] => Ok(Some(token)),
            _ => Err(CmsError::Form("it has not one time stamp in the place for it".into())),
        },
        _ => Err(CmsError::Form("it has unsigned attributes other than one time stamp".into())),
    }
}

/// The certificates in the order of the signed references to them, the signer's first: all of them are referred to, once each.
fn check_references<'a>(
    found: &SignedAttributes,
    certificates: &'a [Certificate],
    by: &'a Certificate,
) -> Result<Vec<&'a Certificate>, CmsError> {
    let other = |why: &str| {
        let what = "the signed reference to it (SigningCertificateV2) is another's, or of another form";
        CmsError::Certificate(format!("{what}: {why}"))
    };
    let value = one(found, SIGNING_CERTIFICATE_V2)?;
    let references: Vec<Reference> = parts::references(value).ok_or_else(|| other("it can't be read"))?;
    let mut order = Vec::new();
    for reference in &references {
        let named = certificates.iter().find(|c| parts::reference(c).is_ok_and(|own| own == *reference));
        match named {
            Some(certificate) if !order.contains(&certificate) => order.push(certificate),
            _ => return Err(other("it names a certificate that is not there, or one twice")),
        }
    }
    if order.first() != Some(&by) || order.len() != certificates.len() {
        return Err(other("it does not name the signer's certificate first, and then all others"));
    }
    Ok(order)
}

/// The signing time, once every attribute is there, once, and says what it must.
fn check_attributes(digest: &[u8], found: &SignedAttributes, form: Form) -> Result<Option<u64>, CmsError> {
    let wrong = |e: der::Error| CmsError::Form(e.to_string());
    if one(found, CONTENT_TYPE)? != &Any::encode_from(&ID_DATA).map_err(wrong)? {
        return Err(CmsError::Form("the signed content type is not id-data".into()));
    }
    if one(found, MESSAGE_DIGEST)? != &octets(digest).map_err(wrong)? {
        return Err(CmsError::Content);
    }
    if form == Form::Pdf {
        return match found.len() {
            3 => Ok(None),
            _ => Err(CmsError::Form("its signed attributes are not the three that are issued in a PDF".into())),
        };
    }
    let time = one(found, SIGNING_TIME)?;
    let time: Time = match time.tag() {
        Tag::UtcTime | Tag::GeneralizedTime => Time::from_der(&time.to_der().map_err(wrong)?).map_err(wrong)?,
        _ => return Err(CmsError::Form("the signing time is no time".into())),
    };
    if x509::time(time.to_system_time()) != Ok(time) || found.len() != 4 {
        return Err(CmsError::Form("its signed attributes are not the four that are issued".into()));
    }
    Ok(Some(time.to_unix_duration().as_secs()))
}

fn check_value(kind: KeyKind, by: &Certificate, signed: &[u8], value: &[u8]) -> Result<(), CmsError> {
    if let Some(curve) = kind.curve() {
        match algorithm::ecdsa::is_low(curve, value) {
            Some(true) => {}
            Some(false) => return Err(CmsError::Form("its value is not in the low-S form".into())),
            None => return Err(CmsError::Form("its value is no ECDSA signature in DER".into())),
        }
    }
    x509::may_sign(by).map_err(CmsError::Certificate)?;
    let key = &by.tbs_certificate.subject_public_key_info;
    algorithm::verify(key, &kind.algorithm(), None, signed, value).map_err(|_| CmsError::Value)
}

/// The time stamp of the value. It must not show that the signature stood well before the signer says that it was made.
fn check_stamp(token: &[u8], value: &[u8], signing_time: Option<u64>) -> Result<TimeStamp, CmsError> {
    let stamp = stamp::verify(token, value).map_err(CmsError::Stamp)?;
    if signing_time.is_some_and(|claimed| claimed > stamp.time.saturating_add(stamp::CLOCKS_DIFFER)) {
        return Err(CmsError::Stamp("it is older than the time at which the signer says to have signed".into()));
    }
    Ok(stamp)
}

fn one(attributes: &SignedAttributes, oid: const_oid::ObjectIdentifier) -> Result<&Any, CmsError> {
    parts::only_value(attributes, oid)
        .ok_or_else(|| CmsError::Form(format!("the signed attribute {oid} is missing or not unique")))
}

/// Names the part that keeps a signature from coming out the same when it is rebuilt.
fn difference(data: &SignedData, signer: &SignerInfo, kind: KeyKind) -> &'static str {
    let digest = kind.digest().identifier();
    if data.encap_content_info != encapsulated() {
        "the content is not detached, or not of type id-data"
    } else if signer.digest_alg != digest || data.digest_algorithms != SetOfVec::try_from([digest]).unwrap_or_default()
    {
        match kind {
            KeyKind::P384 => "its digest algorithm is not SHA-384",
            KeyKind::P256 | KeyKind::Rsa => "its digest algorithm is not SHA-256",
        }
    } else if signer.signature_algorithm != kind.algorithm() {
        match kind {
            KeyKind::P256 => "its signature algorithm is not ecdsa-with-SHA256",
            KeyKind::P384 => "its signature algorithm is not ecdsa-with-SHA384",
            KeyKind::Rsa => "its signature algorithm is not sha256WithRSAEncryption",
        }
    } else if data.crls.is_some() {
        "it carries revocation lists"
    } else {
        "it is not strict DER, or its version numbers are others"
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod chain_tests;
