//! What a revision that others appended does to the file, compared object by object with the file before it.
//!
//! Every object that the revision writes must have a role that is tolerated: a part of a new signature field, of a store of
//! certificates, or a carrier of those (catalog, form, page) that is otherwise the same. What has none is forbidden.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::added;
use super::file::{Object, Section, View};
use super::later::{Added, LaterKind, Visible};
use super::syntax::{Dict, Unreadable, Value, is_space};
use super::{write, xmp};

/// What holds for all revisions behind ours.
#[derive(Default)]
pub(super) struct Ground {
    /// Objects that stores of certificates brought with them; a later revision may write them anew.
    store: BTreeSet<u32>,
}

/// What was found in a revision.
pub(super) struct Found {
    pub kind: LaterKind,
    pub changes: Vec<String>,
    pub visible: Vec<Visible>,
    pub forbidden: Vec<String>,
}

/// A comparison that goes on.
pub(super) struct Comparison<'c, 'a> {
    pub old: &'c View<'a>,
    pub new: &'c View<'a>,
    /// Where the revision lies in the file.
    pub range: Range<usize>,
    /// Where its end-of-file mark ends.
    pub end: usize,
    /// What it writes.
    written: BTreeMap<u32, Object>,
    /// Of these, what has a role.
    accounted: BTreeSet<u32>,
    /// Widgets of new signature fields, and of older ones that were signed.
    pub widgets: BTreeSet<u32>,
    pub signatures: Vec<LaterKind>,
    pub changes: Vec<String>,
    pub forbidden: Vec<String>,
}

/// Compares the file before a revision with the file after it.
pub(super) fn compare<'a>(
    old: &View<'a>,
    new: &View<'a>,
    section: &Section,
    range: Range<usize>,
    ground: &mut Ground,
) -> Result<Found, Unreadable> {
    let mut written = BTreeMap::new();
    let mut forbidden = Vec::new();
    for (number, at) in &section.entries {
        if at.is_some() {
            written.insert(*number, new.object(*number)?);
        } else if old.entries.contains_key(number) {
            forbidden.push(format!("object {number} is removed"));
        }
    }
    if let Err(fault) = gaps(new, &written, section, &range) {
        forbidden.push(fault.to_string());
    }
    let mut comparison = Comparison {
        old,
        new,
        range,
        end: section.end,
        written,
        accounted: BTreeSet::new(),
        widgets: BTreeSet::new(),
        signatures: Vec::new(),
        changes: Vec::new(),
        forbidden,
    };
    comparison.trailers(section);
    comparison.catalog(ground)?;
    let visible = comparison.pages()?;
    comparison.rest();
    Ok(comparison.found(visible))
}

/// Whether the objects and the table fill the revision: bytes that no table leads to could be anything.
fn gaps(
    view: &View<'_>,
    written: &BTreeMap<u32, Object>,
    section: &Section,
    range: &Range<usize>,
) -> Result<(), Unreadable> {
    let mut spans: Vec<Range<usize>> = written.values().map(|object| object.span.clone()).collect();
    spans.push(section.start..section.end);
    spans.sort_by_key(|span| span.start);
    let mut at = range.start;
    for span in spans {
        if !view.bytes.get(at..span.start).is_some_and(idle) {
            return Err(Unreadable { what: "bytes that no table leads to, or objects upon each other", at });
        }
        at = span.end;
    }
    if at > range.end { Err(Unreadable { what: "an object behind its revision", at }) } else { Ok(()) }
}

impl Comparison<'_, '_> {
    pub fn forbid(&mut self, what: impl Into<String>) {
        self.forbidden.push(what.into());
    }

    /// Whether the revision brings object `number`, and nothing before had that number or could refer to it.
    pub fn fresh(&self, number: u32) -> bool {
        let size = self.old.trailer.get("Size").and_then(Value::as_integer);
        let beyond = size.is_some_and(|size| usize::try_from(number).is_ok_and(|number| number >= size));
        beyond && self.written.contains_key(&number) && !self.old.entries.contains_key(&number)
    }

    pub fn writes(&self, number: u32) -> bool {
        self.written.contains_key(&number)
    }

    pub fn account(&mut self, number: u32) {
        self.accounted.insert(number);
    }

