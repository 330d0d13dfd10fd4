//! The classic cross-reference table (ISO 32000-1, 7.5.4 and 7.5.5), and the objects that it leads to.

use std::collections::BTreeMap;
use std::ops::Range;

use super::syntax::{Dict, Reader, Unreadable, Value};

/// The highest object number that is looked at.
pub(super) const MOST_OBJECTS: usize = 4_000_000;

/// One revision's table and trailer.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// Where `xref` stands.
    pub start: usize,
    /// Object number to offset; `None` for one that is free.
    pub entries: BTreeMap<u32, Option<usize>>,
    pub trailer: Dict,
    /// Right behind `%%EOF`.
    pub end: usize,
}

/// An indirect object.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub value: Value,
    /// The bytes between `stream` and `endstream`, still encoded.
    pub stream: Option<Range<usize>>,
    /// From its number to behind `endobj`.
    pub span: Range<usize>,
}

impl Object {
    pub fn dict(&self) -> Option<&Dict> {
        self.value.as_dict()
    }
}

/// Reads the table and trailer at `start`.
pub(super) fn section(bytes: &[u8], start: usize) -> Result<Section, Unreadable> {
    let mut reader = Reader::new(bytes, start);
    if !reader.keyword("xref") {
        return reader.fail("no cross-reference table");
    }
    let mut entries = BTreeMap::new();
    reader.skip_space();
    while reader.peek().is_some_and(|b| b.is_ascii_digit()) {
        let first = reader.integer()?;
        reader.skip_space();
        let count = reader.integer()?;
        reader.skip_space();
        for number in first..first.saturating_add(count) {
            let entry = entry(&mut reader)?;
            match u32::try_from(number) {
                Ok(small) if number <= MOST_OBJECTS => {
                    if entries.insert(small, entry).is_some() {
                        return reader.fail("an object that stands twice in the cross-reference table");
                    }
                }
                _ => return reader.fail("too high an object number"),
            }
        }
        reader.skip_space();
    }
    if !reader.keyword("trailer") {
        return reader.fail("no trailer");
    }
    let Value::Dict(trailer) = reader.value()? else { return reader.fail("no trailer dictionary") };
    // Some programs write their name here, as a comment.
    reader.skip();
    if !reader.keyword("startxref") {
        return reader.fail("no startxref");
    }
    reader.skip_space();
    if reader.integer()? != start {
        return reader.fail("a startxref that does not lead to its table");
    }
    reader.skip_space();
    if !reader.rest().starts_with(b"%%EOF") {
        return reader.fail("no end-of-file mark");
    }
    Ok(Section { start, entries, trailer, end: reader.at + 5 })
}

/// The twenty bytes of one entry.
fn entry(reader: &mut Reader<'_>) -> Result<Option<usize>, Unreadable> {
    let Some((line, _)) = reader.rest().split_first_chunk::<20>() else { return reader.fail("a table cut short") };
    let mut within = Reader::new(line, 0);
    let offset = within.integer();
    let (kind, ends) = (line[17], matches!(&line[18..], b"\r\n" | b" \n" | b" \r"));
    let generation = line[11..16].iter().all(u8::is_ascii_digit);
    let (Ok(offset), 10, b' ', b' ', true, true) = (offset, within.at, line[10], line[16], ends, generation) else {
        return reader.fail("an entry of the cross-reference table that is none");
    };
    let found = match kind {
        b'n' if &line[11..16] == b"00000" => Some(offset),
        b'f' => None,
        _ => return reader.fail("an entry of a kind or generation that is not expected"),
    };
    reader.at += 20;
    Ok(found)
}

/// The offset that the last `startxref` of `bytes` names, if `bytes` ends with one, white space aside.
pub(super) fn last_section(bytes: &[u8]) -> Result<Section, Unreadable> {
    let tail_at = bytes.len().saturating_sub(64);
    let tail = bytes.get(tail_at..).unwrap_or_default();
    let Some(found) = tail.windows(9).rposition(|window| window == b"startxref") else {
        return Err(Unreadable { what: "no startxref", at: bytes.len() });
    };
    let mut reader = Reader::new(bytes, tail_at + found + 9);
    reader.skip_space();
    let section = section(bytes, reader.integer()?)?;
    reader.at = section.end;
    reader.skip_space();
    if reader.peek().is_some() {
        return reader.fail("bytes after the end-of-file mark");
    }
    Ok(section)
}

/// A file up to one of its revisions: which object stands where.
#[derive(Debug, Clone)]
pub(super) struct View<'a> {
    pub bytes: &'a [u8],
    pub entries: BTreeMap<u32, usize>,
    pub trailer: Dict,
}

impl<'a> View<'a> {
    /// The view of a file of one revision.
    pub fn of(bytes: &'a [u8], section: &Section) -> Self {
        let entries = section.entries.iter().filter_map(|(number, at)| Some((*number, (*at)?))).collect();
        View { bytes, entries, trailer: section.trailer.clone() }
    }

