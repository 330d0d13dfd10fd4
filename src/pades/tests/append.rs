//! Appending revisions by hand, as a receiver or an attacker may.

use super::super::file::{View, last_section};
use super::super::read;
use super::super::syntax::{Dict, Value};
use super::super::write;

/// A file that objects are appended to.
pub struct Appended<'a> {
    pub bytes: Vec<u8>,
    before: &'a [u8],
    objects: Vec<(u32, usize)>,
    /// The number of the next new object.
    pub next: u32,
    /// More for the trailer.
    pub trailer: Vec<(&'static str, Value)>,
}

/// The objects of `file` as they are after all its revisions.
pub fn view(file: &[u8]) -> View<'_> {
    let mut sections = vec![last_section(file).unwrap()];
    while let Some(prev) = sections.last().unwrap().trailer.get("Prev").and_then(Value::as_integer) {
        sections.push(super::super::file::section(file, prev).unwrap());
    }
    let mut view = View::of(file, &sections.pop().unwrap());
    while let Some(section) = sections.pop() {
        view = view.with(file, &section);
    }
    view
}

impl<'a> Appended<'a> {
    pub fn to(before: &'a [u8]) -> Self {
        let next = view(before).trailer.get("Size").and_then(Value::as_integer).unwrap() as u32;
        Appended { bytes: before.to_vec(), before, objects: Vec::new(), next, trailer: Vec::new() }
    }

    /// Writes object `number`; all of it but `n 0 obj` and `endobj`.
    pub fn raw(&mut self, number: u32, body: impl AsRef<[u8]>) -> u32 {
        self.objects.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        self.bytes.extend(body.as_ref());
        self.bytes.extend(b"\nendobj\n");
        self.next = self.next.max(number + 1);
        number
    }

    pub fn new(&mut self, body: impl AsRef<[u8]>) -> u32 {
        self.raw(self.next, body)
    }

    /// Writes the dictionary of object `number` anew, changed.
    pub fn edit(&mut self, number: u32, change: impl FnOnce(&mut Dict)) {
        let mut dict = view(self.before).dict(number).unwrap();
        change(&mut dict);
        let mut body = Vec::new();
        write::dict(&mut body, &dict);
        self.raw(number, body);
    }

    pub fn root(&self) -> u32 {
        view(self.before).root().unwrap()
    }

    pub fn page(&self, index: usize) -> u32 {
        view(self.before).pages().unwrap()[index]
    }

    /// A signature field with its value on the first page; what the field has beside that.
    pub fn signature(&mut self, rectangle: &str, more: &str) -> u32 {
        let (root, page) = (self.root(), self.page(0));
        let value = self.next;
        let head = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/Contents<30020500000000>/ByteRange[";
        let start = self.bytes.len() + format!("{value} 0 obj\n").len() + head.find("<3002").unwrap();
        self.new(format!("{head}0 {start} {} 0000000000]>>", start + 16));
        let field = self.new(format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Receiver)/V {value} 0 R/Rect[{rectangle}]/F 132/P {page} 0 R{more}>>"
        ));
        self.edit(page, |page| push(page, "Annots", field));
        self.edit(root, |root| match root.get_mut("AcroForm") {
            Some(Value::Dict(form)) => push(form, "Fields", field),
            _ => panic!("no form"),
        });
        field
    }

    /// The file, with the last number of byte ranges that await it filled in.
    pub fn finish(mut self) -> Vec<u8> {
        let old = view(self.before).trailer;
        let start = self.bytes.len();
        let mut table = String::from("xref\n");
        for (number, at) in &self.objects {
            table.push_str(&format!("{number} 1\n{at:010} 00000 n \n"));
        }
        let mut trailer = Dict::default();
        for key in ["Root", "Info", "ID"] {
            trailer.set(key, old.get(key).unwrap().clone());
        }
        trailer.set("Size", Value::integer(self.next as usize));
        trailer.set("Prev", Value::integer(last_section(self.before).unwrap().start));
        for (key, value) in self.trailer {
            trailer.set(key, value);
        }
        self.bytes.extend(table.bytes());
        self.bytes.extend(b"trailer\n");
        write::dict(&mut self.bytes, &trailer);
        self.bytes.extend(format!("\nstartxref\n{start}\n%%EOF\n").bytes());
        let end = self.bytes.len();
        let hole = self.bytes[self.before.len()..].windows(12).position(|window| window == b" 0000000000]");
        if let Some(hole) = hole.map(|at| at + self.before.len()) {
            let digits: String =
                self.bytes[..hole].iter().rev().take_while(|b| b.is_ascii_digit()).map(|b| *b as char).collect();
            let from: usize = digits.chars().rev().collect::<String>().parse().unwrap();
            self.bytes[hole + 1..hole + 11].copy_from_slice(format!("{:010}", end - from).as_bytes());
        }
        self.bytes
    }
}

/// Adds a reference to an array of `dict`, which is made if it is not there.
pub fn push(dict: &mut Dict, key: &str, number: u32) {
    match dict.get_mut(key) {
        Some(Value::Array(items)) => items.push(Value::Ref(number)),
        None => dict.set(key, Value::Array(vec![Value::Ref(number)])),
        Some(_) => panic!("no array"),
    }
}

/// What is forbidden of `file`.
pub fn forbidden(file: &[u8]) -> Vec<String> {
    read(file).unwrap().forbidden
}
