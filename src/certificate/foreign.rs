//! Signatures that others add to a document: whether they hold, and whose name is in their certificate. Unlike our own they may have any form
//! that CMS allows, and nothing hangs on them.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier};
use der::asn1::OctetString;
use der::{Any, Decode, Encode};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::algorithm::{self, Digest};
use super::{SIGNATURE_LIMIT, x509};

const MESSAGE_DIGEST: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

/// What can be said of a signature of another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Foreign {
    /// It holds.
    Holds {
        /// Name in the certificate, or its whole subject.
        name: String,
        /// `sha256:` and the digest of the certificate's DER.
        fingerprint: String,
    },
    /// It does not: over these bytes, or with this key.
    Wrong(String),
    /// It has a form or an algorithm that is not read here.
    Unread,
}

/// Looks at a detached CMS signature with one signer over `content`.
pub fn foreign(content: &[u8], signature: &[u8]) -> Foreign {
    if signature.len() as u64 > SIGNATURE_LIMIT {
        return Foreign::Unread;
    }
    let data: Option<SignedData> = ContentInfo::from_der(signature).ok().and_then(|info| info.content.decode_as().ok());
    let Some(data) = data else { return Foreign::Unread };
    let [signer] = data.signer_infos.0.as_slice() else { return Foreign::Unread };
    let certificates = data.certificates.iter().flat_map(|set| set.0.iter()).filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate),
        CertificateChoices::Other(_) => None,
    });
    let Some(by) = certificates.into_iter().find(|certificate| is_named(&signer.sid, certificate)) else {
        return Foreign::Unread;
    };
    let (Some(digest), Some(signed)) = (Digest::named(&signer.digest_alg), &signer.signed_attrs) else {
        return Foreign::Unread;
    };
    let expected = OctetString::new(digest.of(content)).and_then(|octets| Any::encode_from(&octets));
    if !expected.is_ok_and(|expected| value_of(signed) == Some(&expected)) {
        return Foreign::Wrong("it was made over other bytes".into());
    }
    let (Ok(message), Ok(der)) = (signed.to_der(), by.to_der()) else { return Foreign::Unread };
    let key = &by.tbs_certificate.subject_public_key_info;
    match algorithm::verify(key, &signer.signature_algorithm, Some(digest), &message, signer.signature.as_bytes()) {
        Ok(()) => Foreign::Holds {
            name: x509::name(by).unwrap_or_else(|| by.tbs_certificate.subject.to_string()),
            fingerprint: x509::sha256_text(&der),
        },
        Err(why) => Foreign::Wrong(why),
    }
}

/// The one value of the one messageDigest.
fn value_of(attributes: &SignedAttributes) -> Option<&Any> {
    let mut all = attributes.iter().filter(|attribute| attribute.oid == MESSAGE_DIGEST);
    match (all.next().map(|attribute| attribute.values.as_slice()), all.next()) {
        (Some([value]), None) => Some(value),
        _ => None,
    }
}

fn is_named(named: &SignerIdentifier, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    match named {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == tbs.issuer && named.serial_number == tbs.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            tbs.get::<SubjectKeyIdentifier>().is_ok_and(|found| found.is_some_and(|(_, own)| own == *named))
        }
    }
}
