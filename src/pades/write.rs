//! Writing PDF objects: one way for each value, so that what was written can be made again byte for byte.

use super::syntax::{Dict, Value};

/// Appends `value`.
pub(super) fn value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => word(out, b"null"),
        Value::Bool(true) => word(out, b"true"),
        Value::Bool(false) => word(out, b"false"),
        Value::Number(digits) => word(out, digits),
        Value::Name(bytes) => name(out, bytes),
        Value::Text(text) if text.hex => hex(out, &text.bytes),
        Value::Text(text) => string(out, &text.bytes),
        Value::Array(items) => {
            out.push(b'[');
            items.iter().for_each(|item| self::value(out, item));
            out.push(b']');
        }
        Value::Dict(entries) => dict(out, entries),
        Value::Ref(number) => word(out, format!("{number} 0 R").as_bytes()),
    }
}

/// Appends `dict`.
pub(super) fn dict(out: &mut Vec<u8>, dict: &Dict) {
    out.extend(b"<<");
    for (key, entry) in &dict.0 {
        name(out, key);
        value(out, entry);
    }
    out.extend(b">>");
}

/// Appends what needs a space before it where another word stands.
fn word(out: &mut Vec<u8>, bytes: &[u8]) {
    if out.last().is_some_and(|b| !matches!(b, b'[' | b'(' | b')' | b']' | b'<' | b'>' | b'\n' | b' ')) {
        out.push(b' ');
    }
    out.extend(bytes);
}

fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for byte in bytes {
        match byte {
            b'#' | b'/' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'%' | 0..=32 | 127.. => {
                out.extend(format!("#{byte:02x}").bytes());
            }
            _ => out.push(*byte),
        }
    }
}

fn hex(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'<');
    out.extend(digits(bytes));
    out.push(b'>');
}

/// Lower case, as everywhere in our files.
pub(super) fn digits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    bytes.iter().flat_map(move |byte| [digit(byte >> 4), digit(byte & 15)])
}

/// Printable ASCII as a literal, all else in hexadecimal digits.
fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    if !bytes.iter().all(|b| (32..127).contains(b)) {
        return hex(out, bytes);
    }
    out.push(b'(');
    for byte in bytes {
        if matches!(byte, b'(' | b')' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b')');
}

/// A text string (7.9.2.2): printable ASCII as it is, all else as UTF-16BE with its mark.
pub(super) fn text(text: &str) -> Value {
    if text.bytes().all(|b| (32..127).contains(&b)) {
        return Value::text(text.as_bytes().to_vec());
    }
    Value::text([0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect())
}

/// The text of a text string that is ASCII or UTF-16BE.
pub(super) fn read_text(value: &Value) -> Option<String> {
    let bytes = &value.as_text()?.bytes;
    if let Some(units) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let (units, odd) = units.as_chunks::<2>();
        if !odd.is_empty() {
            return None;
        }
        return char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit))).collect::<Result<_, _>>().ok();
    }
    if bytes.is_ascii() { String::from_utf8(bytes.clone()).ok() } else { None }
}

/// The text of any text string, as well as it can be told: UTF-16BE, UTF-8, else a character a byte.
pub(super) fn any_text(bytes: &[u8]) -> String {
    if let Some(units) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units = units.chunks(2).map(|unit| unit.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)));
        return char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    match bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        Some(utf8) => String::from_utf8_lossy(utf8).into_owned(),
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The last second of the year 9999, in seconds since 1970.
const LAST: u64 = 253_402_300_799;

/// A date (7.9.4) in UTC, from seconds since 1970; `None` after the year 9999.
pub(super) fn date(at: u64) -> Option<Value> {
    if at > LAST {
        return None;
    }
    let (mut days, second) = (at / 86_400, at % 86_400);
    let mut year = 1970;
    while days >= year_days(year) {
        days -= year_days(year);
        year += 1;
    }
    let mut month = 1;
    while days >= month_days(year, month) {
        days -= month_days(year, month);
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let text = format!("D:{year:04}{month:02}{:02}{hour:02}{minute:02}{second:02}+00'00'", days + 1);
    Some(Value::text(text.into_bytes()))
}

/// Seconds since 1970 of a date that [`date`] wrote.
pub(super) fn read_date(value: &Value) -> Option<u64> {
    let digits = value.as_text()?.bytes.strip_prefix(b"D:")?.strip_suffix(b"+00'00'")?;
    if digits.len() != 14 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let part =
        |from: usize, to: usize| -> Option<u64> { std::str::from_utf8(digits.get(from..to)?).ok()?.parse().ok() };
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    if year < 1970 || !(1..=12).contains(&month) || day < 1 || day > month_days(year, month) {
        return None;
    }
    let days =
        (1970..year).map(year_days).sum::<u64>() + (1..month).map(|m| month_days(year, m)).sum::<u64>() + day - 1;
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    (hour < 24 && minute < 60 && second < 60).then_some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn year_days(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn month_days(year: u64, month: u64) -> u64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}
