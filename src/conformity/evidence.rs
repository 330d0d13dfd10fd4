//! What was found beside the case: papers, records, other people's certificates. Facts only; what they are worth is judged elsewhere.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::verdict::CaseStatus;
use super::{Level, Profile};

/// Everything that a case can stand on, by the file names that the case gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// SHA-256 (64 hexadecimal digits) of each document that was found, and is the one that the case names.
    pub documents: BTreeMap<String, String>,
    /// Sanitization records.
    pub records: BTreeMap<String, RecordFacts>,
    /// Deletion certificates of sub-processors.
    pub certificates: BTreeMap<String, CertificateFacts>,
}

/// Whether a signed document can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is not there.
    Absent,
    /// Signature, form or consistency fail; why.
    NotAuthentic(String),
    /// It holds, but its signer, of this fingerprint, is none whose signature counts.
    Untrusted(String),
    /// It holds, and the signer with this fingerprint counts.
    Trusted(String),
}

/// What a sanitization record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFacts {
    /// Whether it can be relied on. What follows is empty unless it is authentic.
    pub standing: Standing,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
    /// Id of the record.
    pub id: String,
    /// Id of the job.
    pub job: String,
    /// Case that it carries.
    pub case: Option<String>,
    /// Digest of the record that it replaces.
    pub supersedes: Option<String>,
    /// How the job ended.
    pub end: RecordEnd,
    /// The most that it may claim of the whole medium.
    pub level: Level,
    /// The whole medium was named, and not a part.
    pub whole_medium: bool,
    /// Files or free space of a filesystem were named: nothing is said of the medium.
    pub of_files: bool,
    /// Serial number.
    pub serial: Option<String>,
    /// Property number that the operator gave.
    pub property: Option<String>,
    /// Whether the medium is flash, where that is known.
    pub flash: Option<bool>,
    /// Hidden areas were looked for, and there are none.
    pub hidden_absent: bool,
    /// The method that was asked for: `clear` or `purge`.
    pub method: Level,
    /// The technique's name.
    pub technique: String,
    /// Tool: name.
    pub tool: String,
    /// Tool: version.
    pub version: String,
    /// Who ran it.
    pub operator: Option<String>,
    /// Start of the first session.
    pub started: Timestamp,
    /// End of the last session.
    pub finished: Timestamp,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordEnd {
    /// Sanitized and verified.
    Sanitized,
    /// The same, but for ranges that could not be written or read.
    WithExceptions,
    /// Not verified, failed or interrupted.
    Other,
}

/// What a sub-processor's deletion certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whether it can be relied on: its own signature, and that its conformity follows from what is attached.
    pub standing: Standing,
    /// `sha256:` and the digest of its bytes.
    pub digest: String,
    /// Its status.
    pub status: CaseStatus,
    /// Profile that it answers.
    pub profile: Profile,
    /// Case that it is of.
    pub case: String,
    /// Number of the party that issued it, as it stands there.
    pub number: String,
    /// SHA-256 of the instruction that it was made under.
    pub instruction: Option<String>,
    /// Day of issue, as it stands there.
    pub date: jiff::civil::Date,
}
