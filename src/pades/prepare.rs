//! Putting a signature on a PDF by incremental update (ISO 32000-1, 7.5.6 and 12.8).

use std::collections::BTreeMap;
use std::ops::Range;

use super::file::{MOST_OBJECTS, View, last_section};
use super::syntax::{Dict, Unreadable, Value};
use super::{Dictionary, PadesError, der_length, is_pdf, write};

/// The largest file that is signed or read, in bytes; the offsets of a classic table have ten digits.
pub(super) const LARGEST: usize = 1 << 30;
/// Most bytes that are kept for a CMS.
const MOST_ROOM: usize = 1 << 20;
/// Most characters of a text in the dictionary.
const LONGEST_TEXT: usize = 4096;
/// What the signature field is called.
pub(super) const FIELD: &str = "Signature1";
/// The key of the time-stamp authority. Names that begin with XX are the private ones (ISO 32000-1, annex E).
pub(super) const TIME_STAMP: &str = "XXRaderaTimeStamp";
/// Digits that each number of a byte range is given.
const DIGITS: usize = 10;

/// A PDF with its signature dictionary in place and room for the CMS.
#[derive(Debug, Clone)]
pub struct Prepared {
    bytes: Vec<u8>,
    /// The string of `/Contents`, delimiters included.
    contents: Range<usize>,
}

/// Appends to `pdf`, a file by our generator, a revision with one signature that has room for a CMS of `room` bytes.
///
/// The signature is an approval, not a certification: receivers can add their own. What the file shows, says and has
/// attached is not touched; a tagged file stays tagged (a Form element with the signature's field).
///
/// # Errors
/// [`PadesError::Form`] for files that our generator did not write, [`PadesError::Taken`] for those with a form or a
/// signature, [`PadesError::Bounds`] for texts, times and sizes out of bounds.
pub fn prepare(pdf: &[u8], dictionary: &Dictionary, room: usize) -> Result<Prepared, PadesError> {
    if !is_pdf(pdf) {
        return Err(PadesError::NotPdf);
    }
    if pdf.len() > LARGEST {
        return Err(PadesError::Bounds("the size of the PDF"));
    }
    if room == 0 || room > MOST_ROOM {
        return Err(PadesError::Bounds("the room for the signature"));
    }
    let section = last_section(pdf)?;
    if section.end != pdf.len() || section.trailer.get("Prev").is_some() || section.trailer.get("Encrypt").is_some() {
        return Err(fault("not a file of one plain revision", section.start));
    }
    let view = View::of(pdf, &section);
    let size = section.trailer.get("Size").and_then(Value::as_integer);
    let size = size.filter(|size| section.entries.len() == *size && *size < MOST_OBJECTS);
    let size = size.ok_or(fault("a table that does not number all objects", section.start))?;
    let first = u32::try_from(size).map_err(|_| PadesError::Bounds("the number of objects"))?;

    let mut update = Update { bytes: Vec::with_capacity(pdf.len() + 2 * room + 8192), offsets: BTreeMap::new() };
    update.bytes.extend(pdf);
    update.bytes.push(b'\n');
    let (signature, widget) = (first, first + 1);
    let (ranges, contents) = update.signature(signature, dictionary, room)?;
    let added = update.field(&view, widget, signature, &label(dictionary))?;
    update.finish(&section.trailer, section.start, size + added)?;

    let numbers = [contents.start, contents.end, update.bytes.len() - contents.end];
    for (place, number) in ranges.into_iter().zip(numbers) {
        let digits = format!("{number:<DIGITS$}");
        if let Some(hole) = update.bytes.get_mut(place) {
            hole.copy_from_slice(digits.as_bytes());
        }
    }
    Ok(Prepared { bytes: update.bytes, contents })
}

impl Prepared {
    /// What the signature covers, in two parts: all before the string of `/Contents`, and all behind it.
    pub fn content(&self) -> [&[u8]; 2] {
        content(&self.bytes, &self.contents, self.bytes.len())
    }

    /// Where the string of `/Contents` lies, delimiters included.
    pub(super) fn contents(&self) -> Range<usize> {
        self.contents.clone()
    }

    /// The signed file.
    ///
    /// # Errors
    /// [`PadesError::Room`] if `cms` is longer than what was kept for it, [`PadesError::NotDer`] if it is not one DER
    /// sequence.
    pub fn complete(mut self, cms: &[u8]) -> Result<Vec<u8>, PadesError> {
        let room = (self.contents.len() - 2) / 2;
        if cms.len() > room {
            return Err(PadesError::Room { needed: cms.len(), room });
        }
        if der_length(cms) != Some(cms.len()) {
            return Err(PadesError::NotDer);
        }
        let hole = self.bytes.iter_mut().skip(self.contents.start + 1);
        hole.zip(write::digits(cms)).for_each(|(byte, digit)| *byte = digit);
        Ok(self.bytes)
    }
}

