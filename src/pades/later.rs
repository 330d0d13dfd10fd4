//! What others appended behind our revision (ISO 32000-1, 7.5.6).

use std::ops::Range;

use super::changes::{Ground, compare};
use super::file::{Section, View, last_section, section};
use super::syntax::{Unreadable, Value};

/// Most revisions behind ours that are examined.
const MOST_REVISIONS: usize = 64;

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

/// Examines what follows `end`, where our revision on `base` ends: the revisions, and what is forbidden of what they do.
/// What can't be examined is forbidden.
pub(super) fn examine(bytes: &[u8], base: &[u8], end: usize) -> (Vec<Later>, Vec<String>) {
    if bytes.len() == end {
        return (Vec::new(), Vec::new());
    }
    let mut examined = Examined { later: Vec::new(), forbidden: Vec::new() };
    if let Err(fault) = examined.revisions(bytes, base, end) {
        examined.forbidden.push(format!("what follows byte {end} could not be examined: {fault}"));
        examined.later.push(Later {
            end: bytes.len(),
            kind: LaterKind::Other,
            changes: Vec::new(),
            visible: Vec::new(),
        });
    }
    (examined.later, examined.forbidden)
}

struct Examined {
    later: Vec<Later>,
    forbidden: Vec<String>,
}

impl Examined {
    fn revisions(&mut self, bytes: &[u8], base: &[u8], end: usize) -> Result<(), Unreadable> {
        let ours = last_section(bytes.get(..end).unwrap_or_default())?;
        let sections = sections(bytes, end, ours.start)?;
        let mut old = View::of(base, &last_section(base)?).with(bytes.get(..end).unwrap_or_default(), &ours);
        let mut ground = Ground::default();
        let mut start = end;
        for section in &sections {
            let stop = behind_line(bytes, section.end);
            let new = old.with(bytes.get(..stop).unwrap_or_default(), section);
            let found = compare(&old, &new, section, start..stop, &mut ground)?;
            let number = self.later.len() + 1;
            self.forbidden.extend(found.forbidden.iter().map(|what| format!("revision {number} after ours: {what}")));
            self.later.push(Later { end: stop, kind: found.kind, changes: found.changes, visible: found.visible });
            (old, start) = (new, stop);
        }
        if start != bytes.len() {
            return Err(Unreadable { what: "bytes behind the last revision", at: start });
        }
        Ok(())
    }
}

/// The tables behind `end`, first to last; the first of them follows the one at `ours`.
fn sections(bytes: &[u8], end: usize, ours: usize) -> Result<Vec<Section>, Unreadable> {
    let mut sections = vec![last_section(bytes)?];
    loop {
        let Some(first) = sections.last() else { return Ok(sections) };
        let at = first.start;
        let previous = first.trailer.get("Prev").and_then(Value::as_integer);
        let previous = previous.ok_or(Unreadable { what: "a trailer that names none before it", at })?;
        if at < end || sections.len() > MOST_REVISIONS {
            return Err(Unreadable { what: "tables that do not follow each other", at });
        }
        if previous == ours {
            sections.reverse();
            return Ok(sections);
        }
        if previous >= at {
            return Err(Unreadable { what: "tables that do not follow each other", at });
        }
        sections.push(section(bytes, previous)?);
    }
}

/// Behind the end of line that stands at `at`, if one does.
fn behind_line(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => at + 2,
        Some([b'\r' | b'\n', ..]) => at + 1,
        _ => at,
    }
}