    fn trailers(&mut self, section: &Section) {
        let known = ["Size", "Root", "Info", "ID", "Prev"];
        let (old, new) = (&self.old.trailer, &self.new.trailer);
        let first = |dict: &Dict| dict.get("ID").and_then(Value::as_array).and_then(|id| id.first()).cloned();
        let size = |dict: &Dict| dict.get("Size").and_then(Value::as_integer).unwrap_or_default();
        let highest = section.entries.keys().next_back().map_or(0, |n| usize::try_from(*n).unwrap_or(usize::MAX));
        let mut faults = Vec::new();
        if new.0.iter().any(|(key, _)| !known.iter().any(|known| known.as_bytes() == key)) {
            faults.push("its trailer has keys that are not expected");
        }
        if old.get("Root") != new.get("Root") {
            faults.push("it has another catalog");
        }
        if old.get("Info") != new.get("Info") {
            faults.push("it has another information dictionary");
        }
        if first(old) != first(new) {
            faults.push("it says that it is another file");
        }
        if size(new) < size(old) || size(new) <= highest {
            faults.push("its trailer hides objects");
        }
        faults.into_iter().for_each(|fault| self.forbid(fault));
    }

    /// The value behind `new`. An object that is written for it must be fresh, or stand where it stood before.
    pub fn carried(&mut self, old: Option<&Value>, new: &Value) -> Result<Value, Unreadable> {
        if let Value::Ref(number) = new {
            let same = old.and_then(Value::as_ref) == Some(*number);
            if self.writes(*number) && (same || self.fresh(*number)) {
                self.account(*number);
            }
        }
        self.new.resolve(new)
    }

    fn old_value(&self, old: Option<&Value>) -> Result<Option<Value>, Unreadable> {
        old.map(|old| self.old.resolve(old)).transpose()
    }

    fn catalog(&mut self, ground: &mut Ground) -> Result<(), Unreadable> {
        let root = self.old.root()?;
        let (old, new) = (self.old.dict(root)?, self.new.dict(root)?);
        if self.new.object(root)?.stream.is_none() {
            self.account(root);
        }
        for key in differing(&old, &new) {
            match (key.as_str(), new.get(&key)) {
                ("AcroForm" | "DSS", Some(_)) => {}
                ("Extensions", Some(Value::Dict(extensions))) if inert(extensions) => {
                    self.changes.push("says which extensions of PDF it uses".into());
                }
                ("Version", Some(Value::Name(version))) => {
                    self.changes.push(format!("says that it is PDF {}", String::from_utf8_lossy(version)));
                }
                (_, None) => self.forbid(format!("/{key} of the catalog is removed")),
                (_, Some(_)) => self.forbid(format!("/{key} of the catalog is changed")),
            }
        }
        if let Some(form) = new.get("AcroForm") {
            self.form(old.get("AcroForm"), form)?;
        }
        self.information()?;
        if let Some(Value::Ref(metadata)) = new.get("Metadata") {
            self.metadata(*metadata)?;
        }
        // Last, so that nothing with another role comes to be a part of the store.
        if let Some(store) = new.get("DSS") {
            self.store(store, ground)?;
        }
        Ok(())
    }

    fn form(&mut self, old: Option<&Value>, new: &Value) -> Result<(), Unreadable> {
        let (before, form) = (self.old_value(old)?, self.carried(old, new)?);
        let (Some(Value::Dict(before)), Value::Dict(form)) = (before, form) else {
            self.forbid("the form is no form");
            return Ok(());
        };
        for key in differing(&before, &form) {
            match (key.as_str(), form.get(&key)) {
                ("Fields", Some(_)) | ("DA", Some(Value::Text(_))) => {}
                ("SigFlags", Some(flags)) if flags.as_integer() == Some(3) => {}
                ("DR", Some(resources)) => self.supporting(resources)?,
                _ => self.forbid(format!("/{key} of the form is changed")),
            }
        }
        let Some(fields) = form.get("Fields") else {
            self.forbid("the form has no fields");
            return Ok(());
        };
        let known = self.old_value(before.get("Fields"))?;
        let fields = self.carried(before.get("Fields"), fields)?;
        let (known, fields) = (known.as_ref().and_then(Value::as_array), fields.as_array());
        let (Some(known), Some(fields)) = (known, fields) else {
            self.forbid("the fields of the form are no array");
            return Ok(());
        };
        let Some(grown) = grown(known, fields) else {
            self.forbid("a field of the form is removed or stands twice");
            return Ok(());
        };
        for field in grown {
            added::field(self, &field)?;
        }
        for number in known.iter().filter_map(Value::as_ref) {
            if self.writes(number) {
                added::filled(self, number)?;
            }
        }
        Ok(())
    }