    /// This view with one more revision on top; `bytes` reaches to that revision's end.
    pub fn with<'b>(&self, bytes: &'b [u8], section: &Section) -> View<'b> {
        let mut entries = self.entries.clone();
        for (number, at) in &section.entries {
            match at {
                Some(at) => entries.insert(*number, *at),
                None => entries.remove(number),
            };
        }
        View { bytes, entries, trailer: section.trailer.clone() }
    }

    /// Object `number`.
    pub fn object(&self, number: u32) -> Result<Object, Unreadable> {
        match self.entries.get(&number) {
            Some(at) => self.object_at(*at, number),
            None => Err(Unreadable { what: "a reference to an object that is not there", at: 0 }),
        }
    }

    /// The object at `at`, which must be `number`.
    pub fn object_at(&self, at: usize, number: u32) -> Result<Object, Unreadable> {
        let mut reader = Reader::new(self.bytes, at);
        if reader.integer()? != usize::try_from(number).unwrap_or(usize::MAX) {
            return reader.fail("another object than the table says");
        }
        reader.skip_space();
        if reader.integer()? != 0 {
            return reader.fail("an object of a later generation");
        }
        reader.skip_space();
        if !reader.keyword("obj") {
            return reader.fail("no object");
        }
        let value = reader.value()?;
        reader.skip();
        if reader.keyword("endobj") {
            return Ok(Object { value, stream: None, span: at..reader.at });
        }
        if !reader.keyword("stream") {
            return reader.fail("an object without an end");
        }
        if reader.rest().starts_with(b"\r\n") {
            reader.at += 2;
        } else if reader.peek() == Some(b'\n') {
            reader.at += 1;
        } else {
            return reader.fail("a stream that does not begin on a line of its own");
        }
        let start = reader.at;
        let Some(length) = value.as_dict().and_then(|dict| self.length(dict)) else {
            return reader.fail("a stream without a length");
        };
        match start.checked_add(length).filter(|end| *end <= self.bytes.len()) {
            Some(end) => reader.at = end,
            None => return reader.fail("a stream longer than its file"),
        }
        let stream = start..reader.at;
        reader.skip_space();
        if !reader.keyword("endstream") {
            return reader.fail("a stream without an end");
        }
        reader.expect("endobj", "an object without an end")?;
        Ok(Object { value, stream: Some(stream), span: at..reader.at })
    }

    /// A stream's length; where it is an object of its own, that object is a number.
    fn length(&self, dict: &Dict) -> Option<usize> {
        match dict.get("Length")? {
            Value::Ref(number) => {
                let mut reader = Reader::new(self.bytes, *self.entries.get(number)?);
                if u32::try_from(reader.integer().ok()?).ok()? != *number {
                    return None;
                }
                reader.skip_space();
                reader.integer().ok().filter(|generation| *generation == 0)?;
                reader.expect("obj", "").ok()?;
                let length = reader.value().ok()?.as_integer();
                reader.expect("endobj", "").ok()?;
                length
            }
            direct => direct.as_integer(),
        }
    }

    /// The dictionary of object `number`.
    pub fn dict(&self, number: u32) -> Result<Dict, Unreadable> {
        let object = self.object(number)?;
        match object.value {
            Value::Dict(dict) => Ok(dict),
            _ => Err(Unreadable { what: "no dictionary where one was expected", at: object.span.start }),
        }
    }

    /// The value itself, or that of the object it refers to; once, never further.
    pub fn resolve(&self, value: &Value) -> Result<Value, Unreadable> {
        match value {
            Value::Ref(number) => match self.object(*number)?.value {
                Value::Ref(_) => Err(Unreadable { what: "a reference to a reference", at: 0 }),
                value => Ok(value),
            },
            value => Ok(value.clone()),
        }
    }

    /// The number of the catalog.
    pub fn root(&self) -> Result<u32, Unreadable> {
        match self.trailer.get("Root") {
            Some(Value::Ref(number)) => Ok(*number),
            _ => Err(Unreadable { what: "a trailer without a catalog", at: 0 }),
        }
    }

    /// The numbers of all pages, in order (7.7.3).
    pub fn pages(&self) -> Result<Vec<u32>, Unreadable> {
        let fault = |what| Unreadable { what, at: 0 };
        let root = self.dict(self.root()?)?;
        let top = root.get("Pages").and_then(Value::as_ref).ok_or(fault("a catalog without pages"))?;
        let mut waiting = vec![top];
        let mut seen = std::collections::HashSet::new();
        let mut pages = Vec::new();
        while let Some(number) = waiting.pop() {
            if !seen.insert(number) {
                return Err(fault("a page that stands twice in the tree of pages"));
            }
            let dict = self.dict(number)?;
            if dict.says("Type", "Page") {
                pages.push(number);
                continue;
            }
            let kids = dict.get("Kids").and_then(Value::as_array).filter(|_| dict.says("Type", "Pages"));
            let kids = kids.ok_or(fault("a tree of pages that is none"))?;
            for kid in kids.iter().rev() {
                waiting.push(kid.as_ref().ok_or(fault("a tree of pages that is none"))?);
            }
        }
        Ok(pages)
    }
}
