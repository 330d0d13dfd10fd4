//! The customer's own list of media: CSV with a header line, as spreadsheets write it.

use std::fmt;

use jiff::civil::Date;

use super::file::shown;
use crate::conformity::Moment;
use crate::problem::Problem;

/// The largest list that is read, in bytes.
pub const LIMIT: u64 = 16 << 20;
/// What spreadsheets put between columns.
const DELIMITERS: [u8; 3] = [b';', b',', b'\t'];

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Number on the customer's list.
    Asset,
    /// Serial number.
    Serial,
    /// In the customer's words.
    Description,
    /// Id or address of a location of the case.
    Location,
    /// Ids or names of systems of the case.
    System,
    /// When it was last used.
    LastUsed,
}

impl Field {
    /// All of them, by their names.
    const ALL: [(&str, Field); 6] = [
        ("asset", Field::Asset),
        ("serial", Field::Serial),
        ("description", Field::Description),
        ("location", Field::Location),
        ("system", Field::System),
        ("last_used", Field::LastUsed),
    ];
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|(_, field)| field == self).map_or("", |(name, _)| name))
    }
}

/// Which column holds a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The field.
    pub field: Field,
    /// The column's name in the header.
    pub name: String,
}

impl std::str::FromStr for Column {
    type Err = String;

    /// `FIELD=COLUMN`.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Field::ALL.map(|(name, _)| name).join(", ");
        let (field, name) =
            text.split_once('=').ok_or_else(|| format!("{text:?} is not FIELD=COLUMN; fields are {}", known()))?;
        let (_, field) = Field::ALL
            .into_iter()
            .find(|(name, _)| *name == field.trim())
            .ok_or_else(|| format!("{field:?} is no field; fields are {}", known()))?;
        match name.trim() {
            "" => Err(format!("{text:?} names no column")),
            name => Ok(Column { field, name: name.into() }),
        }
    }
}

/// One line of the list. What is blank there is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asset {
    /// Line in the file, from 1.
    pub line: u64,
    /// Number on the customer's list.
    pub asset: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// In the customer's words.
    pub description: Option<String>,
    /// As written.
    pub location: Option<String>,
    /// As written.
    pub system: Option<String>,
    /// When it was last used.
    pub last_used: Option<Moment>,
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetList {
    /// The file, for messages.
    pub name: String,
    /// Its lines.
    pub assets: Vec<Asset>,
}

impl AssetList {
    /// Reads a list from the bytes of a file that messages call `name`: UTF-8, with or without a byte order mark; columns between
    /// semicolons, commas or tabs, whichever makes the header one with the columns asked for.
    ///
    /// # Errors
    /// Kind `Error`, with the line: another encoding, a column that is not there or is there twice, a line with more or fewer columns
    /// than the header, a line that names no medium, a day that is none.
    pub fn parse(bytes: &[u8], name: &str, columns: &[Column]) -> Result<AssetList, Problem> {
        let text = text(bytes, name)?;
        check(columns)?;
        let (delimiter, places) = header(text, name, columns)?;
        let mut reader = reader(text, delimiter);
        let mut assets = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|e| wrong(text, name, &e))?;
            let line = line_of(text, row.position());
            if row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let mut asset = Asset { line, ..Asset::default() };
            for (column, place) in columns.iter().zip(&places) {
                let cell = row.get(*place).map(str::trim).filter(|cell| !cell.is_empty());
                if let Some(cell) = cell {
                    fill(&mut asset, column.field, cell).map_err(|(what, todo)| {
                        Problem::error(format!("{name}:{line}: column {}: {what}", shown(&column.name)), todo)
                    })?;
                }
            }
            if asset.asset.is_none() && asset.serial.is_none() {
                return Err(Problem::error(
                    format!("{name}:{line}: neither number nor serial number says which medium it is"),
                    "Fill it in on the list, or take the line out.",
                ));
            }
            assets.push(asset);
        }
        match assets.is_empty() {
            true => Err(Problem::error(format!("{name} lists nothing below its header"), "Name the list itself.")),
            false => Ok(AssetList { name: name.into(), assets }),
        }
    }
}

fn text<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Problem> {
    let save = "Save it as CSV in UTF-8 (in the spreadsheet: \"CSV UTF-8\").";
    if bytes.len() as u64 > LIMIT {
        return Err(Problem::error(format!("{name} is larger than 16 MiB"), "Split the list."));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::error(format!("{name} is UTF-16, which is not read"), save));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Problem::error(format!("{name} is a spreadsheet or archive, and no CSV"), save));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(Problem::error(format!("{name} has zero bytes in it: it is no text"), save));
    }
    std::str::from_utf8(bytes).map_err(|e| {
        let good = bytes.get(..e.valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|b| **b == b'\n').count() + 1;
        Problem::error(format!("{name}:{line}: not UTF-8; it may be Windows-1252 or ISO 8859-1"), save)
    })
}

