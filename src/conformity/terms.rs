//! The words that a case chooses from.

use serde::{Deserialize, Serialize};

/// Which questions are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Section 12 of the processing agreement.
    ContractEnd,
    /// Annex 3 §11 and section 13: a device goes to a repairer.
    Repair,
    /// Annex 3 §11: equipment is scrapped, sold or given away.
    Disposal,
    /// The end of a person's assignment.
    AssignmentEnd,
}

/// Language of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Danish.
    Da,
    /// Swedish.
    Sv,
    /// English.
    En,
}

/// What the controller wants done with the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Delete.
    Delete,
    /// Give back; what stays behind is deleted all the same.
    Return,
    /// Some of it back, all of it deleted.
    ReturnAndDelete,
}

/// What kind of medium holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MediaType {
    /// Hard disk.
    MagneticDisk,
    /// SSD, NVMe, USB stick, memory card, eMMC.
    Flash,
    /// Magnetic tape.
    Tape,
    /// CD, DVD, Blu-ray.
    Optical,
    /// Virtual disk, logical volume, container.
    Virtual,
    /// Service run by somebody else.
    Cloud,
    /// Paper, film.
    Paper,
    /// Another, or not known.
    Other,
}

/// How thoroughly data is gone. In order; a higher one reaches every lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing can be claimed of the whole medium.
    None,
    /// Every logical block was overwritten; the layers below are virtual or not known.
    Logical,
    /// NIST SP 800-88 Clear.
    Clear,
    /// NIST SP 800-88 Purge.
    Purge,
    /// NIST SP 800-88 Destroy.
    Destroy,
}

/// Category of personal data, as annex 1 has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// General (GDPR article 6).
    General,
    /// Special categories (GDPR article 9).
    Special,
    /// Criminal convictions and offences (GDPR article 10).
    Criminal,
    /// National identification numbers: CPR, personnummer.
    NationalId,
}

impl Language {
    /// Its name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Language::Da => "da",
            Language::Sv => "sv",
            Language::En => "en",
        }
    }
}

impl Category {
    /// The level that data of the category needs at least, whatever the case says.
    pub fn floor(self) -> Level {
        match self {
            Category::General => Level::Clear,
            Category::Special | Category::Criminal | Category::NationalId => Level::Purge,
        }
    }
}

impl Level {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Logical => "logical",
            Level::Clear => "clear",
            Level::Purge => "purge",
            Level::Destroy => "destroy",
        }
    }
}

impl MediaType {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            MediaType::MagneticDisk => "magnetic-disk",
            MediaType::Flash => "flash",
            MediaType::Tape => "tape",
            MediaType::Optical => "optical",
            MediaType::Virtual => "virtual",
            MediaType::Cloud => "cloud",
            MediaType::Paper => "paper",
            MediaType::Other => "other",
        }
    }
}
