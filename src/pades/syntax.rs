//! The syntax of PDF objects (ISO 32000-1, 7.2 and 7.3), as far as a signature needs it: no filters, no encryption, bounded.

use std::ops::Range;

/// How deep arrays and dictionaries may be nested.
const DEEPEST: usize = 32;

/// Most keys of a dictionary.
const MOST_KEYS: usize = 4096;

/// What stands at a place of a file.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(Vec<u8>),
    /// Without the slash, escapes undone.
    Name(Vec<u8>),
    Text(Text),
    Array(Vec<Value>),
    Dict(Dict),
    /// The number of an indirect object of generation 0.
    Ref(u32),
}

/// A string, and where its token lies in the file, delimiters included.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub bytes: Vec<u8>,
    pub span: Range<usize>,
    pub hex: bool,
}

/// A dictionary; no key twice.
#[derive(Debug, Clone, Default)]
pub(super) struct Dict(pub Vec<(Vec<u8>, Value)>);

impl Dict {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub fn set(&mut self, key: &str, value: Value) {
        match self.get_mut(key) {
            Some(old) => *old = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    /// Whether `key` is there and the name `name`.
    pub fn says(&self, key: &str, name: &str) -> bool {
        matches!(self.get(key), Some(Value::Name(found)) if found == name.as_bytes())
    }
}

impl Value {
    pub fn name(name: &str) -> Self {
        Value::Name(name.as_bytes().to_vec())
    }

    pub fn integer(number: usize) -> Self {
        Value::Number(number.to_string().into_bytes())
    }

    pub fn text(bytes: Vec<u8>) -> Self {
        Value::Text(Text { bytes, span: 0..0, hex: false })
    }

    pub fn as_dict(&self) -> Option<&Dict> {
        if let Value::Dict(dict) = self { Some(dict) } else { None }
    }

    pub fn as_array(&self) -> Option<&[Value]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    pub fn as_ref(&self) -> Option<u32> {
        if let Value::Ref(number) = self { Some(*number) } else { None }
    }

    pub fn as_text(&self) -> Option<&Text> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// A number that is not negative and has no fraction.
    pub fn as_integer(&self) -> Option<usize> {
        let Value::Number(digits) = self else { return None };
        if digits.is_empty() || digits.len() > 15 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// Any number.
    pub fn as_real(&self) -> Option<f64> {
        let Value::Number(digits) = self else { return None };
        std::str::from_utf8(digits).ok()?.parse().ok()
    }
}

/// The same value, however it is written: the order of keys, the form of numbers and strings do not matter.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => {
                a == b || matches!((self.as_real(), other.as_real()), (Some(a), Some(b)) if a == b)
            }
            (Value::Name(a), Value::Name(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a.bytes == b.bytes,
            (Value::Array(a), Value::Array(b)) => a == b,
            (Value::Dict(a), Value::Dict(b)) => a == b,
            (Value::Ref(a), Value::Ref(b)) => a == b,
            _ => false,
        }
    }
}

impl PartialEq for Dict {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().all(|(key, value)| other.0.iter().any(|(k, v)| k == key && v == value))
    }
}

/// Why a place could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct Unreadable {
    /// What is there or what is missing.
    pub what: &'static str,
    /// Offset from the start of the file.
    pub at: usize,
}

