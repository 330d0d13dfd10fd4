//! A self-signed certificate for the installation's own key.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use der::asn1::{BitString, OctetString};
use der::{Decode, Encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::Certificate;
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{AsExtension, Extension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;
use zeroize::Zeroizing;

use super::super::algorithm::{KeyKind, ecdsa, sha256};
use super::{hex, random, time};

const BACKDATED: Duration = Duration::from_secs(24 * 3600);
const LIFETIME: Duration = Duration::from_secs(3652 * 24 * 3600);
/// id-ecPublicKey with the curve P-256 (RFC 5480 §2.1.1).
const P256_KEY: &[u8] = &[
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
    0x01, 0x07,
];

/// A new P-256 key (PKCS#8 DER) with a self-signed certificate that is valid for ten years, starting a day before `now`.
pub(in super::super) fn self_signed(now: SystemTime) -> Result<(Zeroizing<Vec<u8>>, Certificate), String> {
    let rng = SystemRandom::new();
    let failed = |_| "the key can't be made: the kernel's random number generator failed".to_string();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).map_err(failed)?;
    let pkcs8 = Zeroizing::new(pkcs8.as_ref().to_vec());
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &rng).map_err(|e| e.to_string())?;
    let tbs_certificate = to_be_signed(key.public_key().as_ref(), now)?;
    let signed = tbs_certificate.to_der().map_err(|e| e.to_string())?;
    let value = key.sign(&rng, &signed).map_err(failed)?;
    let value = ecdsa::low_der(ecdsa::Curve::P256, value.as_ref()).ok_or("the new signature is malformed")?;
    let certificate = Certificate {
        signature_algorithm: tbs_certificate.signature.clone(),
        tbs_certificate,
        signature: BitString::from_bytes(&value).map_err(|e| e.to_string())?,
    };
    Ok((pkcs8, certificate))
}

fn to_be_signed(point: &[u8], now: SystemTime) -> Result<TbsCertificate, String> {
    let key = SubjectPublicKeyInfoOwned {
        algorithm: Decode::from_der(P256_KEY).map_err(|e: der::Error| e.to_string())?,
        subject_public_key: BitString::from_bytes(point).map_err(|e| e.to_string())?,
    };
    let short = hex(&sha256(&key.to_der().map_err(|e| e.to_string())?)[..8]);
    let subject = Name::from_str(&format!("CN=radera signing key {short}")).map_err(|e| e.to_string())?;
    let mut serial: [u8; 16] = random()?;
    // Positive and of full length, so that DER has one form of it.
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial).map_err(|e| e.to_string())?,
        signature: KeyKind::P256.algorithm(),
        issuer: subject.clone(),
        validity: Validity { not_before: time(now - BACKDATED)?, not_after: time(now + LIFETIME)? },
        extensions: Some(extensions(&sha256(point)[..20], &subject).map_err(|e| e.to_string())?),
        subject,
        subject_public_key_info: key,
        issuer_unique_id: None,
        subject_unique_id: None,
    })
}

fn extensions(key_id: &[u8], subject: &Name) -> der::Result<Vec<Extension>> {
    let key_id = OctetString::new(key_id)?;
    let authority =
        AuthorityKeyIdentifier { key_identifier: Some(key_id.clone()), ..AuthorityKeyIdentifier::default() };
    let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
    Ok(vec![
        SubjectKeyIdentifier(key_id).to_extension(subject, &[])?,
        authority.to_extension(subject, &[])?,
        BasicConstraints { ca: false, path_len_constraint: None }.to_extension(subject, &[])?,
        usage.to_extension(subject, &[])?,
    ])
}
