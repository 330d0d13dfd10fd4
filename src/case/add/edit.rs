//! Small changes to a TOML document that leave the rest as it stands.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, RawString, Table, TableLike, Value};

/// The entry `index` of the list `key`, whether it is written as `[[key]]` or in brackets.
pub fn entry<'a>(root: &'a mut Table, key: &str, index: usize) -> Option<&'a mut dyn TableLike> {
    match root.get_mut(key)? {
        Item::ArrayOfTables(tables) => tables.get_mut(index).map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(array)) => {
            array.get_mut(index)?.as_inline_table_mut().map(|table| table as &mut dyn TableLike)
        }
        _ => None,
    }
}

/// Adds an entry to the list `key`, in the form that the list has; `[[key]]` where there is none. `None`: it is no list.
pub fn append(root: &mut Table, key: &str, fields: Vec<(&str, Value)>) -> Option<()> {
    let table = || fields.iter().map(|(name, value)| (*name, Item::Value(value.clone()))).collect::<Table>();
    match root.get_mut(key) {
        None => {
            let mut tables = ArrayOfTables::new();
            tables.push(table());
            root.insert(key, Item::ArrayOfTables(tables));
        }
        Some(Item::ArrayOfTables(tables)) => tables.push(table()),
        Some(Item::Value(Value::Array(array))) => {
            let inline: InlineTable = fields.iter().map(|(name, value)| (*name, value.clone())).collect();
            push(array, Value::InlineTable(inline));
        }
        Some(_) => return None,
    }
    Some(())
}

/// Adds a text to the list of texts under `key` of `table`, and makes the list where there is none. `None`: it is no list.
pub fn push_text(table: &mut dyn TableLike, key: &str, text: &str) -> Option<()> {
    match table.get_mut(key) {
        None => {
            table.insert(key, Item::Value(Value::Array(Array::from_iter([text]))));
            Some(())
        }
        Some(item) => {
            push(item.as_array_mut()?, text.into());
            Some(())
        }
    }
}

/// Adds a value to a list, on a line of its own where the others have one. Comments stay behind what they stand behind.
pub fn push(array: &mut Array, value: Value) {
    let raw = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let last = array.iter().last().map(|last| (raw(last.decor().prefix()), raw(last.decor().suffix())));
    let (prefix, suffix) = last.clone().unwrap_or_default();
    let tail = suffix + &raw(Some(array.trailing()));
    let Some((before, closing)) = tail.rsplit_once('\n') else {
        let lead = if last.is_some() { " " } else { "" };
        array.push_formatted(value.decorated(lead, ""));
        return;
    };
    // Up to the end of its line all that stands behind the last value belongs to it, and moves over the new comma.
    let indent = prefix.rsplit_once('\n').map_or("  ", |(_, indent)| indent);
    let lead = format!("{}\n{indent}", before.trim_end_matches('\r'));
    let closing = format!("\n{closing}");
    if let Some(last) = array.iter_mut().last() {
        last.decor_mut().set_suffix("");
    }
    array.push_formatted(value.decorated(lead, ""));
    array.set_trailing(closing);
}

/// Takes a text out of the list of texts under `key`. `None`: it is not there, or a comment stands with it.
pub fn take_text(table: &mut dyn TableLike, key: &str, text: &str) -> Option<()> {
    let array = table.get_mut(key)?.as_array_mut()?;
    let index = array.iter().position(|value| value.as_str() == Some(text))?;
    let decor = array.get(index)?.decor();
    let commented = |raw: Option<&RawString>| raw.and_then(RawString::as_str).is_some_and(|raw| raw.contains('#'));
    if commented(decor.prefix()) || commented(decor.suffix()) || commented(Some(array.trailing())) {
        return None;
    }
    let place = decor.prefix().cloned();
    array.remove(index);
    if let (0, Some(place), Some(first)) = (index, place, array.get_mut(0)) {
        first.decor_mut().set_prefix(place);
    }
    Some(())
}

/// A day as TOML has it.
pub fn day(date: jiff::civil::Date) -> Value {
    let text = date.to_string();
    text.parse::<toml_edit::Datetime>().map_or_else(|_| text.as_str().into(), Value::from)
}

/// The text of the document, with the line ends and the byte order mark of `before`.
pub fn rendered(document: &DocumentMut, before: &str) -> String {
    let mut text = document.to_string();
    let feeds = before.matches('\n').count();
    if feeds > 0 && before.matches("\r\n").count() == feeds {
        text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    match before.starts_with('\u{feff}') && !text.starts_with('\u{feff}') {
        true => format!("\u{feff}{text}"),
        false => text,
    }
}
