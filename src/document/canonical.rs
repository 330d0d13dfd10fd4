//! RFC 8785 canonical JSON: the bytes that are signed.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why bytes are no canonical document.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// Not JSON, or not of the shape asked for.
    #[error("not the JSON that was expected: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON, but not in canonical form: it was changed after it was issued.
    #[error("not in canonical form (RFC 8785)")]
    NotCanonical,
}

/// The canonical bytes of `document`.
pub fn canonical_bytes<T: Serialize>(document: &T) -> Result<Vec<u8>, CanonicalError> {
    Ok(serde_json_canonicalizer::to_vec(document)?)
}

/// Reads a record and insists that `bytes` are exactly its canonical form.
pub fn parse(bytes: &[u8]) -> Result<super::Record, CanonicalError> {
    parse_as(bytes)
}

/// The same for any kind of document.
pub fn parse_as<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CanonicalError> {
    let document: T = serde_json::from_slice(bytes)?;
    if canonical_bytes(&document)? == bytes { Ok(document) } else { Err(CanonicalError::NotCanonical) }
}