    /// The information dictionary (14.3.3): programs that save a file write when, and their name.
    fn information(&mut self) -> Result<(), Unreadable> {
        let Some(Value::Ref(number)) = self.old.trailer.get("Info") else { return Ok(()) };
        if !self.writes(*number) {
            return Ok(());
        }
        let (old, new) = (self.old.dict(*number)?, self.new.dict(*number)?);
        let plain = |dict: &Dict, key: &str| dict.get(key).and_then(Value::as_text).map(|t| write::any_text(&t.bytes));
        let changed: Vec<String> = differing(&old, &new)
            .into_iter()
            .filter(|key| !["ModDate", "Producer"].contains(&key.as_str()))
            .filter(|key| plain(&old, key).is_none() || plain(&old, key) != plain(&new, key))
            .collect();
        match changed.first() {
            None => {
                self.account(*number);
                self.changes.push("says when and by which program it was saved".into());
            }
            Some(key) => self.forbid(format!("/{key} of the information dictionary is changed")),
        }
        Ok(())
    }

    /// The metadata stream (14.3.2): the same, in XMP.
    fn metadata(&mut self, number: u32) -> Result<(), Unreadable> {
        if !self.writes(number) || self.fresh(number) {
            return Ok(());
        }
        let (old, new) = (self.old.object(number)?, self.new.object(number)?);
        let packet = |object: &Object| {
            let dict =
                object.dict().filter(|dict| dict.0.iter().all(|(key, _)| PLAIN_STREAM.contains(&key.as_slice())))?;
            dict.says("Type", "Metadata").then_some(())?;
            object.stream.clone()
        };
        let same = match (packet(&old), packet(&new)) {
            (Some(old), Some(new)) => {
                xmp::same(self.old.bytes.get(old).unwrap_or_default(), self.new.bytes.get(new).unwrap_or_default())
            }
            _ => false,
        };
        if same {
            self.account(number);
        } else {
            self.forbid("the metadata say something else");
        }
        Ok(())
    }

    /// The store of certificates and revocation data (ISO 32000-2, 12.8.4.3). Nothing of it is shown.
    fn store(&mut self, store: &Value, ground: &mut Ground) -> Result<(), Unreadable> {
        let mut waiting = vec![store.clone()];
        let mut seen = BTreeSet::new();
        let mut grown = false;
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items),
                Value::Dict(dict) => waiting.extend(dict.0.into_iter().map(|(_, value)| value)),
                Value::Ref(number) if seen.insert(number) && self.writes(number) => {
                    let object = self.new.object(number)?;
                    if self.fresh(number) && !self.accounted.contains(&number) {
                        ground.store.insert(number);
                    } else if !ground.store.contains(&number) || object.stream.is_some() {
                        continue;
                    }
                    grown = true;
                    self.account(number);
                    waiting.push(object.value);
                }
                _ => {}
            }
        }
        if grown {
            self.changes.push("adds certificates and revocation data".into());
        }
        Ok(())
    }

    /// Fresh objects that `value` leads to. What was there before is not entered: if it is written, it needs a role of its own.
    pub fn supporting(&mut self, value: &Value) -> Result<(), Unreadable> {
        let mut waiting = vec![value.clone()];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items),
                Value::Dict(dict) => waiting.extend(dict.0.into_iter().map(|(_, value)| value)),
                Value::Ref(number) if self.fresh(number) && self.accounted.insert(number) => {
                    waiting.push(self.new.object(number)?.value);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The pages may get widgets of signature fields, nothing else; where those are seen.
    fn pages(&mut self) -> Result<Vec<Visible>, Unreadable> {
        let mut visible = Vec::new();
        for (index, number) in self.old.pages()?.into_iter().enumerate() {
            let (old, new) = (self.old.dict(number)?, self.new.dict(number)?);
            if self.writes(number) && self.new.object(number)?.stream.is_none() {
                self.account(number);
            }
            let page = index + 1;
            for key in differing(&old, &new).into_iter().filter(|key| key != "Annots") {
                self.forbid(format!("/{key} of page {page} is changed"));
            }
            let Some(listed) = new.get("Annots") else {
                if old.get("Annots").is_some() {
                    self.forbid(format!("the annotations of page {page} are removed"));
                }
                continue;
            };
            let before = self.old_value(old.get("Annots"))?.unwrap_or(Value::Array(Vec::new()));
            let listed = self.carried(old.get("Annots"), listed)?;
            let (before, listed) = (before.as_array().unwrap_or_default(), listed.as_array().unwrap_or_default());
            let Some(grown) = grown(before, listed) else {
                self.forbid(format!("an annotation of page {page} is removed or stands twice"));
                continue;
            };
            for annotation in grown {
                if !annotation.as_ref().is_some_and(|number| self.widgets.contains(&number)) {
                    self.forbid(format!("page {page} gets an annotation that is no signature field"));
                }
            }
            for number in listed.iter().filter_map(Value::as_ref).filter(|number| self.widgets.contains(number)) {
                visible.extend(added::rectangle(&self.new.dict(number)?).map(|rectangle| Visible { page, rectangle }));
            }
        }
        Ok(visible)
    }

    /// What has no role, unless it is written again as it was.
    fn rest(&mut self) {
        let without: Vec<u32> =
            self.written.keys().filter(|number| !self.accounted.contains(number)).copied().collect();
        for number in without {
            if self.fresh(number) {
                self.forbid(format!("object {number} is added and belongs to no signature"));
            } else if !self.same(number) {
                self.forbid(format!("object {number} is written anew and is not the same"));
            }
        }
    }

    /// Whether object `number` is the same before and after.
    fn same(&self, number: u32) -> bool {
        let (Ok(old), Ok(new)) = (self.old.object(number), self.new.object(number)) else { return false };
        let stream = |view: &View<'_>, object: &Object| {
            object.stream.clone().map(|range| view.bytes.get(range).map(<[u8]>::to_vec))
        };
        old.value == new.value && stream(self.old, &old) == stream(self.new, &new)
    }

    fn found(mut self, visible: Vec<Visible>) -> Found {
        if self.signatures.len() > 1 {
            self.forbid("it adds more than one signature at once");
        }
        for place in &visible {
            let [left, bottom, right, top] = place.rectangle;
            self.changes
                .push(format!("shows a signature on page {}, from {left} {bottom} to {right} {top}", place.page));
        }
        let stored = self.changes.iter().any(|change| change.starts_with("adds certificates"));
        let kind = match self.signatures.drain(..).next() {
            Some(kind) => kind,
            None if stored && self.widgets.is_empty() => LaterKind::Dss,
            None => LaterKind::Other,
        };
        Found { kind, changes: self.changes, visible, forbidden: self.forbidden }
    }

    /// Records a signature of the revision.
    pub fn signed(&mut self, added: Added, stamp: bool) {
        let what = if stamp { "a time stamp" } else { "a signature" };
        self.changes.push(format!("puts {what} in the field {:?}", added.field));
        self.signatures.push(if stamp { LaterKind::DocTimeStamp(added) } else { LaterKind::Signature(added) });
    }
}

