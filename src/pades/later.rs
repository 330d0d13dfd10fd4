//! What others appended behind our revision (ISO 32000-1, 7.5.6).

use std::ops::Range;

/// One appended revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Later {
    /// Where it ends in the file.
    pub end: usize,
    /// What it is.
    pub kind: LaterKind,
    /// What it does, in English.
    pub changes: Vec<String>,
    /// Where it shows something on a page. It may cover what is there.
    pub visible: Vec<Visible>,
}

/// What an appended revision is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaterKind {
    /// A signature.
    Signature(Added),
    /// A time stamp over the whole document (`/DocTimeStamp`, ETSI.RFC3161).
    DocTimeStamp(Added),
    /// Certificates and revocation data alone (ETSI EN 319 142-1, 5.4).
    Dss,
    /// Anything else, or what could not be examined.
    Other,
}

/// A signature or time stamp that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// `/SubFilter`, such as `ETSI.CAdES.detached`.
    pub subfilter: String,
    /// Whether its byte range covers all of the file up to the end of its own revision, its `/Contents` aside.
    pub byte_range_covers_all_before: bool,
    /// The CMS or time-stamp token, without padding.
    pub cms: Vec<u8>,
    /// The two parts of the file that its byte range names; they lie in the file.
    pub content: [Range<usize>; 2],
    /// Name of the signature field.
    pub field: String,
}

/// A field that is seen on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Visible {
    /// From 1.
    pub page: usize,
    /// Left, bottom, right, top in points.
    pub rectangle: [f64; 4],
}

/// Examines what follows `end`: the revisions, and what is forbidden among what they do.
pub(super) fn examine(bytes: &[u8], _base: &[u8], end: usize) -> (Vec<Later>, Vec<String>) {
    if bytes.len() == end {
        return (Vec::new(), Vec::new());
    }
    let later = Later { end: bytes.len(), kind: LaterKind::Other, changes: Vec::new(), visible: Vec::new() };
    (vec![later], vec!["what follows the signed document could not be examined".into()])
}
