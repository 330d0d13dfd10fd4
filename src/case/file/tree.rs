//! The document as JSON, and the line of each thing in it.

use std::fmt::Write;

use serde_json::{Map, Value as Json};
use toml_edit::{Document, Item, Table, TableLike, Value};

use super::super::faults::Fault;

/// Levels that a case can have; more are never needed.
const DEEPEST: usize = 16;

/// One step on the way to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into a list, from 0.
    At(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Step::Key(key.into())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::At(index)
    }
}

/// The field as people write it: `items[3].serial`.
pub fn dotted(at: &[Step]) -> String {
    let mut text = String::new();
    for step in at {
        let dot = if text.is_empty() { "" } else { "." };
        let _ = match step {
            Step::Key(key) => write!(text, "{dot}{key}"),
            Step::At(index) => write!(text, "[{index}]"),
        };
    }
    text
}

/// The line of a byte of `text`, from 1.
pub fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    before.iter().filter(|b| **b == b'\n').count() + 1
}

/// The line of the field at `at`; of the last thing on the way there that is.
pub fn line_of(document: &Document<String>, text: &str, at: &[Step]) -> usize {
    let mut place = None;
    let mut node = Node::Table(document.as_table());
    for step in at {
        let (next, span) = match node.step(step) {
            Some(found) => found,
            None => break,
        };
        place = span.or(place);
        node = next;
    }
    place.map_or(1, |byte| line_at(text, byte))
}

#[derive(Clone, Copy)]
enum Node<'a> {
    Table(&'a dyn TableLike),
    List(&'a Item),
    Array(&'a toml_edit::Array),
    Leaf,
}

impl<'a> Node<'a> {
    fn of(item: &'a Item) -> Self {
        match item {
            Item::Table(table) => Node::Table(table),
            Item::ArrayOfTables(_) => Node::List(item),
            Item::Value(value) => Node::of_value(value),
            Item::None => Node::Leaf,
        }
    }

    fn of_value(value: &'a Value) -> Self {
        match value {
            Value::Array(array) => Node::Array(array),
            Value::InlineTable(table) => Node::Table(table),
            _ => Node::Leaf,
        }
    }

    /// The next thing, and its first byte where that is known.
    fn step(self, step: &Step) -> Option<(Node<'a>, Option<usize>)> {
        match (self, step) {
            (Node::Table(table), Step::Key(key)) => {
                let (key, item) = table.get_key_value(key)?;
                // A table's own header says more than its first key does.
                let header = item.as_table().and_then(Table::span).filter(|span| !span.is_empty());
                let span = header.or_else(|| key.span()).or_else(|| item.span());
                Some((Node::of(item), span.map(|span| span.start)))
            }
            (Node::List(item), Step::At(index)) => {
                let table = item.as_array_of_tables()?.get(*index)?;
                Some((Node::Table(table), table.span().map(|span| span.start)))
            }
            (Node::Array(array), Step::At(index)) => {
                let value = array.get(*index)?;
                Some((Node::of_value(value), value.span().map(|span| span.start)))
            }
            _ => None,
        }
    }
}

/// The document as JSON: days and moments as text, digests in lower case.
///
/// # Errors
/// A number with a point, or a time without an offset: nothing in a case has such a value.
pub fn json(table: &Table) -> Result<Json, Fault> {
    from_table(table, &mut Vec::new())
}

fn from_table(table: &dyn TableLike, at: &mut Vec<Step>) -> Result<Json, Fault> {
    if at.len() > DEEPEST {
        return Err(Fault::at(
            at,
            "tables in tables, deeper than a case is",
            "Check the brackets and dots of this key.",
        ));
    }
    let mut map = Map::new();
    for (key, item) in table.iter() {
        at.push(key.into());
        let mut value = from_item(item, at)?;
        at.pop();
        if let ("sha256" | "fingerprint", Json::String(text)) = (key, &mut value) {
            // Some systems print digests in capitals.
            text.make_ascii_lowercase();
        }
        map.insert(key.into(), value);
    }
    Ok(Json::Object(map))
}

fn from_item(item: &Item, at: &mut Vec<Step>) -> Result<Json, Fault> {
    match item {
        Item::None => Ok(Json::Null),
        Item::Value(value) => from_value(value, at),
        Item::Table(table) => from_table(table, at),
        Item::ArrayOfTables(tables) => list(tables.iter(), at, |table, at| from_table(table, at)),
    }
}

fn list<T>(
    all: impl Iterator<Item = T>,
    at: &mut Vec<Step>,
    mut each: impl FnMut(T, &mut Vec<Step>) -> Result<Json, Fault>,
) -> Result<Json, Fault> {
    let mut values = Vec::new();
    for (index, one) in all.enumerate() {
        at.push(index.into());
        values.push(each(one, at)?);
        at.pop();
    }
    Ok(Json::Array(values))
}

fn from_value(value: &Value, at: &mut Vec<Step>) -> Result<Json, Fault> {
    match value {
        Value::String(text) => Ok(Json::String(text.value().clone())),
        Value::Integer(number) => Ok((*number.value()).into()),
        Value::Boolean(boolean) => Ok((*boolean.value()).into()),
        Value::Array(array) => {
            if at.len() > DEEPEST {
                return Err(Fault::at(at, "lists in lists, deeper than a case is", "Check the brackets."));
            }
            list(array.iter(), at, from_value)
        }
        Value::InlineTable(table) => from_table(table, at),
        Value::Float(_) => Err(Fault::at(at, "a number with a point, where text belongs", "Write it in \"quotes\".")),
        Value::Datetime(moment) => {
            let moment = moment.value();
            match (moment.date, moment.time, moment.offset) {
                (Some(_), None, None) | (Some(_), Some(_), Some(_)) => Ok(Json::String(moment.to_string())),
                _ => Err(Fault::at(
                    at,
                    format!("{moment} is a time of which nobody can say where"),
                    "Write a day (2026-11-30) or a moment with its offset (2026-11-30T14:05:00+01:00).",
                )),
            }
        }
    }
}