/// A place in a file, from which is read onwards.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    pub at: usize,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Reader { bytes, at }
    }

    pub fn fail<T>(&self, what: &'static str) -> Result<T, Unreadable> {
        Err(Unreadable { what, at: self.at })
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// White space and comments.
    pub fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// White space alone; comments are not skipped.
    pub fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// `word`, and nothing that would make it another word.
    pub fn keyword(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let ends = rest.get(word.len()).is_none_or(|b| is_space(*b) || is_delimiter(*b));
        if rest.starts_with(word.as_bytes()) && ends {
            self.at += word.len();
            true
        } else {
            false
        }
    }

    pub fn expect(&mut self, word: &str, what: &'static str) -> Result<(), Unreadable> {
        self.skip();
        if self.keyword(word) { Ok(()) } else { self.fail(what) }
    }

    /// Digits alone.
    pub fn integer(&mut self) -> Result<usize, Unreadable> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.bytes.get(start..self.at).unwrap_or_default();
        match Value::Number(digits.to_vec()).as_integer() {
            Some(number) => Ok(number),
            None => Err(Unreadable { what: "a number was expected", at: start }),
        }
    }

    /// White space, at least one byte of it.
    fn gap(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_space();
        (self.at > start).then_some(())
    }

    /// The number of a reference `n 0 R` that begins here, if one does.
    fn reference(&mut self) -> Option<u32> {
        let mut ahead = self.clone();
        let number = u32::try_from(ahead.integer().ok()?).ok()?;
        ahead.gap()?;
        if ahead.integer().ok()? != 0 {
            return None;
        }
        ahead.gap()?;
        if !ahead.keyword("R") {
            return None;
        }
        self.at = ahead.at;
        Some(number)
    }

    /// The value that begins here.
    pub fn value(&mut self) -> Result<Value, Unreadable> {
        self.value_within(DEEPEST)
    }

    fn value_within(&mut self, depth: usize) -> Result<Value, Unreadable> {
        let Some(depth) = depth.checked_sub(1) else { return self.fail("nested too deep") };
        self.skip();
        match self.peek() {
            None => self.fail("the end of the file"),
            Some(b'/') => Ok(Value::Name(self.name()?)),
            Some(b'(') => self.literal(),
            Some(b'<') if self.rest().starts_with(b"<<") => Ok(Value::Dict(self.dict(depth)?)),
            Some(b'<') => self.hex(),
            Some(b'[') => self.array(depth),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => match self.reference() {
                Some(number) => Ok(Value::Ref(number)),
                None => self.number(),
            },
            Some(_) if self.keyword("true") => Ok(Value::Bool(true)),
            Some(_) if self.keyword("false") => Ok(Value::Bool(false)),
            Some(_) if self.keyword("null") => Ok(Value::Null),
            Some(_) => self.fail("no object of a PDF"),
        }
    }

    fn number(&mut self) -> Result<Value, Unreadable> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let digits = self.bytes.get(start..self.at).unwrap_or_default().to_vec();
        let ends = self.peek().is_none_or(|b| is_space(b) || is_delimiter(b));
        let number = Value::Number(digits);
        if ends && number.as_real().is_some() {
            Ok(number)
        } else {
            Err(Unreadable { what: "a number that is none", at: start })
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, Unreadable> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|b| !is_space(*b) && !is_delimiter(*b)) {
            self.at += 1;
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let (high, low) = (self.next().and_then(nibble), self.next().and_then(nibble));
            match (high, low) {
                (Some(high), Some(low)) => name.push(high << 4 | low),
                _ => return self.fail("a name with an escape that is none"),
            }
        }
        Ok(name)
    }

    fn hex(&mut self) -> Result<Value, Unreadable> {
        let start = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        let mut half = None;
        loop {
            match self.next() {
                Some(b'>') => break,
                Some(byte) if is_space(byte) => {}
                Some(byte) => match (nibble(byte), half.take()) {
                    (None, _) => return self.fail("a string with a digit that is none"),
                    (Some(high), None) => half = Some(high),
                    (Some(low), Some(high)) => bytes.push(high << 4 | low),
                },
                None => return self.fail("a string without an end"),
            }
        }
        bytes.extend(half.map(|high| high << 4));
        Ok(Value::Text(Text { bytes, span: start..self.at, hex: true }))
    }

    fn literal(&mut self) -> Result<Value, Unreadable> {
        let start = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        let mut open = 1usize;
        loop {
            let Some(byte) = self.next() else { return self.fail("a string without an end") };
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Value::Text(Text { bytes, span: start..self.at, hex: false }));
                    }
                }
                b'\\' => {
                    self.escape(&mut bytes)?;
                    continue;
                }
                _ => {}
            }
            bytes.push(byte);
        }
    }

    /// What follows a backslash in a literal string (7.3.4.2).
    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
        match self.next() {
            Some(b'n') => bytes.push(b'\n'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'b') => bytes.push(8),
            Some(b'f') => bytes.push(12),
            Some(b'\r') if self.peek() == Some(b'\n') => self.at += 1,
            Some(b'\r' | b'\n') => {}
            Some(first @ b'0'..=b'7') => {
                let mut code = u32::from(first - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    self.at += 1;
                    code = code * 8 + u32::from(digit - b'0');
                }
                // High-order overflow is ignored, says the standard.
                bytes.push(u8::try_from(code & 0xff).unwrap_or_default());
            }
            Some(byte) => bytes.push(byte),
            None => return self.fail("a string without an end"),
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Value, Unreadable> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.value_within(depth)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Dict, Unreadable> {
        self.at += 2;
        let mut dict = Dict::default();
        let mut keys = std::collections::HashSet::new();
        loop {
            self.skip();
            match self.peek() {
                Some(b'>') if self.rest().starts_with(b">>") => {
                    self.at += 2;
                    return Ok(dict);
                }
                Some(b'/') => {
                    let key = self.name()?;
                    if !keys.insert(key.clone()) {
                        return self.fail("a key that stands twice in its dictionary");
                    }
                    if keys.len() > MOST_KEYS {
                        return self.fail("a dictionary of too many keys");
                    }
                    let value = self.value_within(depth)?;
                    dict.0.push((key, value));
                }
                _ => return self.fail("a dictionary without an end"),
            }
        }
    }
}
