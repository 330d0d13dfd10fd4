//! Detached CMS signatures (RFC 5652): made and verified.
//!
//! One form only, so that no byte of a signature file is free: it is rebuilt from the signer's certificate, the signed
//! attributes and the signature value, and must come out the same. The attributes are signed, the certificate is bound to them
//! by its digest (RFC 5035), the signature value is held to its low-S form, and everything else is constant.

use std::time::SystemTime;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier as Oid;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence, Tag, Tagged};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature as EcdsaSignature, SigningKey};
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned as Algorithm;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::time::Time;

use super::x509;
use crate::words::Told;

const ID_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
const ID_SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: Oid = Oid::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA256: Oid = Oid::new_unwrap("1.2.840.10045.4.3.2");

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
        }
    }
}

/// A signature that holds.
#[derive(Debug, Clone)]
pub struct Signature {
    /// DER of the signing certificate.
    pub certificate_der: Vec<u8>,
    /// `sha256:` and the digest of that DER.
    pub fingerprint: String,
    /// The signer's word on when it was made, in seconds since 1970.
    pub signing_time: u64,
    pub(super) certificate: Certificate,
}

/// ESSCertIDv2 (RFC 5035 §4) with the default algorithm, SHA-256.
#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

/// SigningCertificateV2 (RFC 5035 §3).
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

/// Signs `content` at `now`: DER of a detached SignedData.
pub(super) fn sign(content: &[u8], key: &SigningKey, by: &Certificate, now: SystemTime) -> Result<Vec<u8>, String> {
    let attributes = attributes(content, by, x509::time(now)?).map_err(|e| e.to_string())?;
    let signed = attributes.to_der().map_err(|e| e.to_string())?;
    let value: EcdsaSignature = key.try_sign(&signed).map_err(|e| e.to_string())?;
    let value = value.normalize_s().unwrap_or(value);
    assemble(by, attributes, value.to_der().as_bytes()).map_err(|e| e.to_string())
}

/// Verifies that `signature` is a detached CMS signature over exactly `content`, in the one form that is issued.
///
/// # Errors
/// What does not hold. Whose key it is, is not looked at here.
pub fn verify(content: &[u8], signature: &[u8]) -> Result<Signature, CmsError> {
    let data = parse(signature)?;
    let (signer, by) = only_signer(&data)?;
    let found = signer.signed_attrs.as_ref().ok_or_else(|| CmsError::Form("it has no signed attributes".into()))?;
    let form = |e: der::Error| CmsError::Form(e.to_string());
    if assemble(by, found.clone(), signer.signature.as_bytes()).map_err(form)? != signature {
        return Err(CmsError::Form(difference(&data, signer, by).into()));
    }
    let time = check_attributes(content, found, by)?;
    let value = EcdsaSignature::from_der(signer.signature.as_bytes())
        .map_err(|_| CmsError::Form("its value is no ECDSA signature in DER".into()))?;
    if value.normalize_s().is_some() {
        return Err(CmsError::Form("its value is not in the low-S form".into()));
    }
    x509::may_sign(by).map_err(CmsError::Certificate)?;
    let key = x509::public_key(by).map_err(CmsError::Certificate)?;
    key.verify(&found.to_der().map_err(form)?, &value).map_err(|_| CmsError::Value)?;
    let certificate_der = by.to_der().map_err(form)?;
    Ok(Signature {
        fingerprint: x509::sha256_text(&certificate_der),
        certificate_der,
        signing_time: time.to_unix_duration().as_secs(),
        certificate: by.clone(),
    })
}

fn parse(signature: &[u8]) -> Result<SignedData, CmsError> {
    let malformed = |e: der::Error| CmsError::Malformed(e.to_string());
    let info = ContentInfo::from_der(signature).map_err(malformed)?;
    if info.content_type != ID_SIGNED_DATA {
        return Err(CmsError::Malformed("its content is no SignedData".into()));
    }
    info.content.decode_as().map_err(malformed)
}

/// The one signer and its certificate. Several signers (an organisation's seal beside the station's key) would be looked
/// through here, each held to what follows.
fn only_signer(data: &SignedData) -> Result<(&SignerInfo, &Certificate), CmsError> {
    let [signer] = data.signer_infos.0.as_slice() else {
        return Err(CmsError::Form(format!("it has {} signers instead of one", data.signer_infos.0.len())));
    };
    let certificates = data.certificates.as_ref().map_or(&[][..], |set| set.0.as_slice());
    let [CertificateChoices::Certificate(certificate)] = certificates else {
        return Err(CmsError::Form(format!(
            "it holds {} certificates instead of the signer's alone",
            certificates.len()
        )));
    };
    if signer.sid != identifier(certificate) {
        return Err(CmsError::Certificate("issuer and serial number are another certificate's".into()));
    }
    Ok((signer, certificate))
}