/// The two parts of `bytes[..end]` around `contents`.
pub(super) fn content<'a>(bytes: &'a [u8], contents: &Range<usize>, end: usize) -> [&'a [u8]; 2] {
    [bytes.get(..contents.start).unwrap_or_default(), bytes.get(contents.end..end).unwrap_or_default()]
}

fn fault(what: &'static str, at: usize) -> PadesError {
    PadesError::Form(Unreadable { what, at })
}

/// What a screen reader says of the field.
fn label(dictionary: &Dictionary) -> String {
    [&dictionary.name, &dictionary.reason]
        .map(String::as_str)
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(": ")
}

/// The revision that is being written.
struct Update {
    bytes: Vec<u8>,
    offsets: BTreeMap<u32, usize>,
}

impl Update {
    /// Opens object `number`.
    fn open(&mut self, number: u32) {
        self.offsets.insert(number, self.bytes.len());
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
    }

    fn object(&mut self, number: u32, dict: &Dict) {
        self.open(number);
        write::dict(&mut self.bytes, dict);
        self.bytes.extend(b"\nendobj\n");
    }

    /// The signature dictionary; where the three numbers of its byte range stand that are not yet known, and its contents.
    fn signature(
        &mut self,
        number: u32,
        dictionary: &Dictionary,
        room: usize,
    ) -> Result<([Range<usize>; 3], Range<usize>), PadesError> {
        let mut dict = Dict::default();
        dict.set("Type", Value::name("Sig"));
        dict.set("Filter", Value::name("Adobe.PPKLite"));
        dict.set("SubFilter", Value::name("ETSI.CAdES.detached"));
        dict.set("M", write::date(dictionary.at).ok_or(PadesError::Bounds("the time of signing"))?);
        dict.set("Name", text(&dictionary.name)?);
        dict.set("Reason", text(&dictionary.reason)?);
        if let Some(location) = &dictionary.location {
            dict.set("Location", text(location)?);
        }
        if let Some(authority) = &dictionary.time_stamp {
            dict.set(TIME_STAMP, text(authority)?);
        }
        self.open(number);
        write::dict(&mut self.bytes, &dict);
        self.bytes.truncate(self.bytes.len() - 2);
        self.bytes.extend(b"/ByteRange[0");
        let ranges = [(); 3].map(|()| {
            self.bytes.push(b' ');
            let start = self.bytes.len();
            self.bytes.extend([b' '; DIGITS]);
            start..start + DIGITS
        });
        self.bytes.extend(b"]/Contents");
        let start = self.bytes.len();
        self.bytes.push(b'<');
        self.bytes.extend(std::iter::repeat_n(b'0', 2 * room));
        self.bytes.push(b'>');
        let contents = start..self.bytes.len();
        self.bytes.extend(b">>\nendobj\n");
        Ok((ranges, contents))
    }

    /// The field, which is its own widget, on the first page; how many objects are new, the signature with them.
    fn field(&mut self, view: &View<'_>, widget: u32, signature: u32, label: &str) -> Result<usize, PadesError> {
        let root = view.root()?;
        let mut catalog = view.dict(root)?;
        for (key, what) in [("AcroForm", "a form"), ("Perms", "permissions"), ("DSS", "a store of certificates")] {
            if catalog.get(key).is_some() {
                return Err(PadesError::Taken(what));
            }
        }
        let pages = view.pages()?;
        let page = *pages.first().ok_or(fault("no page", 0))?;
        let mut leaf = view.dict(page)?;

        let mut field = Dict::default();
        field.set("Type", Value::name("Annot"));
        field.set("Subtype", Value::name("Widget"));
        field.set("FT", Value::name("Sig"));
        field.set("T", write::text(FIELD));
        if !label.is_empty() {
            field.set("TU", write::text(label));
        }
        field.set("V", Value::Ref(signature));
        // No size: ISO 19005-3, 6.3.3 then asks for no appearance. Print and Locked: 6.3.2.
        field.set("Rect", Value::Array(vec![Value::integer(0); 4]));
        field.set("F", Value::integer(132));
        field.set("P", Value::Ref(page));
        let tagged = catalog.get("StructTreeRoot").is_some();
        if tagged {
            let parent = self.form_element(view, &catalog, widget, page)?;
            field.set("StructParent", Value::integer(parent));
            leaf.set("Tabs", Value::name("S"));
        }
        self.object(widget, &field);

        match leaf.get_mut("Annots") {
            None => leaf.set("Annots", Value::Array(vec![Value::Ref(widget)])),
            Some(Value::Array(items)) => items.push(Value::Ref(widget)),
            Some(_) => return Err(fault("annotations that are no array", 0)),
        }
        self.object(page, &leaf);

        let mut form = Dict::default();
        form.set("Fields", Value::Array(vec![Value::Ref(widget)]));
        form.set("SigFlags", Value::integer(3));
        catalog.set("AcroForm", Value::Dict(form));
        if catalog.get("Extensions").is_none() {
            catalog.set("Extensions", Value::Dict(extensions()));
        }
        self.object(root, &catalog);
        Ok(if tagged { 3 } else { 2 })
    }