fn check(columns: &[Column]) -> Result<(), Problem> {
    let twice = columns.iter().enumerate().find(|(at, one)| columns.iter().take(*at).any(|c| c.field == one.field));
    if let Some((_, column)) = twice {
        let what = format!("two columns are given for the field {}", column.field);
        return Err(Problem::error(what, "Give one --column for each field."));
    }
    match columns.iter().any(|column| matches!(column.field, Field::Asset | Field::Serial)) {
        true => Ok(()),
        false => Err(Problem::error(
            "no column says which medium a line is of",
            "Give --column asset=NAME, --column serial=NAME, or both.",
        )),
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes())
}

/// The line of a row, from 1. The reader counts its rows from the blank lines before them on.
fn line_of(text: &str, position: Option<&csv::Position>) -> u64 {
    let from = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let bytes = text.as_bytes();
    let blank = bytes.get(from..).unwrap_or_default().iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
    let before = bytes.get(..from + blank).unwrap_or(bytes);
    let ends = |(at, b): (usize, &u8)| *b == b'\n' || (*b == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    before.iter().enumerate().filter(|one| ends(*one)).count() as u64 + 1
}

fn wrong(text: &str, name: &str, error: &csv::Error) -> Problem {
    let line = line_of(text, error.position());
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the line has {len} columns, and the header {expected_len}")
        }
        _ => "the line can't be read as CSV".into(),
    };
    Problem::error(format!("{name}:{line}: {what}"), "Mend the line; text with a separator in it stands in quotes.")
}

/// The delimiter, and the place of each column.
fn header(text: &str, name: &str, columns: &[Column]) -> Result<(u8, Vec<usize>), Problem> {
    let mut most: Vec<String> = Vec::new();
    for delimiter in DELIMITERS {
        let mut reader = reader(text, delimiter);
        let Ok(header) = reader.headers() else { continue };
        let cells: Vec<String> = header.iter().map(|cell| cell.trim().to_owned()).collect();
        let places: Option<Vec<usize>> = columns.iter().map(|column| place(&cells, &column.name)).collect();
        if let Some(places) = places {
            let twice = columns.iter().find(|c| cells.iter().filter(|cell| same(cell, &c.name)).count() > 1);
            return match twice.filter(|c| cells.iter().filter(|cell| **cell == c.name).count() != 1) {
                None => Ok((delimiter, places)),
                Some(column) => Err(Problem::error(
                    format!("{name}:1: several columns are called {}", shown(&column.name)),
                    "Give the one that is meant a name of its own.",
                )),
            };
        }
        if cells.len() > most.len() {
            most = cells;
        }
    }
    let missing: Vec<_> = columns.iter().filter(|c| place(&most, &c.name).is_none()).map(|c| shown(&c.name)).collect();
    let known: Vec<_> = most.iter().take(30).map(|cell| shown(cell)).collect();
    Err(Problem::error(
        format!("{name}:1: the header has no column {}", missing.join(", ")),
        match known.is_empty() {
            true => "The list needs a header line with the names of its columns.".into(),
            false => format!("Its columns are: {}.", known.join(", ")),
        },
    ))
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The column of that very name, else one that differs in capitals only.
fn place(cells: &[String], name: &str) -> Option<usize> {
    cells.iter().position(|cell| cell == name).or_else(|| cells.iter().position(|cell| same(cell, name)))
}

fn fill(asset: &mut Asset, field: Field, cell: &str) -> Result<(), (String, &'static str)> {
    let text = Some(cell.to_owned());
    match field {
        Field::Asset => asset.asset = text,
        Field::Serial => asset.serial = text,
        Field::Description => asset.description = text,
        Field::Location => asset.location = text,
        Field::System => asset.system = text,
        Field::LastUsed => {
            let wrong = || (format!("{} is no day", shown(cell)), "Write days as 2026-11-30 or 30-11-2026.");
            asset.last_used = Some(moment(cell).ok_or_else(wrong)?);
        }
    }
    Ok(())
}

/// `2026-11-30`, a moment with an offset, or day first with hyphens or points, as Danish and Swedish spreadsheets write it. With slashes
/// nobody can tell day from month.
fn moment(cell: &str) -> Option<Moment> {
    if let Ok(moment) = cell.parse() {
        return Some(moment);
    }
    let mut parts = cell.split(['-', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(Moment::Day)
}

#[cfg(test)]
mod tests;
