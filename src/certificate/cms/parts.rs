//! The parts of a CMS signature, and how they are put together: the same parts always make the same bytes.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier as Oid;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::time::Time;

use super::super::algorithm::{KeyKind, sha256};

pub(super) const ID_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
pub(super) const ID_SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
pub(super) const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
pub(super) const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
pub(super) const SIGNING_TIME: Oid = Oid::new_unwrap("1.2.840.113549.1.9.5");
pub(super) const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// id-aa-timeStampToken (RFC 3161 appendix A).
pub(super) const TIME_STAMP_TOKEN: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// ESSCertIDv2 (RFC 5035 §4) with the default algorithm, SHA-256, and without the issuer's name.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Reference {
    cert_hash: OctetString,
}

/// SigningCertificateV2 (RFC 5035 §3).
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<Reference>,
}

/// The signed reference to a certificate.
pub(super) fn reference(to: &Certificate) -> der::Result<Reference> {
    Ok(Reference { cert_hash: OctetString::new(sha256(&to.to_der()?))? })
}

/// The references in a SigningCertificateV2 of exactly that form.
pub(super) fn references(value: &Any) -> Option<Vec<Reference>> {
    let found: SigningCertificateV2 = value.decode_as().ok()?;
    (Any::encode_from(&found).ok()? == *value).then_some(found.certs)
}

/// The attributes that are signed; with a time those of [`super::Form::Detached`].
pub(super) fn attributes(
    digest: &[u8],
    by: &Certificate,
    chain: &[Certificate],
    time: Option<Time>,
) -> der::Result<SignedAttributes> {
    let certs = std::iter::once(by).chain(chain).map(reference).collect::<der::Result<_>>()?;
    let mut all = vec![
        attribute(CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        attribute(MESSAGE_DIGEST, octets(digest)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&SigningCertificateV2 { certs })?)?,
    ];
    if let Some(time) = time {
        all.push(attribute(SIGNING_TIME, Any::from_der(&time.to_der()?)?)?);
    }
    SetOfVec::try_from(all)
}

fn attribute(oid: Oid, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// The value of the only attribute of that type, which has only that one.
pub(super) fn only_value(attributes: &SignedAttributes, oid: Oid) -> Option<&Any> {
    let mut with_oid = attributes.iter().filter(|a| a.oid == oid);
    match (with_oid.next().map(|a| a.values.as_slice()), with_oid.next()) {
        (Some([value]), None) => Some(value),
        _ => None,
    }
}

/// The whole signature.
pub(super) fn assemble(
    kind: KeyKind,
    by: &Certificate,
    certificates: &[Certificate],
    attributes: SignedAttributes,
    value: &[u8],
    stamp: Option<Any>,
) -> der::Result<Vec<u8>> {
    let unsigned = match stamp {
        Some(token) => Some(SetOfVec::try_from(vec![attribute(TIME_STAMP_TOKEN, token)?])?),
        None => None,
    };
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: identifier(by),
        digest_alg: kind.digest().identifier(),
        signed_attrs: Some(attributes),
        signature_algorithm: kind.algorithm(),
        signature: OctetString::new(value)?,
        unsigned_attrs: unsigned,
    };
    let all = certificates.iter().cloned().map(CertificateChoices::Certificate).collect::<Vec<_>>();
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![kind.digest().identifier()])?,
        encap_content_info: encapsulated(),
        certificates: Some(CertificateSet::try_from(all)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer])?,
    };
    ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
}

pub(super) fn octets(bytes: &[u8]) -> der::Result<Any> {
    Any::encode_from(&OctetString::new(bytes)?)
}

pub(super) fn identifier(by: &Certificate) -> SignerIdentifier {
    SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: by.tbs_certificate.issuer.clone(),
        serial_number: by.tbs_certificate.serial_number.clone(),
    })
}

/// Nothing inside: the content stands elsewhere.
pub(super) fn encapsulated() -> EncapsulatedContentInfo {
    EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None }
}
