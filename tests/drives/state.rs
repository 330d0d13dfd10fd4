//! What a drive keeps while its power is off, as text: one `name value` a line. A guest program writes it after each
//! command, so that it may be killed at any time and come back as the same drive.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// Names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved(BTreeMap<String, String>);

impl Saved {
    /// Reads the text form.
    ///
    /// # Errors
    /// The line that is no `name value`.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "the saved state is not UTF-8".to_owned())?;
        let mut saved = Saved::default();
        for line in text.lines() {
            let (name, value) = line.split_once(' ').ok_or_else(|| format!("no value in saved line {line:?}"))?;
            saved.0.insert(name.to_owned(), value.to_owned());
        }
        Ok(saved)
    }

    /// The text form.
    pub fn text(&self) -> Vec<u8> {
        self.0.iter().map(|(name, value)| format!("{name} {value}\n")).collect::<String>().into_bytes()
    }

    /// Keeps a value.
    pub fn set(&mut self, name: &str, value: impl Display) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    /// Keeps a value that may be absent.
    pub fn set_option<T: Display>(&mut self, name: &str, value: Option<T>) {
        match value {
            Some(value) => self.set(name, value),
            None => self.set(name, "-"),
        }
    }

    /// The value of `name`.
    ///
    /// # Errors
    /// It is missing, or no `T`.
    pub fn get<T: FromStr>(&self, name: &str) -> Result<T, String> {
        self.word(name)?.parse().map_err(|_| format!("saved {name} can't be read"))
    }

    /// The value of `name`, which may be absent.
    ///
    /// # Errors
    /// As [`Saved::get`].
    pub fn get_option<T: FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        if self.word(name)? == "-" { Ok(None) } else { self.get(name).map(Some) }
    }

    /// The text of `name`.
    ///
    /// # Errors
    /// It is missing.
    pub fn word(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(String::as_str).ok_or_else(|| format!("saved {name} is missing"))
    }
}