    /// A Form element for the widget (ISO 14289-1, 7.18.4), last in the document element; its key in the parent tree.
    fn form_element(&mut self, view: &View<'_>, catalog: &Dict, widget: u32, page: u32) -> Result<usize, PadesError> {
        let lost = || fault("a structure tree that is not as our generator writes it", 0);
        let root_number = catalog.get("StructTreeRoot").and_then(Value::as_ref).ok_or_else(lost)?;
        let mut root = view.dict(root_number)?;
        let document_number = match root.get("K") {
            Some(Value::Ref(number)) => *number,
            Some(Value::Array(kids)) => match kids.as_slice() {
                [Value::Ref(number)] => *number,
                _ => return Err(lost()),
            },
            _ => return Err(lost()),
        };
        let mut document = view.dict(document_number)?;
        let element = widget + 1;

        let key = match root.get("ParentTreeNextKey") {
            Some(next) => next.as_integer().ok_or_else(lost)?,
            None if root.get("ParentTree").is_none() => 0,
            None => return Err(lost()),
        };
        if root.get("ParentTree").is_none() {
            let mut tree = Dict::default();
            tree.set("Nums", Value::Array(Vec::new()));
            root.set("ParentTree", Value::Dict(tree));
        }
        let Some(Value::Dict(tree)) = root.get_mut("ParentTree") else { return Err(lost()) };
        let Some(Value::Array(numbers)) = tree.get_mut("Nums") else { return Err(lost()) };
        let last = numbers.iter().step_by(2).next_back();
        if last.is_some_and(|last| last.as_integer().is_none_or(|last| last >= key)) {
            return Err(lost());
        }
        numbers.extend([Value::integer(key), Value::Ref(element)]);
        root.set("ParentTreeNextKey", Value::integer(key + 1));

        match document.get_mut("K") {
            None => document.set("K", Value::Array(vec![Value::Ref(element)])),
            Some(Value::Array(kids)) => kids.push(Value::Ref(element)),
            Some(kid) => *kid = Value::Array(vec![kid.clone(), Value::Ref(element)]),
        }

        let mut reference = Dict::default();
        reference.set("Type", Value::name("OBJR"));
        reference.set("Pg", Value::Ref(page));
        reference.set("Obj", Value::Ref(widget));
        let mut form = Dict::default();
        form.set("Type", Value::name("StructElem"));
        form.set("S", Value::name("Form"));
        form.set("P", Value::Ref(document_number));
        form.set("Pg", Value::Ref(page));
        form.set("K", Value::Array(vec![Value::Dict(reference)]));
        self.object(element, &form);
        self.object(document_number, &document);
        self.object(root_number, &root);
        Ok(key)
    }

    /// The table and the trailer.
    fn finish(&mut self, base: &Dict, before: usize, size: usize) -> Result<(), PadesError> {
        let start = self.bytes.len();
        let mut table = String::from("xref\n0 1\n0000000000 65535 f\r\n");
        for (number, offset) in &self.offsets {
            table.push_str(&format!("{number} 1\n{offset:010} 00000 n\r\n"));
        }
        table.push_str("trailer\n");
        self.bytes.extend(table.bytes());
        let mut trailer = Dict::default();
        trailer.set("Size", Value::integer(size));
        for key in ["Root", "Info", "ID"] {
            if let Some(value) = base.get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Prev", Value::integer(before));
        write::dict(&mut self.bytes, &trailer);
        self.bytes.extend(format!("\nstartxref\n{start}\n%%EOF\n").bytes());
        if self.bytes.len() > LARGEST { Err(PadesError::Bounds("the size of the signed PDF")) } else { Ok(()) }
    }
}

/// What says that the file uses ETSI's signatures, which ISO 32000-1 does not know (its 7.12).
fn extensions() -> Dict {
    let mut etsi = Dict::default();
    etsi.set("BaseVersion", Value::name("1.7"));
    etsi.set("ExtensionLevel", Value::integer(1));
    let mut extensions = Dict::default();
    extensions.set("ESIC", Value::Dict(etsi));
    extensions
}

fn text(text: &str) -> Result<Value, PadesError> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(PadesError::Bounds("a text of the signature"));
    }
    Ok(write::text(text))
}
