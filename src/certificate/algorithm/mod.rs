//! Signature algorithms: the three that signatures are made with, and those that are checked in chains and time stamps.

pub(super) mod ecdsa;
mod pss;

use const_oid::ObjectIdentifier as Oid;
use der::Any;
use ring::digest;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use spki::{AlgorithmIdentifierOwned as Identifier, SubjectPublicKeyInfoOwned};

const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.3");
const EC_PUBLIC_KEY: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
const CURVE_P256: Oid = Oid::new_unwrap("1.2.840.10045.3.1.7");
const CURVE_P384: Oid = Oid::new_unwrap("1.3.132.0.34");
const ECDSA_SHA256: Oid = Oid::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: Oid = Oid::new_unwrap("1.2.840.10045.4.3.3");
const RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: Oid = Oid::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: Oid = Oid::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: Oid = Oid::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: Oid = Oid::new_unwrap("1.2.840.113549.1.1.13");

/// A digest of the SHA-2 family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// The digest that an identifier names; its parameters are absent or NULL (RFC 5754 §2).
    pub(super) fn named(by: &Identifier) -> Option<Self> {
        if by.parameters.as_ref().is_some_and(|p| *p != Any::null()) {
            return None;
        }
        match by.oid {
            SHA256 => Some(Digest::Sha256),
            SHA384 => Some(Digest::Sha384),
            SHA512 => Some(Digest::Sha512),
            _ => None,
        }
    }

    /// Its identifier, without parameters (RFC 5754 §2).
    pub(super) fn identifier(self) -> Identifier {
        let oid = match self {
            Digest::Sha256 => SHA256,
            Digest::Sha384 => SHA384,
            Digest::Sha512 => SHA512,
        };
        Identifier { oid, parameters: None }
    }

    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Digest::Sha256 => &digest::SHA256,
            Digest::Sha384 => &digest::SHA384,
            Digest::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }

    fn length(self) -> u8 {
        match self {
            Digest::Sha256 => 32,
            Digest::Sha384 => 48,
            Digest::Sha512 => 64,
        }
    }
}

/// SHA-256.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Digest::Sha256.of(bytes)
}

/// SHA-1, which the older reference to a certificate (RFC 2634 §5.4) is made with. Nothing rests on it alone.
pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

/// A key that signatures can be made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    P256,
    P384,
    Rsa,
}

impl KeyKind {
    /// The kind of a public key.
    pub(super) fn of(key: &SubjectPublicKeyInfoOwned) -> Result<Self, String> {
        let curve = || key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<Oid>().ok());
        match key.algorithm.oid {
            EC_PUBLIC_KEY if curve() == Some(CURVE_P256) => Ok(KeyKind::P256),
            EC_PUBLIC_KEY if curve() == Some(CURVE_P384) => Ok(KeyKind::P384),
            RSA if key.algorithm.parameters == Some(Any::null()) => Ok(KeyKind::Rsa),
            _ => Err("its key is neither on the curve P-256 or P-384 nor an RSA key".into()),
        }
    }

    /// The digest that goes with it.
    pub(super) fn digest(self) -> Digest {
        match self {
            KeyKind::P256 | KeyKind::Rsa => Digest::Sha256,
            KeyKind::P384 => Digest::Sha384,
        }
    }

    /// The one algorithm that signatures are made with: ECDSA (RFC 5758 §3.2), or RSASSA-PKCS1-v1_5 (RFC 5754 §3.2), which gives one
    /// value a content.
    pub(super) fn algorithm(self) -> Identifier {
        match self {
            KeyKind::P256 => Identifier { oid: ECDSA_SHA256, parameters: None },
            KeyKind::P384 => Identifier { oid: ECDSA_SHA384, parameters: None },
            KeyKind::Rsa => Identifier { oid: RSA_SHA256, parameters: Some(Any::null()) },
        }
    }

    /// The curve of an ECDSA key.
    pub(super) fn curve(self) -> Option<ecdsa::Curve> {
        match self {
            KeyKind::P256 => Some(ecdsa::Curve::P256),
            KeyKind::P384 => Some(ecdsa::Curve::P384),
            KeyKind::Rsa => None,
        }
    }
}

/// The bits of a public key: a point, or an RSAPublicKey.
pub(super) fn key_bits(key: &SubjectPublicKeyInfoOwned) -> Result<&[u8], String> {
    key.subject_public_key.as_bytes().ok_or_else(|| "its key is cut off".into())
}

/// Whether `value` is a signature over `message` by `key` with the algorithm `by`. `digest` goes with an algorithm that names none
/// (rsaEncryption in CMS, RFC 3370 §3.2).
///
/// # Errors
/// That it is not, or that the algorithm is none of those that are checked: ECDSA on P-256 and P-384 with SHA-256 and SHA-384,
/// RSASSA-PKCS1-v1_5 and RSASSA-PSS of 2048 to 8192 bits with SHA-256, SHA-384 and SHA-512.
pub(super) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    by: &Identifier,
    digest: Option<Digest>,
    message: &[u8],
    value: &[u8],
) -> Result<(), String> {
    let algorithm = checked(KeyKind::of(key)?, by, digest).ok_or_else(|| {
        format!("the signature algorithm {} does not go with the key, or is none that is checked", by.oid)
    })?;
    UnparsedPublicKey::new(algorithm, key_bits(key)?)
        .verify(message, value)
        .map_err(|_| "the signature value was not made with the key".into())
}

fn checked(key: KeyKind, by: &Identifier, digest: Option<Digest>) -> Option<&'static dyn VerificationAlgorithm> {
    let absent = by.parameters.is_none();
    let null = by.parameters.as_ref().is_none_or(|p| *p == Any::null());
    Some(match (key, by.oid) {
        (KeyKind::P256, ECDSA_SHA256) if absent => &signature::ECDSA_P256_SHA256_ASN1,
        (KeyKind::P256, ECDSA_SHA384) if absent => &signature::ECDSA_P256_SHA384_ASN1,
        (KeyKind::P384, ECDSA_SHA256) if absent => &signature::ECDSA_P384_SHA256_ASN1,
        (KeyKind::P384, ECDSA_SHA384) if absent => &signature::ECDSA_P384_SHA384_ASN1,
        (KeyKind::Rsa, RSA_SHA256) if null => pkcs1(Digest::Sha256),
        (KeyKind::Rsa, RSA_SHA384) if null => pkcs1(Digest::Sha384),
        (KeyKind::Rsa, RSA_SHA512) if null => pkcs1(Digest::Sha512),
        (KeyKind::Rsa, RSA) if null => pkcs1(digest?),
        (KeyKind::Rsa, RSA_PSS) => match pss::digest(by.parameters.as_ref()?)? {
            Digest::Sha256 => &signature::RSA_PSS_2048_8192_SHA256,
            Digest::Sha384 => &signature::RSA_PSS_2048_8192_SHA384,
            Digest::Sha512 => &signature::RSA_PSS_2048_8192_SHA512,
        },
        _ => return None,
    })
}

fn pkcs1(digest: Digest) -> &'static dyn VerificationAlgorithm {
    match digest {
        Digest::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Digest::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Digest::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    }
}
