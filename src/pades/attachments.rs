//! The files that are embedded in a PDF by our generator (ISO 32000-1, 7.11.4; ISO 19005-3, 6.8).

use super::file::{View, last_section};
use super::syntax::Value;
use super::{PadesError, is_pdf, write};

/// The embedded files of `pdf`, a file by our generator, with their names, in the order of the file.
///
/// # Errors
/// [`PadesError::Attachment`] if a file is compressed, has two names or two contents, or is not associated with the
/// document; [`PadesError::Form`] if the PDF is not of our generator.
pub fn attachments(pdf: &[u8]) -> Result<Vec<(String, Vec<u8>)>, PadesError> {
    if !is_pdf(pdf) {
        return Err(PadesError::NotPdf);
    }
    let section = last_section(pdf)?;
    if section.trailer.get("Prev").is_some() {
        return Err(PadesError::Attachment("the PDF has more than one revision"));
    }
    let view = View::of(pdf, &section);
    let catalog = view.dict(view.root()?)?;
    let Some(names) = catalog.get("Names") else { return associated(&[], catalog.get("AF")).map(|()| Vec::new()) };
    let names = view.resolve(names)?;
    let Some(tree) = names.as_dict().and_then(|names| names.get("EmbeddedFiles")) else {
        return associated(&[], catalog.get("AF")).map(|()| Vec::new());
    };
    let tree = view.resolve(tree)?;
    let tree = tree.as_dict().filter(|tree| tree.get("Kids").is_none());
    let pairs = tree.and_then(|tree| tree.get("Names")).and_then(Value::as_array);
    let (pairs, odd) = pairs.ok_or(PadesError::Attachment("the tree of names has branches"))?.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(PadesError::Attachment("a name without a file"));
    }
    let mut found = Vec::new();
    let mut numbers = Vec::new();
    for [name, file] in pairs {
        let (Some(name), Some(number)) = (name.as_text(), file.as_ref()) else {
            return Err(PadesError::Attachment("a name that is none"));
        };
        let name = std::str::from_utf8(&name.bytes).map_err(|_| PadesError::Attachment("a name that is not UTF-8"))?;
        if found.iter().any(|(other, _)| other == name) {
            return Err(PadesError::Attachment("two files of one name"));
        }
        found.push((name.to_owned(), embedded(&view, number, name)?));
        numbers.push(number);
    }
    associated(&numbers, catalog.get("AF"))?;
    Ok(found)
}

/// The content of the file that the file specification `number` embeds under `name`.
fn embedded(view: &View<'_>, number: u32, name: &str) -> Result<Vec<u8>, PadesError> {
    let file = view.dict(number)?;
    let plain = file.get("F").and_then(Value::as_text).is_some_and(|text| text.bytes == name.as_bytes());
    let unicode = file.get("UF").is_none_or(|text| write::read_text(text).as_deref() == Some(name));
    if !plain || !unicode {
        return Err(PadesError::Attachment("a file with two names"));
    }
    let streams = file.get("EF").and_then(Value::as_dict).map(|streams| streams.0.iter().map(|(_, stream)| stream));
    let mut streams: Vec<&Value> = streams.into_iter().flatten().collect();
    streams.dedup();
    let [Value::Ref(stream)] = streams.as_slice() else {
        return Err(PadesError::Attachment("a file with no or two contents"));
    };
    let object = view.object(*stream)?;
    let plain = object.dict().is_some_and(|d| ["Filter", "F", "FFilter"].iter().all(|key| d.get(key).is_none()));
    match object.stream.and_then(|stream| view.bytes.get(stream)) {
        Some(bytes) if plain => Ok(bytes.to_vec()),
        _ => Err(PadesError::Attachment("a file that is compressed or is elsewhere")),
    }
}

/// Whether the files associated with the document, which some readers show instead, are the same.
fn associated(numbers: &[u32], listed: Option<&Value>) -> Result<(), PadesError> {
    let listed = listed.map(|listed| listed.as_array().unwrap_or_default().iter().map(Value::as_ref));
    let mut listed: Vec<Option<u32>> = listed.into_iter().flatten().collect();
    let mut numbers: Vec<Option<u32>> = numbers.iter().map(|number| Some(*number)).collect();
    listed.sort();
    numbers.sort();
    if listed == numbers { Ok(()) } else { Err(PadesError::Attachment("the associated files are others")) }
}
