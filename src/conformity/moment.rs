//! A day, or a moment of one.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A day (`2026-11-30`), or a moment with its offset (`2026-11-30T14:05:00+01:00`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The whole of a day.
    Day(Date),
    /// A moment.
    At(Timestamp),
}

impl Moment {
    /// The moment from which on it is over for certain: of a day its end in UTC, which is not before its end in Denmark and Sweden.
    pub fn over(self) -> Option<Timestamp> {
        match self {
            Moment::Day(day) => day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp()),
            Moment::At(moment) => Some(moment),
        }
    }
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is neither a day (2026-11-30) nor a moment with an offset (2026-11-30T14:05:00Z)");
        if text.len() == 10 {
            return text.parse().map(Moment::Day).map_err(|_| wrong());
        }
        text.parse().map(Moment::At).map_err(|_| wrong())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Day(day) => day.fmt(f),
            Moment::At(moment) => moment.fmt(f),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "A day, or a moment with its offset."})
    }
}