/// Keys of a stream that is not encoded.
const PLAIN_STREAM: &[&[u8]] = &[b"Type", b"Subtype", b"Length"];

/// Whether bytes between objects are white space or short comments, as some programs write their name in.
fn idle(bytes: &[u8]) -> bool {
    bytes.split(|byte| matches!(byte, b'\r' | b'\n')).all(|line| {
        let comment = line.len() <= 80 && line.iter().all(|byte| (32..127).contains(byte) && *byte != b'<');
        line.iter().copied().all(is_space) || (line.starts_with(b"%") && comment)
    })
}

/// The keys whose values are not the same in both; null is as good as nothing (7.3.7).
pub(super) fn differing(old: &Dict, new: &Dict) -> Vec<String> {
    let mut keys: Vec<&[u8]> = old.0.iter().chain(&new.0).map(|(key, _)| key.as_slice()).collect();
    keys.sort_unstable();
    keys.dedup();
    let value = |dict: &'_ Dict, key: &[u8]| {
        dict.0.iter().find(|(name, value)| name == key && !matches!(value, Value::Null)).map(|(_, value)| value.clone())
    };
    let keys = keys.into_iter().filter(|key| value(old, key) != value(new, key));
    keys.map(|key| String::from_utf8_lossy(key).into_owned()).collect()
}

/// What `new` has beyond `old`, if all of `old` is in it, in order, and no item twice.
fn grown(old: &[Value], new: &[Value]) -> Option<Vec<Value>> {
    let mut waiting = old.iter().peekable();
    let mut grown = Vec::new();
    let mut seen = BTreeSet::new();
    for item in new {
        if !item.as_ref().is_none_or(|number| seen.insert(number)) {
            return None;
        }
        if waiting.next_if(|known| *known == item).is_none() {
            grown.push(item.clone());
        }
    }
    waiting.peek().is_none().then_some(grown)
}

/// Whether a dictionary holds words and numbers alone, and leads nowhere.
fn inert(dict: &Dict) -> bool {
    dict.0.iter().all(|(_, value)| match value {
        Value::Dict(inner) => inert(inner),
        Value::Array(items) => items.iter().all(|item| item.as_dict().is_some_and(inert)),
        Value::Ref(_) => false,
        _ => true,
    })
}
