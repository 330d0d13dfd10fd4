//! Signature fields that a revision adds or fills (ISO 32000-1, 12.7.4.5 and 12.8).

use std::ops::Range;

use super::changes::{Comparison, differing};
use super::later::Added;
use super::syntax::{Dict, Unreadable, Value};
use super::{der_length, write};

/// What a signature field or its widget may have. No actions, no optional content, no rich media.
const KEYS: &[&str] = &[
    "Type",
    "Subtype",
    "FT",
    "T",
    "TU",
    "TM",
    "NM",
    "V",
    "F",
    "Ff",
    "P",
    "Rect",
    "AP",
    "AS",
    "Kids",
    "Parent",
    "Lock",
    "SV",
    "DA",
    "Q",
    "BS",
    "Border",
    "MK",
    "H",
    "M",
    "StructParent",
];
/// What may come with a signature into a field that was empty.
const FILLED: &[&str] = &["V", "AP", "AS", "MK", "F", "M", "Lock", "TU", "DA"];
/// Those that a field may refer to other objects with.
const SUPPORT: &[&str] = &["AP", "Lock", "SV", "BS", "Border", "MK"];

/// A field that is new in the form.
pub(super) fn field(comparison: &mut Comparison<'_, '_>, reference: &Value) -> Result<(), Unreadable> {
    let Some(number) = reference.as_ref().filter(|number| comparison.fresh(*number)) else {
        comparison.forbid("a field of the form that is no new object");
        return Ok(());
    };
    let field = comparison.new.dict(number)?;
    if !field.says("FT", "Sig") || field.get("Parent").is_some() || !known(&field) {
        comparison.forbid(format!("the field in object {number} is no plain signature field"));
        return Ok(());
    }
    comparison.account(number);
    support(comparison, &field)?;
    if let Some(kids) = field.get("Kids") {
        for kid in kids.as_array().unwrap_or_default() {
            widget(comparison, kid, number)?;
        }
    } else if placed(&field) {
        comparison.widgets.insert(number);
    } else {
        comparison.forbid(format!("the place of the field {:?} can't be told", name(&field)));
    }
    match field.get("V") {
        Some(value) => signature(comparison, &field, value),
        None => {
            comparison.changes.push(format!("adds the empty signature field {:?}", name(&field)));
            Ok(())
        }
    }
}

/// A widget that is an object of its own.
fn widget(comparison: &mut Comparison<'_, '_>, kid: &Value, field: u32) -> Result<(), Unreadable> {
    let Some(number) = kid.as_ref().filter(|number| comparison.fresh(*number)) else {
        comparison.forbid("a widget that is no new object");
        return Ok(());
    };
    let dict = comparison.new.dict(number)?;
    let alone = ["T", "FT", "V", "Kids"].iter().all(|key| dict.get(key).is_none());
    if !dict.says("Subtype", "Widget")
        || !alone
        || dict.get("Parent") != Some(&Value::Ref(field))
        || !known(&dict)
        || !placed(&dict)
    {
        comparison.forbid(format!("the widget in object {number} is no plain widget of a signature field"));
        return Ok(());
    }
    comparison.account(number);
    comparison.widgets.insert(number);
    support(comparison, &dict)
}

/// A field that stood in the form before and is written anew: it may be signed if it was not.
pub(super) fn filled(comparison: &mut Comparison<'_, '_>, number: u32) -> Result<(), Unreadable> {
    let (old, new) = (comparison.old.dict(number)?, comparison.new.dict(number)?);
    let changed = differing(&old, &new);
    if changed.is_empty() {
        return Ok(());
    }
    if old.get("V").is_some() || !old.says("FT", "Sig") || old.get("Kids").is_some() || !known(&new) {
        comparison.forbid(format!("the field {:?} is changed, and is not one that awaits a signature", name(&old)));
        return Ok(());
    }
    if let Some(key) = changed.iter().find(|key| !FILLED.contains(&key.as_str())) {
        comparison.forbid(format!("/{key} of the field {:?} is changed", name(&old)));
        return Ok(());
    }
    comparison.account(number);
    comparison.widgets.insert(number);
    support(comparison, &new)?;
    match new.get("V") {
        Some(value) => signature(comparison, &new, value),
        None => Ok(()),
    }
}

fn known(dict: &Dict) -> bool {
    dict.0.iter().all(|(key, _)| KEYS.iter().any(|known| known.as_bytes() == key))
}

fn support(comparison: &mut Comparison<'_, '_>, dict: &Dict) -> Result<(), Unreadable> {
    SUPPORT.iter().filter_map(|key| dict.get(key)).try_for_each(|value| comparison.supporting(value))
}

fn name(field: &Dict) -> String {
    field.get("T").and_then(Value::as_text).map(|text| write::any_text(&text.bytes)).unwrap_or_default()
}

/// Whether the rectangle of a widget is four numbers.
fn placed(widget: &Dict) -> bool {
    let sides = widget.get("Rect").and_then(Value::as_array).unwrap_or_default();
    sides.len() == 4 && sides.iter().all(|side| side.as_real().is_some())
}

/// The rectangle of a widget, if it has a size.
pub(super) fn rectangle(widget: &Dict) -> Option<[f64; 4]> {
    let sides: Vec<f64> = widget.get("Rect")?.as_array()?.iter().map_while(Value::as_real).collect();
    let [a, b, c, d] = sides.as_slice() else { return None };
    (a != c && b != d).then(|| [a.min(*c), b.min(*d), a.max(*c), b.max(*d)])
}

/// The value of a field.
fn signature(comparison: &mut Comparison<'_, '_>, field: &Dict, value: &Value) -> Result<(), Unreadable> {
    if value.as_ref().is_some_and(|number| !comparison.fresh(number)) {
        comparison.forbid(format!("the signature of the field {:?} is no new object", name(field)));
        return Ok(());
    }
    comparison.supporting(value)?;
    let value = comparison.new.resolve(value)?;
    let parts = value.as_dict().and_then(|dict| Some((dict, dict.get("Contents")?.as_text()?, ranges(dict)?)));
    let Some((dict, contents, content)) = parts else {
        comparison.forbid(format!("what signs the field {:?} is no signature", name(field)));
        return Ok(());
    };
    if content.iter().any(|part| part.end > comparison.range.end) {
        comparison.forbid(format!("the signature of the field {:?} covers what is not there", name(field)));
        return Ok(());
    }
    let [before, behind] = &content;
    let covers = before.start == 0
        && before.end == contents.span.start
        && behind.start == contents.span.end
        && behind.end >= comparison.end;
    let cms = match der_length(&contents.bytes) {
        Some(length) => contents.bytes.get(..length).unwrap_or_default().to_vec(),
        None => contents.bytes.clone(),
    };
    let subfilter = match dict.get("SubFilter") {
        Some(Value::Name(name)) => String::from_utf8_lossy(name).into_owned(),
        _ => String::new(),
    };
    let stamp = dict.says("Type", "DocTimeStamp") || subfilter == "ETSI.RFC3161";
    let field = name(field);
    comparison.signed(Added { subfilter, byte_range_covers_all_before: covers, cms, content, field }, stamp);
    Ok(())
}

/// The two parts of a byte range.
fn ranges(dict: &Dict) -> Option<[Range<usize>; 2]> {
    let numbers: Vec<usize> = dict.get("ByteRange")?.as_array()?.iter().map_while(Value::as_integer).collect();
    let [first, long, second, rest] = *numbers.as_slice() else { return None };
    let parts = [first..first.checked_add(long)?, second..second.checked_add(rest)?];
    (parts[0].end <= parts[1].start).then_some(parts)
}
