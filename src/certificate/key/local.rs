//! Keys that are in memory (PKCS#8, RFC 5208), and sign with ring.

use const_oid::ObjectIdentifier as Oid;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tagged};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use spki::AlgorithmIdentifierRef;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::super::algorithm::{KeyKind, ecdsa, key_bits};
use super::signer::Key;

const EC_PUBLIC_KEY: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
const RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");

/// Why a private key can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LocalError {
    /// It is none, or none that is understood.
    #[error("{0}")]
    Malformed(String),
    /// It is another key than the certificate's.
    #[error("it does not fit its certificate")]
    Other,
}

/// A private key in memory.
pub(super) enum LocalKey {
    Ecdsa(EcdsaKeyPair, ecdsa::Curve),
    Rsa(RsaKeyPair),
}

impl LocalKey {
    /// The key in `pkcs8` (DER) that goes with `certificate`. Of an EC key the public half is taken from there: PKCS#8 may lack it.
    pub(super) fn from_pkcs8(pkcs8: &[u8], certificate: &Certificate) -> Result<Self, LocalError> {
        let (algorithm, inner) = unwrap(pkcs8).map_err(|e| LocalError::Malformed(format!("it is no PKCS#8 ({e})")))?;
        let public = &certificate.tbs_certificate.subject_public_key_info;
        let kind = KeyKind::of(public).map_err(LocalError::Malformed)?;
        let bits = key_bits(public).map_err(LocalError::Malformed)?;
        match (algorithm, kind) {
            (EC_PUBLIC_KEY, KeyKind::P256) => {
                ecdsa_pair(&inner, bits, ecdsa::Curve::P256).map(|pair| LocalKey::Ecdsa(pair, ecdsa::Curve::P256))
            }
            (EC_PUBLIC_KEY, KeyKind::P384) => {
                ecdsa_pair(&inner, bits, ecdsa::Curve::P384).map(|pair| LocalKey::Ecdsa(pair, ecdsa::Curve::P384))
            }
            (RSA, KeyKind::Rsa) => {
                let pair = RsaKeyPair::from_der(&inner)
                    .map_err(|e| LocalError::Malformed(format!("it is no RSA key of 2048 to 4096 bits ({e})")))?;
                if pair.public().as_ref() == bits { Ok(LocalKey::Rsa(pair)) } else { Err(LocalError::Other) }
            }
            (EC_PUBLIC_KEY | RSA, _) => Err(LocalError::Other),
            _ => Err(LocalError::Malformed("it is neither an EC nor an RSA key".into())),
        }
    }
}

fn ecdsa_pair(inner: &[u8], public: &[u8], curve: ecdsa::Curve) -> Result<EcdsaKeyPair, LocalError> {
    let (algorithm, length) = match curve {
        ecdsa::Curve::P256 => (&ECDSA_P256_SHA256_FIXED_SIGNING, 32),
        ecdsa::Curve::P384 => (&ECDSA_P384_SHA384_FIXED_SIGNING, 48),
    };
    let scalar = scalar(inner, length).ok_or_else(|| LocalError::Malformed("it is no ECPrivateKey".into()))?;
    // A scalar of another curve, or one that gives another point, is refused alike.
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, &scalar, public, &SystemRandom::new())
        .map_err(|_| LocalError::Other)
}

/// The private number of an ECPrivateKey (RFC 5915 §3), filled up to the length of the curve's order. What else stands there, the
/// parameters and the public key, the certificate tells.
fn scalar(inner: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let sequence = AnyRef::from_der(inner).ok()?;
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    if sequence.tag() != der::Tag::Sequence || u8::decode(&mut reader).ok()? != 1 {
        return None;
    }
    let bytes = OctetStringRef::decode(&mut reader).ok()?.as_bytes();
    let mut scalar = Zeroizing::new(vec![0; length.checked_sub(bytes.len())?]);
    scalar.extend_from_slice(bytes);
    Some(scalar)
}

/// The algorithm and the key in a PrivateKeyInfo (RFC 5208 §5, RFC 5958 §2).
fn unwrap(pkcs8: &[u8]) -> der::Result<(Oid, Zeroizing<Vec<u8>>)> {
    let sequence = AnyRef::from_der(pkcs8)?;
    sequence.tag().assert_eq(der::Tag::Sequence)?;
    let mut reader = SliceReader::new(sequence.value())?;
    let _version: u8 = reader.decode()?;
    let algorithm: AlgorithmIdentifierRef<'_> = reader.decode()?;
    let key: OctetStringRef<'_> = reader.decode()?;
    Ok((algorithm.oid, Zeroizing::new(key.as_bytes().to_vec())))
}

impl Key for LocalKey {
    fn value(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let rng = SystemRandom::new();
        match self {
            LocalKey::Ecdsa(pair, curve) => {
                let value = pair.sign(&rng, message).map_err(|_| "signing failed")?;
                ecdsa::low_der(*curve, value.as_ref()).ok_or_else(|| "signing failed".into())
            }
            LocalKey::Rsa(pair) => {
                let mut value = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut value).map_err(|_| "signing failed")?;
                Ok(value)
            }
        }
    }
}