/// The signing time, once every attribute is there, once, and says what it must.
fn check_attributes(content: &[u8], found: &SignedAttributes, by: &Certificate) -> Result<Time, CmsError> {
    let form = |e: der::Error| CmsError::Form(e.to_string());
    if one(found, CONTENT_TYPE)? != &Any::encode_from(&ID_DATA).map_err(form)? {
        return Err(CmsError::Form("the signed content type is not id-data".into()));
    }
    if one(found, MESSAGE_DIGEST)? != &octets(&Sha256::digest(content)).map_err(form)? {
        return Err(CmsError::Content);
    }
    if one(found, SIGNING_CERTIFICATE_V2)? != &signing_certificate(by).map_err(form)? {
        return Err(CmsError::Certificate(
            "the signed reference to it (SigningCertificateV2) is another's, or of another form".into(),
        ));
    }
    let time = one(found, SIGNING_TIME)?;
    let time: Time = match time.tag() {
        Tag::UtcTime | Tag::GeneralizedTime => Time::from_der(&time.to_der().map_err(form)?).map_err(form)?,
        _ => return Err(CmsError::Form("the signing time is no time".into())),
    };
    if x509::time(time.to_system_time()) != Ok(time) || found.len() != 4 {
        return Err(CmsError::Form("its signed attributes are not the four that are issued".into()));
    }
    Ok(time)
}

fn one(attributes: &SignedAttributes, oid: Oid) -> Result<&Any, CmsError> {
    let mut with_oid = attributes.iter().filter(|a| a.oid == oid);
    match (with_oid.next().map(|a| a.values.as_slice()), with_oid.next()) {
        (Some([value]), None) => Ok(value),
        _ => Err(CmsError::Form(format!("the signed attribute {oid} is missing or not unique"))),
    }
}

/// Names the part that keeps a signature from coming out the same when it is rebuilt.
fn difference(data: &SignedData, signer: &SignerInfo, by: &Certificate) -> &'static str {
    if signer.unsigned_attrs.is_some() {
        "it has unsigned attributes"
    } else if data.encap_content_info != encapsulated() {
        "the content is not detached, or not of type id-data"
    } else if signer.digest_alg != algorithm(SHA256) || data.digest_algorithms.as_slice() != [algorithm(SHA256)] {
        "its digest algorithm is not SHA-256"
    } else if signer.signature_algorithm != algorithm(ECDSA_WITH_SHA256) {
        "its signature algorithm is not ecdsa-with-SHA256"
    } else if data.crls.is_some() {
        "it carries revocation lists"
    } else if by.to_der().is_err() {
        "its certificate is malformed"
    } else {
        "it is not strict DER, or its version numbers are others"
    }
}

fn assemble(by: &Certificate, attributes: SignedAttributes, value: &[u8]) -> der::Result<Vec<u8>> {
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: identifier(by),
        digest_alg: algorithm(SHA256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(ECDSA_WITH_SHA256),
        signature: OctetString::new(value)?,
        unsigned_attrs: None,
    };
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(SHA256)])?,
        encap_content_info: encapsulated(),
        certificates: Some(CertificateSet::try_from(vec![CertificateChoices::Certificate(by.clone())])?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer])?,
    };
    ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
}

fn attributes(content: &[u8], by: &Certificate, time: Time) -> der::Result<SignedAttributes> {
    let attribute =
        |oid, value| -> der::Result<Attribute> { Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? }) };
    SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        attribute(MESSAGE_DIGEST, octets(&Sha256::digest(content))?)?,
        attribute(SIGNING_TIME, Any::from_der(&time.to_der()?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, signing_certificate(by)?)?,
    ])
}

fn signing_certificate(by: &Certificate) -> der::Result<Any> {
    let cert_hash = OctetString::new(Sha256::digest(by.to_der()?).to_vec())?;
    Any::encode_from(&SigningCertificateV2 { certs: vec![EssCertIdV2 { cert_hash }] })
}

fn octets(bytes: &[u8]) -> der::Result<Any> {
    Any::encode_from(&OctetString::new(bytes)?)
}

fn identifier(by: &Certificate) -> SignerIdentifier {
    SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: by.tbs_certificate.issuer.clone(),
        serial_number: by.tbs_certificate.serial_number.clone(),
    })
}

fn encapsulated() -> EncapsulatedContentInfo {
    EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None }
}

fn algorithm(oid: Oid) -> Algorithm {
    Algorithm { oid, parameters: None }
}

#[cfg(test)]
#[path = "cms_tests.rs"]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
