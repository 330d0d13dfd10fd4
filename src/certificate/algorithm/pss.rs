//! The parameters of RSASSA-PSS (RFC 4055 §3.1).

use const_oid::ObjectIdentifier as Oid;
use der::{Any, Sequence};
use spki::AlgorithmIdentifierOwned as Identifier;

use super::Digest;

const MGF1: Oid = Oid::new_unwrap("1.2.840.113549.1.1.8");

#[derive(Sequence)]
struct Parameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<Identifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<Identifier>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt_length: Option<u8>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

/// The digest of parameters that use the same one throughout and a salt of its length, the only ones that are checked.
pub(super) fn digest(parameters: &Any) -> Option<Digest> {
    let found: Parameters = parameters.decode_as().ok()?;
    let digest = Digest::named(&found.hash?)?;
    let mask = found.mask.filter(|mask| mask.oid == MGF1)?.parameters?.decode_as::<Identifier>().ok()?;
    let fits = Digest::named(&mask) == Some(digest)
        && found.salt_length == Some(digest.length())
        && found.trailer.is_none_or(|field| field == 1);
    fits.then_some(digest)
}
